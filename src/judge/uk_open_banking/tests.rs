//! A table for each judge: what banks may answer, and what they may not.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::judge::{
    Finding,
    vocabulary::uk_open_banking::{Consent, Release, V3, V4},
};

/// What a judge is to say.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Yes,
    No,
    Nothing,
}
use Says::{No, Nothing, Yes};

fn says(finding: &Finding) -> Says {
    match finding {
        Finding::Holds(_) => Yes,
        Finding::Broken(_) => No,
        Finding::Unclear(_) | Finding::Beside(_) => Nothing,
    }
}

fn exchange(operation: &str, sent: &Value, status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let exchange = json!({
        "id": "x0001", "check": "UK-001", "identity": "tpp-a", "operation": operation, "purpose": "ask", "duration_ms": 1.0,
        "sent_at": "2026-11-21T10:00:00Z",
        "request": {
            "method": "POST", "url": "https://bank.example/open-banking/v4.0/pisp/domestic-payment-consents",
            "headers": [["x-fapi-interaction-id", "93bac548-d2de-4546-b106-880a5018460d"]], "body": sent.to_string(),
        },
        "answer": { "kind": "response", "status": status, "headers": headers, "body": body, "truncated": false },
        "tls": null,
    });
    serde_json::from_value(exchange).unwrap()
}

fn answered(status: u16, body: &Value) -> Exchange {
    exchange("status", &asked(), status, &[("content-type", "application/json")], &body.to_string())
}

fn asked() -> Value {
    json!({ "Data": { "Initiation": { "InstructedAmount": { "Amount": "1.00", "Currency": "GBP" } } }, "Risk": {} })
}

fn consent(status: &str) -> Value {
    json!({
        "Data": {
            "ConsentId": "c1", "CreationDateTime": "2026-11-21T10:00:00+00:00", "Status": status,
            "StatusUpdateDateTime": "2026-11-21T10:00:00.250Z", "Initiation": asked()["Data"]["Initiation"],
        },
        "Risk": {},
    })
}

/// The document with another value in one place.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

#[test]
fn a_consent_is_created_as_it_was_asked_for() {
    let good = || consent("AWAU");
    for (status, body, expected) in [
        (201, good(), Yes),
        (201, with(good(), "/Data/Status", json!("AUTH")), No),
        (201, with(good(), "/Data/Status", json!("AwaitingAuthorisation")), No),
        (201, with(good(), "/Data/CreationDateTime", json!(7)), No),
        // What stands in them is for another check.
        (201, with(good(), "/Data/Initiation/InstructedAmount/Amount", json!("2.00")), Yes),
        (201, with(good(), "/Data/Initiation", Value::Null), No),
        (201, with(good(), "/Risk", Value::Null), No),
        (201, with(good(), "/Data/ConsentId", json!("c".repeat(129))), No),
        (200, good(), No),
        (503, good(), Nothing),
    ] {
        let finding = consent_created(&answered(status, &body), &V4);
        assert_eq!(says(&finding), expected, "{status} {body}: {finding:?}");
    }
    assert_eq!(says(&consent_created(&answered(201, &consent("AwaitingAuthorisation")), &V3)), Yes);
}

#[test]
fn a_consent_is_as_far_as_its_release_says() {
    let of = |status: u16, name: &str, release: &Release| {
        says(&consent_is(&answered(status, &consent(name)), Consent::Consumed, release))
    };
    assert_eq!([of(200, "COND", &V4), of(200, "Consumed", &V3)], [Yes, Yes]);
    assert_eq!([of(200, "AUTH", &V4), of(200, "COND", &V3)], [No, No]);
    assert_eq!(of(400, "COND", &V4), Nothing);
    let waits = |status: u16, name: &str| says(&consent_waits(&answered(status, &consent(name)), &V4));
    assert_eq!(["AWAU", "RJCT", "AUTH", "COND"].map(|name| waits(200, name)), [Yes, Yes, No, No]);
    assert_eq!([waits(200, "DONE"), waits(404, "AUTH")], [Nothing, Nothing]);
    let funds = |name: &str| says(&asks_no_more(&answered(200, &consent(name)), &V4));
    assert_eq!([funds("AUTH"), funds("COND")], [Yes, No]);
}

