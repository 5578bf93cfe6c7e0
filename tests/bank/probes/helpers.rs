//! What the probes do again and again.

use bankproof::pki::Defect;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::world::{APPROVE, Browsed, CALLBACK, STATE, World, answer, client, form, hidden, identified};

pub(crate) const CANCEL: &[(&str, &str)] = &[("cancel", "")];
pub(crate) const DENY: &[(&str, &str)] = &[("login", ""), ("confirm", ""), ("deny", "")];
pub(crate) const MISTYPE: &[(&str, &str)] =
    &[("login", "x"), ("login", "x"), ("login", "x"), ("login", "x"), ("login", "x")];
pub(crate) const SIX_CODES: &[(&str, &str)] = &[
    ("login", ""),
    ("confirm", "x"),
    ("confirm", "x"),
    ("confirm", "x"),
    ("confirm", "x"),
    ("confirm", "x"),
    ("confirm", ""),
    ("approve", ""),
];

/// Approves a new payment with a changed authorization request.
pub(crate) async fn approve(world: &World, changes: &[(&str, &str)]) -> Browsed {
    walk(world, changes, APPROVE).await
}

pub(crate) async fn walk(world: &World, changes: &[(&str, &str)], buttons: &[(&str, &str)]) -> Browsed {
    let payment = world.payment().await;
    world.browse(world.authorization(&payment, changes), buttons).await
}

/// The error of an authorization request that is refused at once; "" where the customer is asked.
pub(crate) async fn refused(world: &World, changes: &[(&str, &str)]) -> String {
    walk(world, changes, &[]).await.param("error").unwrap_or_default()
}

pub(crate) async fn not_sent_to(world: &World, uri: &str) -> bool {
    let browsed = approve(world, &[("redirect_uri", uri)]).await;
    browsed.location.is_none()
}

pub(crate) async fn metadata(world: &World) -> (HeaderMap, Value) {
    fetch(world, "/.well-known/oauth-authorization-server").await
}

