//! Which fault speaks what: one row each.

use super::hello::Hello;
use super::openssl::{KeyKind, Settings};

/// What a fault makes of which greetings.
pub(super) struct Spoken {
    pub(super) fault: &'static str,
    /// The greetings that it is about.
    pub(super) takes: fn(&Hello) -> bool,
    pub(super) way: Way,
}

/// How a greeting is answered.
pub(super) enum Way {
    /// By OpenSSL.
    OpenSsl(Settings),
    /// By a ServerHello and nothing more.
    Bare(Bare),
    /// By the bank's own TLS, without TLS 1.3.
    WithoutTls13,
}

/// A ServerHello.
pub(super) struct Bare {
    version: u16,
    /// The first of these that is offered is chosen.
    suites: &'static [u16],
    compression: u8,
    extensions: &'static [u8],
}

const RC4: &[u16] = &[0xc007, 0xc011, 0x0005, 0x0004];
const EXPORT: &[u16] = &[0x0003, 0x0006, 0x0008, 0x0009, 0x0014, 0x0015];
const TRIPLE_DES: &[u16] = &[0xc008, 0xc012, 0x0016, 0x000a];
const STATIC_DH: &[u16] = &[0xc02d, 0xc031, 0xc004, 0xc00e];
const SSL_3_0: &[u16] = &[0x000a, 0x0005, 0x0004, 0x002f];
/// ECDHE with ECDSA or RSA and AES-GCM.
const TODAY: &[u16] = &[0xc02b, 0xc02f, 0xc02c, 0xc030];
/// The same, and ChaCha20: what the bank's own TLS has.
const OWN: &[u16] = &[0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca8, 0xcca9];
const SHA_2_WITH_ECDSA: [u16; 4] = [0x0403, 0x0503, 0x0603, 0x0807];
/// renegotiation_info, empty (RFC 5746 3.6).
const RENEGOTIATION_INFO: &[u8] = &[0xff, 0x01, 0, 1, 0];
/// extended_master_secret (RFC 7627 5.1).
const EXTENDED_MASTER_SECRET: &[u8] = &[0, 23, 0, 0];
const BOTH: &[u8] = &[0xff, 0x01, 0, 1, 0, 0, 23, 0, 0];

pub(super) const SPOKEN: [Spoken; 19] = [
    bare("ssl-3-0-accepted", |hello| hello.version == 0x0300, Bare { version: 0x0300, ..agreeing(SSL_3_0) }),
    openssl("tls-1-0-accepted", |hello| hello.version == 0x0301, Settings::version("TLS 1.0")),
    openssl("tls-1-1-accepted", |hello| hello.version == 0x0302, Settings::version("TLS 1.1")),
    openssl("only-old-tls", |_| true, Settings::version("TLS 1.1")),
    openssl("tls-null-suite-accepted", is_refused, Settings::ciphers("eNULL", KeyKind::Ecdsa)),
    openssl("tls-anonymous-suite-accepted", is_refused, Settings::ciphers("aNULL:!eNULL", KeyKind::Ecdsa)),
    openssl("tls-static-rsa-accepted", is_refused, Settings::ciphers("kRSA+AESGCM", KeyKind::Rsa)),
    openssl("tls-finite-field-dhe-accepted", is_refused, Settings::ciphers("DHE-RSA-AES128-GCM-SHA256", KeyKind::Rsa)),
    openssl("tls-cbc-suite-accepted", is_refused, Settings::ciphers("ECDHE-ECDSA-AES128-SHA256", KeyKind::Ecdsa)),
    bare("tls-rc4-accepted", |hello| is_only(hello, RC4), agreeing(RC4)),
    bare("tls-export-suite-accepted", |hello| is_only(hello, EXPORT), agreeing(EXPORT)),
    bare("tls-3des-accepted", |hello| is_only(hello, TRIPLE_DES), agreeing(TRIPLE_DES)),
    bare("tls-static-dh-accepted", |hello| is_only(hello, STATIC_DH), agreeing(STATIC_DH)),
    bare(
        "tls-compression-accepted",
        |hello| hello.compression.contains(&1),
        Bare { compression: 1, ..agreeing(TODAY) },
    ),
    bare(
        "tls-renegotiation-insecure",
        |hello| !hello.offers_tls_1_3 && hello.offers(TODAY).is_some(),
        Bare { extensions: EXTENDED_MASTER_SECRET, ..agreeing(TODAY) },
    ),
    bare(
        "tls-extended-master-secret-missing",
        |hello| !hello.offers_tls_1_3 && hello.offers(TODAY).is_some(),
        Bare { extensions: RENEGOTIATION_INFO, ..agreeing(TODAY) },
    ),
    Spoken {
        fault: "tls-1-3-not-preferred",
        takes: |hello| hello.offers_tls_1_3 && hello.offers(TODAY).is_some(),
        way: Way::WithoutTls13,
    },
    openssl("server-key-too-short", wants_rsa, Settings::certificate(KeyKind::ShortRsa)),
    openssl("server-certificate-signed-with-sha-1", wants_rsa, Settings::certificate(KeyKind::RsaSignedWithSha1)),
];

const fn openssl(fault: &'static str, takes: fn(&Hello) -> bool, settings: Settings) -> Spoken {
    Spoken { fault, takes, way: Way::OpenSsl(settings) }
}

const fn bare(fault: &'static str, takes: fn(&Hello) -> bool, bare: Bare) -> Spoken {
    Spoken { fault, takes, way: Way::Bare(bare) }
}

const fn agreeing(suites: &'static [u16]) -> Bare {
    Bare { version: 0x0303, suites, compression: 0, extensions: BOTH }
}

/// The bank's own TLS has nothing of what is offered in TLS 1.2.
fn is_refused(hello: &Hello) -> bool {
    hello.version == 0x0303 && !hello.offers_tls_1_3 && hello.offers(OWN).is_none()
}

/// One of these is offered, and nothing that the bank's own TLS has.
fn is_only(hello: &Hello, suites: &[u16]) -> bool {
    is_refused(hello) && hello.suites.first().is_some_and(|first| suites.contains(first))
}

/// The client cannot check signatures by the bank's own key.
fn wants_rsa(hello: &Hello) -> bool {
    !hello.schemes.is_empty() && !hello.schemes.iter().any(|scheme| SHA_2_WITH_ECDSA.contains(scheme))
}

impl Bare {
    /// The record that carries it (RFC 5246 7.4.1.3).
    pub(super) fn server_hello(&self, hello: &Hello) -> Vec<u8> {
        let suite = hello.offers(self.suites).unwrap_or_default();
        let mut body = self.version.to_be_bytes().to_vec();
        body.extend(rand::random::<[u8; 32]>());
        body.push(0);
        body.extend(suite.to_be_bytes());
        body.push(self.compression);
        if self.version > 0x0300 {
            body.extend([0, u8::try_from(self.extensions.len()).unwrap_or_default()]);
            body.extend(self.extensions);
        }
        let length = u8::try_from(body.len()).unwrap_or_default();
        let [high, low] = self.version.to_be_bytes();
        [vec![22, high, low, 0, length + 4, 2, 0, 0, length], body].concat()
    }
}
