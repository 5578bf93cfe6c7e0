//! `Digest`, `Signature` and `TPP-Signature-Certificate` (NextGenPSD2 implementation guidelines §12).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::{MessageDigest, hash};
use openssl::x509::X509;

use super::seals::{Distrust, Seal};
use super::verify::{self, Method};
use super::{Checked, invalid, quoted, require, rewritten, unreadable};
use crate::bank::http::Incoming;
use crate::bank::model::world::World;
use crate::bank::refusal::{Kind, Refusal};
use crate::pki::qc::QcType;

/// The parameters that the draft knows (§2.1).
const PARAMETERS: [&str; 4] = ["keyId", "algorithm", "headers", "signature"];
/// The order in which this bank names the headers itself.
const ORDER: [&str; 6] = ["digest", "x-request-id", "psu-id", "psu-corporate-id", "date", "tpp-redirect-uri"];

/// A request with everything that belongs to its signature.
struct Signed<'a> {
    incoming: &'a Incoming,
    parameters: Vec<(&'a str, &'a str)>,
    seal: Seal,
}

type Rule = fn(&World, &Signed<'_>) -> Checked;

/// The rules of this form, in the order in which they are applied.
const RULES: [Rule; 12] = [
    refuse_everything,
    known_parameters, // draft-cavage-http-signatures-10 §2.2
    valid_certificate,
    seal_certificate,
    own_certificate,
    key_id,
    required_headers,
    conditional_headers,
    algorithm,
    digest_there,
    digest,
    signature,
];

pub(super) fn check(world: &World, incoming: &Incoming) -> Checked {
    let parameters = parameters(world, incoming.header("signature").unwrap_or_default())?;
    let Some(certificate) = incoming.header("tpp-signature-certificate") else {
        return match world.faults.on("signature-certificate-optional") {
            true => Ok(()),
            false => Err(Refusal::new(Kind::CertificateMissing, "send the certificate of the signature along")),
        };
    };
    let unreadable = || Refusal::new(Kind::CertificateInvalid, "the certificate of the signature cannot be read");
    let seal = read(certificate).ok_or_else(unreadable)?;
    let signed = Signed { incoming, parameters, seal };
    RULES.iter().try_for_each(|rule| rule(world, &signed))
}

/// The parameters, each at most once: what is repeated can be read in two ways (§2.2 of the draft).
fn parameters<'a>(world: &World, value: &'a str) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
    let mut read: Vec<(&str, &str)> = Vec::new();
    let pieces = quoted::pieces(value, b',').ok_or_else(|| unreadable(world, "Signature cannot be read"))?;
    for (name, value) in pieces.into_iter().filter_map(|piece| piece.split_once('=')) {
        let value = quoted::inner(value.trim()).unwrap_or(value);
        let is_first = read.iter().all(|(earlier, _)| *earlier != name);
        require(is_first || world.faults.on("repeated-signature-parameter-accepted"), "a parameter is there twice")?;
        read.push((name, value));
    }
    Ok(read)
}

/// A certificate on one line: the body of its PEM, or the PEM itself with its line breaks left out.
fn read(line: &str) -> Option<Seal> {
    let body = line.replace("-----BEGIN CERTIFICATE-----", "").replace("-----END CERTIFICATE-----", "");
    let der = STANDARD.decode(body.split_whitespace().collect::<String>()).ok()?;
    Seal::read(X509::from_der(&der).ok()?).ok()
}

impl<'a> Signed<'a> {
    /// The first value of a parameter; empty where it is missing.
    fn parameter(&self, name: &str) -> &'a str {
        self.parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value)
    }

    /// The names of the signed headers.
    fn covered(&self) -> Vec<&'a str> {
        self.parameter("headers").split_ascii_whitespace().collect()
    }

    fn signature(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.parameter("signature")).ok()
    }
}

fn refuse_everything(world: &World, _: &Signed<'_>) -> Checked {
    require(!world.faults.on("signed-initiation-refused"), "signatures are not accepted")
}

/// What the draft does not know is to be passed over.
fn known_parameters(world: &World, signed: &Signed<'_>) -> Checked {
    let mut names = signed.parameters.iter().map(|(name, _)| name);
    let known = names.all(|name| PARAMETERS.contains(name));
    require(known || !world.faults.on("unknown-signature-parameter-refused"), "a parameter is not known")
}

