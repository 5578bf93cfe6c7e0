@rts @needs:payments
Feature: However the customer leaves the bank without a yes

  @covers:PSD2-64.1
  @PSU-010 @must @needs:<need> @needs:<ability> @fault:<ending>-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: A payment that the PSU did not agree to is not accepted: <deed>, <approach>
    Whatever the customer does that is no yes is a no, for the money too.

    Given a payment is to be authorised by <approach>
    And the PSU has left the bank without a yes: <deed>
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   | deed    | ending | ability    |
      | redirect | explicit-authorisation | denied  | denial | psu-deny   |
      | redirect | explicit-authorisation | cancels | cancel | psu-cancel |
      | oauth    | oauth-sca              | denied  | denial | psu-deny   |
      | oauth    | oauth-sca              | cancels | cancel | psu-cancel |

  @covers:PSD2-64.1 @covers:RTS-4.3.b-five-attempts
  @PSU-011 @must @locks-psu @needs:<need> @needs:psu-mistype @needs:psu-may-be-locked @fault:block-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: A payment is not accepted where the PSU could not be authenticated: <approach>
    Somebody who knows no secret of the customer's must not be able to pay with its money.

    Given a payment is to be authorised by <approach>
    And the PSU has left the bank without a yes: mistyped
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | redirect | explicit-authorisation |
      | oauth    | oauth-sca              |

  @covers:PSD2-64.1
  @PSU-012 @must @slow @serial @needs:<need> @needs:psu-abandon @fault:time-out-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: A payment is not accepted where the PSU did not come back in time: <approach>
    A page that was left open is no yes; whoever finds it hours later must not be able to make one of it.

    Given a payment is to be authorised by <approach>
    And the PSU has left the bank without a yes: too late
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | redirect | explicit-authorisation |
      | oauth    | oauth-sca              |
