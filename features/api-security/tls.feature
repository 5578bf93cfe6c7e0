@tls @passive @handshake
Feature: What the bank's hosts agree to in TLS

  @covers:RFC9325-3.1.1-tls-1.0
  @TLS-001 @must @fault:tls-1-0-accepted @control:TLS-003
  Scenario: TLS 1.0 is refused
    TLS 1.0 has no modern suites, and falls to attacks that are ten years old and more.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to TLS 1.0

  @covers:RFC9325-3.1.1-tls-1.1
  @TLS-002 @must @fault:tls-1-1-accepted @control:TLS-003
  Scenario: TLS 1.1 is refused
    TLS 1.1 rests on SHA-1 and MD5, and no suite of it is fit for payments.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to TLS 1.1

  @covers:RFC9325-3.1.1-ssl-3.0
  @TLS-011 @must @fault:ssl-3-0-accepted @control:TLS-003
  Scenario: SSL 3.0 is refused
    SSL 3.0 is broken beyond repair: a session can be read byte by byte.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to SSL 3.0

  @covers:RFC9325-3.1.1-tls-1.2
  @TLS-003 @must @fault:only-old-tls
  Scenario: TLS 1.2 or TLS 1.3 is spoken
    A TPP that follows the rules cannot connect otherwise.

    When the TPP looks at the TLS of every host of the bank
    Then every host speaks TLS 1.2 or TLS 1.3

  @covers:RFC9325-3.1.1-tls-1.3
  @TLS-005 @should @fault:tls-1-3-missing
  Scenario: TLS 1.3 is spoken
    TLS 1.3 leaves out everything that TLS 1.2 has to be configured out of.

    When the TPP looks at the TLS of every host of the bank
    Then every host speaks TLS 1.3

  @covers:RFC9325-3.1.1-tls-1.3-preferred
  @TLS-012 @must @fault:tls-1-3-not-preferred
  Scenario: TLS 1.3 is preferred to TLS 1.2
    A server that has the better version and chooses the worse one has it for show.

    When the TPP looks at the TLS of every host of the bank
    Then every host that speaks TLS 1.3 prefers it

  @covers:RFC9325-4.1-null
  @TLS-004 @must @fault:tls-null-suite-accepted @control:TLS-003
  Scenario: Suites without encryption are refused
    Whoever is on the way reads tokens and payments as they pass.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites without encryption

  @covers:RFC5246-A.5-no-anonymous
  @TLS-013 @must @fault:tls-anonymous-suite-accepted @control:TLS-003
  Scenario: Suites without authentication of the server are refused
    Whoever is on the way can play the bank to the TPP.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites without authentication

  @covers:RFC9325-4.1-rc4
  @TLS-014 @must @fault:tls-rc4-accepted @control:TLS-003
  Scenario: RC4 suites are refused
    RC4 gives a cookie or a token away to whoever listens long enough.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to RC4 suites

  @covers:RFC9325-4.1-112-bits
  @TLS-015 @must @fault:tls-export-suite-accepted @control:TLS-003
  Scenario: Export-grade and single-DES suites are refused
    Keys of 40 or 56 bits are found in hours, and a server that has them can be talked into them.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites of less than 112 bits

  @covers:RFC9325-4.1-128-bits
  @TLS-016 @should @fault:tls-3des-accepted @control:TLS-003
  Scenario: 3DES suites are refused
    Blocks of 64 bits repeat in a long session, and show what was encrypted.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites of less than 128 bits

  @covers:RFC9325-4.1-static-rsa
  @TLS-017 @should @fault:tls-static-rsa-accepted @control:TLS-003
  Scenario: Suites with RSA key transport are refused
    Whoever gets the server's key later can read all that was recorded before.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites with RSA key transport

  @covers:RFC9325-4.1-static-dh
  @TLS-018 @should @fault:tls-static-dh-accepted @control:TLS-003
  Scenario: Suites with static Diffie-Hellman keys are refused
    They have no forward secrecy, and can be tricked into showing the server's key.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites with static Diffie-Hellman keys

  @covers:RFC9325-4.1-dhe
  @TLS-019 @should @fault:tls-finite-field-dhe-accepted @control:TLS-003
  Scenario: Suites with finite-field Diffie-Hellman are refused in TLS 1.2
    The client cannot choose the group there, and weak groups abound.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites with finite-field Diffie-Hellman

  @covers:RFC9325-4.2-cbc
  @TLS-020 @should @fault:tls-cbc-suite-accepted @control:TLS-003
  Scenario: Suites in CBC mode come with encrypt-then-MAC, or not at all
    Without it, the time that a server takes to refuse a record gives its content away.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to suites in CBC mode without encrypt-then-MAC

  @covers:RFC9325-3.3-no-compression
  @TLS-010 @should @fault:tls-compression-accepted @control:TLS-003
  Scenario: TLS compression is refused
    What is compressed together with a token gives the token away by its length.

    When the TPP looks at the TLS of every host of the bank
    Then no host agrees to TLS compression

  @covers:RFC9325-3.5-renegotiation-info
  @TLS-021 @must @fault:tls-renegotiation-insecure @control:TLS-003
  Scenario: Renegotiation is secure
    An attacker can put words of its own before those of the TPP.

    When the TPP looks at the TLS of every host of the bank
    Then every host that speaks TLS 1.2 renegotiates securely

  @covers:RFC9325-3.5-extended-master-secret
  @TLS-022 @must @fault:tls-extended-master-secret-missing @control:TLS-003
  Scenario: The keys of TLS 1.2 depend on the whole handshake
    Two sessions with the same keys let an attacker pass one party off as another.

    When the TPP looks at the TLS of every host of the bank
    Then every host that speaks TLS 1.2 derives its keys from the whole handshake

  @covers:RFC6749-3.1-tls @covers:OWASP-API8-https @covers:RFC8414-3-tls
  @TLS-007 @must @fault:plain-http-served @control:TLS-003
  Scenario: Nothing is served without TLS
    Whoever is on the way reads and changes whatever goes in the clear.

    When every host of the bank is asked without TLS
    Then nothing is served without TLS

  @covers:RFC6749-3.2-tls
  @TLS-032 @passive @must @needs:authorization @fault:plain-http-served-at-token-endpoint @control:TLS-003
  Scenario: The token endpoint is not served without TLS
    Whoever is on the way reads codes and tokens, and uses them before the TPP does.

    When the token endpoint is asked without TLS
    Then what is served there does not answer without TLS

  @covers:RFC7009-2-tls
  @TLS-033 @passive @must @needs:revocation @fault:plain-http-served-at-revocation-endpoint @control:TLS-003
  Scenario: The revocation endpoint is not served without TLS
    A token that is to die may be caught on its last way.

    When the revocation endpoint is asked without TLS
    Then what is served there does not answer without TLS

  @covers:RFC7662-2-tls
  @TLS-034 @passive @must @needs:introspection @fault:plain-http-served-at-introspection-endpoint @control:TLS-003
  Scenario: The introspection endpoint is not served without TLS
    Whoever is on the way learns the token, and whether it is still good.

    When the introspection endpoint is asked without TLS
    Then what is served there does not answer without TLS

  @covers:RTS-35.1-encryption
  @TLS-035 @passive @must @needs:par @fault:plain-http-served-at-pushed-request-endpoint @control:TLS-003
  Scenario: Requests are not pushed without TLS
    What is pushed is taken for what the TPP wants, also where somebody has changed it on the way.

    When the endpoint for pushed requests is asked without TLS
    Then what is served there does not answer without TLS

  @covers:RFC6750-5.2-tls @covers:PSD2-66.4.a
  @TLS-036 @passive @must @needs:payments @fault:plain-http-served-at-payment-api @control:TLS-003
  Scenario: The payment API is not served without TLS
    A payment and its token are for the bank's eyes alone.

    When the payment API is asked without TLS
    Then what is served there does not answer without TLS
