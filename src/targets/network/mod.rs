//! The way to the bank: the `[network]` table, and what it comes to.

mod calendar;
mod load;
mod lost;
mod pace;
mod proxy;
mod route;

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

pub use calendar::Calendar;
pub use lost::Lost;
pub use pace::{Pace, Turn};
pub use proxy::Proxy;
pub(in crate::targets) use route::is_this_machine;
pub use route::{Address, Host, Network, Route};

use super::Secret;

/// The whole table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkTable {
    /// The proxy that connects us to the bank (CONNECT): `http://proxy.example:3128`; `environment` takes that of `HTTPS_PROXY`
    /// or `ALL_PROXY`, and `NO_PROXY`. Without it the environment is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub proxy: Option<Spanned<String>>,
    /// As whom we come to the proxy (Basic).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_user: Option<String>,
    /// The password for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_password: Option<Secret>,
    /// Hosts that are reached without the proxy: a name, or an ending such as `.bank.example`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub no_proxy: Vec<String>,
    /// What is particular to a host, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hosts: BTreeMap<String, HostTable>,
    /// No more requests are sent in a second; a fraction is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    pub requests_per_second: Option<Spanned<f64>>,
    /// No more requests, and no more checks, are under way at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u16>")]
    pub concurrency: Option<Spanned<u16>>,
    /// Hours of each day in which the bank is left alone: `22:00-06:00`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub quiet_hours: Vec<Spanned<String>>,
    /// What the quiet hours are counted from: `+01:00`; UTC where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub utc_offset: Option<Spanned<String>>,
    /// Times that the bank has announced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub maintenance: Vec<MaintenanceTable>,
}

/// What is particular to one host.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct HostTable {
    /// Where it really is, `10.0.0.7` or `10.0.0.7:8443`: its name is not looked up, and no proxy is between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub address: Option<Spanned<String>>,
    /// Its own proxy, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub proxy: Option<Spanned<String>>,
    /// Files with the CAs that its certificate comes from, instead of those of `[server]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub trust_anchors: Vec<Spanned<PathBuf>>,
    /// The longest time to wait for its answers, in seconds, 1 to 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// Whether a certificate is shown there: `false` withholds each TPP's own, `true` shows that of the first where nobody has
    /// one, for metadata and pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<bool>,
}

/// A time in which the bank is not to be had.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceTable {
    /// Its beginning (RFC 3339): `2026-12-01T22:00:00+01:00`.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// Its end.
    #[schemars(with = "String")]
    pub until: Spanned<String>,
    /// What the bank calls it.
    pub reason: String,
}
