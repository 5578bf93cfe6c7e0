//! For each fault one probe: does the bank behave? It must, when it is clean, and must not, with the fault on.

use futures::future::BoxFuture;

use crate::world::World;

pub(crate) type Probe = fn(&World) -> BoxFuture<'_, bool>;

macro_rules! probes {
    ($($fault:literal: |$world:ident| $body:expr;)*) => {
        pub(crate) const PROBES: &[(&str, Probe)] = &[$(($fault, |$world| Box::pin(async move { $body }))),*];
    };
}

mod authorization;
mod certificates;
pub(crate) mod client_authentication;
mod helpers;
mod identity;
mod payments;
mod revocation_status;
pub(crate) mod signatures;
mod tokens;
mod uk_open_banking;

/// Every probe.
pub(crate) fn all() -> Vec<(&'static str, Probe)> {
    [
        authorization::PROBES,
        tokens::PROBES,
        payments::PROBES,
        certificates::PROBES,
        revocation_status::PROBES,
        signatures::PROBES,
        identity::PROBES,
        client_authentication::PROBES,
        uk_open_banking::PROBES,
    ]
    .concat()
}
