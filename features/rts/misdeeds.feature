@rts @needs:payments @needs:psu-meddle
Feature: Whatever the bank's pages do not let one do

  @covers:RTS-4.3.b-five-attempts
  @PSU-013 @must @locks-psu @needs:<need> @needs:<ability> @needs:psu-may-be-locked @fault:attempts-over-sessions-unchecked-at-<factor>-by-<approach> @fault:attempts-forgotten-half-way @control:CERT-023
  Scenario Outline: After five wrong attempts in sessions of their own the PSU is locked out: <what>, <approach>
    Whoever may begin anew after each mistake may try for ever.

    Given the PSU has seen all pages of the bank by <approach>
    And the PSU has mistyped the <what> 5 times, each time for another payment, by <approach>
    And a payment is to be authorised by <approach>
    And the PSU mistypes the <what> 0 times more, and then agrees with everything right
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | what          | factor        | ability       | approach | need                   |
      | password      | password      | psu-mistype   | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | redirect | explicit-authorisation |

  @covers:RTS-4.3.b-five-attempts
  @PSU-018 @must @locks-psu @needs:<need> @needs:<ability> @needs:psu-may-be-locked @fault:attempts-unchecked-at-<factor>-by-<approach> @control:CERT-023
  Scenario Outline: After five wrong attempts in one session the right credentials do not agree: <what>, <approach>
    Each factor that may be tried for ever is a factor less.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And the PSU mistypes the <what> 5 times more, and then agrees with everything right
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | what          | factor        | ability       | approach | need                   |
      | password      | password      | psu-mistype   | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | redirect | explicit-authorisation |

  @covers:RTS-4.1-two-elements @covers:PSD2-64.1 @covers:RFC6749-3.1-identity-of-owner
  @PSU-014 @must @mistypes @needs:<need> @needs:<ability> @needs:psu-may-be-locked @fault:factor-<rule>-unchecked-at-<factor>-by-<approach> @control:CERT-023
  Scenario Outline: A factor that is not shown whole authenticates nobody: <sent> of the <what>, <approach>
    Of two factors one is left to whoever has stolen the other.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And the PSU agrees, and of the <what> sends <sent>
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | what          | factor        | ability       | sent                       | rule   | approach | need                   |
      | password      | password      | psu-mistype   | nothing                    | given  | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | nothing                    | given  | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | nothing                    | given  | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | nothing                    | given  | redirect | explicit-authorisation |
      | password      | password      | psu-mistype   | an empty field             | filled | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | an empty field             | filled | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | an empty field             | filled | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | an empty field             | filled | redirect | explicit-authorisation |
      | password      | password      | psu-mistype   | all but the last character | whole  | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | all but the last character | whole  | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | all but the last character | whole  | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | all but the last character | whole  | redirect | explicit-authorisation |
      | password      | password      | psu-mistype   | another customer's         | own    | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | another customer's         | own    | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | another customer's         | own    | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | another customer's         | own    | redirect | explicit-authorisation |

  @covers:RTS-4.1-two-elements @covers:PSD2-64.1
  @PSU-015 @must @needs:<need> @needs:<ability> @fault:factor-asked-unchecked-at-<factor>-by-<approach> @control:CERT-023
  Scenario Outline: No page that asks for a factor can be left out: <what>, <approach>
    A lock on a door that one can walk around protects nothing.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And the PSU agrees without the form that asks for the <what>
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | what          | factor        | ability       | approach | need                   |
      | password      | password      | psu-mistype   | oauth    | oauth-sca              |
      | one-time code | one-time-code | one-time-code | oauth    | oauth-sca              |
      | password      | password      | psu-mistype   | redirect | explicit-authorisation |
      | one-time code | one-time-code | one-time-code | redirect | explicit-authorisation |

  @covers:RTS-4.1-two-elements @covers:PSD2-64.1
  @PSU-016 @must @needs:<need> @fault:order-of-pages-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: The last form of the bank agrees to nothing on its first page: <approach>
    Whoever has a customer account of its own knows that form, and needs no secret of anybody's for it.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And somebody sends the last form of the bank on its first page
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | oauth    | oauth-sca              |
      | redirect | explicit-authorisation |

  @covers:RFC6749-10.12-server @covers:PSD2-64.1
  @PSU-017 @must @needs:<need> @fault:form-token-<rule>-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: Another site cannot agree in the name of the PSU: <sent>, <approach>
    A page that the customer has open beside the bank's sends the last form, and its browser adds the cookie.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And another site agrees in the name of the PSU, with <sent> where only the bank's page knows the value
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | sent                           | rule   | approach | need                   |
      | nothing                        | given  | oauth    | oauth-sca              |
      | nothing in it                  | filled | oauth    | oauth-sca              |
      | what it has of its own session | own    | oauth    | oauth-sca              |
      | nothing                        | given  | redirect | explicit-authorisation |
      | nothing in it                  | filled | redirect | explicit-authorisation |
      | what it has of its own session | own    | redirect | explicit-authorisation |

  @covers:RTS-5.1.c-code-corresponds @covers:RTS-5.2-integrity
  @PSU-019 @must @needs:<need> @fault:shown-payment-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: The page of one payment does not agree to another in the same browser: <approach>
    Of two windows the customer reads the one, and pays what stands in the other.

    Given a payment is to be authorised by <approach>
    And another payment of the TPP lies before the PSU, in the same browser
    And a payment is to be authorised by <approach>
    And the PSU agrees, by the page of the payment that it has opened first
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | oauth    | oauth-sca              |
      | redirect | explicit-authorisation |

  @covers:RTS-4.3.c-sessions-protected
  @PSU-020 @must @needs:<need> @fault:fresh-session-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: Whoever knows the session id that the PSU's browser came with cannot agree in its place: <approach>
    A session that begins under an id of somebody else's choice is that somebody's, once the customer has logged in.

    Given the PSU has seen all pages of the bank by <approach>
    And a payment is to be authorised by <approach>
    And somebody begins a session of its own for it
    And a payment is to be authorised by <approach>
    And somebody who has given the PSU's browser a session id agrees in its place
    When the TPP asks for the status of the payment
    Then without a yes the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | oauth    | oauth-sca              |
      | redirect | explicit-authorisation |

  @covers:RTS-4.1-one-time
  @PSU-021 @should @needs:oauth-sca @fault:decision-taken-again @control:FLOW-001
  Scenario: A yes that is sent once more brings no other code
    Whoever presses back and sends the form again has not agreed twice, and whoever finds the browser open has not agreed at all.

    When the PSU agrees, and its browser sends the last form once more
    Then the second time brings no other authorization code
