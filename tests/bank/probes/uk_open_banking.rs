//! Probes of the payment API of UK Open Banking.

use super::Probe;
use super::helpers::DENY;
use crate::uk_open_banking::*;
use crate::world::*;
use serde_json::{Value, json};

probes! {
    "uk-consent-used-twice-at-once": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        let body = order(&id, &request());
        let send = |key| answer(post_with(world, V4, ORDERS, &customers, &body, key));
        let (first, second) = tokio::join!(send("key-1"), send("key-2"));
        (first.0 == 201) != (second.0 == 201)
    };
    "uk-consent-born-authorised": |world| {
        let (id, tpps) = consent(world, V4).await;
        status_of(&get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1) == "AWAU"
    };
    "uk-consent-read-as-authorised": |world| {
        let (id, tpps) = consent(world, V4).await;
        status_of(&get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1) == "AWAU"
    };
    "uk-order-unauthorised": |world| {
        let (_, _, customers) = authorised(world, V4).await;
        let (unauthorised, _) = consent(world, V4).await;
        let (other, _, own) = authorised(world, V4).await;
        let without_approval = ordered(world, V4, &unauthorised, &customers).await.0;
        let with_another_token = ordered(world, V4, &other, &customers).await.0;
        let paid = ordered(world, V4, &other, &own).await.0;
        (without_approval, with_another_token, paid) == (403, 403, 201)
    };
    "uk-order-mismatch": |world| {
        let mut refused = true;
        for (place, value) in [
            ("/Data/Initiation/InstructedAmount/Amount", json!("123.51")),
            ("/Data/Initiation/CreditorAccount/Identification", json!("20405318203746")),
            ("/Risk", json!({ "PaymentContextCode": "TransferToSelf" })),
        ] {
            let (id, _, customers) = authorised(world, V4).await;
            let mut body = order(&id, &request());
            *body.pointer_mut(place).unwrap() = value;
            let answered = answer(post(world, V4, ORDERS, &customers, &body)).await;
            refused &= is_refused(&answered, "U008");
        }
        refused
    };
    "uk-order-read-back-differs": |world| {
        let (id, tpps, customers) = authorised(world, V4).await;
        let made = ordered(world, V4, &id, &customers).await.1;
        let path = format!("{ORDERS}/{}", made["Data"]["DomesticPaymentId"].as_str().unwrap());
        get(world, &world.a, V4, &path, &tpps).await.1["Data"]["Initiation"] == request()["Data"]["Initiation"]
    };
    "uk-order-told-otherwise": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        ordered(world, V4, &id, &customers).await.1["Data"]["Initiation"] == request()["Data"]["Initiation"]
    };
    "uk-consent-told-otherwise": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        let made = answer(post(world, V4, CONSENTS, &token, &request())).await.1;
        made["Data"]["Initiation"] == request()["Data"]["Initiation"]
    };
    "uk-consent-read-back-differs": |world| {
        let (id, tpps) = consent(world, V4).await;
        let told = get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1;
        told["Data"]["Initiation"] == request()["Data"]["Initiation"]
    };
    "uk-amounts-as-numbers": |world| {
        let (id, tpps) = consent(world, V4).await;
        let told = get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1;
        told["Data"]["Initiation"]["InstructedAmount"]["Amount"].is_string()
    };
    "uk-replay-creates": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        let send = || answer(post_with(world, V4, ORDERS, &customers, &order(&id, &request()), "key-1"));
        let (first, second) = (send().await, send().await);
        let (a, b) = twice(world, &request(), &request()).await;
        first.0 == 201 && first == second && a["Data"]["ConsentId"] == b["Data"]["ConsentId"]
    };
    "uk-replay-overwrites": |world| {
        let mut other = request();
        other["Data"]["Initiation"]["InstructedAmount"]["Amount"] = json!("200.00");
        let (first, _) = twice(world, &request(), &other).await;
        let path = format!("{CONSENTS}/{}", first["Data"]["ConsentId"].as_str().unwrap());
        let now = get(world, &world.a, V4, &path, &tpps_token(world, &world.a, 0).await).await.1;
        now["Data"]["Initiation"] == request()["Data"]["Initiation"]
    };
    "uk-long-key-accepted": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        let with = |key: String| answer(post_with(world, V4, CONSENTS, &token, &request(), &key).try_clone().unwrap());
        with("k".repeat(40)).await.0 == 201 && is_refused(&with("k".repeat(41)).await, "U006")
    };
    "uk-unknown-404": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        let order = get(world, &world.a, V3, &format!("{ORDERS}/unknown"), &token).await;
        let consent = get(world, &world.a, V4, &format!("{CONSENTS}/unknown"), &token).await;
        is_refused(&order, "UK.OBIE.Resource.NotFound") && is_refused(&consent, "U011")
    };
    "uk-consent-reusable": |world| {
        let (id, tpps, customers) = authorised(world, V4).await;
        let first = ordered(world, V4, &id, &customers).await.0;
        let consent = get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1;
        let second = ordered(world, V4, &id, &customers).await;
        first == 201 && status_of(&consent) == "COND" && is_refused(&second, "U009")
    };
    "uk-error-form": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        let told = |body: &Value| body["Errors"][0]["ErrorCode"].is_string();
        let old = get(world, &world.a, V3, &format!("{ORDERS}/unknown"), &token).await.1;
        let new = get(world, &world.a, V4, &format!("{ORDERS}/unknown"), &token).await.1;
        told(&old) && told(&new) && old["Code"].is_string() && old["Message"].is_string()
    };
    "uk-interaction-id-missing": |world| {
        const NAME: &str = "x-fapi-interaction-id";
        let (path, sent) = (url(world, V4, CONSENTS), "93bac548-d2de-4546-b106-880a5018460d");
        let played_back = world.a.get(&path).header(NAME, sent).send().await.unwrap();
        let own = world.a.get(&path).send().await.unwrap();
        let is_uuid = |value: &str| uuid::Uuid::try_parse(value).is_ok();
        played_back.headers().get(NAME).is_some_and(|id| id == sent)
            && own.headers().get(NAME).is_some_and(|id| is_uuid(id.to_str().unwrap()))
    };
    "uk-code-status": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        get(world, &world.a, V4, &format!("{ORDERS}/unknown"), &token).await.1["Errors"][0]["ErrorCode"] == "U011"
    };
    "uk-status-undeclared": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        status_of(&ordered(world, V4, &id, &customers).await.1) == "RCVD"
    };
    "uk-approval-unrecorded": |world| {
        let (id, tpps, _) = authorised(world, V4).await;
        status_of(&get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1) == "AUTH"
    };
    "uk-denial-unrecorded": |world| {
        let (id, tpps) = consent(world, V4).await;
        browse(world, &id, &[], DENY).await;
        let consent = get(world, &world.a, V4, &format!("{CONSENTS}/{id}"), &tpps).await.1;
        let again = browse(world, &id, &[], APPROVE).await;
        status_of(&consent) == "RJCT"
            && consent["Data"]["StatusReason"].is_array()
            && again.param("error").as_deref() == Some("invalid_request")
    };
    "uk-owner-unchecked": |world| {
        let (id, _) = consent(world, V4).await;
        let others = tpps_token(world, &world.b, 1).await;
        get(world, &world.b, V4, &format!("{CONSENTS}/{id}"), &others).await.0 == 403
    };
    "uk-foreign-intent": |world| {
        let (id, _) = consent(world, V4).await;
        let changes = [("client_id", world.client_id(1)), ("redirect_uri", "https://tpp-b.example/callback")];
        browse(world, &id, &changes, &[]).await.param("error").as_deref() == Some("invalid_request")
    };
    "uk-funds-not-boolean": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        funds(world, &id, &customers).await.1["Data"]["FundsAvailableResult"]["FundsAvailable"].is_boolean()
    };
    "uk-funds-tell-balance": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        !funds(world, &id, &customers).await.1.to_string().contains("Balance")
    };
    "uk-funds-reject-consent": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        funds(world, &id, &customers).await.0 == 200 && funds(world, &id, &customers).await.0 == 200
    };
    "uk-funds-any-state": |world| {
        let (id, _, customers) = authorised(world, V4).await;
        ordered(world, V4, &id, &customers).await;
        is_refused(&funds(world, &id, &customers).await, "U009")
    };
    "uk-grant-unchecked": |world| {
        let (id, tpps, customers) = authorised(world, V4).await;
        let (asked, ordered) = (funds(world, &id, &tpps).await.0, ordered(world, V4, &id, &tpps).await.0);
        (asked, ordered) == (403, 403) && funds(world, &id, &customers).await.0 == 200
    };
    "uk-media-type-unchecked": |world| {
        let token = tpps_token(world, &world.a, 0).await;
        let plain = post(world, V4, CONSENTS, &token, &request()).build().unwrap();
        let with = |name: &'static str, value: &'static str| {
            let mut request = plain.try_clone().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
            async { world.a.execute(request).await.unwrap().status().as_u16() }
        };
        (with("content-type", "text/plain").await, with("accept", "text/html").await) == (415, 406)
    };
    "uk-fields-unchecked": |world| {
        let mut refused = true;
        for (object, field) in [
            ("/Data/Initiation", "InstructedAmount"),
            ("/Data/Initiation", "CreditorAccount"),
            ("/Data/Initiation/CreditorAccount", "Name"),
            ("/Data/Initiation", "InstructionIdentification"),
            ("", "Risk"),
        ] {
            let mut body = request();
            body.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(field);
            refused &= is_refused(&lodged(world, &body).await, "U004");
        }
        refused
    };
    "uk-sort-code-unchecked": |world| {
        let mut body = request();
        body["Data"]["Initiation"]["CreditorAccount"]["Identification"] = json!("2040531820374");
        is_refused(&lodged(world, &body).await, "U021")
    };
    "uk-date-forms": |world| {
        let mut body = request();
        let mut taken = true;
        for date in ["2030-01-02T10:15:30Z", "2030-01-02T10:15:30.250+01:00", "2030-01-02T10:15:30"] {
            body["Data"]["Authorisation"] = json!({ "AuthorisationType": "Any", "CompletionDateTime": date });
            let (status, answer) = lodged(world, &body).await;
            taken &= status == 201 && answer["Data"]["CreationDateTime"].as_str().unwrap().ends_with("+00:00");
        }
        taken
    };
    "uk-version-mixed": |world| {
        let (id, _, customers) = authorised(world, V3).await;
        ordered(world, V4, &id, &customers).await.0 == 400
    };
    "uk-expired-body": |world| {
        let (id, token) = consent(world, V4).await;
        world.advance(301).await;
        let path = format!("{CONSENTS}/{id}");
        let (new, old) = (get(world, &world.a, V4, &path, &token).await, get(world, &world.a, V3, &path, &token).await);
        (new.0, old.0) == (401, 401) && new.1["Errors"].is_array() && old.1 == ""
    };
}

fn is_refused((status, body): &(u16, Value), code: &str) -> bool {
    *status == 400 && body["Errors"][0]["ErrorCode"] == code
}

async fn lodged(world: &World, body: &Value) -> (u16, Value) {
    answer(post(world, V4, CONSENTS, &tpps_token(world, &world.a, 0).await, body)).await
}

async fn ordered(world: &World, version: &str, consent: &str, token: &str) -> (u16, Value) {
    answer(post(world, version, ORDERS, token, &order(consent, &request()))).await
}

async fn funds(world: &World, consent: &str, token: &str) -> (u16, Value) {
    get(world, &world.a, V4, &format!("{CONSENTS}/{consent}/funds-confirmation"), token).await
}

/// Two requests for a consent under one key.
async fn twice(world: &World, first: &Value, second: &Value) -> (Value, Value) {
    let token = tpps_token(world, &world.a, 0).await;
    let send = |body: &Value| answer(post_with(world, V4, CONSENTS, &token, body, "key-2"));
    (send(first).await.1, send(second).await.1)
}
