//! Secrets by value: what the run creates or is given never leaves the recorder, wherever it turns up.

use std::collections::{HashMap, HashSet};

use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};

/// Values shorter than this are too common in ordinary text to be replaced.
const SHORTEST: usize = 4;
/// Values are found by their first bytes: so many of them, or [`SHORTEST`] where they are shorter.
const WINDOW: usize = 8;
/// Slots of the filter that spares most positions of a text the look-up.
const FILTER_BITS: usize = 1 << 16;

/// Every secret of a run, and the placeholder that stands for it.
///
/// A placeholder is `‹kind:ab12cd›`: the same within a run for the same value, by a hash under a key that is never stored.
pub(super) struct Vault {
    key: [u8; 32],
    secrets: Vec<Secret>,
    known: HashMap<String, usize>,
    public: HashSet<String>,
    long: Index<WINDOW>,
    short: Index<SHORTEST>,
}

/// Secrets by their first bytes.
struct Index<const WIDTH: usize> {
    by_window: HashMap<[u8; WIDTH], Vec<usize>>,
    filter: Vec<u64>,
}

struct Secret {
    value: String,
    placeholder: String,
}

impl Vault {
    /// An empty vault with a fresh key.
    pub(super) fn new() -> Self {
        let mut key = [0; 32];
        // Without random bytes the placeholders are still no secrets: only their linkage between runs is lost.
        let _ = openssl::rand::rand_bytes(&mut key);
        Self {
            key,
            secrets: Vec::new(),
            known: HashMap::new(),
            public: HashSet::new(),
            long: Index::new(),
            short: Index::new(),
        }
    }

    /// Remembers a value that is never a secret, wherever it turns up: judges compare with it.
    pub(super) fn publish(&mut self, value: &str) {
        self.public.insert(value.to_owned());
    }

    /// Remembers a secret, in every spelling in which it may turn up.
    pub(super) fn learn(&mut self, kind: &'static str, value: &str) {
        if value.len() < SHORTEST || self.known.contains_key(value) || self.public.contains(value) {
            return;
        }
        let placeholder = format!("‹{kind}:{}›", self.tag(value));
        for spelling in spellings(kind, value) {
            self.insert(spelling, &placeholder);
        }
    }

    /// The text with every known secret replaced by its placeholder.
    pub(super) fn redact(&self, text: &str) -> String {
        self.short.redact(&self.secrets, &self.long.redact(&self.secrets, text))
    }

    fn insert(&mut self, value: String, placeholder: &str) {
        if self.known.contains_key(&value) {
            return;
        }
        let index = self.secrets.len();
        match value.len() >= WINDOW {
            true => self.long.insert(&value, index),
            false => self.short.insert(&value, index),
        }
        self.known.insert(value.clone(), index);
        self.secrets.push(Secret { value, placeholder: placeholder.to_owned() });
    }

    fn tag(&self, value: &str) -> String {
        let mac = PKey::hmac(&self.key)
            .and_then(|key| Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(value.as_bytes()))
            .unwrap_or_default();
        mac.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<const WIDTH: usize> Index<WIDTH> {
    fn new() -> Self {
        Self { by_window: HashMap::new(), filter: vec![0; FILTER_BITS / 64] }
    }

    fn insert(&mut self, value: &str, index: usize) {
        let Some(window) = window(value.as_bytes(), 0) else { return };
        let slot = slot(&window);
        self.filter[slot / 64] |= 1 << (slot % 64);
        self.by_window.entry(window).or_default().push(index);
    }

    fn redact(&self, secrets: &[Secret], text: &str) -> String {
        let bytes = text.as_bytes();
        let mut out = String::with_capacity(text.len());
        let (mut copied, mut at) = (0, 0);
        while let Some(window) = window(bytes, at) {
            match self.longest_at(secrets, text, at, &window) {
                Some(secret) => {
                    out.push_str(&text[copied..at]);
                    out.push_str(&secret.placeholder);
                    at += secret.value.len();
                    copied = at;
                }
                None => at += 1,
            }
        }
        out.push_str(&text[copied..]);
        out
    }

    fn longest_at<'s>(&self, secrets: &'s [Secret], text: &str, at: usize, window: &[u8; WIDTH]) -> Option<&'s Secret> {
        let slot = slot(window);
        if self.filter[slot / 64] & (1 << (slot % 64)) == 0 || !text.is_char_boundary(at) {
            return None;
        }
        let candidates = self.by_window.get(window)?;
        candidates
            .iter()
            .map(|&index| &secrets[index])
            .filter(|secret| text[at..].starts_with(&secret.value))
            .filter(|secret| WIDTH == WINDOW || stands_alone(text, at, at + secret.value.len()))
            .max_by_key(|secret| secret.value.len())
    }
}

