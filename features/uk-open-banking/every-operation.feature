@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: What every request of the payment API of the UK has to be

  @covers:UK-grants
  @UK-040 @must @needs:operation:<operation> @fault:<rule>-unchecked-at-<operation> @control:UK-029
  Scenario Outline: No operation is open without an access token: <door>
    The certificate says who asks; only the token says what the customer, or the bank, has allowed.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> without a token
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                       | rule          |
      | initiation         | the initiation of payments | tpps-token    |
      | status             | the status of payments     | tpps-token    |
      | funds-confirmation | the confirmation of funds  | consent-token |
      | order              | the order of payments      | consent-token |
      | order-status       | the status of orders       | tpps-token    |
      | order-details      | the details of orders      | tpps-token    |

  @covers:UK-grants
  @UK-041 @must @needs:operation:<operation> @fault:<rule>-unchecked-at-<operation> @control:UK-029
  Scenario Outline: No operation is open to a token that nobody has issued: <door>
    A bank that looks whether there is a token, and not which one, takes any.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> by a token that nobody has issued
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                       | rule          |
      | initiation         | the initiation of payments | tpps-token    |
      | status             | the status of payments     | tpps-token    |
      | funds-confirmation | the confirmation of funds  | consent-token |
      | order              | the order of payments      | consent-token |
      | order-status       | the status of orders       | tpps-token    |
      | order-details      | the details of orders      | tpps-token    |

  @covers:UK-accept
  @UK-042 @must @needs:operation:<operation> @fault:accepts-json-unchecked-at-<operation> @control:UK-029
  Scenario Outline: A TPP that takes no JSON is told so by every operation: <door>
    An answer in a form that was not asked for is read by luck.

    Given the TPP can ask for <operation>
    When the TPP asks for <operation> with the header "Accept" set to "text/html"
    And the TPP itself asks for <operation>
    Then that is refused, and the TPP itself is served

    Examples:
      | operation          | door                      |
      | status             | the status of payments    |
      | funds-confirmation | the confirmation of funds |
      | order              | the order of payments     |
      | order-status       | the status of orders      |
      | order-details      | the details of orders     |

  @covers:UK-content-type
  @UK-043 @must @fault:media-type-unchecked-at-order @control:UK-029
  Scenario: An order in another media type than JSON is refused
    What one side of the bank takes for text and the other for JSON is checked as one and paid as the other.

    Given the TPP can ask for order
    When the TPP asks for order with the header "Content-Type" set to "text/plain"
    And the TPP itself asks for order
    Then that is refused, and the TPP itself is served

  @covers:UK-idempotency-key-length
  @UK-044 @must @fault:idempotency-key-unchecked-at-order @control:UK-029
  Scenario: An order under an idempotency key of more than 40 characters is refused
    A bank that cuts a key off takes two orders for one.

    Given the TPP can ask for order
    When the TPP asks for order with the header "x-idempotency-key" set to "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
    And the TPP itself asks for order
    Then that is refused, and the TPP itself is served

  @covers:UK-signing-verified @covers:RFC7515-5.2-verified
  @SIGN-081 @must @needs:signature-uk-jws @fault:signature-unchecked-at-order @control:SIGN-030 @control:UK-029
  Scenario: An order under a signature that is wrong is refused
    The consent was sealed by the TPP; the order that moves the money has to be as well.

    Given the TPP can ask for order
    When the TPP asks for order under a signature with one bit flipped
    And the TPP itself asks for order
    Then that is refused, and the TPP itself is served

  @covers:UK-signing-missing
  @SIGN-082 @must @needs:signature-uk-jws @needs:signature-required @fault:signature-demanded-unchecked-at-order @control:SIGN-030 @control:UK-029
  Scenario: An order without a signature is refused by a bank that demands them
    What need not be signed can be sent by anybody who has the token.

    Given the TPP can ask for order
    When the TPP asks for order without a signature
    And the TPP itself asks for order
    Then that is refused, and the TPP itself is served
