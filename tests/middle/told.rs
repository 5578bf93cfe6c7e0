//! What a bank tells of payments, links and tokens: by content, whatever form it has.

use serde_json::{Value, json};

use super::{
    bent_bank::{Came, Setting, judged, judged_in},
    man::{Answered, Asked, Bend},
};

const UK: &[&str] = &["FLOW", "UK"];
const PAYMENTS: &[&str] = &["FLOW", "BG", "API"];

fn said(came: &Came, fails: &[&str], warns: &[&str]) {
    let open = came.with("inconclusive");
    assert!(came.with("fail") == fails && came.with("warn") == warns && open.is_empty(), "{open:?}\n{}", came.said);
}

/// An answer in which the UK's bank tells Initiation.
#[derive(Clone, Copy)]
enum Told {
    ConsentMade,
    ConsentRead,
    OrderMade,
    OrderRead,
}

impl Told {
    fn is(self, asked: &Asked) -> bool {
        let (method, collection) = match self {
            Self::ConsentMade => ("POST", "domestic-payment-consents"),
            Self::ConsentRead => ("GET", "domestic-payment-consents"),
            Self::OrderMade => ("POST", "domestic-payments"),
            Self::OrderRead => ("GET", "domestic-payments"),
        };
        asked.method == method && asked.path().split('/').any(|segment| segment == collection)
    }
}

