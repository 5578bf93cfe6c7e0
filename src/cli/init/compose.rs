//! The text of a target file, with a line for each key that says what it is for.

use std::fmt::Write;

use crate::targets::Dialect;

/// What goes into the file.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) environment: String,
    pub(super) capabilities: Vec<String>,
    pub(super) issuer: String,
    pub(super) trust_anchor: String,
    /// What was said of it.
    pub(super) trusted: String,
    /// What discovery found, a line each.
    pub(super) found: Vec<String>,
    /// Hosts that only the metadata names, and that are the bank's.
    pub(super) hosts: Vec<String>,
    /// Authorization and token endpoint, where the bank has no metadata document.
    pub(super) endpoints: Option<(String, String)>,
    pub(super) client_id: String,
    pub(super) certificate: String,
    pub(super) key: String,
    pub(super) redirect_uri: String,
    pub(super) roles: String,
    pub(super) authentication: Authentication,
    pub(super) intent: Intent,
    /// The seal that signs requests and its key, where the bank wants signatures.
    pub(super) seal: Option<(String, String)>,
    /// `username=max`: names and values.
    pub(super) fields: Vec<(String, String)>,
    pub(super) secrets: Vec<(String, String)>,
    pub(super) one_time_code: Option<String>,
    /// continue, approve, deny, cancel.
    pub(super) buttons: [Vec<String>; 4],
}

/// How the TPP is authenticated.
#[derive(Default)]
pub(super) struct Authentication {
    /// `tls_client_auth`; the default where it is not said.
    pub(super) method: String,
    /// The shared secret, if there is one.
    pub(super) secret: Option<String>,
    /// The key of assertions, if it makes any.
    pub(super) key: Option<String>,
}

/// What there is to authorise.
pub(super) enum Intent {
    Payments {
        dialect: Dialect,
        api: String,
        /// None where the customer chooses one.
        debtor: Option<String>,
        creditor: String,
        creditor_name: String,
        amount: String,
        currency: String,
    },
    Resource {
        url: String,
        scope: String,
    },
}

impl Default for Intent {
    /// For a look at the metadata: nothing is authorised by it.
    fn default() -> Self {
        Self::Resource { url: "https://localhost".into(), scope: "none".into() }
    }
}

/// The keys of the customer's and the payee's account.
pub(super) fn account_keys(dialect: Dialect) -> [&'static str; 2] {
    match dialect {
        Dialect::UkOpenBanking => ["debtor_account", "creditor_account"],
        Dialect::BerlinGroup | Dialect::None => ["debtor_iban", "creditor_iban"],
    }
}

/// In TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

/// `env:NAME`, `file:PATH`, or the secret itself.
fn secret(value: &str) -> String {
    match value.split_once(':') {
        Some((kind @ ("env" | "file"), what)) => format!("{{ {kind} = {} }}", quoted(what)),
        _ => quoted(value),
    }
}

fn table(pairs: &[(String, String)], value: fn(&str) -> String) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, own)| format!("{} = {}", quoted(name), value(own))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

