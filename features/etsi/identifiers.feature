@etsi @needs:payments
Feature: Who the TPP is and who has authorised it

  @covers:ETSI119495-5.2.1-form-read @covers:BG-certificate-invalid
  @CERT-012 @should @needs:bad-certificate:<defect> @fault:organization-identifier-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A malformed organizationIdentifier is refused: <variant>
    It is the name by which the bank, the register and the authority know the TPP.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect                     | variant          |
      | identifier-without-hyphens | without hyphens  |
      | identifier-small-letters   | in small letters |
      | identifier-without-number  | without a number |

  @covers:ETSI119495-5.3-identifier-read @covers:BG-certificate-invalid
  @CERT-047 @should @needs:bad-certificate:no-organization-identifier @fault:certificate-without-identifier-accepted @control:CERT-023 @control:CERT-026
  Scenario: A certificate without an organizationIdentifier is refused
    Without it the bank does not know which TPP it serves.

    When every door is approached with a certificate that is defective: no-organization-identifier
    Then the approach is refused

  @covers:ETSI119495-5.2.3-nca-id-read @covers:BG-certificate-invalid
  @CERT-013 @should @needs:bad-certificate:<defect> @fault:nca-id-unchecked @control:CERT-023 @control:CERT-026
  Scenario Outline: A malformed identifier of the authority is refused: <variant>
    A bank that cannot tell the authority cannot look the TPP up in a register.

    When every door is approached with a certificate that is defective: <defect>
    Then the approach is refused

    Examples:
      | defect                 | variant               |
      | nca-id-underscore      | with an underscore    |
      | nca-id-small-letters   | in small letters      |
      | nca-id-without-country | without the country   |
      | nca-fields-swapped     | swapped with the name |

  @covers:ETSI119495-5.2-agreement-read
  @CERT-014 @may @needs:bad-certificate:authority-mismatch @fault:nca-mismatch-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate that names two authorities of one country is refused
    One authority has authorised the TPP, and the certificate says twice which one.

    When every door is approached with a certificate that is defective: authority-mismatch
    Then the approach is refused

  @covers:ETSI119495-5.2-agreement-read
  @CERT-049 @may @needs:bad-certificate:authority-country-mismatch @fault:nca-country-mismatch-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate that names authorities of two countries is refused
    In which country a TPP is supervised decides what it may do where.

    When every door is approached with a certificate that is defective: authority-country-mismatch
    Then the approach is refused

  @covers:ETSI119495-5.2-agreement-read
  @CERT-048 @may @needs:bad-certificate:country-mismatch @fault:country-mismatch-unchecked @control:CERT-023 @control:CERT-026
  Scenario: A certificate whose holder lives in another country than its authority is refused
    A TPP is authorised where it is established, unless somebody has mixed two of them up.

    When every door is approached with a certificate that is defective: country-mismatch
    Then the approach is refused
