@uk-open-banking @needs:payments @needs:signature-uk-jws
Feature: Signatures of the UK form, a detached JWS

  @covers:UK-signing-verified
  @SIGN-030 @must @fault:jws-refused
  Scenario: A payment with a correct x-jws-signature is accepted
    Whatever is refused in the other checks is refused for what was changed, and not because it is signed.

    When the TPP initiates a payment signed in the UK form
    Then the signed initiation is accepted

  @covers:UK-signing-missing
  @SIGN-031 @must @needs:signature-required @fault:signature-optional @fault:signature-demanded-unchecked-at-initiation @control:SIGN-030
  Scenario: A payment without x-jws-signature is refused
    A signature that may be left out protects nobody: an attacker leaves it out.

    When the TPP initiates a payment without a signature
    Then the initiation is refused

  @covers:UK-signing-verified @covers:RFC7515-5.2-verified
  @SIGN-032 @must @fault:jws-signature-unchecked @fault:signature-unchecked-at-initiation @control:SIGN-030
  Scenario Outline: A JWS that does not fit the request is refused: <change>
    A bank that only looks whether there is a signature takes any.

    When the TPP initiates a payment signed in the UK form, with <change>
    Then the initiation is refused

    Examples:
      | change                           |
      | another body                     |
      | a signature with one bit flipped |
      | a later iat than was signed      |

  @covers:UK-signing-algorithm
  @SIGN-033 @must @fault:jws-none-accepted @control:SIGN-030
  Scenario: The algorithm none is refused in a JWS
    Whoever may choose the algorithm chooses none, and needs no key.

    When the TPP initiates a payment signed in the UK form, with no signature under the algorithm none
    Then the initiation is refused

  @covers:UK-signing-algorithm
  @SIGN-034 @must @fault:jws-rs256-accepted @control:SIGN-030
  Scenario: An algorithm other than PS256 is refused
    The padding of RS256 has been broken in one library after the other.

    When the TPP initiates a payment signed in the UK form, with the algorithm RS256
    Then the initiation is refused

  @covers:RFC7515-4.1.11-critical
  @SIGN-035 @must @fault:jws-unknown-critical-accepted @control:SIGN-030
  Scenario: A critical claim that the bank does not know is refused
    Critical means that whoever does not understand the claim has not understood the signature.

    When the TPP initiates a payment signed in the UK form, with an unknown critical claim
    Then the initiation is refused

  @covers:UK-signing-critical
  @SIGN-036 @must @fault:jws-critical-incomplete-accepted @control:SIGN-030
  Scenario Outline: A JWS whose own claims are not critical is refused: <omission>
    Software that knows only JWS would pass over who signed and when.

    When the TPP initiates a payment signed in the UK form, with <omission>
    Then the initiation is refused

    Examples:
      | omission                 |
      | a claim that is not critical |
      | no crit                  |

  @covers:UK-signing-b64
  @SIGN-037 @should @fault:jws-b64-accepted @control:SIGN-030
  Scenario: A payload that is encoded as another version has it is refused
    Up to 3.1.3 the payload is signed as it is, from 3.1.4 in base64url: who takes both can be made to read one as the other.

    When the TPP initiates a payment signed in the UK form, with the payload encoded as other versions do
    Then the initiation is refused

  @covers:UK-signing-iat
  @SIGN-038 @must @fault:jws-iat-unchecked @control:SIGN-030
  Scenario: A signature from the future is refused
    A signature that was dated ahead can be kept for later.

    When the TPP initiates a payment signed in the UK form, with an iat of hours ahead
    Then the initiation is refused

  @covers:UK-signing-iss
  @SIGN-039 @must @fault:jws-iss-unchecked @control:SIGN-030
  Scenario: A JWS in the name of somebody else is refused
    The claim says who takes responsibility for the payment.

    When the TPP initiates a payment signed in the UK form, with another iss
    Then the initiation is refused

  @covers:UK-signing-tan
  @SIGN-040 @must @fault:jws-tan-unchecked @control:SIGN-030
  Scenario: A JWS under another trust anchor is refused
    The claim says who vouches for the key; under a stranger's anchor it is a stranger's key.

    When the TPP initiates a payment signed in the UK form, with another tan
    Then the initiation is refused

  @covers:UK-signing-kid
  @SIGN-041 @must @fault:jws-kid-ignored @control:SIGN-030
  Scenario: A JWS whose kid names no key of the TPP is refused
    A TPP withdraws a key by taking its id out of the directory.

    When the TPP initiates a payment signed in the UK form, with another kid
    Then the initiation is refused

  @covers:UK-signing-claims
  @SIGN-042 @must @fault:jws-claims-optional @control:SIGN-030
  Scenario Outline: A JWS without a claim that it must have is refused: <omission>
    What is not said is not signed.

    When the TPP initiates a payment signed in the UK form, with <omission>
    Then the initiation is refused

    Examples:
      | omission                 |
      | no kid                   |
      | no iat                   |
      | an iat that is no number |
      | no iss                   |
      | no tan                   |

  @covers:RFC7515-F-detached @covers:UK-signing-detached
  @SIGN-043 @should @fault:jws-attached-accepted @control:SIGN-030
  Scenario: A JWS with its payload in it is refused
    With two payloads, one in the header and one in the body, one is checked and the other is paid.

    When the TPP initiates a payment signed in the UK form, with the payload attached
    Then the initiation is refused

  @covers:RFC7515-F-detached
  @SIGN-044 @must @fault:jws-of-rewritten-body @control:SIGN-030
  Scenario: The body under a JWS may be spaced as its sender likes
    The signature is over octets; a bank that reads and rewrites the JSON first refuses what is right.

    When the TPP initiates a payment signed in the UK form, with white space between the parts of the body
    Then the signed initiation is accepted

  @covers:UK-signing-optional
  @SIGN-045 @must @fault:jws-typ-demanded @control:SIGN-030
  Scenario Outline: What is optional in a JWS may be left out, and what has no order comes in any: <variant>
    A TPP that keeps to the standard must not have to find out what a bank expects beyond it.

    When the TPP initiates a payment signed in the UK form, with <variant>
    Then the signed initiation is accepted

    Examples:
      | variant               |
      | neither typ nor cty   |
      | crit in another order |

  @covers:UK-signing-answers
  @SIGN-046 @must @needs:signed-responses @fault:answer-unsigned @fault:answer-signature-wrong @control:SIGN-030
  Scenario: The bank's answer carries a JWS that fits it
    The TPP ships the goods on the word of this answer.

    When the TPP initiates a payment signed in the UK form
    Then the answer is signed, and the signature fits

  @covers:UK-signing-answer-claims @covers:RFC7515-4-unique-names
  @SIGN-047 @must @needs:signed-responses @fault:answer-claims-missing @fault:answer-claim-twice @control:SIGN-030
  Scenario: The JWS of the bank's answer says who signed it and when
    Without issuer, time and trust anchor a TPP cannot use it as proof later.

    When the TPP initiates a payment signed in the UK form
    Then the signature of the answer says all that it must

  @covers:UK-signing-error-answers
  @SIGN-048 @should @needs:signed-responses @fault:error-answer-unsigned @control:SIGN-046
  Scenario: An error with a body is signed too
    A forged refusal makes the TPP try again, and the customer pays twice.

    When the TPP initiates a payment signed in the UK form, with another body
    Then the answer is signed, and the signature fits

  @covers:UK-signing-verified
  @SIGN-049 @should @fault:malformed-signature-server-error @control:SIGN-030
  Scenario Outline: A JWS that cannot be read is refused and nothing worse: <mistake>
    A bank that fails over a header lets anybody fill its logs, and tells the TPP that the mistake is the bank's.

    When the TPP initiates a payment signed in the UK form, with <mistake>
    Then the initiation is refused, and the bank does not fail over it

    Examples:
      | mistake                             |
      | an x-jws-signature that breaks off  |
      | an x-jws-signature that is nonsense |

  @covers:UK-signing-algorithm
  @SIGN-084 @must @fault:jws-none-accepted-at-<what> @control:SIGN-030
  Scenario Outline: A JWS that nobody has signed is refused, however it says so: <how>
    A bank that knows one spelling of the algorithm none forbids one.

    When the TPP initiates a payment signed in the UK form, with <how>
    Then the initiation is refused

    Examples:
      | how                                       | what            |
      | no signature under the algorithm None     | None            |
      | no signature under the algorithm NONE     | NONE            |
      | no signature under the algorithm nOnE     | nOnE            |
      | no signature and no algorithm             | no-alg          |
      | an empty signature                        | empty-signature |
      | the algorithm HS256 under the public key  | HS256           |
