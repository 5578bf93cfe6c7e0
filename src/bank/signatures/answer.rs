//! The bank's own signature on its answers: in the form in which the request was signed.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderName;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures::FutureExt;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use serde_json::json;

use super::{X_JWS_SIGNATURE as JWS, jws, message, now};
use crate::bank::http::{self, Incoming};
use crate::bank::model::world::World;

/// Answers of this bank are shorter, in octets.
const LONGEST: usize = 256 * 1024;
const X_JWS_SIGNATURE: HeaderName = HeaderName::from_static(JWS);
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// Signs an answer in that form.
pub(in crate::bank) fn sign(
    world: &World,
    incoming: &Incoming,
    form: Option<&'static str>,
    response: Response,
) -> Response {
    let is_error = !response.status().is_success();
    let Some(form) = form.filter(|_| !world.faults.on("answer-unsigned")) else { return response };
    if is_error && world.faults.on("error-answer-unsigned") {
        return response;
    }
    let (parts, body) = response.into_parts();
    // The bank's bodies are there as soon as they are asked for.
    let body = to_bytes(body, LONGEST).now_or_never().and_then(Result::ok).unwrap_or_default();
    let mut response = Response::from_parts(parts, Body::from(body.clone()));
    // An answer without its signature is better than none.
    let _ = match form {
        JWS => sign_as_jws(world, &mut response, &body),
        _ => sign_as_message(world, incoming, &mut response, &body),
    };
    response
}

/// What is signed is not what is sent, where the bank is told so.
fn signed_octets(world: &World, body: &Bytes) -> Vec<u8> {
    let mut octets = body.to_vec();
    if world.faults.on("answer-signature-wrong") {
        octets.push(b' ');
    }
    octets
}

fn sign_as_jws(world: &World, response: &mut Response, body: &Bytes) -> Result<(), ErrorStack> {
    let mut claims = json!({ "alg": "PS256", "kid": world.seals.own_facts.thumbprint });
    if !world.faults.on("answer-claims-missing") {
        claims["http://openbanking.org.uk/iat"] = json!(now());
        claims["http://openbanking.org.uk/iss"] = json!(world.seals.own_facts.subject);
        claims["http://openbanking.org.uk/tan"] = json!(jws::TRUST_ANCHOR);
        let names: Vec<&str> =
            vec!["http://openbanking.org.uk/iat", "http://openbanking.org.uk/iss", "http://openbanking.org.uk/tan"];
        claims["crit"] = json!(names);
    }
    let mut head = claims.to_string();
    if world.faults.on("answer-claim-twice") {
        head.insert_str(1, r#""http://openbanking.org.uk/iss":"another","#);
    }
    let head = URL_SAFE_NO_PAD.encode(head);
    let message = format!("{head}.{}", URL_SAFE_NO_PAD.encode(signed_octets(world, body)));
    let signature = URL_SAFE_NO_PAD.encode(by_pss(world, MessageDigest::sha256(), message.as_bytes())?);
    http::set(response, X_JWS_SIGNATURE, &format!("{head}..{signature}"));
    Ok(())
}

fn sign_as_message(
    world: &World,
    incoming: &Incoming,
    response: &mut Response,
    body: &Bytes,
) -> Result<(), ErrorStack> {
    let digest = format!("sha-256=:{}:", STANDARD.encode(openssl::sha::sha256(&signed_octets(world, body))));
    let mut lines = vec![
        ("\"content-digest\"".to_owned(), digest.clone()),
        ("\"@method\";req".to_owned(), incoming.method.to_string()),
        ("\"@target-uri\";req".to_owned(), message::component(world, incoming, "@target-uri").unwrap_or_default()),
    ];
    if !world.faults.on("answer-status-unsigned") {
        lines.insert(0, ("\"@status\"".to_owned(), response.status().as_u16().to_string()));
    }
    let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
    let keyid = &world.seals.own_facts.thumbprint;
    let parameters = format!("({});created={};keyid=\"{keyid}\";alg=\"rsa-pss-sha512\"", names.join(" "), now());
    let mut base: String = lines.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    base.push_str(&format!("\"@signature-params\": {parameters}"));
    let signature = STANDARD.encode(by_pss(world, MessageDigest::sha512(), base.as_bytes())?);
    http::set(response, CONTENT_DIGEST, &digest);
    http::set(response, SIGNATURE_INPUT, &format!("bank={parameters}"));
    http::set(response, SIGNATURE, &format!("bank=:{signature}:"));
    Ok(())
}

fn by_pss(world: &World, function: MessageDigest, message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut signer = Signer::new(function, &world.seals.own)?;
    signer.set_rsa_padding(Padding::PKCS1_PSS)?;
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
    signer.set_rsa_mgf1_md(function)?;
    signer.sign_oneshot_to_vec(message)
}
