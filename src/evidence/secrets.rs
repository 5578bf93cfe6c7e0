//! Secrets by value: what the run creates or is given never leaves the recorder, wherever it turns up and however it is spelled.
//!
//! Every secret is known by a few octets of each of its forms. A text is searched as it is written and once more for each
//! layer of escapes that comes off; what is hidden is the spelling that is there.

mod crowd;
pub(super) mod decode;
mod form;
mod grouped;
mod hit;
mod index;

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use form::{Form, WINDOW};
use hit::Hits;
use index::{Filter, Index, Part};

/// Values shorter than this are too common in ordinary text to be replaced.
const SHORTEST: usize = 4;
/// A run that has more secrets than that, or longer ones, in octets, is shown nothing more of: it is being flooded.
const SECRETS_BOUND: usize = 250_000;
const OCTETS_BOUND: usize = 32 * 1024 * 1024;
/// A search may compare so many octets for each of a text, and so many in any case, before many secrets that look alike are
/// searched all at once.
const COMPARED_AN_OCTET: usize = 16;
const COMPARED_ANYWAY: usize = 1 << 18;
/// What stands for a text in which secrets cannot be told from the rest.
const WITHHELD: &str = "‹not recorded: it holds more secrets than can be looked for›";

/// Every secret of a run, and the placeholder that stands for it.
///
/// A placeholder is `‹kind:ab12cd›`: the same within a run for the same value, by a hash under a key that is never stored.
/// No lock is held while a text is searched.
pub(super) struct Vault {
    key: [u8; 32],
    known: RwLock<Known>,
}

struct Known {
    index: Index,
    public: HashSet<Vec<u8>>,
    /// What is a secret in one header: its name in lower case, the value, and what stands for it.
    in_headers: Arc<Vec<(String, String, Arc<str>)>>,
    /// Every value by its hash, under the keys of `hasher`: alone, and as it is read in groups.
    hashes: HashSet<(u64, bool)>,
    hasher: RandomState,
    octets: usize,
    has_words: bool,
    has_groups: bool,
}

/// A secret and what stands for it.
struct Secret {
    value: Box<[u8]>,
    placeholder: Arc<str>,
    /// It stands only between what is neither letter nor digit.
    stands_alone: bool,
}

/// Secrets cannot be told from the rest.
#[derive(Debug)]
struct Withheld;

/// What is searched for, at one moment: whatever was learnt before.
pub(super) struct Search<'v> {
    vault: &'v Vault,
    filter: Arc<Filter>,
    has_words: bool,
    has_groups: bool,
    is_full: bool,
    in_headers: Arc<Vec<(String, String, Arc<str>)>>,
}

impl Vault {
    /// An empty vault with a fresh key.
    pub(super) fn new() -> Self {
        let mut key = [0; 32];
        // Without random bytes the placeholders are still no secrets: only their linkage between runs is lost.
        let _ = openssl::rand::rand_bytes(&mut key);
        let known = Known {
            index: Index::new(),
            public: HashSet::new(),
            in_headers: Arc::default(),
            hashes: HashSet::new(),
            hasher: RandomState::new(),
            octets: 0,
            has_words: false,
            has_groups: false,
        };
        Self { key, known: RwLock::new(known) }
    }

    /// Remembers a value that is never a secret, wherever it turns up: judges compare with it.
    pub(super) fn publish(&self, value: &str) {
        self.write().public.insert(value.as_bytes().to_vec());
    }

    /// Remembers a secret, in every spelling in which it may turn up; `false` where it is none, or known.
    pub(super) fn learn(&self, kind: &str, value: &str) -> bool {
        if value.len() < SHORTEST || self.read().knows(value.as_bytes()) {
            return false;
        }
        let told = grouped::told(kind, value);
        let placeholder =
            self.placeholder(kind, told.as_deref().filter(|_| kind == "account").unwrap_or(value).as_bytes());
        let mut known = self.write();
        if known.is_full() {
            return true;
        }
        known.insert(value.as_bytes(), &placeholder);
        let Some(told) = told else { return true };
        known.insert_grouped(&told, &placeholder, kind != "account");
        if let Some(rest) = grouped::without_country(&told).filter(|_| kind == "account") {
            known.insert(rest.as_bytes(), &placeholder);
            known.insert_grouped(rest, &placeholder, false);
        }
        true
    }

    /// Remembers a secret that is no text, such as a number of a key: in text it stands in base64 or in hexadecimal.
    pub(super) fn learn_octets(&self, kind: &str, value: &[u8]) {
        let placeholder = self.placeholder(kind, value);
        let mut known = self.write();
        if value.len() >= WINDOW && !known.is_full() {
            known.insert(value, &placeholder);
        }
    }

