@oauth @needs:authorization @needs:revocation
Feature: Token revocation

  @covers:RFC7009-2-access-tokens
  @REVOKE-001 @should @needs:protected-resource @fault:access-token-revocation-without-effect @fault:token-revocation-unchecked-at-payment @fault:token-revocation-unchecked-at-funds-confirmation @control:FLOW-003
  Scenario: A revoked access token no longer works
    A TPP that gives its access back must be able to rely on it being gone.

    Given the TPP holds an access token
    And the TPP has asked the bank to revoke its access token
    When the TPP uses the access token
    Then the access token is refused

  @covers:RFC7009-2-refresh-tokens @covers:RFC7009-2.1-immediate
  @REVOKE-002 @must @needs:refresh-tokens @fault:refresh-token-revocation-without-effect @control:FLOW-004
  Scenario: A revoked refresh token no longer works
    Revoking is how a TPP ends a customer's permission; a token that lives on ends nothing.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has revoked its refresh token
    When the TPP refreshes its access token
    Then the token request is refused

  @covers:RFC7009-2.1-refresh-ends-access
  @REVOKE-003 @should @needs:refresh-tokens @needs:protected-resource @fault:refresh-revocation-keeps-access-tokens @control:FLOW-003 @control:REVOKE-001
  Scenario: Revoking the refresh token ends the access tokens of the same grant
    Who revokes the root expects the branches to fall, where there are any that can.

    Given an access token that was revoked
    And the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has revoked its refresh token
    When the TPP uses the access token
    Then the access token has gone with it

  @covers:RFC7009-2.2-unknown-token
  @REVOKE-004 @passive @must @fault:unknown-token-revocation-refused
  Scenario: Revoking an unknown token succeeds
    The TPP wants the token gone, and it is: an error would only invite it to try again.

    When the TPP revokes a token that was never issued
    Then the revocation is acknowledged

  @covers:RFC7009-2.1-client-authentication
  @REVOKE-005 @must @fault:revocation-without-client-authentication @control:REVOKE-010
  Scenario: The revocation endpoint refuses a TPP that does not authenticate
    Whoever can revoke without a name can cut off any TPP.

    Given the TPP holds an access token
    When someone who does not authenticate revokes the access token
    Then the revocation is refused

  @covers:RFC7009-2.1-token-of-client
  @REVOKE-006 @must @needs:second-tpp @needs:protected-resource @fault:revocation-by-other-client @control:FLOW-003 @control:CERT-025
  Scenario: A TPP cannot revoke another TPP's token
    Otherwise one competitor can switch off another.

    Given the TPP holds an access token
    When the second TPP tries to revoke the TPP's access token
    Then the access token still works

  @covers:RFC7009-2.1-wide-search
  @REVOKE-007 @must @needs:protected-resource @fault:revocation-hint-obeyed @control:REVOKE-001
  Scenario: A wrong token_type_hint does not keep a token alive
    The hint is a help for the search; a bank that trusts it leaves tokens alive that the TPP believes dead.

    Given the TPP holds an access token
    And the TPP has revoked its access token with the wrong hint
    When the TPP uses the access token
    Then the wrong hint has not kept the token alive

  @covers:RFC7009-2.1-token-parameter @covers:RFC7009-2.2.1-errors
  @REVOKE-008 @must @fault:revocation-without-token-accepted @control:REVOKE-010
  Scenario: A revocation request without a token is refused
    A success for nothing hides the mistake until the token is abused.

    When the TPP sends a revocation request without a token
    Then the revocation is refused

  @covers:RFC7009-2.3-jsonp
  @REVOKE-009 @may @needs:protected-resource @fault:revocation-by-get @control:FLOW-003
  Scenario: A GET does not revoke
    A token in an address ends up in logs, and a link that revokes can be planted anywhere.

    Given the TPP holds an access token
    When the TPP tries to revoke its access token by GET
    Then the access token still works

  @covers:RFC7009-2.2-unknown-token @covers:RFC7009-2.2-ok
  @REVOKE-010 @must @fault:second-revocation-server-error
  Scenario: Revoking the same token twice succeeds
    Networks repeat requests; the second of two equal ones is no error.

    Given the TPP holds an access token
    And the TPP has revoked its access token
    When the TPP revokes its access token
    Then the revocation is acknowledged

  @covers:RFC7009-2.1-immediate
  @REVOKE-011 @must @needs:protected-resource @needs:operation:<operation> @fault:revocation-of-used-token-unchecked-at-<operation> @control:REVOKE-001
  Scenario Outline: A token that was used before its revocation is refused afterwards: <operation>
    What the payment API has seen once it may remember; a revocation that does not reach its memory has revoked nothing.

    Given the TPP can ask for <operation>
    And the TPP holds a token for <operation> that has been used there
    And the TPP has revoked that token
    When the TPP asks for <operation> by the token that it has revoked
    Then the revocation of the token is noticed

    Examples:
      | operation          |
      | payment            |
      | funds-confirmation |

  @covers:RFC7009-2.1-immediate
  @REVOKE-018 @must @dialect:uk-open-banking @needs:operation:<operation> @fault:revocation-of-used-token-unchecked-at-<operation> @control:REVOKE-001
  Scenario Outline: A TPP's own token that was used before its revocation is refused afterwards: <operation>
    The token by which a TPP speaks for itself opens all its consents, and is used all day.

    Given the TPP can ask for <operation>
    And the TPP holds a token for <operation> that has been used there
    And the TPP has revoked that token
    When the TPP asks for <operation> by the token that it has revoked
    Then the revocation of the token is noticed

    Examples:
      | operation     |
      | initiation    |
      | status        |
      | order-status  |
      | order-details |

  @covers:RFC7009-2.1-immediate
  @REVOKE-012 @must @dialect:uk-open-banking @needs:operation:<operation> @fault:token-revocation-unchecked-at-<operation> @control:REVOKE-001
  Scenario Outline: A revoked token is refused at every operation: <operation>
    Each operation that does not ask is a way round the revocation.

    Given the TPP can ask for <operation>
    And the TPP holds a token for <operation> that has not been used there
    And the TPP has revoked that token
    When the TPP asks for <operation> by the token that it has revoked
    Then the revocation of the token is noticed

    Examples:
      | operation     |
      | initiation    |
      | status        |
      | order         |
      | order-status  |
      | order-details |

  @covers:RFC7009-2.1-refresh-ends-access
  @REVOKE-013 @should @needs:refresh-tokens @needs:protected-resource @fault:refresh-revocation-keeps-refreshed-tokens @control:FLOW-003 @control:REVOKE-003
  Scenario: Revoking the refresh token ends the access tokens that it has brought
    Most access tokens come by refresh: a bank that ends the first alone ends the one that has long expired.

    Given an access token that was revoked
    And the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has refreshed its access token
    And the TPP has revoked its refresh token
    When the TPP uses the access token
    Then the access token has gone with it

  @covers:RFC7009-2-refresh-tokens @covers:RFC7009-2.1-immediate
  @REVOKE-014 @must @needs:refresh-tokens @fault:used-refresh-token-outlives-revocation @control:FLOW-004
  Scenario: A refresh token that was used before its revocation no longer works afterwards
    A refresh token is used again and again; that it was good yesterday must not make it good tomorrow.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has refreshed its access token
    And the TPP has revoked its refresh token
    When the TPP refreshes its access token
    Then the token request is refused

  @covers:RFC7009-2.2-invalid-hint @covers:RFC7009-2.1-wide-search
  @REVOKE-015 @must @fault:<fault> @control:REVOKE-010
  Scenario Outline: A token_type_hint that the bank does not know does not influence its answer: <token>, <hint>
    A TPP that is told 400 takes it that the token lives on, and tries again for ever.

    Given the TPP holds an access token
    When the TPP revokes <token> with the token_type_hint "<hint>"
    Then the revocation is acknowledged

    Examples:
      | token                         | hint                                          | fault                                               |
      | its access token              | bankproof_token                               | revocation-refuses-odd-hint                         |
      | its access token              | bankproof_token                               | revocation-refuses-odd-hint-at-unknown-hint         |
      | its access token              | Access_Token                                  | revocation-refuses-odd-hint-at-hint-in-capitals     |
      | its access token              | urn:ietf:params:oauth:token-type:access_token | revocation-refuses-odd-hint-at-hint-of-an-extension |
      | its access token              |                                               | empty-revocation-parameter-refused                  |
      | its access token              |                                               | empty-revocation-parameter-refused-at-token_type_hint |
      | a token that was never issued | bankproof_token                               | revocation-refuses-odd-hint                         |

    @needs:refresh-tokens
    Examples:
      | token             | hint            | fault                       |
      | its refresh token | bankproof_token | revocation-refuses-odd-hint |

  @covers:RFC7009-2.2-invalid-hint @covers:RFC7009-2.1-wide-search
  @REVOKE-016 @must @needs:protected-resource @fault:token-kept-by-odd-hint-at-access-token @control:REVOKE-001
  Scenario: A token_type_hint that the bank does not know does not keep an access token alive
    The bank has said that the token is gone, and the TPP has no way to find out that it is not.

    Given the TPP holds an access token
    And the TPP has revoked its access token with the token_type_hint "bankproof_token"
    When the TPP uses the access token
    Then the wrong hint has not kept the token alive

  @covers:RFC7009-2.1-wide-search
  @REVOKE-017 @must @needs:refresh-tokens @fault:<fault> @control:FLOW-004 @control:REVOKE-002
  Scenario Outline: No token_type_hint keeps a refresh token alive: <hint>
    A refresh token that lives on is a customer's permission that has no end.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has revoked its refresh token with the token_type_hint "<hint>"
    When the TPP refreshes its access token
    Then the token request is refused

    Examples:
      | hint            | fault                                   |
      | access_token    | refresh-token-kept-by-hint              |
      | bankproof_token | token-kept-by-odd-hint                  |
      | bankproof_token | token-kept-by-odd-hint-at-refresh-token |

  @covers:RFC7009-2.2.1-errors @covers:RFC6749-5.2-repeated-parameter
  @REVOKE-019 @may @fault:revocation-parameter-twice-accepted @fault:revocation-parameter-twice-accepted-at-<parameter> @control:REVOKE-010
  Scenario Outline: A revocation request that repeats a parameter is refused: <parameter>, <how>
    A TPP that has sent two tokens takes it that both are gone.

    Given the TPP holds an access token
    When the TPP revokes its access token with "<parameter>" twice, <how>
    Then the revocation is refused

    Examples:
      | parameter       | how                          |
      | token           | with the same value          |
      | token           | with another value behind it |
      | token_type_hint | with the same value          |
