@api-security
Feature: Every answer of the bank

  @covers:OWASP-API8-error-messages
  @API-001 @passive @should @fault:error-leaks-internals
  Scenario: No answer shows the inside of the bank
    A stack trace or a database error is a map for the next attacker.

    Given every answer of this run
    Then none of them shows internals of the server
