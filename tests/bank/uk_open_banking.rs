//! The payment API of UK Open Banking, by hand-made requests.

use bankproof::bank::Dialect;
use bankproof::targets::KeyPair;
use bankproof::targets::signing::{Form, SealNames, Signing};
use bankproof::tpp::signing::{Outgoing, Seal, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::probes::client_authentication::{ASSERTION_TYPE, seconds_from_now, signed};
use crate::world::{APPROVE, Browsed, World, answer};

pub(crate) const V3: &str = "v3.1";
pub(crate) const V4: &str = "v4.0";
pub(crate) const CONSENTS: &str = "/domestic-payment-consents";
pub(crate) const ORDERS: &str = "/domestic-payments";

/// A request for a consent that has what all sources agree on.
pub(crate) fn request() -> Value {
    json!({
        "Data": {
            "Initiation": {
                "InstructionIdentification": "INSTRUCTION-1",
                "EndToEndIdentification": "END-TO-END-1",
                "InstructedAmount": { "Amount": "123.50", "Currency": "GBP" },
                "CreditorAccount": {
                    "SchemeName": "UK.OBIE.SortCodeAccountNumber",
                    "Identification": "20405318203745",
                    "Name": "Bankproof Test Merchant",
                },
            },
        },
        "Risk": {},
    })
}

/// The order that goes with it.
pub(crate) fn order(consent: &str, request: &Value) -> Value {
    let data = json!({ "ConsentId": consent, "Initiation": request["Data"]["Initiation"] });
    json!({ "Data": data, "Risk": request["Risk"] })
}

pub(crate) fn url(world: &World, version: &str, path: &str) -> String {
    format!("{}/open-banking/{version}/pisp{path}", world.bank.api)
}

/// What the TPP at that place adds to a request at the token endpoint, as it is registered.
fn credentials(world: &World, at: usize) -> Vec<(&'static str, String)> {
    if world.dialect == Dialect::BerlinGroup {
        return Vec::new();
    }
    let client_id = world.client_id(at);
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": world.bank.issuer,
        "jti": uuid::Uuid::new_v4().to_string(),
        "exp": seconds_from_now(60),
    });
    let assertion = signed(&claims, &world.pki.tpps[at].qsealc.key_pem);
    vec![("client_assertion_type", ASSERTION_TYPE.to_owned()), ("client_assertion", assertion)]
}

async fn tokens(world: &World, tpp: &Client, at: usize, fields: &[(&str, &str)]) -> (u16, Value) {
    let credentials = credentials(world, at);
    let own = credentials.iter().map(|(name, value)| (*name, value.as_str()));
    let client_id = [("client_id", world.client_id(at))];
    let all: Vec<_> = client_id.into_iter().chain(fields.iter().copied()).chain(own).collect();
    answer(world.token_request(tpp, &all)).await
}

/// A token for the TPP itself.
pub(crate) async fn tpps_token(world: &World, tpp: &Client, at: usize) -> String {
    let (status, body) = tokens(world, tpp, at, &[("grant_type", "client_credentials"), ("scope", "payments")]).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().unwrap().to_owned()
}

/// A signed POST of TPP A with a new idempotency key.
pub(crate) fn post(world: &World, version: &str, path: &str, token: &str, body: &Value) -> RequestBuilder {
    post_with(world, version, path, token, body, &uuid::Uuid::new_v4().to_string())
}

pub(crate) fn post_with(
    world: &World,
    version: &str,
    path: &str,
    token: &str,
    body: &Value,
    key: &str,
) -> RequestBuilder {
    let header = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let mut outgoing = Outgoing {
        method: "POST".into(),
        url: url(world, version, path),
        headers: [("Content-Type", "application/json"), ("x-idempotency-key", key)].map(header).into(),
        body: body.to_string(),
    };
    let seal = &world.pki.tpps[0].qsealc;
    let pair = KeyPair { certificate_pem: seal.certificate_pem.clone(), key_pem: seal.key_pem.clone() };
    let seal = Seal::open(&pair, &SealNames::default()).unwrap();
    sign(&mut outgoing, &Signing::new(Form::UkJws), Form::UkJws, &seal, "").unwrap();
    let request = world.a.post(&outgoing.url).body(outgoing.body).header("Authorization", format!("Bearer {token}"));
    outgoing.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
}

pub(crate) async fn get(world: &World, tpp: &Client, version: &str, path: &str, token: &str) -> (u16, Value) {
    answer(tpp.get(url(world, version, path)).header("Authorization", format!("Bearer {token}"))).await
}

