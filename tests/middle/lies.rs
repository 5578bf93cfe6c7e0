//! Answers that look right and are not: each lie is found by the check that it breaks.

use std::{collections::HashMap, sync::Mutex, time::Instant};

use serde_json::{Value, json};

use super::{
    bent_bank::{Came, judged},
    man::{Answered, Asked, Bend},
};

const TOKENS: &[&str] = &["FLOW", "TOKEN", "INTRO", "API"];
const PAYMENTS: &[&str] = &["FLOW", "BG", "API"];

/// Said is that and nothing else; what is advice alone is a warning, and no reason for another exit code.
fn said(came: &Came, fails: &[&str], warns: &[&str]) {
    let open = came.open();
    assert!(came.with("fail") == fails && came.with("warn") == warns && open.is_empty(), "{open:?}\n{}", came.said);
}

fn is_refresh(asked: &Asked) -> bool {
    asked.is_token() && String::from_utf8_lossy(&asked.body).contains("grant_type=refresh_token")
}

/// A bank that changes every answer of the payment API to such a request.
fn payments(is_such: fn(&Asked) -> bool, change: fn(&mut Value)) -> impl Bend {
    move |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/v1/payments/") && answered.status < 300 && is_such(asked) {
            answered.change(change);
        }
    }
}

fn reads_sca_status(asked: &Asked) -> bool {
    asked.method == "GET" && asked.path().contains("/authorisations/")
}

fn reads_payment(asked: &Asked) -> bool {
    asked.method == "GET" && asked.path().matches('/').count() == 4
}