pub(crate) async fn fetch(world: &World, path: &str) -> (HeaderMap, Value) {
    let response = world.nobody.get(format!("{}{path}", world.bank.issuer)).send().await.unwrap();
    let headers = response.headers().clone();
    (headers, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// Redeems a new code with a changed token request: status and error.
pub(crate) async fn redeem(world: &World, changes: &[(&str, &str)]) -> (u16, String) {
    redeem_flow(world, &[], changes).await
}

pub(crate) async fn redeem_flow(world: &World, asked: &[(&str, &str)], changes: &[(&str, &str)]) -> (u16, String) {
    let Some(code) = approve(world, asked).await.param("code") else { return (0, "no code".to_owned()) };
    let (status, body) = world.redeem(&code, changes).await;
    (status, error(&body))
}

pub(crate) fn error(body: &Value) -> String {
    body["error"].as_str().unwrap_or_default().to_owned()
}

pub(crate) async fn token_error(world: &World, fields: &[(&str, &str)]) -> (u16, String) {
    let (status, body) = answer(world.token_request(&world.a, fields)).await;
    (status, error(&body))
}

pub(crate) async fn refresh(world: &World, tokens: &Value, changes: &[(&str, &str)]) -> (u16, Value) {
    let token = tokens["refresh_token"].as_str().unwrap();
    let fields = [&[("grant_type", "refresh_token"), ("refresh_token", token)], changes].concat();
    answer(world.token_request(&world.a, &fields)).await
}

pub(crate) fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

/// Agrees to a payment, and sends the last form once more: whether a code came, each time.
pub(crate) async fn agrees_twice(world: &World) -> [bool; 2] {
    let (browser, customer) = (client(&world.pki, None), &world.bank.customer);
    let started = browser.get(world.authorization(&world.payment().await, &[])).send().await.unwrap();
    let cookie = started.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let mut codes = Vec::new();
    let mut csrf = String::new();
    for (path, action) in [("/login", "login"), ("/sca", "confirm"), ("/consent", "approve"), ("/consent", "approve")] {
        let url = format!("{}{path}", world.bank.issuer);
        let page = browser.get(&url).header("Cookie", &cookie).send().await.unwrap().text().await.unwrap();
        csrf = hidden(&page).unwrap_or(csrf);
        let fields = [
            ("csrf", csrf.clone()),
            ("action", action.to_owned()),
            ("username", customer.username.clone()),
            ("password", customer.password.clone()),
            ("otp", customer.one_time_code.clone()),
        ];
        let sent = form(browser.post(&url).header("Cookie", &cookie), &fields).send().await.unwrap();
        let location = sent.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
        codes.push(location.is_some_and(|location| location.contains("code=")));
    }
    [codes[2], codes[3]]
}

/// Revocation or introspection by a TPP, under a client id.
pub(crate) async fn about(
    world: &World,
    path: &str,
    tpp: &reqwest::Client,
    client: usize,
    fields: &[(&str, &str)],
) -> (u16, Value) {
    let mut all = vec![("client_id", world.client_id(client).to_owned())];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let request = form(tpp.post(format!("{}{path}", world.bank.api)), &all);
    match request.try_clone().unwrap().send().await {
        Ok(_) => answer(request).await,
        Err(_) => (0, Value::Null),
    }
}

pub(crate) async fn revoke(world: &World, fields: &[(&str, &str)]) -> u16 {
    let mut all = vec![("client_id", world.client_id(0).to_owned())];
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    answer(form(world.a.post(format!("{}/revoke", world.bank.api)), &all)).await.0
}

pub(crate) async fn reads(world: &World, payment: &str, tokens: &Value) -> bool {
    world.read(&world.a, payment, access(tokens)).await.status() == 200
}

/// An initiation without some header, or with another value.
pub(crate) async fn initiate_with(world: &World, header: &'static str, value: Option<&'static str>) -> (u16, Value) {
    let mut request = world.initiation(&world.a, &world.order()).build().unwrap();
    request.headers_mut().remove(header);
    if let Some(value) = value {
        request.headers_mut().insert(header, value.parse().unwrap());
    }
    let response = world.a.execute(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

pub(crate) async fn order_refused(world: &World, pointer: &str, value: Value) -> bool {
    let mut order = world.order();
    *order.pointer_mut(pointer).unwrap() = value;
    let (status, body) = answer(world.initiation(&world.a, &order)).await;
    status == 400 && body["tppMessages"][0]["code"] == "FORMAT_ERROR" && body["tppMessages"][0]["path"].is_string()
}

/// What a payment has there that was ordered with that value, once it is read.
pub(crate) async fn read_with(world: &World, pointer: &str, value: Value) -> Value {
    let mut order = world.order();
    *order.pointer_mut(pointer).unwrap() = value;
    let (status, body) = answer(world.initiation(&world.a, &order)).await;
    assert_eq!(status, 201, "{body}");
    let payment = body["paymentId"].as_str().unwrap();
    let (status, tokens) = world.redeem(&world.code(payment).await, &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let text = world.read(&world.a, payment, access(&tokens)).await.text().await.unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    read.pointer(pointer).cloned().unwrap_or_default()
}

pub(crate) async fn status_of(world: &World, tpp: &reqwest::Client, payment: &str) -> (u16, Value) {
    answer(identified(tpp.get(format!("{}/status", world.payment_url(payment))))).await
}

pub(crate) async fn cancel(world: &World, payment: &str) -> (u16, Value) {
    answer(identified(world.a.delete(world.payment_url(payment)))).await
}

/// The last scaStatus of a payment.
pub(crate) async fn sca_status(world: &World, payment: &str) -> Value {
    let url = format!("{}/authorisations", world.payment_url(payment));
    let (_, list) = answer(identified(world.a.get(&url))).await;
    let id = list["authorisationIds"].as_array().and_then(|ids| ids.last()).unwrap().as_str().unwrap().to_owned();
    answer(identified(world.a.get(format!("{url}/{id}")))).await.1["scaStatus"].clone()
}

/// Starts an authorisation explicitly: the payment and the answer.
pub(crate) async fn start_explicitly(world: &World) -> (String, Value) {
    let request = world.initiation(&world.a, &world.order()).header("TPP-Explicit-Authorisation-Preferred", "true");
    let request = request.header("TPP-Redirect-URI", "https://tpp-a.example/ok?x=1");
    let (_, body) = answer(request.header("TPP-Nok-Redirect-URI", "https://tpp-a.example/nok")).await;
    assert!(body["_links"]["startAuthorisation"]["href"].is_string(), "{body}");
    let payment = body["paymentId"].as_str().unwrap().to_owned();
    let url = format!("{}/authorisations", world.payment_url(&payment));
    (payment, answer(identified(world.a.post(url))).await.1)
}

pub(crate) async fn by_redirect(world: &World, buttons: &[(&str, &str)]) -> (String, Browsed) {
    let (payment, body) = start_explicitly(world).await;
    let link = body["_links"]["scaRedirect"]["href"].as_str().unwrap().parse().unwrap();
    (payment, world.browse(link, buttons).await)
}

/// A payment that the customer has approved or denied on its own device, once the bank knows of it.
pub(crate) async fn decided_on_device(world: &World, does: &str) -> String {
    let request = world.initiation(&world.a, &world.order()).header("TPP-Redirect-Preferred", "false");
    let (status, body) = answer(request).await;
    assert_eq!(status, 201, "{body}");
    let link = body["_links"]["scaStatus"]["href"].as_str().unwrap();
    let order = json!({ "authorisation": link.rsplit('/').next().unwrap(), "does": does });
    let device = world.nobody.post(format!("{}/device", world.bank.issuer));
    let (status, known) = answer(device.body(order.to_string())).await;
    assert_eq!(status, 200, "{known}");
    world.advance(u32::try_from(known["known_in_seconds"].as_u64().unwrap()).unwrap()).await;
    body["paymentId"].as_str().unwrap().to_owned()
}

pub(crate) async fn refused_at_both_doors(world: &World, issued: &bankproof::pki::Issued) -> bool {
    let bad = client(&world.pki, Some(issued));
    let token = world.token_request(&bad, &[("grant_type", "client_credentials")]).send().await;
    let api = world.initiation(&bad, &world.order()).send().await;
    let refused = |sent: reqwest::Result<reqwest::Response>| sent.map_or(true, |answer| answer.status() == 401);
    refused(token) && refused(api)
}

pub(crate) async fn defect_refused(world: &World, defect: &str) -> bool {
    let defect: Defect = defect.parse().unwrap();
    let bad = world.pki.issuing.issue_with_defect(&world.pki.tpps[0].recipe, defect).unwrap();
    refused_at_both_doors(world, &bad).await
}

pub(crate) fn invalid(request_kind: &str, outcome: &(u16, String)) -> bool {
    outcome.0 == 400 && outcome.1 == request_kind
}

pub(crate) async fn headers_of_login(world: &World) -> HeaderMap {
    let response = world.nobody.get(format!("{}/authorize", world.bank.issuer)).send().await.unwrap();
    assert_eq!(response.status(), 400, "without a client_id there is only a page");
    response.headers().clone()
}

pub(crate) fn returns_with_state(browsed: Browsed) -> bool {
    browsed.param("error").as_deref() == Some("access_denied")
        && browsed.param("state").as_deref() == Some(STATE)
        && browsed.location.unwrap().as_str().starts_with(CALLBACK)
}

pub(crate) fn challenge(verifier: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(openssl::sha::sha256(verifier.as_bytes()))
}

pub(crate) async fn refuses_verifier(world: &World, verifier: &str) -> bool {
    let asked = [("code_challenge", challenge(verifier))];
    let asked = asked.each_ref().map(|(name, value)| (*name, value.as_str()));
    invalid("invalid_grant", &redeem_flow(world, &asked, &[("code_verifier", verifier)]).await)
}

pub(crate) async fn introspect_live(world: &World) -> Value {
    let (_, tokens) = world.tokens().await;
    about(world, "/introspect", &world.a, 0, &[("token", access(&tokens))]).await.1
}

pub(crate) async fn echoes(world: &World, request: reqwest::RequestBuilder) -> bool {
    let request = request.build().unwrap();
    let sent = request.headers()["x-request-id"].clone();
    world.a.execute(request).await.unwrap().headers().get("x-request-id") == Some(&sent)
}

pub(crate) async fn unauthorised(world: &World) -> Value {
    let payment = world.payment().await;
    answer(identified(world.a.get(world.payment_url(&payment)))).await.1
}

pub(crate) async fn text_of_metadata(world: &World) -> String {
    let url = format!("{}/.well-known/oauth-authorization-server", world.bank.issuer);
    world.nobody.get(url).send().await.unwrap().text().await.unwrap()
}
