//! What is the bank's own: the hosts that its target file names, and nothing that metadata, links or pages name besides.
//! Every connection asks here first.
//!
//! A TPP asks *hosts*: a bank may have its endpoints at any port of them. The customer goes to *origins*, for what it types
//! is for one server alone. On this machine, where each port is somebody else, a host is an origin too.

mod load;

use url::Url;

use super::{TargetFile, network::is_this_machine};

/// Whom a target may ask.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Where the TPP goes.
    pub hosts: Places,
    /// Where the customer goes, with all that it knows.
    pub origins: Places,
}

/// Where somebody may go; nowhere, where nothing is named.
#[derive(Clone, Debug, Default)]
pub struct Places {
    named: Vec<Place>,
    /// Production's, which a test target never asks.
    production: Vec<Place>,
    /// The table of the target file that names more.
    table: &'static str,
}

/// A server; every port of its host, where none is named.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// As URLs have it: in lower case, an address of IPv6 in brackets.
    host: String,
    port: Option<u16>,
    has_tls: bool,
}

/// Why nothing is sent to an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {mend}")]
pub struct Objection {
    /// The server, as a target file lists it.
    pub host: String,
    /// Whose it is, or is not.
    pub problem: String,
    /// What to do if that is wrong.
    pub mend: String,
}

impl Places {
    /// Why nothing is sent to that address; `None` where it may be.
    pub fn objection(&self, url: &Url) -> Option<Objection> {
        let Some(place) = Place::of(url) else { return Some(without_tls(url)) };
        let is_named = self.named.iter().any(|known| known.has_tls == place.has_tls && known.meets(&place));
        match self.of_production(&place) {
            None if is_named => None,
            None if !place.has_tls => Some(without_tls(url)),
            None => Some(self.unknown(&place)),
            objection => objection,
        }
    }

    /// The same for a bare connection.
    pub fn objection_to(&self, host: &str, port: u16) -> Option<Objection> {
        let bracketed = host.contains(':') && !host.starts_with('[');
        let host = if bracketed { format!("[{host}]") } else { host.to_owned() };
        let place = Place { host: normal(&host), port: Some(port), has_tls: true };
        let is_named = self.named.iter().any(|known| known.meets(&place));
        self.of_production(&place).or_else(|| (!is_named).then(|| self.unknown(&place)))
    }

    /// The same, and the server of that address too.
    pub fn with(mut self, url: &Url) -> Self {
        self.named.extend(Place::of(url));
        self
    }

    fn unknown(&self, place: &Place) -> Objection {
        let name = place.name();
        let mend = format!("if it is, add \"{name}\" to `hosts` under {} of the target file", self.table);
        Objection { problem: format!("{name} is not known as the bank's"), host: name, mend }
    }

    fn of_production(&self, place: &Place) -> Option<Objection> {
        let is_so = self.production.iter().any(|known| known.meets(place));
        is_so.then(|| {
            let host = place.name();
            let problem = format!("{host} is production's by `production_file`, and a test target never asks it");
            Objection { host, problem, mend: "have the bank name the address of its test system".into() }
        })
    }
}

fn without_tls(url: &Url) -> Objection {
    let problem = format!("an address of the scheme \"{}\" has no TLS and is not followed", url.scheme());
    let host = url.host_str().unwrap_or_default().to_owned();
    Objection { host, problem, mend: "have the bank name one of https".into() }
}

