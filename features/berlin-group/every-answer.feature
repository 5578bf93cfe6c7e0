@berlin-group @dialect:berlin-group @needs:payments
Feature: Every answer of the payment API

  @covers:BG-headers-x-request-id
  @BG-002 @must @fault:request-id-not-echoed @fault:request-id-missing-on-errors
  Scenario: Every answer carries the X-Request-ID of its request
    It is the one thread by which bank and TPP find the same call in their logs, above all when it failed.

    Given every answer of the payment API in this run
    Then every one of them carries the X-Request-ID of its request

  @covers:BG-status-published
  @BG-014 @must @fault:transaction-status-undeclared
  Scenario: Every transactionStatus is one of the published codes
    A TPP cannot act on a status that nobody has defined.

    Given every answer of the payment API in this run
    Then every transactionStatus among them is published

  @covers:BG-errors-tppmessages @covers:BG-errors-media-type @covers:RTS-36.2-notification
  @BG-018 @must @fault:error-as-html
  Scenario: Every error has the published form
    A TPP's software reads the code; a page for people tells it nothing.

    Given every answer of the payment API in this run
    Then every error among them has the published form

  @covers:BG-errors-code-status
  @BG-026 @should @fault:error-code-wrong-status
  Scenario: Every error code stands with the HTTP status that belongs to it
    A code that contradicts its status makes the TPP repeat what it should give up, or give up what it should repeat.

    Given every answer of the payment API in this run
    Then every published error code among them stands with a status that belongs to it

  @covers:BG-payments-get
  @BG-032 @must @needs:protected-resource @fault:amount-read-back-differs @fault:payee-read-back-differs @fault:references-read-back-differ @fault:amount-not-read-back
  Scenario: A payment that is read is the one that was ordered
    Whoever reads another amount or another payee has authorised something that nobody ordered, or is shown it.

    Given every answer of the payment API in this run
    Then every payment among them that is read is the one that was ordered

  @covers:BG-errors-text-length
  @BG-040 @must @fault:error-text-too-long
  Scenario: No text of a message is longer than the standard has it
    A TPP keeps what the bank said in a field of the published length; what is too long is cut, or lost with the whole answer.

    Given every answer of the payment API in this run
    Then every text for the TPP among them has the published length

  @covers:BG-links-own @covers:RTS-35.4-references
  @BG-034 @must @fault:links-of-another-payment
  Scenario: The links of a payment, and its Location, lead to that payment
    A TPP that follows them tells one customer how another's payment fares.

    Given every answer of the payment API in this run
    And the links that do not name their payment have been followed
    Then every link of a payment among them leads to that payment

  @covers:RTS-35.1-encryption
  @BG-036 @must @fault:sca-link-without-tls
  Scenario: A link that leads the customer to the bank has TLS
    Whoever listens on the way has the customer log in on a page of his own.

    Given every answer of the payment API in this run
    Then every link among them that leads the PSU away has TLS

  @covers:BG-payments-id
  @BG-037 @must @fault:payment-id-repeated
  Scenario: Every payment has an id of its own
    Of two payments under one id the customer authorises one, and the bank executes the other.

    Given every answer of the payment API in this run
    Then every payment among them that was initiated has an id of its own
