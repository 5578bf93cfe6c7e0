//! What files turn out to hold, in words, and the line that converts each.

use std::path::Path;

use super::{FileError, Item, Source};

/// A kind of thing that stands in files of certificates and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A certificate.
    Certificate,
    /// A private key that can be read.
    Key,
    /// A private key under a password that was not given.
    LockedKey,
    /// A PKCS#10 request.
    Request,
    /// A public key alone.
    PublicKey,
    /// A certificate revocation list.
    Crl,
    /// Certificates in a PKCS#7 or CMS message.
    Pkcs7,
    /// OpenSSL's own form of a trusted certificate.
    TrustedCertificate,
    /// A key of OpenSSH.
    OpenSsh,
    /// Parameters of a key, which say nothing.
    Parameters,
    /// A PEM block with another label.
    Unknown,
}

/// Each kind: one of it, several of it.
const WORDS: [(Kind, &str, &str); 11] = [
    (Kind::Certificate, "a certificate", "certificates"),
    (Kind::Key, "a private key", "private keys"),
    (Kind::LockedKey, "an encrypted private key", "encrypted private keys"),
    (Kind::Request, "a certificate request", "certificate requests"),
    (Kind::PublicKey, "a public key", "public keys"),
    (Kind::Crl, "a certificate revocation list", "certificate revocation lists"),
    (Kind::Pkcs7, "a PKCS#7 message", "PKCS#7 messages"),
    (Kind::TrustedCertificate, "an OpenSSL trusted certificate", "OpenSSL trusted certificates"),
    (Kind::OpenSsh, "an OpenSSH key", "OpenSSH keys"),
    (Kind::Parameters, "key parameters", "blocks of key parameters"),
    (Kind::Unknown, "a PEM block of another kind", "PEM blocks of other kinds"),
];

impl Kind {
    /// `a private key`.
    pub fn name(self) -> &'static str {
        WORDS.iter().find(|(kind, ..)| *kind == self).map_or("something", |(_, one, _)| one)
    }

    /// How to get at the certificate, where it is one in another form.
    pub(super) fn instead_of_certificate(self, path: &Path) -> Option<String> {
        let file = path.display();
        Some(match self {
            Self::Key | Self::LockedKey | Self::PublicKey => {
                "name the file with the certificate; a private key never needs to leave its own file".to_owned()
            }
            Self::Request => format!(
                "send the request to the trust service provider and name what it issues; `openssl req -in {file} -noout -text` shows the request"
            ),
            Self::Pkcs7 => format!("convert it: openssl pkcs7 -in {file} -print_certs -out {file}.pem"),
            Self::TrustedCertificate => format!("convert it: openssl x509 -in {file} -out {file}.pem"),
            Self::Crl => "name the certificate; a revocation list only says which ones are revoked".to_owned(),
            Self::Certificate | Self::OpenSsh | Self::Parameters | Self::Unknown => return None,
        })
    }
}

pub(super) fn of(item: &Item) -> Kind {
    match item {
        Item::Certificate(_) => Kind::Certificate,
        Item::Key(_) => Kind::Key,
        Item::Request(_) => Kind::Request,
        Item::Other(kind) => *kind,
    }
}

/// `2 certificates and a private key`.
pub(super) fn inventory(items: &[Item]) -> String {
    let parts: Vec<String> = WORDS
        .iter()
        .map(|(kind, one, many)| (items.iter().filter(|item| of(item) == *kind).count(), one, many))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| if count == 1 { (*one).to_owned() } else { format!("{count} {many}") })
        .collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "nothing that is known".to_owned(),
    }
}

/// Neither PEM nor DER: what is it, and how does it become either?
pub(super) fn strange(source: &Source, bytes: &[u8]) -> FileError {
    let file = source.path.display();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || super::contains(bytes, b"B\0E\0G\0I\0N") {
        let mend = format!("convert it: iconv -f UTF-16 -t UTF-8 {file} -o {file}.pem");
        return source.error("it is text in UTF-16, as some editors save it", mend);
    }
    if bytes.starts_with(b"\xfe\xed\xfe\xed") {
        let mend = format!(
            "convert it: keytool -importkeystore -srckeystore {file} -destkeystore {file}.p12 -deststoretype PKCS12"
        );
        return source.error("it is a Java key store", mend);
    }
    let is_base64 = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/=\r\n ".contains(octet);
    if bytes.starts_with(b"MI") && bytes.iter().all(is_base64) {
        let mend = format!("convert it: openssl base64 -d -A -in {file} | openssl x509 -inform DER -out {file}.pem");
        return source.error("it is base64 without its BEGIN and END lines", mend);
    }
    if super::contains(bytes, b"-----END ") {
        return source.error("it has an END line, but no -----BEGIN line", "copy the whole block, with both lines");
    }
    let kind = if std::str::from_utf8(bytes).is_ok() { "of other text" } else { "of something else" };
    let found = format!("it holds no certificate, key or PKCS#12, but {} octets {kind}", bytes.len());
    let mend = format!(
        "give PEM, DER or PKCS#12; `openssl x509 -in {file} -noout -text` and `openssl asn1parse -inform DER -in {file}` tell more"
    );
    source.error(found, mend)
}
