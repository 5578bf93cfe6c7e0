@api-security
Feature: Scripts of other sites

  @covers:RFC9700-2.6-no-cors @covers:FAPI2-5.2.3-no-cors
  @CORS-001 @must @needs:authorization @fault:cors-at-authorization-endpoint @fault:origins-reflected-with-credentials @fault:origins-mistaken-for-own @fault:origins-mistaken-for-own-at-null @fault:origins-reflected-with-credentials-at-authorization-endpoint
  Scenario Outline: The authorization endpoint lets no script of another site in: <site>, <how>
    A script that may read what the authorization endpoint says asks in the customer's name, and reads the code.

    When a script of <site> asks the authorization endpoint, <how>
    Then it may not read the answer

    Examples:
      | site               | how                  |
      | another site       | at once              |
      | another site       | first whether it may |
      | a page of nobody's | at once              |
      | a page of nobody's | first whether it may |

  @covers:OWASP-API8-cors
  @CORS-002 @should @needs:authorization @fault:origins-reflected-with-credentials @fault:origins-reflected-with-credentials-at-<cell>
  Scenario Outline: No endpoint lets scripts of other sites in with the customer's credentials: <place>, <how>
    Whatever the customer's browser knows of the bank, each site that the customer opens may then use.

    When a script of another site asks the <place>, <how>
    Then it may not read the answer in the customer's name

    Examples:
      | place           | how                  | cell           |
      | token endpoint  | at once              | token-endpoint |
      | token endpoint  | first whether it may | token-endpoint |

    @needs:revocation
    Examples:
      | place               | how                  | cell                |
      | revocation endpoint | at once              | revocation-endpoint |
      | revocation endpoint | first whether it may | revocation-endpoint |

    @needs:introspection
    Examples:
      | place                  | how                  | cell                   |
      | introspection endpoint | at once              | introspection-endpoint |
      | introspection endpoint | first whether it may | introspection-endpoint |

    @needs:par
    Examples:
      | place                   | how                  | cell                    |
      | pushed request endpoint | at once              | pushed-request-endpoint |
      | pushed request endpoint | first whether it may | pushed-request-endpoint |

  @covers:OWASP-API8-cors
  @CORS-003 @should @needs:authorization @fault:origins-mistaken-for-own @fault:origins-mistaken-for-own-at-<likeness>
  Scenario Outline: No site is taken for the bank's own: <site>
    Names are compared from end to end, or whoever registers the right one is the bank.

    When a script of <site> asks the token endpoint, at once
    Then it may not read the answer in the customer's name

    Examples:
      | site                             | likeness    |
      | a page of nobody's               | null        |
      | a host below the bank's          | sub-host    |
      | a host that begins as the bank's | beginning   |
      | a host that ends as the bank's   | ending      |
      | the bank's host without TLS      | without-tls |

  @covers:OWASP-API8-cors
  @CORS-004 @should @needs:payments @fault:origins-reflected-with-credentials-at-payment-api @control:BG-001 @control:uk-open-banking=UK-001
  Scenario Outline: The payment API lets no script of another site in with credentials: <how>
    A TPP's server needs no such leave; a site that a customer opens must not have it.

    When a script of another site asks the payment API, <how>
    Then it may not read the answer in the customer's name

    Examples:
      | how                  |
      | at once              |
      | first whether it may |

  @covers:OWASP-API8-cors
  @CORS-005 @should @needs:authorization @needs:psu-pages @fault:origins-reflected-with-credentials-at-pages @control:FLOW-001
  Scenario Outline: No page that the customer is shown lets scripts of other sites in with credentials: <how>
    A site that may read the page of consent reads what the customer pays, and sends its form.

    Given the PSU has authorised the TPP
    When a script of another site asks the customer's page, <how>
    Then it may not read the answer in the customer's name

    Examples:
      | how                  |
      | at once              |
      | first whether it may |