/// A consent of TPP A, and the token that it was lodged with.
pub(crate) async fn consent(world: &World, version: &str) -> (String, String) {
    let token = tpps_token(world, &world.a, 0).await;
    let (status, body) = answer(post(world, version, CONSENTS, &token, &request())).await;
    assert_eq!(status, 201, "{body}");
    (body["Data"]["ConsentId"].as_str().unwrap().to_owned(), token)
}

/// The customer is asked about that consent.
pub(crate) async fn browse(
    world: &World,
    consent: &str,
    changes: &[(&str, &str)],
    buttons: &[(&str, &str)],
) -> Browsed {
    let intent = json!({ "openbanking_intent_id": { "value": consent, "essential": true } });
    let claims = json!({ "id_token": intent, "userinfo": intent }).to_string();
    let scope = if world.dialect == Dialect::UkOpenBanking { "openid payments" } else { "payments" };
    let all = [&[("scope", scope), ("claims", &claims), ("nonce", "n-1")], changes].concat();
    world.browse(world.authorization("", &all), buttons).await
}

/// The tokens that the customer's approval has given.
pub(crate) async fn approved(world: &World, consent: &str) -> Value {
    let browsed = browse(world, consent, &[], APPROVE).await;
    let code = browsed.param("code").unwrap_or_else(|| panic!("no code: {:?}", browsed.location));
    let (status, body) = tokens(world, &world.a, 0, &[("grant_type", "authorization_code"), ("code", &code)]).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// A consent, the token of the TPP and that of the customer.
pub(crate) async fn authorised(world: &World, version: &str) -> (String, String, String) {
    let (id, tpps) = consent(world, version).await;
    let customers = approved(world, &id).await["access_token"].as_str().unwrap().to_owned();
    (id, tpps, customers)
}

/// The claims of a JWT, unverified.
pub(crate) fn claims(jwt: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

pub(crate) fn status_of(body: &Value) -> &str {
    body["Data"]["Status"].as_str().unwrap_or_default()
}

pub(crate) fn has(response: &Response, header: &str) -> bool {
    response.headers().contains_key(header)
}

#[tokio::test]
async fn a_uk_payment_goes_from_consent_to_settlement() {
    for (version, statuses) in [
        (V4, ["AWAU", "AUTH", "COND", "RCVD", "ACSP", "ACSC"]),
        (
            V3,
            [
                "AwaitingAuthorisation",
                "Authorised",
                "Consumed",
                "Pending",
                "AcceptedSettlementInProcess",
                "AcceptedSettlementCompleted",
            ],
        ),
    ] {
        let world = World::of(Dialect::UkOpenBanking, &[]).await;
        let (id, tpps) = consent(&world, version).await;
        let path = format!("{CONSENTS}/{id}");
        let (status, body) = get(&world, &world.a, version, &path, &tpps).await;
        assert_eq!((status, status_of(&body)), (200, statuses[0]), "{body}");
        assert_eq!(body["Data"]["Initiation"], request()["Data"]["Initiation"]);
        assert_eq!(body["Links"]["Self"], url(&world, version, &path));

        let tokens = approved(&world, &id).await;
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["openbanking_intent_id"], id.as_str());
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["nonce"], "n-1");
        let customers = tokens["access_token"].as_str().unwrap();
        let funds = get(&world, &world.a, version, &format!("{path}/funds-confirmation"), customers).await;
        assert_eq!(funds.1["Data"]["FundsAvailableResult"]["FundsAvailable"], true, "{funds:?}");
        let consent = get(&world, &world.a, version, &path, &tpps).await.1;
        assert_eq!(status_of(&consent), statuses[1]);

        let response = post(&world, version, ORDERS, customers, &order(&id, &request())).send().await.unwrap();
        assert_eq!(response.status(), 201);
        assert!(has(&response, "x-jws-signature") && has(&response, "x-fapi-interaction-id"));
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(status_of(&body), statuses[3]);
        let consent = get(&world, &world.a, version, &path, &tpps).await.1;
        assert_eq!(status_of(&consent), statuses[2]);

        let path = format!("{ORDERS}/{}", body["Data"]["DomesticPaymentId"].as_str().unwrap());
        for status in [statuses[4], statuses[5]] {
            world.advance(30).await;
            assert_eq!(status_of(&get(&world, &world.a, version, &path, &tpps).await.1), status);
        }
        let details = get(&world, &world.a, version, &format!("{path}/payment-details"), &tpps).await;
        assert_eq!(details.1["Data"]["PaymentStatus"][0]["Status"], statuses[5], "{details:?}");
        world.bank.stop().await;
    }
}
