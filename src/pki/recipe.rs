//! What a certificate shall say: a recipe, read from `certs/profiles/*.toml` and changed by setters.

use serde::Deserialize;

use super::PkiError;
use super::qc::{PdsLocation, QcType, Role};

/// The recipes of `certs/profiles`, by name.
const RECIPES: [(&str, &str); 5] = [
    ("qwac", include_str!("../../certs/profiles/qwac.toml")),
    ("qsealc", include_str!("../../certs/profiles/qsealc.toml")),
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
    /// Where to ask about the certificate and its issuer.
    #[serde(default)]
    pub(super) status: Status,
    pub(super) qc_statements: Option<QcRecipe>,
    /// Makes it the certificate of a CA.
    pub(super) certificate_authority: Option<CertificateAuthority>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    pub(super) country: String,
    pub(super) organization: String,
    pub(super) organization_identifier: Option<String>,
    pub(super) common_name: String,
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
pub(super) struct QcRecipe {
    #[serde(rename = "type")]
    pub(super) kind: QcType,
    pub(super) pds: Vec<PdsLocation>,
    pub(super) psd2: Option<Psd2Recipe>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Psd2Recipe {
    pub(super) roles: Vec<Role>,
    pub(super) nca_name: String,
    pub(super) nca_id: String,
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

    /// A recipe that comes with the program: `qwac`, `qsealc`, `bank-server`, `ca-root`, `ca-issuing`.
    ///
    /// # Errors
    /// Lists the names where there is no such recipe.
    pub fn named(name: &str) -> Result<Self, PkiError> {
        Self::from_toml(PkiError::lookup("certificate profile", name, &RECIPES)?)
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

    /// Sets the organization's registered name (O).
    pub fn organization(mut self, name: impl Into<String>) -> Self {
        self.subject.organization = name.into();
        self
    }

    /// Sets the organizationIdentifier, `PSDDE-BAFIN-100001` for example; any text is taken.
    pub fn organization_identifier(mut self, identifier: impl Into<String>) -> Self {
        self.subject.organization_identifier = Some(identifier.into());
        self
    }

    /// Sets the country (C), two letters.
    pub fn country(mut self, code: impl Into<String>) -> Self {
        self.subject.country = code.into();
        self
    }

    /// Sets the common name (CN).
    pub fn common_name(mut self, name: impl Into<String>) -> Self {
        self.subject.common_name = name.into();
        self
    }

    /// Sets the only name of the subjectAltName: a DNS name or an IP address.
    pub fn dns_name(mut self, name: impl Into<String>) -> Self {
        self.names = vec![name.into()];
        self
    }

    /// Sets the PSD2 roles. Where the recipe has QcStatements without the PSD2 statement, the test authority's is added;
    /// where it has none at all, nothing happens.
    pub fn roles(mut self, roles: impl IntoIterator<Item = Role>) -> Self {
        if let Some(psd2) = self.psd2() {
            psd2.roles = roles.into_iter().collect();
        }
        self
    }

    /// Sets the national competent authority: its name and its identifier, `DE-BAFIN` for example.
    pub fn nca(mut self, name: impl Into<String>, id: impl Into<String>) -> Self {
        if let Some(psd2) = self.psd2() {
            psd2.nca_name = name.into();
            psd2.nca_id = id.into();
        }
        self
    }

    /// Leaves the PSD2 statement out, which makes it the qualified certificate of anybody but a TPP.
    pub fn without_psd2_statement(mut self) -> Self {
        if let Some(qc) = &mut self.qc_statements {
            qc.psd2 = None;
        }
        self
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

    fn psd2(&mut self) -> Option<&mut Psd2Recipe> {
        let qc = self.qc_statements.as_mut()?;
        Some(qc.psd2.get_or_insert_with(|| Psd2Recipe {
            roles: Vec::new(),
            nca_name: "Federal Financial Supervisory Authority".to_owned(),
            nca_id: "DE-BAFIN".to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_that_comes_with_the_program_can_be_read() {
        for name in Recipe::names() {
            Recipe::named(name).unwrap();
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
        ];
        for recipe in cases {
            assert!(issuing.issue(&recipe).is_err(), "{recipe:?}");
        }
    }

    #[test]
    fn an_unknown_recipe_and_an_unknown_key_are_named() {
        assert!(Recipe::named("qwak").unwrap_err().to_string().contains("qwac, qsealc"));
        assert!(Recipe::from_toml("subjekt = 1").unwrap_err().to_string().contains("subjekt"));
    }
}
