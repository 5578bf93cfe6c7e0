//! From the `[network]` table to the way to the bank.

use std::{env, net::IpAddr, ops::Range, sync::Arc};

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};
use toml::Spanned;

use super::{Address, Calendar, Host, HostTable, MaintenanceTable, Network, NetworkTable, Pace, Proxy};
use crate::targets::{
    load::{Loaded, Loader},
    own::Own,
    telling::number,
};

/// Where programs look for their proxy, in this order; the bank is spoken to by https alone.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

impl Loader<'_> {
    /// The way to the bank, every secret of which has been fetched.
    pub(in crate::targets) fn network(&self, table: &NetworkTable) -> Loaded<Network> {
        let (proxy, exceptions) = self.proxy(table)?;
        let own = table.no_proxy.iter().map(|host| host.to_ascii_lowercase());
        let hosts = table.hosts.iter().map(|(name, host)| Ok((name.to_ascii_lowercase(), self.host(name, host)?)));
        let concurrency = self.concurrency(table)?;
        Ok(Network {
            own: Own::default(),
            proxy,
            no_proxy: own.chain(exceptions).collect(),
            hosts: hosts.collect::<Loaded<_>>()?,
            concurrency,
            pace: Arc::new(Pace::new(self.rate(table)?, concurrency)),
            lost: Arc::default(),
            calendar: self.calendar(table)?,
        })
    }

    /// The proxy of all hosts, and whom the environment exempts from it.
    fn proxy(&self, table: &NetworkTable) -> Loaded<(Option<Proxy>, Vec<String>)> {
        let Some(named) = &table.proxy else {
            let lonely = table.proxy_user.is_some() || table.proxy_password.is_some();
            let problem = "`network.proxy_user` and `network.proxy_password` are of no use without `network.proxy`";
            return match lonely {
                true => Err(self.problem(problem, "name the proxy: proxy = \"http://proxy.example:3128\"")),
                false => Ok((None, Vec::new())),
            };
        };
        let (proxy, exceptions) = match named.get_ref().as_str() {
            "environment" => (self.proxy_of_environment(named.span())?, exceptions()),
            _ => (Some(self.proxy_at(named, "network.proxy")?), Vec::new()),
        };
        let proxy = proxy.map(|proxy| match (&table.proxy_user, &table.proxy_password) {
            (None, None) => proxy,
            (user, password) => {
                let password = password.as_ref().map(|password| password.value()).unwrap_or_default();
                proxy.with_user(user.as_deref().unwrap_or_default(), password)
            }
        });
        Ok((proxy, exceptions))
    }

    fn proxy_at(&self, named: &Spanned<String>, key: &str) -> Loaded<Proxy> {
        Proxy::parse(named.get_ref(), false).map_err(|problem| {
            let mend = "write it as \"http://proxy.example:3128\", and a name and password for it as `proxy_user` and `proxy_password`";
            // It may hold a password.
            self.at(named.span(), format!("`{key}` {problem}"), mend)
        })
    }

    fn proxy_of_environment(&self, span: Range<usize>) -> Loaded<Option<Proxy>> {
        let set = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
        let Some((name, value)) = VARIABLES.iter().find_map(|name| Some((name, set(name)?))) else { return Ok(None) };
        // Other programs take a bare host and port too.
        let url = if value.contains("://") { value } else { format!("http://{value}") };
        let proxy = Proxy::parse(&url, true).map_err(|problem| {
            let problem = format!("`network.proxy` is \"environment\", and the variable {name} {problem}");
            self.at(span, problem, format!("set {name} to a URL such as http://proxy.example:3128"))
        })?;
        Ok(Some(proxy))
    }

    fn host(&self, name: &str, table: &HostTable) -> Loaded<Host> {
        let key = |key: &str| format!("`network.hosts.\"{name}\".{key}`");
        let address = match &table.address {
            Some(address) if name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() => {
                let problem = format!("{} stands for an address already", key("address"));
                return Err(self.at(address.span(), problem, "name the host as the bank's URLs do"));
            }
            Some(address) => Some(address_of(address.get_ref()).ok_or_else(|| {
                let problem = format!("{} is a text which is no address", key("address"));
                self.at(address.span(), problem, "write it as \"10.0.0.7\" or \"10.0.0.7:8443\"")
            })?),
            None => None,
        };
        if let (Some(_), Some(proxy)) = (address, &table.proxy)
            && proxy.get_ref() != "none"
        {
            let problem = format!("{} and {} cannot both hold", key("address"), key("proxy"));
            return Err(self.at(proxy.span(), problem, "leave one of them out: a proxy finds the host by its name"));
        }
        let proxy = match &table.proxy {
            Some(proxy) if proxy.get_ref() == "none" => Some(None),
            Some(proxy) => Some(Some(self.proxy_at(proxy, &format!("network.hosts.\"{name}\".proxy"))?)),
            None => None,
        };
        let trust_anchors = self.trust_anchors(&table.trust_anchors)?;
        let timeout_seconds = table.timeout_seconds.map(|seconds| seconds.clamp(1, 120));
        let client_certificate = table.client_certificate;
        Ok(Host { address, proxy, trust_anchors, timeout_seconds, client_certificate })
    }

    fn rate(&self, table: &NetworkTable) -> Loaded<Option<f64>> {
        let Some(rate) = &table.requests_per_second else { return Ok(None) };
        if (0.01..=10_000.0).contains(rate.get_ref()) {
            return Ok(Some(*rate.get_ref()));
        }
        let problem = format!("`network.requests_per_second` is {}", number(rate.get_ref()));
        Err(self.at(rate.span(), problem, "write a number from 0.01 to 10000, or leave it out"))
    }

    fn concurrency(&self, table: &NetworkTable) -> Loaded<Option<u16>> {
        match &table.concurrency {
            Some(none) if *none.get_ref() == 0 => {
                Err(self.at(none.span(), "`network.concurrency` is 0", "write 1 or more, or leave it out"))
            }
            Some(count) => Ok(Some(*count.get_ref())),
            None => Ok(None),
        }
    }

    fn calendar(&self, table: &NetworkTable) -> Loaded<Calendar> {
        let mut calendar = Calendar::at_offset(self.offset(table)?);
        for hours in &table.quiet_hours {
            calendar.add_quiet_hours(hours.get_ref()).map_err(|what| {
                let problem = format!("`network.quiet_hours` holds an entry that {what}");
                self.at(hours.span(), problem, "write it as \"22:00-06:00\"")
            })?;
        }
        for MaintenanceTable { from, until, reason } in &table.maintenance {
            let (begins, ends) = (self.moment(from, "from")?, self.moment(until, "until")?);
            calendar.add_maintenance(begins, ends, reason).map_err(|what| {
                let problem = format!("`network.maintenance.until` {what}");
                self.at(until.span(), problem, "write the beginning as `from` and the end as `until`")
            })?;
        }
        Ok(calendar)
    }

    fn offset(&self, table: &NetworkTable) -> Loaded<UtcOffset> {
        let Some(offset) = &table.utc_offset else { return Ok(UtcOffset::UTC) };
        let format = format_description!("[offset_hour sign:mandatory]:[offset_minute]");
        UtcOffset::parse(offset.get_ref(), format).map_err(|_| {
            let problem = "`network.utc_offset` is no offset from UTC";
            self.at(offset.span(), problem, "write it as \"+01:00\"")
        })
    }

    fn moment(&self, text: &Spanned<String>, key: &str) -> Loaded<OffsetDateTime> {
        OffsetDateTime::parse(text.get_ref(), &Rfc3339).map_err(|_| {
            let problem = format!("`network.maintenance.{key}` is no time of RFC 3339");
            self.at(text.span(), problem, "write it as \"2026-12-01T22:00:00+01:00\"")
        })
    }
}

fn address_of(text: &str) -> Option<Address> {
    if let Ok(ip) = text.trim_matches(['[', ']']).parse() {
        return Some(Address { ip, port: None });
    }
    let socket: std::net::SocketAddr = text.parse().ok()?;
    Some(Address { ip: socket.ip(), port: Some(socket.port()) })
}

fn exceptions() -> Vec<String> {
    let value = EXCEPTIONS.iter().find_map(|name| env::var(name).ok()).unwrap_or_default();
    // By that convention every name is an ending too.
    let entries = value.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_ascii_lowercase);
    entries.flat_map(|entry| [format!(".{}", entry.trim_start_matches('.')), entry]).collect()
}
