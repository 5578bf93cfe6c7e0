//! Whoever plays the customer, and the pages it meets. One binary, as each costs a link.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[allow(dead_code, reason = "each file of tests uses its part of the support")]
#[path = "../sessions/support.rs"]
mod sessions;
#[path = "../support/mod.rs"]
mod support;

mod psu_agent;
mod psu_agents;
mod psu_driven;
