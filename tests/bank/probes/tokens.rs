//! Probes of the token, revocation and introspection endpoints and of the protected resource.

use super::Probe;
use super::helpers::*;
use crate::world::*;
use serde_json::json;

probes! {
    "code-redeemed-twice-at-once": |world| {
        let code = world.code(&world.payment().await).await;
        let (first, second) = tokio::join!(world.redeem(&code, &[]), world.redeem(&code, &[]));
        (first.0 == 200) != (second.0 == 200)
    };
    // The token endpoint
    "valid-code-refused": |world| redeem(world, &[]).await.0 == 200;
    "code-reusable": |world| {
        let code = world.code(&world.payment().await).await;
        world.redeem(&code, &[]).await;
        world.redeem(&code, &[]).await.0 == 400
    };
    "replay-keeps-tokens": |world| {
        let payment = world.payment().await;
        let code = world.code(&payment).await;
        let (_, tokens) = world.redeem(&code, &[]).await;
        world.redeem(&code, &[]).await;
        !reads(world, &payment, &tokens).await && refresh(world, &tokens, &[]).await.0 == 400
    };
    "code-never-expires": |world| {
        let code = world.code(&world.payment().await).await;
        world.advance(301).await;
        world.redeem(&code, &[]).await.0 == 400
    };
    "code-outlives-a-minute": |world| {
        let code = world.code(&world.payment().await).await;
        world.advance(61).await;
        world.redeem(&code, &[]).await.0 == 400
    };
    "refresh-token-replaced": |world| {
        let (_, tokens) = world.tokens().await;
        (refresh(world, &tokens, &[]).await.0, refresh(world, &tokens, &[]).await.0) == (200, 200)
    };
    "code-not-bound-to-client": |world| {
        let code = world.code(&world.payment().await).await;
        let fields = [("grant_type", "authorization_code"), ("code", &code), ("client_id", world.client_id(1))];
        answer(world.token_request(&world.b, &fields)).await.0 == 400
    };
    "redirect-uri-not-bound-to-code": |world| {
        let other = [("redirect_uri", "https://tpp-a.example/callback?tenant=7")];
        invalid("invalid_grant", &redeem(world, &other).await)
    };
    "redirect-uri-may-be-left-out": |world| redeem(world, &[("redirect_uri", "")]).await.0 == 400;
    "codes-sequential": |world| !world.code(&world.payment().await).await.starts_with("0000");
    "unknown-grant-server-error": |world| {
        token_error(world, &[("grant_type", "urn:example:unknown")]).await == (400, "unsupported_grant_type".to_owned())
    };
    "password-grant-enabled": |world| {
        token_error(world, &[("grant_type", "password")]).await == (400, "unsupported_grant_type".to_owned())
    };
    "garbage-code-server-error": |world| invalid("invalid_grant", &{
        token_error(world, &[("grant_type", "authorization_code"), ("code", "rubbish")]).await
    });
    "unissued-code-accepted": |world| invalid("invalid_grant", &{
        token_error(world, &[("grant_type", "authorization_code"), ("code", "rubbish")]).await
    });
    "token-endpoint-get": |world| {
        let query = world.token_request(&world.a, &[("grant_type", "client_credentials")]).build().unwrap();
        let query = String::from_utf8(query.body().unwrap().as_bytes().unwrap().to_vec()).unwrap();
        world.a.get(format!("{}/token?{query}", world.bank.api)).send().await.unwrap().status() == 405
    };
    "token-type-missing": |world| world.tokens().await.1["token_type"] == "Bearer";
    "expires-in-missing": |world| world.tokens().await.1["expires_in"] == 300;
    "token-response-cacheable": |world| {
        let request = world.token_request(&world.a, &[("grant_type", "client_credentials")]);
        request.send().await.unwrap().headers().contains_key("cache-control")
    };
    "refusals-misnamed": |world| invalid("invalid_grant", &redeem(world, &[("code", "rubbish")]).await);
    "refusals-with-200": |world| redeem(world, &[("code", "rubbish")]).await.0 == 400;
    "access-token-misnamed": |world| world.tokens().await.1["access_token"].is_string();
    "token-response-as-text": |world| {
        let request = world.token_request(&world.a, &[("grant_type", "client_credentials")]);
        request.send().await.unwrap().headers()["content-type"] == "application/json"
    };
    "token-errors-with-quotes": |world| {
        let (_, body) = answer(world.token_request(&world.a, &[("grant_type", "unheard-of")])).await;
        !body["error_description"].as_str().unwrap().contains('"')
    };
    "token-with-201": |world| redeem(world, &[]).await.0 == 200;
    "token-type-unregistered": |world| world.tokens().await.1["token_type"] == "Bearer";
    "token-scope-as-list": |world| world.tokens().await.1["scope"].is_string();
    "expires-in-as-text": |world| world.tokens().await.1["expires_in"].is_number();
    "refreshed-token-cacheable": |world| {
        let (_, tokens) = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let request = world.token_request(&world.a, &[("grant_type", "refresh_token"), ("refresh_token", token)]);
        request.send().await.unwrap().headers().contains_key("cache-control")
    };
    "json-with-byte-order-mark": |world| text_of_metadata(world).await.starts_with('{');
    "json-with-idle-comma": |world| !text_of_metadata(world).await.ends_with(",}");
    "json-member-twice": |world| text_of_metadata(world).await.matches("\"issuer\"").count() == 1;
    "location-twice": |world| {
        let request = world.initiation(&world.a, &world.order());
        request.send().await.unwrap().headers().get_all("location").iter().count() == 1
    };
    "allow-missing": |world| {
        world.a.get(format!("{}/par", world.bank.api)).send().await.unwrap().headers().contains_key("allow")
    };
    "challenge-missing-beside-bad-token": |world| {
        let payment = world.payment().await;
        world.read(&world.a, &payment, "rubbish").await.headers().contains_key("www-authenticate")
    };
    "challenge-without-parameter": |world| {
        let request = identified(world.a.get(world.payment_url(&world.payment().await)));
        request.send().await.unwrap().headers().get("www-authenticate").is_some_and(|value| value != "Bearer")
    };
    "token-error-wrong-media-type": |world| {
        let request = world.token_request(&world.a, &[("grant_type", "x")]);
        request.send().await.unwrap().headers()["content-type"] == "application/json"
    };
    "refresh-refused": |world| {
        let (payment, tokens) = world.tokens().await;
        let (status, fresh) = refresh(world, &tokens, &[]).await;
        status == 200 && reads(world, &payment, &fresh).await
    };
    "refresh-token-not-bound-to-client": |world| {
        let (_, tokens) = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", world.client_id(1))];
        answer(world.token_request(&world.b, &fields)).await.0 == 400
    };
    "refresh-scope-refusal-misnamed": |world| {
        let (payment, tokens) = world.tokens().await;
        error(&refresh(world, &tokens, &[("scope", &format!("PIS:{payment} accounts"))]).await.1) == "invalid_scope"
    };
    "refresh-widens-scope": |world| {
        let (payment, tokens) = world.tokens().await;
        error(&refresh(world, &tokens, &[("scope", &format!("PIS:{payment} accounts"))]).await.1) == "invalid_scope"
    };
    "jwt-claim-twice": |world| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let (_, tokens) = world.tokens().await;
        let claims = URL_SAFE_NO_PAD.decode(access(&tokens).split('.').nth(1).unwrap()).unwrap();
        String::from_utf8(claims).unwrap().matches("auth_time").count() < 2
    };
    "refresh-adds-scope": |world| {
        let (payment, tokens) = world.tokens().await;
        refresh(world, &tokens, &[]).await.1["scope"] == format!("PIS:{payment}")
    };
    "token-for-more-than-was-asked": |world| {
        let (payment, tokens) = world.tokens().await;
        tokens["scope"] == format!("PIS:{payment}")
    };
    "client-credentials-refresh-token": |world| {
        let (status, body) = answer(world.token_request(&world.a, &[("grant_type", "client_credentials")])).await;
        status == 200 && body["refresh_token"].is_null()
    };
    // The protected resource
    "valid-token-refused": |world| {
        let (payment, tokens) = world.tokens().await;
        reads(world, &payment, &tokens).await
    };
    "token-not-bound": |world| {
        let (payment, tokens) = world.tokens().await;
        world.read(&world.renewed, &payment, access(&tokens)).await.status() == 401
    };
    "expired-token-accepted": |world| {
        let (payment, tokens) = world.tokens().await;
        world.advance(301).await;
        !reads(world, &payment, &tokens).await
    };
    "token-signature-unchecked": |world| {
        let (payment, tokens) = world.tokens().await;
        let token = access(&tokens);
        let flipped = if token.ends_with('A') { 'B' } else { 'A' };
        world.read(&world.a, &payment, &format!("{}{flipped}", &token[..token.len() - 1])).await.status() == 401
    };
    "token-alg-none-accepted": |world| {
        let (payment, tokens) = world.tokens().await;
        let claims = access(&tokens).split('.').nth(1).unwrap();
        world.read(&world.a, &payment, &format!("eyJhbGciOiJub25lIn0.{claims}.")).await.status() == 401
    };
    "token-scope-unchecked": |world| {
        let (_, tokens) = world.tokens().await;
        let (other, _) = world.tokens().await;
        world.read(&world.a, &other, access(&tokens)).await.status() == 403
    };
    "token-in-query-accepted": |world| {
        let (payment, tokens) = world.tokens().await;
        let url = format!("{}?access_token={}", world.payment_url(&payment), access(&tokens));
        answer(identified(world.a.get(url))).await.0 == 401
    };
    "bearer-case-sensitive": |world| {
        let (payment, tokens) = world.tokens().await;
        let request = identified(world.a.get(world.payment_url(&payment)));
        answer(request.header("Authorization", format!("bearer {}", access(&tokens)))).await.0 == 200
    };
    "resource-served-without-token": |world| {
        let payment = world.payment().await;
        answer(identified(world.a.get(world.payment_url(&payment)))).await.0 == 401
    };
    "resource-without-challenge": |world| {
        let request = identified(world.a.get(world.payment_url(&world.payment().await)));
        request.send().await.unwrap().headers().get("www-authenticate").is_some_and(|value| {
            value.as_bytes().starts_with(b"Bearer")
        })
    };
    // Revocation
    "access-token-revocation-without-effect": |world| {
        let (payment, tokens) = world.tokens().await;
        revoke(world, &[("token", access(&tokens))]).await == 200 && !reads(world, &payment, &tokens).await
    };
    "refresh-token-revocation-without-effect": |world| {
        let (_, tokens) = world.tokens().await;
        revoke(world, &[("token", tokens["refresh_token"].as_str().unwrap())]).await;
        error(&refresh(world, &tokens, &[]).await.1) == "invalid_grant"
    };
    "refresh-revocation-keeps-access-tokens": |world| {
        let (payment, tokens) = world.tokens().await;
        revoke(world, &[("token", tokens["refresh_token"].as_str().unwrap())]).await;
        !reads(world, &payment, &tokens).await
    };
    "unknown-token-revocation-refused": |world| revoke(world, &[("token", "never-issued")]).await == 200;
    "revocation-without-client-authentication": |world| {
        let (payment, tokens) = world.tokens().await;
        let (status, _) = about(world, "/revoke", &world.nobody, 0, &[("token", access(&tokens))]).await;
        status != 200 && reads(world, &payment, &tokens).await
    };
    "revocation-by-other-client": |world| {
        let (payment, tokens) = world.tokens().await;
        about(world, "/revoke", &world.b, 1, &[("token", access(&tokens))]).await;
        reads(world, &payment, &tokens).await
    };
    "revocation-hint-obeyed": |world| {
        let (payment, tokens) = world.tokens().await;
        revoke(world, &[("token", access(&tokens)), ("token_type_hint", "refresh_token")]).await;
        !reads(world, &payment, &tokens).await
    };
    "revocation-without-token-accepted": |world| revoke(world, &[]).await == 400;
    "revocation-by-get": |world| {
        let (payment, tokens) = world.tokens().await;
        let url = format!("{}/revoke?client_id={}&token={}", world.bank.api, world.client_id(0), access(&tokens));
        world.a.get(url).send().await.unwrap().status() == 405 && reads(world, &payment, &tokens).await
    };
    "second-revocation-server-error": |world| {
        let (_, tokens) = world.tokens().await;
        revoke(world, &[("token", access(&tokens))]).await;
        revoke(world, &[("token", access(&tokens))]).await == 200
    };
    // Introspection
    "introspection-without-authentication": |world| {
        let (_, tokens) = world.tokens().await;
        about(world, "/introspect", &world.nobody, 0, &[("token", access(&tokens))]).await.1["active"].is_null()
    };
    "introspection-by-get-alone": |world| introspect_live(world).await["active"] == true;
    "introspection-inactive-for-live-token": |world| introspect_live(world).await["active"] == true;
    "introspection-active-as-text": |world| introspect_live(world).await["active"] == true;
    "introspection-names-other-client": |world| introspect_live(world).await["client_id"] == world.client_id(0);
    "introspection-tells-longer-life": |world| {
        let told = introspect_live(world).await;
        told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap() == 300
    };
    "introspection-without-cnf": |world| introspect_live(world).await["cnf"]["x5t#S256"].is_string();
    "introspection-revoked-active": |world| {
        let (_, tokens) = world.tokens().await;
        revoke(world, &[("token", access(&tokens))]).await;
        about(world, "/introspect", &world.a, 0, &[("token", access(&tokens))]).await.1["active"] == false
    };
    "introspection-inactive-details": |world| {
        about(world, "/introspect", &world.a, 0, &[("token", "never-issued")]).await.1 == json!({ "active": false })
    };
    "dead-token-active": |world| {
        let (_, tokens) = world.tokens().await;
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        revoke(world, &[("token", refresh_token)]).await;
        about(world, "/introspect", &world.a, 0, &[("token", refresh_token)]).await.1["active"] == false
    };
    "dead-token-told-of": |world| {
        let (_, tokens) = world.tokens().await;
        world.advance(301).await;
        about(world, "/introspect", &world.a, 0, &[("token", access(&tokens))]).await.1 == json!({ "active": false })
    };
    "introspection-refuses-odd-hint": |world| {
        let (_, tokens) = world.tokens().await;
        let fields = [("token", access(&tokens)), ("token_type_hint", "odd")];
        about(world, "/introspect", &world.a, 0, &fields).await.1["active"] == true
    };
    "introspection-obeys-hint": |world| {
        let (_, tokens) = world.tokens().await;
        let fields = [("token", access(&tokens)), ("token_type_hint", "refresh_token")];
        about(world, "/introspect", &world.a, 0, &fields).await.1["active"] == true
    };
    "revocation-refuses-odd-hint": |world| revoke(world, &[("token", "none"), ("token_type_hint", "odd")]).await == 200;
    "token-kept-by-odd-hint": |world| {
        let (payment, tokens) = world.tokens().await;
        revoke(world, &[("token", access(&tokens)), ("token_type_hint", "odd")]).await;
        !reads(world, &payment, &tokens).await
    };
    "refresh-token-kept-by-hint": |world| {
        let (_, tokens) = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        revoke(world, &[("token", token), ("token_type_hint", "access_token")]).await;
        refresh(world, &tokens, &[]).await.0 == 400
    };
    "refresh-revocation-keeps-refreshed-tokens": |world| {
        let (payment, tokens) = world.tokens().await;
        let (_, fresh) = refresh(world, &tokens, &[]).await;
        revoke(world, &[("token", tokens["refresh_token"].as_str().unwrap())]).await;
        !reads(world, &payment, &fresh).await
    };
    "used-refresh-token-outlives-revocation": |world| {
        let (_, tokens) = world.tokens().await;
        refresh(world, &tokens, &[]).await;
        revoke(world, &[("token", tokens["refresh_token"].as_str().unwrap())]).await;
        refresh(world, &tokens, &[]).await.0 == 400
    };
    "replay-keeps-refresh-token": |world| {
        let code = world.code(&world.payment().await).await;
        let (_, tokens) = world.redeem(&code, &[]).await;
        world.redeem(&code, &[]).await;
        refresh(world, &tokens, &[]).await.0 == 400
    };
    "replay-keeps-refreshed-tokens": |world| {
        let payment = world.payment().await;
        let code = world.code(&payment).await;
        let (_, tokens) = world.redeem(&code, &[]).await;
        let (_, fresh) = refresh(world, &tokens, &[]).await;
        world.redeem(&code, &[]).await;
        !reads(world, &payment, &fresh).await
    };
    "replay-keeps-used-tokens": |world| {
        let payment = world.payment().await;
        let code = world.code(&payment).await;
        let (_, tokens) = world.redeem(&code, &[]).await;
        reads(world, &payment, &tokens).await;
        world.redeem(&code, &[]).await;
        !reads(world, &payment, &tokens).await
    };
    "token-parameter-twice-accepted": |world| {
        let request = [("grant_type", "client_credentials"), ("grant_type", "client_credentials")];
        about(world, "/token", &world.a, 0, &request).await.0 == 400
    };
    "empty-token-parameter-refused": |world| {
        let (_, tokens) = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", "")];
        about(world, "/token", &world.a, 0, &fields).await.0 == 200
    };
    "revocation-parameter-twice-accepted": |world| revoke(world, &[("token", "a"), ("token", "b")]).await == 400;
    "empty-revocation-parameter-refused": |world| {
        revoke(world, &[("token", "a"), ("token_type_hint", "")]).await == 200
    };
    "introspection-parameter-twice-accepted": |world| {
        about(world, "/introspect", &world.a, 0, &[("token", "a"), ("token", "b")]).await.0 == 400
    };
    "empty-introspection-parameter-refused": |world| {
        about(world, "/introspect", &world.a, 0, &[("token", "a"), ("token_type_hint", "")]).await.0 == 200
    };
    "refresh-without-client-authentication": |world| {
        let (_, tokens) = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        about(world, "/token", &world.nobody, 0, &fields).await.0 != 200
    };
    "client-credentials-without-client-authentication": |world| {
        about(world, "/token", &world.nobody, 0, &[("grant_type", "client_credentials")]).await.0 != 200
    };
}
