@berlin-group @dialect:berlin-group @needs:payments
Feature: The life of a payment

  @covers:PSD2-97.1 @covers:BG-status-received
  @BG-012 @must @fault:executed-before-sca @control:BG-001
  Scenario: Nothing is executed before the PSU has authorised it
    Money that moves before the customer has agreed is an unauthorised payment.

    Given the TPP has initiated a payment
    When the TPP asks for the status of the payment
    Then the payment is not executed

  @covers:BG-sca-status-order @covers:PSD2-64.1
  @BG-033 @must @fault:sca-status-final-too-early @control:BG-001
  Scenario: The scaStatus does not say that the PSU has agreed before anybody has asked
    A TPP that reads so delivers, and nobody has paid.

    Given the TPP has initiated a payment
    When the TPP asks for the scaStatus before anybody has asked the PSU
    Then the PSU is not said to have agreed

  @covers:BG-sca-status @covers:BG-sca-status-published
  @BG-013 @must @needs:psu @needs:oauth-sca @fault:sca-status-never-final @fault:sca-status-undeclared @control:FLOW-001
  Scenario: The scaStatus is final once the PSU has authenticated
    A TPP that waits for a final status waits for ever.

    Given the PSU has authorised the TPP
    And the TPP has redeemed the authorization code
    When the TPP asks for the scaStatus
    Then the scaStatus is "finalised" or "exempted" or "unconfirmed"

  @covers:BG-payments-get @covers:BG-payments-get-status
  @BG-035 @must @needs:psu @needs:oauth-sca @needs:protected-resource @fault:rejected-where-it-is-read @control:FLOW-003
  Scenario: A payment that is read and its status tell the same fate
    Rejected here and accepted there, a payment is made twice, or the goods go out for nothing.

    Given the TPP holds an access token
    When the TPP reads the payment, and asks for its status
    Then both tell the same fate of the payment

  @covers:BG-errors-resource-unknown
  @BG-063 @should @fault:unknown-payment-misnamed @control:BG-001
  Scenario: A payment that does not exist is named as such
    A TPP that is told of a wrong form looks for the mistake in its own software.

    When the TPP asks for the status of a payment that does not exist
    Then the request is refused with "RESOURCE_UNKNOWN"

  @covers:BG-payments-unknown-id
  @BG-015 @must @fault:unknown-payment-served @control:BG-001
  Scenario: A payment that does not exist is not known
    An answer about nothing is an invented one.

    When the TPP asks for the status of a payment that does not exist
    Then the payment is not shown

  @covers:BG-payments-owner @covers:OWASP-API1-object-level
  @BG-016 @must @needs:second-tpp @fault:payment-owner-unchecked @control:BG-012 @control:CERT-025
  Scenario: A TPP cannot see another TPP's payment
    Whoever can read it learns who pays whom and how much.

    Given the TPP has initiated a payment
    When the second TPP asks for the status of the payment
    Then the payment is not shown

  @covers:BG-cancellation-answer
  @BG-017 @must @needs:cancellation @fault:cancellation-wrong-status @control:BG-001
  Scenario: A cancellation is answered as such
    The TPP has to tell its customer whether the money stays or goes.

    Given the TPP has initiated a payment
    When the TPP cancels the payment
    Then the cancellation is accepted

  @covers:BG-status-cancelled
  @BG-027 @must @needs:cancellation @fault:cancellation-without-effect @control:BG-017
  Scenario: A cancelled payment is cancelled
    A customer who was told that the payment is off must not find it on the statement.

    Given the TPP has initiated a payment
    And the TPP has cancelled the payment
    When the TPP asks for the status of the payment
    Then the payment is cancelled

  @covers:BG-status-cancelled @covers:PSD2-64.1
  @BG-071 @must @needs:psu-redirect @needs:cancellation @needs:<need> @fault:cancelled-meanwhile-unchecked-at-<approach> @control:CERT-023
  Scenario Outline: A payment that is cancelled while it lies before the PSU is not accepted: <approach>
    The order was taken back, and the page that asks for it is still open.

    Given a payment is to be authorised by <approach>
    And the TPP has cancelled the payment while it lay before the PSU, who then agreed
    When the TPP asks for the status of the payment
    Then the payment is neither accepted nor executed

    Examples:
      | approach | need                   |
      | oauth    | oauth-sca              |
      | redirect | explicit-authorisation |

  @covers:BG-payments-get
  @BG-072 @must @needs:psu @needs:oauth-sca @needs:protected-resource @fault:<fault> @control:FLOW-001
  Scenario Outline: A payment is read as it was ordered, with <what>
    A bank's tables are shorter than the standard's, and nobody tells the customer what was cut.

    Given the PSU has authorised a payment with <what>
    When the TPP reads the payment
    Then what is read is what was ordered

    Examples:
      | what                           | fault                           |
      | a remittance of 140 characters | remittance-cut-where-it-is-read |
      | a payee of 70 characters       | payee-name-cut-where-it-is-read |
      | an amount that ends in a zero  | cents-misread-after-zero        |

  @covers:BG-oauth-metadata
  @BG-075 @must @needs:oauth-sca @needs:discovery @fault:sca-oauth-without-metadata @control:BG-001
  Scenario: The link scaOAuth leads to the metadata of the authorization server
    Whoever meets the bank for the first time learns there where to send its customer.

    Given the TPP has initiated a payment
    When the TPP follows the link scaOAuth
    Then it leads to metadata of an authorization server

  @covers:BG-payments-charset
  @BG-076 @must @fault:published-characters-refused @control:BG-001
  Scenario: A payment whose remittance has every published character is accepted
    Invoices have slashes and brackets in their numbers, and their payees want to find them again.

    When the TPP initiates a payment whose remittance has every published character
    Then its text is no reason to refuse it

  @covers:BG-cancellation-refused
  @BG-064 @should @needs:psu @needs:cancellation @needs:oauth-sca @slow @serial @fault:cancellation-refusal-misnamed @control:BG-017
  Scenario: A cancellation that comes too late is named as such
    Whoever is told that the payment is unknown, or the request wrong, tries again.

    Given the PSU has authorised the TPP
    And the payment has been executed
    When the TPP cancels the payment
    Then the request is refused with "CANCELLATION_INVALID"

  @covers:BG-cancellation-executed
  @BG-029 @must @needs:psu @needs:cancellation @needs:oauth-sca @slow @serial @fault:executed-payment-cancellable @control:BG-017
  Scenario: An executed payment cannot be cancelled any more
    Money that has left cannot be promised back.

    Given the PSU has authorised the TPP
    And the payment has been executed
    When the TPP cancels the payment
    Then the cancellation is refused

  @covers:BG-authorisations-201 @covers:BG-links-sca-redirect @covers:RTS-30.2.a-start @covers:BG-sca-status-order
  @BG-024 @must @needs:psu-redirect @needs:explicit-authorisation @fault:authorisation-without-sca-redirect @fault:authorisation-born-final @control:BG-001
  Scenario: An authorisation that the TPP starts itself leads to the bank's pages
    Without the link the customer has nowhere to go.

    Given the TPP has initiated a payment that it will have authorised explicitly
    When the TPP starts an authorisation
    Then the authorisation is created with a link for the PSU

  @covers:BG-sca-status-failed
  @BG-073 @must @needs:<need> @needs:<ability> @fault:refused-authorisation-finalised @fault:refused-authorisation-finalised-at-<approach> @control:BG-012 @control:BG-033
  Scenario Outline: The scaStatus of an authorisation that the PSU did not give does not say that it did: <deed>, <approach>
    A TPP that goes by it ships what nobody pays.

    Given a payment is to be authorised by <approach>
    And the PSU has left the bank without a yes: <deed>
    When the TPP asks for the scaStatus of what the PSU has left
    Then the PSU is not said to have agreed

    Examples:
      | approach | need                   | deed    | ability    |
      | oauth    | oauth-sca              | denied  | psu-deny   |
      | oauth    | oauth-sca              | cancels | psu-cancel |
      | redirect | explicit-authorisation | denied  | psu-deny   |
      | redirect | explicit-authorisation | cancels | psu-cancel |

  @covers:BG-links-sca-status
  @BG-074 @must @needs:explicit-authorisation @fault:sca-status-link-before-authorisation @control:BG-001
  Scenario: No scaStatus is promised before there is an authorisation
    A TPP that follows the link asks for something that there is not, and gives up.

    Given the TPP has initiated a payment that it would start the authorisation of
    When the TPP follows the link scaStatus of that answer
    Then what the link leads to is there

  @covers:BG-sca-status @covers:BG-authorisations-get
  @BG-025 @must @needs:psu-redirect @needs:explicit-authorisation @fault:redirect-sca-never-finalised @control:BG-024
  Scenario: A payment that was authorised by redirect is authorised
    The customer has done everything that was asked; the payment must know it.

    Given the TPP has initiated a payment that it will have authorised explicitly
    And the TPP has started an authorisation
    And the PSU has approved the payment at the bank
    When the TPP asks for the scaStatus of the authorisation
    Then the scaStatus is "finalised" or "exempted" or "unconfirmed"

  @covers:BG-authorisations-list
  @BG-080 @must @needs:psu-redirect @needs:explicit-authorisation @fault:newest-authorisation-unlisted @control:BG-024
  Scenario: The authorisations of a payment can be listed
    A TPP that has lost its connection finds its customer's authorisation again only by the list.

    Given the TPP has initiated a payment that it will have authorised explicitly
    And the TPP has started an authorisation
    When the TPP asks for the authorisations of the payment
    Then the list holds the authorisation

  @covers:BG-headers-nok-redirect-uri
  @REDIR-009 @may @needs:psu-deny @needs:explicit-authorisation @fault:nok-redirect-ignored @control:BG-024
  Scenario: A PSU who denies is sent to the TPP-Nok-Redirect-URI
    The TPP has prepared a page for that case; the wrong one congratulates a customer who said no.

    Given the TPP has initiated a payment that it will have authorised explicitly
    And the TPP has started an authorisation
    When the PSU denies the payment at the bank
    Then the PSU is sent to the TPP-Nok-Redirect-URI

  @covers:PSD2-64.1
  @BG-028 @must @needs:psu-deny @needs:oauth-sca @fault:denied-payment-accepted @control:BG-012
  Scenario: A payment that the PSU denied is not executed
    No means no, for the money too.

    Given the PSU has denied the TPP
    When the TPP asks for the status of the payment
    Then the payment is neither accepted nor executed
