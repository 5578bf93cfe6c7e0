@oauth @needs:authorization @needs:introspection
Feature: Token introspection

  @covers:RFC7662-2.1-authorization
  @INTRO-001 @must @fault:introspection-without-authentication @control:INTRO-002
  Scenario: The introspection endpoint answers nobody who does not authenticate
    An open endpoint tells anybody which stolen tokens are still good.

    Given the TPP holds an access token
    When someone who does not authenticate introspects the access token
    Then nothing is learned about the token

  @covers:RFC7662-2.2-live-token @covers:RFC7662-2.2-active
  @INTRO-002 @must @fault:introspection-inactive-for-live-token @fault:introspection-active-as-text @control:FLOW-002
  Scenario: A live access token is active
    A resource server that is told otherwise refuses good payments.

    Given the TPP holds an access token
    When the TPP introspects its access token
    Then the token is active

  @covers:RFC7662-2.2-inactive-token @covers:RFC7662-4-validity
  @INTRO-003 @must @fault:introspection-revoked-active @control:INTRO-002
  Scenario Outline: A token that is no good is inactive: <token>
    A resource server that believes a dead token pays out on it.

    Given <token>
    When the TPP introspects that token
    Then the token is inactive

    Examples:
      | token                          |
      | a token that was never issued  |

    @needs:revocation
    Examples:
      | token                          |
      | an access token that was revoked |

  @covers:RFC7662-2.2-inactive-details
  @INTRO-004 @passive @should @fault:introspection-inactive-details @control:INTRO-002
  Scenario: Nothing but its state is said about an inactive token
    Details of a dead token help only whoever found it.

    Given a token that was never issued
    When the TPP introspects that token
    Then nothing else is said about the token

  @covers:RFC7662-2.2-inactive-details
  @TOKEN-031 @should @needs:revocation @fault:introspection-details-of-revoked @control:INTRO-002
  Scenario: Nothing but its state is said about a token that was revoked
    For whom it was and until when helps only whoever has stolen it.

    Given an access token that was revoked
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
