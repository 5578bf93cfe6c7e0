@etsi @needs:payments
Feature: The PSD2 statement and those around it

  @covers:ETSI119495-5.1-encoding-read @covers:BG-certificate-invalid
  @CERT-011 @should @needs:bad-certificate:<defect> @fault:undecodable-statement-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: A PSD2 statement that cannot be decoded is refused: <variant>
    What two readers read differently can be a licence for one of them.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect               | variant          |
      | psd2-truncated       | it breaks off    |
      | psd2-trailing-octets | octets follow it |
      | psd2-not-der         | it is not DER    |

  @covers:ETSI119495-5.1-encoding-read @covers:BG-certificate-invalid
  @CERT-031 @should @needs:bad-certificate:<defect> @fault:misshapen-roles-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: Roles that are not encoded as they must be are refused: <variant>
    Certificates with such roles have been issued; a bank that guesses what they mean will guess wrong one day.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect          | variant   |
      | roles-flattened | flattened |
      | roles-unwrapped | unwrapped |
      | roles-reversed  | reversed  |

  @covers:ETSI119495-5.1-encoding-read @covers:BG-certificate-invalid
  @CERT-032 @should @needs:bad-certificate:<defect> @fault:incomplete-statement-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: A PSD2 statement without one of its fields is refused: <variant>
    A statement without its authority or its roles does not say who has licensed whom for what.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect           | variant                    |
      | psd2-bare        | all of them                |
      | roles-missing    | the roles                  |
      | nca-name-missing | the authority's name       |
      | nca-id-missing   | the authority's identifier |

  @covers:ETSI119495-5.1-encoding-read @covers:BG-certificate-invalid
  @CERT-033 @should @needs:bad-certificate:<defect> @fault:field-length-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A PSD2 statement with an empty or an overlong field is refused: <variant>
    An empty field says as little as a missing one, and an overlong one may be an attack.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect            | variant                              |
      | nca-name-empty    | an empty name of the authority       |
      | nca-id-empty      | an empty identifier of the authority |
      | role-name-empty   | empty names of roles                 |
      | nca-name-too-long | an overlong name of the authority    |

  @covers:ETSI119495-5.1-string-type-read @covers:BG-certificate-invalid
  @CERT-034 @may @needs:bad-certificate:<defect> @fault:string-type-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A PSD2 statement with texts of another type is refused: <variant>
    The type of each text is fixed, so that everybody reads the same letters.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect               | variant                |
      | nca-name-printable   | the authority's name   |
      | role-names-printable | the names of the roles |

  @covers:EN319412-5-4.1-once-read @covers:BG-certificate-invalid
  @CERT-040 @should @needs:bad-certificate:<defect> @fault:duplicate-statement-accepted @control:CERT-023 @control:CERT-026
  Scenario Outline: A certificate with two PSD2 statements is refused: <variant>
    Of two statements one bank reads the first and another the last.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect               | variant             |
      | psd2-statement-twice | the statement twice |
      | qc-statements-twice  | the extension twice |

  @covers:EN319412-5-4.1-not-critical-read
  @CERT-041 @may @needs:bad-certificate:critical-qc-statements @fault:critical-statements-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate whose QcStatements are critical is refused
    No issuer that keeps to the standard marks them so.

    When every door is approached with a certificate that is defective: critical-qc-statements
    Then the approach is refused

  @covers:EN319412-5-4.2.1-compliance-read @covers:RTS-34.1
  @CERT-038 @should @needs:bad-certificate:no-qc-compliance @fault:unqualified-certificate-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate that does not say that it is qualified is refused
    Only for qualified certificates does a supervised authority vouch.

    When every door is approached with a certificate that is defective: no-qc-compliance
    Then the approach is refused

  @covers:EN319412-5-4.2.3-type-read
  @CERT-039 @should @needs:bad-certificate:<defect> @fault:qc-type-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A QWAC whose QcType is not that of websites is refused: <variant>
    A certificate that contradicts itself was not issued with care.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect            | variant                 |
      | qc-type-seal      | that of seals           |
      | qc-type-signature | that of natural persons |
      | qc-type-missing   | none                    |

  @covers:RTS-34.1-seal-or-web @covers:EN319412-5-4.2.3-type-read
  @CERT-015 @may @needs:bad-certificate:seal-for-tls @fault:qsealc-accepted-for-tls @must:qwac-only @control:CERT-023 @control:CERT-026
  Scenario: A certificate for seals is not taken for TLS
    A seal is kept where documents are signed, and a bank may leave it there.

    When every door is approached with a certificate that is defective: seal-for-tls
    Then the approach is refused
