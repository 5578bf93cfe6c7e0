@rts
Feature: Certificates that come in headers

  @covers:RFC9700-4.13 @covers:RFC9440-3-sanitised @covers:RTS-34.1-no-other
  @TLS-009 @must @needs:payments @fault:certificate-header-trusted @fault:client-certificate-optional @control:CERT-023
  Scenario Outline: A certificate in a header is no certificate: <header>
    Banks end TLS at a proxy, which hands the certificate on in a header. Whoever can write that header himself is any TPP he
    likes: certificates are public, and only the handshake proves that somebody holds the key.

    When a payment is initiated without a certificate, and with the TPP's in the header <header>
    Then the approach is refused

    Examples:
      | header                      |
      | Client-Cert                 |
      | X-Client-Cert               |
      | X-SSL-Client-Cert           |
      | SSL-Client-Cert             |
      | X-SSL-Cert                  |
      | X-Forwarded-Client-Cert     |
      | X-Forwarded-Tls-Client-Cert |
      | X-ARR-ClientCert            |
      | X-Amzn-Mtls-Clientcert      |
      | TPP-Signature-Certificate   |

  @covers:RFC9700-4.13 @covers:RFC9440-3-sanitised @covers:RTS-34.3.a-role
  @TLS-090 @must @needs:payments @needs:ais-only-tpp @fault:certificate-header-overrides-tls @control:CERT-023 @control:CERT-009
  Scenario Outline: A certificate in a header does not replace the one of the connection: <header>
    A proxy that adds its header, and leaves one that is there already, lets every TPP be every other.

    When the TPP that is licensed for account information alone initiates a payment with the TPP's certificate in the header <header>
    Then the approach is refused

    Examples:
      | header                      |
      | Client-Cert                 |
      | X-Client-Cert               |
      | X-SSL-Client-Cert           |
      | SSL-Client-Cert             |
      | X-SSL-Cert                  |
      | X-Forwarded-Client-Cert     |
      | X-Forwarded-Tls-Client-Cert |
      | X-ARR-ClientCert            |
      | X-Amzn-Mtls-Clientcert      |

  @covers:RFC9700-4.13 @covers:RFC8705-2-mutual-tls
  @TLS-091 @must @needs:authorization @needs:tls-client-auth @fault:subject-header-trusted @fault:client-certificate-optional @fault:token-endpoint-without-client-authentication @control:FLOW-002
  Scenario: A subject in a header authenticates nobody
    Some proxies hand on no certificate but its subject alone, which is easier still to write.

    Given the PSU has authorised the TPP
    When the authorization code is redeemed without a certificate, and with the TPP's subject in headers
    Then no token has been issued
