@oauth @needs:authorization
Feature: The token endpoint

  @covers:RFC6749-5.1-token-type @covers:RFC6749-5.1-json
  @TOKEN-001 @must @fault:token-type-missing @fault:token-response-as-text @control:FLOW-002
  Scenario: The token response says what kind of token it holds
    A TPP that has to guess the token's type will use it wrongly.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code
    Then the token response is JSON with "access_token" and "token_type"

  @covers:RFC6749-5.1-no-store
  @TOKEN-002 @must @fault:token-response-cacheable @control:FLOW-002
  Scenario: The token response forbids caching
    A token in a cache belongs to whoever reads the cache.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code
    Then the token response forbids caching

  @covers:RFC6749-3.2.1 @covers:RFC6749-4.1.3-client-authentication @covers:FAPI2-5.3.2.1-confidential
  @TOKEN-003 @must @fault:token-endpoint-without-client-authentication @control:FLOW-002
  Scenario: The token endpoint refuses a TPP that does not authenticate
    A code alone must not be enough, or stealing it is enough.

    Given the PSU has authorised the TPP
    When someone who does not authenticate redeems the authorization code
    Then no token has been issued

  @covers:RFC8705-2-binding-enforced @covers:RFC8705-2-invalid-client @covers:RFC8705-2.1-subject-matched
  @TOKEN-004 @must @needs:second-tpp @fault:any-certificate-authenticates @control:FLOW-002 @control:CERT-025
  Scenario: What authenticates one TPP does not authenticate another
    A valid certificate, key or secret proves who its holder is, not that the holder is whoever it says it is.

    Given the PSU has authorised the TPP
    When the second TPP redeems the authorization code under the first TPP's client_id
    Then no token has been issued

  @covers:RFC6749-5.2-unsupported-grant-type
  @TOKEN-005 @passive @must @fault:unknown-grant-server-error @control:FLOW-002
  Scenario: An unknown grant_type is named as such
    An error that names its cause is mended in minutes; a server error costs both sides a day.

    When the TPP asks for a token with grant_type "urn:example:unknown"
    Then the token request is refused with "unsupported_grant_type" or "unauthorized_client"

  @covers:RFC9700-2.4 @covers:FAPI2-5.3.2.1-no-password
  @TOKEN-006 @passive @must @fault:password-grant-enabled @control:FLOW-002
  Scenario: The password grant is not offered
    A customer's bank password must never pass through a third party.

    When the TPP asks for a token with grant_type "password"
    Then the password grant is refused

  @covers:RFC6749-5.2-invalid-grant @covers:RFC6749-4.1.3-code-valid
  @TOKEN-007 @passive @must @fault:garbage-code-server-error @fault:unissued-code-accepted @control:FLOW-002
  Scenario: A code that was never issued is refused
    Rubbish at the door is everyday business, not a crash.

    When the TPP redeems a code that was never issued
    Then the token request is refused, and the bank does not fail on it

  @covers:RFC9110-9.2.1-safe-methods
  @TOKEN-008 @should @fault:token-endpoint-get @control:FLOW-002
  Scenario: The token endpoint does not serve GET
    What is in an address ends up in logs: codes and verifiers do not belong there.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code by GET
    Then no token has been issued

  @covers:RFC6749-10.10 @covers:RFC6749-10.4-unforgeable
  @TOKEN-009 @must @fault:codes-sequential
  Scenario: Codes and refresh tokens cannot be guessed
    Whoever can guess the next code collects the next customer's token.

    Given every code and refresh token of this run
    Then they are long, distinct and unpredictable

  @covers:RFC8705-3-bound @covers:RFC8705-3-401 @covers:RFC9700-4.10.1
  @TOKEN-010 @must @needs:bound-tokens @needs:protected-resource @fault:token-not-bound @control:FLOW-003
  Scenario Outline: A bound access token is worthless under another certificate: <certificate>
    A token that is bound to a certificate is safe to lose; one that only says so is not.

    Given the TPP holds an access token
    When the access token is used under <certificate>
    Then the access token is refused

    @needs:second-certificate
    Examples:
      | certificate                           |
      | another certificate of the same TPP   |

    @needs:second-tpp
    Examples:
      | certificate                       |
      | the certificate of the second TPP |

  @covers:RFC6749-6-bound
  @TOKEN-012 @must @needs:refresh-tokens @needs:second-tpp @fault:refresh-token-not-bound-to-client @control:FLOW-004 @control:CERT-025
  Scenario: A refresh token is worthless to another TPP
    Refresh tokens live for months; in other hands they would be a standing permission.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the second TPP refreshes with the TPP's refresh token
    Then no token has been issued

  @covers:RFC6749-6-scope @covers:RFC9700-4.14.2-bound
  @TOKEN-013 @must @needs:refresh-tokens @fault:refresh-widens-scope @control:FLOW-004
  Scenario: Refreshing does not widen the scope
    The customer agreed to one thing; a refresh must not quietly add another.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token and asks for a wider scope
    Then no wider scope has been granted

  @covers:RFC6749-5.2-invalid-scope
  @TOKEN-048 @must @needs:refresh-tokens @fault:refresh-scope-refusal-misnamed @control:FLOW-004 @control:TOKEN-026
  Scenario: A refresh for a wider scope that is refused is named as such
    A TPP that is told that its token is no good asks its customer anew, for nothing.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token and asks for a wider scope
    Then the refusal of the token request is named "invalid_scope"

  @covers:RFC6749-7-validates @covers:FAPI2-5.3.4-valid @covers:RFC9068-4-expiry
  @TOKEN-015 @must @slow @serial @needs:protected-resource @fault:expired-token-accepted @control:FLOW-003
  Scenario: An expired access token is refused
    An expiry that nobody checks turns every lost token into a permanent key.

    Given the TPP holds an access token
    And the access token has expired
    When the TPP uses the access token
    Then the access token is refused

  @covers:RFC6749-4.4.3-no-refresh-token
  @TOKEN-018 @should @needs:client-credentials @fault:client-credentials-refresh-token
  Scenario: Client credentials bring no refresh token
    A TPP that can authenticate needs no second, longer-lived secret to do so.

    When the TPP asks for a token by client credentials
    Then an access token is issued
    And no refresh token is issued

  @covers:RFC6749-5.1-expires-in
  @TOKEN-019 @should @fault:expires-in-missing @control:FLOW-002
  Scenario: The token response says how long the token lives
    A TPP that does not know will find out in the middle of a payment.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code
    Then the token response says how long the token lives

  @covers:RFC6749-5.2-json
  @TOKEN-020 @must @fault:token-error-wrong-media-type
  Scenario: Every error of the token endpoint is JSON
    A TPP's software reads the error code; a page for people tells it nothing.

    Given every answer of the token endpoint in this run
    Then every error among them is JSON with an error code

  @covers:FAPI2-5.3.2.1-no-rotation
  @TOKEN-021 @must @profile:fapi2-core @needs:refresh-tokens @fault:refresh-token-replaced @control:FLOW-004
  Scenario: A refresh token works again
    Where tokens are bound to their TPP, a new refresh token each time protects nobody; an answer that gets lost costs the customer's consent.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token twice with the same refresh token
    Then an access token is issued

  @covers:RFC6749-5.1-status-200
  @TOKEN-022 @must @fault:token-with-201
  Scenario: Every access token comes with status 200
    Clients that go by the standard take another status for a failure, and throw the token away.

    Given every answer of the token endpoint in this run
    Then every access token among them comes with status 200

  @covers:RFC6749-8.1-token-type-registered
  @TOKEN-023 @must @fault:token-type-unregistered
  Scenario: Every access token is of a registered type
    A client must not use a token whose type it does not know (RFC 6749 7.1): it stands before an open door.

    Given every answer of the token endpoint in this run
    Then every access token among them is of a registered type

  @covers:RFC6749-5.1-member-types
  @TOKEN-024 @must @fault:token-scope-as-list @fault:expires-in-as-text
  Scenario: Every member of a token response has its type
    A scope as a list or a lifetime as text stops the libraries that read them as they are written down.

    Given every answer of the token endpoint in this run
    Then every member of a token response among them has its type

  @covers:RFC6749-5.1-no-store
  @TOKEN-025 @must @needs:refresh-tokens @fault:refreshed-token-cacheable
  Scenario: Every access token forbids caching, however it was come by
    A token in a cache is a token for whoever reads the cache, and most tokens of a TPP come by refresh.

    Given every answer of the token endpoint in this run
    Then every access token among them forbids caching

  @covers:RFC6749-6-scope
  @TOKEN-027 @must @needs:refresh-tokens @fault:refresh-adds-scope
  Scenario: A refresh that asks for nothing brings no scope that was not granted at first
    The customer is asked once; what is added later nobody has agreed to.

    Given every answer of this run
    Then no refresh among them brings a scope that was not granted at first

  @covers:RFC9700-2.3-least-privilege
  @TOKEN-028 @should @fault:token-for-more-than-was-asked
  Scenario: No token is for more than was asked for
    A TPP that wanted to pay, and may read accounts, loses both when it loses the token.

    Given every answer of this run
    Then no token among them is for more than was asked for

  @covers:RFC7519-4-unique-claims
  @TOKEN-029 @must @needs:jwt-access-tokens @fault:jwt-claim-twice @control:FLOW-002
  Scenario: No claim of an access token stands twice
    Two resource servers that read the token may serve two customers by it.

    When the TPP obtains an access token by an authorization code
    Then no claim of the access token stands twice

  @covers:RFC6749-5.2-invalid-grant @covers:RFC6749-5.2-status-400 @covers:RFC6749-5.2-invalid-request
  @TOKEN-026 @must @fault:refusals-misnamed @fault:refusals-with-200 @control:FLOW-002
  Scenario Outline: A refused token request is answered as RFC 6749 5.2 has it: <what>
    A TPP's software goes by status and code: it asks the customer again, or itself, or its bank.

    Given the PSU has authorised the TPP
    When the TPP sends a token request with <what>
    Then the refusal of the token request is named <codes>

    Examples:
      | what                        | codes                                |
      | a code that is no code      | "invalid_grant" or "invalid_request" |
      | another code_verifier       | "invalid_grant"                      |
      | no code_verifier            | "invalid_grant" or "invalid_request" |
      | another redirect_uri        | "invalid_grant" or "invalid_request" |
      | no grant_type               | "invalid_request" or "unsupported_grant_type" |

  @covers:RFC6749-5.2-characters
  @TOKEN-046 @must @fault:token-errors-with-quotes
  Scenario: The texts of refused token requests keep to the published characters
    What a TPP writes into its log must not be able to break out of it.

    Given every answer of the token endpoint in this run
    Then every error among them is spelt in the published characters

  @covers:RFC6749-3.2-ignores-unknown-parameters
  @TOKEN-047 @must @fault:unknown-parameter-refused-at-token-endpoint @control:FLOW-002
  Scenario: A parameter that the token endpoint does not know does not disturb it
    Standards grow; a bank that refuses what it does not know breaks with the next version of every TPP.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code and also sends an unknown parameter
    Then an access token is issued

  @covers:RFC6749-3.2.1 @covers:RFC6749-6-client-authentication @covers:FAPI2-5.3.2.1-confidential
  @TOKEN-032 @must @needs:refresh-tokens @fault:refresh-without-client-authentication @fault:token-endpoint-without-client-authentication @control:FLOW-004
  Scenario: A TPP that does not authenticate cannot refresh
    A refresh token lives for months and lies in a database; whoever reads it there must not be able to use it.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When someone who does not authenticate refreshes with the TPP's refresh token
    Then no token has been issued

  @covers:RFC6749-3.2.1 @covers:FAPI2-5.3.2.1-confidential @covers:RFC6749-4.4.2
  @TOKEN-033 @must @needs:client-credentials @fault:client-credentials-without-client-authentication @fault:token-endpoint-without-client-authentication @control:TOKEN-018
  Scenario: Nobody gets a token by client credentials without any
    The client's credentials are all that this grant asks for: without them it gives tokens to everybody.

    When someone who does not authenticate asks for a token by client credentials
    Then no token has been issued

  @covers:RFC8705-2-binding-enforced @covers:RFC6749-6-client-authentication
  @TOKEN-034 @must @needs:refresh-tokens @needs:second-tpp @fault:subject-unchecked-at-refresh-grant @fault:any-certificate-authenticates @control:FLOW-004 @control:CERT-025
  Scenario: What authenticates one TPP does not refresh for another
    Where only the code is looked after, whoever has any licence goes on for ever with what it has found.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the second TPP refreshes under the first TPP's client_id
    Then no token has been issued

  @covers:RFC6749-5.2-repeated-parameter
  @TOKEN-035 @should @fault:token-parameter-twice-accepted-at-<parameter> @control:FLOW-002
  Scenario Outline: A token request that repeats a parameter is refused: <parameter>, <how>
    Two parts of a bank that each read another of the two values can be played against each other.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code with "<parameter>" twice, <how>
    Then the token request is refused

    Examples:
      | parameter     | how                          |
      | grant_type    | with the same value          |
      | grant_type    | with another value behind it |
      | client_id     | with the same value          |
      | client_id     | with another value behind it |
      | code          | with the same value          |
      | code          | with another value behind it |
      | code          | with another value before it |
      | redirect_uri  | with the same value          |
      | redirect_uri  | with another value behind it |
      | redirect_uri  | with another value before it |
      | code_verifier | with the same value          |
      | code_verifier | with another value behind it |
      | code_verifier | with another value before it |

  @covers:RFC6749-5.2-repeated-parameter
  @TOKEN-036 @should @needs:refresh-tokens @fault:token-parameter-twice-accepted @fault:token-parameter-twice-accepted-at-<parameter> @control:FLOW-004
  Scenario Outline: A refresh that repeats a parameter is refused: <parameter>, <how>
    What was looked at and what is done must be the same.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token with "<parameter>" twice, <how>
    Then the token request is refused

    Examples:
      | parameter     | how                          |
      | refresh_token | with the same value          |
      | refresh_token | with another value behind it |
      | refresh_token | with another value before it |
      | scope         | with the same value          |

  @covers:RFC6749-3.2-empty-is-omitted
  @TOKEN-037 @must @needs:refresh-tokens @fault:empty-token-parameter-refused @fault:empty-token-parameter-refused-at-<parameter> @control:FLOW-004
  Scenario Outline: A parameter without a value counts as left out of a token request: <parameter>
    Libraries send the fields that they have, filled or not; a bank that reads emptiness as a wish turns good TPPs away.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    When the TPP refreshes its access token with "<parameter>" without a value
    Then an access token is issued

    Examples:
      | parameter |
      | scope     |
      | resource  |

  @covers:RFC9068-4-alg-none @covers:RFC9068-4-signature
  @TOKEN-038 @must @needs:jwt-access-tokens @needs:protected-resource @fault:token-alg-none-accepted-at-<what> @control:FLOW-003
  Scenario Outline: A token whose signature anybody can make is refused: <how>
    What everybody knows is no key, and no octets are no signature, whatever the token says of its algorithm.

    Given the TPP holds an access token
    When the TPP uses the access token rewritten: <how>
    Then the access token is refused

    Examples:
      | how                | what            |
      | an empty signature | empty-signature |

    @needs:jwks
    Examples:
      | how                              | what  |
      | HS256 under the bank's public key | HS256 |
