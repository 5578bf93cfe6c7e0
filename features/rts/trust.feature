@rts @needs:payments
Feature: Whose word a certificate is

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1-path
  @CERT-017 @must @needs:bad-certificate:missing-intermediate @fault:incomplete-chain-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate whose issuer is neither known nor presented is refused
    A bank that cannot follow the chain to an issuer that it trusts has not checked who vouches for the TPP.

    When every door is approached with a certificate that is defective: missing-intermediate
    Then the approach is refused

  @covers:RTS-34.1-no-other @covers:RFC5280-6.1-path @covers:BG-certificate-invalid
  @CERT-044 @must @needs:bad-certificate:altered @fault:altered-certificate-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate that was changed after it was signed is refused
    Whoever can change a certificate unnoticed can give himself any name and any licence.

    When every door is approached with a certificate that is defective: altered
    Then the approach is refused

  @covers:RTS-34.1-no-other @covers:RFC8446-4.4.3-possession
  @CERT-045 @must @needs:bad-certificate:key-of-another @fault:possession-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate is refused to whoever does not hold its key
    A certificate is no secret: every bank that a TPP has ever talked to has a copy of it.

    When every door is approached with a certificate that is defective: key-of-another
    Then the approach is refused

  @covers:RFC5280-4.2-critical
  @CERT-042 @must @needs:bad-certificate:unknown-critical-extension @fault:unknown-critical-extension-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate with a critical extension that nobody knows is refused
    An issuer marks as critical what must not be overlooked, a limit of use for example.

    When every door is approached with a certificate that is defective: unknown-critical-extension
    Then the approach is refused

  @covers:RFC5280-4.2.1.12-purpose @covers:BG-certificate-invalid
  @CERT-016 @should @needs:bad-certificate:status-signing-only @fault:extended-key-usage-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate that was made for signing certificate status is refused
    A key that was made for something else is kept, and may be stolen, somewhere else.

    When every door is approached with a certificate that is defective: status-signing-only
    Then the approach is refused

  @covers:RFC5280-4.2.1.12-purpose @covers:BG-certificate-invalid
  @CERT-113 @may @must:client-auth-only @needs:bad-certificate:server-only @fault:extended-key-usage-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate that is for TLS servers alone is refused
    Public CAs leave clientAuth out of certificates for websites since 2026, and TPPs have QWACs of theirs: whether a bank
    takes them is its own rule, which the policy `client-auth-only` declares.

    When every door is approached with a certificate that is defective: server-only
    Then the approach is refused

  @covers:RFC8446-4.4.2-key-usage @covers:BG-certificate-invalid
  @CERT-046 @should @needs:bad-certificate:<defect> @fault:key-usage-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A certificate whose key may not sign handshakes is refused: <variant>
    The issuer has said what the key may do, and a bank that does not look has no use for that.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect          | variant               |
      | agreement-only  | it may agree on keys  |
      | commitment-only | it may sign documents |

  @covers:EN319412-2-4.3-end-entity @covers:BG-certificate-invalid
  @CERT-021 @may @needs:bad-certificate:ca-as-leaf @fault:ca-certificate-accepted @control:CERT-023 @control:CERT-026
  Scenario: The certificate of a CA is not taken for a TPP's
    A CA that comes as a client is a CA whose key is on a web server.

    When every door is approached with a certificate that is defective: ca-as-leaf
    Then the approach is refused

  @covers:TS119312-keys
  @CERT-022 @should @needs:bad-certificate:weak-key @fault:weak-key-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate with a weak key is refused
    RSA keys of 1024 bits can be broken, and then anybody is the TPP.

    When every door is approached with a certificate that is defective: weak-key
    Then the approach is refused

  @covers:RFC8446-4.4.2.4-sha1 @covers:TS119312-keys
  @CERT-043 @should @needs:bad-certificate:sha1-signature @fault:sha1-signature-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate that is signed with SHA-1 is refused
    Two certificates with one SHA-1 signature can be made for money, and one of them may be anybody's.

    When every door is approached with a certificate that is defective: sha1-signature
    Then the approach is refused
