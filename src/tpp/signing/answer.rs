//! The bank's signature on an answer: read and verified here, judged elsewhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    ecdsa::EcdsaSig,
    hash::{MessageDigest, hash},
    pkey::{Id, PKey, Public},
    rsa::Padding,
    sign::{RsaPssSaltlen, Verifier},
    x509::X509,
};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    Outgoing, Trouble,
    jws::{IAT, ISS, TAN},
    rfc9421, structured as sf,
};
use crate::{
    evidence::{
        json,
        signature::{Found, SignatureFacts},
    },
    targets::{
        Target,
        signing::{Form, Signing},
    },
    tpp::transport::Reply,
};

/// What the bank's signature on the answer to a request comes to.
///
/// # Errors
/// The target names no certificate for it, or the form has no signed answers.
pub fn facts(target: &Target, form: Form, request: &Outgoing, reply: &Reply) -> Result<SignatureFacts, Trouble> {
    let missing = || Trouble::Prerequisite("the target file names no certificate that the bank signs with".into());
    let (signing, pem) = target.signing.as_ref().zip(target.bank_certificate.as_ref()).ok_or_else(missing)?;
    let key = X509::from_pem(pem.as_bytes()).and_then(|certificate| certificate.public_key());
    let key = key.map_err(|error| Trouble::Harness(format!("the bank's certificate is unusable: {error}")))?;
    let (header, (signature, complaints)) = match form {
        Form::UkJws => ("x-jws-signature", of_jws(signing, &key, reply, target.tolerances.signature_clock())),
        Form::Rfc9421 => ("Signature-Input", of_rfc9421(&key, request, reply)),
        Form::BerlinGroup => {
            return Err(Trouble::DoesNotApply("the Berlin Group's form has no signed answers".into()));
        }
    };
    let (exchange, status) = (reply.exchange.id.clone(), reply.status);
    Ok(SignatureFacts { exchange, status, header: header.into(), signature, complaints })
}

type Read = (Found, Vec<String>);

fn wrong(why: &str) -> Read {
    (Found::Wrong(why.into()), Vec::new())
}

fn of_jws(signing: &Signing, key: &PKey<Public>, reply: &Reply, ahead: i64) -> Read {
    let Some(value) = reply.header("x-jws-signature") else { return (Found::Missing, Vec::new()) };
    let parts: Vec<&str> = value.trim().split('.').collect();
    let &[header, "", signature] = parts.as_slice() else { return wrong("it is no detached JWS") };
    let decoded = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let Ok(claims) = serde_json::from_slice::<Map<String, Value>>(&decoded) else {
        return wrong("its header is no JSON object in base64url");
    };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return wrong("its signature is no base64url") };
    let mut complaints = complaints_about(&claims, signing, ahead);
    let twice = std::str::from_utf8(&decoded).ok().and_then(json::repeated);
    complaints.extend(twice.map(|name| format!("{name} stands twice")));
    if claims.get("alg") != Some(&serde_json::json!("PS256")) {
        return (Found::Wrong(format!("its alg is {}", claims.get("alg").unwrap_or(&Value::Null))), complaints);
    }
    let is_plain = claims.get("b64") == Some(&serde_json::json!(false));
    let payload = if is_plain { reply.body.clone() } else { URL_SAFE_NO_PAD.encode(&reply.body) };
    let message = format!("{header}.{payload}");
    let holds = verify_pss(key, MessageDigest::sha256(), message.as_bytes(), &signature);
    (if holds { Found::Right } else { Found::Wrong("it does not fit the answer".into()) }, complaints)
}

/// What the claims of a UK signature lack.
fn complaints_about(claims: &Map<String, Value>, signing: &Signing, ahead: i64) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut require = |good: bool, complaint: &str| {
        if !good {
            complaints.push(complaint.to_owned());
        }
    };
    let is_text = |name: &str| claims.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let critical: Vec<&str> =
        claims.get("crit").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let iat = claims.get(IAT).and_then(Value::as_i64);
    require(is_text("kid"), "kid is missing");
    require(iat.is_some(), "iat is missing, or is no number");
    let now = OffsetDateTime::now_utc().unix_timestamp();
    require(iat.is_none_or(|iat| iat <= now + ahead), "iat is in the future");
    require(is_text(ISS), "iss is missing");
    require(is_text(TAN), "tan is missing");
    require([IAT, ISS, TAN].iter().all(|name| critical.contains(name)), "crit does not name iat, iss and tan");
    let encodes = claims.get("b64") != Some(&serde_json::json!(false));
    require(encodes != signing.has_unencoded_payload(), "b64 is not as this version has it");
    complaints
}