    /// Remembers what is a secret in the header of that name, though it may be an ordinary word elsewhere.
    pub(super) fn learn_in_header(&self, name: &str, kind: &str, value: &str) {
        let header = (name.to_ascii_lowercase(), value.to_owned(), self.placeholder(kind, value.as_bytes()));
        let mut known = self.write();
        if !known.in_headers.contains(&header) {
            Arc::make_mut(&mut known.in_headers).push(header);
        }
    }

    /// What stands for a value of that kind.
    fn placeholder(&self, kind: &str, value: &[u8]) -> Arc<str> {
        let mut hash = openssl::sha::Sha256::new();
        hash.update(&self.key);
        hash.update(value);
        let [first, second, third, ..] = hash.finish();
        format!("‹{kind}:{first:02x}{second:02x}{third:02x}›").into()
    }

    /// A search for every secret that is known by now.
    pub(super) fn search(&self) -> Search<'_> {
        let known = self.read();
        let (has_words, has_groups, is_full) = (known.has_words, known.has_groups, known.is_full());
        let in_headers = known.in_headers.clone();
        Search { vault: self, filter: known.index.filter(), has_words, has_groups, is_full, in_headers }
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Whether a value is public, or a known secret.
    fn knows(&self, value: &[u8]) -> bool {
        self.hashes.contains(&(self.hasher.hash_one(value), false)) || self.public.contains(value)
    }

    fn is_full(&self) -> bool {
        self.hashes.len() > SECRETS_BOUND || self.octets > OCTETS_BOUND
    }

    fn insert(&mut self, value: &[u8], placeholder: &Arc<str>) {
        if self.knows(value) {
            return;
        }
        self.hashes.insert((self.hasher.hash_one(value), false));
        let secret = self.add(value, placeholder, value.len() < WINDOW);
        if secret.stands_alone {
            self.has_words = true;
            self.index.insert(word(value), &secret, Part::Word);
        }
        for form in Form::ALL {
            if let Some((window, before)) = form.window(value) {
                self.index.insert(u64::from_le_bytes(window), &secret, Part::Of(form, before));
            }
        }
    }

    fn insert_grouped(&mut self, told: &str, placeholder: &Arc<str>, stands_alone: bool) {
        let Some(window) = grouped::window(told) else { return };
        if !self.hashes.insert((self.hasher.hash_one(told), true)) {
            return;
        }
        let secret = self.add(told.as_bytes(), placeholder, stands_alone);
        self.has_groups = true;
        self.index.insert(window, &secret, Part::Grouped);
    }

    fn add(&mut self, value: &[u8], placeholder: &Arc<str>, stands_alone: bool) -> Arc<Secret> {
        self.octets += value.len();
        Arc::new(Secret { value: value.into(), placeholder: placeholder.clone(), stands_alone })
    }
}

