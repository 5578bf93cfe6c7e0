@oauth @needs:authorization @needs:introspection
Feature: Token introspection

  @covers:RFC7662-2.1-authorization
  @INTRO-001 @must @fault:introspection-without-authentication @control:INTRO-002
  Scenario: The introspection endpoint answers nobody who does not authenticate
    An open endpoint tells anybody which stolen tokens are still good.

    Given the TPP holds an access token
    When someone who does not authenticate introspects the access token
    Then nothing is learned about the token

  @covers:RFC7662-2.2-live-token @covers:RFC7662-2.2-active @covers:RFC7662-2.1-post
  @INTRO-002 @must @fault:introspection-by-get-alone @fault:introspection-inactive-for-live-token @fault:introspection-active-as-text @control:FLOW-002
  Scenario: A live access token is active
    A resource server that is told otherwise refuses good payments.

    Given the TPP holds an access token
    When the TPP introspects its access token
    Then the token is active

  @covers:RFC7662-2.2-inactive-token @covers:RFC7662-4-validity
  @INTRO-003 @must @fault:dead-token-active @fault:<fault> @control:INTRO-002
  Scenario Outline: A token that is no good is inactive: <token>
    A resource server that believes a dead token pays out on it.

    Given <token>
    When the TPP introspects that token
    Then the token is inactive

    Examples:
      | token                                    | fault                              |
      | a token that was never issued            | dead-token-active-at-unknown-token |
      | an access token with one character changed | dead-token-active-at-altered-token |

    @needs:revocation
    Examples:
      | token                                    | fault                              |
      | an access token that was revoked         | introspection-revoked-active       |
      | an access token that was revoked         | dead-token-active-at-revoked-token |

    @needs:revocation @needs:refresh-tokens
    Examples:
      | token                                    | fault                                      |
      | a refresh token that was revoked         | dead-token-active-at-revoked-refresh-token |
      | an access token of a refresh token that was revoked | dead-token-active-at-token-of-a-revoked-grant |

    Examples:
      | token                                    | fault                                         |
      | an access token of a code that was replayed | dead-token-active-at-token-of-a-replayed-code |

  @covers:RFC7662-2.2-inactive-details
  @INTRO-004 @passive @should @fault:introspection-inactive-details @control:INTRO-002
  Scenario: Nothing but its state is said about an inactive token
    Details of a dead token help only whoever found it.

    Given a token that was never issued
    When the TPP introspects that token
    Then nothing else is said about the token

  @covers:RFC8705-3.2-cnf-in-introspection
  @INTRO-005 @should @needs:bound-tokens @fault:introspection-without-cnf @control:INTRO-002
  Scenario: The binding of a token to its certificate is told
    A resource server cannot check a binding that it is not told of.

    Given the TPP holds an access token
    When the TPP introspects its access token
    Then the token is bound to the TPP's certificate

  @covers:RFC7662-2.2-own-members
  @INTRO-006 @must @fault:introspection-names-other-client @fault:introspection-tells-longer-life @control:INTRO-002
  Scenario: What is told of a live token is told of that token
    A resource server goes by what it is told: it serves another TPP's customer, or serves for a day what was good for minutes.

    Given the TPP holds an access token
    When the TPP introspects its access token
    Then what is told of the token is what was issued

  @covers:RFC7662-2.2-inactive-token @covers:RFC7662-4-validity
  @INTRO-007 @must @slow @serial @fault:dead-token-active-at-expired-token @control:INTRO-002
  Scenario: An access token that has expired is inactive
    A resource server that asks has no clock of its own for tokens: it serves for as long as it is told.

    Given an access token that has expired
    When the TPP introspects that token
    Then the token is inactive

  @covers:RFC7662-2.2-inactive-details
  @INTRO-008 @should @fault:dead-token-told-of @fault:dead-token-told-of-at-<what> @control:INTRO-002
  Scenario Outline: Nothing but its state is said about a token that was good: <token>
    Whoever has found a dead token learns from the details whose customer to look for next.

    Given <token>
    When the TPP introspects that token
    Then nothing else is said about the token

    Examples:
      | token                                       | what                     |
      | an access token with one character changed  | altered-token            |
      | an access token of a code that was replayed | token-of-a-replayed-code |

    @needs:revocation
    Examples:
      | token                            | what          |
      | an access token that was revoked | revoked-token |

    @needs:revocation @needs:refresh-tokens
    Examples:
      | token                                               | what                     |
      | a refresh token that was revoked                    | revoked-refresh-token    |
      | an access token of a refresh token that was revoked | token-of-a-revoked-grant |

  @covers:RFC7662-2.2-inactive-details
  @INTRO-009 @should @slow @serial @fault:dead-token-told-of-at-expired-token @control:INTRO-002
  Scenario: Nothing but its state is said about an access token that has expired
    Expired tokens lie about in logs by the thousand.

    Given an access token that has expired
    When the TPP introspects that token
    Then nothing else is said about the token

  @covers:RFC7662-2.2-per-asker
  @INTRO-010 @may @needs:second-tpp @fault:dead-token-active-at-foreign-token @fault:dead-token-told-of-at-foreign-token @control:INTRO-002 @control:CERT-025
  Scenario: A TPP is told nothing about another TPP's token
    What a token is good for is between the bank and the TPP that it was issued to.

    Given the TPP holds an access token
    When the second TPP introspects the TPP's access token
    Then nothing is told of the token

  @covers:RFC7662-2.1-wide-search
  @INTRO-011 @must @fault:<fault> @control:INTRO-002
  Scenario Outline: A hint does not make a live token inactive: <hint>
    The hint is a help for the search; a bank that trusts it turns good payments away.

    Given the TPP holds an access token
    When the TPP introspects its access token with the token_type_hint "<hint>"
    Then the token is active

    Examples:
      | hint                                         | fault                                               |
      | refresh_token                                | introspection-obeys-hint                            |
      |                                              | empty-introspection-parameter-refused               |
      |                                              | empty-introspection-parameter-refused-at-token_type_hint |
      | bankproof_token                              | introspection-refuses-odd-hint                      |
      | bankproof_token                              | introspection-refuses-odd-hint-at-unknown-hint      |
      | ACCESS_TOKEN                                 | introspection-refuses-odd-hint-at-hint-in-capitals  |
      | urn:ietf:params:oauth:token-type:access_token | introspection-refuses-odd-hint-at-hint-of-an-extension |

  @covers:RFC7662-4-validity
  @INTRO-012 @must @needs:revocation @fault:revocation-of-used-token-unchecked-at-introspection-endpoint @control:INTRO-002 @control:INTRO-003
  Scenario: A token that was active before is inactive once it has been revoked
    An answer that is remembered serves whoever has stolen the token for as long as the memory lasts.

    Given the TPP holds an access token
    And the TPP has introspected its access token
    And that access token was revoked
    When the TPP introspects that token
    Then the token is inactive

  @covers:RFC7662-2.1-one-token
  @INTRO-013 @may @fault:introspection-parameter-twice-accepted @fault:introspection-parameter-twice-accepted-at-<parameter> @control:INTRO-002
  Scenario Outline: An introspection request that repeats a parameter is refused: <parameter>, <how>
    A resource server must know which of two tokens it has been told about.

    Given the TPP holds an access token
    When the TPP introspects its access token with "<parameter>" twice, <how>
    Then nothing is learned about the token

    Examples:
      | parameter       | how                          |
      | token           | with the same value          |
      | token           | with another value behind it |
      | token_type_hint | with the same value          |
