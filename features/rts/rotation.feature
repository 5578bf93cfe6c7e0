@rts
Feature: A renewed certificate

  @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-110 @should @needs:payments @needs:second-certificate @fault:payment-bound-to-certificate @fault:renewed-certificate-refused @control:BG-012 @control:BG-017 @control:BG-024 @control:uk-open-banking=UK-015
  Scenario Outline: A payment that was initiated before the renewal is still the TPP's: <deed>
    A payment outlives its certificate when it is initiated on the last day; its TPP must still learn what became of it.

    Given the TPP has initiated a payment
    When the TPP <deed> the payment with its renewed certificate
    Then the payment is still the TPP's

    Examples:
      | deed                    |
      | asks for the status of  |

    @needs:cancellation
    Examples:
      | deed    |
      | cancels |

    @needs:explicit-authorisation
    Examples:
      | deed                       |
      | starts an authorisation of |

  @covers:RFC8705-7.1-refresh-bound-to-client @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-111 @should @needs:authorization @needs:refresh-tokens @needs:second-certificate @fault:refresh-token-bound-to-certificate @fault:renewed-certificate-refused @control:FLOW-004
  Scenario: A refresh token outlives the certificate that it was issued under
    Otherwise each renewal sends every customer of the TPP through consent again.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token with its renewed certificate
    Then an access token is issued

  @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-112 @should @needs:payments @needs:trust-service @fault:renewal-ends-old-certificate @control:CERT-080
  Scenario: The old certificate is let in for as long as it is valid
    A TPP has many machines; they do not change their certificate at the same instant.

    When a TPP comes back with its old certificate after it has shown its new one
    Then its old certificate is let in
