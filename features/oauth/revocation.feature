@oauth @needs:authorization @needs:revocation
Feature: Token revocation

  @covers:RFC7009-2-access-tokens
  @REVOKE-001 @should @needs:protected-resource @fault:access-token-revocation-without-effect @control:FLOW-003
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
