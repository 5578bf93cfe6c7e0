//! The OCSP request (RFC 6960 §4.1).

use openssl::hash::{MessageDigest, hash};
use yasna::models::ObjectIdentifier;
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, BERReader, BERReaderSeq, Tag};

use crate::pki::{Authority, PkiError, inspect};

/// No request is longer, in octets.
const LONGEST: usize = 4096;
/// No request asks about more certificates.
const MOST_IDS: usize = 16;
/// RFC 9654 §2.1: a nonce has at most so many octets.
const LONGEST_NONCE: usize = 128;

const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
/// id-pkix-ocsp-nonce.
pub(super) const NONCE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

/// What is asked.
pub(super) struct Request {
    pub(super) ids: Vec<CertId>,
    /// The content of the nonce extension, to be echoed as it is (RFC 6960 §4.4.1).
    pub(super) nonce: Option<Vec<u8>>,
}

/// One certificate by its issuer's hashes and its serial number.
pub(super) struct CertId {
    /// As it came: the answer repeats it.
    pub(super) der: Vec<u8>,
    pub(super) serial: Vec<u8>,
    digest: ObjectIdentifier,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
}

/// The CA, as requests name it.
pub(super) struct Issuer {
    name: Vec<u8>,
    key: Vec<u8>,
}

impl Issuer {
    pub(super) fn of(authority: &Authority) -> Result<Self, PkiError> {
        let der = inspect::certificate_der(authority.certificate_pem().as_bytes())?;
        let certificate = inspect::parse(&der)?;
        let key = certificate.public_key().subject_public_key.data.to_vec();
        Ok(Self { name: certificate.subject().as_raw().to_vec(), key })
    }

    pub(super) fn is_named_by(&self, id: &CertId) -> bool {
        let digest = match &id.digest {
            oid if *oid == ObjectIdentifier::from_slice(SHA1) => MessageDigest::sha1(),
            oid if *oid == ObjectIdentifier::from_slice(SHA256) => MessageDigest::sha256(),
            _ => return false,
        };
        let fits = |data: &[u8], expected: &[u8]| hash(digest, data).is_ok_and(|found| *found == *expected);
        fits(&self.name, &id.name_hash) && fits(&self.key, &id.key_hash)
    }
}

/// Reads a request; none where it is malformed or beyond all bounds. Its signature, if it has one, is not looked at: this
/// responder answers everybody.
pub(super) fn decode(der: &[u8]) -> Option<Request> {
    if der.len() > LONGEST {
        return None;
    }
    let read = yasna::parse_der(der, |reader| {
        reader.read_sequence(|parts| {
            let request = parts.next().read_sequence(to_be_signed)?;
            parts.read_optional(|signature| signature.read_tagged(Tag::context(0), |it| it.read_der()))?;
            Ok(request)
        })
    });
    read.ok()
}

fn to_be_signed(parts: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Request> {
    parts.read_optional(|version| version.read_tagged(Tag::context(0), |it| it.read_u8()))?;
    parts.read_optional(|requestor| requestor.read_tagged(Tag::context(1), |it| it.read_der()))?;
    let mut ids = Vec::new();
    parts.next().read_sequence_of(|one| {
        if ids.len() == MOST_IDS {
            return Err(ASN1Error::new(ASN1ErrorKind::Invalid));
        }
        ids.push(one.read_sequence(|request| {
            let der = request.next().read_der()?;
            request.read_optional(|extensions| extensions.read_tagged(Tag::context(0), |it| it.read_der()))?;
            yasna::parse_der(&der, |id| cert_id(id, &der))
        })?);
        Ok(())
    })?;
    let nonce = parts.read_optional(|extensions| extensions.read_tagged(Tag::context(2), nonce_among))?.flatten();
    match ids.is_empty() {
        true => Err(ASN1Error::new(ASN1ErrorKind::Invalid)),
        false => Ok(Request { ids, nonce }),
    }
}

fn cert_id(reader: BERReader<'_, '_>, der: &[u8]) -> ASN1Result<CertId> {
    reader.read_sequence(|parts| {
        let digest = parts.next().read_sequence(|algorithm| {
            let oid = algorithm.next().read_oid()?;
            algorithm.read_optional(|parameters| parameters.read_der())?;
            Ok(oid)
        })?;
        let (name_hash, key_hash) = (parts.next().read_bytes()?, parts.next().read_bytes()?);
        let (serial, _) = parts.next().read_bigint_bytes()?;
        Ok(CertId { der: der.to_vec(), serial, digest, name_hash, key_hash })
    })
}

/// The nonce among the extensions of a request.
fn nonce_among(extensions: BERReader<'_, '_>) -> ASN1Result<Option<Vec<u8>>> {
    let mut nonce = None;
    extensions.read_sequence_of(|extension| {
        extension.read_sequence(|parts| {
            let oid = parts.next().read_oid()?;
            parts.read_optional(|critical| critical.read_bool())?;
            let value = parts.next().read_bytes()?;
            if oid == ObjectIdentifier::from_slice(NONCE) && value.len() <= LONGEST_NONCE + 2 {
                nonce = Some(value);
            }
            Ok(())
        })
    })?;
    Ok(nonce)
}
