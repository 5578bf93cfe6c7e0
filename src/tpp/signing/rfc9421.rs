//! The coming form: HTTP message signatures (RFC 9421) with `Content-Digest` (RFC 9530).

use openssl::hash::{MessageDigest, hash};
use time::OffsetDateTime;

use super::{Outgoing, Seal, Trouble, seal::Scheme, structured as sf};
use crate::targets::signing::{Form, Hash, Signing};

/// The label of our signature.
const LABEL: &str = "sig1";

/// Everything that makes up a signature of this form.
pub(super) struct Recipe {
    /// The name of the digest's algorithm (RFC 9530 §5), and the algorithm.
    pub(super) digest: Option<(&'static str, MessageDigest)>,
    /// What is signed, in order.
    pub(super) components: Vec<String>,
    /// When it was made, in seconds since 1970.
    pub(super) created: i64,
    pub(super) expires: Option<i64>,
    pub(super) key_id: String,
    /// What `alg` says, and what is done.
    pub(super) algorithm: Option<String>,
    pub(super) scheme: Scheme,
    /// The method and the path that are signed, where they are not the request's.
    pub(super) method: Option<&'static str>,
    pub(super) path: Option<&'static str>,
}

impl Recipe {
    pub(super) fn new(signing: &Signing, seal: &Seal, outgoing: &Outgoing) -> Result<Self, Trouble> {
        let fitting = if seal.is_rsa() { "rsa-pss-sha512" } else { "ecdsa-p256-sha256" };
        let algorithm = signing.algorithm_for(Form::Rfc9421, seal.is_rsa()).unwrap_or(fitting);
        let has_body = !outgoing.body.is_empty();
        let is_there = |name: &&String| match name.as_str() {
            "content-digest" => has_body,
            derived if derived.starts_with('@') => true,
            field => outgoing.header(field).is_some(),
        };
        let digest = match signing.hash {
            Hash::Sha256 => ("sha-256", MessageDigest::sha256()),
            Hash::Sha512 => ("sha-512", MessageDigest::sha512()),
        };
        Ok(Self {
            digest: has_body.then_some(digest),
            components: signing.components.iter().filter(is_there).cloned().collect(),
            created: OffsetDateTime::now_utc().unix_timestamp(),
            expires: None,
            key_id: seal.key_id(),
            algorithm: Some(algorithm.to_owned()),
            scheme: match algorithm {
                "rsa-pss-sha512" => Scheme::Pss(MessageDigest::sha512()),
                "rsa-v1_5-sha256" => Scheme::Pkcs1(MessageDigest::sha256()),
                _ => Scheme::EcdsaRaw(MessageDigest::sha256()),
            },
            method: None,
            path: None,
        })
    }

    pub(super) fn apply(&self, outgoing: &mut Outgoing, seal: &Seal) -> Result<(), Trouble> {
        if let Some((name, algorithm)) = self.digest {
            let digest =
                hash(algorithm, outgoing.body.as_bytes()).map_err(|error| Trouble::Harness(error.to_string()))?;
            outgoing.set("Content-Digest", Some(&format!("{name}={}", sf::bytes(&digest))));
        }
        let parameters = self.parameters();
        let mut signed = outgoing.clone();
        if let Some(method) = self.method {
            method.clone_into(&mut signed.method);
        }
        if let Some(path) = self.path {
            signed.url.push_str(path);
        }
        let base = base(&signed, &self.components, &parameters)?;
        let signature = seal.sign(self.scheme, base.as_bytes())?;
        outgoing.set("Signature-Input", Some(&format!("{LABEL}={parameters}")));
        outgoing.set("Signature", Some(&format!("{LABEL}={}", sf::bytes(&signature))));
        Ok(())
    }

    /// The value of `@signature-params` (§2.3).
    fn parameters(&self) -> String {
        let components: Vec<String> = self.components.iter().map(|name| sf::string(name)).collect();
        let mut text = format!("({});created={}", components.join(" "), self.created);
        if let Some(expires) = self.expires {
            text.push_str(&format!(";expires={expires}"));
        }
        text.push_str(&format!(";keyid={}", sf::string(&self.key_id)));
        if let Some(algorithm) = &self.algorithm {
            text.push_str(&format!(";alg={}", sf::string(algorithm)));
        }
        text
    }
}

/// The signature base (§2.5) of a request.
fn base(outgoing: &Outgoing, components: &[String], parameters: &str) -> Result<String, Trouble> {
    let mut text = String::new();
    for name in components {
        let missing = || Trouble::Harness(format!("the request has no component \"{name}\" that could be signed"));
        text.push_str(&format!("\"{name}\": {}\n", component(outgoing, name).ok_or_else(missing)?));
    }
    Ok(format!("{text}\"@signature-params\": {parameters}"))
}

/// The value of a component of a request (§2.1, §2.2).
pub(super) fn component(outgoing: &Outgoing, name: &str) -> Option<String> {
    let url = || url::Url::parse(&outgoing.url).ok();
    let authority = |url: url::Url| url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
    match name {
        "@method" => Some(outgoing.method.clone()),
        "@target-uri" => Some(url()?.to_string()),
        "@authority" => url().map(authority),
        "@scheme" => Some(url()?.scheme().to_owned()),
        "@path" => Some(url()?.path().to_owned()),
        "@query" => Some(format!("?{}", url()?.query().unwrap_or_default())),
        "@request-target" => outgoing.path_and_query().ok(),
        derived if derived.starts_with('@') => None,
        field => {
            let same = outgoing.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(field));
            let values: Vec<&str> = same.map(|(_, value)| value.trim()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request of RFC 9421 appendix B.2.
    fn example() -> Outgoing {
        let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let headers = [
            ("Host", "example.com"),
            ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("Content-Type", "application/json"),
            (
                "Content-Digest",
                "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
            ),
            ("Content-Length", "18"),
        ];
        Outgoing {
            method: "POST".into(),
            url: "https://example.com/foo?param=Value&Pet=dog".into(),
            headers: headers.map(header).into(),
            body: "{\"hello\": \"world\"}".into(),
        }
    }

    #[test]
    fn the_signature_base_is_that_of_appendix_b_2_5() {
        let parameters = "(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"";
        let components = ["date", "@authority", "content-type"].map(str::to_owned);
        let expected = "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\
            \"content-type\": application/json\n\"@signature-params\": (\"date\" \"@authority\" \"content-type\")\
            ;created=1618884473;keyid=\"test-shared-secret\"";
        assert_eq!(base(&example(), &components, parameters).unwrap(), expected);
    }

    #[test]
    fn the_components_are_those_of_section_2() {
        for (name, value) in [
            ("@method", "POST"),
            ("@target-uri", "https://example.com/foo?param=Value&Pet=dog"),
            ("@authority", "example.com"),
            ("@scheme", "https"),
            ("@path", "/foo"),
            ("@query", "?param=Value&Pet=dog"),
            ("@request-target", "/foo?param=Value&Pet=dog"),
            ("content-length", "18"),
        ] {
            assert_eq!(component(&example(), name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(component(&example(), "@status"), None);
        assert_eq!(component(&example(), "x-missing"), None);
    }

    #[test]
    fn the_content_digest_is_that_of_appendix_b_2() {
        let digest = hash(MessageDigest::sha512(), example().body.as_bytes()).unwrap();
        assert_eq!(Some(format!("sha-512={}", sf::bytes(&digest)).as_str()), example().header("content-digest"));
    }
}
