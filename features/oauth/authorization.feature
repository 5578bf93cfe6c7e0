@oauth @needs:authorization
Feature: The authorization endpoint

  @covers:RFC6749-3.1.1-response-type @covers:RFC6749-4.1.2.1-invalid-request
  @AUTHZ-001 @must @fault:response-type-defaulted @control:FLOW-001
  Scenario: A request without response_type is refused
    A server that guesses what the TPP meant can be talked into the wrong flow.

    When the TPP asks for authorization without "response_type"
    Then the authorization request is refused

  @covers:RFC9700-2.1.2 @covers:FAPI2-5.3.2.2-response-type
  @AUTHZ-002 @should @must:fapi2-core @fault:implicit-grant-enabled @fault:token-beside-code-enabled @control:FLOW-001
  Scenario Outline: No access token is given by way of the browser: response_type "<type>"
    A token in the browser's address bar ends up in histories, logs and referrers.

    When the TPP asks for authorization with "response_type" set to "<type>"
    Then the authorization request is refused

    Examples:
      | type       |
      | token      |
      | code token |

  @covers:RFC6749-4.1.2.1-no-redirect @covers:RFC9700-4.11.2
  @AUTHZ-003 @must @fault:unknown-client-redirected @control:FLOW-001
  Scenario: An unknown client_id never makes the bank redirect
    If nobody is registered under that name, nobody has a right to be called back.

    When the TPP asks for authorization with "client_id" set to "PSDXX-NOBODY-000000"
    Then the PSU is not sent to that redirect_uri

  @covers:BG-oauth-scope-unknown
  @AUTHZ-004 @should @dialect:berlin-group @needs:oauth-sca @fault:scope-unchecked @control:FLOW-001
  Scenario: A payment that does not exist cannot be authorised
    A customer who consents to nothing has been asked for a blank cheque.

    When the TPP asks for authorization of a payment that does not exist
    Then the authorization request is refused

  @covers:BG-payments-owner @covers:BG-oauth-scope-owner
  @AUTHZ-005 @must @dialect:berlin-group @needs:oauth-sca @needs:second-tpp @fault:foreign-payment-authorised @control:FLOW-001 @control:CERT-025
  Scenario: A TPP cannot have another TPP's payment authorised
    Otherwise one licensed third party acts on the business of another.

    Given the TPP has initiated a payment
    When the second TPP asks for authorization of that payment
    Then no authorization code is issued

  @covers:RFC6749-4.1.2.1-access-denied @covers:RFC6749-4.1.2.1-error
  @AUTHZ-006 @must @needs:psu-deny @fault:denial-gives-code @control:FLOW-001
  Scenario: A PSU who denies sends the TPP access_denied
    No means no: a code after a refusal is a payment against the customer's will.

    When the PSU denies the TPP
    Then the TPP is told "access_denied"

  @covers:RFC6749-4.1.2-single-use @covers:RFC6749-5.2-invalid-grant @covers:RFC9700-4.2.4-code-invalidated @covers:FAPI2-5.3.2.2-code-once
  @AUTHZ-007 @must @fault:code-reusable @control:FLOW-002
  Scenario: An authorization code works once
    A code leaks through histories and logs; after its first use it must be worthless.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    When the TPP redeems the authorization code
    Then the token request is refused

  @covers:RFC6749-4.1.2-single-use
  @FLOW-006 @must @fault:code-redeemed-twice-at-once @control:FLOW-002
  Scenario: Of two requests at the same time one at most redeems a code
    A bank that looks first and notes later gives both of them what only one may have.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code twice at the same time
    Then one of the two at most brings an access token

  @covers:RFC6749-4.1.2-replay-revokes @covers:RFC9700-4.2.4-replay-revokes
  @AUTHZ-008 @should @needs:protected-resource @fault:replay-keeps-tokens @control:FLOW-003
  Scenario: A replayed authorization code takes back the tokens it gave
    Two redemptions mean that the code was stolen, and the bank cannot know who holds the token.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    And the TPP has redeemed the authorization code once more
    When the TPP uses the access token
    Then the access token is refused

  @covers:RFC6749-4.1.2-replay-revokes @covers:RFC9700-4.2.4-replay-revokes
  @AUTHZ-035 @should @needs:refresh-tokens @fault:replay-keeps-refresh-token @control:FLOW-004
  Scenario: A replayed authorization code takes back the refresh token that it gave
    Whoever has stolen the code and come first holds the refresh token: it is worth more than all access tokens.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    And the TPP holds a refresh token
    And the TPP has redeemed the authorization code once more
    When the TPP refreshes its access token
    Then the token request is refused

  @covers:RFC6749-4.1.2-replay-revokes @covers:RFC9700-4.2.4-replay-revokes
  @AUTHZ-036 @should @needs:protected-resource @fault:<fault> @control:AUTHZ-008
  Scenario Outline: A replayed authorization code takes back every access token that has come of it: <which>
    By the time the second redemption comes, the first has been used, and used to get more.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    And the TPP has <done> its access token
    And the TPP has redeemed the authorization code once more
    When the TPP uses the access token
    Then the access token has gone with it

    Examples:
      | which                   | done | fault                    |
      | one that has been used  | used | replay-keeps-used-tokens |

    @needs:refresh-tokens
    Examples:
      | which                      | done      | fault                         |
      | one that came by a refresh | refreshed | replay-keeps-refreshed-tokens |

  @covers:RFC6749-4.1.2-ten-minutes @covers:FAPI2-5.3.2.1-code-lifetime @covers:RFC6749-4.1.2-short-lived
  @AUTHZ-009 @should @slow @serial @fault:code-never-expires @control:FLOW-002
  Scenario: An authorization code is dead after ten minutes
    The longer a code lives, the longer a thief has to find it.

    Given the PSU has authorised the TPP
    And 601 seconds have passed
    When the TPP redeems the authorization code
    Then the token request is refused

  @covers:FAPI2-5.3.2.1-code-lifetime
  @AUTHZ-030 @must @profile:fapi2-core @slow @serial @fault:code-outlives-a-minute @control:FLOW-002
  Scenario: An authorization code is dead after a minute
    A code that was read on its way through the browser is of use to a thief for as long as it lives.

    Given the PSU has authorised the TPP
    And 65 seconds have passed
    When the TPP redeems the authorization code
    Then the token request is refused

  @covers:RFC6749-4.1.2-bound @covers:RFC6749-4.1.3-code-of-client
  @AUTHZ-010 @must @needs:second-tpp @fault:code-not-bound-to-client @control:FLOW-002 @control:CERT-025
  Scenario: An authorization code is worthless to another TPP
    The customer agreed to one TPP; no other may collect the token.

    Given the PSU has authorised the TPP
    When the second TPP redeems the authorization code
    Then the token request is refused

  @covers:RFC9207-2-success @covers:RFC9207-2-form @covers:RFC9207-2.3-metadata-issuer @covers:FAPI2-5.3.2.2-iss
  @AUTHZ-011 @must @needs:iss-parameter @fault:iss-missing @fault:iss-of-another-server @control:FLOW-001
  Scenario: The authorization response names its issuer
    A TPP that talks to many banks tells by it which bank has answered, and does not send the code to the wrong one.

    When the PSU authorises the TPP
    Then the issuer comes back as "iss"

  @covers:RFC9207-2-error
  @AUTHZ-012 @must @needs:psu-deny @needs:iss-parameter @fault:iss-missing-on-error @control:FLOW-001
  Scenario: An authorization error names its issuer
    An error can be mixed up between banks just as a success can.

    When the PSU denies the TPP
    Then the issuer comes back as "iss"

  @covers:RFC9700-4.12-no-307 @covers:RFC9700-2.1-credentials-not-forwarded @covers:FAPI2-5.3.2.2-no-307
  @AUTHZ-013 @must @needs:psu-pages @fault:redirect-307 @control:FLOW-001
  Scenario: The PSU's credentials are not carried over to the TPP by a 307
    With a 307 or 308 the browser posts the customer's form, password or code included, to the TPP.

    When the PSU authorises the TPP
    Then the redirect to the TPP makes the browser drop the form

  @covers:RFC9700-4.16-csp
  @AUTHZ-014 @should @needs:psu-pages @fault:frame-protection-missing @control:FLOW-001
  Scenario: The bank's pages cannot be framed
    A consent page inside another site's frame can be clicked without being seen.

    When the PSU authorises the TPP
    Then every page shown to the PSU forbids framing

  @covers:RFC9700-4.2.4-referrer-policy
  @AUTHZ-015 @may @needs:psu-pages @fault:referrer-leaks @control:FLOW-001
  Scenario: The bank's pages do not leak their address
    The address of an authorization page holds the state and more; the next site must not see it.

    When the PSU authorises the TPP
    Then every page shown to the PSU suppresses the referrer

  @covers:BG-oauth-repeated
  @AUTHZ-016 @should @dialect:berlin-group @needs:oauth-sca @fault:reauthorisation-accepted @control:FLOW-001
  Scenario: A payment that is already authorised cannot be authorised again
    A second consent to the same payment is a second payment, or a confused customer.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    When the TPP asks for authorization of the same payment again
    Then no authorization code is issued

  @covers:RFC6749-4.1.2.1-repeated-parameter
  @AUTHZ-017 @should @fault:duplicate-parameter-accepted @fault:duplicate-parameter-accepted-at-scope @control:FLOW-001
  Scenario: A request that repeats a parameter is refused
    Two parts of a bank that each read another of the two values can be played against each other.

    When the TPP asks for authorization with "scope" sent twice
    Then the authorization request is refused

  @covers:RFC6749-3.1-ignores-unknown-parameters
  @AUTHZ-029 @must @fault:unknown-parameter-refused @control:FLOW-001
  Scenario: A parameter that the bank does not know is ignored
    Standards grow; a bank that refuses what it does not know breaks with the next version of every TPP.

    When the PSU authorises the TPP, which also sends an unknown parameter
    Then an authorization code is issued

  @covers:RFC9207-2-error
  @AUTHZ-031 @must @needs:iss-parameter @fault:iss-missing-on-rare-errors
  Scenario: Every answer to a TPP names its issuer
    Mixed up is the answer that nobody looked at: the error that is seldom seen.

    Given every page and callback of this run
    Then every callback among them names the issuer

  @covers:RFC9700-4.16-csp
  @AUTHZ-032 @should @needs:psu-pages @needs:psu-mistype @fault:frame-protection-missing-after-mistake
  Scenario: No page with a form can be framed, whatever came before it
    The page that asks once more is the same page to whoever lies in wait for a click.

    Given every page and callback of this run
    Then every page with a form among them forbids framing

  @covers:RFC6265-8.3-secure
  @AUTHZ-034 @should @needs:psu-pages @fault:session-cookie-without-secure
  Scenario: Every cookie that carries the customer's session is for TLS alone
    One address that is opened without TLS, and whoever listens has the customer's session.

    Given every page and callback of this run
    And a customer has come without each cookie that is not for TLS alone
    Then every cookie among them that carries the session is for TLS alone

  @covers:RFC6749-4.1.2.1-error @covers:RFC6749-4.1.2.1-invalid-request @covers:RFC6749-4.1.2.1-unsupported-response-type @covers:RFC6749-4.1.2.1-invalid-scope @covers:RFC6749-3.3-missing-scope
  @AUTHZ-033 @must @fault:authorization-errors-misnamed @control:FLOW-001
  Scenario Outline: A refused authorization request is named by its error: <what>
    The error decides what a TPP tells its customer, and whether it tries again.

    When the TPP asks for authorization with <what>
    Then the refusal of the authorization request is named <codes>

    Examples:
      | what                       | codes |
      | no response_type           | "invalid_request" or "unsupported_response_type" |
      | an unknown response_type   | "unsupported_response_type" or "invalid_request" or "unauthorized_client" |
      | a repeated scope           | "invalid_request" |
      | no scope                   | "invalid_scope" or "invalid_request" or "access_denied" |
      | an unknown scope           | "invalid_scope" or "access_denied" |

  @covers:RFC9207-2.3-advertised
  @AUTHZ-046 @must @needs:discovery @fault:metadata-without-iss-parameter
  Scenario: A bank that names itself as iss says so in its metadata
    A TPP that is not told that iss must be there does not miss it when an attacker has left it out.

    Given every page and callback of this run
    When the TPP fetches the metadata document
    Then it says that answers name their issuer, if one of them does

  @covers:RFC6749-4.1.2.1-characters
  @AUTHZ-047 @must @fault:callback-errors-with-quotes
  Scenario: The texts of errors that go to a TPP keep to the published characters
    A quote or a line break that travels through the browser becomes part of somebody's page or log.

    Given every page and callback of this run
    Then every error that a callback among them tells is spelt in the published characters

  @covers:RFC6749-4.1.2.1-repeated-parameter
  @AUTHZ-037 @should @fault:duplicate-parameter-accepted-at-<parameter> @control:FLOW-001
  Scenario Outline: A request that repeats a parameter is refused, whichever it is: <parameter>, <how>
    What the customer has agreed to and what the TPP gets must not be read from two values.

    When the TPP asks for authorization with "<parameter>" twice, <how>
    Then the authorization request is refused

    Examples:
      | parameter             | how                          |
      | response_type         | with the same value          |
      | response_type         | with another value behind it |
      | client_id             | with the same value          |
      | client_id             | with another value behind it |
      | redirect_uri          | with the same value          |
      | redirect_uri          | with another value behind it |
      | scope                 | with the same value          |
      | scope                 | with another value behind it |
      | scope                 | with another value before it |
      | state                 | with the same value          |
      | state                 | with another value behind it |
      | state                 | with another value before it |
      | code_challenge        | with the same value          |
      | code_challenge        | with another value behind it |
      | code_challenge        | with another value before it |
      | code_challenge_method | with the same value          |
      | code_challenge_method | with another value behind it |

  @covers:RFC6749-3.1-empty-is-omitted
  @AUTHZ-038 @must @fault:empty-parameter-refused @fault:empty-parameter-refused-at-<parameter> @control:FLOW-001
  Scenario Outline: A parameter without a value counts as left out of an authorization request: <parameter>
    Libraries send the fields that they have, filled or not; a bank that reads emptiness as a wish turns good TPPs away.

    When the TPP asks for authorization with "<parameter>" without a value
    Then an authorization code is issued

    Examples:
      | parameter     |
      | request_uri   |
      | request       |
      | response_mode |
      | prompt        |

  @covers:RFC6749-3.1-empty-is-omitted @covers:RFC6749-3.1.1-response-type
  @AUTHZ-039 @must @fault:empty-response-type-taken @control:FLOW-001
  Scenario: A response_type without a value counts as none
    A server that guesses what the TPP meant can be talked into the wrong flow.

    When the TPP asks for authorization with "response_type" without a value
    Then the authorization request is refused
