@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Requests that are sent once more

  @covers:UK-idempotency-replay
  @UK-004 @must @fault:uk-replay-creates @control:UK-029
  Scenario Outline: A request that is sent once more creates nothing: <what>
    An answer gets lost, the TPP asks again, and the customer pays twice.

    Given the TPP holds an access token
    And the TPP has sent a <what>
    When the TPP sends the same <what> once more
    Then the answer is that of the first time, and nothing was created twice

    Examples:
      | what    |
      | consent |
      | order   |

  @covers:UK-idempotency-other-body
  @UK-005 @must @fault:uk-replay-overwrites @control:UK-004
  Scenario: Another request under the same idempotency key changes nothing
    Whoever can change the amount after the customer has seen it needs no consent.

    Given the TPP has asked for a consent
    When the TPP asks for a consent to another amount under the same idempotency key
    And the TPP asks for the consent
    Then the consent is what was asked for at first

  @covers:UK-idempotency-key-length
  @UK-006 @must @fault:uk-long-key-accepted @fault:idempotency-key-unchecked-at-initiation @control:UK-001
  Scenario: An idempotency key of more than 40 characters is refused
    A bank that cuts a key off takes two requests for one.

    When the TPP asks for a consent under an idempotency key of 41 characters
    Then the request is refused as a bad one