fn of_rfc9421(key: &PKey<Public>, request: &Outgoing, reply: &Reply) -> Read {
    let (Some(input), Some(value)) = (reply.header("signature-input"), reply.header("signature")) else {
        return (Found::Missing, Vec::new());
    };
    let first = sf::dictionary(input).and_then(|members| members.first().copied());
    let Some((label, parameters)) = first else { return wrong("Signature-Input is no dictionary") };
    let Some((components, named)) = sf::inner_list(parameters) else { return wrong("Signature-Input has no list") };
    let signature = sf::dictionary(value).and_then(|all| all.into_iter().find(|(name, _)| *name == label));
    let Some(signature) = signature.and_then(|(_, octets)| sf::read_bytes(octets)) else {
        return wrong("Signature has no octets under the label of Signature-Input");
    };
    let mut base = String::new();
    for item in &components {
        let Some(value) = component(item, request, reply) else {
            return wrong(&format!("it covers {item}, which is not there"));
        };
        base.push_str(&format!("{item}: {value}\n"));
    }
    base.push_str(&format!("\"@signature-params\": {parameters}"));
    let complaints = uncovered(&components, reply);
    let algorithm = named.iter().find(|(name, _)| *name == "alg").and_then(|(_, value)| sf::unquoted(value));
    let holds = match (key.id(), algorithm.as_deref()) {
        (Id::RSA, None | Some("rsa-pss-sha512")) => {
            verify_pss(key, MessageDigest::sha512(), base.as_bytes(), &signature)
        }
        (Id::RSA, Some("rsa-v1_5-sha256")) => verify(key, MessageDigest::sha256(), base.as_bytes(), &signature),
        (Id::EC, None | Some("ecdsa-p256-sha256")) => verify_raw(key, base.as_bytes(), &signature),
        (_, other) => return (Found::Unknown(other.unwrap_or("the kind of key").to_owned()), complaints),
    };
    let found = match wrong_digest(reply) {
        _ if !holds => Found::Wrong("it does not fit the answer".into()),
        Some(why) => Found::Wrong(why),
        None => Found::Right,
    };
    (found, complaints)
}

/// A signature that leaves out the status or the body protects neither.
fn uncovered(components: &[&str], reply: &Reply) -> Vec<String> {
    let covers = |name: &str| components.iter().any(|item| *item == sf::string(name));
    let mut complaints = Vec::new();
    if !covers("@status") {
        complaints.push("@status is not covered".to_owned());
    }
    if !reply.body.is_empty() && !covers("content-digest") {
        complaints.push("content-digest is not covered".to_owned());
    }
    complaints
}

fn wrong_digest(reply: &Reply) -> Option<String> {
    let members = sf::dictionary(reply.header("content-digest")?);
    let known = [("sha-256", MessageDigest::sha256()), ("sha-512", MessageDigest::sha512())];
    let find = |members: Vec<sf::Member<'_>>| {
        members.iter().find_map(|(name, value)| {
            let (_, algorithm) = known.iter().find(|(known, _)| known == name)?;
            Some((*algorithm, sf::read_bytes(value)?))
        })
    };
    let Some((algorithm, digest)) = members.and_then(find) else {
        return Some("Content-Digest has no SHA-256 and no SHA-512".to_owned());
    };
    let own = hash(algorithm, reply.body.as_bytes()).ok()?;
    (*own != *digest).then(|| "Content-Digest is not that of the body".to_owned())
}

