@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Confirmation of funds before an order

  @covers:UK-funds-told @covers:UK-funds-unchanged @covers:RTS-36.1.c-funds
  @UK-019 @must @fault:uk-funds-not-boolean @fault:uk-funds-reject-consent @control:FLOW-003 @control:UK-015
  Scenario: The bank says whether there are funds enough, and nothing else happens
    A shop hands out the goods on this word; "maybe" is none.

    Given the TPP holds an access token
    When the TPP asks whether there are funds enough
    And the TPP asks for the consent
    Then the bank has told whether there are funds enough
    And the consent is authorised as before

  @covers:RTS-36.1.c-funds-only
  @UK-060 @must @fault:uk-funds-tell-balance @control:UK-019
  Scenario: The bank says yes or no about the funds, and no balance
    How much a customer has is nobody's business who only has to know whether it is enough.

    Given the TPP holds an access token
    When the TPP asks whether there are funds enough
    And the TPP asks for the consent
    Then the bank has told whether there are funds enough
    And the bank has told no balance

  @covers:UK-funds-state
  @UK-020 @must @fault:uk-funds-any-state @control:UK-019 @control:UK-029
  Scenario: Funds are confirmed only before the order
    A consent that has done its duty is no window into the customer's account.

    Given the TPP holds an access token
    And the TPP has ordered the payment
    When the TPP asks whether there are funds enough
    Then the request is refused as a bad one

  @covers:UK-expired-token
  @UK-027 @must @slow @serial @fault:uk-expired-body @control:FLOW-003
  Scenario: An expired token is refused as the release of the API has it
    The TPP has to know that it is to come back with the customer, and not that it did something wrong.

    Given the TPP holds an access token
    And the access token has expired
    When the TPP asks whether there are funds enough
    Then the expired token is refused as the release of the API has it
