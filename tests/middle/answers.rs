//! What the bank answers to the TPP itself: each deviation is said once, and whatever rests on the answer is judged.

use serde_json::json;

use super::{
    bent_bank::{Setting, judged, judged_in},
    man::{Answered, Asked, Bend},
};

const CHECKS: &[&str] = &["FLOW", "BG", "TOKEN", "META", "API", "REVOKE", "INTRO", "RS", "STATE", "AUTHZ"];

#[tokio::test(flavor = "multi_thread")]
async fn an_unbent_bank_is_conformant() {
    judged(&[], |_: &Asked, _: &mut Answered| {}).await.is_accused_by(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_is_none_to_the_letter_is_said_once() {
    let marked = |_: &Asked, answered: &mut Answered| {
        if answered.json().is_some() {
            answered.body = [b"\xef\xbb\xbf".as_slice(), &answered.body].concat();
        }
    };
    let came = judged(CHECKS, marked).await;
    came.is_accused_by(&["API-002"]);
    assert!(came.said.contains("a byte order mark stands before the JSON"), "{}", came.said);
    let with_comma = |_: &Asked, answered: &mut Answered| {
        if answered.json().is_some_and(|json| json.as_object().is_some_and(|object| !object.is_empty())) {
            let text = String::from_utf8_lossy(&answered.body).into_owned();
            answered.body = format!("{},}}", text.trim_end().strip_suffix('}').unwrap()).into_bytes();
        }
    };
    let came = judged(CHECKS, with_comma).await;
    came.is_accused_by(&["API-002"]);
    assert!(came.said.contains("at octet"), "{}", came.said);
}

/// The body of every JSON object, as a text.
fn texts(change: fn(&str) -> String) -> impl Bend {
    move |_: &Asked, answered: &mut Answered| {
        // An answer about a dead token says nothing else.
        let is_such =
            |object: &serde_json::Map<String, serde_json::Value>| !object.is_empty() && object.get("active").is_none();
        if answered.json().is_some_and(|json| json.as_object().is_some_and(is_such)) {
            answered.body = change(String::from_utf8_lossy(&answered.body).trim_end()).into_bytes();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_write_for_json_is_read_and_said_once() {
    for change in [
        |text: &str| format!("{text}\nOK"),
        |text: &str| text.replacen('{', "{\"load\":NaN,", 1),
        |text: &str| text.replacen('{', "{\"note\":\"one\ttwo\",", 1),
    ] {
        judged(CHECKS, texts(change)).await.is_accused_by(&["API-002"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_is_cut_off_is_said_once_and_nothing_rests_on_it() {
    let of_api = |asked: &Asked, answered: &mut Answered| {
        let cut = answered.body.len().saturating_sub(3);
        if asked.path().starts_with("/v1/") && answered.json().is_some() {
            answered.body.truncate(cut);
        }
    };
    let of_tokens = |asked: &Asked, answered: &mut Answered| {
        let cut = answered.body.len().saturating_sub(3);
        if asked.is_token() && answered.json().is_some() {
            answered.body.truncate(cut);
        }
    };
    for came in [judged(CHECKS, of_api).await, judged(CHECKS, of_tokens).await] {
        assert_eq!((came.with("fail"), came.with("warn")), (vec!["API-002".to_owned()], vec![]), "{}", came.said);
        assert_eq!(came.exit, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_stand_in_no_list_are_said_once() {
    let bare = |_: &Asked, answered: &mut Answered| {
        answered.change(|json| {
            if let Some(first) = json["tppMessages"].get(0).cloned() {
                json["tppMessages"] = first;
            }
        });
    };
    judged(CHECKS, bare).await.is_accused_by(&["BG-018"]);
}

/// A bank that gives every payment the id of its first.
#[derive(Default)]
struct OneId(std::sync::Mutex<Option<String>>);

impl Bend for OneId {
    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        if asked.method != "POST" || !asked.path().ends_with("/sepa-credit-transfers") {
            return;
        }
        let Some(id) = answered.json().and_then(|json| json["paymentId"].as_str().map(str::to_owned)) else { return };
        let first = self.0.lock().unwrap().get_or_insert(id.clone()).clone();
        answered.body = String::from_utf8_lossy(&answered.body).replace(&id, &first).into_bytes();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_given_twice_is_said_once_and_nothing_rests_on_it() {
    let came = judged(CHECKS, OneId::default()).await;
    assert_eq!((came.with("fail"), came.with("warn")), (vec!["BG-037".to_owned()], vec![]), "{}", came.said);
    assert_eq!(came.check("META-001")["verdict"], "pass", "{}", came.said);
}

/// A bank that changes every token response.
fn tokens(change: fn(&mut Answered)) -> impl Bend {
    move |asked: &Asked, answered: &mut Answered| {
        if asked.is_token() && answered.json().is_some_and(|json| json["access_token"].is_string()) {
            change(answered);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shape_of_a_token_response_is_judged_member_by_member() {
    let came = judged(
        CHECKS,
        tokens(|answered| {
            answered.status = 201;
            answered.change(|json| {
                json["token_type"] = json!("JWT");
                json["scope"] = json!(json["scope"].as_str().unwrap_or_default().split(' ').collect::<Vec<_>>());
            });
        }),
    )
    .await;
    let accusing = came.with("fail");
    for id in ["TOKEN-022", "TOKEN-023", "TOKEN-024"] {
        assert!(accusing.contains(&id.to_owned()), "{id}: {}", came.said);
    }
    assert_eq!(came.with("inconclusive"), [] as [&str; 0], "{}", came.said);
    let lowercase = |answered: &mut Answered| answered.change(|json| json["token_type"] = json!("bearer"));
    judged(CHECKS, tokens(lowercase)).await.is_accused_by(&[]);
    let untold = |answered: &mut Answered| answered.change(|json| json["expires_in"] = json!("300"));
    judged(CHECKS, tokens(untold)).await.is_accused_by(&["TOKEN-024"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_by_another_name_is_said_once() {
    let as_text = |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/v1/") && answered.status < 300 && answered.json().is_some() {
            answered.put("content-type", "text/plain");
        }
    };
    judged(CHECKS, as_text).await.is_accused_by(&["API-003"]);
    let unnamed = |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/v1/") && answered.status < 300 && answered.json().is_some() {
            answered.headers.remove("content-type");
        }
    };
    judged(CHECKS, unnamed).await.is_accused_by(&["API-003"]);
    let spelt = |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/v1/") && answered.json().is_some() {
            answered.put("content-type", "Application/JSON; Charset=\"utf-8\"");
        }
    };
    judged(CHECKS, spelt).await.is_accused_by(&[]);
}

/// A bank that changes every payment that is read.
fn payments(change: fn(&mut serde_json::Value)) -> impl Bend {
    move |asked: &Asked, answered: &mut Answered| {
        if asked.method == "GET" && asked.path().starts_with("/v1/payments/") {
            answered.change(|json| {
                if json["instructedAmount"].is_object() {
                    change(json);
                }
            });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_read_is_the_one_that_was_ordered() {
    let another = |json: &mut serde_json::Value| {
        json["instructedAmount"]["amount"] = json!("999.99");
        json["creditorName"] = json!("Somebody Else");
        json["creditorAccount"] = json!({ "iban": "DE89370400440532013000" });
    };
    judged(CHECKS, payments(another)).await.is_accused_by(&["BG-032", "BG-072"]);
    let written_otherwise = |json: &mut serde_json::Value| {
        let amount = json["instructedAmount"]["amount"].as_str().unwrap_or_default().to_owned();
        json["instructedAmount"]["amount"] = json!(format!("{amount}0"));
        for name in ["creditorAccount", "debtorAccount"] {
            let iban = json[name]["iban"].as_str().unwrap_or_default().to_owned();
            let groups: Vec<String> =
                iban.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
            json[name]["iban"] = json!(groups.join(" "));
        }
    };
    judged(CHECKS, payments(written_otherwise)).await.is_accused_by(&[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_a_payment_goes_on_from_the_payment_that_is_there() {
    let with_200 = |asked: &Asked, answered: &mut Answered| {
        let initiates = asked.method == "POST" && asked.path().starts_with("/v1/payments/");
        if initiates && answered.status == 201 && !asked.path().contains("authorisations") {
            answered.status = 200;
        }
    };
    judged(CHECKS, with_200).await.is_accused_by(&["BG-001"]);
}

/// The payment API lies below another path, and its links begin at the root of the host.
struct Below;

const BELOW: &str = "/v1/berlin-group";

impl Bend for Below {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        if let Some(rest) = asked.target.strip_prefix(BELOW) {
            asked.target = rest.to_owned();
        }
        None
    }

    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        if !asked.path().starts_with(BELOW) {
            return;
        }
        let below = |link: &str| {
            let path = url::Url::parse(link).map_or_else(|_| link.to_owned(), |url| url.path().to_owned());
            if path.starts_with("/v1/") { format!("{BELOW}{path}") } else { link.to_owned() }
        };
        answered.change(|json| {
            for link in json["_links"].as_object_mut().into_iter().flat_map(|links| links.values_mut()) {
                if let Some(href) = link["href"].as_str().map(below) {
                    link["href"] = json!(href);
                }
            }
        });
        if let Some(location) = answered.header("location").map(below) {
            answered.put("location", &location);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_from_the_root_of_the_host_are_followed_as_given() {
    let target = |target: &mut toml::Table| {
        let api = target["server"]["api"].as_str().unwrap_or_default().to_owned() + BELOW;
        target["server"].as_table_mut().unwrap().insert("api".into(), api.into());
    };
    judged_in(Setting { checks: CHECKS, target, ..Setting::default() }, Below).await.is_accused_by(&[]);
}
