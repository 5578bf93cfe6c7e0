//! Which faults and habits the bank was asked for: where it would have done otherwise with one of them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The ids that were asked for, where somebody wants to know them; nothing otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked(Option<Arc<Mutex<BTreeSet<String>>>>);

impl Asked {
    /// Kept where that is wanted.
    pub(super) fn kept(wanted: bool) -> Self {
        Self(wanted.then(Arc::default))
    }

    pub(super) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn note(&self, id: &str) {
        let Some(ids) = &self.0 else { return };
        let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
        if !ids.contains(id) {
            ids.insert(id.to_owned());
        }
    }

    pub(super) fn so_far(&self) -> BTreeSet<String> {
        self.0.as_ref().map(|ids| ids.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap_or_default()
    }
}