/// The value of a component of an answer; with `;req`, of the request that it answers (RFC 9421 §2.4).
fn component(item: &str, request: &Outgoing, reply: &Reply) -> Option<String> {
    let (name, parameters) = item.rsplit_once('"').map(|(name, rest)| (format!("{name}\""), rest))?;
    let name = sf::unquoted(&name)?;
    match (parameters, name.as_str()) {
        (";req", name) => rfc9421::component(request, name),
        ("", "@status") => Some(reply.status.to_string()),
        ("", field) => {
            let same = reply.headers.iter().filter(|(key, _)| key == field);
            let values: Vec<&str> = same.map(|(_, value)| value.trim()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        }
        _ => None,
    }
}

fn verify(key: &PKey<Public>, algorithm: MessageDigest, message: &[u8], signature: &[u8]) -> bool {
    Verifier::new(algorithm, key).and_then(|mut it| it.verify_oneshot(signature, message)).unwrap_or(false)
}

fn verify_pss(key: &PKey<Public>, algorithm: MessageDigest, message: &[u8], signature: &[u8]) -> bool {
    let attempt = || {
        let mut verifier = Verifier::new(algorithm, key)?;
        verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
        verifier.set_rsa_mgf1_md(algorithm)?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        verifier.verify_oneshot(signature, message)
    };
    key.id() == Id::RSA && attempt().unwrap_or(false)
}

fn verify_raw(key: &PKey<Public>, message: &[u8], signature: &[u8]) -> bool {
    let attempt = || {
        let (r, s) = signature.split_at_checked(32)?;
        let numbers = openssl::bn::BigNum::from_slice(r).ok().zip(openssl::bn::BigNum::from_slice(s).ok())?;
        let signature = EcdsaSig::from_private_components(numbers.0, numbers.1).ok()?.to_der().ok()?;
        Some(verify(key, MessageDigest::sha256(), message, &signature))
    };
    signature.len() == 64 && attempt().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::evidence::exchange::{Answer, Exchange, Failure, Layer, Request};

    fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let exchange = Exchange {
            id: "x0001".into(),
            check: "".into(),
            direction: Default::default(),
            identity: "".into(),
            operation: crate::evidence::operation::Operation::Initiation,
            purpose: "".into(),
            sent_at: OffsetDateTime::UNIX_EPOCH,
            duration_ms: 0.0,
            request: Request { method: "".into(), url: String::new(), headers: Vec::new(), body: String::new() },
            answer: Answer::Failure(Failure { layer: Layer::Closed, message: String::new() }),
            tls: None,
        };
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Reply { status, headers, body: body.into(), exchange: Arc::new(exchange) }
    }

    /// The public key test-key-ecc-p256 of RFC 9421 appendix B.1.3.
    fn key() -> PKey<Public> {
        let pem = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\n\
            w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n-----END PUBLIC KEY-----\n";
        PKey::public_key_from_pem(pem.as_bytes()).unwrap()
    }

    /// The response of appendix B.2 with the signature of B.2.4.
    fn signed(status: u16, body: &str) -> Reply {
        let headers = [
            ("content-type", "application/json"),
            (
                "content-digest",
                "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
            ),
            ("content-length", "23"),
            (
                "signature-input",
                "sig-b24=(\"@status\" \"content-type\" \"content-digest\" \"content-length\")\
                ;created=1618884473;keyid=\"test-key-ecc-p256\"",
            ),
            (
                "signature",
                "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:",
            ),
        ];
        reply(status, &headers, body)
    }

    const BODY: &str = "{\"message\": \"good dog\"}";

    #[test]
    fn the_signed_response_of_the_rfc_is_right() {
        assert_eq!(of_rfc9421(&key(), &Outgoing::default(), &signed(200, BODY)), (Found::Right, vec![]));
    }

    #[test]
    fn what_was_changed_is_found() {
        let found = |reply: &Reply| of_rfc9421(&key(), &Outgoing::default(), reply).0;
        assert_eq!(found(&signed(500, BODY)), Found::Wrong("it does not fit the answer".into()));
        let other_body = found(&signed(200, "{\"message\": \"bad dog\"}"));
        assert_eq!(other_body, Found::Wrong("Content-Digest is not that of the body".into()));
        assert_eq!(found(&reply(200, &[], BODY)), Found::Missing);
    }

    proptest! {
        #[test]
        fn nothing_that_a_bank_sends_makes_it_panic(input in "\\PC{0,60}", signature in "\\PC{0,60}") {
            let headers = [
                ("signature-input", input.as_str()),
                ("signature", signature.as_str()),
                ("content-digest", signature.as_str()),
                ("x-jws-signature", input.as_str()),
            ];
            let reply = reply(200, &headers, BODY);
            let _ = of_rfc9421(&key(), &Outgoing::default(), &reply);
            let _ = of_jws(&Signing::new(Form::UkJws), &key(), &reply, 300);
        }
    }
}
