@etsi @needs:payments
Feature: What the certificate entitles to

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.1-statement-read @covers:BG-certificate-invalid
  @CERT-008 @must @needs:bad-certificates @fault:certificate-without-psd2-statement-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate without the PSD2 statement does not open the payment API
    Any web server has a certificate; only the PSD2 statement says that its holder is a licensed payment service provider.

    When the payment API is approached with a certificate that is defective: no-psd2-statement
    Then the approach is refused

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read @covers:BG-certificate-role
  @CERT-009 @must @needs:ais-only-tpp @fault:role-unchecked @control:BG-001
  Scenario: A TPP without the role PSP_PI cannot initiate a payment
    A licence to look at accounts is no licence to move money.

    When the TPP that is licensed for account information alone initiates a payment
    Then the initiation is refused
