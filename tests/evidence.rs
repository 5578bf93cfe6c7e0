//! The evidence is what went over the wire, whole but for its secrets, and whoever doubts it can send it again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, in its helpers too"
)]

#[path = "evidence/certificates.rs"]
mod certificates;
#[path = "support/mod.rs"]
mod foreign;
#[path = "evidence/replay.rs"]
mod replay;
#[allow(dead_code, reason = "each file of tests uses its part of the support")]
#[path = "sessions/support.rs"]
mod support;
#[path = "evidence/wire.rs"]
mod wire;
