//! Headers in which proxies tell a server behind them whom they have let in: spoofed here, to see whether a bank believes
//! anybody who sends them.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use super::Trouble;
use crate::{pki::inspect, targets::KeyPair};

/// How a header carries a certificate.
#[derive(Clone, Copy)]
enum Form {
    /// PEM, percent-encoded: nginx, AWS.
    Escaped,
    /// PEM on one line: Apache, HAProxy.
    OneLine,
    /// The base64 of PEM alone: Azure, Traefik, and Berlin Group's `TPP-Signature-Certificate`.
    Bare,
    /// A byte sequence of structured fields (RFC 9440 2.1).
    Structured,
    /// A list with a hash and the escaped PEM: Envoy.
    Listed,
}

const FORMS: [(&str, Form); 10] = [
    ("Client-Cert", Form::Structured),
    ("X-Client-Cert", Form::Escaped),
    ("X-SSL-Client-Cert", Form::Escaped),
    ("SSL-Client-Cert", Form::OneLine),
    ("X-SSL-Cert", Form::OneLine),
    ("X-Forwarded-Client-Cert", Form::Listed),
    ("X-Forwarded-Tls-Client-Cert", Form::Bare),
    ("X-ARR-ClientCert", Form::Bare),
    ("X-Amzn-Mtls-Clientcert", Form::Escaped),
    ("TPP-Signature-Certificate", Form::Bare),
];

/// The value of that header for that certificate, as the proxy that has invented the header would write it.
///
/// # Errors
/// The header or the certificate is none that is known here.
pub fn certificate(header: &str, pair: &KeyPair) -> Result<String, Trouble> {
    let form = FORMS.iter().find(|(name, _)| *name == header).map(|(_, form)| *form);
    let form = form.ok_or_else(|| Trouble::Harness(format!("no proxy has a header {header}")))?;
    let pem = first(&pair.certificate_pem);
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    // A form's encoder writes a space as a plus, which these proxies do not.
    let escaped = || form_urlencoded::byte_serialize(pem.as_bytes()).collect::<String>().replace('+', "%20");
    Ok(match form {
        Form::Escaped => escaped(),
        Form::OneLine => pem.lines().collect::<Vec<_>>().join(" "),
        Form::Bare => base64,
        Form::Structured => format!(":{base64}:"),
        Form::Listed => {
            let der = STANDARD.decode(&base64).unwrap_or_default();
            let hash: String = openssl::sha::sha256(&der).iter().map(|octet| format!("{octet:02x}")).collect();
            format!("Hash={hash};Cert=\"{}\"", escaped())
        }
    })
}

/// The headers in which proxies tell the subject, and that they have checked the certificate.
///
/// # Errors
/// The certificate cannot be read.
pub fn subject(pair: &KeyPair) -> Result<Vec<(String, String)>, Trouble> {
    let facts = inspect::facts(pair.certificate_pem.as_bytes()).map_err(|error| Trouble::Harness(error.to_string()))?;
    let headers = [
        ("X-SSL-Client-Verify", "SUCCESS"),
        ("X-SSL-Client-S-DN", facts.subject.as_str()),
        ("SSL-Client-Verify", "SUCCESS"),
        ("SSL-Client-S-DN", facts.subject.as_str()),
        ("X-Client-Verify", "SUCCESS"),
        ("X-Client-DN", facts.subject.as_str()),
    ];
    Ok(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// The first certificate of a chain.
fn first(pem: &str) -> &str {
    const END: &str = "-----END CERTIFICATE-----";
    let begin = pem.find("-----BEGIN CERTIFICATE-----").unwrap_or_default();
    let end = pem.find(END).map_or(pem.len(), |at| at + END.len());
    pem.get(begin..end).unwrap_or(pem)
}
