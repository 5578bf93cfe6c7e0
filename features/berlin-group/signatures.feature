@berlin-group @needs:payments
Feature: Signatures of the Berlin Group's form

  @covers:BG-12-mandated
  @SIGN-001 @must @needs:signature-berlin-group @needs:signature-required @fault:signature-optional @fault:signature-demanded-unchecked-at-initiation @control:SIGN-008
  Scenario: A bank that demands signatures refuses a payment without one
    A signature that may be left out protects nobody: an attacker leaves it out.

    When the TPP initiates a payment without a signature
    Then the initiation is refused

  @covers:BG-12-digest-fits
  @SIGN-002 @must @needs:signature-berlin-group @fault:digest-unchecked @control:SIGN-008
  Scenario: A body that was changed after it was signed is refused
    The signature covers the Digest, and only the Digest covers amount and payee.

    When the TPP initiates a payment signed in the Berlin Group form, with another body
    Then the initiation is refused

  @covers:CAVAGE-2.5-verified @covers:BG-12-verified
  @SIGN-003 @must @needs:signature-berlin-group @fault:signature-unchecked @control:SIGN-008
  Scenario Outline: A signature that does not fit the request is refused: <change>
    A bank that only looks whether there is a signature takes any.

    When the TPP initiates a payment signed in the Berlin Group form, with <change>
    Then the initiation is refused

    Examples:
      | change                          |
      | a signature with one bit flipped |
      | another X-Request-ID            |

  @covers:BG-12-signed-headers
  @SIGN-004 @must @needs:signature-berlin-group @fault:signed-headers-any @control:SIGN-008
  Scenario Outline: A signature that leaves out what must be signed is refused: <omission>
    The signature of a request that covers neither its body nor its id fits any other request too.

    When the TPP initiates a payment signed in the Berlin Group form, with <omission>
    Then the initiation is refused

    Examples:
      | omission                |
      | digest not signed       |
      | x-request-id not signed |

  @covers:BG-12-key-id
  @SIGN-005 @should @needs:signature-berlin-group @fault:signature-key-id-ignored @control:SIGN-008
  Scenario Outline: A keyId that names another certificate is refused: <difference>
    Who looks the key up by keyId and who takes the certificate that came along must come to the same key.

    When the TPP initiates a payment signed in the Berlin Group form, with <difference>
    Then the initiation is refused

    Examples:
      | difference                               |
      | the serial number of another certificate |
      | the issuer of another certificate        |

  @covers:BG-12-same-tpp
  @SIGN-006 @must @needs:signature-berlin-group @needs:second-seal @fault:seal-of-another-tpp-accepted @control:SIGN-008
  Scenario: A signature by another TPP's seal is refused
    Whoever has any seal could sign for every TPP.

    When the TPP initiates a payment under the second TPP's seal
    Then the initiation is refused

  @covers:BG-12-digest-algorithms
  @SIGN-007 @must @needs:signature-berlin-group @fault:weak-digest-accepted @control:SIGN-008
  Scenario Outline: A digest by a broken hash function is refused: <digest>
    Two payments with the same MD5 or SHA-1 can be made on purpose, and one signature then is good for both.

    When the TPP initiates a payment signed in the Berlin Group form, with <digest>
    Then the initiation is refused

    Examples:
      | digest            |
      | a digest by MD5   |
      | a digest by SHA-1 |

  @covers:BG-12-verified
  @SIGN-008 @must @needs:signature-berlin-group @fault:signed-initiation-refused
  Scenario: A correctly signed payment is accepted
    Whatever is refused in the other checks is refused for what was changed, and not because it is signed.

    When the TPP initiates a payment signed in the Berlin Group form
    Then the signed initiation is accepted

  @covers:BG-12-digest-there
  @SIGN-009 @must @needs:signature-berlin-group @fault:digest-optional @control:SIGN-008
  Scenario: A signature without a Digest is refused
    Without it the body is not signed at all, and amount and payee can be exchanged at will.

    When the TPP initiates a payment signed in the Berlin Group form, with no Digest
    Then the initiation is refused

  @covers:BG-12-certificate-there
  @SIGN-010 @should @needs:signature-berlin-group @fault:signature-certificate-optional @control:SIGN-008
  Scenario: A signature without its certificate is refused
    Without it the bank cannot tell whose signature it is.

    When the TPP initiates a payment signed in the Berlin Group form, with no TPP-Signature-Certificate
    Then the initiation is refused

  @covers:BG-12-certificate-valid
  @SIGN-011 @must @needs:signature-berlin-group @needs:test-ca @fault:expired-seal-accepted @control:SIGN-008
  Scenario: A signature by an expired seal is refused
    The key of a seal that has expired is no longer watched over by anybody.

    When the TPP initiates a payment under an expired seal
    Then the initiation is refused

  @covers:BG-12-certificate-kind
  @SIGN-012 @should @needs:signature-berlin-group @fault:qwac-accepted-as-seal @control:SIGN-008
  Scenario: A signature by the key of a QWAC is refused
    The key of a web server is within the reach of many; only a seal stands for the company.

    When the TPP initiates a payment under its QWAC
    Then the initiation is refused

  @covers:BG-12-certificate-valid
  @SIGN-013 @must @needs:signature-berlin-group @fault:seal-of-unknown-ca-accepted @control:SIGN-008
  Scenario: A signature by a seal of an unknown issuer is refused
    Anybody can make a seal with the TPP's name on it; only its issuer makes it the TPP's.

    When the TPP initiates a payment under a seal of an unknown CA
    Then the initiation is refused

  @covers:BG-12-algorithm
  @SIGN-014 @must @needs:signature-berlin-group @fault:signature-by-sha-1-accepted @control:SIGN-008
  Scenario: A signature over a broken hash function is refused
    The standard allows SHA-256 and SHA-512; with SHA-1, a signature can be moved to another request.

    When the TPP initiates a payment signed in the Berlin Group form, with a signature by SHA-1
    Then the initiation is refused

  @covers:BG-12-algorithm
  @SIGN-015 @must @needs:signature-berlin-group @fault:signature-none-accepted @control:SIGN-008
  Scenario: The algorithm none is refused
    Whoever may choose the algorithm chooses none, and needs no key.

    When the TPP initiates a payment signed in the Berlin Group form, with no signature under the algorithm none
    Then the initiation is refused

  @covers:CAVAGE-2.2-repeated
  @SIGN-016 @must @needs:signature-berlin-group @fault:repeated-signature-parameter-accepted @control:SIGN-008
  Scenario Outline: A Signature with a parameter that is there twice is refused: <repetition>
    One part of the bank reads the first, another the last, and they judge two different signatures.

    When the TPP initiates a payment signed in the Berlin Group form, with <repetition>
    Then the initiation is refused

    Examples:
      | repetition      |
      | keyId twice     |
      | headers twice   |
      | signature twice |

  @covers:CAVAGE-2.2-unknown
  @SIGN-017 @must @needs:signature-berlin-group @fault:unknown-signature-parameter-refused @control:SIGN-008
  Scenario: A parameter that the bank does not know is passed over
    A bank that stumbles over what later versions add locks out every TPP that goes ahead.

    When the TPP initiates a payment signed in the Berlin Group form, with an unknown parameter
    Then the signed initiation is accepted

  @covers:BG-12-digest-fits
  @SIGN-018 @must @needs:signature-berlin-group @fault:digest-of-rewritten-body @control:SIGN-008
  Scenario: A signed body may be spaced as its sender likes
    The digest is over octets; a bank that reads and rewrites the JSON first refuses what is right.

    When the TPP initiates a payment signed in the Berlin Group form, with white space between the parts of the body
    Then the signed initiation is accepted

  @covers:CAVAGE-2.3-order
  @SIGN-019 @must @needs:signature-berlin-group @fault:signed-header-order-fixed @control:SIGN-008
  Scenario: The signed headers may stand in any order
    The order is the signer's, which is why the signature says it.

    When the TPP initiates a payment signed in the Berlin Group form, with the signed headers in another order
    Then the signed initiation is accepted

  @covers:BG-12-digest-algorithms
  @SIGN-020 @should @needs:signature-berlin-group @fault:digest-by-sha-512-refused @control:SIGN-008
  Scenario: A digest by SHA-512 is accepted as one by SHA-256 is
    The standard offers both, and a TPP signs for all its banks in the same way.

    When the TPP initiates a payment signed in the Berlin Group form, with a digest by SHA-512
    Then the signed initiation is accepted

  @covers:BG-12-algorithm
  @SIGN-021 @should @needs:signature-berlin-group @fault:signature-by-sha-512-refused @control:SIGN-008
  Scenario: A signature by SHA-512 is accepted as one by SHA-256 is
    The standard offers both, and a TPP signs for all its banks in the same way.

    When the TPP initiates a payment signed in the Berlin Group form, with a signature by SHA-512
    Then the signed initiation is accepted

  @covers:BG-12-signed-headers-conditional
  @SIGN-022 @should @needs:signature-berlin-group @fault:signed-headers-conditional-unchecked @control:SIGN-008
  Scenario: A signature that leaves out the address for the customer is refused
    Where the customer is sent to is what an attacker would like to change.

    When the TPP initiates a payment signed in the Berlin Group form, with tpp-redirect-uri not signed
    Then the initiation is refused

  @covers:RFC3230-4.1.1-case
  @SIGN-023 @should @needs:signature-berlin-group @fault:digest-name-case-sensitive @control:SIGN-008
  Scenario: The name of the digest's algorithm may be written in lower case
    Names of algorithms have no case; half of all libraries write sha-256.

    When the TPP initiates a payment signed in the Berlin Group form, with a digest by sha-256 in lower case
    Then the signed initiation is accepted

  @covers:BG-12-error-codes
  @SIGN-024 @should @needs:signature-berlin-group @fault:signature-errors-as-format-error @control:SIGN-008 @control:SIGN-003
  Scenario: A wrong signature is refused as such
    A TPP that is told of a wrong format looks for the mistake in the payment, where it is not.

    When the TPP initiates a payment signed in the Berlin Group form, with a signature with one bit flipped
    Then the initiation is refused with "SIGNATURE_INVALID" or "CERTIFICATE_INVALID"

  @covers:BG-12-algorithm
  @SIGN-025 @may @needs:signature-berlin-group @needs:test-ca @fault:signature-by-ec-key-refused @control:SIGN-008
  Scenario: A signature by a seal with an EC key is accepted
    Trust service providers issue seals with EC keys too, and the algorithm is that of the certificate's key.

    When the TPP initiates a payment under a seal with an EC key
    Then the signed initiation is accepted

  @covers:BG-12-verified
  @SIGN-026 @should @needs:signature-berlin-group @fault:malformed-signature-server-error @control:SIGN-008
  Scenario Outline: A Signature that cannot be read is refused and nothing worse: <mistake>
    A bank that fails over a header lets anybody fill its logs, and tells the TPP that the mistake is the bank's.

    When the TPP initiates a payment signed in the Berlin Group form, with <mistake>
    Then the initiation is refused, and the bank does not fail over it

    Examples:
      | mistake                      |
      | a Signature that breaks off  |
      | a Signature that is nonsense |