fn valid_certificate(world: &World, signed: &Signed<'_>) -> Checked {
    let distrust = world.seals.distrust(&signed.seal.certificate).unwrap_or(Some(Distrust::UnknownIssuer));
    match distrust {
        Some(Distrust::OutOfTime) if !world.faults.on("expired-seal-accepted") => {
            Err(Refusal::new(Kind::CertificateExpired, "the certificate of the signature does not hold now"))
        }
        Some(Distrust::UnknownIssuer) if !world.faults.on("seal-of-unknown-ca-accepted") => {
            Err(Refusal::new(Kind::CertificateInvalid, "the issuer of the signature's certificate is not known"))
        }
        _ => Ok(()),
    }
}

/// A QWAC is for TLS, a QSealC is for signatures.
fn seal_certificate(world: &World, signed: &Signed<'_>) -> Checked {
    match signed.seal.facts.qc_type == Some(QcType::Eseal) || world.faults.on("qwac-accepted-as-seal") {
        true => Ok(()),
        false => Err(Refusal::new(Kind::CertificateInvalid, "the certificate of the signature is no QSealC")),
    }
}

/// The TPP that signs is the TPP that speaks.
fn own_certificate(world: &World, signed: &Signed<'_>) -> Checked {
    let speaker = signed.incoming.peer.certificate.as_ref();
    // Whether a TPP may come without an identifier is for another rule.
    let own = speaker.and_then(|presented| presented.organization_identifier.as_ref());
    match own.is_none_or(|own| signed.seal.facts.organization_identifier.as_ref() == Some(own))
        || world.faults.on("seal-of-another-tpp-accepted")
    {
        true => Ok(()),
        false => Err(Refusal::new(Kind::CertificateInvalid, "the certificate of the signature is another TPP's")),
    }
}

/// `SN=<serial number, hexadecimal>,CA=<issuer>`, however the issuer's name is spaced and escaped.
fn key_id(world: &World, signed: &Signed<'_>) -> Checked {
    let named = signed.parameter("keyId").split_once(',').and_then(|(serial, issuer)| {
        Some((serial.trim().strip_prefix("SN=")?.to_ascii_lowercase(), issuer.trim().strip_prefix("CA=")?))
    });
    let facts = &signed.seal.facts;
    let fits = named.is_some_and(|(serial, issuer)| {
        serial.trim_start_matches('0') == facts.serial.trim_start_matches('0') && plain(issuer) == plain(&facts.issuer)
    });
    require(fits || world.faults.on("signature-key-id-ignored"), "keyId does not name the certificate")
}

