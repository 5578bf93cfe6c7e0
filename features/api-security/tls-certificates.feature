@tls @passive @handshake
Feature: What the bank's hosts present in TLS

  @covers:RFC9525-6.1-name-matched
  @TLS-006 @must @fault:server-certificate-for-another-host
  Scenario: The certificate is for the host
    A certificate for another name may be anybody's; a TPP that follows the rules hangs up.

    When the TPP looks at the TLS of every host of the bank
    Then every certificate is for its host

  @covers:RFC5280-6.1.3-period
  @TLS-023 @must @fault:server-certificate-expired
  Scenario: The certificate holds today
    A TPP that follows the rules hangs up, and the interface is down for all of them.

    When the TPP looks at the TLS of every host of the bank
    Then every certificate holds today

  @covers:RTS-32.1-availability
  @TLS-024 @should @fault:server-certificate-about-to-expire
  Scenario: The certificate is renewed in time
    What expires on a weekend takes the interface down with it.

    When the TPP looks at the TLS of every host of the bank
    Then no certificate is about to end

  @covers:RFC5246-7.4.2-chain
  @TLS-025 @must @fault:leaf-only-chain
  Scenario: The chain of the certificate is complete
    Browsers fetch what is missing and TPPs do not: it works for the bank and for nobody else.

    When the TPP looks at the TLS of every host of the bank
    Then every chain is complete

  @covers:RFC8446-4.4.2-order
  @TLS-026 @should @fault:chain-out-of-order
  Scenario: The chain of the certificate is in order
    Some libraries put it right and some hang up.

    When the TPP looks at the TLS of every host of the bank
    Then every chain is in order

  @covers:RFC9325-4.5-key-length
  @TLS-027 @must @fault:server-key-too-short
  Scenario: The server's key is long enough
    A key of 1024 bits can be worked out by those who want it enough.

    When the TPP looks at the TLS of every host of the bank
    Then every key is long enough

  @covers:RFC9325-4.5-no-sha-1
  @TLS-028 @must @fault:server-certificate-signed-with-sha-1
  Scenario: The certificate is not signed with SHA-1
    Two certificates with the same SHA-1 can be made, and one of them be signed for the other.

    When the TPP looks at the TLS of every host of the bank
    Then no certificate is signed with a broken hash

  @covers:RFC8446-4.4.2.3-authorities @covers:RTS-32.3-no-obstacles
  @TLS-029 @should @fault:client-authorities-of-others
  Scenario: A list of authorities whose certificates are wanted holds the TPP's
    Software that goes by the list finds no certificate that fits, and presents none.

    When the TPP looks at the TLS of every host of the bank
    Then every host that says whose certificates it wants names the TPP's issuer
