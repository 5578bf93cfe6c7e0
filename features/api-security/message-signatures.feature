@api-security @needs:payments @needs:signature-rfc9421
Feature: HTTP message signatures (RFC 9421)

  @covers:RFC9421-3.2-verified
  @SIGN-060 @must @fault:message-signature-refused
  Scenario: A payment with a correct message signature is accepted
    Whatever is refused in the other checks is refused for what was changed, and not because it is signed.

    When the TPP initiates a payment signed in the RFC 9421 form
    Then the signed initiation is accepted

  @covers:RFC9421-3.2.1-requirements @covers:RFC9530-2-digest
  @SIGN-061 @must @fault:content-digest-unchecked @control:SIGN-060
  Scenario: A body that does not fit its Content-Digest is refused
    The signature covers the digest, and only the digest covers amount and payee.

    When the TPP initiates a payment signed in the RFC 9421 form, with another body
    Then the initiation is refused

  @covers:RFC9421-3.2-verified
  @SIGN-062 @must @fault:message-signature-unchecked @control:SIGN-060
  Scenario Outline: A message signature that does not fit the request is refused: <change>
    A bank that only looks whether there is a signature takes any.

    When the TPP initiates a payment signed in the RFC 9421 form, with <change>
    Then the initiation is refused

    Examples:
      | change                           |
      | a signature with one bit flipped |
      | another X-Request-ID             |
      | the method of another request    |
      | the path of another request      |

  @covers:RFC9421-3.2.1-requirements
  @SIGN-063 @must @fault:covered-components-unchecked @control:SIGN-060
  Scenario Outline: A signature that leaves out what the bank has signed is refused: <omission>
    A signature that says nothing of method, address or body fits other requests too.

    When the TPP initiates a payment signed in the RFC 9421 form, with <omission>
    Then the initiation is refused

    Examples:
      | omission                  |
      | @method not signed        |
      | @target-uri not signed    |
      | content-digest not signed |

  @covers:RFC9421-2.3-created
  @SIGN-064 @should @fault:created-unchecked @control:SIGN-060
  Scenario: A message signature from the future is refused
    A signature that was dated ahead can be kept for later.

    When the TPP initiates a payment signed in the RFC 9421 form, with a creation time hours ahead
    Then the initiation is refused

  @covers:RFC9421-2.3-expires
  @SIGN-065 @must @fault:expires-unchecked @control:SIGN-060
  Scenario: A message signature that has expired is refused
    The signer has said until when its word holds.

    When the TPP initiates a payment signed in the RFC 9421 form, with an expiry hours ago
    Then the initiation is refused

  @covers:RFC9530-5-algorithms
  @SIGN-066 @should @fault:weak-content-digest-accepted @control:SIGN-060
  Scenario Outline: A Content-Digest by a broken hash function alone is refused: <digest>
    Two payments with the same MD5 or SHA-1 can be made on purpose, and one signature then is good for both.

    When the TPP initiates a payment signed in the RFC 9421 form, with <digest>
    Then the initiation is refused

    Examples:
      | digest            |
      | a digest by MD5   |
      | a digest by SHA-1 |

  @covers:RFC9421-3.2.1-requirements
  @SIGN-067 @must @fault:content-digest-optional @control:SIGN-060
  Scenario: A message signature without a Content-Digest is refused
    Without it the body is not signed at all, and amount and payee can be exchanged at will.

    When the TPP initiates a payment signed in the RFC 9421 form, with no Content-Digest
    Then the initiation is refused

  @covers:RFC9421-3.2-algorithm
  @SIGN-068 @must @fault:message-algorithm-unchecked @control:SIGN-060
  Scenario Outline: An algorithm that is not that of the key is refused: <algorithm>
    Whoever may choose the algorithm chooses one that needs no key, or the public one.

    When the TPP initiates a payment signed in the RFC 9421 form, with <algorithm>
    Then the initiation is refused

    Examples:
      | algorithm                                   |
      | no signature under the algorithm none       |
      | the name of an algorithm that was not used  |

  @covers:RFC9421-3.2-key
  @SIGN-069 @must @fault:message-key-id-ignored @control:SIGN-060
  Scenario: A keyid that names no key of the TPP is refused
    A TPP withdraws a key by withdrawing its id.

    When the TPP initiates a payment signed in the RFC 9421 form, with another keyid
    Then the initiation is refused

  @covers:RFC9530-2-digest
  @SIGN-070 @must @fault:content-digest-of-rewritten-body @control:SIGN-060
  Scenario: The body under a Content-Digest may be spaced as its sender likes
    The digest is over octets; a bank that reads and rewrites the JSON first refuses what is right.

    When the TPP initiates a payment signed in the RFC 9421 form, with white space between the parts of the body
    Then the signed initiation is accepted

  @covers:RFC9421-2.5-order
  @SIGN-071 @must @fault:component-order-fixed @control:SIGN-060
  Scenario: The signed components may stand in any order
    The order is the signer's, which is why Signature-Input says it.

    When the TPP initiates a payment signed in the RFC 9421 form, with the components in another order
    Then the signed initiation is accepted

  @covers:RFC9421-2.3-alg-optional
  @SIGN-072 @should @fault:message-algorithm-demanded @control:SIGN-060
  Scenario: A message signature need not name its algorithm
    The bank knows it from the key; who takes it from the message lets the sender choose.

    When the TPP initiates a payment signed in the RFC 9421 form, with no alg
    Then the signed initiation is accepted

  @covers:RFC9530-5-algorithms
  @SIGN-073 @should @fault:content-digest-by-sha-512-refused @control:SIGN-060
  Scenario: A Content-Digest by SHA-512 is accepted as one by SHA-256 is
    Both are registered as active, and a TPP signs for all its banks in the same way.

    When the TPP initiates a payment signed in the RFC 9421 form, with a digest by SHA-512
    Then the signed initiation is accepted

  @covers:RFC9421-3.1-answers
  @SIGN-074 @should @needs:signed-responses @fault:answer-unsigned @fault:answer-signature-wrong @control:SIGN-060
  Scenario: The bank's answer carries a message signature that fits it
    The TPP ships the goods on the word of this answer.

    When the TPP initiates a payment signed in the RFC 9421 form
    Then the answer is signed, and the signature fits

  @covers:RFC9421-7.2-coverage
  @SIGN-075 @should @needs:signed-responses @fault:answer-status-unsigned @control:SIGN-060
  Scenario: The signature of the bank's answer covers status and body
    A signature that leaves out the status turns a refusal into an acceptance.

    When the TPP initiates a payment signed in the RFC 9421 form
    Then the signature of the answer says all that it must

  @covers:RFC9421-3.2-verified
  @SIGN-076 @should @fault:malformed-signature-server-error @control:SIGN-060
  Scenario Outline: A message signature that cannot be read is refused and nothing worse: <mistake>
    A bank that fails over a header lets anybody fill its logs, and tells the TPP that the mistake is the bank's.

    When the TPP initiates a payment signed in the RFC 9421 form, with <mistake>
    Then the initiation is refused, and the bank does not fail over it

    Examples:
      | mistake                            |
      | a Signature-Input that breaks off  |
      | a Signature-Input that is nonsense |
