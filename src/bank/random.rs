//! What nobody may guess: codes, tokens, session ids; and the customer's secrets.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// A source of randomness: the system's, or a sequence that a seed repeats.
#[derive(Debug)]
pub(super) struct Random(Mutex<StdRng>);

impl Random {
    pub(super) fn new(seed: Option<u64>) -> Self {
        Self(Mutex::new(seed.map_or_else(StdRng::from_os_rng, StdRng::seed_from_u64)))
    }

    fn octets<const N: usize>(&self) -> [u8; N] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    /// 256 random bits as 43 characters: twice what RFC 6749 §10.10 asks.
    pub(super) fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.octets::<32>())
    }

    pub(super) fn uuid(&self) -> Uuid {
        Builder::from_random_bytes(self.octets()).into_uuid()
    }

    /// That many random letters and digits.
    pub(super) fn letters(&self, count: usize) -> String {
        const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        self.pick(ALPHABET, count)
    }

    /// That many random digits.
    pub(super) fn digits(&self, count: usize) -> String {
        self.pick(b"0123456789", count)
    }

    fn pick(&self, alphabet: &[u8], count: usize) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut one = || alphabet.get(rng.random_range(0..alphabet.len())).copied().map_or('0', char::from);
        (0..count).map(|_| one()).collect()
    }
}
