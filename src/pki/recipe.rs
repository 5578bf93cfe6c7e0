//! What a certificate shall say: a recipe, read from `certs/profiles/*.toml` and changed by setters.

use serde::Deserialize;

use super::PkiError;
use super::key_kind::KeyKind;
use super::oid;
use super::qc::Role;
use super::qc_recipe::{Psd2Recipe, QcRecipe};
use super::subject::{COUNTRY, SERIAL_NUMBER, Subject};

/// The recipes of `certs/profiles`, by name.
const RECIPES: [(&str, &str); 11] = [
    ("qwac", include_str!("../../certs/profiles/qwac.toml")),
    ("qwac-rsa", include_str!("../../certs/profiles/qwac-rsa.toml")),
    ("qwac-pi-only", include_str!("../../certs/profiles/qwac-pi-only.toml")),
    ("qwac-ai-only", include_str!("../../certs/profiles/qwac-ai-only.toml")),
    ("qwac-all-roles", include_str!("../../certs/profiles/qwac-all-roles.toml")),
    ("qwac-qncp", include_str!("../../certs/profiles/qwac-qncp.toml")),
    ("qsealc", include_str!("../../certs/profiles/qsealc.toml")),
    ("qsealc-qscd", include_str!("../../certs/profiles/qsealc-qscd.toml")),
    ("bank-server", include_str!("../../certs/profiles/bank-server.toml")),
    ("ca-root", include_str!("../../certs/profiles/ca-root.toml")),
    ("ca-issuing", include_str!("../../certs/profiles/ca-issuing.toml")),
];

