@oauth @needs:authorization
Feature: The flow from consent to access

  @covers:RFC6749-4.1.2-code @covers:RFC6749-3.1-get
  @FLOW-001 @must @fault:approval-without-code @fault:authorization-by-post-alone
  Scenario: The PSU's approval brings the TPP an authorization code
    A customer who says yes must not be lost: the TPP gets a code, and one alone.

    When the PSU authorises the TPP
    Then the TPP receives an authorization code

  @covers:RFC6749-4.1.4 @covers:RFC7636-4.6-match @covers:RFC7636-4.2-s256-supported @covers:RFC9700-2.1.1-pkce-supported @covers:RFC6749-5.1-access-token
  @FLOW-002 @must @fault:valid-code-refused @fault:access-token-misnamed @fault:pkce-s256-taken-for-plain @control:FLOW-001
  Scenario: A correct token request brings an access token
    Every refusal that this report counts as right is only worth something beside this acceptance.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code
    Then an access token is issued

  @covers:RFC6750-2.1 @covers:RTS-30.1.c-initiate
  @FLOW-003 @must @needs:protected-resource @fault:valid-token-refused @control:FLOW-002
  Scenario: The access token opens what it was granted for
    The customer has agreed and the TPP holds a token; a bank that then refuses has built an obstacle.

    Given the TPP holds an access token
    When the TPP uses the access token
    Then the protected resource is served

  @covers:RFC6749-6-refresh
  @FLOW-004 @must @needs:refresh-tokens @fault:refresh-refused @control:FLOW-002
  Scenario: A refresh token brings a new access token
    A refresh token that does not refresh sends the customer through consent again.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token
    Then an access token is issued

  @covers:RFC6749-3.1-response-parameters-once @covers:RFC6749-4.1.2.1-error
  @FLOW-005 @must @fault:callback-parameter-repeated @fault:worthless-code-beside-error
  Scenario: Every answer to a TPP says one thing, and says it once
    Of two states, or of a code and an error, each TPP reads another one, and an attacker chooses which.

    Given every page and callback of this run
    Then every callback among them says one thing, and says it once
