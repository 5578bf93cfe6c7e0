@oauth @needs:authorization @needs:protected-resource
Feature: The protected resource

  @covers:RFC6750-3-challenge @covers:RFC6750-3-bearer-scheme
  @RS-001 @must @fault:resource-served-without-token @fault:resource-without-challenge @fault:challenge-without-parameter @fault:payment-token-unchecked-at-payment @control:FLOW-003
  Scenario: A request without a token is refused and told how to come back
    A resource that opens without a token is not protected, and one that refuses without a word cannot be mended.

    Given the TPP holds an access token
    When the TPP asks for the protected resource without a token
    Then the request is refused with a Bearer challenge

  @covers:RFC6749-7-validates @covers:RFC6749-10.3-unforgeable @covers:RFC6750-5.2-no-forging @covers:RFC9068-4-signature
  @RS-002 @must @fault:token-signature-unchecked @control:FLOW-003
  Scenario: A token that was altered is refused
    If one character may change, any may: the TPP could write its own permissions.

    Given the TPP holds an access token
    When the TPP uses the access token with one character changed
    Then the access token is refused

  @covers:RFC6750-2.3-optional @covers:FAPI2-5.3.4-not-in-query
  @RS-003 @may @must:fapi2-core @fault:token-in-query-accepted @control:FLOW-003
  Scenario: A token in the query is not accepted
    Addresses are logged everywhere; tokens in them are given away.

    Given the TPP holds an access token
    When the TPP sends the access token in the query
    Then the access token is refused

  @covers:RFC6750-2.1-scheme-case @covers:RFC9110-11.1-scheme-case
  @RS-004 @should @fault:bearer-case-sensitive @control:FLOW-003
  Scenario: The Bearer scheme is recognised in any case
    Schemes are case-insensitive by the rules of HTTP, and some libraries write them in lower case.

    Given the TPP holds an access token
    When the TPP uses the access token under the scheme "bearer"
    Then the protected resource is served

  @covers:RFC6749-7-validates @covers:RFC9700-2.3-resources @covers:BG-tokens-invalid
  @RS-005 @must @needs:payments @needs:oauth-sca @fault:token-scope-unchecked @control:FLOW-003
  Scenario: A token for one payment does not open another
    The customer agreed to one payment; the token must not be a key to all of them.

    Given the TPP holds an access token
    And the TPP holds an access token for a second payment
    When the TPP uses the first token on the second payment
    Then the access token is refused

  @covers:RFC9068-4-alg-none @covers:RFC9068-2.1-signed
  @RS-006 @must @needs:jwt-access-tokens @fault:token-alg-none-accepted @control:FLOW-003
  Scenario Outline: A token that says it needs no signature is refused: <how>
    With the algorithm "none" everybody can write a token, and a bank that knows one spelling of it forbids one.

    Given the TPP holds an access token
    When the TPP uses the access token rewritten: <how>
    Then the access token is refused

    Examples:
      | how      |
      | alg none |
      | alg None |
      | alg NONE |
      | alg nOnE |
      | no alg   |
