@rts @needs:payments
Feature: Dynamic linking

  @covers:RTS-5.1.a-payer-aware @covers:PSD2-97.2
  @BG-022 @must @needs:<need> @needs:psu-pages @fault:consent-hides-amount @fault:shows-amount-unchecked-at-<approach> @fault:shows-payee-unchecked-at-<approach> @control:FLOW-001
  Scenario Outline: The PSU sees the amount and the payee before agreeing: <approach>
    Whoever does not see what is being paid cannot notice that it was altered.

    Given a payment is to be authorised by <approach>
    When the PSU has agreed at the bank
    Then the pages have shown the amount and the payee

    Examples:
      | approach | need                   |
      | oauth    | oauth-sca              |
      | redirect | explicit-authorisation |
