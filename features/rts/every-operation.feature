@rts @needs:payments
Feature: Who is served, at every operation of the payment API

  @covers:BG-payments-owner @covers:UK-other-tpp @covers:OWASP-API1-object-level
  @API-020 @must @needs:second-tpp @needs:operation:<operation> @fault:owner-unchecked-at-<operation> @control:CERT-025
  Scenario Outline: What a TPP has begun is no other TPP's to go on with: <door>
    Whoever can read another's payment learns who pays whom; whoever can cancel it decides about somebody's money.

    Given the TPP can ask for <operation>
    When the second TPP asks for <operation>
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |
      | order-status       | the status of orders         |
      | order-details      | the details of orders        |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-114 @must @needs:test-ca @needs:operation:<operation> @fault:role-unchecked-at-<operation> @control:CERT-026
  Scenario Outline: No operation is open to a TPP without the role PSP_PI: <door>
    A licence to look at accounts is no licence for payments, whichever part of a payment it is.

    Given the TPP can ask for <operation>
    When a TPP with a certificate for PSP_AI alone asks for <operation>
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | initiation         | the initiation of payments   |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |
      | order-status       | the status of orders         |
      | order-details      | the details of orders        |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-115 @must @dialect:uk-open-banking @needs:psu @needs:test-ca @needs:oauth-sca @fault:role-unchecked-at-order @control:UK-029 @control:CERT-026
  Scenario: No payment is ordered by a TPP that has lost the role PSP_PI
    The authority withdraws a role for a reason; what a customer has agreed to before is not to be had under it any more.

    Given the PSU has authorised the TPP
    And the access token was issued under a certificate for PSP_AI
    When a TPP with a certificate for PSP_AI alone asks for order by that token
    Then the request is refused for want of the role

  @covers:RTS-34.1-no-other
  @CERT-116 @must @dialect:berlin-group @needs:bad-certificate:no-psd2-statement @needs:operation:<operation> @fault:certificate-unchecked-at-<operation> @control:CERT-023 @control:CERT-026
  Scenario Outline: No operation is open to a certificate without the PSD2 statement: <door>
    Any web server has a certificate; a door beside the front door that opens to it makes the lock there worthless.

    Given the TPP can ask for <operation>
    When <operation> is asked for with a certificate that is defective: no-psd2-statement
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | initiation         | the initiation of payments   |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1.3-not-revoked
  @CERT-117 @must @dialect:berlin-group @needs:revoked-by-ocsp @needs:operation:<operation> @fault:unrevoked-unchecked-at-<operation> @control:CERT-023 @control:CERT-080
  Scenario Outline: No operation is open to a certificate that was revoked: <door>
    Whoever has stolen a certificate tries every door, and not only the first one.

    Given the TPP can ask for <operation>
    When somebody with a certificate that was revoked by OCSP asks for <operation>
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | initiation         | the initiation of payments   |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |

  @covers:RTS-34.1-no-other @covers:RFC6960-3.2-recent
  @CERT-118 @should @slow @serial @needs:trust-service @needs:operation:<operation> @fault:unrevoked-unchecked-at-<operation> @control:CERT-088 @control:CERT-080
  Scenario Outline: No operation is open to a certificate that was revoked since its token was issued: <door>
    A token is worth what the certificate is worth that is shown with it.

    Given the TPP can ask for <operation> under a new certificate whose status is told by OCSP
    And the certificate has been revoked, and every earlier answer about it has run out
    When the TPP asks for <operation> under that certificate
    Then the revocation is noticed at the operation

    Examples:
      | operation          | door                       |
      | initiation         | the initiation of payments |
      | payment            | the payment itself         |
      | status             | the status of payments     |
      | funds-confirmation | the confirmation of funds  |
      | order              | the order of payments      |
      | order-status       | the status of orders       |
      | order-details      | the details of orders      |

  @covers:RTS-34.1 @covers:ETSI119495-5.1-statement-read
  @CERT-120 @should @needs:authorization @needs:tls-client-auth @needs:bad-certificate:no-psd2-statement @fault:certificate-unchecked-at-token-endpoint @fault:certificate-without-psd2-statement-accepted-at-token-endpoint @fault:certificate-unchecked-at-revocation-endpoint @fault:certificate-without-psd2-statement-accepted-at-revocation-endpoint @fault:certificate-unchecked-at-introspection-endpoint @fault:certificate-without-psd2-statement-accepted-at-introspection-endpoint @fault:certificate-unchecked-at-pushed-request-endpoint @fault:certificate-without-psd2-statement-accepted-at-pushed-request-endpoint @control:CERT-023 @control:CERT-026
  Scenario: A certificate without the PSD2 statement is refused wherever clients authenticate: for tokens, for what is told of them or takes them back, and for pushed requests
    Whoever is told of tokens, or takes them back, has to be a TPP as much as whoever pays.

    When every door is approached with a certificate that is defective: no-psd2-statement
    Then the approach is refused