impl Draft {
    /// The whole file.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for part in [self.top(), self.server(), self.identity(), self.psu(), self.intent(), self.signing()] {
            let _ = writeln!(text, "{part}");
        }
        format!("{}\n", text.trim_end())
    }

    fn top(&self) -> String {
        let dialect = match self.intent {
            Intent::Payments { dialect, .. } => dialect.name(),
            Intent::Resource { .. } => Dialect::None.name(),
        };
        format!(
            "#:schema {SCHEMA}\n\
             # A target file of Bankproof, begun by `bankproof init`. docs/target.md tells every key; `bankproof doctor` looks it over.\n\n\
             # What the report calls the bank.\n\
             name = {}\n\
             # On \"production\" nothing is paid and no page is opened.\n\
             environment = {}\n\
             # How the bank spells payments: \"berlin-group\", \"uk-open-banking\", or \"none\" where the authorization server alone is judged.\n\
             dialect = {}\n\
             # What the bank can do and cannot be asked for: \"cancellation\", \"introspection\", \"jwt-access-tokens\" …\n\
             capabilities = {}\n",
            quoted(&self.name),
            quoted(&self.environment),
            quoted(dialect),
            list(&self.capabilities),
        )
    }

    fn server(&self) -> String {
        let found: String = self.found.iter().map(|line| format!("# {line}\n")).collect();
        let api = match &self.intent {
            Intent::Payments { api, dialect, .. } => {
                format!("# The base address of the payment API, {}.\napi = {}\n", dialect.wanted_base(), quoted(api))
            }
            Intent::Resource { .. } => String::new(),
        };
        let hosts = match self.hosts.is_empty() {
            true => String::new(),
            false => {
                format!(
                    "# Hosts that are the bank's too: nothing goes to any that no key names.\nhosts = {}\n",
                    list(&self.hosts)
                )
            }
        };
        let endpoints = self.endpoints.as_ref().map(|(authorization, token)| {
            format!(
                "\n# The bank has no metadata document: its endpoints by hand. Add revocation, introspection and jwks if there are any.\n\
                 [server.endpoints]\nauthorization = {}\ntoken = {}\n",
                quoted(authorization),
                quoted(token)
            )
        });
        format!(
            "[server]\n\
             # The issuer identifier, letter by letter as the bank's metadata has it.\n\
             issuer = {}\n\
             {found}{api}{hosts}\
             # The CA of the bank's own certificates. {}\n\
             trust_anchors = [{}]\n{}",
            quoted(&self.issuer),
            self.trusted,
            quoted(&self.trust_anchor),
            endpoints.unwrap_or_default(),
        )
    }

    fn identity(&self) -> String {
        format!(
            "# The TPP. A second [[identity]] lets checks try its codes and tokens as another.\n\
             [[identity]]\n\
             # What the report calls it.\n\
             name = \"tpp-a\"\n\
             # Its client_id at the bank.\n\
             client_id = {}\n\
             # Its QWAC{}, and the key.\n\
             certificate = {}\n\
             key = {}\n\
             # As registered at the bank. Nothing needs to answer there.\n\
             redirect_uris = [{}]\n{}{}",
            quoted(&self.client_id),
            self.roles,
            quoted(&self.certificate),
            quoted(&self.key),
            quoted(&self.redirect_uri),
            self.own_seal(),
            self.authentication(),
        )
    }

    fn own_seal(&self) -> String {
        let told = |(certificate, key): &(String, String)| {
            format!(
                "# What it signs requests with; add key_id and issuer where the bank has names of its own for key and TPP.\n\
                 seal = {{ certificate = {}, key = {} }}\n",
                quoted(certificate),
                quoted(key)
            )
        };
        self.seal.as_ref().map(told).unwrap_or_default()
    }

    fn signing(&self) -> String {
        match (&self.seal, &self.intent) {
            (Some(_), Intent::Payments { dialect: Dialect::UkOpenBanking, .. }) => {
                "# The bank wants requests signed: x-jws-signature.\n\
                 [signing]\n\
                 # How.\n\
                 form = \"uk-jws\"\n\
                 # It refuses what is not.\n\
                 required = true\n"
                    .into()
            }
            _ => String::new(),
        }
    }

    fn authentication(&self) -> String {
        let Authentication { method, secret: shared, key } = &self.authentication;
        if method.is_empty() {
            return String::new();
        }
        let method = quoted(method);
        let mut text =
            format!("# How it authenticates at the authorization server.\nclient_authentication = {method}\n");
        if let Some(shared) = shared {
            let _ = writeln!(
                text,
                "# The secret: here, or {{ env = \"NAME\" }}, {{ file = \"path\" }}.\nclient_secret = {}",
                secret(shared)
            );
        }
        if let Some(key) = key {
            let _ = writeln!(text, "# The key of its assertions.\nassertion = {{ key = {} }}", quoted(key));
        }
        text
    }

    fn psu(&self) -> String {
        let code = self.one_time_code.as_ref().map(|name| {
            format!(
                "# The secret that is the one-time code: it is mistyped on purpose.\none_time_code = {}\n",
                quoted(name)
            )
        });
        let [go_on, approve, deny, cancel] = &self.buttons;
        format!(
            "# The customer, and how the bank's pages are filled in.\n\
             [psu]\n\
             # Form fields by name, and what is typed there.\n\
             fields = {}\n\
             # The same for secrets: here, or {{ env = \"NAME\" }}, {{ file = \"path\" }}.\n\
             secrets = {}\n\
             {}\
             # Buttons by value, name, id or caption: those that go on, agree, refuse, and leave.\n\
             buttons = {{ continue = {}, approve = {}, deny = {}, cancel = {} }}\n",
            table(&self.fields, quoted),
            table(&self.secrets, secret),
            code.unwrap_or_default(),
            list(go_on),
            list(approve),
            list(deny),
            list(cancel),
        )
    }

    fn intent(&self) -> String {
        match &self.intent {
            Intent::Payments { dialect, debtor, creditor, creditor_name, amount, currency, .. } => {
                let [from, to] = account_keys(*dialect);
                let debtor =
                    debtor.as_deref().map(|own| format!("# The customer's account.\n{from} = {}\n", secret(own)));
                format!(
                    "# What to pay.\n\
                     [payment]\n\
                     {}\
                     # The payee.\n\
                     {to} = {}\n\
                     creditor_name = {}\n\
                     # With a dot; ISO 4217.\n\
                     amount = {}\n\
                     currency = {}\n",
                    debtor.unwrap_or_default(),
                    quoted(creditor),
                    quoted(creditor_name),
                    quoted(amount),
                    quoted(currency),
                )
            }
            Intent::Resource { url, scope } => format!(
                "# What an access token opens, and the scope to ask for.\n[resource]\nurl = {}\nscope = {}\n",
                quoted(url),
                quoted(scope)
            ),
        }
    }
}

/// The file beside it with the JSON Schema, for editors.
pub(super) const SCHEMA: &str = "bankproof.schema.json";
