//! The PSU agent: the customer at the bank's pages, who approves, refuses, cancels, mistypes or walks away.

mod choice;
mod form;
mod size;
mod walk;

use std::sync::Arc;

pub use walk::walk;

use crate::evidence::{exchange::Exchange, landing::Landing};

/// What the customer does at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Fills everything in and agrees.
    Approve,
    /// Fills everything in and refuses.
    Deny,
    /// Leaves on the first page that lets one leave.
    Cancel,
    /// Types every secret wrong, again and again.
    MistypeAlways,
    /// Types the one-time code wrong that many times, then right, and agrees.
    MistypeOneTimeCode(usize),
    /// Stops before the decision, lets that many seconds pass, and then agrees.
    WalkAway(u64),
}

/// A customer's walk through the bank's pages.
pub struct Walk {
    /// Where it ended.
    pub landing: Landing,
    /// The customer has done what the behaviour is about: pressed the button, typed a secret wrong, walked away.
    pub has_acted: bool,
    /// Why the way that the customer went may not be the one that was meant.
    pub unsure: Option<&'static str>,
    /// Every page and redirect, in order.
    pub exchanges: Vec<Arc<Exchange>>,
}
