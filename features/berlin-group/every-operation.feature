@berlin-group @dialect:berlin-group @needs:payments
Feature: What every request of the payment API has to be

  @covers:BG-headers-x-request-id-refused
  @BG-050 @should @needs:operation:<operation> @fault:request-id-unchecked-at-<operation> @control:BG-001
  Scenario Outline: No operation is answered without an X-Request-ID: <door>
    Without it neither side can find the request in its logs when something goes wrong.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> without the header "X-Request-ID"
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | payment            | the payment itself           |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |

  @covers:BG-headers-x-request-id-uuid
  @BG-051 @should @needs:operation:<operation> @fault:request-id-unchecked-at-<operation> @control:BG-001
  Scenario Outline: No operation takes an X-Request-ID that is no UUID: <door>
    An id that two TPPs could both choose identifies nothing.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> with the header "X-Request-ID" set to "not-a-uuid"
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | initiation         | the initiation of payments   |
      | payment            | the payment itself           |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |

  @covers:BG-endpoints-unknown-product
  @BG-052 @should @needs:operation:<operation> @fault:product-unchecked-at-<operation> @control:BG-001
  Scenario Outline: No operation knows a payment product that there is not: <door>
    What is served under any name is served past whatever was set up for one.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> of the product "unknown-credit-transfers"
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | initiation         | the initiation of payments   |
      | payment            | the payment itself           |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation      | the start of authorisations  |
      | authorisation-list | the list of authorisations   |
      | cancellation       | the cancellation of payments |

  @covers:BG-headers-content-type
  @BG-053 @should @fault:media-type-unchecked-at-initiation @control:BG-001
  Scenario: A payment in another media type than JSON is refused
    What one side of the bank takes for text and the other for JSON is checked as one and paid as the other.

    Given the TPP can ask for initiation
    When the TPP asks for initiation with the header "Content-Type" set to "text/plain"
    And the TPP itself asks for initiation
    Then that is refused, and the TPP itself is served

  @covers:CAVAGE-2.5-verified @covers:BG-12-verified
  @SIGN-080 @must @needs:signature-berlin-group @needs:operation:<operation> @fault:signature-unchecked-at-<operation> @control:SIGN-008
  Scenario Outline: Nothing is done on a signature that is wrong: <door>
    A bank that looks at signatures where a payment is made, and not where it is cancelled, has half a seal.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> under a signature with one bit flipped
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation     | door                         |
      | initiation    | the initiation of payments   |
      | authorisation | the start of authorisations  |
      | cancellation  | the cancellation of payments |

  @covers:CAVAGE-2.5-verified @covers:BG-12-verified
  @SIGN-083 @should @needs:signature-berlin-group @needs:operation:<operation> @fault:signature-unchecked-at-<operation> @control:SIGN-008
  Scenario Outline: Nothing is told on a signature that is wrong: <door>
    A bank may want no signature where it only tells something; one that is there and wrong is a sign of somebody in between.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> under a signature with one bit flipped
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                         |
      | payment            | the payment itself           |
      | status             | the status of payments       |
      | sca-status         | the status of authorisations |
      | authorisation-list | the list of authorisations   |

  @covers:BG-headers-redirect-domain-checked
  @REDIR-020 @may @needs:explicit-authorisation @fault:tpp-uris-unchecked-at-authorisation @control:BG-024
  Scenario: A TPP-Redirect-URI outside the certificate's domain is refused where an authorisation is started too
    The certificate says which addresses are the TPP's own; others may be anybody's.

    Given the TPP can ask for authorisation
    When the TPP asks for authorisation with the header "TPP-Redirect-URI" set to "https://attacker.example/callback"
    And the TPP itself asks for authorisation
    Then that is refused, and the TPP itself is served

  @covers:BG-payments-required-fields-checked
  @BG-060 @should @fault:mandatory-field-unchecked-at-<field> @control:BG-001
  Scenario Outline: An initiation is refused without any of its mandatory fields: <field>
    Half an amount or half an account is completed by somebody's guess.

    Given the TPP can ask for initiation
    When the TPP asks for initiation without the member "<field>"
    And the TPP itself asks for initiation
    Then that is refused, and the TPP itself is served

    Examples:
      | field                     |
      | instructedAmount.currency |
      | instructedAmount.amount   |
      | creditorAccount.iban      |
      | creditorName              |

  @covers:BG-payments-debtor-account-checked
  @BG-061 @may @fault:mandatory-field-unchecked-at-debtorAccount.iban @control:BG-001
  Scenario: An initiation is refused without the account that is to pay
    Where the bank does not ask the customer, somebody's account is debited by a guess.

    Given the TPP can ask for initiation
    When the TPP asks for initiation without the member "debtorAccount.iban"
    And the TPP itself asks for initiation
    Then that is refused, and the TPP itself is served

  @covers:BG-payments-currency-format @covers:BG-payments-amount-format @covers:BG-payments-iban-format @covers:BG-payments-name-length
  @BG-062 @should @fault:field-form-unchecked-at-<field> @control:BG-001
  Scenario Outline: An initiation is refused where a mandatory field has not its form: <field>, <what>
    What is not what it should be is read by each system behind the bank in its own way.

    Given the TPP can ask for initiation
    When the TPP asks for initiation with the member "<field>" set to "<value>"
    And the TPP itself asks for initiation
    Then that is refused, and the TPP itself is served

    Examples:
      | field                     | what                  | value                                                                   |
      | instructedAmount.currency | in small letters      | eur                                                                     |
      | instructedAmount.currency | of four letters       | EURO                                                                    |
      | instructedAmount.amount   | with four decimals    | 1.0001                                                                  |
      | instructedAmount.amount   | in words              | twelve                                                                  |
      | creditorAccount.iban      | no IBAN               | 0123456789                                                              |
      | debtorAccount.iban        | no IBAN               | 0123456789                                                              |
      | creditorName              | of 71 characters      | Xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx xxxxxxxxx x |
