@etsi @needs:payments
Feature: Certificates that are unusual and valid

  @covers:ETSI119495-5.2.2-several-roles-read
  @CERT-050 @should @needs:test-ca @fault:role-order-significant @control:CERT-026
  Scenario: A QWAC whose first role is not PSP_PI is let in
    The roles of a certificate are in no order.

    When the payment API is approached with a certificate that is unusual: role-order
    Then the certificate is let in

  @covers:ETSI119495-5.2.2-several-roles-read
  @CERT-051 @should @needs:test-ca @needs:unregistered-tpps @fault:several-roles-refused @control:CERT-026
  Scenario: A QWAC with all roles is let in
    Banks that act as TPPs have all four roles of banks and third parties.

    When the payment API is approached with a certificate that is unusual: all-roles
    Then the certificate is let in

  @covers:ETSI119495-5.2.2-several-roles-read
  @CERT-052 @should @needs:test-ca @needs:unregistered-tpps @fault:unknown-further-role-refused @control:CERT-026
  Scenario Outline: A QWAC with a further role that the bank does not know is let in: <variant>
    Whenever a role is added, as those for the verification of payees in 2026, the banks that refuse it lock its holders out of
    payments. Others than ETSI may register roles too (TS 119 495 GEN-5.2.2-4).

    When the payment API is approached with a certificate that is unusual: <kind>
    Then the certificate is let in

    Examples:
      | kind       | variant                                |
      | new-role   | one that somebody else has registered  |
      | payee-role | one for the verification of payees     |

  @covers:EN319412-5-4.1-order-read
  @CERT-053 @should @needs:test-ca @fault:statement-order-significant @control:CERT-026
  Scenario: A QWAC whose PSD2 statement comes first is let in
    The QcStatements of a certificate are in no order.

    When the payment API is approached with a certificate that is unusual: statement-order
    Then the certificate is let in

  @covers:EN319412-5-4.1-further-read
  @CERT-054 @should @needs:test-ca @fault:further-statement-refused @control:CERT-026
  Scenario Outline: A QWAC with further QcStatements is let in: <variant>
    Issuers add statements as the standards do, and none of them takes a licence away.

    When the payment API is approached with a certificate that is unusual: <kind>
    Then the certificate is let in

    Examples:
      | kind              | variant                   |
      | retention-period  | how long records are kept |
      | semantics         | what identifiers mean     |
      | unknown-statement | an unknown one            |

  @covers:EN319412-5-4.3.4-languages-read
  @CERT-055 @should @needs:test-ca @fault:several-disclosures-refused @control:CERT-026
  Scenario: A QWAC with disclosure statements in several languages is let in
    Issuers in countries with several languages have several.

    When the payment API is approached with a certificate that is unusual: disclosures
    Then the certificate is let in

  @covers:EN319412-3-4.2.1-string-type-read
  @CERT-056 @should @needs:test-ca @fault:printable-string-refused @control:CERT-026
  Scenario: A QWAC whose subject is in PrintableString is let in
    Both types of string are allowed, and issuers use both.

    When the payment API is approached with a certificate that is unusual: printable-strings
    Then the certificate is let in

  @covers:EN319412-3-4.2.1-length-read
  @CERT-057 @should @needs:test-ca @fault:long-name-refused @control:CERT-026
  Scenario: A QWAC of a TPP with a long name is let in
    The registered name of a company is as long as it is.

    When the payment API is approached with a certificate that is unusual: long-name
    Then the certificate is let in

  @covers:EN319412-3-4.2.1-name-read
  @CERT-058 @should @needs:test-ca @fault:foreign-letters-refused @control:CERT-026
  Scenario: A QWAC of a TPP whose name is not ASCII is let in
    Half of Europe writes its names with letters that ASCII does not have.

    When the payment API is approached with a certificate that is unusual: letters-of-many-lands
    Then the certificate is let in

  @covers:RFC5280-4.2.1.6-names
  @CERT-059 @should @needs:test-ca @fault:several-dns-names-refused @control:CERT-026
  Scenario: A QWAC with several DNS names is let in
    TPPs have several hosts and one certificate.

    When the payment API is approached with a certificate that is unusual: several-names
    Then the certificate is let in

  @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-060 @should @needs:test-ca @needs:unregistered-tpps @fault:hyphen-in-number-refused @control:CERT-026
  Scenario: A TPP whose authorisation number has hyphens is let in
    Some authorities give such numbers; whoever splits at each hyphen loses their TPPs.

    When the payment API is approached with a certificate that is unusual: hyphens-in-the-number
    Then the certificate is let in

  @covers:ETSI119495-5.2.1-organization-identifier-read
  @CERT-061 @should @needs:test-ca @needs:unregistered-tpps @fault:space-in-number-refused @control:CERT-026
  Scenario: A TPP whose authorisation number has spaces is let in
    Some authorities give such numbers, with slashes too.

    When the payment API is approached with a certificate that is unusual: spaces-in-the-number
    Then the certificate is let in

  @covers:RTS-30.1.a-identify @covers:RTS-34.3.b-authority
  @CERT-062 @should @needs:test-ca @needs:unregistered-tpps @fault:foreign-authority-refused @control:CERT-026
  Scenario Outline: A TPP that was authorised in another country is let in: <variant>
    An authorisation holds throughout the Union.

    When the payment API is approached with a certificate that is unusual: <kind>
    Then the certificate is let in

    Examples:
      | kind              | variant |
      | french-authority  | France  |
      | maltese-authority | Malta   |

  @covers:ETSI119495-annex-d-former-read
  @CERT-063 @may @needs:test-ca @needs:unregistered-tpps @fault:former-authority-refused @control:CERT-026
  Scenario: A TPP whose authority is named as in earlier lists is let in
    The authority was renamed, and its certificates are good until they end.

    When the payment API is approached with a certificate that is unusual: former-authority
    Then the certificate is let in

  @covers:ETSI119495-5.2.3-nca-name-read
  @CERT-064 @should @needs:test-ca @fault:authority-name-compared @control:CERT-026
  Scenario: A TPP whose authority is named in its own language is let in
    The identifier says which authority it is; the name is for people.

    When the payment API is approached with a certificate that is unusual: authority-in-its-own-language
    Then the certificate is let in

  @covers:EN319412-1-5.1.4-schemes-read
  @CERT-065 @may @needs:test-ca @needs:unregistered-tpps @fault:other-scheme-refused @control:CERT-026
  Scenario Outline: A TPP that is known by another register is let in: <variant>
    Where the authority gives no number, the certificate has that of another register.

    When the payment API is approached with a certificate that is unusual: <kind>
    Then the certificate is let in

    Examples:
      | kind                    | variant            |
      | trade-register          | the trade register |
      | vat-number              | VAT                |
      | legal-entity-identifier | LEI                |
      | national-scheme         | a national one     |

  @covers:TS119312-kinds
  @CERT-066 @should @needs:test-ca @fault:rsa-key-refused @control:CERT-026
  Scenario: A QWAC with an RSA key is let in
    Most certificates have one.

    When the payment API is approached with a certificate that is unusual: rsa-key
    Then the certificate is let in

  @covers:TS119312-kinds
  @CERT-067 @should @needs:test-ca @fault:p384-key-refused @control:CERT-026
  Scenario: A QWAC with a key on P-384 is let in
    It is stronger than what everybody takes.

    When the payment API is approached with a certificate that is unusual: p384-key
    Then the certificate is let in

  @covers:ETSI119495-6.1-policies-read
  @CERT-068 @should @needs:test-ca @fault:qncp-policy-refused @control:CERT-026
  Scenario Outline: A QWAC under another policy for websites is let in: <variant>
    There are three of them, and each makes a QWAC.

    When the payment API is approached with a certificate that is unusual: <kind>
    Then the certificate is let in

    Examples:
      | kind                | variant    |
      | qncp-policy         | QNCP-w     |
      | general-qncp-policy | QNCP-w-gen |

  @covers:ETSI119495-6.1-psd2-policy-read
  @CERT-069 @should @needs:test-ca @fault:psd2-policy-demanded @control:CERT-026
  Scenario: A QWAC without the policy for PSD2 is let in
    The policy is optional; the PSD2 statement is what counts.

    When the payment API is approached with a certificate that is unusual: no-psd2-policy
    Then the certificate is let in

  @covers:ETSI119495-6.1-validity-read
  @CERT-070 @should @needs:test-ca @fault:long-validity-refused @control:CERT-026
  Scenario: A QWAC that is valid for two years is let in
    The limits of browsers are not for certificates that no browser looks at.

    When the payment API is approached with a certificate that is unusual: two-years
    Then the certificate is let in

  @covers:RFC5280-4.1.2.5-validity
  @CERT-071 @should @needs:test-ca @fault:last-day-refused @control:CERT-026
  Scenario: A QWAC is let in until its last day
    A bank that refuses it earlier takes days away that the TPP has paid for and relies on.

    When the payment API is approached with a certificate that is unusual: last-day
    Then the certificate is let in

  @covers:RFC5280-6.1-path
  @CERT-072 @may @needs:test-ca @fault:longer-chain-refused @control:CERT-026
  Scenario: A QWAC from a CA below a trusted one is let in
    Issuers have several CAs, and present them along with the certificate.

    When the payment API is approached with a certificate that is unusual: longer-chain
    Then the certificate is let in
