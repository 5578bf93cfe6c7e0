@oauth @needs:authorization
Feature: The state parameter

  @covers:RFC6749-4.1.2-state
  @STATE-001 @must @fault:state-dropped @control:FLOW-001
  Scenario: The state comes back with the authorization code
    The TPP recognises its own customer by it; without it a forged answer looks like a real one.

    When the PSU authorises the TPP
    Then the state comes back unchanged

  @covers:RFC6749-4.1.2.1-state
  @STATE-002 @must @needs:psu-deny @fault:state-missing-on-error @control:FLOW-001
  Scenario: The state comes back with an error
    Without it the TPP cannot tell which of its customers has refused, and loses the payment.

    When the PSU denies the TPP
    Then the state comes back unchanged

  @covers:RFC6749-4.1.2-state
  @STATE-003 @must @fault:state-reencoded @control:FLOW-001
  Scenario: A state with reserved characters comes back byte for byte
    A state that is decoded once too often no longer matches, and the TPP throws a good answer away.

    When the PSU authorises the TPP, which sends the state "a+b%20=&/?#~c"
    Then the state comes back unchanged, if the TPP is called back at all

  @covers:RFC6749-4.1.2-state
  @STATE-004 @must @fault:state-truncated @control:FLOW-001
  Scenario: A long state comes back whole, or is refused
    A TPP that keeps signed data in the state must not find it cut off.

    When the PSU authorises the TPP, which sends a state of 1024 characters
    Then the state comes back unchanged, if the TPP is called back at all

  @covers:RFC6749-4.1.2-no-state
  @STATE-005 @may @fault:state-invented @control:FLOW-001
  Scenario: No state comes back where none was sent
    A state that nobody sent makes careful TPPs refuse a good answer.

    When the PSU authorises the TPP, which sends no state
    Then no state comes back

  @covers:RFC6749-4.1.2.1-state
  @STATE-006 @must @fault:state-missing-on-rare-errors
  Scenario: Every answer to a TPP brings back the state that it had sent
    A TPP that cannot tell whose answer it holds drops it, and with it the customer.

    Given every page and callback of this run
    Then every callback among them brings back the state

  @covers:RFC6749-4.1.2-state
  @STATE-007 @must @fault:state-trimmed @fault:state-escaped @fault:state-in-small-letters @control:FLOW-001
  Scenario Outline: A state comes back as it was sent, whatever stands in it: <what>
    A TPP may keep in it what it likes; what the bank has tidied up is another state, and a good answer is thrown away.

    When the PSU authorises the TPP, which sends a state with <what>
    Then the state comes back unchanged, if the TPP is called back at all

    Examples:
      | what                             |
      | every character that it may have |
      | spaces at both ends              |
      | what HTML escapes                |
      | letters of both cases            |
      | percent signs                    |
      | JSON                             |

  @covers:RFC6749-4.1.2.1-state
  @STATE-008 @must @needs:psu-deny @fault:state-trimmed @fault:state-escaped @control:STATE-002
  Scenario Outline: A state comes back beside an error as it was sent: <what>
    An error is written by another part of the bank than a code, and by somebody in a hurry.

    When the PSU denies the TPP, which sends a state with <what>
    Then the state comes back unchanged, if the TPP is called back at all

    Examples:
      | what                             |
      | every character that it may have |
      | spaces at both ends              |