/// A name without its white space and escapes, for comparing.
fn plain(name: &str) -> String {
    let name = name.replace("%20", "").replace("%22", "\"");
    name.chars().filter(|one| !one.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

fn required_headers(world: &World, signed: &Signed<'_>) -> Checked {
    let covered = signed.covered();
    // Whether there has to be a Digest is for a rule of its own.
    let required = ["digest", "x-request-id"].into_iter().filter(|name| signed.incoming.headers.contains_key(*name));
    let all = required.into_iter().all(|name| covered.contains(&name));
    require(all || world.faults.on("signed-headers-any"), "digest and x-request-id must be signed")
}

/// These are signed where they are sent.
fn conditional_headers(world: &World, signed: &Signed<'_>) -> Checked {
    let covered = signed.covered();
    let sent = ["psu-id", "psu-corporate-id", "tpp-redirect-uri"];
    let mut sent = sent.into_iter().filter(|name| signed.incoming.headers.contains_key(*name));
    let all = sent.all(|name| covered.contains(&name));
    require(all || world.faults.on("signed-headers-conditional-unchecked"), "a header must be signed where it is sent")
}

fn algorithm(world: &World, signed: &Signed<'_>) -> Checked {
    let faults = &world.faults;
    let rsa = verify::has_rsa_key(&signed.seal.certificate);
    require(rsa || !faults.on("signature-by-ec-key-refused"), "the kind of key is not known")?;
    // Whoever names RSA for an EC key does not know what was signed.
    let of_key = signed.parameter("algorithm").starts_with(if rsa { "rsa-" } else { "ecdsa-" });
    require(of_key || signed.parameter("algorithm") == "none", "the algorithm is not that of the key")?;
    match signed.parameter("algorithm") {
        "rsa-sha512" | "ecdsa-sha512" => {
            require(!faults.on("signature-by-sha-512-refused"), "the algorithm is not known")
        }
        "rsa-sha256" | "ecdsa-sha256" => Ok(()),
        "rsa-sha1" | "ecdsa-sha1" => require(faults.on("signature-by-sha-1-accepted"), "the algorithm is too weak"),
        "none" => require(faults.on("signature-none-accepted"), "this is no algorithm"),
        _ => Err(invalid("the algorithm is not known")),
    }
}

fn digest_there(world: &World, signed: &Signed<'_>) -> Checked {
    let there = signed.incoming.header("digest").is_some();
    require(there || world.faults.on("digest-optional"), "Digest is missing")
}

/// RFC 3230, with the hash functions that the Berlin Group allows.
fn digest(world: &World, signed: &Signed<'_>) -> Checked {
    let Some((name, sent)) = signed.incoming.header("digest").and_then(|digest| digest.split_once('=')) else {
        return Ok(());
    };
    let faults = &world.faults;
    let known = match faults.on("digest-name-case-sensitive") {
        true => name.to_owned(),
        false => name.to_ascii_uppercase(),
    };
    let function = match known.as_str() {
        "SHA-256" => MessageDigest::sha256(),
        "SHA-512" if !faults.on("digest-by-sha-512-refused") => MessageDigest::sha512(),
        weak @ ("SHA" | "MD5") if faults.on("weak-digest-accepted") => {
            if weak == "MD5" {
                MessageDigest::md5()
            } else {
                MessageDigest::sha1()
            }
        }
        _ => return Err(invalid("the algorithm of Digest is not accepted")),
    };
    let body = match faults.on("digest-of-rewritten-body") {
        true => rewritten(&signed.incoming.body),
        false => signed.incoming.body.to_vec(),
    };
    let own = hash(function, &body).map(|own| STANDARD.encode(own)).unwrap_or_default();
    require(own == sent || faults.on("digest-unchecked"), "Digest does not fit the body")
}

fn signature(world: &World, signed: &Signed<'_>) -> Checked {
    let function = match signed.parameter("algorithm") {
        name if name.ends_with("512") => MessageDigest::sha512(),
        name if name.ends_with("sha1") => MessageDigest::sha1(),
        "none" => return Ok(()),
        _ => MessageDigest::sha256(),
    };
    let mut names = signed.covered();
    if world.faults.on("signed-header-order-fixed") {
        names.sort_by_key(|name| ORDER.iter().position(|known| known == name));
    }
    let text = signing_string(signed.incoming, &names);
    let octets = signed.signature().unwrap_or_default();
    let fits = text
        .is_some_and(|text| verify::fits(&signed.seal.certificate, Method::Plain(function), text.as_bytes(), &octets));
    require(fits || world.faults.on("signature-unchecked"), "the signature does not fit the request")
}

/// A line for each header, `name: value` (§2.3 of the draft); none where one is missing.
fn signing_string(incoming: &Incoming, names: &[&str]) -> Option<String> {
    let mut lines = Vec::new();
    for name in names {
        if *name == "(request-target)" {
            let method = incoming.method.as_str().to_ascii_lowercase();
            lines.push(format!("{name}: {method} {}", incoming.path_and_query));
            continue;
        }
        let mut values = Vec::new();
        for value in incoming.headers.get_all(*name) {
            values.push(value.to_str().ok()?.trim());
        }
        if values.is_empty() {
            return None;
        }
        lines.push(format!("{name}: {}", values.join(", ")));
    }
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use openssl::pkey::PKey;
    use openssl::sign::Verifier;
    use proptest::prelude::*;

    use super::*;
    use crate::bank::signatures::tests::incoming;

    #[test]
    fn the_signature_of_appendix_c_of_the_draft_fits() {
        let headers = [
            ("host", "example.com"),
            ("date", "Sun, 05 Jan 2014 21:31:40 GMT"),
            ("content-type", "application/json"),
            ("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
            ("content-length", "18"),
        ];
        let names = ["(request-target)", "host", "date", "content-type", "digest", "content-length"];
        let text = signing_string(&incoming(&headers), &names).unwrap();
        let key = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QFNUd13wuCT\
            Ucq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1\
            fIekaxsyQIDAQAB";
        let key = PKey::public_key_from_der(&STANDARD.decode(key).unwrap()).unwrap();
        let signature = "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEU\
            HFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=";
        let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
        assert!(verifier.verify_oneshot(&STANDARD.decode(signature).unwrap(), text.as_bytes()).unwrap());
    }

    #[test]
    fn a_header_that_is_not_there_cannot_be_signed() {
        assert_eq!(signing_string(&incoming(&[("host", "example.com")]), &["host", "date"]), None);
    }

    #[test]
    fn a_name_is_compared_without_its_spacing() {
        assert_eq!(plain("CN=A%20CA, O=A%20B"), plain("cn=A CA,o=A B"));
    }

    proptest! {
        #[test]
        fn no_certificate_makes_it_panic(line in "[ -~]{0,80}") {
            prop_assert!(read(&line).is_none());
        }
    }
}
