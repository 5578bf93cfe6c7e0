//! What the documents show works as it stands. One binary, as each costs a link.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[allow(dead_code, reason = "each file of tests uses its part of the support")]
#[path = "../sessions/support.rs"]
mod sessions;

mod curl;
mod own_scenarios;
mod readme;
mod target_schema;