fn initiates(asked: &Asked) -> bool {
    asked.method == "POST" && asked.path().matches('/').count() == 3
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_grows_is_found_at_a_refresh_and_before() {
    let grow = |answered: &mut Answered| {
        answered.change(|json| {
            if let Some(scope) = json["scope"].as_str().map(|scope| format!("{scope} accounts")) {
                json["scope"] = json!(scope);
            }
        });
    };
    let at_refresh = move |asked: &Asked, answered: &mut Answered| {
        if is_refresh(asked) {
            grow(answered);
        }
    };
    said(&judged(TOKENS, at_refresh).await, &["TOKEN-027"], &[]);
    let at_first = move |asked: &Asked, answered: &mut Answered| {
        if asked.is_token() && !is_refresh(asked) {
            grow(answered);
        }
    };
    said(&judged(TOKENS, at_first).await, &[], &["TOKEN-028"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_live_token_is_what_was_issued() {
    let introspected = |change: fn(&mut Value)| {
        move |asked: &Asked, answered: &mut Answered| {
            if asked.path().ends_with("/introspect") {
                answered.change(|json| {
                    if json["active"] == true {
                        change(json);
                    }
                });
            }
        }
    };
    let another = introspected(|json| json["client_id"] = json!("PSDXX-BANKPROOF-7"));
    said(&judged(TOKENS, another).await, &["INTRO-006"], &[]);
    let longer = introspected(|json| json["exp"] = json!(json["exp"].as_i64().unwrap_or_default() + 86_400));
    said(&judged(TOKENS, longer).await, &["INTRO-006"], &[]);
    let silent = introspected(|json| *json = json!({ "active": true, "cnf": json["cnf"] }));
    said(&judged(TOKENS, silent).await, &[], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_authorised_before_the_customer_has_acted() {
    let finalised = payments(reads_sca_status, |json| json["scaStatus"] = json!("finalised"));
    // The refusal on another device then does not show either.
    assert_eq!(judged(PAYMENTS, finalised).await.with("fail"), ["BG-033"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_to_the_payment_that_was_initiated_and_have_tls() {
    const OTHER: &str = "11111111-2222-4333-8444-555555555555";
    let elsewhere = payments(initiates, |json| {
        let id = json["paymentId"].as_str().unwrap_or_default().to_owned();
        if let Some(link) = json["_links"]["status"]["href"].as_str().map(|link| link.replace(&id, OTHER)) {
            json["_links"]["status"]["href"] = json!(link);
        }
    });
    said(&judged(PAYMENTS, elsewhere).await, &["BG-034"], &[]);
    let located = |asked: &Asked, answered: &mut Answered| {
        if initiates(asked) && answered.status == 201 {
            let location = answered.header("location").unwrap_or_default().to_owned();
            let own = location.rsplit('/').next().unwrap_or_default();
            answered.put("location", &location.replace(own, OTHER));
        }
    };
    said(&judged(PAYMENTS, located).await, &["BG-034"], &[]);
    let open = payments(initiates, |json| {
        if let Some(link) = json["_links"]["scaOAuth"]["href"].as_str().map(|link| link.replace("https:", "http:")) {
            json["_links"]["scaOAuth"]["href"] = json!(link);
        }
    });
    said(&judged(PAYMENTS, open).await, &["BG-036"], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_stand_once_stands_once() {
    let twice = |asked: &Asked, answered: &mut Answered| {
        if initiates(asked) && answered.status == 201 {
            answered.headers.append("location", "/v1/elsewhere".parse().unwrap());
        }
    };
    said(&judged(PAYMENTS, twice).await, &["API-007"], &[]);
    let member = |asked: &Asked, answered: &mut Answered| {
        if asked.is_token() && answered.json().is_some_and(|json| json["access_token"].is_string()) {
            let text = String::from_utf8_lossy(&answered.body).into_owned();
            answered.body = text.replacen('{', "{\"scope\":\"none\",", 1).into_bytes();
        }
    };
    said(&judged(TOKENS, member).await, &[], &["API-006"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_read_whole_and_told_in_one_way() {
    let without = payments(reads_payment, |json| json["instructedAmount"] = Value::Null);
    said(&judged(PAYMENTS, without).await, &["BG-032", "BG-072"], &[]);
    let other = payments(reads_payment, |json| json["remittanceInformationUnstructured"] = json!("Rent for May"));
    said(&judged(PAYMENTS, other).await, &["BG-032", "BG-072"], &[]);
    let rejected = payments(reads_payment, |json| json["transactionStatus"] = json!("RJCT"));
    said(&judged(PAYMENTS, rejected).await, &["BG-035"], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_of_the_pages_is_for_tls_alone() {
    let open = |_: &Asked, answered: &mut Answered| {
        if let Some(cookie) = answered.header("set-cookie").map(|cookie| cookie.replace("; Secure", "")) {
            answered.put("set-cookie", &cookie);
        }
    };
    said(&judged(&["FLOW", "AUTHZ"], open).await, &[], &["AUTHZ-034"]);
    // What says to whom the customer goes is no session, under whatever name and with whatever value.
    let beside = |asked: &Asked, answered: &mut Answered| {
        let node = format!("route=node-{}.{}; Path=/", asked.path().len() % 3, answered.body.len());
        if asked.path().starts_with("/login") || asked.path().starts_with("/authorize") {
            answered.headers.append("set-cookie", node.parse().unwrap());
        }
    };
    let came = judged(&["FLOW", "AUTHZ"], beside).await;
    said(&came, &[], &[]);
    assert_eq!(came.check("AUTHZ-034")["verdict"], "pass", "{}", came.said);
}

/// A bank whose servers take a moment to know of a cancellation.
#[derive(Default)]
struct Slow(Mutex<HashMap<String, Instant>>);

impl Bend for Slow {
    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        let mut cancelled = self.0.lock().unwrap();
        if asked.method == "DELETE" && answered.status == 204 {
            cancelled.insert(asked.path().to_owned(), Instant::now());
        }
        let since = asked.path().strip_suffix("/status").and_then(|payment| cancelled.get(payment));
        if since.is_some_and(|since| since.elapsed().as_millis() < 1500) {
            answered.change(|json| json["transactionStatus"] = json!("RCVD"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_may_take_a_moment() {
    let came = judged(&["BG"], Slow::default()).await;
    said(&came, &[], &[]);
    let actual = came.check("BG-027")["actual"].as_str().unwrap_or_default().to_owned();
    assert!(actual.contains("seconds later"), "{actual}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lifetime_is_a_number_however_it_is_written() {
    let fraction = |asked: &Asked, answered: &mut Answered| {
        if asked.is_token() {
            answered.change(|json| {
                if let Some(seconds) = json["expires_in"].as_f64() {
                    json["expires_in"] = json!(seconds);
                }
            });
        }
    };
    let came = judged(TOKENS, fraction).await;
    said(&came, &[], &[]);
    assert_eq!(came.check("TOKEN-015")["verdict"], "pass", "{}", came.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_a_gateway_kept_back_shows_nothing() {
    struct Gateway(&'static str, fn(&Asked) -> bool);
    impl Bend for Gateway {
        fn request(&self, asked: &mut Asked) -> Option<Answered> {
            (asked.path().ends_with(self.0) && (self.1)(asked)).then(|| Answered::page(503, "<p>later"))
        }
    }
    let came = judged(&["REVOKE-006", "REVOKE-009"], Gateway("/revoke", |_| true)).await;
    for id in ["REVOKE-006", "REVOKE-009"] {
        assert_eq!(came.check(id)["verdict"], "inconclusive", "{id}: {}", came.said);
    }
}
