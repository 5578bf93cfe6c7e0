@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Consents to domestic payments

  @covers:UK-consent-created
  @UK-001 @must @fault:uk-consent-born-authorised
  Scenario: A consent is created, and waits for the PSU
    A bank that takes the TPP's word for the customer's pays whatever any TPP likes.

    When the TPP asks for a consent
    Then the consent is created, and waits for the PSU

  @covers:UK-consent-waits @covers:PSD2-64.1
  @UK-030 @must @fault:uk-consent-read-as-authorised @control:UK-001
  Scenario: A consent waits as long as nobody has asked the PSU
    A TPP that reads that the customer has agreed believes it, and so does whoever lends on it.

    Given the TPP has asked for a consent
    When the TPP asks for the consent
    Then the consent still waits for the PSU

  @covers:UK-consent-authorised
  @UK-015 @must @fault:uk-approval-unrecorded @control:FLOW-001
  Scenario: A consent that the PSU has approved is authorised
    The customer has agreed to this amount and this payee, and the TPP may now act on it.

    Given the PSU has authorised the TPP
    When the TPP asks for the consent
    Then the consent is authorised

  @covers:UK-consent-rejected @covers:PSD2-64.1
  @UK-016 @must @needs:psu-deny @fault:uk-denial-unrecorded @control:UK-015
  Scenario: A consent that the PSU has denied is rejected
    No means no, for the money too.

    Given the PSU has denied the TPP
    When the TPP asks for the consent
    Then the consent is rejected

  @covers:UK-intent-of-the-tpp
  @UK-018 @must @needs:second-tpp @fault:uk-foreign-intent @control:FLOW-001 @control:CERT-025
  Scenario: A TPP cannot have another TPP's consent authorised
    Otherwise one licensed third party acts on the business of another.

    Given the TPP has asked for a consent
    When the second TPP asks for authorization of that payment
    Then no authorization code is issued

  @covers:UK-consent-fields @covers:UK-consent-checked-at-once
  @UK-023 @must @fault:uk-fields-unchecked @control:UK-001
  Scenario Outline: A consent to half a payment is refused: <omission>
    What nobody has named nobody can have agreed to.

    When the TPP asks for a consent without <omission>
    Then the request is refused as a bad one

    Examples:
      | omission          |
      | an amount         |
      | a payee           |
      | the payee's name  |
      | an identification |
      | a Risk            |

  @covers:UK-consent-checked-at-once
  @UK-024 @must @fault:uk-sort-code-unchecked @control:UK-001
  Scenario: An account that is none is refused at once
    A digit that is missing is found now, or when the money is gone.

    When the TPP asks for a consent to pay an account of 13 digits
    Then the request is refused as a bad one

  @covers:UK-content-type @covers:UK-accept
  @UK-022 @must @fault:uk-media-type-unchecked @fault:media-type-unchecked-at-initiation @fault:accepts-json-unchecked-at-initiation @control:UK-001
  Scenario Outline: Another media type than JSON is refused: <header>
    What one side of the bank takes for text and the other for JSON is checked as one and paid as the other.

    When the TPP asks for a consent with the header "<header>" set to "<value>"
    Then the request is answered with status <status>

    Examples:
      | header       | value      | status |
      | Content-Type | text/plain | 415    |
      | Accept       | text/html  | 406    |

  @covers:UK-dates
  @UK-025 @must @fault:uk-date-forms @control:UK-001
  Scenario Outline: A date is taken in every form of ISO 8601, and told with its zone: <form>
    An hour that each side counts from its own clock is two hours.

    When the TPP asks for a consent that has to be authorised by a time <form>
    Then the date is accepted, and every date of the answer has its zone

    Examples:
      | form                        |
      | in UTC                      |
      | with an offset              |
      | with a fraction of a second |

  @covers:UK-unknown-id
  @UK-007 @must @fault:uk-unknown-404 @control:UK-015
  Scenario Outline: What does not exist is answered with 400: <what>
    To the TPP 404 says that the bank has no such endpoint, and it goes looking there.

    When the TPP asks for a <what> that does not exist
    Then the request is refused as a bad one

    Examples:
      | what    |
      | consent |
      | payment |

  @covers:UK-other-tpp @covers:OWASP-API1-object-level
  @UK-017 @must @needs:second-tpp @fault:uk-owner-unchecked @control:UK-029 @control:CERT-025
  Scenario Outline: A TPP cannot see what is another TPP's: <what>
    Whoever can read it learns who pays whom and how much.

    Given the TPP holds an access token
    And the TPP has ordered the payment
    When the second TPP asks for the <what>
    Then the payment is not shown

    Examples:
      | what    |
      | consent |
      | order   |
