//! Probes of the identification by certificate and of the payment API.

use super::Probe;
use super::helpers::*;
use crate::world::*;
use serde_json::{Value, json};

probes! {
    "request-sent-again-pays-twice": |world| {
        let request = world.initiation(&world.a, &world.order());
        let again = request.try_clone().unwrap();
        let (first, second) = (answer(request).await, answer(again).await);
        first.0 == 201 && first == second
    };
    // Certificates
    "valid-qwac-refused": |world| {
        let token = token_error(world, &[("grant_type", "client_credentials")]).await.0;
        token == 200 && answer(world.initiation(&world.a, &world.order())).await.0 == 201
    };
    "renewed-certificate-refused": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        answer(world.token_request(&world.renewed, &fields)).await.0 == 200
    };
    "client-certificate-optional": |world| {
        let token = world.token_request(&world.nobody, &[("grant_type", "client_credentials")]).send().await;
        let api = world.initiation(&world.nobody, &world.order()).send().await;
        token.is_err() && api.is_err()
    };
    "token-endpoint-without-client-authentication": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        world.token_request(&world.nobody, &fields).send().await.is_err()
    };
    "any-certificate-authenticates": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str())];
        answer(world.token_request(&world.b, &fields)).await.0 == 401
    };
    "unknown-ca-accepted": |world| defect_refused(world, "unknown-ca").await;
    "self-signed-accepted": |world| defect_refused(world, "self-signed").await;
    "expired-certificate-accepted": |world| defect_refused(world, "expired").await;
    "not-yet-valid-certificate-accepted": |world| defect_refused(world, "not-yet-valid").await;
    "certificate-without-psd2-statement-accepted": |world| defect_refused(world, "no-psd2-statement").await;
    "role-unchecked": |world| {
        let (status, body) = answer(world.initiation(&world.c, &world.order())).await;
        status == 401 && body["tppMessages"][0]["code"] == "ROLE_INVALID"
    };
    // Initiation
    "payment-links-missing": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        ["self", "status", "scaStatus", "scaOAuth"].iter().all(|link| body["_links"][link]["href"].is_string())
    };
    "links-as-texts": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        body["_links"].as_object().unwrap().values().all(serde_json::Value::is_object)
    };
    "sca-link-missing": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        body["_links"]["scaOAuth"].is_object()
    };
    "sca-approach-undeclared": |world| {
        let response = world.initiation(&world.a, &world.order()).send().await.unwrap();
        response.headers().get("aspsp-sca-approach").is_some_and(|value| value == "REDIRECT")
    };
    "newest-authorisation-unlisted": |world| {
        let url = format!("{}/authorisations", world.payment_url(&world.payment().await));
        answer(identified(world.a.get(url))).await.1["authorisationIds"].as_array().unwrap().len() == 1
    };
    "sca-status-undeclared": |world| sca_status(world, &world.tokens().await.0).await == "finalised";
    "payment-id-repeated": |world| world.payment().await != world.payment().await;
    "request-id-optional": |world| initiate_with(world, "x-request-id", None).await.0 == 400;
    "request-id-any-format": |world| initiate_with(world, "x-request-id", Some("not-a-uuid")).await.0 == 400;
    "request-id-not-echoed": |world| echoes(world, world.initiation(&world.a, &world.order())).await;
    "request-id-missing-on-errors": |world| {
        echoes(world, identified(world.a.put(format!("{}/v1/nothing", world.bank.api)))).await
    };
    "psu-ip-address-optional": |world| initiate_with(world, "psu-ip-address", None).await.0 == 400;
    "body-fields-unchecked": |world| order_refused(world, "/creditorAccount", Value::Null).await;
    "amount-unchecked": |world| {
        let mut refused = true;
        for amount in ["0.00", "-12.50", "12,50", "twelve", "1.2345", "123456789012345", "."] {
            refused &= order_refused(world, "/instructedAmount/amount", json!(amount)).await;
        }
        refused
    };
    "iban-unchecked": |world| order_refused(world, "/creditorAccount/iban", json!("DE88370400440532013000")).await;
    "unknown-product-server-error": |world| {
        let url = format!("{}/v1/payments/unknown-credit-transfers", world.bank.api);
        let (status, body) = answer(identified(world.a.post(url))).await;
        status == 404 && body["tppMessages"][0]["code"] == "PRODUCT_UNKNOWN"
    };
    "sca-approach-missing": |world| {
        let response = world.initiation(&world.a, &world.order()).send().await.unwrap();
        response.headers().get("aspsp-sca-approach").is_some_and(|value| value == "REDIRECT")
    };
    "tpp-redirect-uri-foreign-accepted": |world| {
        initiate_with(world, "tpp-redirect-uri", Some("https://attacker.example/callback")).await.0 == 400
    };
    // The life of a payment
    "executed-before-sca": |world| status_of(world, &world.a, &world.payment().await).await.1["transactionStatus"] == "RCVD";
    "sca-status-never-final": |world| sca_status(world, &world.tokens().await.0).await == "finalised";
    "redirect-sca-never-finalised": |world| {
        let (payment, browsed) = by_redirect(world, APPROVE).await;
        assert_eq!(browsed.location.unwrap().as_str(), "https://tpp-a.example/ok?x=1");
        sca_status(world, &payment).await == "finalised"
    };
    "decoupled-sca-never-finalised": |world| {
        let payment = decided_on_device(world, "approve").await;
        status_of(world, &world.a, &payment).await.1["transactionStatus"] == "ACCP"
            && sca_status(world, &payment).await == "finalised"
    };
    "decoupled-denial-accepted": |world| {
        let payment = decided_on_device(world, "deny").await;
        status_of(world, &world.a, &payment).await.1["transactionStatus"] == "RJCT"
            && sca_status(world, &payment).await == "failed"
    };
    "authorisation-without-sca-redirect": |world| start_explicitly(world).await.1["_links"]["scaRedirect"].is_object();
    "unknown-payment-served": |world| {
        let (status, body) = status_of(world, &world.a, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d").await;
        status == 404 && body["tppMessages"][0]["code"] == "RESOURCE_UNKNOWN"
    };
    "unknown-payment-misnamed": |world| {
        status_of(world, &world.a, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d").await.0 == 404
    };
    "cancellation-refusal-misnamed": |world| {
        let (payment, _) = world.tokens().await;
        world.advance(61).await;
        cancel(world, &payment).await.0 == 405
    };
    "payment-json-as-text": |world| {
        let request = world.initiation(&world.a, &world.order());
        request.send().await.unwrap().headers()["content-type"] == "application/json"
    };
    "remittance-cut-where-it-is-read": |world| {
        let text = "x".repeat(140);
        read_with(world, "/remittanceInformationUnstructured", json!(text)).await == text
    };
    "payee-name-cut-where-it-is-read": |world| {
        let name = "x".repeat(70);
        read_with(world, "/creditorName", json!(name)).await == name
    };
    "cents-misread-after-zero": |world| read_with(world, "/instructedAmount/amount", json!("12.50")).await == "12.50";
    "amount-read-back-differs": |world| {
        let (payment, tokens) = world.tokens().await;
        let read = world.read(&world.a, &payment, access(&tokens)).await.text().await.unwrap();
        read.contains("123.50")
    };
    "payee-read-back-differs": |world| {
        let (payment, tokens) = world.tokens().await;
        let read = world.read(&world.a, &payment, access(&tokens)).await.text().await.unwrap();
        read.contains(world.order()["creditorAccount"]["iban"].as_str().unwrap())
    };
    "references-read-back-differ": |world| {
        let (payment, tokens) = world.tokens().await;
        !world.read(&world.a, &payment, access(&tokens)).await.text().await.unwrap().contains("Rent for May")
    };
    "amount-not-read-back": |world| {
        let (payment, tokens) = world.tokens().await;
        world.read(&world.a, &payment, access(&tokens)).await.text().await.unwrap().contains("instructedAmount")
    };
    "rejected-where-it-is-read": |world| {
        let (payment, tokens) = world.tokens().await;
        !world.read(&world.a, &payment, access(&tokens)).await.text().await.unwrap().contains("RJCT")
    };
    "links-of-another-payment": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        body["_links"]["self"]["href"].as_str().unwrap().ends_with(body["paymentId"].as_str().unwrap())
    };
    "sca-link-without-tls": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        body["_links"]["scaOAuth"]["href"].as_str().unwrap().starts_with("https:")
    };
    "refused-authorisation-finalised": |world| {
        let payment = world.payment().await;
        world.browse(world.authorization(&payment, &[]), DENY).await;
        sca_status(world, &payment).await == "failed"
    };
    "sca-status-link-before-authorisation": |world| {
        let request = world.initiation(&world.a, &world.order()).header("TPP-Explicit-Authorisation-Preferred", "true");
        answer(request).await.1["_links"]["scaStatus"].is_null()
    };
    "sca-oauth-without-metadata": |world| {
        let (_, body) = answer(world.initiation(&world.a, &world.order())).await;
        let link = body["_links"]["scaOAuth"]["href"].as_str().unwrap();
        link.ends_with("/.well-known/oauth-authorization-server")
    };
    "published-characters-refused": |world| {
        let mut order = world.order();
        order["remittanceInformationUnstructured"] = json!("(a/b-c)? It's 1,50 + 2.");
        answer(world.initiation(&world.a, &order)).await.0 == 201
    };
    "sca-status-final-too-early": |world| sca_status(world, &world.payment().await).await == "received";
    "authorisation-born-final": |world| start_explicitly(world).await.1["scaStatus"] == "received";
    "payment-owner-unchecked": |world| status_of(world, &world.b, &world.payment().await).await.0 == 403;
    "cancellation-wrong-status": |world| cancel(world, &world.payment().await).await.0 == 204;
    "cancellation-without-effect": |world| {
        let payment = world.payment().await;
        cancel(world, &payment).await;
        status_of(world, &world.a, &payment).await.1["transactionStatus"] == "CANC"
    };
    "executed-payment-cancellable": |world| {
        let (payment, _) = world.tokens().await;
        world.advance(61).await;
        let (status, body) = cancel(world, &payment).await;
        status == 405 && body["tppMessages"][0]["code"] == "CANCELLATION_INVALID"
    };
    "denied-payment-accepted": |world| {
        let payment = world.payment().await;
        world.browse(world.authorization(&payment, &[]), DENY).await;
        status_of(world, &world.a, &payment).await.1["transactionStatus"] == "RJCT"
    };
    "transaction-status-undeclared": |world| {
        let (payment, _) = world.tokens().await;
        status_of(world, &world.a, &payment).await.1["transactionStatus"] == "ACCP"
    };
    // Errors
    "error-as-html": |world| unauthorised(world).await["tppMessages"][0]["category"] == "ERROR";
    "error-code-wrong-status": |world| unauthorised(world).await["tppMessages"][0]["code"] == "TOKEN_UNKNOWN";
    "cors-at-authorization-endpoint": |world| allowed(world, "/authorize", "https://other.example").await.is_none();
    "origins-reflected-with-credentials": |world| allowed(world, "/token", "https://other.example").await.is_none();
    "origins-mistaken-for-own": |world| allowed(world, "/token", "null").await.is_none();
    "version-told-in-server": |world| fetch(world, "/jwks").await.0.get("server").is_none();
    "error-leaks-internals": |world| !unauthorised(world).await.to_string().contains("Exception");
    "error-text-too-long": |world| unauthorised(world).await["tppMessages"][0]["text"].as_str().unwrap().len() <= 500;
}

/// The origin whose scripts may read the answer, where there is one.
async fn allowed(world: &World, path: &str, origin: &str) -> Option<String> {
    let request = world.nobody.get(format!("{}{path}", world.bank.issuer)).header("Origin", origin);
    let headers = request.send().await.unwrap().headers().clone();
    headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
}
