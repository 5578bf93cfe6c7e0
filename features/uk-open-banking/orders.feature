@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Orders of domestic payments

  @covers:UK-consent-statuses
  @UK-029 @must @fault:uk-status-undeclared @control:UK-015 @control:FLOW-003
  Scenario: A payment that the PSU has authorised is ordered, and its TPP is told how far it has come
    The customer has done everything that was asked; what is left is between TPP and bank.

    Given the TPP holds an access token
    And the TPP has ordered the payment
    When the TPP asks for the status of the order
    Then the order is told with a published status

  @covers:UK-order-consent-authorised @covers:UK-order-token-of-consent @covers:PSD2-97.1
  @UK-002 @must @fault:uk-order-unauthorised @control:UK-029
  Scenario Outline: A payment is ordered by the token of its own consent alone, and where that is authorised: <state>
    With one customer's yes a TPP could pay everything that it has ever asked for.

    Given the TPP holds an access token
    And there is a second payment, which the PSU has <state>
    When the TPP orders the second payment by the token of the first
    Then the initiation is refused

    Examples:
      | state          |
      | authorised     |
      | not authorised |

  @covers:UK-order-equals-consent @covers:PSD2-97.2
  @UK-003 @must @fault:uk-order-mismatch @control:UK-029
  Scenario Outline: An order that is not what the PSU has agreed to is refused: <what>
    The customer saw one amount and one payee; whatever else is paid was never agreed to.

    Given the TPP holds an access token
    When the TPP orders the payment with another <what>
    Then the request is refused as a bad one

    Examples:
      | what                   |
      | amount                 |
      | payee                  |
      | context of the payment |

  @covers:UK-consent-consumed
  @UK-008 @must @fault:uk-consent-reusable @control:UK-029
  Scenario: A consent serves for one payment
    Whoever can use one yes twice has the customer pay twice.

    Given the TPP holds an access token
    And the TPP has ordered the payment
    When the TPP asks for the consent
    And the TPP orders the payment again, under another idempotency key
    Then the consent was consumed by the order
    And the request is refused as a bad one

  @covers:UK-consent-consumed
  @UK-050 @must @fault:uk-consent-used-twice-at-once @control:UK-029
  Scenario: Of two orders at the same time one at most is paid under a consent
    Two servers of the bank see the same consent unused, and the customer pays twice.

    Given the TPP holds an access token
    When the TPP orders the payment twice at the same time
    Then one of the two orders at most is taken

  @covers:UK-grants
  @UK-021 @must @fault:uk-grant-unchecked @fault:customers-token-unchecked-at-order @fault:customers-token-unchecked-at-funds-confirmation @control:UK-029 @control:UK-019
  Scenario Outline: A token that no PSU stands behind opens nothing of the PSU's: <deed>
    A TPP gets such tokens by itself, as many as it likes.

    Given the TPP holds an access token
    When the TPP <deed> by a token of its own
    Then the access token is refused

    Examples:
      | deed                             |
      | orders the payment               |
      | asks whether there are funds enough |

  @covers:UK-releases-apart
  @UK-026 @must @fault:uk-version-mixed @control:UK-029
  Scenario: A consent of one release of the API buys no order in another
    Each release has the customer agree to other words; an order in the other ones was agreed to by nobody.

    Given the PSU has authorised a consent of the other release of the API
    When the TPP orders the payment
    Then the initiation is refused
