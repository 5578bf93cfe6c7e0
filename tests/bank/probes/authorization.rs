//! Probes of the metadata, the authorization endpoint, the customer's pages and PKCE.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Probe;
use super::helpers::*;
use crate::world::*;
use serde_json::json;

probes! {
    // The metadata
    "metadata-wrong-media-type": |world| metadata(world).await.0["content-type"] == "application/json";
    "metadata-wrong-issuer": |world| metadata(world).await.1["issuer"] == world.bank.issuer.as_str();
    "metadata-http-endpoint": |world| !metadata(world).await.1.to_string().contains("http://");
    "metadata-without-pkce": |world| metadata(world).await.1["code_challenge_methods_supported"] == json!(["S256"]);
    "metadata-without-revocation-endpoint": |world| metadata(world).await.1["revocation_endpoint"].is_string();
    "metadata-offers-password": |world| !metadata(world).await.1["grant_types_supported"].to_string().contains("password");
    "metadata-offers-alg-none": |world| {
        let algorithms = &metadata(world).await.1["token_endpoint_auth_signing_alg_values_supported"];
        !algorithms.as_array().unwrap().contains(&json!("none"))
    };
    "metadata-member-missing": |world| metadata(world).await.1["response_types_supported"].is_array();
    "metadata-endpoint-with-fragment": |world| {
        !metadata(world).await.1["authorization_endpoint"].as_str().unwrap().contains('#')
    };
    "metadata-empty-list": |world| {
        let document = metadata(world).await.1;
        document.as_object().unwrap().values().all(|value| *value != json!([]))
    };
    "metadata-without-signing-algorithms": |world| {
        metadata(world).await.1["token_endpoint_auth_signing_alg_values_supported"].is_array()
    };
    "metadata-without-iss-parameter": |world| {
        metadata(world).await.1["authorization_response_iss_parameter_supported"] == true
    };
    "jwks-use-missing": |world| {
        fetch(world, "/jwks").await.1["keys"].as_array().unwrap().iter().all(|key| key["use"] == "sig")
    };
    "jwks-private-key": |world| fetch(world, "/jwks").await.1["keys"].as_array().unwrap().iter().all(|key| key["d"].is_null());
    "jwks-duplicate-kid": |world| {
        let keys = fetch(world, "/jwks").await.1;
        keys["keys"][0]["kid"] != keys["keys"][1]["kid"]
    };
    // The authorization endpoint
    "response-type-defaulted": |world| refused(world, &[("response_type", "")]).await == "invalid_request";
    "implicit-grant-enabled": |world| refused(world, &[("response_type", "token")]).await == "unsupported_response_type";
    "token-beside-code-enabled": |world| {
        refused(world, &[("response_type", "code token")]).await == "unsupported_response_type"
    };
    "unknown-client-redirected": |world| walk(world, &[("client_id", "PSDXX-NOBODY-1")], &[]).await.location.is_none();
    "scope-unchecked": |world| refused(world, &[("scope", "PIS:there-is-no-such-payment")]).await == "invalid_scope";
    "foreign-payment-authorised": |world| {
        let changes = [("client_id", world.client_id(1)), ("redirect_uri", "https://tpp-b.example/callback")];
        refused(world, &changes).await == "invalid_scope"
    };
    "reauthorisation-accepted": |world| {
        let (payment, _) = world.tokens().await;
        let again = world.browse(world.authorization(&payment, &[]), APPROVE).await;
        again.param("error").as_deref() == Some("invalid_scope")
    };
    "duplicate-parameter-accepted": |world| {
        let mut url = world.authorization(&world.payment().await, &[]);
        url.query_pairs_mut().append_pair("scope", "accounts");
        world.browse(url, APPROVE).await.param("error").as_deref() == Some("invalid_request")
    };
    "empty-parameter-refused": |world| {
        let mut url = world.authorization(&world.payment().await, &[]);
        url.query_pairs_mut().append_pair("prompt", "");
        world.browse(url, APPROVE).await.param("code").is_some()
    };
    "empty-response-type-taken": |world| {
        let mut url = world.authorization(&world.payment().await, &[("response_type", "")]);
        url.query_pairs_mut().append_pair("response_type", "");
        world.browse(url, &[]).await.param("error").as_deref() == Some("invalid_request")
    };
    "redirect-uri-path-parameter-ignored": |world| not_sent_to(world, "https://tpp-a.example/callback;a=b").await;
    "redirect-uri-query-may-go-on": |world| not_sent_to(world, "https://tpp-a.example/callback?tenant=7&a=b").await;
    "redirect-uri-of-any-client-accepted": |world| not_sent_to(world, "https://tpp-b.example/callback").await;
    "state-trimmed": |world| approve(world, &[("state", " a ")]).await.param("state").as_deref() == Some(" a ");
    "state-escaped": |world| approve(world, &[("state", "<&>")]).await.param("state").as_deref() == Some("<&>");
    "state-in-small-letters": |world| approve(world, &[("state", "aB")]).await.param("state").as_deref() == Some("aB");
    "pkce-empty-verifier-accepted": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", ""),
        ];
        let own = fields.into_iter().chain([("client_id", world.client_id(0))]);
        let own: Vec<_> = own.map(|(name, value)| (name, value.to_owned())).collect();
        answer(form(world.a.post(format!("{}/token", world.bank.api)), &own)).await.0 == 400
    };
    "pkce-challenge-taken-for-verifier": |world| {
        let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(VERIFIER.as_bytes()));
        invalid("invalid_grant", &redeem(world, &[("code_verifier", &challenge)]).await)
    };
    "pkce-challenge-of-token-request-taken": |world| {
        let other = "another-verifier-of-more-than-43-characters-so-it-is";
        let challenge = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(other.as_bytes()));
        invalid("invalid_grant", &redeem(world, &[("code_verifier", other), ("code_challenge", &challenge)]).await)
    };
    "unknown-parameter-refused": |world| approve(world, &[("x_unknown", "1")]).await.param("code").is_some();
    "redirect-uri-unchecked": |world| not_sent_to(world, "https://attacker.example/callback").await;
    "redirect-uri-prefix-match": |world| not_sent_to(world, "https://tpp-a.example/callback/more").await;
    "redirect-uri-substring-match": |world| not_sent_to(world, "https://tpp-a.example@attacker.example/callback").await;
    "redirect-uri-fragment-accepted": |world| not_sent_to(world, "https://tpp-a.example/callback#x").await;
    "redirect-uri-http-accepted": |world| not_sent_to(world, "http://tpp-a.example/callback").await;
    "redirect-uri-decoded": |world| not_sent_to(world, "https://tpp-a.example/%63allback").await;
    "redirect-uri-normalised": |world| not_sent_to(world, "https://TPP-A.example:443/callback").await;
    "redirect-uri-of-sub-host-accepted": |world| not_sent_to(world, "https://www.tpp-a.example/callback").await;
    "open-redirect-on-error": |world| {
        let changes = [("redirect_uri", "https://attacker.example/callback"), ("response_type", "nonsense")];
        walk(world, &changes, &[]).await.location.is_none()
    };
    "redirect-uri-defaulted": |world| approve(world, &[("redirect_uri", "")]).await.location.is_none();
    "redirect-uri-query-lost": |world| {
        let browsed = approve(world, &[("redirect_uri", "https://tpp-a.example/callback?tenant=7")]).await;
        browsed.param("tenant").as_deref() == Some("7") && browsed.param("code").is_some()
    };
    "approval-without-code": |world| approve(world, &[]).await.param("code").is_some();
    "authorization-by-post-alone": |world| {
        let start = world.authorization(&world.payment().await, &[]);
        world.nobody.get(start).send().await.unwrap().status() == 303
    };
    "denial-gives-code": |world| {
        let browsed = walk(world, &[], DENY).await;
        browsed.param("error").as_deref() == Some("access_denied") && browsed.param("code").is_none()
    };
    "state-dropped": |world| approve(world, &[]).await.param("state").is_some();
    "state-missing-on-error": |world| walk(world, &[], DENY).await.param("state").as_deref() == Some(STATE);
    "state-reencoded": |world| approve(world, &[]).await.param("state").as_deref() == Some(STATE);
    "state-truncated": |world| approve(world, &[("state", &"s".repeat(1024))]).await.param("state").unwrap().len() == 1024;
    "state-invented": |world| approve(world, &[("state", "")]).await.param("state").is_none();
    "iss-missing": |world| approve(world, &[]).await.param("iss").is_some();
    "iss-of-another-server": |world| {
        approve(world, &[]).await.param("iss").as_deref() == Some(world.bank.issuer.as_str())
    };
    "callback-errors-with-quotes": |world| !walk(world, &[], DENY).await.param("error_description").unwrap().contains('"');
    "code-exposes-challenge": |world| !approve(world, &[]).await.param("code").unwrap().contains('.');
    "password-readable": |world| approve(world, &[]).await.pages.contains("type=\"password\"");
    "iss-missing-on-error": |world| walk(world, &[], DENY).await.param("iss").is_some();
    "iss-missing-on-rare-errors": |world| walk(world, &[("scope", "unknown")], &[]).await.param("iss").is_some();
    "state-missing-on-rare-errors": |world| {
        walk(world, &[("scope", "unknown")], &[]).await.param("state").as_deref() == Some(STATE)
    };
    "callback-parameter-repeated": |world| {
        let location = approve(world, &[]).await.location.unwrap();
        location.query_pairs().filter(|(name, _)| name == "state").count() == 1
    };
    "worthless-code-beside-error": |world| walk(world, &[], DENY).await.param("code").is_none();
    "frame-protection-missing-after-mistake": |world| walk(world, &[], &SIX_CODES[..3]).await.frameable == 0;
    "authorization-errors-misnamed": |world| refused(world, &[("scope", "unknown")]).await == "invalid_scope";
    "redirect-307": |world| approve(world, &[]).await.status == 303;
    "frame-protection-missing": |world| headers_of_login(world).await.contains_key("x-frame-options");
    "session-cookie-without-secure": |world| {
        let start = world.authorization(&world.payment().await, &[]);
        let response = world.nobody.get(start).send().await.unwrap();
        response.headers()["set-cookie"].to_str().unwrap().contains("; Secure")
    };
    "referrer-leaks": |world| headers_of_login(world).await.contains_key("referrer-policy");
    "consent-hides-amount": |world| {
        let pages = approve(world, &[]).await.pages;
        pages.matches("123.50").count() == 2 && pages.matches("Müller").count() == 2
    };
    "cancel-strands-psu": |world| returns_with_state(walk(world, &[], CANCEL).await);
    "failed-sca-strands-psu": |world| returns_with_state(walk(world, &[], MISTYPE).await);
    "timeout-strands-psu": |world| {
        let payment = world.payment().await;
        let walk = world.browse_with_pause(world.authorization(&payment, &[]), APPROVE, 601);
        returns_with_state(walk.await)
    };
    "sca-attempts-unlimited": |world| walk(world, &[], SIX_CODES).await.param("code").is_none();
    "attempts-forgotten-half-way": |world| {
        for _ in 0..5 {
            walk(world, &[], &[("login", ""), ("confirm", "x")]).await;
        }
        approve(world, &[]).await.param("code").is_none()
    };
    "decision-taken-again": |world| agrees_twice(world).await == [true, false];
    "nok-redirect-ignored": |world| by_redirect(world, DENY).await.1.location.unwrap().as_str() == "https://tpp-a.example/nok";
    // PKCE
    "pkce-optional": |world| refused(world, &[("code_challenge", "")]).await == "invalid_request";
    "pkce-plain-accepted": |world| {
        let changes = [("code_challenge", VERIFIER), ("code_challenge_method", "plain")];
        refused(world, &changes).await == "invalid_request"
    };
    "pkce-unknown-method-accepted": |world| refused(world, &[("code_challenge_method", "S512")]).await == "invalid_request";
    "pkce-hex-challenge-accepted": |world| {
        let hexadecimal: String = openssl::sha::sha256(VERIFIER.as_bytes()).iter().map(|one| format!("{one:02x}")).collect();
        redeem_flow(world, &[("code_challenge", &hexadecimal)], &[]).await.0 != 200
    };
    "pkce-s256-taken-for-plain": |world| redeem(world, &[]).await.0 == 200;
    "pkce-verifier-unchecked": |world| invalid("invalid_grant", &redeem(world, &[("code_verifier", &"v".repeat(43))]).await);
    "pkce-missing-verifier-accepted": |world| invalid("invalid_grant", &redeem(world, &[("code_verifier", "")]).await);
    "pkce-verifier-length-unchecked": |world| refuses_verifier(world, &"v".repeat(129)).await;
    "pkce-verifier-charset-unchecked": |world| refuses_verifier(world, &"!".repeat(50)).await;
    "pkce-downgrade-accepted": |world| {
        let asked = [("code_challenge", ""), ("code_challenge_method", "")];
        redeem_flow(world, &asked, &[]).await.0 != 200
    };
    "pkce-verifier-shared-between-flows": |world| {
        let other = "o".repeat(43);
        approve(world, &[("code_challenge", &challenge(&other))]).await;
        invalid("invalid_grant", &redeem(world, &[("code_verifier", &other)]).await)
    };
}
