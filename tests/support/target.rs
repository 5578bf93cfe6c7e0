//! The target file of a foreign bank.

use std::path::{Path, PathBuf};

use super::pki;

/// The customer. All three secrets are long and unmistakable, so that a search for them means something.
pub(crate) const USERNAME: &str = "erika.mustermann";
pub(crate) const PASSWORD: &str = "geheim-9c41e7b2d05a";
pub(crate) const CODE: &str = "771204958366";
/// Where the TPP wants its customers back.
pub(crate) const CALLBACK: &str = "https://tpp-a.example/callback";
/// What the bank gives out.
pub(crate) const TOKEN: &str = "unmistakable-access-token-5f0c1d8e97a3";

/// A foreign bank, as its target file describes it.
pub(crate) struct Bank {
    /// The issuer.
    pub(crate) issuer: String,
    /// The payment API; without one, `{issuer}/resource` is what is authorised.
    pub(crate) api: Option<String>,
    /// What it declares.
    pub(crate) capabilities: &'static [&'static str],
    /// What the file lists as the bank's own, beside issuer and API.
    pub(crate) hosts: Vec<String>,
    /// How the TPP authenticates: lines of its table.
    pub(crate) authentication: &'static str,
    /// The `[psu]` table.
    pub(crate) psu: String,
    /// For each answer.
    pub(crate) timeout_seconds: u64,
}

impl Bank {
    /// A bank without payments whose pages are as those of [`Self::psu`].
    pub(crate) fn new(issuer: &str) -> Self {
        Self {
            issuer: issuer.into(),
            api: None,
            capabilities: &[],
            hosts: Vec::new(),
            authentication: "",
            psu: Self::psu(),
            timeout_seconds: 5,
        }
    }

    /// One customer with the fields `username`, `password` and `otp`, and buttons of these names.
    pub(crate) fn psu() -> String {
        format!(
            "[psu]\none_time_code = \"otp\"\nfields = {{ username = \"{USERNAME}\" }}\n\
             secrets = {{ password = \"{PASSWORD}\", otp = \"{CODE}\" }}\n\
             buttons = {{ continue = [\"login\"], approve = [\"approve\"], deny = [\"deny\"], cancel = [\"cancel\"] }}\n"
        )
    }

    /// Writes the target file and the identities beside it.
    pub(crate) fn write(&self, folder: &Path) -> PathBuf {
        pki().write(&folder.join("identities")).unwrap();
        let path = folder.join("target.toml");
        std::fs::write(&path, self.text()).unwrap();
        path
    }

    fn text(&self) -> String {
        let issuer = &self.issuer;
        let (dialect, api, subject) = match &self.api {
            Some(api) => ("berlin-group", format!("api = \"{api}\"\n"), PAYMENT.to_owned()),
            None => ("none", String::new(), format!("[resource]\nurl = \"{issuer}/resource\"\nscope = \"accounts\"\n")),
        };
        let hosts = if self.hosts.is_empty() { String::new() } else { format!("hosts = {:?}\n", self.hosts) };
        format!(
            "name = \"A foreign bank\"\nenvironment = \"test\"\ndialect = \"{dialect}\"\ncapabilities = {:?}\n\
             [server]\nissuer = \"{issuer}\"\n{api}trust_anchors = [\"identities/ca-root.pem\"]\n\
             timeout_seconds = {}\n{hosts}\
             [[identity]]\nname = \"tpp-a\"\nclient_id = \"tpp-a\"\nredirect_uris = [\"{CALLBACK}\"]\n\
             certificate = \"identities/tpp-a-qwac.pem\"\nkey = \"identities/tpp-a-qwac.key\"\n{}\n{}{subject}",
            self.capabilities, self.timeout_seconds, self.authentication, self.psu,
        )
    }
}

const PAYMENT: &str = "[payment]\ndebtor_iban = \"DE12500105170648489890\"\ncreditor_iban = \"DE75512108001245126199\"\n\
                       creditor_name = \"Merchant\"\namount = \"12.34\"\ncurrency = \"EUR\"\n";
