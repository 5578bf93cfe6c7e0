@rts @needs:payments
Feature: Dynamic linking

  @covers:RTS-5.1.a-payer-aware @covers:PSD2-97.2
  @BG-022 @must @needs:oauth-sca @needs:psu-pages @fault:consent-hides-amount @control:FLOW-001
  Scenario: The PSU sees the amount and the payee before agreeing
    Whoever does not see what is being paid cannot notice that it was altered.

    When the PSU authorises the TPP
    Then the pages have shown the amount and the payee
