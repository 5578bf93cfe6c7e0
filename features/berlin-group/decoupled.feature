@berlin-group @dialect:berlin-group @needs:payments
Feature: Payments that the PSU authorises on another device

  @covers:BG-sca-status
  @BG-030 @must @serial @needs:psu-decoupled @fault:decoupled-sca-never-finalised @control:BG-001
  Scenario: A payment that was authorised on another device is authorised
    The customer has confirmed in the bank's app, and the TPP can only ask: without an answer the shop waits for ever.

    Given the TPP has initiated a payment that the PSU will authorise on another device
    When the PSU approves the payment on that device
    Then the scaStatus is final, as the payment shows

  @covers:PSD2-64.1
  @BG-031 @must @serial @needs:psu-decoupled-deny @fault:decoupled-denial-accepted @control:BG-012
  Scenario: A payment that the PSU denied on another device is not executed
    A swipe in the wrong direction is corrected in the app; a bank that pays all the same takes money against a no.

    Given the TPP has initiated a payment that the PSU will authorise on another device
    When the PSU denies the payment on that device
    Then the payment that was denied on that device goes nowhere
