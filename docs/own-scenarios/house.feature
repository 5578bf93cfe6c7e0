Feature: What our house asks of a bank beyond the law

  @covers:HOUSE-1
  @HOUSE-001 @must @dialect:berlin-group @needs:payments @control:BG-001
  Scenario: A payment of nothing is refused
    Our shops once sent empty baskets, and the bank booked them.

    When the TPP initiates a payment with the amount "0.00"
    Then the initiation is refused with "FORMAT_ERROR" or "PAYMENT_FAILED"

  @covers:HOUSE-2
  @HOUSE-002 @should @needs:authorization @slow @serial @nightly
  Scenario Outline: Who is called away comes back to an open session: <pause>
    A pharmacist who serves somebody in between must not have to begin anew.

    When the PSU walks away for <seconds> seconds and then goes on
    Then the TPP receives an authorization code

    Examples:
      | pause          | seconds |
      | a phone call   | 30      |
      | a prescription | 120     |

  @covers:HOUSE-3
  @HOUSE-003 @must @needs:authorization
  Scenario: A customer who agrees is back with what we sent
    Our shop finds the basket by the state: without it the customer has paid for nothing.

    When the PSU authorises the TPP, which sends the state "basket 4711/ß & more"
    Then the state comes back unchanged
