//! What a foreign bank needs in a test: a front door with TLS, a target file that leads to it, and the binary judging it.

#![allow(dead_code, unused_imports, reason = "each file of tests uses its part")]

mod door;
mod judged;
mod target;

pub(crate) use door::{Client, acceptor, listener, serve, terminate};
pub(crate) use judged::{Judged, judge};
pub(crate) use target::{Bank, CALLBACK, CODE, PASSWORD, TOKEN, USERNAME};

use std::sync::OnceLock;

use bankproof::pki::TestPki;

/// One PKI for all the banks of a test binary.
pub(crate) fn pki() -> &'static TestPki {
    static PKI: OnceLock<TestPki> = OnceLock::new();
    PKI.get_or_init(|| TestPki::fresh().unwrap())
}