#[test]
fn another_body_under_a_key_changes_nothing() {
    let again = with(asked(), "/Data/Initiation/InstructedAmount/Amount", json!("2.00"));
    let judge = |status: u16, body: &Value| says(&not_modified(&answered(status, body), &asked(), &again));
    let amount = |value: &str| with(consent("AWAU"), "/Data/Initiation/InstructedAmount/Amount", json!(value));
    assert_eq!([judge(200, &consent("AWAU")), judge(200, &amount("1.0"))], [Yes, Yes]);
    assert_eq!(judge(200, &amount("3.00")), Yes, "nobody has sent that");
    assert_eq!(judge(200, &amount("2.00")), No);
    // What is told otherwise without another request is for another check.
    let currency = with(consent("AWAU"), "/Data/Initiation/InstructedAmount/Currency", json!("EUR"));
    assert_eq!(judge(200, &currency), Yes);
    assert_eq!(judge(400, &json!({})), Nothing);
}

#[test]
fn a_replay_is_answered_with_the_same_id() {
    let first = answered(201, &consent("AWAU"));
    let judge = |status: u16, body: &Value| says(&repeated(&first, &answered(status, body)));
    assert_eq!(judge(201, &consent("AUTH")), Yes);
    assert_eq!(judge(201, &with(consent("AWAU"), "/Data/ConsentId", json!("c2"))), No);
    assert_eq!([judge(200, &consent("AWAU")), judge(409, &json!({}))], [No, No]);
    assert_eq!(says(&repeated(&answered(400, &json!({})), &first)), Nothing);
}

#[test]
fn of_two_orders_one_is_taken() {
    let order =
        |id: &str, status: &str| answered(201, &json!({ "Data": { "DomesticPaymentId": id, "Status": status } }));
    let refused = || answered(400, &json!({ "Errors": [] }));
    let judge = |first: &Exchange, second: &Exchange| says(&one_of_two(first, second));
    let first = order("1", "ACSP");
    assert_eq!([judge(&first, &refused()), judge(&refused(), &first)], [Yes, Yes]);
    assert_eq!([judge(&first, &order("2", "RJCT")), judge(&first, &order("1", "ACSP"))], [Yes, Yes]);
    assert_eq!([judge(&first, &order("2", "ACSP")), judge(&refused(), &refused())], [No, Yes]);
    assert_eq!(judge(&answered(500, &json!({})), &refused()), Nothing);
}

#[test]
fn an_order_is_told_with_its_status() {
    let judge = |code: u16, status: &str, release: &Release| {
        let data = json!({ "DomesticPaymentId": "p1", "ConsentId": "c1", "Status": status });
        says(&order_told(&answered(code, &json!({ "Data": data })), release))
    };
    assert_eq!([judge(200, "RCVD", &V4), judge(200, "Pending", &V3)], [Yes, Yes]);
    assert_eq!([judge(200, "Pending", &V4), judge(200, "COND", &V4), judge(400, "RCVD", &V4)], [No, No, No]);
    assert_eq!(says(&order_told(&answered(200, &json!({ "Data": { "Status": "RCVD" } })), &V4)), No);
}

#[test]
fn funds_are_there_or_not() {
    let funds = |available: Value, at: &str| {
        let result = json!({ "FundsAvailable": available, "FundsAvailableDateTime": at });
        says(&funds_told(&answered(200, &json!({ "Data": { "FundsAvailableResult": result } }))))
    };
    assert_eq!([funds(json!(true), "2026-11-21T10:00:00Z"), funds(json!(false), "2026-11-21T10:00+01:00")], [Yes, Yes]);
    assert_eq!([funds(json!("true"), "2026-11-21T10:00:00Z"), funds(json!(true), "2026-11-21T10:00:00")], [No, No]);
    assert_eq!(says(&funds_told(&answered(200, &json!({ "Data": {} })))), Nothing);
    assert_eq!(says(&funds_told(&answered(403, &json!({})))), No);
}

#[test]
fn no_sum_is_told_beside_the_word_about_funds() {
    let with = |more: Value| {
        let mut data = json!({ "FundsAvailableResult": { "FundsAvailable": true } });
        data["FundsAvailableResult"]["More"] = more;
        says(&no_balance_told(&answered(200, &json!({ "Data": data }))))
    };
    assert_eq!([with(json!({ "Balance": 7 })), with(json!({ "Amount": "1.00" }))], [No, No]);
    assert_eq!([with(json!(null)), with(json!("a balance that is there"))], [Yes, Yes]);
}

