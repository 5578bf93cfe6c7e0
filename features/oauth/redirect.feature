@oauth @needs:authorization
Feature: Redirection URIs

  @covers:RFC6749-3.1.2.3-compared @covers:RFC6749-3.1.2.4 @covers:RFC6749-4.1.2.1-no-redirect
  @REDIR-001 @must @needs:registered-redirect-uris @fault:redirect-uri-unchecked @control:FLOW-001
  Scenario: The PSU is never sent to a redirect_uri that is not registered
    Whoever can choose where the customer is sent can collect authorization codes.

    When the TPP asks for authorization with the redirect_uri "https://attacker.example/callback"
    Then the PSU is not sent to that redirect_uri

  @covers:RFC9700-2.1-exact-match @covers:RFC9700-4.1.3
  @REDIR-002 @must @needs:registered-redirect-uris @fault:redirect-uri-prefix-match @control:FLOW-001
  Scenario Outline: A redirect_uri that is only similar to the registered one is refused: <variant>
    Loose matching is how codes were stolen in most of the published attacks.

    When the TPP asks for authorization with its redirect_uri changed: <variant>
    Then the PSU is not sent to that redirect_uri

    Examples:
      | variant            |
      | a trailing slash   |
      | an extra path      |
      | an extra query     |
      | a path in capitals |
      | another port       |
      | a climbing path    |

  @covers:RFC9700-2.1-exact-match @covers:RFC9700-4.1.3
  @REDIR-003 @must @needs:registered-redirect-uris @fault:redirect-uri-substring-match @control:FLOW-001
  Scenario Outline: A redirect_uri at a host that only looks right is refused: <variant>
    A look-alike host belongs to somebody else.

    When the TPP asks for authorization with its redirect_uri changed: <variant>
    Then the PSU is not sent to that redirect_uri

    Examples:
      | variant                        |
      | the right host as user name    |
      | the right host as a subdomain  |
      | the right URI inside the query |

  @covers:RFC9700-2.1-exact-match @covers:RFC9700-4.1.3
  @REDIR-021 @must @needs:registered-redirect-uris @fault:redirect-uri-decoded @fault:redirect-uri-normalised @fault:redirect-uri-of-sub-host-accepted @control:FLOW-001
  Scenario Outline: A redirect_uri that is the registered one in another spelling is refused: <variant>
    What the bank takes for the same and the browser for another leads elsewhere; only letter by letter nobody can err.

    When the TPP asks for authorization with its redirect_uri changed: <variant>
    Then the PSU is not sent to that redirect_uri

    Examples:
      | variant                  |
      | a percent-encoded letter |
      | the host in capitals     |
      | the usual port           |
      | a dot after the host     |
      | a host below it          |

  @covers:RFC9700-2.1-exact-match @covers:RFC9700-4.1.3
  @REDIR-022 @must @needs:registered-redirect-uris @fault:<fault> @control:FLOW-001
  Scenario Outline: A redirect_uri that nobody has registered for the TPP is refused: <variant>
    Each way of writing more behind it, or of reading less of it, has led to somebody else's page at some bank.

    When the TPP asks for authorization with its redirect_uri changed: <variant>
    Then the PSU is not sent to that redirect_uri

    Examples:
      | variant                | fault                               |
      | a path parameter       | redirect-uri-path-parameter-ignored |
      | its query goes on      | redirect-uri-query-may-go-on        |
      | a space behind it      | redirect-uri-unchecked              |
      | a backslash            | redirect-uri-normalised             |
      | the scheme in capitals | redirect-uri-normalised             |
      | a dot segment          | redirect-uri-normalised             |
      | a doubled slash        | redirect-uri-unchecked              |
      | an encoded slash       | redirect-uri-unchecked              |
      | a user name            | redirect-uri-unchecked              |

    @needs:second-tpp
    Examples:
      | variant             | fault                               |
      | that of another TPP | redirect-uri-of-any-client-accepted |

  @covers:RFC6749-3.1.2-no-fragment @covers:RFC9700-2.1-exact-match
  @REDIR-004 @must @fault:redirect-uri-fragment-accepted @control:FLOW-001
  Scenario: A redirect_uri with a fragment is refused
    What follows a fragment never reaches the TPP's server, so the answer ends in the wrong hands.

    When the TPP asks for authorization with its redirect_uri changed: a fragment
    Then the PSU is not sent to that redirect_uri

  @covers:RFC9700-2.6-no-http @covers:FAPI2-5.3.2.2-no-http
  @REDIR-005 @must @fault:redirect-uri-http-accepted @control:FLOW-001
  Scenario: A redirect_uri without TLS is refused
    Over plain http everybody on the way can read the code.

    When the TPP asks for authorization with its redirect_uri changed: plain http
    Then the PSU is not sent to that redirect_uri

  @covers:RFC6749-4.1.3-redirect-uri
  @REDIR-007 @must @fault:redirect-uri-not-bound-to-code @fault:redirect-uri-may-be-left-out @control:FLOW-002
  Scenario Outline: The token endpoint refuses another redirect_uri than that of the authorization request: <what>
    The second look at the redirect_uri is what stops a code that was obtained through another one; whoever leaves it out must not be spared it.

    Given the PSU has authorised the TPP
    When the TPP redeems the authorization code with <what>
    Then the token request is refused

    Examples:
      | what                 |
      | another redirect_uri |
      | no redirect_uri      |

  @covers:RFC6749-4.1.2.1-no-redirect @covers:RFC9700-2.1-no-open-redirector @covers:RFC9700-4.11.2 @covers:RFC6749-10.15
  @REDIR-010 @must @fault:open-redirect-on-error @control:FLOW-001
  Scenario: An error does not send the PSU to a redirect_uri that is not registered
    An authorization server that redirects first and checks later lends its good name to any phishing page.

    When the TPP asks for authorization with the redirect_uri "https://attacker.example/callback" and an unknown response_type
    Then the PSU is not sent to that redirect_uri

  @covers:RFC6749-3.1.2-keeps-query
  @REDIR-011 @must @needs:redirect-uri-with-query @fault:redirect-uri-query-lost @control:FLOW-001
  Scenario: The query of a registered redirect_uri survives
    TPPs keep their tenant or session there; a bank that drops it strands the customer.

    When the PSU authorises the TPP through its redirect_uri with a query
    Then the query of the redirect_uri is still there