impl Place {
    /// The server of an address; `None` where that is none of HTTP.
    fn of(url: &Url) -> Option<Self> {
        let has_tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self { host: normal(url.host_str()?), port: url.port_or_known_default(), has_tls })
    }

    /// Every port of a host; of this machine the one.
    fn host_of(url: &Url) -> Option<Self> {
        let place = Self::of(url)?;
        let is_whole = place.has_tls && !is_this_machine(place.host.trim_matches(['[', ']']));
        Some(if is_whole { Self { port: None, ..place } } else { place })
    }

    /// What a target file lists: `bank.example`, every port of it; `bank.example:8443` or `https://bank.example`, one.
    fn listed(entry: &str) -> Option<Self> {
        if let Some(host) = entry.parse::<std::net::Ipv6Addr>().ok().map(|address| format!("[{address}]")) {
            return Some(Self { host, port: None, has_tls: true });
        }
        let (is_origin, rest) = (entry.starts_with("https://"), entry.trim_start_matches("https://"));
        let url = Url::parse(&format!("https://{rest}")).ok()?;
        let is_bare = matches!((url.path(), url.query(), url.fragment()), ("/", None, None));
        let is_plain = url.username().is_empty() && url.password().is_none() && !rest.contains('*');
        let place = Self::of(&url).filter(|_| is_bare && is_plain)?;
        // `:443` is no more in the URL.
        let has_port = rest.trim_end_matches('/').rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        Some(if is_origin || has_port { place } else { Self { port: None, ..place } })
    }

    fn meets(&self, other: &Self) -> bool {
        self.host == other.host && (self.port == other.port || self.port.is_none() || other.port.is_none())
    }

    /// As a target file lists it.
    fn name(&self) -> String {
        match self.port {
            None | Some(443) => self.host.clone(),
            Some(port) => format!("{}:{port}", self.host),
        }
    }
}

