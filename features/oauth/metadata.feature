@oauth @passive @needs:discovery
Feature: Authorization server metadata

  @covers:RFC8414-3.2-json @covers:FAPI2-5.3.2.1-metadata
  @META-001 @must @fault:metadata-wrong-media-type
  Scenario: The metadata document is JSON
    TPPs set themselves up by it; a page for people sets up nobody.

    When the TPP fetches the metadata document
    Then the metadata is served as JSON

  @covers:RFC8414-3.3-issuer-matches
  @META-002 @must @fault:metadata-wrong-issuer
  Scenario: The issuer in the metadata is the issuer that was asked
    A document that speaks for somebody else is how a TPP is made to send codes to an attacker.

    When the TPP fetches the metadata document
    Then the issuer is the one that was asked

  @covers:RFC8414-2-issuer @covers:RFC8414-2-authorization-endpoint @covers:RFC8414-2-token-endpoint @covers:RFC8414-2-response-types-supported @covers:RFC8414-2-jwks-https @covers:RFC6749-3.1-tls @covers:RFC6749-3.2-tls @covers:RFC7009-2-https
  @META-003 @must @fault:metadata-http-endpoint @fault:metadata-member-missing
  Scenario: The metadata names what a TPP needs, and every address has TLS
    One address without TLS is enough to lose every token.

    When the TPP fetches the metadata document
    Then the required members are there and every endpoint has TLS

  @covers:RFC9700-2.1.1-pkce-in-metadata
  @META-004 @should @fault:metadata-without-pkce
  Scenario: The metadata says that PKCE with S256 is supported
    A TPP that cannot see the protection may not use it.

    When the TPP fetches the metadata document
    Then "code_challenge_methods_supported" holds "S256"

  @covers:RFC8414-2-revocation-endpoint
  @META-007 @may @needs:revocation @fault:metadata-without-revocation-endpoint
  Scenario: The metadata names the revocation endpoint
    A TPP that cannot find it cannot give its access back.

    When the TPP fetches the metadata document
    Then "revocation_endpoint" is named

  @covers:RFC7517-9.2
  @META-008 @must @needs:jwks @fault:jwks-private-key
  Scenario: The key set holds public keys only
    With the private key anybody can issue tokens in the bank's name.

    When the TPP fetches the key set
    Then it holds no private key

  @covers:RFC9700-2.4
  @META-011 @must @fault:metadata-offers-password
  Scenario: The metadata does not offer the password grant
    An offer is an invitation: TPPs will ask customers for their bank passwords.

    When the TPP fetches the metadata document
    Then "grant_types_supported" does not hold "password"

  @covers:RFC7517-4.5-distinct-kids
  @META-012 @should @needs:jwks @fault:jwks-duplicate-kid
  Scenario: Each key of the key set has a name of its own
    Two keys under one name make signatures fail at random.

    When the TPP fetches the key set
    Then every key has a kid of its own

  @covers:RFC8414-2-no-alg-none
  @META-013 @must @fault:metadata-offers-alg-none
  Scenario Outline: The metadata does not offer assertions without a signature: <list>
    Whoever may leave the signature out can be any TPP.

    When the TPP fetches the metadata document
    Then "<list>" does not hold "none"

    Examples:
      | list                                                     |
      | token_endpoint_auth_signing_alg_values_supported         |
      | revocation_endpoint_auth_signing_alg_values_supported    |
      | introspection_endpoint_auth_signing_alg_values_supported |

  @covers:RFC6749-3.1-no-fragment
  @META-014 @must @fault:metadata-endpoint-with-fragment
  Scenario: The endpoints have addresses without a fragment
    A browser keeps what follows the # for itself: the parameters that a TPP appends there never reach the bank.

    When the TPP fetches the metadata document
    Then no endpoint has a fragment

  @covers:RFC8414-3.2-no-empty-arrays
  @META-015 @must @fault:metadata-empty-list
  Scenario: The metadata holds no empty list
    A list of nothing says that nothing is possible, and a TPP that believes it gives up.

    When the TPP fetches the metadata document
    Then no list is empty

  @covers:RFC8414-2-auth-signing-algs
  @META-016 @must @fault:metadata-without-signing-algorithms
  Scenario Outline: Where clients may authenticate by JWT, the metadata lists the algorithms: <methods>
    No algorithm is implied: a TPP that has to guess is refused with the wrong one.

    When the TPP fetches the metadata document
    Then "<algorithms>" is there if "<methods>" holds a method by JWT

    Examples:
      | methods                                    | algorithms                                               |
      | token_endpoint_auth_methods_supported      | token_endpoint_auth_signing_alg_values_supported         |

    @needs:revocation
    Examples:
      | methods                                    | algorithms                                               |
      | revocation_endpoint_auth_methods_supported | revocation_endpoint_auth_signing_alg_values_supported    |

    @needs:introspection
    Examples:
      | methods                                       | algorithms                                               |
      | introspection_endpoint_auth_methods_supported | introspection_endpoint_auth_signing_alg_values_supported |

  @covers:RFC8414-2-jwks-use
  @META-017 @must @needs:jwks @fault:jwks-use-missing
  Scenario: Where the key set has keys for encryption, every key says what it is for
    Whoever takes a key for the wrong purpose verifies nothing, or encrypts what nobody can read.

    When the TPP fetches the key set
    Then every key says its use, if one of them is for encryption
