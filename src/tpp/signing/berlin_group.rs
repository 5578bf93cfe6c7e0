//! The Berlin Group's form (NextGenPSD2 §12): `Digest` (RFC 3230), `Signature` (draft-cavage-http-signatures-10) and
//! `TPP-Signature-Certificate`.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::hash::{MessageDigest, hash};
use time::{OffsetDateTime, macros::format_description};

use super::{Outgoing, Seal, Trouble, seal::Scheme};
use crate::targets::signing::{Form, Hash, KeyIdStyle, Signing};

/// Everything that makes up a signature of this form.
pub(super) struct Recipe {
    /// The name of the digest's algorithm (RFC 5843), and the algorithm.
    pub(super) digest: Option<(&'static str, MessageDigest)>,
    /// What is signed, in lower case and in order.
    pub(super) headers: Vec<String>,
    pub(super) key_id: String,
    /// What `algorithm` says, and what is done.
    pub(super) algorithm: String,
    pub(super) scheme: Scheme,
    /// Whether the certificate goes along.
    pub(super) with_certificate: bool,
    /// Further parameters, each with a comma before it.
    pub(super) further: &'static str,
}

impl Recipe {
    pub(super) fn new(signing: &Signing, seal: &Seal, outgoing: &mut Outgoing) -> Result<Self, Trouble> {
        if signing.headers.iter().any(|name| name == "date") && outgoing.header("date").is_none() {
            outgoing.set("Date", Some(&http_date(OffsetDateTime::now_utc())?));
        }
        let is_there =
            |name: &&String| matches!(name.as_str(), "digest" | "(request-target)") || outgoing.header(name).is_some();
        let names = signing.headers.iter().map(|name| name.to_ascii_lowercase()).collect::<Vec<_>>();
        let fitting = match (seal.is_rsa(), signing.hash) {
            (true, Hash::Sha256) => "rsa-sha256",
            (true, Hash::Sha512) => "rsa-sha512",
            (false, Hash::Sha256) => "ecdsa-sha256",
            (false, Hash::Sha512) => "ecdsa-sha512",
        };
        let algorithm = signing.algorithm_for(Form::BerlinGroup, seal.is_rsa()).unwrap_or(fitting);
        let hash = if algorithm.ends_with("512") { MessageDigest::sha512() } else { MessageDigest::sha256() };
        Ok(Self {
            digest: Some(match signing.hash {
                Hash::Sha256 => ("SHA-256", MessageDigest::sha256()),
                Hash::Sha512 => ("SHA-512", MessageDigest::sha512()),
            }),
            headers: names.iter().filter(is_there).cloned().collect(),
            key_id: key_id(seal, signing.key_id),
            algorithm: algorithm.to_owned(),
            scheme: if seal.is_rsa() { Scheme::Pkcs1(hash) } else { Scheme::Ecdsa(hash) },
            with_certificate: signing.send_certificate,
            further: "",
        })
    }

    pub(super) fn apply(&self, outgoing: &mut Outgoing, seal: &Seal) -> Result<(), Trouble> {
        if let Some((name, algorithm)) = self.digest {
            let digest =
                hash(algorithm, outgoing.body.as_bytes()).map_err(|error| Trouble::Harness(error.to_string()))?;
            outgoing.set("Digest", Some(&format!("{name}={}", STANDARD.encode(digest))));
        }
        if self.with_certificate {
            outgoing.set("TPP-Signature-Certificate", Some(&seal.certificate_line()));
        }
        let signature = STANDARD.encode(seal.sign(self.scheme, signing_string(outgoing, &self.headers)?.as_bytes())?);
        let Self { key_id, algorithm, headers, further, .. } = self;
        let value = format!(
            "keyId=\"{key_id}\",algorithm=\"{algorithm}\",headers=\"{}\",signature=\"{signature}\"{further}",
            headers.join(" ")
        );
        outgoing.set("Signature", Some(&value));
        Ok(())
    }
}

/// Names in lower case, a colon and a space, the value; a line each (§2.3 of the draft).
fn signing_string(outgoing: &Outgoing, names: &[String]) -> Result<String, Trouble> {
    let line = |name: &String| match name.as_str() {
        "(request-target)" => {
            Ok(format!("{name}: {} {}", outgoing.method.to_ascii_lowercase(), outgoing.path_and_query()?))
        }
        _ => {
            let same = outgoing.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            let values: Vec<&str> = same.map(|(_, value)| value.trim()).collect();
            Ok(format!("{name}: {}", values.join(", ")))
        }
    };
    Ok(names.iter().map(line).collect::<Result<Vec<_>, Trouble>>()?.join("\n"))
}

/// `SN=<serial, hexadecimal>,CA=<issuer>`.
fn key_id(seal: &Seal, style: KeyIdStyle) -> String {
    if let Some(own) = seal.own_key_id() {
        return own.to_owned();
    }
    let serial = seal.facts.serial.trim_start_matches('0');
    let issuer = seal.facts.issuer.replace('"', "%22");
    match style {
        KeyIdStyle::Escaped => format!("SN={serial},CA={}", issuer.replace(' ', "%20")),
        KeyIdStyle::Plain => format!("SN={serial},CA={issuer}"),
    }
}

/// As RFC 9110 §5.6.7 writes it.
fn http_date(at: OffsetDateTime) -> Result<String, Trouble> {
    let form =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    at.format(form).map_err(|error| Trouble::Harness(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request of appendix C of the draft.
    fn example() -> Outgoing {
        let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let headers = [
            ("Host", "example.com"),
            ("Date", "Sun, 05 Jan 2014 21:31:40 GMT"),
            ("Content-Type", "application/json"),
            ("Digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
            ("Content-Length", "18"),
        ];
        Outgoing {
            method: "POST".into(),
            url: "https://example.com/foo?param=value&pet=dog".into(),
            headers: headers.map(header).into(),
            body: "{\"hello\": \"world\"}".into(),
        }
    }

    #[test]
    fn the_signing_string_is_that_of_the_draft() {
        let names = ["(request-target)", "host", "date", "content-type", "digest", "content-length"];
        let expected = "(request-target): post /foo?param=value&pet=dog\nhost: example.com\n\
            date: Sun, 05 Jan 2014 21:31:40 GMT\ncontent-type: application/json\n\
            digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\ncontent-length: 18";
        assert_eq!(signing_string(&example(), &names.map(str::to_owned)).unwrap(), expected);
    }

    #[test]
    fn the_signatures_of_the_draft_fit_our_signing_strings() {
        // The public key, and the signatures of C.2 and C.3.
        let key = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QFNUd13wuCT\
            Ucq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1\
            fIekaxsyQIDAQAB";
        let key = openssl::pkey::PKey::public_key_from_der(&STANDARD.decode(key).unwrap()).unwrap();
        let basic = "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfE\
            dKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=";
        let all = "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120\
            V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=";
        for (names, signature) in [
            (&["(request-target)", "host", "date"][..], basic),
            (&["(request-target)", "host", "date", "content-type", "digest", "content-length"], all),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let text = signing_string(&example(), &names).unwrap();
            let mut verifier = openssl::sign::Verifier::new(MessageDigest::sha256(), &key).unwrap();
            assert!(verifier.verify_oneshot(&STANDARD.decode(signature).unwrap(), text.as_bytes()).unwrap(), "{text}");
        }
    }

    #[test]
    fn a_date_is_written_as_http_does() {
        let at = OffsetDateTime::from_unix_timestamp(1_388_957_500).unwrap();
        assert_eq!(http_date(at).unwrap(), "Sun, 05 Jan 2014 21:31:40 GMT");
    }
}
