//! Probes of the signatures on messages.

use bankproof::pki::{Issued, Recipe, TestPki};
use bankproof::targets::KeyPair;
use bankproof::targets::signing::{Form, SealNames, Signing};
use bankproof::tpp::signing::{Outgoing, Seal, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::X509;
use reqwest::Response;
use serde_json::Value;

use super::Probe;
use crate::world::*;

const BG: Form = Form::BerlinGroup;
const UK: Form = Form::UkJws;
const RFC: Form = Form::Rfc9421;

probes! {
    "signature-optional": |world| {
        let bank = world.strict_bank().await;
        let url = format!("{}/v1/payments/sepa-credit-transfers", bank.api);
        let unsigned = identified(world.a.post(url)).header("PSU-IP-Address", "192.0.2.7");
        let order = world.order().to_string();
        let (status, body) = answer(unsigned.header("Content-Type", "application/json").body(order)).await;
        status == 401 && body["tppMessages"][0]["code"] == "SIGNATURE_MISSING"
    };
    "signature-errors-as-format-error": |world| {
        let response = sent(world, BG, "a signature with one bit flipped", own(world)).await;
        response.text().await.unwrap().contains("SIGNATURE_INVALID")
    };
    "malformed-signature-server-error": |world| {
        refused(world, BG, "a Signature that breaks off").await
            && refused(world, UK, "an x-jws-signature that breaks off").await
            && refused(world, RFC, "a Signature-Input that breaks off").await
    };
    // The Berlin Group's form
    "signed-initiation-refused": |world| accepted(world, BG, "").await;
    "unknown-signature-parameter-refused": |world| accepted(world, BG, "an unknown parameter").await;
    "repeated-signature-parameter-accepted": |world| {
        refused(world, BG, "keyId twice").await
            && refused(world, BG, "headers twice").await
            && refused(world, BG, "signature twice").await
    };
    "signature-certificate-optional": |world| refused(world, BG, "no TPP-Signature-Certificate").await;
    "expired-seal-accepted": |world| {
        let recipe = seal_recipe(world).validity(-400, 365);
        let seal = world.pki.issuing.issue_for(&recipe, &own(world).key_pem).unwrap();
        sent(world, BG, "", &seal).await.status() == 401
    };
    "seal-of-unknown-ca-accepted": |world| {
        let stranger = TestPki::fresh().unwrap().issuing;
        let seal = stranger.issue_for(&seal_recipe(world), &own(world).key_pem).unwrap();
        sent(world, BG, "", &seal).await.status() == 401
    };
    "qwac-accepted-as-seal": |world| sent(world, BG, "", &world.pki.tpps[0].qwac).await.status() == 401;
    "seal-of-another-tpp-accepted": |world| sent(world, BG, "", &world.pki.tpps[1].qsealc).await.status() == 401;
    "signature-key-id-ignored": |world| {
        refused(world, BG, "the serial number of another certificate").await
            && refused(world, BG, "the issuer of another certificate").await
    };
    "signed-headers-any": |world| {
        refused(world, BG, "digest not signed").await && refused(world, BG, "x-request-id not signed").await
    };
    "signed-headers-conditional-unchecked": |world| refused(world, BG, "tpp-redirect-uri not signed").await;
    "signature-by-sha-1-accepted": |world| refused(world, BG, "a signature by SHA-1").await;
    "signature-none-accepted": |world| refused(world, BG, "no signature under the algorithm none").await;
    "signature-by-sha-512-refused": |world| accepted(world, BG, "a signature by SHA-512").await;
    "signature-by-ec-key-refused": |world| sent(world, BG, "", &world.pki.issuing.issue(&seal_recipe(world)).unwrap()).await.status() == 201;
    "digest-optional": |world| refused(world, BG, "no Digest").await;
    "digest-unchecked": |world| refused(world, BG, "another body").await;
    "weak-digest-accepted": |world| {
        refused(world, BG, "a digest by MD5").await && refused(world, BG, "a digest by SHA-1").await
    };
    "digest-by-sha-512-refused": |world| accepted(world, BG, "a digest by SHA-512").await;
    "digest-name-case-sensitive": |world| accepted(world, BG, "a digest by sha-256 in lower case").await;
    "digest-of-rewritten-body": |world| accepted(world, BG, "white space between the parts of the body").await;
    "signed-header-order-fixed": |world| accepted(world, BG, "the signed headers in another order").await;
    "signature-unchecked": |world| {
        refused(world, BG, "a signature with one bit flipped").await && refused(world, BG, "another X-Request-ID").await
    };
    // The UK form
    "jws-refused": |world| accepted(world, UK, "").await;
    "jws-typ-demanded": |world| {
        accepted(world, UK, "neither typ nor cty").await && accepted(world, UK, "crit in another order").await
    };
    "jws-attached-accepted": |world| refused(world, UK, "the payload attached").await;
    "jws-rs256-accepted": |world| refused(world, UK, "the algorithm RS256").await;
    "jws-none-accepted": |world| refused(world, UK, "no signature under the algorithm none").await;
    "jws-unknown-critical-accepted": |world| refused(world, UK, "an unknown critical claim").await;
    "jws-critical-incomplete-accepted": |world| {
        refused(world, UK, "a claim that is not critical").await && refused(world, UK, "no crit").await
    };
    "jws-b64-accepted": |world| refused(world, UK, "the payload encoded as other versions do").await;
    "jws-claims-optional": |world| {
        let mut all = true;
        for omission in ["no kid", "no iat", "an iat that is no number", "no iss", "no tan"] {
            all &= refused(world, UK, omission).await;
        }
        all
    };
    "jws-iat-unchecked": |world| refused(world, UK, "an iat of hours ahead").await;
    "jws-iss-unchecked": |world| refused(world, UK, "another iss").await;
    "jws-tan-unchecked": |world| refused(world, UK, "another tan").await;
    "jws-kid-ignored": |world| refused(world, UK, "another kid").await;
    "jws-of-rewritten-body": |world| accepted(world, UK, "white space between the parts of the body").await;
    "jws-signature-unchecked": |world| {
        refused(world, UK, "another body").await
            && refused(world, UK, "a signature with one bit flipped").await
            && refused(world, UK, "a later iat than was signed").await
    };
    // RFC 9421
    "message-signature-refused": |world| accepted(world, RFC, "").await;
    "covered-components-unchecked": |world| {
        refused(world, RFC, "@method not signed").await
            && refused(world, RFC, "@target-uri not signed").await
            && refused(world, RFC, "content-digest not signed").await
    };
    "component-order-fixed": |world| accepted(world, RFC, "the components in another order").await;
    "created-unchecked": |world| refused(world, RFC, "a creation time hours ahead").await;
    "expires-unchecked": |world| refused(world, RFC, "an expiry hours ago").await;
    "message-algorithm-demanded": |world| accepted(world, RFC, "no alg").await;
    "message-algorithm-unchecked": |world| {
        refused(world, RFC, "no signature under the algorithm none").await
            && refused(world, RFC, "the name of an algorithm that was not used").await
    };
    "message-key-id-ignored": |world| refused(world, RFC, "another keyid").await;
    "content-digest-optional": |world| refused(world, RFC, "no Content-Digest").await;
    "content-digest-unchecked": |world| refused(world, RFC, "another body").await;
    "weak-content-digest-accepted": |world| {
        refused(world, RFC, "a digest by MD5").await && refused(world, RFC, "a digest by SHA-1").await
    };
    "content-digest-by-sha-512-refused": |world| accepted(world, RFC, "a digest by SHA-512").await;
    "content-digest-of-rewritten-body": |world| accepted(world, RFC, "white space between the parts of the body").await;
    "message-signature-unchecked": |world| {
        refused(world, RFC, "a signature with one bit flipped").await
            && refused(world, RFC, "the method of another request").await
            && refused(world, RFC, "the path of another request").await
    };
    // The bank's answers
    "answer-unsigned": |world| {
        let jws = sent(world, UK, "", own(world)).await.headers().contains_key("x-jws-signature");
        jws && sent(world, RFC, "", own(world)).await.headers().contains_key("signature-input")
    };
    "error-answer-unsigned": |world| {
        sent(world, UK, "another body", own(world)).await.headers().contains_key("x-jws-signature")
    };
    "answer-signature-wrong": |world| fits(world, sent(world, UK, "", own(world)).await).await;
    "answer-claim-twice": |world| {
        let response = sent(world, UK, "", own(world)).await;
        let (_, [head, _, _]) = jws_of(&response);
        String::from_utf8(URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap().matches("uk/iss\":").count() == 1
    };
    "answer-claims-missing": |world| {
        let response = sent(world, UK, "", own(world)).await;
        let (claims, _) = jws_of(&response);
        claims["crit"].as_array().is_some_and(|crit| crit.iter().all(|name| claims.get(name.as_str().unwrap()).is_some()))
    };
    "answer-status-unsigned": |world| {
        let response = sent(world, RFC, "", own(world)).await;
        response.headers()["signature-input"].to_str().unwrap().contains("\"@status\"")
    };
}

fn own(world: &World) -> &Issued {
    &world.pki.tpps[0].qsealc
}

fn seal_recipe(world: &World) -> Recipe {
    let tpp = &world.pki.tpps[0];
    Recipe::qsealc().organization_identifier(&tpp.organization_identifier).roles(tpp.roles.iter().copied())
}

async fn accepted(world: &World, form: Form, variation: &str) -> bool {
    sent(world, form, variation, own(world)).await.status() == 201
}

async fn refused(world: &World, form: Form, variation: &str) -> bool {
    sent(world, form, variation, own(world)).await.status() == 401
}

/// An initiation of TPP A, signed.
async fn sent(world: &World, form: Form, variation: &str, seal: &Issued) -> Response {
    sent_order(world, form, variation, seal, &world.order()).await
}

/// The same with that order.
pub(crate) async fn sent_order(world: &World, form: Form, variation: &str, seal: &Issued, order: &Value) -> Response {
    let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let id = uuid::Uuid::new_v4().to_string();
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Request-ID", &id),
        ("PSU-IP-Address", "192.0.2.7"),
        ("TPP-Redirect-URI", CALLBACK),
    ];
    let mut outgoing = Outgoing {
        method: "POST".into(),
        url: format!("{}/v1/payments/sepa-credit-transfers", world.bank.api),
        headers: headers.map(header).into(),
        body: order.to_string(),
    };
    let pair = KeyPair { certificate_pem: seal.certificate_pem.clone(), key_pem: seal.key_pem.clone() };
    let seal = Seal::open(&pair, &SealNames::default()).unwrap();
    sign(&mut outgoing, &Signing::new(form), form, &seal, variation).unwrap();
    let mut request = world.a.post(&outgoing.url).body(outgoing.body);
    for (name, value) in &outgoing.headers {
        request = request.header(name, value);
    }
    request.send().await.unwrap()
}

/// The claims of an answer's JWS, and the three parts.
fn jws_of(response: &Response) -> (Value, [String; 3]) {
    let value = response.headers()["x-jws-signature"].to_str().unwrap();
    let parts: Vec<String> = value.split('.').map(str::to_owned).collect();
    let parts: [String; 3] = parts.try_into().unwrap();
    (serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[0]).unwrap()).unwrap(), parts)
}

/// The JWS of an answer fits it, by hand.
async fn fits(world: &World, response: Response) -> bool {
    let (_, [head, _, signature]) = jws_of(&response);
    let message = format!("{head}.{}", URL_SAFE_NO_PAD.encode(response.bytes().await.unwrap()));
    let certificate = X509::from_pem(world.pki.bank_seal.certificate_pem.as_bytes()).unwrap();
    let key = certificate.public_key().unwrap();
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
    verifier.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
    verifier.verify_oneshot(&URL_SAFE_NO_PAD.decode(signature).unwrap(), message.as_bytes()).unwrap()
}
