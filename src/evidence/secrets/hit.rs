//! Where secrets stand in a text, and the text without them.

use std::sync::Arc;

use super::{Secret, decode::Decoded};

/// Where secrets stand. What overlaps is one place, under the name of the longest secret in it: a tail of the other would
/// stay in clear otherwise.
#[derive(Default)]
pub(super) struct Hits(Vec<Hit>);

struct Hit {
    from: usize,
    to: usize,
    /// How long the secret is that gives its name.
    length: usize,
    secret: Arc<Secret>,
}

impl Hits {
    pub(super) fn add(&mut self, from: usize, to: usize, secret: &Arc<Secret>) {
        self.merge(Hit { from, to, length: to - from, secret: secret.clone() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same in the text that the deepest of those levels was decoded from.
    pub(super) fn of_source(self, levels: &[Decoded], into: &mut Self) {
        for hit in self.0 {
            let (from, to) = levels.iter().rev().fold((hit.from, hit.to), |(from, to), level| level.source(from, to));
            into.0.push(Hit { from, to, length: to - from, ..hit });
        }
    }

    fn merge(&mut self, mut hit: Hit) {
        while let Some(last) = self.0.pop_if(|last| last.to > hit.from && last.from < hit.to) {
            hit.from = hit.from.min(last.from);
            hit.to = hit.to.max(last.to);
            if last.length >= hit.length {
                (hit.length, hit.secret) = (last.length, last.secret);
            }
        }
        self.0.push(hit);
    }

    /// The text with a placeholder in each of these places.
    pub(super) fn hide(mut self, text: &str) -> String {
        self.0.sort_by_key(|hit| hit.from);
        let mut merged = Self::default();
        self.0.into_iter().for_each(|hit| merged.merge(hit));
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for hit in merged.0 {
            let (from, to) = (text.floor_char_boundary(hit.from), text.ceil_char_boundary(hit.to));
            out.push_str(text.get(copied..from).unwrap_or_default());
            out.push_str(&hit.secret.placeholder);
            copied = to;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        out
    }
}