#[test]
fn dates_have_a_zone() {
    for date in ["2026-11-21T10:15:30Z", "2026-11-21T10:15:30+01:00", "2026-11-21T10:15:30.250Z", "2026-11-21T10:15Z"] {
        assert!(has_zone(date), "{date}");
    }
    for date in ["2026-11-21T10:15:30", "2026-11-21", "", "Sat, 21 Nov 2026 10:15:30 GMT", "T"] {
        assert!(!has_zone(date), "{date}");
    }
    let judge = |status: u16, body: &Value| says(&dates_accepted(&answered(status, body)));
    assert_eq!(judge(201, &consent("AWAU")), Yes);
    assert_eq!(judge(201, &with(consent("AWAU"), "/Data/StatusUpdateDateTime", json!("2026-11-21T10:15:30"))), No);
    assert_eq!(judge(400, &json!({})), No);
}

#[test]
fn a_bank_gives_an_interaction_id_of_its_own() {
    let judge = |id: &str| {
        let headers = [("x-fapi-interaction-id", id)];
        says(&has_own_interaction_id(&exchange("initiation", &asked(), 201, &headers, "{}")))
    };
    assert_eq!([judge("93bac548-d2de-4546-b106-880a5018460d"), judge("7"), judge("")], [Yes, No, No]);
    assert_eq!(says(&has_own_interaction_id(&exchange("initiation", &asked(), 201, &[], "{}"))), No);
}

#[test]
fn a_bad_request_is_answered_with_400() {
    let judge = |status: u16| says(&bad_request(&exchange("order", &asked(), status, &[], "")));
    assert_eq!([judge(400), judge(404), judge(201), judge(500), judge(503)], [Yes, No, No, No, Nothing]);
    assert!(matches!(bad_request(&answered(201, &json!({}))), Finding::Broken(comparison) if comparison.granted));
    let judge = |status: u16| says(&status_is(&exchange("initiation", &asked(), status, &[], ""), 415));
    assert_eq!([judge(415), judge(400), judge(201)], [Yes, No, No]);
}

#[test]
fn a_denied_consent_says_why_where_its_release_wants_that() {
    let reasons = |reasons: Value| json!({ "Data": { "Status": "RJCT", "StatusReason": reasons } });
    assert_eq!(says(&denied(&answered(200, &reasons(json!([{ "StatusReasonCode": "U036" }]))), &V4)), Yes);
    for missing in [json!([]), Value::Null, json!({ "StatusReasonCode": "U036" })] {
        assert_eq!(says(&denied(&answered(200, &reasons(missing)), &V4)), No);
    }
    assert_eq!(says(&denied(&answered(200, &consent("Rejected")), &V3)), Yes);
    assert_eq!(says(&denied(&answered(200, &consent("Authorised")), &V3)), No);
}

