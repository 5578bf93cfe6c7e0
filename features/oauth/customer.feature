@oauth @needs:authorization
Feature: The customer who does not say yes

  @covers:RFC6749-4.1.2.1-error @covers:RFC6749-4.1.2.1-state @covers:RTS-36.2-notification
  @PSU-001 @must @needs:psu-cancel @fault:cancel-strands-psu @control:FLOW-001
  Scenario: A PSU who cancels comes back to the TPP
    A customer who gives up at the bank and never returns leaves the shop with an order that nobody can close.

    When the PSU cancels
    Then the TPP is told of an error, with its state

  @covers:RFC6749-4.1.2.1-informs-client @covers:BG-headers-redirect-uri
  @PSU-002 @should @locks-psu @needs:psu-mistype @needs:psu-may-be-locked @fault:failed-sca-strands-psu @control:FLOW-001
  Scenario: A PSU who keeps mistyping comes back to the TPP
    After the last attempt the customer needs a way back, or the payment hangs for ever.

    Given the PSU has authorised the TPP
    When the PSU mistypes the credentials until the bank ends the session
    Then the TPP is told of an error, with its state

  @covers:RFC6749-4.1.2.1-informs-client @covers:BG-headers-redirect-uri
  @PSU-003 @should @slow @serial @needs:psu-abandon @fault:timeout-strands-psu @control:FLOW-001
  Scenario: A PSU whose session has run out comes back to the TPP
    A customer who was called away for a while and then goes on must land somewhere.

    When the PSU walks away for 3600 seconds and then goes on
    Then the TPP is told of an error, with its state, if the session has run out

  @covers:RTS-4.3.b-five-attempts
  @PSU-004 @must @locks-psu @needs:one-time-code @needs:psu-may-be-locked @fault:sca-attempts-unlimited @control:FLOW-001
  Scenario: After five wrong attempts the right credentials no longer work
    Whoever may try for ever will guess the one-time code in the end.

    Given the PSU has authorised the TPP
    When the PSU mistypes the one-time code 5 times and then types it right
    Then no authorization code is issued

  @covers:RTS-22.2.a-masked
  @PSU-040 @must @fault:password-readable
  Scenario: Passwords are not readable while they are typed
    Whoever looks over the customer's shoulder has the bank password.

    Given every page and callback of this run
    Then every page among them that asks for a password hides what is typed
