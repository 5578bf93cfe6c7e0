@rts
Feature: Revoked certificates

  @covers:RTS-30.1.a-identify @covers:RTS-34.1
  @CERT-080 @may @needs:trust-service @fault:valid-qwac-refused
  Scenario Outline: A certificate that has not been revoked is let in: <endpoint>, status by <source>
    Where asking goes wrong, every TPP is taken for a revoked one, and no payment is made any more.

    When <endpoint> is approached with a new certificate whose status is told by <source>
    Then the certificate is let in

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           | source |
      | the token endpoint | CRL    |
      | the token endpoint | OCSP   |

    @needs:payments
    Examples:
      | endpoint        | source |
      | the payment API | CRL    |
      | the payment API | OCSP   |

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1.3-not-revoked
  @CERT-006 @must @needs:revoked-by-crl @fault:crl-ignored @control:CERT-023 @control:CERT-080
  Scenario Outline: A certificate that its issuer's CRL lists is refused: <endpoint>
    The list is how an issuer calls a certificate back; a bank that does not read it serves whoever has stolen one.

    When <endpoint> is approached with a certificate that was revoked by CRL
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1.3-not-revoked @covers:RFC6960-2.2-revoked
  @CERT-007 @must @needs:revoked-by-ocsp @fault:ocsp-ignored @control:CERT-023 @control:CERT-080
  Scenario Outline: A certificate that the OCSP responder calls revoked is refused: <endpoint>
    The responder knows within minutes what a list tells hours later: that a licence is gone, or a key stolen.

    When <endpoint> is approached with a certificate that was revoked by OCSP
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:BG-certificate-revoked
  @CERT-097 @should @dialect:berlin-group @needs:payments @needs:revoked-by-ocsp @fault:revoked-certificate-wrong-code @control:CERT-007 @control:CERT-080
  Scenario: The refusal of a revoked certificate says so
    A TPP that is told the wrong reason orders the wrong thing from its trust service.

    When the payment API is approached with a certificate that was revoked by OCSP
    Then the refusal says that the certificate was revoked

  @covers:RFC6960-2.2-revoked @covers:RTS-34.1-no-other
  @CERT-095 @must @needs:trust-service @fault:certificate-hold-ignored @control:CERT-007 @control:CERT-080
  Scenario: A certificate that is suspended is refused
    A holder who suspects a theft has the certificate suspended first; until it is released it is worth nothing.

    When the bank is approached with a certificate that is suspended
    Then the revocation is noticed

  @covers:RFC6960-2.3-other-source
  @CERT-086 @may @needs:trust-service @fault:crl-not-asked-after-ocsp @control:CERT-006 @control:CERT-007 @control:CERT-080
  Scenario Outline: Where the OCSP responder has no answer, the CRL is asked: <ocsp>
    Keeping a responder from answering is easy; a bank that then lets everybody in can be made to.

    When the bank is approached with a certificate that the CRL lists, and of which OCSP says: <ocsp>
    Then the revocation is noticed

    Examples:
      | ocsp           |
      | try later      |
      | nothing at all |

  @covers:RFC6960-2.2-unknown
  @CERT-081 @should @needs:trust-service @fault:ocsp-unknown-taken-for-good @control:CERT-086 @control:CERT-080
  Scenario: A certificate of which the OCSP responder knows nothing is not taken for good
    A responder that has never heard of a certificate has not vouched for it.

    When the bank is approached with a certificate that the CRL lists, and of which OCSP says: nothing is known of it
    Then the revocation is noticed

  @covers:RFC6960-3.2-recent
  @CERT-082 @must @needs:trust-service @fault:stale-ocsp-answer-accepted @control:CERT-086 @control:CERT-080
  Scenario: An OCSP answer that has run out does not count
    Yesterday's good word can be kept and shown again by whoever has stolen the certificate since.

    When the bank is approached with a certificate that the CRL lists, and of which OCSP says: it was good yesterday
    Then the revocation is noticed

  @covers:RFC6960-3.2-signature
  @CERT-083 @must @needs:trust-service @fault:ocsp-signature-unchecked @control:CERT-086 @control:CERT-080
  Scenario: An OCSP answer whose signature is wrong does not count
    OCSP is spoken without TLS: the signature is all that keeps others from answering.

    When the bank is approached with a certificate that the CRL lists, and of which OCSP says: it is good, by a signature that is wrong
    Then the revocation is noticed

  @covers:RFC6960-3.2-signer @covers:RFC6960-4.2.2.2-delegated
  @CERT-084 @must @needs:trust-service @fault:undelegated-ocsp-responder-believed @control:CERT-086 @control:CERT-080
  Scenario: An OCSP answer that a mere customer of the CA has signed does not count
    Otherwise every TPP could vouch for itself, with the very certificate that was revoked.

    When the bank is approached with a certificate that the CRL lists, and of which OCSP says: it is good, by a signer without OCSPSigning
    Then the revocation is noticed

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1.3-not-revoked
  @CERT-092 @must @needs:authorization @needs:tls-client-auth @needs:refresh-tokens @needs:revoked-by-ocsp @fault:refresh-skips-status @fault:ocsp-ignored @control:FLOW-004 @control:CERT-007 @control:CERT-080
  Scenario: No access token is refreshed under a revoked certificate
    Refreshing needs no customer: a stolen certificate and a stolen refresh token would go on for ever by themselves.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token with a certificate that was revoked by OCSP
    Then no token has been issued

  @covers:RFC5280-5.3.1-by-serial @covers:RTS-34.1
  @CERT-093 @must @needs:payments @needs:trust-service @fault:superseded-certificate-bars-successor @control:CERT-007 @control:CERT-080
  Scenario: A TPP whose old certificate was revoked goes on with its new one
    Every renewal ends with the old certificate revoked; a bank that then turns the TPP away has cut off its customers.

    When a TPP goes on with its new certificate after the old one was revoked
    Then its new certificate is let in

  @covers:RFC5280-6.3.3-current-list
  @CERT-087 @should @slow @serial @needs:trust-service @needs:payments @fault:stale-crl-kept @control:CERT-006 @control:CERT-080
  Scenario: A certificate that is revoked later is refused once the CRL has run out
    A list that is fetched once and kept for ever knows only the thieves of its first day.

    Given the bank has let in a new certificate whose status is told by CRL
    And the certificate has been revoked, and every earlier answer about it has run out
    When the bank is approached with that certificate again
    Then the revocation is noticed

  @covers:RFC6960-3.2-recent
  @CERT-088 @should @slow @serial @needs:trust-service @needs:payments @fault:stale-ocsp-answer-kept @control:CERT-007 @control:CERT-080
  Scenario: A certificate that is revoked later is refused once the OCSP answer has run out
    What was good at the first visit need not be good for the life of the certificate.

    Given the bank has let in a new certificate whose status is told by OCSP
    And the certificate has been revoked, and every earlier answer about it has run out
    When the bank is approached with that certificate again
    Then the revocation is noticed

  @covers:RFC6960-3.2-recent @covers:RTS-34.1-no-other
  @CERT-089 @should @slow @serial @needs:trust-service @needs:payments @fault:status-asked-once-per-connection @control:CERT-088 @control:CERT-080
  Scenario: A connection that stays open does not outlive its certificate
    TPPs keep connections open for hours; a thief would simply never hang up.

    Given the bank has let in a new certificate whose status is told by OCSP
    And the certificate has been revoked, and every earlier answer about it has run out
    When the TPP sends another request on the same connection
    Then the revocation is noticed

  @covers:RFC6960-3.2-recent @covers:RTS-34.1-no-other
  @CERT-090 @should @slow @serial @needs:trust-service @needs:payments @fault:resumption-skips-status @control:CERT-088 @control:CERT-080
  Scenario: A resumed TLS session does not carry a revoked certificate over
    A resumption shows no certificate: whoever does not remember to ask about the old one lets it in again.

    Given the bank has let in a new certificate whose status is told by OCSP
    And the certificate has been revoked, and every earlier answer about it has run out
    When the TPP resumes the TLS session on another connection
    Then the revocation is noticed

  @covers:RFC6960-3.2-recent @covers:RTS-34.1-no-other
  @CERT-091 @should @slow @serial @needs:trust-service @needs:authorization @needs:tls-client-auth @needs:protected-resource @fault:token-outlives-certificate @control:CERT-088 @control:FLOW-003 @control:CERT-080
  Scenario: An access token does not outlive the certificate that it was issued under
    The token was given to the holder of a certificate; where that is worth nothing any more, neither is the token.

    Given the TPP holds an access token for a new certificate whose status is told by OCSP
    And the certificate has been revoked, and every earlier answer about it has run out
    When the TPP uses the access token under that certificate
    Then the token has gone with the certificate

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1.3-not-revoked
  @CERT-119 @must @needs:payments @needs:authorization @needs:tls-client-auth @needs:revoked-by-ocsp @fault:unrevoked-unchecked-at-token-endpoint @fault:unrevoked-unchecked-at-revocation-endpoint @fault:unrevoked-unchecked-at-introspection-endpoint @fault:unrevoked-unchecked-at-pushed-request-endpoint @control:CERT-023 @control:CERT-080
  Scenario: A certificate that was revoked is refused wherever clients authenticate: for tokens, for what is told of them or takes them back, and for pushed requests
    A bank that reads the list where payments begin, and not where tokens are told of and taken back, is open at the side.

    When every door is approached with a certificate that was revoked by OCSP
    Then the approach is refused