impl Search<'_> {
    /// The text with every known secret replaced by its placeholder.
    pub(super) fn redact(&self, text: &str) -> String {
        self.try_redact(text).unwrap_or_else(|Withheld| WITHHELD.to_owned())
    }

    /// The same of the value of a header.
    pub(super) fn redact_header(&self, name: &str, value: &str) -> String {
        let is_it = |(own, secret, _): &&(String, String, Arc<str>)| own.eq_ignore_ascii_case(name) && secret == value;
        let secret = self.in_headers.iter().find(is_it);
        secret.map_or_else(|| self.redact(value), |(_, _, placeholder)| placeholder.to_string())
    }

    fn try_redact(&self, text: &str) -> Result<String, Withheld> {
        if self.is_full {
            return Err(Withheld);
        }
        let mut hits = Hits::default();
        self.of(text.as_bytes(), &mut hits)?;
        let levels = decode::levels(text.as_bytes(), decode::Plus::Space);
        for depth in 1..=levels.len() {
            let mut below = Hits::default();
            self.of(&levels[depth - 1].octets, &mut below)?;
            below.of_source(&levels[..depth], &mut hits);
        }
        Ok(if hits.is_empty() { text.to_owned() } else { hits.hide(text) })
    }

    fn of(&self, text: &[u8], hits: &mut Hits) -> Result<(), Withheld> {
        self.forms(text, hits)?;
        if self.has_words {
            self.words(text, hits);
        }
        if self.has_groups {
            self.groups(text, hits)?;
        }
        Ok(())
    }

    fn forms(&self, text: &[u8], hits: &mut Hits) -> Result<(), Withheld> {
        let mut left = COMPARED_ANYWAY + COMPARED_AN_OCTET * text.len();
        let mut candidates = Vec::new();
        for (at, window) in windows(text) {
            if !self.filter.may_have(window) {
                continue;
            }
            self.candidates(window, &mut candidates);
            for (secret, form, before) in candidates.drain(..) {
                let length = form.length(&secret.value);
                let Some(from) = at.checked_sub(before).filter(|from| from + length <= text.len()) else { continue };
                left = left.saturating_sub(1 + length);
                if form.is(&secret.value, &text[from..from + length]) {
                    let (from, to) = form.reach(&secret.value, text, from, from + length);
                    hits.add(from, to, &secret);
                }
            }
            if left == 0 {
                return crowd::search(&self.crowd(text), text, hits);
            }
        }
        Ok(())
    }

    fn candidates(&self, window: u64, into: &mut Vec<(Arc<Secret>, Form, usize)>) {
        let known = self.vault.read();
        into.extend(known.index.at(window).filter_map(|(secret, part)| match part {
            Part::Of(form, before) => Some((secret.clone(), form, before)),
            _ => None,
        }));
    }

    /// Everything that some window of a text may be a part of.
    fn crowd(&self, text: &[u8]) -> Vec<(Arc<Secret>, Form)> {
        let seen = windows(text).map(|(_, window)| window).filter(|window| self.filter.may_have(*window));
        let seen: HashSet<u64> = seen.collect();
        let mut candidates = Vec::new();
        seen.into_iter().for_each(|window| self.candidates(window, &mut candidates));
        let forms = |(secret, form, _): (Arc<Secret>, Form, usize)| {
            form.likes().into_iter().map(move |form| (secret.clone(), form))
        };
        candidates.into_iter().flat_map(forms).collect()
    }

    /// A short secret is replaced only where it is a word of its own: `1234` is no part of `20261234`.
    fn words(&self, text: &[u8], hits: &mut Hits) {
        let mut at = 0;
        while at + SHORTEST <= text.len() {
            if joins(text, at.checked_sub(1)) {
                at += 1;
                continue;
            }
            for length in SHORTEST..WINDOW.min(text.len() - at + 1) {
                let window = word(&text[at..at + length]);
                if self.filter.may_have(window) && !joins(text, Some(at + length)) {
                    let known = self.vault.read();
                    let found = known.index.at(window).find(|(_, part)| *part == Part::Word);
                    found.into_iter().for_each(|(secret, _)| hits.add(at, at + length, secret));
                }
            }
            at += 1;
        }
    }

    fn groups(&self, text: &[u8], hits: &mut Hits) -> Result<(), Withheld> {
        let mut left = COMPARED_ANYWAY + COMPARED_AN_OCTET * text.len();
        grouped::windows(text, |window, end| {
            if left == 0 || !self.filter.may_have(window) {
                return;
            }
            let known = self.vault.read();
            for (secret, _) in known.index.at(window).filter(|(_, part)| *part == Part::Grouped) {
                left = left.saturating_sub(1 + secret.value.len());
                let Some((from, to)) = grouped::place(&secret.value, text, end) else { continue };
                if !secret.stands_alone || !joins(text, from.checked_sub(1)) && !joins(text, Some(to)) {
                    hits.add(from, to, secret);
                }
            }
        });
        if left == 0 { Err(Withheld) } else { Ok(()) }
    }
}

/// Every window of a text, and where it is.
fn windows(text: &[u8]) -> impl Iterator<Item = (usize, u64)> {
    text.windows(WINDOW).enumerate().map(|(at, window)| (at, u64::from_le_bytes(window.try_into().unwrap_or_default())))
}

/// The window of a short secret, which no longer one has: it ends in zeros.
fn word(octets: &[u8]) -> u64 {
    let mut padded = [0; WINDOW];
    padded[..octets.len()].copy_from_slice(octets);
    u64::from_le_bytes(padded)
}

/// Whether a letter or a digit stands there, or a part of one that is none of ASCII.
fn joins(text: &[u8], at: Option<usize>) -> bool {
    let Some(octet) = at.and_then(|at| text.get(at)) else { return false };
    if octet.is_ascii() {
        return octet.is_ascii_alphanumeric();
    }
    let at = at.unwrap_or_default();
    let start = (at.saturating_sub(3)..=at).rev().find(|at| text[*at] & 0xc0 != 0x80).unwrap_or(at);
    let whole =
        text[start..text.len().min(start + 4)].utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    whole.is_none_or(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
