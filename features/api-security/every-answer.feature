@api-security
Feature: Every answer of the bank

  @covers:OWASP-API8-error-messages
  @API-001 @passive @should @fault:error-leaks-internals
  Scenario: No answer shows the inside of the bank
    A stack trace or a database error is a map for the next attacker.

    Given every answer of this run
    Then none of them shows internals of the server

  @covers:RFC8259-2-grammar @covers:RFC8259-8.1-no-byte-order-mark
  @API-002 @passive @must @fault:json-with-byte-order-mark @fault:json-with-idle-comma
  Scenario: Every answer that says that it is JSON is JSON
    A TPP's parser stops where the grammar does: one octet too many, and every answer of the bank is lost to it.

    Given every answer of this run
    Then every one of them that says so is JSON

  @covers:BG-responses-media-type @covers:UK-responses-media-type
  @API-003 @must @needs:payments @fault:payment-json-as-text
  Scenario: JSON of the payment API says that it is JSON
    A TPP's HTTP library hands out an object or a text by what the answer calls itself.

    Given every answer of the payment API in this run
    Then every one of them with JSON says so

  @covers:RFC9110-15.5.2-challenge
  @API-004 @must @fault:challenge-missing-beside-bad-token
  Scenario: Every 401 for want of a token says how to authenticate
    A TPP that is told neither scheme nor error cannot tell an expired token from a wrong one, and sends its customer to the bank again.

    Given every answer of this run
    Then every 401 among them challenges whoever asked

  @covers:RFC9110-15.5.6-allow
  @API-005 @passive @must @fault:allow-missing
  Scenario: Every 405 names the methods that there are
    The one answer that can mend the request by itself should not leave out how.

    Given every answer of this run
    Then every 405 among them names the methods that there are

  @covers:RFC8259-4-unique-names
  @API-006 @passive @should @fault:json-member-twice
  Scenario: No object has a member twice
    One reader takes the first, another the last: what one part of a TPP checks another part never sees.

    Given every answer of this run
    Then no object among them has a member twice

  @covers:RFC9110-5.3-single-fields
  @API-007 @passive @must @fault:location-twice
  Scenario: A header field that is no list stands once
    Of two addresses the proxy looks at the one, and the TPP goes to the other.

    Given every answer of this run
    Then none of them has two lines of a header field that is no list

  @covers:RFC9110-10.2.4-server
  @LEAK-001 @may @passive @fault:version-told-in-server
  Scenario: No answer tells the version of the software behind it
    A version is looked up in the list of its holes; nobody who pays needs it.

    Given every answer of this run
    Then none of them tells the version of the software behind it
