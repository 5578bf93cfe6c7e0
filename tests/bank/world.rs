//! A TPP and a customer's browser, as small as they can be; the bank is judged by hand-made requests.

use std::collections::BTreeSet;
use std::sync::Once;

use bankproof::bank::{self, Bank, Dialect, Settings};
use bankproof::pki::{Issued, TestPki};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Certificate, Client, Identity, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use url::Url;

pub(crate) const CALLBACK: &str = "https://tpp-a.example/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const STATE: &str = "a+b%20=&/?#~c";

/// A bank, three TPPs and a browser.
pub(crate) struct World {
    pub(crate) pki: TestPki,
    pub(crate) bank: Bank,
    /// TPP A.
    pub(crate) a: Client,
    /// TPP A with its renewed certificate.
    pub(crate) renewed: Client,
    /// TPP B.
    pub(crate) b: Client,
    /// TPP C, which may not initiate payments.
    pub(crate) c: Client,
    /// Nobody.
    pub(crate) nobody: Client,
    /// What the bank was told to do wrong.
    faults: BTreeSet<String>,
    /// How the TPPs are registered there.
    pub(crate) dialect: Dialect,
}

pub(crate) fn client(pki: &TestPki, identity: Option<&Issued>) -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let root = Certificate::from_pem(pki.root.certificate_pem().as_bytes()).unwrap();
    let mut builder = Client::builder().tls_certs_only([root]).redirect(redirect::Policy::none()).no_proxy();
    if let Some(identity) = identity {
        let pem = format!("{}{}", identity.key_pem, identity.chain_pem);
        builder = builder.identity(Identity::from_pem(pem.as_bytes()).unwrap());
    }
    builder.build().unwrap()
}

impl World {
    pub(crate) async fn new(faults: &[&str]) -> Self {
        Self::of(Dialect::BerlinGroup, faults).await
    }

    pub(crate) async fn of(dialect: Dialect, faults: &[&str]) -> Self {
        Self::with(dialect, faults, &[]).await
    }

    pub(crate) async fn with(dialect: Dialect, faults: &[&str], habits: &[&str]) -> Self {
        let pki = TestPki::fresh().unwrap();
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        let (faults, habits) = (ids(faults), ids(habits));
        let settings = Settings { dialect, faults: faults.clone(), habits, ..Settings::default() };
        let bank = bank::start(&pki, settings).await.unwrap();
        let of = |name| client(&pki, pki.tpp(name).map(|tpp| &tpp.qwac));
        let renewed = client(&pki, Some(&pki.tpps[0].renewed));
        let (a, b, c, nobody) = (of("tpp-a"), of("tpp-b"), of("tpp-c"), client(&pki, None));
        Self { pki, bank, a, renewed, b, c, nobody, faults, dialect }
    }

    /// Another bank with the same faults, which trusts the same TPPs and demands signatures.
    pub(crate) async fn strict_bank(&self) -> Bank {
        let settings = Settings { faults: self.faults.clone(), signatures_required: true, ..Settings::default() };
        bank::start(&self.pki, settings).await.unwrap()
    }

    pub(crate) fn client_id(&self, at: usize) -> &str {
        &self.bank.clients[at].client_id
    }

    pub(crate) fn order(&self) -> Value {
        json!({
            "debtorAccount": { "iban": self.bank.customer.iban },
            "instructedAmount": { "currency": "EUR", "amount": "123.50" },
            "creditorAccount": { "iban": "DE89370400440532013000" },
            "creditorName": "Müller & Söhne <GmbH>",
            "remittanceInformationUnstructured": "Order 4711",
        })
    }

    pub(crate) fn initiation(&self, tpp: &Client, order: &Value) -> RequestBuilder {
        let url = format!("{}/v1/payments/sepa-credit-transfers", self.bank.api);
        identified(tpp.post(url))
            .header("PSU-IP-Address", "192.0.2.7")
            .header("Content-Type", "application/json")
            .body(order.to_string())
    }

    pub(crate) async fn payment(&self) -> String {
        let (status, body) = answer(self.initiation(&self.a, &self.order())).await;
        assert_eq!(status, 201, "{body}");
        body["paymentId"].as_str().unwrap().to_owned()
    }

    pub(crate) fn payment_url(&self, id: &str) -> String {
        format!("{}/v1/payments/sepa-credit-transfers/{id}", self.bank.api)
    }

