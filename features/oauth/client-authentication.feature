@oauth
Feature: How TPPs authenticate as clients

  @covers:RFC7523-2.2-client-assertion
  @CAUTH-001 @must @needs:private-key-jwt @fault:right-credentials-refused
  Scenario: A TPP is authenticated by a right assertion
    Every refusal of a wrong one is only worth something beside this acceptance.

    When the TPP asks for a token with a right assertion
    Then the client is authenticated

  @covers:RFC7523-3-signature @covers:RFC7523-3.2-invalid-client
  @CAUTH-002 @must @needs:private-key-jwt @fault:assertion-signature-unchecked @control:CAUTH-001
  Scenario: An assertion that another key has signed is refused
    Everybody can write an assertion; only the signature says whose it is.

    When the TPP asks for a token with an assertion that is wrong: another key has signed it
    Then the client is not authenticated

  @covers:RFC7523-3-signature @covers:RFC7523-3.2-invalid-client
  @CAUTH-003 @must @needs:private-key-jwt @fault:assertion-alg-none-accepted @control:CAUTH-001
  Scenario Outline: An assertion without a signature is refused: <flaw>
    A server that lets the assertion say that it needs no signature has none to check, however that is spelt.

    When the TPP asks for a token with an assertion that is wrong: <flaw>
    Then the client is not authenticated

    Examples:
      | flaw                      |
      | its algorithm is none     |
      | its algorithm is None     |
      | its algorithm is NONE     |
      | its algorithm is nOnE     |
      | it names no algorithm     |
      | its signature is empty    |

  @covers:RFC7523-3-audience @covers:RFC7523-3.2-invalid-client
  @CAUTH-004 @must @needs:private-key-jwt @fault:assertion-audience-unchecked @control:CAUTH-001
  Scenario: An assertion for another server is refused
    A TPP shows assertions to many banks; each of them could be the TPP at all the others.

    When the TPP asks for a token with an assertion that is wrong: it is for another server
    Then the client is not authenticated

  @covers:RFC7523-3-expiry @covers:RFC7523-3.2-invalid-client
  @CAUTH-005 @must @needs:private-key-jwt @fault:assertion-expiry-unchecked @control:CAUTH-001
  Scenario: An assertion that has expired is refused
    Assertions end up in logs; what never ends is a password.

    When the TPP asks for a token with an assertion that is wrong: it has expired
    Then the client is not authenticated

  @covers:RFC7523-3-expiry-present @covers:RFC7523-3.2-invalid-client
  @CAUTH-006 @must @needs:private-key-jwt @fault:assertion-without-expiry-accepted @control:CAUTH-001
  Scenario: An assertion that never expires is refused
    A server that accepts it has accepted every one that will ever be found.

    When the TPP asks for a token with an assertion that is wrong: it never expires
    Then the client is not authenticated

  @covers:RFC7523-3-issuer @covers:RFC7523-3-subject @covers:RFC7523-3.2-invalid-client
  @CAUTH-007 @must @needs:private-key-jwt @fault:assertion-names-unchecked @control:CAUTH-001
  Scenario Outline: An assertion that names another client is refused: <flaw>
    A signature proves who has written an assertion, and not that it speaks for whom it names.

    When the TPP asks for a token with an assertion that is wrong: <flaw>
    Then the client is not authenticated

    Examples:
      | flaw                      |
      | it is from somebody else  |
      | it is about somebody else |

  @covers:RFC7523-3-replay
  @CAUTH-008 @may @needs:authorization-server @needs:private-key-jwt @fault:assertion-replayable @control:CAUTH-001
  Scenario: An assertion works once
    Whoever reads a request on the way could send its assertion again for as long as it lives.

    When the TPP asks for a token twice with the same assertion
    Then the client is not authenticated

  @covers:RFC9700-2.5-asymmetric @covers:FAPI2-5.3.2.1-client-authentication
  @CAUTH-010 @passive @should @must:fapi2-core @fault:secrets-authenticate-alone @fault:secrets-in-forms-authenticate-alone
  Scenario: TPPs can authenticate without a secret that the bank has too
    A secret that both sides keep leaks on both sides, and shows nobody who has used it.

    Given how the TPP and others can authenticate
    Then it is possible without a secret that the bank has too

  @covers:RFC6749-2.3.1-basic
  @CAUTH-011 @must @needs:client-secret @fault:right-credentials-refused
  Scenario: A TPP is authenticated by its client_secret
    Every refusal of a wrong one is only worth something beside this acceptance.

    When the TPP asks for a token with its client_secret
    Then the client is authenticated

  @covers:RFC6749-3.2.1
  @CAUTH-012 @must @needs:client-secret @fault:client-secret-unchecked @control:CAUTH-011
  Scenario: Another client_secret is refused
    A secret that is asked for and not compared is none.

    When the TPP asks for a token with another client_secret
    Then the client is not authenticated

  @covers:RFC6749-2.3.1-not-in-uri
  @CAUTH-013 @should @needs:client-secret @fault:client-secret-in-query-accepted @control:CAUTH-011
  Scenario: A client_secret in the address is not accepted
    Addresses are written to the logs of every machine on the way.

    When the TPP asks for a token with its client_secret in the address
    Then the client is not authenticated

  @covers:RFC6749-2.3-one-method
  @CAUTH-014 @should @needs:client-secret-basic @fault:two-client-authentications-accepted @control:CAUTH-011
  Scenario: A request that authenticates its client in two ways is refused
    Where two parts of a bank each look at one of them, each can be shown what it wants to see.

    When the TPP asks for a token with its client_secret in the Authorization header and in the form
    Then the client is not authenticated

  @covers:RFC6749-5.2-invalid-client-401
  @CAUTH-015 @must @needs:client-secret-basic @fault:basic-refused-without-challenge @control:CAUTH-011
  Scenario: A wrong client_secret in the Authorization header is refused with 401 and the scheme
    HTTP libraries act on the challenge; without it a TPP's software sees an error of any kind.

    When the TPP asks for a token with another client_secret in the Authorization header
    Then the refusal names the scheme that the client has used

  @covers:FAPI2-5.3.2.1-client-authentication
  @CAUTH-016 @passive @must @profile:fapi2-core @fault:secrets-authenticate-alone @fault:secrets-in-forms-authenticate-alone
  Scenario: The TPP is registered to authenticate without a secret that the bank has too
    What the bank offers to others does not protect the TPP that it has given a secret.

    Given how the TPP and others can authenticate
    Then the TPP itself does it without a secret that the bank has too

  @covers:FAPI2-5.3.2.1-audience
  @CAUTH-017 @must @profile:fapi2-core @needs:private-key-jwt @fault:assertion-with-loose-audience-accepted @control:CAUTH-001
  Scenario Outline: An assertion for more than the issuer alone is refused: <flaw>
    An assertion for an address can be asked for by whoever has a TPP believe that the address is its own.

    When the TPP asks for a token with an assertion that is wrong: <flaw>
    Then the client is not authenticated

    Examples:
      | flaw                           |
      | it is for the token endpoint   |
      | it is for the issuer in a list |

  @covers:FAPI2-5.3.2.1-clocks
  @CAUTH-019 @must @profile:fapi2-core @needs:private-key-jwt @fault:assertion-from-the-future-accepted @control:CAUTH-001
  Scenario Outline: An assertion from the future is refused: <flaw>
    Whoever has a TPP's key for a moment could make assertions for the years to come.

    When the TPP asks for a token with an assertion that is wrong: <flaw>
    Then the client is not authenticated

    Examples:
      | flaw                       |
      | it begins in two minutes   |
      | it was made in two minutes |

  @covers:FAPI2-5.3.2.1-clocks
  @CAUTH-020 @must @profile:fapi2-core @needs:private-key-jwt @fault:assertion-of-a-fast-clock-refused @control:CAUTH-001
  Scenario: An assertion of a clock that is some seconds ahead is accepted
    No two clocks agree, and a TPP whose clock is a little fast must not be locked out.

    When the TPP asks for a token with a right assertion, whose clock is eight seconds ahead
    Then the client is authenticated

  @covers:RFC7523-3-signature @covers:RFC7523-3.2-invalid-client
  @CAUTH-021 @must @needs:private-key-jwt @fault:assertion-alg-none-accepted-at-HS256 @control:CAUTH-001
  Scenario: An assertion that the client's public key has sealed is refused
    A server that takes the key of one algorithm for the secret of another lets everybody sign who can read a certificate.

    When the TPP asks for a token with an assertion that is wrong: its algorithm is HS256, under the public key
    Then the client is not authenticated

  @covers:RFC6749-3.2.1 @covers:RFC7009-2.1-client-authentication @covers:RFC7662-2.1-authorization @covers:RFC9126-2.1-client-authentication
  @CAUTH-022 @must @needs:private-key-jwt @fault:client-assertion-unchecked-at-<cell> @control:CAUTH-001
  Scenario Outline: A TPP that authenticates by assertions is served nothing without a right one: <place>, showing <shown>
    Each endpoint that forgets to ask is open to whoever knows the TPP's name, which is no secret.

    Given a TPP that authenticates by assertions holds an access token
    When the TPP that authenticates by assertions comes to the <place> and shows <shown>
    Then the TPP is served nothing there

    @needs:client-credentials
    Examples:
      | place | shown | cell |
      | client credentials grant | nothing | token-endpoint |
      | client credentials grant | what is wrong | token-endpoint |

    @needs:refresh-tokens
    Examples:
      | place | shown | cell |
      | refresh grant | nothing | refresh-grant |
      | refresh grant | what is wrong | refresh-grant |

    @needs:revocation
    Examples:
      | place | shown | cell |
      | revocation endpoint | nothing | revocation-endpoint |
      | revocation endpoint | what is wrong | revocation-endpoint |

    @needs:introspection
    Examples:
      | place | shown | cell |
      | introspection endpoint | nothing | introspection-endpoint |
      | introspection endpoint | what is wrong | introspection-endpoint |

    @needs:par
    Examples:
      | place | shown | cell |
      | pushed request endpoint | nothing | pushed-request-endpoint |
      | pushed request endpoint | what is wrong | pushed-request-endpoint |

  @covers:RFC6749-3.2.1 @covers:RFC7009-2.1-client-authentication @covers:RFC7662-2.1-authorization @covers:RFC9126-2.1-client-authentication
  @CAUTH-023 @must @needs:client-secret @fault:client-secret-unchecked-at-<cell> @control:CAUTH-011
  Scenario Outline: A TPP that authenticates by a secret is served nothing without a right one: <place>, showing <shown>
    Each endpoint that forgets to ask is open to whoever knows the TPP's name, which is no secret.

    Given a TPP that authenticates by a secret holds an access token
    When the TPP that authenticates by a secret comes to the <place> and shows <shown>
    Then the TPP is served nothing there

    @needs:client-credentials
    Examples:
      | place | shown | cell |
      | client credentials grant | nothing | token-endpoint |
      | client credentials grant | what is wrong | token-endpoint |

    @needs:refresh-tokens
    Examples:
      | place | shown | cell |
      | refresh grant | nothing | refresh-grant |
      | refresh grant | what is wrong | refresh-grant |

    @needs:revocation
    Examples:
      | place | shown | cell |
      | revocation endpoint | nothing | revocation-endpoint |
      | revocation endpoint | what is wrong | revocation-endpoint |

    @needs:introspection
    Examples:
      | place | shown | cell |
      | introspection endpoint | nothing | introspection-endpoint |
      | introspection endpoint | what is wrong | introspection-endpoint |

    @needs:par
    Examples:
      | place | shown | cell |
      | pushed request endpoint | nothing | pushed-request-endpoint |
      | pushed request endpoint | what is wrong | pushed-request-endpoint |
