//! The same certificate once more, for another key or over another digest: what the library that issues cannot do, OpenSSL
//! does to a copy.

use openssl::asn1::{Asn1Object, Asn1OctetString};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, PKeyRef, Private};
use openssl::x509::{X509, X509Builder, X509Extension};
use rustls_pki_types::CertificateDer;

use super::{Authority, Issued, PkiError, inspect};

impl Authority {
    /// The certificate once more, for that key where one is given, signed over that digest.
    pub(super) fn sign_anew(
        &self,
        issued: &Issued,
        key: Option<&PKeyRef<Private>>,
        digest: MessageDigest,
    ) -> Result<Issued, PkiError> {
        let wrong = |_: ErrorStack| PkiError::OpenSsl { reason: "signing a certificate anew" };
        let own = PKey::private_key_from_pem(self.key_pem().as_bytes()).map_err(wrong)?;
        let der = inspect::certificate_der(issued.certificate_pem.as_bytes())?;
        let parsed = inspect::parse(&der)?;
        let extensions: Vec<_> =
            parsed.iter_extensions().map(|one| (one.oid.to_id_string(), one.critical, one.value)).collect();
        let serial = parsed.raw_serial();
        let made = copy(&der, serial, &extensions, key, &own, digest).map_err(wrong)?;
        let anew = issued.clone().with_certificate(&made.into(), self);
        let pem = key.map(PKeyRef::private_key_to_pem_pkcs8).transpose().map_err(wrong)?;
        match pem.map(String::from_utf8) {
            None => Ok(anew),
            Some(Ok(key_pem)) => Ok(Issued { key_pem, ..anew }),
            Some(Err(_)) => Err(PkiError::OpenSsl { reason: "writing a key as PEM" }),
        }
    }
}

fn copy(
    der: &CertificateDer<'_>,
    serial: &[u8],
    extensions: &[(String, bool, &[u8])],
    key: Option<&PKeyRef<Private>>,
    own: &PKeyRef<Private>,
    digest: MessageDigest,
) -> Result<Vec<u8>, ErrorStack> {
    let good = X509::from_der(der)?;
    let mut copy = X509Builder::new()?;
    copy.set_version(2)?;
    copy.set_serial_number(&*BigNum::from_slice(serial)?.to_asn1_integer()?)?;
    copy.set_subject_name(good.subject_name())?;
    copy.set_issuer_name(good.issuer_name())?;
    match key {
        Some(key) => copy.set_pubkey(&*PKey::public_key_from_der(&key.public_key_to_der()?)?)?,
        None => copy.set_pubkey(&*good.public_key()?)?,
    }
    copy.set_not_before(good.not_before())?;
    copy.set_not_after(good.not_after())?;
    for (kind, critical, value) in extensions {
        let (kind, value) = (Asn1Object::from_str(kind)?, Asn1OctetString::new_from_bytes(value)?);
        copy.append_extension(X509Extension::new_from_der(&kind, *critical, &value)?)?;
    }
    copy.sign(own, digest)?;
    copy.build().to_der()
}
