//! Proof keys (RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A code_verifier and the challenge that goes with it.
#[derive(Clone)]
pub struct ProofKey {
    /// RFC 7636 4.1.
    pub verifier: String,
    /// RFC 7636 4.2, by S256 unless the check has bent it.
    pub challenge: String,
}

impl ProofKey {
    /// A fresh one: 256 random bits.
    pub fn fresh() -> Self {
        Self::of(random(32))
    }

    /// The key of that verifier, whatever it looks like.
    pub fn of(verifier: String) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(verifier.as_bytes()));
        Self { verifier, challenge }
    }

    /// A verifier of that many characters.
    pub fn of_length(characters: usize) -> Self {
        let mut verifier = random(characters);
        verifier.truncate(characters);
        Self::of(verifier)
    }

    /// The digest in hexadecimal, as some published examples wrongly have it.
    pub fn hexadecimal(&self) -> String {
        openssl::sha::sha256(self.verifier.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// As many random bytes, base64url: fit for `state`, `nonce` and verifiers.
pub fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    rand::fill(&mut buffer[..]);
    URL_SAFE_NO_PAD.encode(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let key = ProofKey::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(key.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn verifiers_are_fresh_and_of_the_length_asked_for() {
        assert_ne!(ProofKey::fresh().verifier, ProofKey::fresh().verifier);
        assert_eq!(ProofKey::of_length(42).verifier.len(), 42);
        assert_eq!(ProofKey::of_length(129).verifier.len(), 129);
    }
}
