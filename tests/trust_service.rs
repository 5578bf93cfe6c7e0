//! The trust service beside the bank, as any relying party meets it: OpenSSL reads its answers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use bankproof::bank::{self, Bank, Settings, TrustPlace};
use bankproof::pki::{TestPki, inspect};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::ocsp::{OcspCertId, OcspCertStatus, OcspFlag, OcspRequest, OcspResponse, OcspResponseStatus};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{CrlStatus, X509, X509Crl};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

struct Setting {
    pki: TestPki,
    bank: Bank,
    http: Client,
    leaf: X509,
    issuer: X509,
}

async fn setting() -> Setting {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let place = TrustPlace::take().await.unwrap();
    let pki = TestPki::fresh_at(place.url()).unwrap();
    let bank = bank::start_beside(&pki, Settings::default(), place).await.unwrap();
    let leaf = X509::from_pem(pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    let issuer = X509::from_pem(pki.issuing.certificate_pem().as_bytes()).unwrap();
    Setting { pki, bank, http: Client::builder().no_proxy().build().unwrap(), leaf, issuer }
}

impl Setting {
    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.bank.trust_service)
    }

    fn id(&self) -> OcspCertId {
        OcspCertId::from_cert(MessageDigest::sha256(), &self.leaf, &self.issuer).unwrap()
    }

    fn request(&self) -> Vec<u8> {
        let mut request = OcspRequest::new().unwrap();
        request.add_id(self.id()).unwrap();
        request.to_der().unwrap()
    }

    async fn say(&self, statement: Value) -> (StatusCode, Value) {
        let serial = inspect::facts(self.pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap().serial;
        self.put(&serial, statement.to_string()).await
    }

    async fn put(&self, serial: &str, body: String) -> (StatusCode, Value) {
        let request =
            self.http.put(self.url(&format!("certificates/{serial}"))).header("Content-Type", "application/json");
        let response = request.body(body).send().await.unwrap();
        (response.status(), serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
    }

    /// What OpenSSL reads in an answer that it believes.
    fn read(&self, answer: &[u8]) -> OcspCertStatus {
        let response = OcspResponse::from_der(answer).unwrap();
        assert_eq!(response.status(), OcspResponseStatus::SUCCESSFUL);
        let basic = response.basic().unwrap();
        let mut store = X509StoreBuilder::new().unwrap();
        store.add_cert(X509::from_pem(self.pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
        let mut chain = Stack::new().unwrap();
        chain.push(self.issuer.clone()).unwrap();
        basic.verify(&chain, &store.build(), OcspFlag::empty()).unwrap();
        let status = basic.find_status(&self.id()).unwrap();
        status.check_validity(5, None).unwrap();
        status.status
    }

    async fn post(&self, request: Vec<u8>) -> (StatusCode, Vec<u8>) {
        let call = self.http.post(self.url("ocsp")).header("Content-Type", "application/ocsp-request");
        let response = call.body(request).send().await.unwrap();
        (response.status(), response.bytes().await.unwrap().to_vec())
    }
}

#[tokio::test]
async fn a_certificate_leads_to_its_status_by_get_and_by_post() {
    let setting = setting().await;
    let places = bankproof::pki::status::Locations::of(setting.pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    assert_eq!(places.ocsp, [setting.url("ocsp")]);
    let encoded: String = byte_serialize(STANDARD.encode(setting.request()).as_bytes()).collect();
    for (ocsp, expected) in [("good", OcspCertStatus::GOOD), ("revoked", OcspCertStatus::REVOKED)] {
        let (status, told) = setting.say(json!({ "ocsp": ocsp })).await;
        assert_eq!((status, &told["ocsp_seconds"]), (StatusCode::OK, &json!(60)));
        let (_, posted) = setting.post(setting.request()).await;
        assert_eq!(setting.read(&posted), expected);
        let response = setting.http.get(format!("{}/{encoded}", places.ocsp[0])).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/ocsp-response");
        assert_eq!(setting.read(&response.bytes().await.unwrap()), expected);
    }
}

#[tokio::test]
async fn the_list_and_the_issuer_are_where_the_certificate_says() {
    let setting = setting().await;
    let places = bankproof::pki::status::Locations::of(setting.pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    for (crl, revoked) in [("unlisted", false), ("listed", true)] {
        setting.say(json!({ "crl": crl, "reason": "privilegeWithdrawn" })).await;
        let list = setting.http.get(&places.crl[0]).send().await.unwrap().bytes().await.unwrap();
        let list = X509Crl::from_der(&list).unwrap();
        assert!(list.verify(&setting.issuer.public_key().unwrap()).unwrap());
        assert_eq!(matches!(list.get_by_cert(&setting.leaf), CrlStatus::Revoked(_)), revoked);
    }
    let issuer = setting.http.get(setting.url("issuing.cer")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(X509::from_der(&issuer).unwrap(), setting.issuer);
}

/// The nonce comes back as it was sent (RFC 6960 §4.4.1).
#[tokio::test]
async fn a_nonce_is_echoed() {
    let setting = setting().await;
    let plain = setting.request();
    let ids = yasna::parse_der(&plain, |request| {
        request.read_sequence(|parts| parts.next().read_sequence(|tbs| tbs.next().read_der()))
    });
    let nonce = b"\x04\x10sixteen octets!!";
    let asked = yasna::construct_der(|request| {
        request.write_sequence(|parts| {
            parts.next().write_sequence(|tbs| {
                tbs.next().write_der(&ids.unwrap());
                tbs.next().write_tagged(yasna::Tag::context(2), |extensions| {
                    extensions.write_sequence(|list| {
                        list.next().write_sequence(|extension| {
                            let oid = yasna::models::ObjectIdentifier::from_slice(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 2]);
                            extension.next().write_oid(&oid);
                            extension.next().write_bytes(nonce);
                        });
                    });
                });
            });
        });
    });
    let (_, answer) = setting.post(asked).await;
    assert_eq!(setting.read(&answer), OcspCertStatus::GOOD);
    assert!(answer.windows(nonce.len()).any(|window| window == nonce));
    let (_, without) = setting.post(plain).await;
    assert!(!without.windows(nonce.len()).any(|window| window == nonce));
}

/// What the bank does where nobody has an answer is its own affair (documented in `docs/target.md`): it lets TPPs in.
#[tokio::test]
async fn a_bank_that_gets_no_answer_lets_the_tpp_in() {
    let setting = setting().await;
    let at = |url: &str| Some(url.to_owned());
    let elsewhere = (at("http://ocsp.qtsp.example/"), at("http://qtsp.example/issuing.crl"));
    let ours = (at(&setting.url("ocsp")), None);
    let nowhere = (None, None);
    for ((ocsp, crl), statement) in [
        (elsewhere, json!({ "crl": "listed", "ocsp": "revoked" })),
        (ours.clone(), json!({ "ocsp": "silent" })),
        (ours.clone(), json!({ "ocsp": "try-later" })),
        (ours, json!({ "ocsp": "forged" })),
        (nowhere, json!({ "crl": "listed", "ocsp": "revoked" })),
    ] {
        let recipe = setting.pki.tpps[0].recipe.clone().status_at(None, ocsp, crl);
        let issued = setting.pki.issuing.issue(&recipe).unwrap();
        let serial = inspect::facts(issued.certificate_pem.as_bytes()).unwrap().serial;
        setting.put(&serial, statement.to_string()).await;
        let root = reqwest::Certificate::from_pem(setting.pki.root.certificate_pem().as_bytes()).unwrap();
        let identity = format!("{}{}", issued.key_pem, issued.chain_pem);
        let identity = reqwest::Identity::from_pem(identity.as_bytes()).unwrap();
        let tpp = Client::builder().tls_certs_only([root]).identity(identity).no_proxy().build().unwrap();
        let url = format!("{}/v1/payments/sepa-credit-transfers/none/status", setting.bank.api);
        let request = tpp.get(url).header("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721");
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NOT_FOUND, "{statement}");
    }
}

#[tokio::test]
async fn whatever_comes_is_answered() {
    let setting = setting().await;
    let (status, answer) = setting.post(b"rubbish".to_vec()).await;
    let malformed = OcspResponse::from_der(&answer).unwrap().status();
    assert_eq!((status, malformed), (StatusCode::OK, OcspResponseStatus::MALFORMED_REQUEST));
    assert_eq!(setting.post(vec![0x30; 10_000]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    for (serial, body) in [
        ("01", "{".to_owned()),
        ("01", r#"{"ocsp":"perhaps"}"#.to_owned()),
        ("01", r#"{"unknown":1}"#.to_owned()),
        ("zz", "{}".to_owned()),
        ("00", "{}".to_owned()),
    ] {
        let (status, told) = setting.put(serial, body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{serial}");
        assert!(told["error"].is_string(), "{told}");
    }
    setting.say(json!({ "ocsp": "silent" })).await;
    assert_eq!(setting.post(setting.request()).await.0, StatusCode::SERVICE_UNAVAILABLE);
    let get = setting.http.get(setting.url("ocsp/%00%ff")).send().await.unwrap();
    assert!(get.status() == StatusCode::OK || get.status() == StatusCode::BAD_REQUEST);
}

/// What another site makes a browser send is refused, and so is what comes under a name that leads here.
#[tokio::test]
async fn no_other_site_may_ask() {
    let setting = setting().await;
    let put = |name: &str, value: &str| {
        let request = setting.http.put(setting.url("certificates/01")).header(name, value).body("{}");
        match name {
            "Content-Type" => request,
            _ => request.header("Content-Type", "application/json"),
        }
    };
    let own = setting.bank.trust_service.clone();
    let port = own.rsplit(':').next().unwrap().to_owned();
    for (name, value, expected) in [
        ("Origin", own.as_str(), 200),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", "http://localhost:1", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Host", &format!("rebind.example:{port}"), 403),
        ("Host", &format!("localhost:{port}"), 200),
        ("Content-Type", "text/plain", 415),
        ("Content-Type", "application/x-www-form-urlencoded", 415),
        ("Content-Type", "Application/JSON; charset=utf-8", 200),
    ] {
        assert_eq!(put(name, value).send().await.unwrap().status(), expected, "{name}: {value}");
    }
    let plain = setting.http.post(setting.url("ocsp")).body(setting.request()).send().await.unwrap();
    assert_eq!(plain.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let rebound = setting.http.get(setting.url("issuing.cer")).header("Host", "rebind.example").send().await.unwrap();
    assert_eq!(rebound.status(), StatusCode::FORBIDDEN);
}