async fn uk(told: Option<Told>, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Came {
    let bend = move |asked: &Asked, answered: &mut Answered| {
        if answered.status < 300 && told.is_none_or(|told| told.is(asked)) {
            answered.change(|json| {
                if json["Data"]["Initiation"].is_object() {
                    change(&mut json["Data"]["Initiation"]);
                }
            });
        }
    };
    judged_in(Setting { checks: UK, bank: &["--dialect", "uk-open-banking"], target: for_the_bank_itself }, bend).await
}

/// Assertions are for the bank behind the middle.
fn for_the_bank_itself(target: &mut toml::Table) {
    let issuer = target["server"]["issuer"].as_str().unwrap_or_default().replace("localhost", "127.0.0.1");
    for identity in target["identity"].as_array_mut().into_iter().flatten() {
        if identity["client_authentication"].as_str() == Some("private_key_jwt") {
            let assertion = toml::Table::from_iter([("audience".to_owned(), issuer.clone().into())]);
            identity.as_table_mut().unwrap().insert("assertion".into(), assertion.into());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_is_how_much_it_is() {
    let written = |amount: fn(&str) -> Value| {
        move |initiation: &mut Value| {
            let text = initiation["InstructedAmount"]["Amount"].as_str().unwrap_or_default().to_owned();
            initiation["InstructedAmount"]["Amount"] = amount(&text);
        }
    };
    said(&uk(None, written(|text| json!(format!("{text}0")))).await, &[], &[]);
    said(&uk(None, written(|text| json!(text.trim_end_matches('0')))).await, &[], &[]);
    said(&uk(None, written(|text| json!(text.replace('.', ",")))).await, &["UK-045"], &[]);
    said(&uk(None, written(|text| json!(text.parse::<f64>().unwrap_or_default()))).await, &["UK-045"], &[]);
    said(&uk(None, written(|_| json!("999.99"))).await, &["UK-031"], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_a_consent_or_an_order_is_what_was_asked_for() {
    use Told::{ConsentMade, ConsentRead, OrderMade, OrderRead};
    let to = |pointer: &'static str, value: Value| {
        move |initiation: &mut Value| {
            if let Some(member) = initiation.pointer_mut(pointer) {
                *member = value.clone();
            }
        }
    };
    for (told, pointer, value) in [
        (ConsentMade, "/CreditorAccount/Name", json!("Somebody Else")),
        (ConsentMade, "/InstructedAmount/Amount", json!("999.99")),
        (ConsentRead, "/RemittanceInformation/Unstructured", json!(["Rent for May"])),
        (ConsentRead, "/CreditorAccount/Identification", json!("20405318203746")),
        (OrderMade, "/DebtorAccount/Identification", json!("20405318203746")),
        (OrderMade, "/CreditorAccount/Name", json!("Somebody Else")),
        (OrderRead, "/EndToEndIdentification", json!("NOTPROVIDED")),
        (OrderRead, "/RemittanceInformation", Value::Null),
    ] {
        said(&uk(Some(told), to(pointer, value)).await, &["UK-031"], &[]);
    }
}

/// A bank that calls payments by names of its own in its links, and knows them by those too.
struct ByName {
    /// The links that it writes so.
    links: &'static [&'static str],
    /// It knows what it means by them.
    knows: bool,
    /// Below the name there is what is below the payment.
    below: bool,
}

impl ByName {
    fn named(link: &str) -> String {
        let id = |segment: &str| segment.len() == 36 && segment.matches('-').count() == 4;
        let mut segments: Vec<String> = link.split('/').map(str::to_owned).collect();
        if let Some(first) = segments.iter_mut().find(|segment| id(segment)) {
            *first = format!("n{}", first.chars().rev().collect::<String>());
        }
        segments.join("/")
    }
}

impl Bend for ByName {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let path: Vec<String> = asked.target.split('/').map(str::to_owned).collect();
        let meant = path.iter().position(|segment| segment.len() == 37 && segment.starts_with('n'))?;
        if self.knows && (self.below || meant + 1 == path.len()) {
            let mut path = path;
            path[meant] = path[meant][1..].chars().rev().collect();
            asked.target = path.join("/");
        }
        None
    }

    fn answer(&self, asked: &Asked, answered: &mut Answered) {
        if asked.method != "POST" || asked.path().matches('/').count() != 3 || answered.status != 201 {
            return;
        }
        answered.change(|json| {
            for name in self.links {
                if let Some(href) = json["_links"][*name]["href"].as_str().map(Self::named) {
                    json["_links"][*name]["href"] = json!(href);
                }
            }
        });
        if self.links.contains(&"Location")
            && let Some(location) = answered.header("location").map(Self::named)
        {
            answered.put("location", &location);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_another_name_is_followed_to_its_payment() {
    let all = ByName { links: &["self", "status", "scaStatus", "Location"], knows: true, below: true };
    said(&judged(PAYMENTS, all).await, &[], &[]);
    let its_own_alone = ByName { links: &["self", "Location"], knows: true, below: false };
    said(&judged(PAYMENTS, its_own_alone).await, &[], &[]);
    for links in [&["self"] as &[&str], &["status"], &["Location"]] {
        let nowhere = ByName { links, knows: false, below: true };
        said(&judged(PAYMENTS, nowhere).await, &["BG-034"], &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sca_status_that_is_not_told_yet_is_no_answer_and_no_failure() {
    let untold = |asked: &Asked, answered: &mut Answered| {
        let is_open = answered.json().is_some_and(|json| json["scaStatus"] == "received");
        if asked.method == "GET" && asked.path().contains("/authorisations/") && is_open {
            answered.status = 404;
            answered.body =
                br#"{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN","text":"not yet"}]}"#.into();
        }
    };
    let came = judged(&["BG-033", "BG-013"], untold).await;
    assert_eq!(came.check("BG-033")["verdict"], "not-applicable", "{}", came.said);
    said(&came, &[], &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_a_token_lives_is_known_to_whoever_was_there() {
    fn introspected(change: fn(&mut Value)) -> impl Bend {
        move |asked: &Asked, answered: &mut Answered| {
            if asked.path().ends_with("/introspect") {
                answered.change(|json| {
                    if json["active"] == true {
                        json.as_object_mut().unwrap().remove("iat");
                        change(json);
                    }
                });
            }
        }
    }
    fn without_clock(target: &mut toml::Table) {
        target["server"].as_table_mut().unwrap().remove("clock");
    }
    let longer = |json: &mut Value| json["exp"] = json!(json["exp"].as_i64().unwrap_or_default() + 86_400);
    let checks = &["INTRO"];
    said(&judged(checks, introspected(|_| ())).await, &[], &[]);
    said(&judged(checks, introspected(longer)).await, &["INTRO-006"], &[]);
    let opaque: &[&str] = &["--habit", "opaque-access-tokens"];
    for (bend, fails) in [(introspected(|_| ()), &[] as &[&str]), (introspected(longer), &["INTRO-006"])] {
        said(&judged_in(Setting { checks, bank: opaque, target: without_clock }, bend).await, fails, &[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_beside_what_was_asked_for_is_no_more_than_that() {
    fn adding(words: &'static str) -> impl Bend {
        move |asked: &Asked, answered: &mut Answered| {
            if asked.is_token() {
                answered.change(|json| {
                    if let Some(scope) = json["scope"].as_str().map(|scope| format!("{scope} {words}")) {
                        json["scope"] = json!(scope);
                    }
                });
            }
        }
    }
    said(&judged(&["FLOW", "TOKEN"], adding("openid offline_access")).await, &[], &[]);
    said(&judged(&["FLOW", "TOKEN"], adding("openid accounts")).await, &[], &["TOKEN-028"]);
}
