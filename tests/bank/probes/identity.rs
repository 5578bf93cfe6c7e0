//! Probes of tokens that are bound to certificates, of renewals, roles and headers.

use bankproof::pki::{Issued, Recipe, Role};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::Value;

use super::Probe;
use super::helpers::*;
use crate::world::*;

probes! {
    "metadata-without-bound-tokens": |world| {
        metadata(world).await.1["tls_client_certificate_bound_access_tokens"] == true
    };
    "jwt-without-cnf": |world| thumbprint(&world.tokens().await.1).is_some();
    "cnf-thumbprint-in-hexadecimal": |world| thumbprint(&world.tokens().await.1) == Some(own_thumbprint(world));
    "client-credentials-token-unbound": |world| {
        thumbprint(&answer(world.token_request(&world.a, &[("grant_type", "client_credentials")])).await.1).is_some()
    };
    "bound-token-without-certificate-accepted": |world| {
        let (payment, tokens) = world.tokens().await;
        let request = identified(world.nobody.get(world.payment_url(&payment)));
        request.header("Authorization", format!("Bearer {}", access(&tokens))).send().await.is_err()
    };
    "binding-refused-with-403": |world| {
        let (payment, tokens) = world.tokens().await;
        world.read(&world.renewed, &payment, access(&tokens)).await.status() == 401
    };
    "refresh-keeps-old-binding": |world| {
        let (payment, fresh) = refreshed_by_renewed(world).await;
        world.read(&world.renewed, &payment, access(&fresh)).await.status() == 200
    };
    "refreshed-token-unbound": |world| {
        let (payment, fresh) = refreshed_by_renewed(world).await;
        world.read(&world.a, &payment, access(&fresh)).await.status() == 401
    };
    "refresh-token-bound-to-certificate": |world| refreshed_by_renewed(world).await.1["access_token"].is_string();
    "payment-bound-to-certificate": |world| {
        let url = format!("{}/status", world.payment_url(&world.payment().await));
        answer(identified(world.renewed.get(url))).await.0 == 200
    };
    "renewal-ends-old-certificate": |world| {
        let recipe = stranger();
        let (old, new) = (issue(world, recipe.clone()), issue(world, recipe));
        initiates(world, &old).await && initiates(world, &new).await && initiates(world, &old).await
    };
    "subject-matched-by-common-name": |world| {
        redeem_refused(world, stranger().common_name("tpp-a.example")).await
    };
    "subject-matched-by-organization": |world| {
        redeem_refused(world, stranger().organization("Aster Payments GmbH")).await
    };
    "subject-matched-by-prefix": |world| {
        redeem_refused(world, stranger().organization_identifier("PSDDE-BAFIN-1000010")).await
    };
    "role-unchecked-on-payment": |world| {
        let tpp = client(&world.pki, Some(&with_role(world, Role::PspAi)));
        let payment = world.payment().await;
        let code = world.code(&payment).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let (_, tokens) = answer(world.token_request(&tpp, &fields)).await;
        world.read(&tpp, &payment, access(&tokens)).await.status() == 401
    };
    "role-unchecked-on-status": |world| role_refused(world, Method::GET, "/status").await;
    "role-unchecked-on-cancellation": |world| role_refused(world, Method::DELETE, "").await;
    "role-unchecked-on-authorisation": |world| role_refused(world, Method::POST, "/authorisations").await;
    "role-unchecked-on-sca-status": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        let link = body["_links"]["scaStatus"]["href"].as_str().unwrap().to_owned();
        let tpp = client(&world.pki, Some(&with_role(world, Role::PspAi)));
        answer(identified(tpp.get(link))).await.0 == 401
    };
    "unlicensed-scope-granted": |world| {
        let fields = [("grant_type", "client_credentials"), ("client_id", world.client_id(2)), ("scope", "payments")];
        answer(world.token_request(&world.c, &fields)).await.0 == 400
    };
    "certificate-header-trusted": |world| {
        let initiation = world.initiation(&world.nobody, &world.order());
        initiation.header("X-Client-Cert", one_line(world)).send().await.is_err()
    };
    "certificate-header-overrides-tls": |world| {
        answer(world.initiation(&world.c, &world.order()).header("X-SSL-Cert", one_line(world))).await.0 == 401
    };
    "subject-header-trusted": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let subject = bankproof::pki::inspect::facts(own(world).as_bytes()).unwrap().subject;
        world.token_request(&world.nobody, &fields).header("SSL-Client-S-DN", subject).send().await.is_err()
    };
}

fn own(world: &World) -> &str {
    &world.pki.tpps[0].qwac.certificate_pem
}

fn one_line(world: &World) -> String {
    own(world).lines().collect::<Vec<_>>().join(" ")
}

fn own_thumbprint(world: &World) -> String {
    bankproof::pki::inspect::facts(own(world).as_bytes()).unwrap().thumbprint
}

/// The certificate that an access token says it is bound to.
fn thumbprint(tokens: &Value) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(access(tokens).split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["cnf"]["x5t#S256"].as_str().map(str::to_owned)
}

async fn refreshed_by_renewed(world: &World) -> (String, Value) {
    let (payment, tokens) = world.tokens().await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    (payment, answer(world.token_request(&world.renewed, &fields)).await.1)
}

fn stranger() -> Recipe {
    Recipe::qwac()
        .organization_identifier("PSDDE-BAFIN-900001")
        .organization("Stranger AG")
        .common_name("stranger.example")
}

fn issue(world: &World, recipe: Recipe) -> Issued {
    world.pki.issuing.issue(&recipe).unwrap()
}

fn with_role(world: &World, role: Role) -> Issued {
    issue(world, world.pki.tpps[0].recipe.clone().roles([role]))
}

async fn initiates(world: &World, issued: &Issued) -> bool {
    answer(world.initiation(&client(&world.pki, Some(issued)), &world.order())).await.0 == 201
}

async fn redeem_refused(world: &World, recipe: Recipe) -> bool {
    let code = world.code(&world.payment().await).await;
    let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let tpp = client(&world.pki, Some(&issue(world, recipe)));
    answer(world.token_request(&tpp, &fields)).await.0 == 401
}

async fn role_refused(world: &World, method: Method, path: &str) -> bool {
    let tpp = client(&world.pki, Some(&with_role(world, Role::PspAi)));
    let url = format!("{}{path}", world.payment_url(&world.payment().await));
    let (status, body) = answer(identified(tpp.request(method, url))).await;
    status == 401 && body["tppMessages"][0]["code"] == "ROLE_INVALID"
}
