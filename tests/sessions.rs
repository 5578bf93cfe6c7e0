//! Whole sessions of the binary: what a user types, what it leaves behind, and with which code it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[path = "sessions/support.rs"]
mod support;

#[path = "sessions/bad_certificates.rs"]
mod bad_certificates;
#[path = "sessions/bank_log.rs"]
mod bank_log;
#[path = "sessions/client_authentication.rs"]
mod client_authentication;
#[path = "sessions/exit_codes.rs"]
mod exit_codes;
#[path = "sessions/interruption.rs"]
mod interruption;
#[path = "sessions/kept_secrets.rs"]
mod kept_secrets;
#[path = "sessions/key_kinds.rs"]
mod key_kinds;
#[path = "sessions/keys.rs"]
mod keys;
#[path = "sessions/left_behind.rs"]
mod left_behind;
#[path = "sessions/machine.rs"]
mod machine;
#[path = "sessions/other_targets.rs"]
mod other_targets;
#[path = "sessions/profiles.rs"]
mod profiles;
#[path = "sessions/rendered_again.rs"]
mod rendered_again;
#[path = "sessions/requests.rs"]
mod requests;
#[path = "sessions/selection.rs"]
mod selection;
#[path = "sessions/signatures.rs"]
mod signatures;
#[path = "sessions/slips.rs"]
mod slips;
#[path = "sessions/terms.rs"]
mod terms;
#[path = "sessions/uk_session.rs"]
mod uk_session;
#[path = "sessions/waivers.rs"]
mod waivers;
#[path = "sessions/whole_run.rs"]
mod whole_run;
#[path = "sessions/wrong_usage.rs"]
mod wrong_usage;
