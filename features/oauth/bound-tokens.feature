@oauth
Feature: Access tokens that are bound to certificates

  @covers:RFC8705-3.3-metadata
  @BIND-001 @may @needs:authorization @needs:discovery @needs:jwt-access-tokens @fault:metadata-without-bound-tokens @control:FLOW-002
  Scenario: The metadata says that access tokens are bound to certificates
    A TPP that is not told keeps its tokens apart from its certificates, and wonders why they stop working.

    Given the TPP holds an access token
    And the TPP's access token says that it is bound to a certificate
    When the TPP fetches the metadata document
    Then the metadata says that access tokens are bound to certificates

  @covers:RFC8705-3.1-cnf-in-jwt
  @BIND-002 @should @needs:bound-tokens @needs:jwt-access-tokens @fault:jwt-without-cnf @fault:refreshed-token-unbound @fault:client-credentials-token-unbound @control:FLOW-002
  Scenario Outline: An access token says that it is bound to a certificate: <grant>
    A resource server cannot hold a token to a certificate that it is not told of.

    When the TPP obtains an access token by <grant>
    Then the access token says that it is bound to a certificate

    @needs:authorization
    Examples:
      | grant                 |
      | an authorization code |

    @needs:authorization @needs:refresh-tokens
    Examples:
      | grant           |
      | a refresh token |

    @needs:client-credentials
    Examples:
      | grant              |
      | client credentials |

  @covers:RFC8705-3.1-x5t-form
  @BIND-003 @must @needs:bound-tokens @needs:jwt-access-tokens @needs:authorization @fault:cnf-thumbprint-in-hexadecimal @control:BIND-002
  Scenario: The certificate is named by its SHA-256 thumbprint in base64url
    A thumbprint in another spelling fits no certificate, and locks the TPP out of every server that reads the standard.

    When the TPP obtains an access token by an authorization code
    Then it is the TPP's certificate, by its thumbprint

  @covers:RFC8705-3-bound @covers:RFC8705-3-401 @covers:RFC8705-3-tls-at-resource
  @BIND-005 @must @needs:bound-tokens @needs:authorization @needs:protected-resource @fault:bound-token-without-certificate-accepted @control:FLOW-003
  Scenario: A bound access token is worthless without a certificate
    A bank that compares certificates only where there is one has left the door open for whoever brings none.

    Given the TPP holds an access token
    When the access token is used without a certificate
    Then the access token opens nothing

  @covers:RFC8705-3-401
  @BIND-006 @must @needs:bound-tokens @needs:authorization @needs:protected-resource @needs:second-certificate @fault:binding-refused-with-403 @control:TOKEN-010 @control:CERT-024
  Scenario: The refusal under another certificate is told by 401 and invalid_token
    On 401 a TPP refreshes its token, which is what helps after a renewal; on anything else it gives up.

    Given the TPP holds an access token
    When the access token is used under another certificate of the same TPP
    Then the access token is refused with 401 and invalid_token

  @covers:RFC8705-3-token-endpoint-certificate @covers:RFC8705-7.1-refresh-bound-to-client
  @BIND-007 @should @needs:bound-tokens @needs:authorization @needs:protected-resource @needs:refresh-tokens @needs:second-certificate @fault:refresh-keeps-old-binding @control:FLOW-003 @control:CERT-111
  Scenario: A refreshed access token works under the certificate that it was refreshed with
    Refreshing is the way out after a renewal; a token that is still bound to the old certificate leads nowhere.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has refreshed its access token with its renewed certificate
    When the new access token is used under the renewed certificate
    Then the protected resource is served

  @covers:RFC8705-3-bound @covers:RFC9700-4.10.1
  @BIND-008 @must @needs:bound-tokens @needs:authorization @needs:protected-resource @needs:refresh-tokens @needs:second-certificate @fault:refreshed-token-unbound @control:FLOW-003 @control:CERT-111
  Scenario: A refreshed access token is worthless under the old certificate
    A certificate is often renewed because the old key is in other hands.

    Given the TPP holds an access token
    And the TPP holds a refresh token
    And the TPP has refreshed its access token with its renewed certificate
    When the new access token is used under the old certificate
    Then the access token is refused

  @covers:RFC8705-2.1-subject-matched @covers:RFC8705-2-binding-enforced
  @BIND-012 @must @needs:authorization @needs:tls-client-auth @needs:test-ca @fault:subject-matched-by-common-name @fault:any-certificate-authenticates @control:FLOW-002 @control:CERT-026
  Scenario: A certificate of another company with the same common name does not authenticate the TPP
    Anybody can have any name in a certificate's common name; it is the least checked of all.

    Given the PSU has authorised the TPP
    When the authorization code is redeemed with the certificate of another company that has the same common name
    Then no token has been issued

  @covers:RFC8705-2.1-subject-matched @covers:RFC8705-2-binding-enforced
  @BIND-013 @must @needs:authorization @needs:tls-client-auth @needs:test-ca @fault:subject-matched-by-organization @fault:any-certificate-authenticates @control:FLOW-002 @control:CERT-026
  Scenario: A certificate of another company with the same organization name does not authenticate the TPP
    Company names are unique in no register but their own: two countries, two companies, one name.

    Given the PSU has authorised the TPP
    When the authorization code is redeemed with the certificate of another company that has the same organization name
    Then no token has been issued

  @covers:RFC8705-2.1-subject-matched @covers:RFC8705-2-binding-enforced
  @BIND-014 @must @needs:authorization @needs:tls-client-auth @needs:test-ca @fault:subject-matched-by-prefix @fault:any-certificate-authenticates @control:FLOW-002 @control:CERT-026
  Scenario: A certificate whose organizationIdentifier begins with the TPP's does not authenticate the TPP
    Authorisation numbers are counted up: 1000 is the beginning of ten thousand others.

    Given the PSU has authorised the TPP
    When the authorization code is redeemed with the certificate of another company that has an organizationIdentifier that begins with the TPP's
    Then no token has been issued

  @covers:RFC9700-2.2.1 @covers:FAPI2-5.3.2.1-sender-constrained @covers:FAPI2-5.3.4-sender-constraint
  @BIND-009 @should @must:fapi2-core @needs:authorization @needs:protected-resource @needs:second-certificate @fault:tokens-unbound @control:FLOW-003
  Scenario: An access token is bound to the certificate of the TPP, whether the bank says so or not
    A token that anybody can use is as good as cash: whoever finds it can spend it.

    Given the TPP holds an access token
    When the access token is used under another certificate of the same TPP
    Then the access token is refused

  @covers:RFC8705-2-binding-enforced @covers:RFC8705-2.1-subject-matched
  @BIND-020 @must @needs:authorization @needs:tls-client-auth @needs:second-tpp @fault:subject-unchecked-at-token-endpoint @fault:subject-unchecked-at-revocation-endpoint @fault:subject-unchecked-at-introspection-endpoint @fault:subject-unchecked-at-pushed-request-endpoint @control:FLOW-002 @control:CERT-025
  Scenario: Another TPP's certificate does not authenticate the TPP at any endpoint for clients
    Who can speak in another's name anywhere can have its tokens told of, taken back, or made out anew.

    When the second TPP comes to every endpoint for clients in the TPP's name
    Then nobody is authenticated at any of them
