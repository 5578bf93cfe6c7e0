@tls
Feature: Who is let in by TLS, and how

  @covers:RTS-34.1-no-other @covers:RFC8705-3-tls-at-resource
  @TLS-030 @passive @must @fault:client-certificate-merely-requested @control:CERT-023
  Scenario: A client certificate is required and not merely asked for
    A server that asks and goes on without an answer has a door that stands open behind its doorman.

    When somebody without a certificate comes to the endpoints for TPPs
    Then whoever has no certificate is turned away

  @covers:RFC9325-3.4-as-secure
  @TLS-031 @passive @should @needs:authorization-server @fault:session-resumed-across-hosts
  Scenario: A session that was begun without a certificate does not open what asks for one
    Where hosts share their sessions, the door without a lock opens the one with it.

    When somebody without a certificate comes to an endpoint for TPPs with a TLS session of another host
    Then the session opens nothing

  @covers:RFC9325-3.2-hsts
  @TLS-008 @should @needs:authorization @fault:hsts-missing
  Scenario: Browsers are told to come over TLS alone
    Otherwise somebody on the way can keep a customer's next visit in the clear, and read the password.

    When a browser opens the authorization endpoint
    Then the browser is told to come over TLS alone
