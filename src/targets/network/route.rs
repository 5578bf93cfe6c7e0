//! How each host of the bank is reached.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use super::{Calendar, Lost, Pace, Proxy, proxy::is_exempt};
use crate::targets::own::Own;

/// The way to the bank. Whoever asks the bank for anything asks this first.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Whom it leads to: nobody, where nobody is named.
    pub own: Own,
    pub(super) proxy: Option<Proxy>,
    pub(super) no_proxy: Vec<String>,
    /// By name, in lower case.
    pub(super) hosts: BTreeMap<String, Host>,
    /// Checks at a time, where that is bounded.
    pub concurrency: Option<u16>,
    /// How fast the bank is asked: shared by everybody who asks.
    pub pace: Arc<Pace>,
    /// Who does not answer any more: known to everybody who asks.
    pub lost: Arc<Lost>,
    /// When it is not asked.
    pub calendar: Calendar,
}

/// What is particular to one host.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Where it really is.
    pub address: Option<Address>,
    /// Its own proxy; `Some(None)` where it has none at all.
    pub(super) proxy: Option<Option<Proxy>>,
    /// The CAs that its certificate comes from, PEM; none where they are those of the bank.
    pub trust_anchors: Vec<String>,
    /// The longest time to wait for its answers, in seconds.
    pub timeout_seconds: Option<u64>,
    /// Whether a certificate is shown there, where that is not left to who asks.
    pub client_certificate: Option<bool>,
}

/// An address that stands for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// The port, where it is not that of the URL.
    pub port: Option<u16>,
}

/// How a host is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// By its name.
    ByName,
    /// At that address.
    At(Address),
    /// Through a proxy.
    Through(&'a Proxy),
}

impl Network {
    /// The way to those, and to nobody else.
    pub(in crate::targets) fn to(self, own: Own) -> Self {
        Self { own, ..self }
    }

    /// How a host is reached, by its name without brackets.
    pub fn route(&self, host: &str) -> Route<'_> {
        let name = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let own = self.hosts.get(&name);
        if let Some(address) = own.and_then(|own| own.address) {
            return Route::At(address);
        }
        // A proxy's own machine is not ours.
        if is_this_machine(&name) || is_exempt(&name, &self.no_proxy) && own.is_none_or(|own| own.proxy.is_none()) {
            return Route::ByName;
        }
        let proxy = own.and_then(|own| own.proxy.as_ref()).unwrap_or(&self.proxy);
        proxy.as_ref().map_or(Route::ByName, Route::Through)
    }

    /// What is particular to a host, where anything is.
    pub fn host(&self, name: &str) -> Option<&Host> {
        if self.hosts.is_empty() {
            return None;
        }
        self.hosts.get(&name.trim_matches(['[', ']']).to_ascii_lowercase())
    }

    /// Every host that has something of its own, with its name in lower case.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &Host)> {
        self.hosts.iter().map(|(name, host)| (name.as_str(), host))
    }

    /// Every proxy that may be asked.
    pub fn proxies(&self) -> impl Iterator<Item = &Proxy> {
        self.proxy.iter().chain(self.hosts.values().filter_map(|host| host.proxy.as_ref()?.as_ref()))
    }
}

/// The name, without brackets, is one of this machine.
pub(in crate::targets) fn is_this_machine(name: &str) -> bool {
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Network {
        let proxy = |host: &str| Proxy::parse(&format!("http://{host}:3128"), false).unwrap();
        let address = Address { ip: [10, 0, 0, 7].into(), port: Some(8443) };
        let hosts = [
            ("near.example", Host { address: Some(address), ..Host::default() }),
            ("open.example", Host { proxy: Some(None), ..Host::default() }),
            ("far.far.example", Host { proxy: Some(Some(proxy("other"))), ..Host::default() }),
        ];
        let hosts = hosts.into_iter().map(|(name, host)| (name.to_owned(), host)).collect();
        Network { proxy: Some(proxy("usual")), no_proxy: vec![".far.example".into()], hosts, ..Network::default() }
    }

    #[test]
    fn the_particular_goes_before_the_usual() {
        let network = network();
        let through = |host: &str| match network.route(host) {
            Route::Through(proxy) => proxy.host.clone(),
            Route::At(address) => address.ip.to_string(),
            Route::ByName => String::new(),
        };
        for (host, expected) in [
            ("bank.example", "usual"),
            ("Near.Example", "10.0.0.7"),
            ("open.example", ""),
            ("x.far.example", ""),
            ("far.far.example", "other"),
            ("127.0.0.1", ""),
            ("[::1]", ""),
            ("localhost", ""),
        ] {
            assert_eq!(through(host), expected, "{host}");
        }
    }
}
