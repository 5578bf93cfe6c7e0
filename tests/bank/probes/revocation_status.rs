//! Probes of finding out whether a certificate has been revoked.

use bankproof::pki::inspect::facts;
use bankproof::pki::{Issued, Recipe};
use serde_json::{Value, json};

use super::Probe;
use crate::world::*;

probes! {
    "crl-ignored": |world| refused(world, Told::Crl, &json!({ "crl": "listed" })).await;
    "ocsp-ignored": |world| refused(world, Told::Ocsp, &json!({ "ocsp": "revoked" })).await;
    "crl-not-asked-after-ocsp": |world| {
        refused(world, Told::Both, &json!({ "crl": "listed", "ocsp": "try-later" })).await
            && refused(world, Told::Both, &json!({ "crl": "listed", "ocsp": "silent" })).await
    };
    "ocsp-unknown-taken-for-good": |world| refused_despite(world, "unknown").await;
    "stale-ocsp-answer-accepted": |world| refused_despite(world, "stale").await;
    "ocsp-signature-unchecked": |world| refused_despite(world, "forged").await;
    "undelegated-ocsp-responder-believed": |world| refused_despite(world, "undelegated").await;
    "certificate-hold-ignored": |world| {
        refused(world, Told::Ocsp, &json!({ "ocsp": "revoked", "reason": "certificateHold" })).await
    };
    "revoked-certificate-wrong-code": |world| {
        let bad = issue(world, Told::Crl);
        say(world, &bad, &json!({ "crl": "listed" })).await;
        let (_, body) = answer(world.initiation(&client(&world.pki, Some(&bad)), &world.order())).await;
        body["tppMessages"][0]["code"] == "CERTIFICATE_REVOKED"
    };
    "superseded-certificate-bars-successor": |world| {
        let (old, new) = (issue(world, Told::Ocsp), issue(world, Told::Ocsp));
        say(world, &old, &json!({ "ocsp": "revoked", "reason": "superseded" })).await;
        !let_in(world, &old).await && let_in(world, &new).await
    };
    "stale-crl-kept": |world| refused_later(world, Told::Crl, &json!({ "crl": "listed" })).await;
    "stale-ocsp-answer-kept": |world| refused_later(world, Told::Ocsp, &json!({ "ocsp": "revoked" })).await;
    "status-asked-once-per-connection": |world| {
        let issued = issue(world, Told::Ocsp);
        let tpp = client(&world.pki, Some(&issued));
        let first = answer(world.initiation(&tpp, &world.order())).await.0;
        say(world, &issued, &json!({ "ocsp": "revoked" })).await;
        world.advance(120).await;
        (first, answer(world.initiation(&tpp, &world.order())).await.0) == (201, 401)
    };
    "resumption-skips-status": |world| {
        let issued = issue(world, Told::Ocsp);
        let config = config(&world.pki, &issued);
        let visit = || world.initiation(&over(config.clone()), &world.order());
        let first = answer(visit()).await.0;
        say(world, &issued, &json!({ "ocsp": "revoked" })).await;
        world.advance(120).await;
        (first, answer(visit()).await.0) == (201, 401)
    };
    "refresh-skips-status": |world| {
        let (_, tokens) = world.tokens().await;
        let issued = issue(world, Told::Ocsp);
        say(world, &issued, &json!({ "ocsp": "revoked" })).await;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        answer(world.token_request(&client(&world.pki, Some(&issued)), &fields)).await.0 == 401
    };
    "token-outlives-certificate": |world| {
        let issued = issue(world, Told::Ocsp);
        let payment = world.payment().await;
        let code = world.code(&payment).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let tpp = client(&world.pki, Some(&issued));
        let (_, tokens) = answer(world.token_request(&tpp, &fields)).await;
        let token = tokens["access_token"].as_str().unwrap();
        let first = world.read(&tpp, &payment, token).await.status();
        say(world, &issued, &json!({ "ocsp": "revoked" })).await;
        world.advance(120).await;
        (first.as_u16(), world.read(&tpp, &payment, token).await.status().as_u16()) == (200, 401)
    };
}

/// Who tells the status of a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Crl,
    Ocsp,
    Both,
}

/// A new certificate of TPP A.
fn issue(world: &World, told: Told) -> Issued {
    let at = |path: String| Some(format!("{}/{path}", world.bank.trust_service));
    let ocsp = at("ocsp".into()).filter(|_| told != Told::Crl);
    let crl = at(format!("crl/{}.crl", uuid::Uuid::new_v4())).filter(|_| told != Told::Ocsp);
    let recipe: Recipe = world.pki.tpps[0].recipe.clone();
    world.pki.issuing.issue(&recipe.status_at(None, ocsp, crl)).unwrap()
}

async fn say(world: &World, issued: &Issued, statement: &Value) {
    let serial = facts(issued.certificate_pem.as_bytes()).unwrap().serial;
    let url = format!("{}/certificates/{serial}", world.bank.trust_service);
    let response = world
        .nobody
        .put(url)
        .header("Content-Type", "application/json")
        .body(statement.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
}

async fn let_in(world: &World, issued: &Issued) -> bool {
    answer(world.initiation(&client(&world.pki, Some(issued)), &world.order())).await.0 == 201
}

/// A certificate that is good is let in, and one of which that is said is not, at neither endpoint.
async fn refused(world: &World, told: Told, statement: &Value) -> bool {
    let (good, bad) = (issue(world, told), issue(world, told));
    say(world, &bad, statement).await;
    let tpp = client(&world.pki, Some(&bad));
    let token = answer(world.token_request(&tpp, &[("grant_type", "client_credentials")])).await.0;
    assert!(let_in(world, &good).await);
    token == 401 && !let_in(world, &bad).await
}

/// A certificate that the CRL lists is refused whatever the OCSP responder says.
async fn refused_despite(world: &World, ocsp: &str) -> bool {
    refused(world, Told::Both, &json!({ "crl": "listed", "ocsp": ocsp })).await
}

async fn refused_later(world: &World, told: Told, statement: &Value) -> bool {
    let issued = issue(world, told);
    let first = let_in(world, &issued).await;
    say(world, &issued, statement).await;
    let kept = let_in(world, &issued).await;
    world.advance(301).await;
    first && kept && !let_in(world, &issued).await
}

fn config(pki: &bankproof::pki::TestPki, issued: &Issued) -> rustls::ClientConfig {
    use rustls_pki_types::pem::PemObject;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
    let chain = CertificateDer::pem_slice_iter(issued.chain_pem.as_bytes()).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    builder.with_root_certificates(roots).with_client_auth_cert(chain, key).unwrap()
}

/// A new connection that goes on with the TLS sessions of others with these settings.
fn over(config: rustls::ClientConfig) -> reqwest::Client {
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap()
}
