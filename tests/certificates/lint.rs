//! `bankproof certs lint` as its users see it: any file in, findings and an exit code out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, in its helpers too")]

#[path = "lint/agreement.rs"]
mod agreement;
#[path = "lint/every_rule.rs"]
mod every_rule;
#[path = "lint/forge.rs"]
mod forge;
#[path = "lint/front_door.rs"]
mod front_door;
#[path = "lint/in_report.rs"]
mod in_report;
#[path = "lint/kinds.rs"]
mod kinds;
#[path = "lint/requests.rs"]
mod requests;
#[path = "lint/roles_and_policies.rs"]
mod roles_and_policies;
#[path = "lint/support.rs"]
mod support;
#[path = "lint/target_file.rs"]
mod target_file;
