//! OpenSSL with its guard down: old versions, weak suites, weak keys.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::ssl::{SslContext, SslMethod, SslOptions, SslVerifyMode, SslVersion};
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509, X509NameBuilder};

use crate::pki::TestPki;

/// `SSL_OP_NO_ENCRYPT_THEN_MAC`, for which the binding has no name.
const NO_ENCRYPT_THEN_MAC: u64 = 1 << 19;

/// What OpenSSL is to speak.
pub(super) struct Settings {
    version: &'static str,
    ciphers: &'static str,
    key: KeyKind,
}

/// The certificate that it is to present.
#[derive(Clone, Copy)]
pub(super) enum KeyKind {
    /// The bank's own.
    Ecdsa,
    /// One with an RSA key.
    Rsa,
    /// One with an RSA key of 1024 bits.
    ShortRsa,
    /// One with an RSA key that the CA signed with SHA-1.
    RsaSignedWithSha1,
}

impl Settings {
    /// One version alone.
    pub(super) const fn version(version: &'static str) -> Self {
        Self { version, ciphers: "ALL:!aNULL:!eNULL", key: KeyKind::Ecdsa }
    }

    /// Some suites of TLS 1.2 alone.
    pub(super) const fn ciphers(ciphers: &'static str, key: KeyKind) -> Self {
        Self { version: "TLS 1.2", ciphers, key }
    }

    /// TLS of today, with that certificate.
    pub(super) const fn certificate(key: KeyKind) -> Self {
        Self { version: "", ciphers: "ECDHE+AESGCM", key }
    }
}

/// A context for the server's side.
pub(super) fn context(
    settings: &Settings,
    pki: &TestPki,
    with_client_certificate: bool,
) -> Result<SslContext, ErrorStack> {
    let mut builder = SslContext::builder(SslMethod::tls_server())?;
    builder.set_security_level(0);
    builder.clear_options(SslOptions::NO_TLSV1 | SslOptions::NO_TLSV1_1);
    builder.set_options(SslOptions::from_bits_retain(NO_ENCRYPT_THEN_MAC));
    let version = match settings.version {
        "TLS 1.0" => Some(SslVersion::TLS1),
        "TLS 1.1" => Some(SslVersion::TLS1_1),
        "TLS 1.2" => Some(SslVersion::TLS1_2),
        _ => None,
    };
    builder.set_min_proto_version(version.or(Some(SslVersion::TLS1_2)))?;
    builder.set_max_proto_version(version)?;
    builder.set_cipher_list(&format!("{}:@SECLEVEL=0", settings.ciphers))?;
    let dh = Dh::get_2048_256()?;
    builder.set_tmp_dh(&dh)?;
    let (certificate, key) = certificate(settings.key, pki)?;
    builder.set_certificate(&certificate)?;
    builder.set_private_key(&key)?;
    builder.add_extra_chain_cert(X509::from_pem(pki.issuing.certificate_pem().as_bytes())?)?;
    if with_client_certificate {
        let mut store = X509StoreBuilder::new()?;
        for authority in [&pki.root, &pki.issuing] {
            let authority = X509::from_pem(authority.certificate_pem().as_bytes())?;
            builder.add_client_ca(&authority)?;
            store.add_cert(authority)?;
        }
        builder.set_verify_cert_store(store.build())?;
        builder.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    }
    builder.set_session_id_context(b"bank")?;
    Ok(builder.build())
}

fn certificate(kind: KeyKind, pki: &TestPki) -> Result<(X509, PKey<Private>), ErrorStack> {
    let (bits, digest) = match kind {
        KeyKind::Ecdsa => {
            let certificate = X509::from_pem(pki.bank.certificate_pem.as_bytes())?;
            return Ok((certificate, PKey::private_key_from_pem(pki.bank.key_pem.as_bytes())?));
        }
        KeyKind::Rsa => (2048, MessageDigest::sha256()),
        KeyKind::ShortRsa => (1024, MessageDigest::sha256()),
        KeyKind::RsaSignedWithSha1 => (2048, MessageDigest::sha1()),
    };
    let key = PKey::from_rsa(Rsa::generate(bits)?)?;
    Ok((issue(&key, digest, pki)?, key))
}

/// A certificate for this machine, from the issuing CA: what issues elsewhere has no RSA and no SHA-1.
fn issue(key: &PKey<Private>, digest: MessageDigest, pki: &TestPki) -> Result<X509, ErrorStack> {
    let issuer = X509::from_pem(pki.issuing.certificate_pem().as_bytes())?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "localhost")?;
    let name = name.build();
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(issuer.subject_name())?;
    builder.set_not_before(&*Asn1Time::days_from_now(0)?)?;
    builder.set_not_after(&*Asn1Time::days_from_now(365)?)?;
    builder.set_pubkey(key)?;
    let names = SubjectAlternativeName::new()
        .dns("localhost")
        .ip("127.0.0.1")
        .ip("::1")
        .build(&builder.x509v3_context(Some(&issuer), None))?;
    builder.append_extension(names)?;
    builder.sign(&*PKey::private_key_from_pem(pki.issuing.key_pem().as_bytes())?, digest)?;
    Ok(builder.build())
}
