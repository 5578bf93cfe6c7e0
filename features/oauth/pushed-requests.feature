@oauth @needs:authorization @needs:par
Feature: Pushed authorization requests

  @covers:RFC9126-2.2-created @covers:RFC9126-2.2-members
  @PAR-001 @must @fault:par-answered-with-200 @fault:par-without-lifetime @control:FLOW-001
  Scenario: A pushed request is answered with the name under which it waits
    A TPP that cannot tell whether its request was taken sends its customer to a dead end.

    When the TPP pushes an authorization request
    Then the bank tells under which name the request waits, and how long

  @covers:RFC9126-4-authorization @covers:FAPI2-5.3.2.2-par
  @PAR-002 @must @fault:pushed-request-refused
  Scenario: A pushed request brings the TPP an authorization code
    A bank that takes requests and does not know them again has no other end than a lost customer.

    Given the TPP has pushed an authorization request
    When the PSU is sent to the bank with the pushed request
    Then an authorization code is issued

  @covers:RFC9126-2.2-bound
  @PAR-003 @must @needs:second-tpp @fault:pushed-request-of-any-client @control:PAR-002
  Scenario: A pushed request is worthless to another TPP
    Otherwise one company has customers agree to what another has asked for.

    Given the TPP has pushed an authorization request
    When the PSU is sent to the bank with the pushed request, under the second TPP's client_id
    Then no authorization code is issued

  @covers:RFC9126-4-one-time
  @PAR-004 @should @fault:pushed-request-reusable @control:PAR-002
  Scenario: A pushed request leads to one authorization
    Its name goes through the browser's address, and whoever finds it there could start the same once more.

    Given the TPP has pushed an authorization request
    And the PSU has authorised the TPP by the pushed request
    When the PSU is sent to the bank with the pushed request
    Then no authorization code is issued

  @covers:RFC9126-4-expired
  @PAR-005 @must @slow @serial @fault:pushed-request-never-expires @control:PAR-002
  Scenario: A pushed request that has expired is refused
    What a customer is asked to agree to must be what the TPP wants now.

    Given the TPP has pushed an authorization request
    And the pushed request has expired
    When the PSU is sent to the bank with the pushed request
    Then no authorization code is issued

  @covers:RFC9126-2.1-no-request-uri
  @PAR-006 @must @fault:par-request-uri-parameter-accepted @control:PAR-001
  Scenario: A pushed request that refers to another one is refused
    A server that follows such a reference fetches whatever anybody wants it to.

    When the TPP pushes an authorization request that refers to another one
    Then the pushed request is refused

  @covers:RFC9126-2.3-method
  @PAR-007 @should @fault:par-by-get @control:PAR-001
  Scenario: Requests are not pushed by GET
    The point of pushing is that nothing of the request stands in an address.

    When the TPP pushes an authorization request by GET
    Then the pushed request is refused

  @covers:RFC9126-2.1-client-authentication @covers:FAPI2-5.3.2.2-par-authenticated
  @PAR-008 @must @fault:par-without-client-authentication @control:PAR-001
  Scenario: Whoever does not authenticate cannot push a request
    Only what a known TPP has pushed can be shown to a customer as that TPP's.

    When the TPP pushes an authorization request without authenticating
    Then the pushed request is refused

  @covers:RFC9126-5-required @covers:RFC9126-6-client @covers:FAPI2-5.3.2.2-par-alone
  @PAR-009 @must @needs:par-enforced @fault:par-requirement-unenforced @control:FLOW-001
  Scenario: A request that should have been pushed is refused
    A door that may also be left out protects nobody.

    When a TPP that has to push its requests asks for authorization without doing so
    Then no authorization code is issued

  @covers:RFC9126-2-audience
  @CAUTH-009 @must @needs:private-key-jwt @fault:par-refuses-issuer-as-audience @control:CAUTH-001
  Scenario: Where requests are pushed, an assertion for the issuer is accepted
    TPPs and banks have long disagreed about whom an assertion is for; the issuer is what all of them must accept.

    When the TPP pushes an authorization request with an assertion for the issuer
    Then the client is authenticated

  @covers:FAPI2-5.3.2.2-par-redirect-uri
  @PAR-010 @must @profile:fapi2-core @fault:redirect-uri-defaulted @control:PAR-001
  Scenario: A pushed request without redirect_uri is refused
    What is not asked for is not bound to the code, and an attacker chooses it later.

    When the TPP pushes an authorization request without "redirect_uri"
    Then the pushed request is refused

  @covers:FAPI2-5.3.2.2-par-lifetime
  @PAR-011 @must @profile:fapi2-core @fault:pushed-request-kept-for-an-hour @control:PAR-001
  Scenario: A pushed request waits for less than ten minutes
    Its name stands in the browser's address; the longer it is good for something, the longer somebody can have a customer agree to it.

    When the TPP pushes an authorization request
    Then it waits for less than 600 seconds

  @covers:FAPI2-5.3.2.1-audience
  @CAUTH-018 @must @profile:fapi2-core @needs:private-key-jwt @fault:par-takes-loose-audience @control:CAUTH-009
  Scenario Outline: A pushed request with an assertion for more than the issuer alone is refused: <flaw>
    An assertion for an address can be asked for by whoever has a TPP believe that the address is its own.

    When the TPP pushes an authorization request with an assertion that is wrong: <flaw>
    Then the client is not authenticated

    Examples:
      | flaw                           |
      | it is for the token endpoint   |
      | it is for the issuer in a list |

  @covers:RFC6749-4.1.2.1-repeated-parameter
  @PAR-012 @may @fault:pushed-parameter-twice-accepted @fault:pushed-parameter-twice-accepted-at-<parameter> @control:PAR-001
  Scenario Outline: A pushed request that repeats a parameter is refused: <parameter>, <how>
    What is looked at when it is pushed and what the customer is shown must not be read from two values.

    When the TPP pushes an authorization request with "<parameter>" twice, <how>
    Then the pushed request is refused

    Examples:
      | parameter             | how                          |
      | response_type         | with the same value          |
      | response_type         | with another value behind it |
      | redirect_uri          | with the same value          |
      | redirect_uri          | with another value behind it |
      | scope                 | with the same value          |
      | scope                 | with another value behind it |
      | scope                 | with another value before it |
      | state                 | with the same value          |
      | state                 | with another value behind it |
      | code_challenge        | with the same value          |
      | code_challenge        | with another value behind it |
      | code_challenge        | with another value before it |
      | code_challenge_method | with the same value          |

  @covers:RFC6749-3.1-empty-is-omitted
  @PAR-013 @must @fault:empty-pushed-parameter-refused @fault:empty-pushed-parameter-refused-at-<parameter> @control:PAR-001
  Scenario Outline: A parameter without a value counts as left out of a pushed request: <parameter>
    A reference that says nothing refers to nothing.

    When the TPP pushes an authorization request with "<parameter>" without a value
    Then the pushed request is taken

    Examples:
      | parameter     |
      | request_uri   |
      | response_mode |
