//! The port where the agent `manual` waits for the customer to come back.

use std::{io, net::TcpListener};

use super::{Case, Finding, Layer};

/// Whether nobody else has the port.
pub(super) fn look(case: &Case) -> Vec<Finding> {
    let manual = case.target.psu.as_ref().filter(|psu| psu.needs_a_person());
    let Some(address) = manual.and_then(|psu| Some(psu.manual.as_ref()?.listen.as_ref()?.get_ref())) else {
        return Vec::new();
    };
    let Err(error) = TcpListener::bind(address) else { return Vec::new() };
    let taken = if error.kind() == io::ErrorKind::AddrInUse { "somebody else has it" } else { "it cannot be had" };
    let cause = format!("the callback port {address} (`listen` under [psu.manual]) is not free: {taken} ({error})");
    let mend = "end what uses that port, or name another under `listen`, and register a redirect URI for it";
    vec![Finding::error(Layer::Network, "callback-port-taken", cause, mend)]
}
