//! What a bank says of itself and many target files can share: `profile_file`. Everything about the bank and nothing about
//! whoever judges it: no identities, no secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{requests::Change, signing::Signing, tolerances::Tolerances};

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BankProfile {
    /// Whose profile it is, for the report.
    pub name: String,
    /// What the bank can do and cannot be asked for.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub capabilities: Vec<Spanned<String>>,
    /// Stricter rules that the bank has declared for itself.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub policies: Vec<Spanned<String>>,
    /// How the bank wants messages signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing: Option<Signing>,
    /// What the bank wants of requests.
    #[serde(default)]
    pub requests: Vec<Change>,
    /// How the bank is known to differ from the documents.
    #[serde(default, rename = "deviation")]
    pub deviations: Vec<Deviation>,
    /// How much the bank may be late or early.
    #[serde(default)]
    pub tolerances: Tolerances,
}

/// A known difference from the documents, declared by the bank. It is shown beside the failure and does not forgive it:
/// that is for a waiver of whoever judges.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The checks that find it.
    pub checks: Vec<String>,
    /// What the bank does, and why.
    pub reason: String,
    /// Since when: a date or a release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Where the bank says so: a page of its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// A fragment of what the report then says that the bank did; where it says something else, that is not declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}