#[test]
fn an_expired_token_is_refused_as_its_release_has_it() {
    let error = json!({ "Errors": [{ "ErrorCode": "U028" }] });
    let judge = |status: u16, body: &str, release: &Release| {
        says(&expired(&exchange("funds-confirmation", &Value::Null, status, &[], body), release))
    };
    assert_eq!([judge(401, &error.to_string(), &V4), judge(401, "", &V3)], [Yes, Yes]);
    assert_eq!([judge(401, "", &V4), judge(401, &error.to_string(), &V3)], [No, No]);
    // What form the error has is for another check.
    assert_eq!(judge(401, r#"{"error":"invalid_token"}"#, &V4), Yes);
    assert_eq!([judge(403, &error.to_string(), &V4), judge(200, "{}", &V4)], [No, No]);
}

#[test]
fn the_interaction_id_comes_back() {
    let judge = |headers: &[(&str, &str)]| {
        says(&carry_interaction_id(&[Arc::new(exchange("status", &asked(), 400, headers, ""))]))
    };
    assert_eq!(judge(&[("x-fapi-interaction-id", "93BAC548-d2de-4546-b106-880a5018460d")]), Yes);
    assert_eq!(judge(&[("x-fapi-interaction-id", "93bac548-d2de-4546-b106-880a5018460e")]), No);
    assert_eq!(judge(&[]), No);
    let mut own = exchange("status", &asked(), 400, &[("x-fapi-interaction-id", "x")], "");
    own.request.headers.clear();
    assert_eq!(says(&carry_interaction_id(&[Arc::new(own)])), No);
    assert_eq!(says(&carry_interaction_id(&[])), Nothing);
}

#[test]
fn statuses_are_those_of_what_they_are_about() {
    let judge = |operation: &str, status: &str| {
        let body = json!({ "Data": { "Status": status } }).to_string();
        says(&statuses_published(&[Arc::new(exchange(operation, &asked(), 201, &[], &body))], &V4))
    };
    assert_eq!([judge("initiation", "AWAU"), judge("initiation", "RJCT"), judge("initiation", "AUTH")], [Yes, Yes, No]);
    assert_eq!([judge("status", "AUTH"), judge("status", "COND"), judge("status", "RCVD")], [Yes, Yes, No]);
    assert_eq!([judge("order", "RCVD"), judge("order-status", "ACSC"), judge("order", "COND")], [Yes, Yes, No]);
    assert_eq!(judge("order", "DONE"), No);
}

/// A first exchange that asks, and a second in which the bank tells.
fn told(operations: [&str; 2], name: &str, asked: &Value, told: &Value) -> Finding {
    let answer = |told: &Value| {
        json!({ "Data": { name: "7", "Initiation": told["Data"]["Initiation"] }, "Risk": told["Risk"] }).to_string()
    };
    let first = exchange(operations[0], asked, 201, &[], &answer(asked));
    let second = exchange(operations[1], &Value::Null, 200, &[], &answer(told));
    let redacted = |text: &str| text.replace("GB33BUKB20201555555555", "‹account:1›");
    payments_as_asked(&[Arc::new(first), Arc::new(second)], redacted)
}

fn whole_order() -> Value {
    json!({
        "Data": { "Initiation": {
            "InstructionIdentification": "I-1", "EndToEndIdentification": "E-1",
            "InstructedAmount": { "Amount": "10.50", "Currency": "GBP" },
            "DebtorAccount": { "SchemeName": "UK.OBIE.IBAN", "Identification": "‹account:1›" },
            "CreditorAccount": { "SchemeName": "UK.OBIE.IBAN", "Identification": "‹account:2›", "Name": "Shop" },
            "RemittanceInformation": { "Unstructured": ["Order 7"] },
        } },
        "Risk": { "PaymentContextCode": "TransferToThirdParty" },
    })
}

const TOLD: [([&str; 2], &str); 3] = [
    (["initiation", "status"], "ConsentId"),
    (["initiation", "initiation"], "ConsentId"),
    (["order", "order-status"], "DomesticPaymentId"),
];

#[test]
fn what_is_told_of_a_payment_is_what_was_asked_for() {
    let asked = whole_order();
    for (operations, name) in TOLD {
        let judge = |pointer: &str, value: Value| {
            says(&told(operations, name, &asked, &with(asked.clone(), &format!("/Data/Initiation{pointer}"), value)))
        };
        for lawful in ["10.5", "10.500", "010.50", "10.50000"] {
            assert_eq!(judge("/InstructedAmount/Amount", json!(lawful)), Yes, "{lawful}");
        }
        // What form it has is for another check.
        assert_eq!(judge("/InstructedAmount/Amount", json!(10.5)), Yes);
        assert_eq!(judge("/DebtorAccount/Identification", json!("GB33 BUKB 2020 1555 5555 55")), Yes);
        assert_eq!(judge("/RemittanceInformation/Unstructured", json!([" Order  7"])), Yes);
        for (pointer, value) in [
            ("/InstructedAmount/Amount", json!("10.51")),
            ("/InstructedAmount/Amount", json!("105.0")),
            ("/InstructedAmount/Amount", json!(105)),
            ("/InstructedAmount/Currency", json!("EUR")),
            ("/InstructionIdentification", json!("I-2")),
            ("/EndToEndIdentification", json!("E-2")),
            ("/DebtorAccount/Identification", json!("‹account:3›")),
            ("/DebtorAccount", Value::Null),
            ("/CreditorAccount/Identification", json!("‹account:3›")),
            ("/CreditorAccount/SchemeName", json!("UK.OBIE.PAN")),
            ("/CreditorAccount/Name", json!("Somebody")),
            ("/CreditorAccount/Name", Value::Null),
            ("/RemittanceInformation/Unstructured", json!(["Order 8"])),
            ("/RemittanceInformation/Unstructured", json!(["Order 7", "Order 8"])),
            ("/RemittanceInformation", Value::Null),
        ] {
            assert_eq!(judge(pointer, value.clone()), No, "{operations:?} {pointer} {value}");
        }
        let mut more = asked.clone();
        more["Data"]["Initiation"]["LocalInstrument"] = json!("UK.OBIE.FPS");
        assert_eq!(says(&told(operations, name, &asked, &more)), Yes, "what the bank knows besides is its own");
    }
    let risk = |risk: Value| says(&told(TOLD[0].0, TOLD[0].1, &asked, &with(asked.clone(), "/Risk", risk)));
    assert_eq!([risk(json!({ "PaymentContextCode": "Other" })), risk(json!({})), risk(Value::Null)], [No, No, Yes]);
}

#[test]
fn another_request_under_the_same_key_changes_nothing() {
    let told = json!({ "Data": { "ConsentId": "7", "Initiation": whole_order()["Data"]["Initiation"] } }).to_string();
    let other = with(whole_order(), "/Data/Initiation/InstructedAmount/Amount", json!("99.00"));
    let asks = |body: &Value| Arc::new(exchange("initiation", body, 201, &[], &told));
    let redacted = |text: &str| text.to_owned();
    assert_eq!(says(&payments_as_asked(&[asks(&whole_order()), asks(&other)], redacted)), Yes);
    assert_eq!(says(&payments_as_asked(&[], redacted)), Nothing);
}

#[test]
fn amounts_have_the_published_form() {
    let judge = |amount: Value| {
        let amount = json!({ "Amount": amount, "Currency": "GBP" });
        let data = json!({ "Initiation": { "InstructedAmount": amount } });
        says(&amounts_published(&[Arc::new(answered(200, &json!({ "Data": data })))]))
    };
    for published in ["10", "10.5", "10.50", "10.50000", "1234567890123.12345", "0.1"] {
        assert_eq!(judge(json!(published)), Yes, "{published}");
    }
    for other in ["10,50", "10.500000", "12345678901234", "", ".5", "5.", "1e1", "-1", "+1", " 1", "1 000"] {
        assert_eq!(judge(json!(other)), No, "{other}");
    }
    assert_eq!([judge(json!(10.5)), judge(json!(null))], [No, No]);
    let charges = json!({ "Data": { "Charges": [{ "Amount": { "Amount": "1,00", "Currency": "GBP" } }] } });
    assert_eq!(says(&amounts_published(&[Arc::new(answered(200, &charges))])), No);
    assert_eq!(says(&amounts_published(&[Arc::new(answered(200, &json!({ "Data": {} })))])), Nothing);
}

#[test]
fn errors_have_the_form_of_their_release() {
    let judge = |kind: &str, body: &str, release: &Release| {
        let headers = [("content-type", kind)];
        says(&errors_published(&[Arc::new(exchange("order", &asked(), 400, &headers, body))], release))
    };
    let json_ = "application/json; charset=utf-8";
    let four = r#"{"Errors":[{"ErrorCode":"U002","Message":"no"}]}"#;
    let three = r#"{"Code":"400","Message":"no","Errors":[{"ErrorCode":"UK.OBIE.Field.Invalid","Message":"no"}]}"#;
    assert_eq!([judge(json_, four, &V4), judge(json_, three, &V3), judge("text/html", "", &V4)], [Yes, Yes, Yes]);
    // What is no JSON is for another check.
    assert_eq!(judge(json_, "{\"Errors\":[", &V4), Yes);
    assert_eq!(
        judge(json_, r#"{"Code":"1","Message":"x","Errors":[{"ErrorCode":"UK.Bank.X","Message":"n"}]}"#, &V3),
        Yes
    );
    for (kind, body, release) in [
        (json_, three, &V4),
        (json_, four, &V3),
        ("text/html", "<p>no</p>", &V4),
        (json_, r#"{"Errors":[]}"#, &V4),
        (json_, r#"{"Errors":[{"Message":"no"}]}"#, &V4),
        ("application/json", r#"{"error":"invalid_token"}"#, &V4),
    ] {
        assert_eq!(judge(kind, body, release), No, "{body}");
    }
}
