@rts
Feature: Identification by certificate

  @covers:RTS-30.1.a-identify @covers:RTS-34.1
  @CERT-023 @must @fault:valid-qwac-refused
  Scenario Outline: A TPP with a valid QWAC is let in: <endpoint>
    A bank that turns away a licensed TPP has built an obstacle, whatever its reasons.

    When <endpoint> is approached with the TPP's certificate
    Then the certificate is let in

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other @covers:BG-certificate-missing
  @CERT-001 @must @fault:client-certificate-optional @control:CERT-023
  Scenario Outline: Nobody is let in without a certificate: <endpoint>
    Without a certificate the bank does not know whom it serves.

    When <endpoint> is approached without a certificate
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other
  @CERT-002 @must @fault:unknown-ca-accepted @control:CERT-023
  Scenario Outline: A certificate from an unknown issuer is refused: <endpoint>
    Anybody can issue a certificate with any name; only the issuer makes it worth something.

    When <endpoint> is approached with a certificate that is defective: unknown-ca
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other
  @CERT-003 @must @fault:self-signed-accepted @control:CERT-023
  Scenario Outline: A self-signed certificate is refused: <endpoint>
    A certificate that vouches for itself vouches for nothing.

    When <endpoint> is approached with a certificate that is defective: self-signed
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other @covers:BG-certificate-expired
  @CERT-004 @must @needs:bad-certificate:expired @fault:expired-certificate-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: An expired certificate is refused: <endpoint>
    A licence may have been withdrawn long since; the expiry date is what limits the damage.

    When <endpoint> is approached with a certificate that is defective: expired
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1-no-other @covers:BG-certificate-invalid
  @CERT-005 @must @needs:bad-certificate:not-yet-valid @fault:not-yet-valid-certificate-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: A certificate that is not yet valid is refused: <endpoint>
    A bank that does not look at the first date of validity does not look at validity.

    When <endpoint> is approached with a certificate that is defective: not-yet-valid
    Then the approach is refused

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-024 @should @needs:authorization @needs:tls-client-auth @needs:second-certificate @fault:renewed-certificate-refused @control:FLOW-002
  Scenario: A renewed certificate of the same TPP is let in
    Certificates are renewed every year; a bank that sees a stranger then loses the TPP's customers their consents.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code with its renewed certificate
    Then an access token is issued

  @covers:RTS-34.1
  @CERT-025 @must @needs:second-tpp @fault:valid-qwac-refused
  Scenario Outline: A second TPP with a valid QWAC is let in: <endpoint>
    Whatever is refused to it in the other checks is refused for another reason than who it is.

    When <endpoint> is approached with the second TPP's certificate
    Then the certificate is let in

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |

  @covers:RTS-34.1
  @CERT-026 @may @needs:test-ca @fault:valid-qwac-refused
  Scenario Outline: A valid QWAC that the test CA has just issued is let in: <endpoint>
    No bank owes a test CA its trust; where it has none, bad certificates of that CA would be refused however good they were.

    When <endpoint> is approached with a new certificate of the test CA
    Then the certificate is let in

    @needs:authorization @needs:tls-client-auth
    Examples:
      | endpoint           |
      | the token endpoint |

    @needs:payments
    Examples:
      | endpoint        |
      | the payment API |
