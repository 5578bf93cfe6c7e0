//! The hosts of a bank, and what it serves at each.

use std::net::IpAddr;

use url::Url;

use crate::tpp::session::Session;

/// A host and port with what the bank serves there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// A DNS name, or an address without brackets.
    pub(super) name: String,
    pub(super) port: u16,
    /// The path of the first thing that is served there.
    pub(super) path: String,
    /// `the token endpoint`.
    pub(super) doors: Vec<String>,
}

impl Host {
    /// For `server_name`: an address is no name (RFC 6066 3).
    pub(super) fn server_name(&self) -> Option<&str> {
        self.name.parse::<IpAddr>().is_err().then_some(self.name.as_str())
    }

    /// `auth.bank.example:443`.
    pub(super) fn authority(&self) -> String {
        match self.name.contains(':') {
            true => format!("[{}]:{}", self.name, self.port),
            false => format!("{}:{}", self.name, self.port),
        }
    }
}

/// Every host of the bank's endpoints and of its API, each once.
pub(super) fn all(session: &Session) -> Vec<Host> {
    let target = &session.target;
    let endpoints = session.endpoints();
    let metadata = session.metadata_url().to_owned();
    let named = [
        ("the metadata document", Some(&metadata)),
        ("the issuer", Some(&target.issuer)),
        ("the authorization endpoint", endpoints.authorization.as_ref()),
        ("the token endpoint", endpoints.token.as_ref()),
        ("the revocation endpoint", endpoints.revocation.as_ref()),
        ("the introspection endpoint", endpoints.introspection.as_ref()),
        ("the payment API", target.api.as_ref()),
        ("the protected resource", target.resource.as_ref().map(|resource| resource.url.get_ref())),
    ];
    let mut hosts: Vec<Host> = Vec::new();
    for (door, url) in named {
        let Some((name, port, path)) = url.and_then(|url| of_url(url)) else { continue };
        // Its own metadata may name somebody else.
        if target.network.own.hosts.objection_to(&name, port).is_some() {
            continue;
        }
        match hosts.iter_mut().find(|host| host.name == name && host.port == port) {
            Some(host) => host.doors.push(door.to_owned()),
            None => hosts.push(Host { name, port, path, doors: vec![door.to_owned()] }),
        }
    }
    hosts
}

/// The host of one address, where it is one with TLS.
pub(super) fn at(url: &str) -> Option<Host> {
    let (name, port, path) = of_url(url)?;
    Some(Host { name, port, path, doors: Vec::new() })
}

/// Host, port and path of an https URL; what has no TLS has no picture of it.
fn of_url(url: &str) -> Option<(String, u16, String)> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https")?;
    let name = url.host_str()?.trim_matches(['[', ']']).to_ascii_lowercase();
    Some((name, url.port_or_known_default()?, url.path().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_name() {
        let host = |url: &str| {
            let (name, port, path) = of_url(url).unwrap();
            Host { name, port, path, doors: Vec::new() }
        };
        assert_eq!(host("https://Bank.example/x").server_name(), Some("bank.example"));
        assert_eq!(host("https://[::1]:8443").server_name(), None);
        assert_eq!(host("https://[::1]:8443").authority(), "[::1]:8443");
        assert_eq!(of_url("http://bank.example"), None);
    }
}
