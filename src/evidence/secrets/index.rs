//! By which octets secrets are found: a filter that spares most positions of a text the look-up, and the look-up.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Secret, form::Form};

/// The smallest filter, in bits, and how many bits it has for each window at least; it grows by so much at a time.
const SMALLEST: usize = 1 << 16;
const BITS_A_WINDOW: usize = 32;
const GROWTH: usize = 4;

/// What a window of a text may be a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A form of a secret, with so many octets of it before the window.
    Of(Form, usize),
    /// The whole of a short secret.
    Word,
    /// What is read in groups.
    Grouped,
}

/// Secrets by their windows.
pub(super) struct Index {
    heads: HashMap<u64, usize>,
    /// Each with the next one of the same window, from 1 on.
    entries: Vec<(Arc<Secret>, Part, usize)>,
    filter: Arc<Filter>,
}

/// Tells of most windows that no secret has them. It is read without a lock, and a little outdated at worst.
pub(super) struct Filter {
    words: Vec<AtomicU64>,
    /// What of a mixed window is no slot.
    shift: u32,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { heads: HashMap::new(), entries: Vec::new(), filter: Arc::new(Filter::new(SMALLEST)) }
    }

    pub(super) fn filter(&self) -> Arc<Filter> {
        self.filter.clone()
    }

    pub(super) fn insert(&mut self, window: u64, secret: &Arc<Secret>, part: Part) {
        let head = self.heads.entry(window).or_default();
        self.entries.push((secret.clone(), part, *head));
        *head = self.entries.len();
        if self.filter.bits() < self.heads.len() * BITS_A_WINDOW {
            let larger = Filter::new(self.filter.bits() * GROWTH);
            self.heads.keys().for_each(|window| larger.add(*window));
            self.filter = Arc::new(larger);
        } else {
            self.filter.add(window);
        }
    }

    /// What a window may be a part of.
    pub(super) fn at(&self, window: u64) -> impl Iterator<Item = (&Arc<Secret>, Part)> {
        let mut next = self.heads.get(&window).copied().unwrap_or_default();
        std::iter::from_fn(move || {
            let (secret, part, following) = self.entries.get(next.checked_sub(1)?)?;
            next = *following;
            Some((secret, *part))
        })
    }
}

impl Filter {
    fn new(bits: usize) -> Self {
        Self { words: (0..bits / 64).map(|_| AtomicU64::new(0)).collect(), shift: 64 - bits.ilog2() }
    }

    fn bits(&self) -> usize {
        self.words.len() * 64
    }

    fn add(&self, window: u64) {
        let slot = self.slot(window);
        if let Some(word) = self.words.get(slot / 64) {
            word.fetch_or(1 << (slot % 64), Ordering::Relaxed);
        }
    }

    /// Whether a secret may have that window.
    pub(super) fn may_have(&self, window: u64) -> bool {
        let slot = self.slot(window);
        self.words.get(slot / 64).is_some_and(|word| word.load(Ordering::Relaxed) >> (slot % 64) & 1 == 1)
    }

    fn slot(&self, window: u64) -> usize {
        (window.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }
}