/// What a certificate shall say. Nothing is checked for sense: a recipe can ask for a certificate that no honest
/// authority would issue, which is what tests need.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    pub(super) subject: Subject,
    pub(super) validity: Validity,
    /// What key to make for it.
    #[serde(default)]
    pub(super) key: KeyKind,
    /// An RSA key that this process has made before will do.
    #[serde(skip)]
    pub(super) reuse_key: bool,
    /// Names of RFC 5280 §4.2.1.3.
    #[serde(default)]
    pub(super) key_usage: Vec<String>,
    /// Names of RFC 5280 §4.2.1.12; none leaves the extension out.
    #[serde(default)]
    pub(super) extended_key_usage: Vec<String>,
    /// Object identifiers, dotted.
    #[serde(default)]
    pub(super) policies: Vec<String>,
    /// The subjectAltName: DNS names and IP addresses.
    #[serde(default)]
    pub(super) names: Vec<String>,
    /// The organizationIdentifier once more, as the extension of the CA/Browser Forum's EV guidelines §9.8.2.
    #[serde(default)]
    pub(super) cabf_organization_identifier: bool,
    /// Where to ask about the certificate and its issuer.
    #[serde(default)]
    pub(super) status: Status,
    pub(super) qc_statements: Option<QcRecipe>,
    /// Makes it the certificate of a CA.
    pub(super) certificate_authority: Option<CertificateAuthority>,
    /// An extension that nobody knows, and that nobody may overlook.
    #[serde(skip)]
    pub(super) unknown_critical_extension: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validity {
    /// Days from now, negative for the past.
    pub(super) starts_in_days: i32,
    /// How long it lasts.
    pub(super) days: i32,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    pub(super) ca_issuers: Option<String>,
    pub(super) ocsp: Option<String>,
    pub(super) crl: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificateAuthority {
    pub(super) path_length: u8,
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// Names the line and the key that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, PkiError> {
        toml::from_str(text).map_err(|error| PkiError::BadRecipe { reason: error.to_string() })
    }

    /// A recipe that comes with the program: `qwac`, `qsealc`, `ca-issuing` …
    ///
    /// # Errors
    /// Lists the names where there is no such recipe.
    pub fn named(name: &str) -> Result<Self, PkiError> {
        Self::from_toml(PkiError::lookup("certificate profile", name, &RECIPES)?)
    }

    /// The names of the recipes that come with the program, each with what its file says in its first line.
    pub fn list() -> impl Iterator<Item = (&'static str, &'static str)> {
        RECIPES.iter().map(|(name, text)| (*name, text.lines().next().unwrap_or_default().trim_start_matches("# ")))
    }

    /// The names of the recipes that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        RECIPES.iter().map(|(name, _)| *name)
    }

    /// The QWAC of a TPP that may initiate payments and read accounts.
    pub fn qwac() -> Self {
        Self::built_in("qwac")
    }

    /// The QSealC of the same TPP.
    pub fn qsealc() -> Self {
        Self::built_in("qsealc")
    }

    /// The bundled bank's TLS certificate, for `localhost`, `127.0.0.1` and `::1`.
    pub fn bank_server() -> Self {
        Self::built_in("bank-server")
    }

    #[expect(clippy::expect_used, reason = "the recipes are part of the program, and a test reads every one of them")]
    fn built_in(name: &str) -> Self {
        Self::named(name).expect("the recipes that come with the program can be read")
    }

    /// A QWAC with the subject, the names and the PSD2 statement of this certificate: as if it were renewed. Where it has
    /// no such statement, that of the recipe stays. It does not say where its status is told: whoever issues it may have
    /// no such place, and a bank that asks at a wrong one waits for nothing.
    ///
    /// # Errors
    /// When there is no certificate that can be read.
    pub fn like(certificate: &[u8]) -> Result<Self, PkiError> {
        let facts = super::inspect::facts(certificate)?;
        let der = super::inspect::certificate_der(certificate)?;
        let mut recipe = Self::qwac();
        recipe.subject = Subject::like(super::inspect::parse(&der)?.subject());
        recipe.names = facts.names;
        recipe.status = Status::default();
        Ok(match (facts.nca_name, facts.nca_id) {
            (Some(name), Some(id)) => recipe.roles(facts.psd2_roles).nca(name, id),
            _ => recipe,
        })
    }

    /// Sets the kind of its key.
    pub fn key(mut self, kind: KeyKind) -> Self {
        self.key = kind;
        self
    }

    /// Sets the organization's registered name (O).
    pub fn organization(mut self, name: impl Into<String>) -> Self {
        self.subject.set(oid::ORGANIZATION, name.into());
        self
    }

    /// Sets the organizationIdentifier, `PSDDE-BAFIN-100001` for example; any text is taken.
    pub fn organization_identifier(mut self, identifier: impl Into<String>) -> Self {
        self.subject.set(oid::ORGANIZATION_IDENTIFIER, identifier.into());
        self
    }

    /// Sets the country (C), two letters.
    pub fn country(mut self, code: impl Into<String>) -> Self {
        self.subject.set(COUNTRY, code.into());
        self
    }

    /// Sets the common name (CN).
    pub fn common_name(mut self, name: impl Into<String>) -> Self {
        self.subject.set(oid::COMMON_NAME, name.into());
        self
    }

    /// Sets the number in the trade register, as certificates of extended validation have it (serialNumber).
    pub fn register_number(mut self, number: impl Into<String>) -> Self {
        self.subject.set(SERIAL_NUMBER, number.into());
        self
    }

    /// Sets the only name of the subjectAltName: a DNS name or an IP address.
    pub fn dns_name(mut self, name: impl Into<String>) -> Self {
        self.names = vec![name.into()];
        self
    }

    /// Sets the PSD2 roles. Where the recipe has QcStatements without the PSD2 statement, the test authority's is added;
    /// where it has none at all, nothing happens.
    pub fn roles(self, roles: impl IntoIterator<Item = Role>) -> Self {
        let names = roles.into_iter().map(|role| role.name().to_owned()).collect();
        self.with_psd2(|psd2| psd2.roles = names)
    }

    /// Sets the national competent authority: its name and its identifier, `DE-BAFIN` for example.
    pub fn nca(self, name: impl Into<String>, id: impl Into<String>) -> Self {
        self.with_psd2(|psd2| (psd2.nca_name, psd2.nca_id) = (Some(name.into()), id.into()))
    }

    /// Leaves the PSD2 statement out, which makes it the qualified certificate of anybody but a TPP.
    pub fn without_psd2_statement(self) -> Self {
        self.with_qc(|qc| qc.psd2 = None)
    }

    /// Sets when the certificate begins, in days from now (negative for the past), and for how many days it holds.
    pub fn validity(mut self, starts_in_days: i32, days: i32) -> Self {
        self.validity = Validity { starts_in_days, days };
        self
    }

    /// Sets the extended key usages: `serverAuth`, `clientAuth` …; none leaves the extension out.
    pub fn extended_key_usage(mut self, usages: &[&str]) -> Self {
        self.extended_key_usage = usages.iter().map(|usage| (*usage).to_owned()).collect();
        self
    }

    /// Sets the key usages: `digitalSignature` …; none leaves the extension out.
    pub fn key_usage(mut self, usages: &[&str]) -> Self {
        self.key_usage = usages.iter().map(|usage| (*usage).to_owned()).collect();
        self
    }

    /// Changes the QcStatements, if it has any.
    pub(super) fn with_qc(mut self, change: impl FnOnce(&mut QcRecipe)) -> Self {
        if let Some(qc) = &mut self.qc_statements {
            change(qc);
        }
        self
    }

    /// Changes the PSD2 statement; adds it where there are only other QcStatements.
    pub(super) fn with_psd2(self, change: impl FnOnce(&mut Psd2Recipe)) -> Self {
        self.with_qc(|qc| change(qc.psd2.get_or_insert_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_that_comes_with_the_program_can_be_read_and_followed() {
        let issuing = crate::pki::TestPki::fresh().unwrap().issuing;
        for (name, what) in Recipe::list() {
            issuing.issue(&Recipe::named(name).unwrap()).unwrap();
            assert!(what.contains(": "), "{name}: its first line says nothing");
        }
    }

    #[test]
    fn a_recipe_that_cannot_be_followed_is_an_error() {
        let issuing = crate::pki::TestPki::fresh().unwrap().issuing;
        let cases = [
            Recipe::qwac().validity(i32::MIN, 1),
            Recipe::qwac().validity(0, i32::MAX),
            Recipe::qwac().country("Ö"),
            Recipe::qwac().dns_name("ö.example"),
            Recipe::qwac().extended_key_usage(&["clientauth"]),
            Recipe { policies: vec!["5.1".to_owned()], ..Recipe::qwac() },
            Recipe { status: Status { ocsp: Some("http://ö".to_owned()), ..Status::default() }, ..Recipe::qwac() },
            Recipe::qwac().with_psd2(|psd2| psd2.roles = vec!["PSP_XY".to_owned()]),
            Recipe::qwac().with_psd2(|psd2| (psd2.nca_name, psd2.nca_id) = (None, "DE-NOBODY".to_owned())),
        ];
        for recipe in cases {
            assert!(issuing.issue(&recipe).is_err(), "{recipe:?}");
        }
    }

    #[test]
    fn an_unknown_recipe_and_an_unknown_key_are_named() {
        assert!(Recipe::named("qwak").unwrap_err().to_string().contains("qwac, qwac-rsa"));
        assert!(Recipe::from_toml("subjekt = 1").unwrap_err().to_string().contains("subjekt"));
        let subject = "subject = { county = \"DE\" }\nvalidity = { starts_in_days = 0, days = 1 }";
        assert!(Recipe::from_toml(subject).unwrap_err().to_string().contains("county"));
    }
}
