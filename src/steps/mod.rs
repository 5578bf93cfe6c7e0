//! The words of the feature files: a file per area. Steps carry out and hand evidence to judges; they judge nothing.

mod authorization;
mod berlin_group;
mod bound_tokens;
mod certificates;
mod client_authentication;
mod cors;
mod dispatch;
mod endings;
mod every_answer;
mod every_operation;
mod lag;
pub mod list;
mod metadata;
mod misdeeds;
mod parameters;
mod payments;
mod pushed_requests;
mod resource;
mod revocation;
mod revoked_certificates;
mod roles;
mod rotation;
mod signatures;
mod spoofed_headers;
mod tls;
mod token;
mod uk_open_banking;
mod world;

pub use dispatch::steps;
pub use world::{Outcome, World};

use crate::tpp::Trouble;

/// What a `Given` or a `When` comes to: it can fail to be carried out, and never accuses the bank.
type Prepared = Result<(), Trouble>;

/// What a `Then` comes to: only [`World::judge`] makes one.
type Judged = Result<(), world::NotMet>;

/// What was asked has reached the bank: whatever stands before a server that is busy or down has kept it back, and what
/// comes next shows nothing.
fn arrived(status: Option<u16>, what: &str) -> Prepared {
    match status {
        Some(status @ (429 | 502..=504)) => Err(Trouble::Environment(format!("{what} was answered {status}"))),
        _ => Ok(()),
    }
}

/// The values of `"a" or "b"`.
fn quoted(list: &str) -> Vec<&str> {
    list.split('"').skip(1).step_by(2).collect()
}
