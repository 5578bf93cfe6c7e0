@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Orders of domestic payments

  @covers:UK-order-consent-authorised @covers:UK-order-token-of-consent @covers:PSD2-97.1
  @UK-002 @must @fault:uk-order-unauthorised @control:UK-004
  Scenario Outline: A payment is ordered by the token of its own consent alone: the consent is <state>
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
  @UK-003 @must @fault:uk-order-mismatch @control:UK-004
  Scenario Outline: An order that is not what the PSU has agreed to is refused: another <what>
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
  @UK-008 @must @fault:uk-consent-reusable @control:UK-004
  Scenario: A consent serves for one payment
    Whoever can use one yes twice has the customer pay twice.

    Given the TPP holds an access token
    And the TPP has ordered the payment
    When the TPP asks for the consent
    And the TPP orders the payment again, under another idempotency key
    Then the consent was consumed by the order
    And the request is refused as a bad one

  @covers:UK-grants
  @UK-021 @must @fault:uk-grant-unchecked @control:UK-004 @control:UK-019
  Scenario Outline: A token that no PSU stands behind opens nothing of the PSU's: the TPP <deed>
    A TPP gets such tokens by itself, as many as it likes.

    Given the TPP holds an access token
    When the TPP <deed> by a token of its own
    Then the access token is refused

    Examples:
      | deed                             |
      | orders the payment               |
      | asks whether there are funds enough |

  @covers:UK-releases-apart
  @UK-026 @must @fault:uk-version-mixed @control:UK-004
  Scenario: A consent of one release of the API buys no order in another
    Each release has the customer agree to other words; an order in the other ones was agreed to by nobody.

    Given the PSU has authorised a consent of the other release of the API
    When the TPP orders the payment in this release
    Then the initiation is refused