/// A name with the dot of the root is the same name.
fn normal(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// How a target file names somebody.
enum Named<'a> {
    /// By a URL.
    Url(&'a str),
    /// In a list of hosts.
    Listed(&'a str),
    /// By the way there.
    Host(&'a str),
}

/// What a target file may list among hosts.
pub fn is_host(entry: &str) -> bool {
    Place::listed(entry).is_some()
}

impl Own {
    /// Whom that file names.
    pub fn of(file: &TargetFile) -> Self {
        let places = |table| Places { table, ..Places::default() };
        let mut own = Self { hosts: places("[server]"), origins: places("[psu]") };
        for (_, named) in named(file) {
            let (host, origin) = named.places();
            own.hosts.named.extend(host);
            own.origins.named.extend(origin);
        }
        own
    }

    fn without(mut self, production: Vec<Place>) -> Self {
        (self.hosts.production, self.origins.production) = (production.clone(), production);
        self
    }
}

impl Named<'_> {
    /// For the TPP, and for the customer.
    fn places(&self) -> (Option<Place>, Option<Place>) {
        match self {
            Self::Url(url) => {
                let url = Url::parse(url).ok();
                (url.as_ref().and_then(Place::host_of), url.as_ref().and_then(Place::of))
            }
            Self::Listed(entry) => (Place::listed(entry), Place::listed(entry)),
            Self::Host(name) => (Place::listed(name).map(|place| Place { port: None, ..place }), None),
        }
    }
}

/// Everybody whom a target file names, by the keys.
fn named(file: &TargetFile) -> Vec<(&'static str, Named<'_>)> {
    let server = &file.server;
    let psu = file.psu.as_ref();
    let orders = psu.and_then(|psu| psu.decoupled.as_ref()).map(|own| own.approve.iter().chain(&own.deny));
    let by_hand = server.endpoints.iter().flat_map(|endpoints| endpoints.named());
    let urls = [("server.issuer", Some(&server.issuer)), ("server.api", server.api.as_ref())]
        .into_iter()
        .chain(by_hand.map(|(_, url)| ("server.endpoints", Some(url))))
        .chain([
            ("resource.url", file.resource.as_ref().map(|resource| &resource.url)),
            ("server.clock", server.clock.as_ref()),
            ("test_ca.trust_service", file.test_ca.as_ref().and_then(|ca| ca.trust_service.as_ref())),
        ])
        .chain(orders.into_iter().flatten().map(|order| ("psu.decoupled", order.url.as_ref())));
    let urls = urls.filter_map(|(key, url)| Some((key, Named::Url(url?.get_ref()))));
    let hosts = listed(file).map(|(key, host)| (key, Named::Listed(host.get_ref())));
    let ways = file.network.iter().flat_map(|network| network.hosts.keys());
    urls.chain(hosts).chain(ways.map(|name| ("network.hosts", Named::Host(name)))).collect()
}

/// The lists of hosts, by their keys.
fn listed(file: &TargetFile) -> impl Iterator<Item = (&'static str, &toml::Spanned<String>)> {
    let own = file.server.hosts.iter().map(|host| ("server.hosts", host));
    own.chain(file.psu.iter().flat_map(|psu| &psu.hosts).map(|host| ("psu.hosts", host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn own(hosts: &[&str]) -> Own {
        let text = format!(
            "name = \"a\"\nenvironment = \"test\"\ndialect = \"none\"\n[server]\nissuer = \"https://auth.bank.example/a\"\n\
             api = \"https://127.0.0.1:4430\"\nclock = \"http://127.0.0.1:8080/clock\"\ntrust_anchors = []\nhosts = {hosts:?}\n\
             [network.hosts.\"Far.Bank.example\"]\ntimeout_seconds = 5\n[[identity]]\nname = \"a\"\nclient_id = \"a\"\n\
             certificate = \"a\"\nredirect_uris = []\n"
        );
        Own::of(&toml::from_str(&text).unwrap_or_else(|error| panic!("{error}")))
    }

    #[test]
    fn a_tpp_asks_hosts_and_a_customer_origins() {
        let own = own(&["pages.example", "keys.example:8443", "https://one.example"]);
        for (address, asked, typed) in [
            ("https://auth.bank.example/token", true, true),
            ("https://AUTH.bank.example.:443/token", true, true),
            ("https://auth.bank.example:8443/token", true, false),
            ("http://auth.bank.example/token", false, false),
            ("https://bank.example", false, false),
            ("https://auth.bank.example.evil.example", false, false),
            ("https://auth.bank.example@evil.example", false, false),
            ("https://evil.example\\@auth.bank.example", false, false),
            ("https://127.0.0.1:4430/v1", true, true),
            ("https://2130706433:4430/v1", true, true),
            ("https://127.0.0.1:4431/v1", false, false),
            ("https://localhost:4430/v1", false, false),
            ("http://127.0.0.1:8080/clock", true, true),
            ("https://127.0.0.1:8080/clock", false, false),
            ("https://far.bank.example:9/", true, false),
            ("https://pages.example:8443/login", true, true),
            ("https://keys.example:8443", true, true),
            ("https://keys.example", false, false),
            ("https://one.example", true, true),
            ("https://one.example:8443", false, false),
            ("javascript:steal()", false, false),
        ] {
            assert_eq!(own.hosts.objection(&url(address)).is_none(), asked, "the TPP: {address}");
            assert_eq!(own.origins.objection(&url(address)).is_none(), typed, "the customer: {address}");
        }
        assert_eq!(own.hosts.objection_to("auth.bank.example", 80), None);
        assert!(own.hosts.objection_to("127.0.0.1", 80).is_some() && own.hosts.objection_to("::1", 443).is_some());
        assert!(Places::default().objection(&url("https://auth.bank.example")).is_some(), "nobody is named");
    }

    #[test]
    fn whoever_is_not_known_is_named_as_the_file_would_list_it() {
        let own = own(&[]);
        let told = |address: &str| own.hosts.objection(&url(address)).map(|why| why.to_string()).unwrap_or_default();
        assert!(told("https://b.example/x").contains("add \"b.example\" to `hosts` under [server]"));
        assert!(told("https://[::1]:8443/x").contains("add \"[::1]:8443\" to"));
        for address in ["https://b.example/x", "https://[::1]:8443/x"] {
            let place = Place::of(&url(address)).map(|place| place.name()).unwrap_or_default();
            assert!(Place::listed(&place).is_some_and(|listed| listed.meets(&Place::of(&url(address)).unwrap())));
        }
    }

    #[test]
    fn a_list_holds_hosts_and_nothing_else() {
        for entry in ["bank.example", "bank.example:443", "https://bank.example/", "10.0.0.7", "::1", "[::1]:8443"] {
            assert!(Place::listed(entry).is_some(), "{entry}");
        }
        assert_eq!(Place::listed("bank.example:443").and_then(|place| place.port), Some(443));
        assert_eq!(Place::listed("bank.example").and_then(|place| place.port), None);
        for entry in
            ["", "*.bank.example", "https://bank.example/login", "http://bank.example", "me@bank.example", "a b"]
        {
            assert_eq!(Place::listed(entry), None, "{entry}");
        }
    }
}
