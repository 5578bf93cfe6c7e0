//! The way to each host: its name, and somebody who listens there.

use std::{io, time::Duration};

use futures::future::join_all;
use tokio::time::timeout;
use url::Url;

use super::{Case, Finding, Layer};
use crate::{
    targets::{Target, network::Route},
    tpp::first_look,
};

/// The longest wait for a name or a connection, in seconds; the target file may set a shorter one.
const LONGEST: u64 = 5;

/// Whether the hosts of the target file can be reached.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    to(case, &of_the_file(&case.target)).await
}

/// Every address that the target file itself names.
pub(super) fn of_the_file(target: &Target) -> Vec<String> {
    let by_hand = target.endpoints.iter().flat_map(|endpoints| endpoints.named()).map(|(_, url)| url.get_ref().clone());
    let resource = target.resource.iter().map(|resource| resource.url.get_ref().clone());
    [target.issuer.clone()].into_iter().chain(target.api.clone()).chain(by_hand).chain(resource).collect()
}

/// Whether those addresses can be reached, each host once.
pub(super) async fn to(case: &Case, urls: &[String]) -> Vec<Finding> {
    let mut hosts: Vec<(String, u16)> = Vec::new();
    for url in urls.iter().filter_map(|url| Url::parse(url).ok()) {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        if !hosts.contains(&(host.clone(), port)) && case.is_new(&format!("route to {host}:{port}")) {
            hosts.push((host, port));
        }
    }
    let found = join_all(hosts.iter().map(|(host, port)| reach(&case.target, host, *port))).await;
    merged(found.into_iter().flatten().collect())
}

async fn reach(target: &Target, host: &str, port: u16) -> Option<Finding> {
    let limit = Duration::from_secs(target.timeout_of(host).min(LONGEST));
    let outcome = timeout(limit, first_look::reach(target, host, port)).await;
    let error = outcome.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).err()?;
    Some(match target.network.route(host) {
        Route::Through(proxy) => through(&proxy.to_string(), host, port, &error),
        // The way by name looks the name up first.
        Route::ByName if error.kind() == io::ErrorKind::HostUnreachable => no_name(host, &error.to_string()),
        Route::ByName | Route::At(_) => no_connection(host, port, &error),
    })
}

fn through(proxy: &str, host: &str, port: u16, error: &io::Error) -> Finding {
    let cause = match error.kind() {
        io::ErrorKind::TimedOut => format!("the proxy {proxy} made no connection to {host}:{port} in time"),
        _ => error.to_string(),
    };
    let mend = format!(
        "have the proxy let {host}:{port} through, correct `proxy`, `proxy_user` and `proxy_password` under [network], or \
         name the host under `no_proxy`"
    );
    Finding::error(Layer::Network, "proxy-refuses", cause, mend)
}

fn no_name(host: &str, reason: &str) -> Finding {
    let cause = format!("DNS does not know {host}: {reason}");
    let mend = "correct the name in the target file, join the network (VPN) that knows it, or name its address under [network.hosts]";
    Finding::error(Layer::Network, "host-unknown", cause, mend)
}

fn no_connection(host: &str, port: u16, error: &io::Error) -> Finding {
    let (cause, mend) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            format!("nobody listens at {host}:{port}: the connection was refused"),
            "is the bank running, and is the port right?",
        ),
        io::ErrorKind::TimedOut => (
            format!("no connection to {host}:{port} came about in time"),
            "a firewall may swallow it: ask for the route, or name a proxy under [network]",
        ),
        _ => (
            format!("no connection to {host}:{port}: {error}"),
            "check the route from this machine, or name a proxy under [network]",
        ),
    };
    Finding::error(Layer::Network, "no-connection", cause, mend)
}

/// One finding of each name: a bank has several hosts, and one cause.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        match merged.iter_mut().find(|known| known.name == finding.name && known.severity == finding.severity) {
            Some(known) if known.cause != finding.cause => known.cause = format!("{}; {}", known.cause, finding.cause),
            Some(_) => {}
            None => merged.push(finding),
        }
    }
    merged
}
