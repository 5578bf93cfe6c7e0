@etsi @needs:payments
Feature: What the certificate entitles to

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.1-statement-read @covers:BG-certificate-invalid
  @CERT-008 @must @needs:bad-certificate:<defect> @fault:certificate-without-psd2-statement-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: A certificate without the PSD2 statement does not open the payment API: <variant>
    Any web server has a certificate; only the PSD2 statement says that its holder is a licensed payment service provider.

    When the payment API is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect            | variant                  |
      | no-psd2-statement | a qualified one          |
      | no-qc-statements  | that of any other server |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read @covers:BG-certificate-role
  @CERT-009 @must @needs:ais-only-tpp @fault:role-unchecked @control:BG-001 @control:uk-open-banking=UK-001
  Scenario: A TPP without the role PSP_PI cannot initiate a payment
    A licence to look at accounts is no licence to move money.

    When the TPP that is licensed for account information alone initiates a payment
    Then the initiation is refused

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read @covers:BG-certificate-role
  @CERT-035 @must @needs:bad-certificate:roles-empty @fault:empty-roles-open-payments @control:CERT-023 @control:CERT-026
  Scenario: A certificate with an empty list of roles does not open the payment API
    Who is licensed for nothing must not be served as if licensed for everything.

    When the payment API is approached with a certificate that is defective: roles-empty
    Then the approach is refused

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read @covers:BG-certificate-role
  @CERT-036 @must @needs:bad-certificate:<defect> @fault:card-issuer-role-opens-payments @control:CERT-023 @control:CERT-026
  Scenario Outline: A certificate for another service does not open the payment API: <variant>
    A licence to ask for funds or to read accounts is no licence to move money.

    When the payment API is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect             | variant |
      | role-cards-only    | PSP_IC  |
      | role-accounts-only | PSP_AI  |

  @covers:ETSI119495-5.2.2-bank-role-read
  @CERT-037 @may @needs:bad-certificate:role-bank-only @fault:bank-role-opens-payments @control:CERT-023 @control:CERT-026
  Scenario: A certificate of a bank without the role PSP_PI does not open the payment API
    A bank that acts as a TPP has the TPP's roles in its certificate.

    When the payment API is approached with a certificate that is defective: role-bank-only
    Then the approach is refused

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-073 @must @needs:bad-certificate:role-unknown-only @fault:unknown-role-opens-payments @control:CERT-023 @control:CERT-026
  Scenario: A role that does not exist does not open the payment API
    A bank that takes what it does not know for a licence has no control over whom it serves.

    When the payment API is approached with a certificate that is defective: role-unknown-only
    Then the approach is refused

  @covers:ETSI119495-5.2.2-unspecified-read
  @CERT-020 @should @needs:bad-certificate:role-unspecified @fault:unspecified-role-opens-payments @control:CERT-023 @control:CERT-026
  Scenario: The unspecified role does not open the payment API
    It stands in certificates of schemes outside PSD2 and licenses nobody for payments.

    When the payment API is approached with a certificate that is defective: role-unspecified
    Then the approach is refused

  @covers:ETSI119495-5.2.2-role-name-read
  @CERT-010 @should @needs:bad-certificate:role-named-pi @fault:role-name-trusted @control:CERT-023 @control:CERT-026
  Scenario: A role that is PSP_PI by its name alone does not open the payment API
    The object identifier says that it is another role.

    When the payment API is approached with a certificate that is defective: role-named-pi
    Then the approach is refused

  @covers:ETSI119495-5.2.2-role-name-read
  @CERT-030 @should @needs:bad-certificate:<defect> @fault:role-identifier-trusted @control:CERT-023 @control:CERT-026
  Scenario Outline: A role that is PSP_PI by its object identifier alone does not open the payment API: <variant>
    The name says that it is another role, or is none that there is.

    When the payment API is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect                | variant       |
      | role-named-ai         | called PSP_AI |
      | role-in-small-letters | called psp_pi |
