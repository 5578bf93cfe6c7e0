//! How the bank wants messages signed: the `[signing]` table, and each identity's seal.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::telling::word;

/// The whole table.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The form in which the TPP signs its payment requests.
    pub form: Form,
    /// Other forms that this bank verifies too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Form>,
    /// The bank refuses payment initiations without a signature.
    #[serde(default)]
    pub required: bool,
    /// The hash function of digests and, where the algorithm leaves a choice, of signatures.
    #[serde(default)]
    pub hash: Hash,
    /// The algorithm; where it is not said, the one that fits the key of the seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub algorithm: Option<Spanned<String>>,
    /// Berlin Group: the header fields to sign, each only where the request has it.
    #[serde(default = "headers", skip_serializing_if = "is_usual_headers")]
    pub headers: Vec<String>,
    /// Berlin Group: how `keyId` names the certificate.
    #[serde(default)]
    pub key_id: KeyIdStyle,
    /// Berlin Group: the certificate is sent along in `TPP-Signature-Certificate`.
    #[serde(default = "yes")]
    pub send_certificate: bool,
    /// UK: the version of the Read/Write API, which decides on `b64`.
    #[serde(default = "current_version")]
    pub version: String,
    /// UK: the domain of the trust anchor (`http://openbanking.org.uk/tan`).
    #[serde(default = "trust_anchor")]
    pub trust_anchor: String,
    /// RFC 9421: the components to sign, each only where the request has it.
    #[serde(default = "components", skip_serializing_if = "is_usual_components")]
    pub components: Vec<String>,
    /// PEM file with the certificate that the bank signs its answers with: that it does is then a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub bank_certificate: Option<Spanned<PathBuf>>,
}

/// A form of message signatures.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `Digest`, `Signature` (draft-cavage-http-signatures-10) and `TPP-Signature-Certificate`.
    BerlinGroup,
    /// `x-jws-signature`: a detached JWS with the claims of UK Open Banking.
    UkJws,
    /// `Signature-Input`, `Signature` and `Content-Digest`.
    Rfc9421,
}

/// A hash function.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum Hash {
    /// SHA-256.
    #[default]
    #[serde(rename = "sha-256")]
    Sha256,
    /// SHA-512.
    #[serde(rename = "sha-512")]
    Sha512,
}

/// How the Berlin Group's `keyId` names a certificate by serial number and issuer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyIdStyle {
    /// `SN=…,CA=…`, with `%20` for spaces in the issuer's name.
    #[default]
    Escaped,
    /// The same with the spaces as they are.
    Plain,
}

/// The seal of one TPP.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// File with its QSealC: PEM, DER or PKCS#12.
    #[schemars(with = "String")]
    pub certificate: Spanned<PathBuf>,
    /// File with the key, where it is not in that of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub key: Option<Spanned<PathBuf>>,
    /// What opens the file of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_password: Option<super::Secret>,
    /// Under which id the bank knows the key, where that does not follow from the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// UK: the claim `iss`, such as `{org-id}/{software-statement-id}`, where it is not the certificate's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}

/// What the bank calls the TPP and its key in signatures, where that does not follow from the certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealNames {
    /// The id of the key.
    pub key_id: Option<String>,
    /// UK: the claim `iss`.
    pub issuer: Option<String>,
}

/// The algorithms that `algorithm` can name: the form, the name, and whether it takes an RSA key.
const ALGORITHMS: [(Form, &str, bool); 8] = [
    (Form::BerlinGroup, "rsa-sha256", true),
    (Form::BerlinGroup, "rsa-sha512", true),
    (Form::BerlinGroup, "ecdsa-sha256", false),
    (Form::BerlinGroup, "ecdsa-sha512", false),
    (Form::UkJws, "PS256", true),
    (Form::Rfc9421, "rsa-pss-sha512", true),
    (Form::Rfc9421, "rsa-v1_5-sha256", true),
    (Form::Rfc9421, "ecdsa-p256-sha256", false),
];

impl Signing {
    /// The form as its document has it, without anything of the bank's own.
    pub fn new(form: Form) -> Self {
        Self {
            form,
            also: Vec::new(),
            required: false,
            hash: Hash::default(),
            algorithm: None,
            headers: headers(),
            key_id: KeyIdStyle::default(),
            send_certificate: true,
            version: current_version(),
            trust_anchor: trust_anchor(),
            components: components(),
            bank_certificate: None,
        }
    }

    /// Every form that the bank verifies.
    pub fn forms(&self) -> impl Iterator<Item = Form> {
        std::iter::once(self.form).chain(self.also.iter().copied())
    }

    /// What `algorithm` names for that form and that kind of key, where it names something for it.
    pub fn algorithm_for(&self, form: Form, rsa: bool) -> Option<&str> {
        let named = self.algorithm.as_ref()?.get_ref().as_str();
        ALGORITHMS.contains(&(form, named, rsa)).then_some(named)
    }

    /// Why `algorithm` cannot be used; `None` where it can.
    pub(super) fn objection_to_algorithm(&self) -> Option<(String, String)> {
        let named = self.algorithm.as_ref()?.get_ref();
        let known: Vec<&str> = ALGORITHMS
            .iter()
            .filter(|(form, ..)| self.forms().any(|own| own == *form))
            .map(|(_, name, _)| *name)
            .collect();
        let problem = format!("`signing.algorithm` is {}, which the form does not have", word(named));
        (!known.contains(&named.as_str())).then(|| (problem, format!("use one of: {}", known.join(", "))))
    }

    /// Up to 3.1.3, the payload of a UK signature is not encoded: `b64` is false and critical (RFC 7797).
    pub fn has_unencoded_payload(&self) -> bool {
        let mut parts = self.version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        [next(), next(), next()] < [3, 1, 4]
    }
}

/// The Berlin Group's list; `date` is for banks that ask for it.
fn headers() -> Vec<String> {
    ["digest", "x-request-id", "psu-id", "psu-corporate-id", "tpp-redirect-uri"].map(str::to_owned).into()
}

fn is_usual_headers(own: &Vec<String>) -> bool {
    *own == headers()
}

fn components() -> Vec<String> {
    ["@method", "@target-uri", "content-digest", "x-request-id"].map(str::to_owned).into()
}

fn is_usual_components(own: &Vec<String>) -> bool {
    *own == components()
}

fn yes() -> bool {
    true
}

fn current_version() -> String {
    "4.0".into()
}

fn trust_anchor() -> String {
    "openbanking.org.uk".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signing(text: &str) -> Signing {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_version_decides_on_b64() {
        for (version, unencoded) in
            [("3.0", true), ("3.1", true), ("v3.1.3", true), ("3.1.4", false), ("3.1.11", false), ("4.0", false)]
        {
            let own = signing(&format!("form = \"uk-jws\"\nversion = \"{version}\""));
            assert_eq!(own.has_unencoded_payload(), unencoded, "{version}");
        }
    }

    #[test]
    fn an_algorithm_is_for_one_form_and_one_kind_of_key() {
        let own = signing("form = \"berlin-group\"\nalso = [\"uk-jws\"]\nalgorithm = \"rsa-sha512\"");
        assert_eq!(own.algorithm_for(Form::BerlinGroup, true), Some("rsa-sha512"));
        assert_eq!(own.algorithm_for(Form::BerlinGroup, false), None);
        assert_eq!(own.algorithm_for(Form::UkJws, true), None);
        assert_eq!(own.objection_to_algorithm(), None);
        assert!(
            signing("form = \"uk-jws\"\nalgorithm = \"none\"").objection_to_algorithm().unwrap().1.contains("PS256")
        );
    }
}
