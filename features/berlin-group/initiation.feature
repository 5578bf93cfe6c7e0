@berlin-group @dialect:berlin-group @needs:payments
Feature: Payment initiation

  @covers:BG-payments-201 @covers:BG-links-href @covers:RTS-36.1.b-same-information @covers:PSD2-66.4.b
  @BG-001 @must @fault:payment-links-missing @fault:links-as-texts
  Scenario: A correct payment initiation is answered with everything needed to go on
    Without the payment's id, its status and its links the TPP has sent money into the dark.

    When the TPP initiates a payment
    Then the payment is created with its id, status and links

  @covers:BG-headers-x-request-id-refused @covers:BG-errors-format
  @BG-003 @should @fault:request-id-optional @fault:request-id-unchecked-at-initiation @control:BG-001
  Scenario: An initiation without X-Request-ID is refused
    Without it neither side can find the payment in its logs when something goes wrong.

    When the TPP initiates a payment without the header "X-Request-ID"
    Then the initiation is refused as malformed

  @covers:BG-headers-x-request-id-uuid @covers:BG-errors-format
  @BG-004 @should @fault:request-id-any-format @control:BG-001
  Scenario: An X-Request-ID that is no UUID is refused
    An id that two TPPs could both choose identifies nothing.

    When the TPP initiates a payment with the header "X-Request-ID" set to "not-a-uuid"
    Then the initiation is refused as malformed

  @covers:BG-headers-psu-ip-address-refused @covers:BG-errors-format
  @BG-005 @should @fault:psu-ip-address-optional @fault:psu-ip-address-unchecked-at-initiation @control:BG-001
  Scenario: An initiation without PSU-IP-Address is refused
    The bank's fraud detection needs to know where the customer sits.

    When the TPP initiates a payment without the header "PSU-IP-Address"
    Then the initiation is refused as malformed

  @covers:BG-payments-required-fields-checked @covers:BG-payments-debtor-account-checked @covers:BG-errors-format
  @BG-006 @should @fault:body-fields-unchecked @control:BG-001
  Scenario Outline: An initiation without a mandatory field is refused: <field>
    A payment without payer, payee or amount cannot be what the customer wants.

    When the TPP initiates a payment without the field "<field>"
    Then the initiation is refused as malformed

    Examples:
      | field            |
      | instructedAmount |
      | creditorAccount  |
      | creditorName     |

  @covers:BG-payments-amount-format @covers:BG-payments-amount-positive
  @BG-007 @should @fault:amount-unchecked @control:BG-001
  Scenario Outline: An amount that is none is refused: <amount>
    A sign or a comma in the wrong place moves money in the wrong direction or a hundredfold.

    When the TPP initiates a payment with the amount "<amount>"
    Then the initiation is refused for its amount

    Examples:
      | amount  |
      | 0.00    |
      | -12.50  |
      | 12,50   |
      | twelve  |

  @covers:BG-payments-iban-format
  @BG-008 @should @fault:iban-unchecked @control:BG-001
  Scenario: An IBAN with a wrong check digit is refused
    The check digit is there to catch the typing error before the money has left.

    When the TPP initiates a payment to an IBAN with a wrong check digit
    Then the initiation is refused for its payee

  @covers:BG-errors-product-unknown
  @BG-009 @should @fault:unknown-product-server-error @control:BG-001
  Scenario: An unknown payment product is named as such
    An error that names its cause is mended in minutes; a server error costs both sides a day.

    When the TPP initiates a payment of the product "unknown-credit-transfers"
    Then the initiation is refused for its product

  @covers:BG-headers-sca-approach @covers:BG-headers-sca-approach-values @covers:BG-links-sca-oauth
  @BG-019 @must @fault:sca-approach-missing @fault:sca-approach-undeclared @fault:sca-link-missing @control:BG-001
  Scenario: The answer says how the customer will authenticate
    The TPP has to know whether to send the customer to the bank or to wait.

    When the TPP initiates a payment
    Then the ASPSP-SCA-Approach agrees with the links

  @covers:BG-payments-duplicate-request
  @BG-070 @may @fault:request-sent-again-pays-twice @control:BG-001
  Scenario: An initiation that is sent once more makes no second payment
    An answer gets lost, the TPP sends the same request under the same X-Request-ID, and the customer pays twice.

    When the TPP sends one and the same initiation twice
    Then there is one payment at most

  @covers:BG-headers-redirect-domain-checked
  @REDIR-008 @may @fault:tpp-redirect-uri-foreign-accepted @fault:tpp-uris-unchecked-at-initiation @control:BG-001
  Scenario: A TPP-Redirect-URI outside the certificate's domain is refused
    The certificate says which addresses are the TPP's own; others may be anybody's.

    When the TPP initiates a payment with the header "TPP-Redirect-URI" set to "https://attacker.example/callback"
    Then the initiation is refused as malformed