    /// A good authorization request for a payment, with some parameters replaced; an empty one is left out.
    pub(crate) fn authorization(&self, payment: &str, changes: &[(&str, &str)]) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(VERIFIER.as_bytes()));
        let scope = format!("PIS:{payment}");
        let mut params = vec![
            ("client_id", self.client_id(0)),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", &scope),
            ("state", STATE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            params.push((name, value));
        }
        params.retain(|(_, value)| !value.is_empty());
        Url::parse_with_params(&format!("{}/authorize", self.bank.issuer), params).unwrap()
    }

    /// Goes through the pages, pressing these buttons, until the browser is sent away from the bank or is told no more.
    pub(crate) async fn browse(&self, start: Url, buttons: &[(&str, &str)]) -> Browsed {
        self.browse_with_pause(start, buttons, 0).await
    }

    /// The same, with so many seconds of the bank's time between seeing the first page and filling it in.
    pub(crate) async fn browse_with_pause(&self, start: Url, buttons: &[(&str, &str)], seconds: u32) -> Browsed {
        let mut seconds = Some(seconds).filter(|seconds| *seconds > 0);
        let browser = client(&self.pki, None);
        let mut buttons = buttons.iter();
        let (mut pages, mut frameable) = (String::new(), 0);
        let mut cookie = String::new();
        let mut response = browser.get(start).send().await.unwrap();
        loop {
            if let Some(set) = response.headers().get("set-cookie") {
                cookie = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            }
            let status = response.status().as_u16();
            if let Some(location) = response.headers().get("location") {
                let location = location.to_str().unwrap().to_owned();
                if !location.starts_with(&self.bank.issuer) {
                    return Browsed { status, location: Some(Url::parse(&location).unwrap()), pages, frameable };
                }
                response = browser.get(location).header("Cookie", &cookie).send().await.unwrap();
                continue;
            }
            let url = response.url().clone();
            frameable += usize::from(!response.headers().contains_key("x-frame-options"));
            let page = response.text().await.unwrap();
            pages.push_str(&page);
            let (Some(csrf), Some((action, secret))) = (hidden(&page), buttons.next()) else {
                return Browsed { status, location: None, pages, frameable };
            };
            if let Some(seconds) = seconds.take() {
                self.advance(seconds).await;
            }
            let customer = &self.bank.customer;
            let right = secret.is_empty();
            let typed = |value: &str| if right { value.to_owned() } else { (*secret).to_owned() };
            let fields = [
                ("csrf", csrf),
                ("action", (*action).to_owned()),
                ("username", customer.username.clone()),
                ("password", typed(&customer.password)),
                ("otp", typed(&customer.one_time_code)),
            ];
            response = form(browser.post(url).header("Cookie", &cookie), &fields).send().await.unwrap();
        }
    }

    /// The code of an authorised payment.
    pub(crate) async fn code(&self, payment: &str) -> String {
        let browsed = self.browse(self.authorization(payment, &[]), APPROVE).await;
        browsed.param("code").unwrap_or_else(|| panic!("no code: {:?}", browsed.location))
    }

    pub(crate) fn token_request(&self, tpp: &Client, fields: &[(&str, &str)]) -> RequestBuilder {
        let mut params =
            vec![("client_id", self.client_id(0)), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        for (name, value) in fields {
            params.retain(|(known, _)| known != name);
            params.push((name, value));
        }
        params.retain(|(_, value)| !value.is_empty());
        let params: Vec<_> = params.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        form(tpp.post(format!("{}/token", self.bank.api)), &params)
    }

    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let fields = [&[("grant_type", "authorization_code"), ("code", code)], changes].concat();
        answer(self.token_request(&self.a, &fields)).await
    }

    /// A payment, and the tokens that its approval has given.
    pub(crate) async fn tokens(&self) -> (String, Value) {
        let payment = self.payment().await;
        let code = self.code(&payment).await;
        let (status, body) = self.redeem(&code, &[]).await;
        assert_eq!(status, 200, "{body}");
        (payment, body)
    }

    pub(crate) async fn read(&self, tpp: &Client, payment: &str, token: &str) -> Response {
        let request = identified(tpp.get(self.payment_url(payment)));
        request.header("Authorization", format!("Bearer {token}")).send().await.unwrap()
    }

    pub(crate) async fn advance(&self, seconds: u32) {
        let body = json!({ "advance_seconds": seconds }).to_string();
        let request = self.nobody.post(&self.bank.clock).header("Content-Type", "application/json");
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

/// Where the browser ended.
pub(crate) struct Browsed {
    pub(crate) status: u16,
    pub(crate) location: Option<Url>,
    pub(crate) pages: String,
    /// How many of the pages do not forbid framing.
    pub(crate) frameable: usize,
}

impl Browsed {
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        let pairs = self.location.as_ref()?.query_pairs();
        pairs.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned()).next()
    }
}

/// Each button, and what is typed instead of the right secret.
pub(crate) const APPROVE: &[(&str, &str)] = &[("login", ""), ("confirm", ""), ("approve", "")];

pub(crate) fn form(request: RequestBuilder, fields: &[(&str, String)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("Content-Type", "application/x-www-form-urlencoded").body(body)
}

pub(crate) fn identified(request: RequestBuilder) -> RequestBuilder {
    request.header("X-Request-ID", uuid::Uuid::new_v4().to_string())
}

pub(crate) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) fn hidden(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}
