@rts @needs:payments
Feature: Each role against each endpoint

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-102 @must @needs:psu @needs:test-ca @needs:oauth-sca @needs:protected-resource @fault:role-unchecked-on-payment @fault:role-unchecked-at-payment @fault:role-unchecked-at-funds-confirmation @control:FLOW-003 @control:CERT-026
  Scenario: A payment is not shown to a TPP that has lost the role PSP_PI
    The authority withdraws a role for a reason; what was entrusted under it is not to be had any more.

    Given the PSU has authorised the TPP
    And the access token was issued under a certificate for PSP_AI
    When the payment is read with that token and certificate
    Then the request is refused for want of the role

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-103 @must @needs:test-ca @fault:role-unchecked-on-status @control:BG-012 @control:uk-open-banking=UK-015 @control:CERT-026
  Scenario Outline: The status of a payment is not told to a TPP without the role PSP_PI: <roles>
    Whether and when somebody has paid is worth knowing to many who have no business to.

    Given the TPP has initiated a payment
    When the status of the payment is asked for with a certificate for <roles>
    Then the request is refused for want of the role

    Examples:
      | roles  |
      | PSP_AI |
      | PSP_IC |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-104 @must @needs:test-ca @needs:cancellation @fault:role-unchecked-on-cancellation @control:BG-017 @control:CERT-026
  Scenario Outline: A payment is not cancelled by a TPP without the role PSP_PI: <roles>
    To stop a payment is to decide about somebody's money as much as to start it.

    Given the TPP has initiated a payment
    When the payment is cancelled with a certificate for <roles>
    Then the request is refused for want of the role

    Examples:
      | roles  |
      | PSP_AI |
      | PSP_IC |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-105 @must @needs:test-ca @needs:explicit-authorisation @fault:role-unchecked-on-authorisation @control:BG-024 @control:CERT-026
  Scenario Outline: No authorisation is started by a TPP without the role PSP_PI: <roles>
    An authorisation brings the customer before a button that moves money.

    Given the TPP has initiated a payment that it will have authorised explicitly
    When an authorisation is started with a certificate for <roles>
    Then the request is refused for want of the role

    Examples:
      | roles  |
      | PSP_AI |
      | PSP_IC |

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-106 @must @needs:test-ca @needs:oauth-sca @fault:role-unchecked-on-sca-status @control:BG-013 @control:CERT-026
  Scenario: The scaStatus is not told to a TPP without the role PSP_PI
    It tells whether a customer is at the bank's pages at this moment, and what became of it.

    Given the TPP has initiated a payment
    When the scaStatus is asked for with a certificate for PSP_AI
    Then the request is refused for want of the role

  @covers:RTS-34.3.a-role @covers:ETSI119495-5.2.2-role-read
  @CERT-107 @may @needs:ais-only-tpp @needs:client-credentials @fault:unlicensed-scope-granted @control:TOKEN-018
  Scenario: A TPP without the role PSP_PI gets no token for payments
    A token that says more than its holder's licence is believed by whoever looks at the token alone.

    When the TPP that is licensed for account information alone asks for a token for payments
    Then no token for payments is issued
