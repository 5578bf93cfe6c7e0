//! Servers that nobody here wrote, and what is right to say of them.
//!
//! Each is asked by hand first (`look.sh` beside it); the right verdicts are written down, check by check, with how they were seen; then
//! Bankproof judges it and must say the same. A man in the middle makes faulty banks of them, whose source nobody here has. With `BANKPROOF_REQUIRE_INTEROP=1` a server that cannot be had fails; else it is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that skips says so")]

#[path = "interop/django_oauth_toolkit.rs"]
mod django_oauth_toolkit;
#[path = "interop/faults.rs"]
mod faults;
#[path = "interop/faulty.rs"]
mod faulty;
#[path = "interop/install.rs"]
mod install;
#[path = "middle/man.rs"]
mod man;
#[path = "interop/oidc_provider.rs"]
mod oidc_provider;
#[path = "interop/server.rs"]
mod server;
#[path = "interop/target.rs"]
mod target;
#[path = "interop/truth.rs"]
mod truth;
