//! Rules of the clean bank that no fault stands for.

use std::sync::Arc;

use bankproof::bank::{self, BankError, Dialect, Settings};
use bankproof::pki::TestPki;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::world::{APPROVE, Browsed, World, answer, client, form, identified};

fn code_of(body: &Value) -> &str {
    body["tppMessages"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn an_unknown_fault_is_refused_with_a_hint() {
    let pki = TestPki::fresh().unwrap();
    let settings = Settings { faults: ["pkce-verifier-uncheckt".to_owned()].into(), ..Settings::default() };
    let error = bank::start(&pki, settings).await.map(|_| ()).unwrap_err();
    assert!(matches!(&error, BankError::UnknownFault { .. }));
    assert!(error.to_string().contains("\"pkce-verifier-unchecked\""), "{error}");
}

#[tokio::test]
async fn the_bank_keeps_what_it_is_asked_for_where_it_is_told_to() {
    let pki = TestPki::fresh().unwrap();
    let bank = bank::start(&pki, Settings { keeps_asked: true, ..Settings::default() }).await.unwrap();
    let begun = bank.asked();
    assert!(begun.contains("tls-1-3-missing") && begun.contains("known-by-name"), "{begun:?}");
    assert!(!begun.contains("metadata-wrong-issuer") && !begun.contains("openid-connect"), "{begun:?}");
    let url = format!("{}/.well-known/oauth-authorization-server", bank.issuer);
    client(&pki, None).get(url).send().await.unwrap();
    let asked = bank.asked();
    assert!(asked.contains("metadata-wrong-issuer") && asked.contains("openid-connect"), "{asked:?}");
    assert!(!asked.contains("pkce-optional"), "{asked:?}");

    let incurious = bank::start(&pki, Settings::default()).await.unwrap();
    assert!(incurious.asked().is_empty());
}

#[tokio::test]
async fn whoever_comes_without_a_certificate_can_read_why_it_is_refused() {
    let world = World::new(&[]).await;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(world.pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    for _ in 0..50 {
        let address = world.bank.api.strip_prefix("https://").unwrap();
        let tcp = TcpStream::connect(address).await.unwrap();
        let mut stream = connector.connect(ServerName::try_from("127.0.0.1").unwrap(), tcp).await.unwrap();
        let _ = stream.write_all(b"POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").await;
        let error = stream.read(&mut [0; 64]).await.unwrap_err().to_string();
        assert!(error.contains("CertificateRequired"), "{error}");
    }
}

#[tokio::test]
async fn http_2_is_served() {
    let world = World::new(&[]).await;
    let response = world.initiation(&world.a, &world.order()).send().await.unwrap();
    assert_eq!((response.version(), response.status().as_u16()), (reqwest::Version::HTTP_2, 201));
}

#[tokio::test]
async fn what_is_finished_cannot_be_authorised_or_cancelled() {
    let world = World::new(&[]).await;
    let (payment, _) = world.tokens().await;
    let url = world.payment_url(&payment);
    let (status, body) = answer(identified(world.a.post(format!("{url}/authorisations")))).await;
    assert_eq!((status, code_of(&body)), (409, "STATUS_INVALID"));
    assert_eq!(answer(identified(world.a.delete(&url))).await.0, 204, "it is not executed yet");
    let (status, body) = answer(identified(world.a.delete(&url))).await;
    assert_eq!((status, code_of(&body)), (405, "CANCELLATION_INVALID"));
}

#[tokio::test]
async fn nobody_pays_from_another_customers_account() {
    let world = World::new(&[]).await;
    let mut order = world.order();
    order["debtorAccount"]["iban"] = json!("DE89370400440532013000");
    let (_, body) = answer(world.initiation(&world.a, &order)).await;
    let payment = body["paymentId"].as_str().unwrap();
    let browsed = world.browse(world.authorization(payment, &[]), APPROVE).await;
    assert_eq!(browsed.param("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn two_sessions_for_one_payment_bring_one_code() {
    let world = World::new(&[]).await;
    let payment = world.payment().await;
    let url = || world.authorization(&payment, &[]);
    let (first, second) = tokio::join!(world.browse(url(), APPROVE), world.browse(url(), APPROVE));
    let codes = [first.param("code"), second.param("code")];
    assert_eq!(codes.iter().flatten().count(), 1, "{codes:?}");
}

#[tokio::test]
async fn the_errors_of_the_api_are_tpp_messages_whatever_comes() {
    let world = World::new(&[]).await;
    let payments = format!("{}/v1/payments/sepa-credit-transfers", world.bank.api);
    let json = |body: &str| {
        identified(world.a.post(&payments)).header("Content-Type", "application/json").body(body.to_owned())
    };
    let cases = [
        (identified(world.a.get(format!("{}/v1/nothing", world.bank.api))), 404, "RESOURCE_UNKNOWN"),
        (identified(world.a.get(format!("{}/", world.bank.api))), 404, "RESOURCE_UNKNOWN"),
        (identified(world.a.put(&payments)), 405, "SERVICE_INVALID"),
        (identified(world.a.post(&payments)).body("<Document/>"), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (json("{"), 400, "FORMAT_ERROR"),
        (json("[]"), 400, "FORMAT_ERROR"),
        (json(&"[".repeat(10_000)), 400, "FORMAT_ERROR"),
        (json(&" ".repeat(65 * 1024)), 400, "FORMAT_ERROR"),
        (world.initiation(&world.a, &json!({ "creditorName": 7 })), 400, "FORMAT_ERROR"),
    ];
    for (request, status, code) in cases {
        let request = request.header("PSU-IP-Address", "192.0.2.7");
        let response = request.send().await.unwrap();
        let (found, id) = (response.status().as_u16(), response.headers().contains_key("x-request-id"));
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!((found, code_of(&body), id), (status, code, true), "{body}");
    }
}

#[tokio::test]
async fn the_errors_of_the_token_endpoint_have_a_code_whatever_comes() {
    let world = World::new(&[]).await;
    let url = format!("{}/token", world.bank.api);
    let twice = form(world.a.post(&url), &[("scope", "a".into()), ("scope", "b".into())]);
    let binary = world.a.post(&url).header("Content-Type", "application/x-www-form-urlencoded").body(vec![0xff; 100]);
    let huge = world.a.post(&url).header("Content-Type", "application/x-www-form-urlencoded").body("a".repeat(70_000));
    for request in [twice, binary, huge, world.a.post(&url), world.a.put(&url)] {
        let (status, body) = answer(request).await;
        assert!((400..=405).contains(&status) && body["error"] == "invalid_request", "{status} {body}");
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_is_not_taken() {
    let world = World::new(&[]).await;
    let url = world.authorization(&world.payment().await, &[]);
    let response = world.nobody.get(url).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("Secure") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let fields = [("csrf", "guessed".to_owned()), ("action", "cancel".to_owned())];
    let post = world.nobody.post(format!("{}/login", world.bank.issuer)).header("Cookie", cookie);
    assert_eq!(answer(form(post, &fields)).await.0, 400);
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_code_are_told_alike_and_may_be_tried_again() {
    let world = World::new(&[]).await;
    let buttons = [("login", "x"), ("login", ""), ("confirm", "x"), ("confirm", ""), ("approve", "")];
    let browsed = world.browse(world.authorization(&world.payment().await, &[]), &buttons).await;
    assert!(browsed.param("code").is_some());
    assert_eq!(browsed.pages.matches("What you have entered is not right").count(), 2);
}

/// RTS Art. 4(3)(b), over sessions and factors: only whoever has shown them all begins anew.
#[tokio::test]
async fn failed_attempts_are_counted_by_customer() {
    let world = World::new(&[]).await;
    for wrong in [("login", "x"), ("login", "x")] {
        walk(&world, &[wrong]).await;
    }
    for _ in 0..2 {
        walk(&world, &[("login", ""), ("confirm", "x")]).await;
    }
    assert!(walk(&world, APPROVE).await.param("code").is_some(), "four of five");
    for _ in 0..4 {
        walk(&world, &[("login", ""), ("confirm", "x")]).await;
    }
    let last = walk(&world, &[("login", "x")]).await;
    assert_eq!(last.param("error").as_deref(), Some("access_denied"), "the fifth in a row");
    assert!(walk(&world, APPROVE).await.param("code").is_none());
    world.advance(3600).await;
    assert!(walk(&world, APPROVE).await.param("code").is_some(), "the block is over");
}

async fn walk(world: &World, buttons: &[(&str, &str)]) -> Browsed {
    world.browse(world.authorization(&world.payment().await, &[]), buttons).await
}

#[tokio::test]
async fn an_initiation_that_is_sent_again_with_another_body_is_refused() {
    let world = World::new(&[]).await;
    let id = "3f7f4a55-2c4f-4f1e-9d69-1f5cbb4f6a10";
    let send = |amount: &str| {
        let mut order = world.order();
        order["instructedAmount"]["amount"] = json!(amount);
        let mut request = world.initiation(&world.a, &order).build().unwrap();
        request.headers_mut().insert("x-request-id", id.parse().unwrap());
        world.a.execute(request)
    };
    assert_eq!(send("1.00").await.unwrap().status(), 201);
    assert_eq!(send("1.00").await.unwrap().status(), 201);
    assert_eq!(send("2.00").await.unwrap().status(), 400);
}

#[tokio::test]
async fn the_metadata_lead_to_a_page_of_documentation() {
    for habits in [&[][..], &["issuer-with-a-path"]] {
        let world = World::with(Dialect::BerlinGroup, &[], habits).await;
        let at = format!("{}/documentation", world.bank.issuer);
        let page = world.nobody.get(&at).send().await.unwrap();
        assert_eq!(page.status(), 200, "{at}");
        assert!(page.text().await.unwrap().contains("ETSI TS 119 495"));
    }
}

#[tokio::test]
async fn a_stopped_bank_is_gone() {
    let world = World::new(&[]).await;
    assert!(world.nobody.get(&world.bank.clock).send().await.is_ok());
    let clock = world.bank.clock.clone();
    world.bank.stop().await;
    assert!(world.nobody.get(clock).send().await.is_err());
}

#[tokio::test]
async fn a_seed_repeats_the_customer() {
    let pki = TestPki::fresh().unwrap();
    let settings = Settings { seed: Some(7), ..Settings::default() };
    let first = bank::start(&pki, settings.clone()).await.unwrap();
    let second = bank::start(&pki, settings).await.unwrap();
    assert_eq!(first.customer, second.customer);
    assert_ne!(first.customer, bank::start(&pki, Settings::default()).await.unwrap().customer);
}
