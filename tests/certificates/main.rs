//! The linter, the issuer and the judges of certificates. One binary, as each costs a link.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod certificate_judges;
mod certs_issue;
mod fuzz_lint;
mod lint;
mod pki;
