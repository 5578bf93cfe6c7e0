//! What a proxy in front of a bank tells it in headers, and what anybody else can write there just as well. This bank has
//! no proxy, and believes none of it (RFC 9700 §4.13, RFC 9440 §3) unless a fault says so.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::peer::Peer;
use super::presented::Presented;
use crate::bank::faults::Faults;
use crate::bank::http::Incoming;
use crate::bank::oauth::client::authentication::Endpoint;

/// Headers in which proxies hand a client certificate on.
const CERTIFICATES: [&str; 10] = [
    "client-cert",
    "x-client-cert",
    "x-ssl-client-cert",
    "ssl-client-cert",
    "x-ssl-cert",
    "x-forwarded-client-cert",
    "x-forwarded-tls-client-cert",
    "x-arr-clientcert",
    "x-amzn-mtls-clientcert",
    SIGNATURE_CERTIFICATE,
];
/// The Berlin Group's header for the certificate of a message's signature.
const SIGNATURE_CERTIFICATE: &str = "tpp-signature-certificate";
/// Headers in which they hand its subject on.
const SUBJECTS: [&str; 3] = ["x-ssl-client-s-dn", "ssl-client-s-dn", "x-client-dn"];

/// The request, with the certificate of its headers in the place of TLS's where the bank believes them.
pub(in crate::bank) fn believe(faults: &Faults, incoming: Incoming) -> Incoming {
    // Beside a certificate of TLS, that of a signature is nothing to wonder about.
    let is_told = |name: &str| incoming.peer.certificate.is_none() || name != SIGNATURE_CERTIFICATE;
    let mut names = CERTIFICATES.iter().filter(|name| is_told(name));
    let is_believed = || match &incoming.peer.certificate {
        None => faults.anonymous(Endpoint::BehindProxy),
        Some(_) => faults.on("certificate-header-overrides-tls"),
    };
    match names.find_map(|name| certificate(incoming.header(name)?)).filter(|_| is_believed()) {
        Some(certificate) => {
            let peer = Peer::reported(incoming.peer.address, certificate);
            Incoming { peer: Arc::new(peer), ..incoming }
        }
        None => incoming,
    }
}

/// The subject of the headers, where the bank believes them.
pub(in crate::bank) fn subject<'i>(faults: &Faults, incoming: &'i Incoming) -> Option<&'i str> {
    SUBJECTS.iter().find_map(|name| incoming.header(name)).filter(|_| faults.anonymous(Endpoint::NamedByProxy))
}

/// PEM, percent-encoded or on one line; base64 alone, as it is or between colons (RFC 9440 §2.1); or a list of
/// `Name="value"` with one of these in it.
fn certificate(value: &str) -> Option<Presented> {
    let listed = value.split(';').find_map(|part| part.trim().strip_prefix("Cert="));
    // A form's decoder takes a plus for a space.
    let field = format!("c={}", listed.unwrap_or(value).replace('+', "%2B"));
    let (_, plain) = url::form_urlencoded::parse(field.as_bytes()).next()?;
    let text = plain.replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "");
    let is_base64 = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=');
    let base64: String = text.chars().filter(is_base64).collect();
    Presented::read(&[STANDARD.decode(base64).ok()?.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::TestPki;

    #[test]
    fn a_certificate_is_read_however_a_proxy_writes_it() {
        let pem = TestPki::fresh().unwrap().tpps[0].qwac.certificate_pem.clone();
        let one_line = pem.replace(['\n', '\r'], " ");
        let escaped = url::form_urlencoded::byte_serialize(pem.as_bytes()).collect::<String>().replace('+', "%20");
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for value in
            [one_line, escaped.clone(), base64.clone(), format!(":{base64}:"), format!("Hash=1;Cert=\"{escaped}\"")]
        {
            assert!(certificate(&value).is_some(), "{value}");
        }
        for rubbish in ["", ":", "Cert=", "%", "%zz", "AAAA", "\"\""] {
            assert!(certificate(rubbish).is_none(), "{rubbish}");
        }
    }
}
