@uk-open-banking @dialect:uk-open-banking @needs:payments
Feature: Every answer of the UK's payment API

  @covers:UK-interaction-id
  @UK-012 @must @fault:uk-interaction-id-missing
  Scenario: Every answer carries the interaction id of its request
    It is the one thread by which bank and TPP find the same call in their logs, above all when it failed.

    Given every answer of the payment API in this run
    Then every one of them carries the interaction id of its request

  @covers:UK-interaction-id
  @UK-028 @must @fault:uk-interaction-id-missing @control:UK-001
  Scenario: Where the TPP sends no interaction id, the bank makes one
    The TPP that forgot it is the one that will ask.

    When the TPP asks for a consent without an interaction id
    Then the answer has an interaction id of the bank's own

  @covers:UK-consent-statuses
  @UK-014 @must @fault:uk-status-undeclared
  Scenario: Every status is one of the published ones
    A TPP cannot act on a status that nobody has defined.

    Given every answer of the payment API in this run
    Then every Status among them is published

  @covers:UK-error-form @covers:RTS-36.2-notification
  @UK-011 @must @fault:uk-error-form
  Scenario: Every error has the published form
    A TPP's software reads the code; a page for people tells it nothing.

    Given every answer of the payment API in this run
    Then every error among them is an error object

  @covers:UK-error-codes
  @UK-013 @should @fault:uk-code-status
  Scenario: Every error code stands with the HTTP status that belongs to it
    A code that contradicts its status makes the TPP repeat what it should give up, or give up what it should repeat.

    Given every answer of the payment API in this run
    Then every published error code among them stands with a status that belongs to it

  @covers:UK-initiation-told @covers:UK-consent-initiation-kept
  @UK-031 @must @fault:uk-order-read-back-differs @fault:uk-order-told-otherwise @fault:uk-consent-told-otherwise @fault:uk-consent-read-back-differs
  Scenario: A consent or an order that is told is what was asked for
    Whoever reads another amount or another payee has ordered something that nobody agreed to, or is shown it.

    Given every answer of the payment API in this run
    Then every consent and order among them is what was asked for

  @covers:UK-amount-form
  @UK-045 @must @fault:uk-amounts-as-numbers
  Scenario: Every amount that is told has the published form
    A TPP's software that reads another form reads another amount, or none.

    Given every answer of the payment API in this run
    Then every amount among them has the published form
