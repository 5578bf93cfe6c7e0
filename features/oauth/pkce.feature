@oauth @needs:authorization
Feature: Proof Key for Code Exchange

  @covers:RFC7636-4.4.1-challenge-required @covers:FAPI2-5.3.2.2-pkce
  @PKCE-001 @may @must:pkce-required @must:fapi2-core @fault:pkce-optional @control:FLOW-001
  Scenario: The authorization endpoint refuses a request without code_challenge
    Without a challenge, whoever steals the code can redeem it.

    When the TPP asks for authorization without "code_challenge"
    Then the authorization request is refused

  @covers:RFC7636-4.4.1-unknown-method @covers:FAPI2-5.3.2.2-pkce
  @PKCE-002 @may @must:pkce-s256-only @must:fapi2-core @fault:pkce-plain-accepted @control:FLOW-001
  Scenario: The authorization endpoint refuses the plain method
    With the plain method the verifier itself travels through the browser, where it can be read.

    When the TPP asks for authorization with "code_challenge_method" set to "plain"
    Then the authorization request is refused

  @covers:RFC7636-4.6
  @PKCE-003 @must @fault:pkce-verifier-unchecked @control:FLOW-002
  Scenario: The token endpoint refuses a code_verifier that does not match
    A stolen authorization code must be worthless to whoever did not start the flow.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code with another code_verifier
    Then the token request is refused

  @covers:RFC9700-2.1.1-verifier-enforced
  @PKCE-004 @must @fault:pkce-missing-verifier-accepted @control:FLOW-002
  Scenario: The token endpoint refuses a request without the code_verifier
    A challenge protects nothing if the thief may simply leave the verifier out.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code without "code_verifier"
    Then the token request is refused

  @covers:RFC7636-4.1-grammar
  @PKCE-005 @may @fault:pkce-verifier-length-unchecked @control:FLOW-002
  Scenario Outline: The token endpoint refuses a code_verifier of a length outside the grammar: <characters> characters
    A verifier that is too short can be guessed; refusing it protects careless TPPs.

    Given the PSU has authorised the TPP with a code_verifier of <characters> characters
    When the TPP redeems the authorization code
    Then the token request is refused

    Examples:
      | characters |
      | 1          |
      | 42         |
      | 129        |
      | 256        |

  @covers:RFC7636-4.1-grammar
  @PKCE-006 @may @fault:pkce-verifier-charset-unchecked @control:FLOW-002
  Scenario Outline: The token endpoint refuses a code_verifier with characters outside the grammar: <what>
    A server that takes any text as a verifier has not read the rule that makes it unguessable.

    Given the PSU has authorised the TPP with a code_verifier that holds <what>
    When the TPP redeems the authorization code
    Then the token request is refused

    Examples:
      | what                  |
      | forbidden characters  |
      | a space               |
      | a plus sign           |
      | a slash               |
      | an equals sign        |
      | a percent sign        |
      | a letter beyond ASCII |

  @covers:RFC9700-2.1.1-no-downgrade @covers:RFC9700-4.8.2
  @PKCE-007 @must @fault:pkce-downgrade-accepted @control:FLOW-002
  Scenario: A code_verifier is not accepted for a flow that began without code_challenge
    Otherwise an attacker strips the challenge from the request and PKCE protects nobody.

    When the TPP asks for authorization without "code_challenge" and redeems the code with a code_verifier
    Then no token has been issued

  @covers:RFC7636-4.4.1-unknown-method
  @PKCE-008 @must @fault:pkce-unknown-method-accepted @control:FLOW-001
  Scenario: The authorization endpoint refuses a code_challenge_method that it does not know
    A method that is silently ignored leaves the flow without any protection.

    When the TPP asks for authorization with "code_challenge_method" set to "S512"
    Then the authorization request is refused

  @covers:RFC7636-4.2-s256-encoding @covers:RFC7636-4.6
  @PKCE-009 @must @fault:pkce-hex-challenge-accepted @control:FLOW-002
  Scenario: A hexadecimal digest does not pass as an S256 code_challenge
    Some published examples show the challenge in hexadecimal; a bank that accepts it has another PKCE than everybody else.

    When the TPP asks for authorization with a hexadecimal code_challenge and redeems the code with its code_verifier
    Then no token has been issued

  @covers:RFC7636-4.4-associated @covers:RFC7636-4.6 @covers:RFC9700-4.5.3-code-bound
  @PKCE-010 @must @fault:pkce-verifier-shared-between-flows @control:FLOW-002
  Scenario: The code_verifier of one flow does not redeem the code of another
    The proof must belong to the flow it protects, or one leaked verifier opens every flow.

    Given the PSU has authorised the TPP
    And the PSU has authorised the TPP a second time
    When the TPP redeems the first code with the code_verifier of the second flow
    Then the token request is refused

  @covers:RFC7636-4.4-not-exposed
  @PKCE-012 @must @fault:code-exposes-challenge @control:FLOW-001
  Scenario: The authorization code does not show the code_challenge
    Whoever can read the challenge out of a stolen code knows which flow to attack.

    When the PSU authorises the TPP
    Then the code_challenge cannot be read out of the code

  @covers:RFC7636-4.6
  @PKCE-011 @must @fault:pkce-empty-verifier-accepted @fault:pkce-challenge-taken-for-verifier @fault:pkce-challenge-of-token-request-taken @control:FLOW-002
  Scenario Outline: The token endpoint refuses what is nearly the code_verifier: it is <what>
    The challenge has gone through the browser; whoever has seen it there must not be able to answer it, and nobody may bring another.

    Given the PSU has authorised the TPP with a code_verifier of 86 characters
    When the TPP redeems the authorization code with a code_verifier that is <what>
    Then the token request is refused

    Examples:
      | what                                            |
      | empty                                           |
      | the code_challenge                              |
      | the first half of the right one                 |
      | the second half of the right one                |
      | the answer to a code_challenge brought along    |