/// A short secret is replaced only where it is a word of its own: `1234` is no part of `20261234`.
fn stands_alone(text: &str, from: usize, to: usize) -> bool {
    let joins = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    !joins(text[..from].chars().next_back()) && !joins(text[to..].chars().next())
}

fn window<const WIDTH: usize>(bytes: &[u8], at: usize) -> Option<[u8; WIDTH]> {
    bytes.get(at..at + WIDTH)?.try_into().ok()
}

fn slot<const WIDTH: usize>(window: &[u8; WIDTH]) -> usize {
    let mut padded = [0; WINDOW];
    padded[..WIDTH].copy_from_slice(window);
    let mixed = u64::from_le_bytes(padded).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - FILTER_BITS.trailing_zeros())) as usize
}

fn spellings(kind: &str, value: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let json = serde_json::to_string(value).unwrap_or_default();
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let spaced = encoded.replace('+', "%20");
    let mut all = vec![value.to_owned(), lower_percent(&encoded), lower_percent(&spaced), spaced, encoded];
    all.extend([html, json.trim_matches('"').to_owned()]);
    if kind == "account" {
        all.push(in_groups_of_four(value, " "));
        all.push(in_groups_of_four(value, "\u{a0}"));
    }
    all
}

/// `%2f` for `%2F`.
fn lower_percent(encoded: &str) -> String {
    let mut hexadecimal = 0;
    let lower = |character: char| {
        hexadecimal = if character == '%' { 3 } else { hexadecimal - i32::from(hexadecimal > 0) };
        if hexadecimal > 0 { character.to_ascii_lowercase() } else { character }
    };
    encoded.chars().map(lower).collect()
}

/// As account numbers are printed for people.
fn in_groups_of_four(value: &str, gap: &str) -> String {
    let characters: Vec<char> = value.chars().collect();
    characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_disappears_in_every_spelling() {
        let mut vault = Vault::new();
        vault.learn("password", "pa ss+wörd/1");
        vault.learn("account", "DE02120300000000202051");
        let text = "p=pa%20ss%2Bw%C3%B6rd%2F1&q=pa+ss%2Bw%C3%B6rd%2F1 pa ss+wörd/1 DE02 1203 0000 0000 2020 51";
        let redacted = vault.redact(text);
        assert!(!redacted.contains("ss%2B") && !redacted.contains("1203"), "{redacted}");
        assert_eq!(redacted.matches("‹password:").count(), 3);
    }

    #[test]
    fn equal_secrets_look_equal_and_short_ones_are_found_too() {
        let mut vault = Vault::new();
        vault.learn("code", "123456");
        let redacted = vault.redact("a 123456 b 123456");
        let parts: Vec<&str> = redacted.split_whitespace().collect();
        assert_eq!(parts[1], parts[3]);
        assert_ne!(parts[1], "123456");
    }

    proptest::proptest! {
        #[test]
        fn no_secret_survives(before in ".{0,40}", secret in "[A-Za-z0-9._~-]{8,60}", after in ".{0,40}") {
            let mut vault = Vault::new();
            vault.learn("token", &secret);
            let redacted = vault.redact(&format!("{before}{secret}{after}"));
            proptest::prop_assert!(!redacted.contains(&secret));
        }
    }
}
