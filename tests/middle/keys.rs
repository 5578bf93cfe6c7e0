//! What only the target file can say of a bank: where its API lies, what its metadata leaves out, how its clients authenticate.

use serde_json::json;

use super::{
    bent_bank::{Setting, judged_in},
    man::{Answered, Asked, Bend},
};

/// The payment API lies elsewhere than below `/v1`, and its links say so.
struct Versioned(&'static str);

impl Versioned {
    fn moved(&self, link: &str) -> String {
        link.replacen("/v1/", &format!("{}/", self.0), 1)
    }
}

impl Bend for Versioned {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        match asked.target.strip_prefix(self.0).filter(|rest| rest.starts_with("/payments")) {
            Some(rest) => asked.target = format!("/v1{rest}"),
            None if asked.target.starts_with("/v1/") => return Some(Answered::page(404, "<p>nothing here")),
            None => {}
        }
        None
    }

    fn answer(&self, _: &Asked, answered: &mut Answered) {
        answered.change(|json| {
            for link in json["_links"].as_object_mut().into_iter().flat_map(|links| links.values_mut()) {
                if let Some(href) = link["href"].as_str().map(|href| self.moved(href)) {
                    link["href"] = json!(href);
                }
            }
        });
        if let Some(location) = answered.header("location").filter(|it| it.contains("/v1/")).map(|it| self.moved(it)) {
            answered.put("location", &location);
        }
    }
}

fn server(target: &mut toml::Table) -> &mut toml::Table {
    target["server"].as_table_mut().unwrap()
}

const PAYMENTS: &[&str] = &["FLOW", "BG", "API", "RS"];

#[tokio::test(flavor = "multi_thread")]
async fn an_api_lies_where_its_version_says() {
    fn dotted(target: &mut toml::Table) {
        server(target).insert("api_version".into(), "/berlin-group/v1.3".into());
    }
    fn nested(target: &mut toml::Table) {
        server(target).insert("api_version".into(), "/private/v1/identified2".into());
        let api = server(target)["api"].as_str().unwrap_or_default().to_owned() + "/pis";
        server(target).insert("api".into(), api.into());
    }
    fn none(target: &mut toml::Table) {
        server(target).insert("api_version".into(), "".into());
        let api = server(target)["api"].as_str().unwrap_or_default().to_owned() + "/psd2";
        server(target).insert("api".into(), api.into());
    }
    for (lies, target) in [
        ("/berlin-group/v1.3", dotted as fn(&mut toml::Table)),
        ("/pis/private/v1/identified2", nested),
        ("/psd2", none),
    ] {
        let setting = Setting { checks: PAYMENTS, target, ..Setting::default() };
        judged_in(setting, Versioned(lies)).await.is_accused_by(&[]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_metadata_leaves_out_is_named_beside_it() {
    const LEFT_OUT: [&str; 2] = ["introspection_endpoint", "revocation_endpoint"];
    let silent = |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/.well-known/") {
            answered.change(|json| {
                for name in LEFT_OUT {
                    json.as_object_mut().unwrap().remove(name);
                    json["mtls_endpoint_aliases"].as_object_mut().unwrap().remove(name);
                }
            });
        }
    };
    fn beside(target: &mut toml::Table) {
        let api = server(target)["api"].as_str().unwrap_or_default().to_owned();
        let at = |path: &str| toml::Value::from(format!("{api}/{path}"));
        let endpoints = toml::Table::from_iter([
            ("beside_metadata".to_owned(), true.into()),
            ("introspection".to_owned(), at("introspect")),
            ("revocation".to_owned(), at("revoke")),
        ]);
        server(target).insert("endpoints".into(), endpoints.into());
    }
    let checks: &[&str] = &["META", "INTRO", "REVOKE"];
    let came = judged_in(Setting { checks, target: beside, ..Setting::default() }, silent).await;
    came.is_accused_by(&[]);
    for id in ["META-001", "INTRO-002", "REVOKE-001"] {
        assert_eq!(came.check(id)["verdict"], "pass", "{id}: {}", came.said);
    }
    let untold = judged_in(Setting { checks, ..Setting::default() }, silent).await;
    for id in ["INTRO-002", "REVOKE-001"] {
        assert_eq!(untold.check(id)["verdict"], "not-applicable", "{id}: {}", untold.said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_authentication_is_judged_and_not_missed() {
    let open = |asked: &Asked, answered: &mut Answered| {
        if asked.path().starts_with("/.well-known/") {
            answered.change(|json| json["token_endpoint_auth_methods_supported"] = json!(["none"]));
        }
    };
    fn public(target: &mut toml::Table) {
        for identity in target["identity"].as_array_mut().into_iter().flatten() {
            let identity = identity.as_table_mut().unwrap();
            let method = identity.get("client_authentication").and_then(toml::Value::as_str);
            if matches!(method, None | Some("tls_client_auth")) {
                identity.insert("client_authentication".into(), "none".into());
            }
        }
    }
    let checks: &[&str] = &["FLOW", "PKCE", "META", "STATE", "CAUTH"];
    let came = judged_in(Setting { checks, target: public, ..Setting::default() }, open).await;
    assert_eq!((came.with("fail"), came.with("inconclusive")), (vec![], vec![]), "{}", came.said);
    // That a TPP has nothing to authenticate with is said, and is no more than against advice (RFC 9700 2.5).
    assert_eq!(came.with("warn"), ["CAUTH-010"], "{}", came.said);
    for id in ["FLOW-001", "FLOW-003", "PKCE-003", "META-001"] {
        assert_eq!(came.check(id)["verdict"], "pass", "{id}: {}", came.said);
    }
}

/// A resource that is read by POST, for whoever brings a token and the right question.
struct ByPost;

impl Bend for ByPost {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        if asked.path() != "/accounts/search" {
            return None;
        }
        let says = |status: u16, body: &str| {
            let mut answered = Answered::page(status, body);
            answered.put("content-type", "application/json");
            answered
        };
        let is_question =
            serde_json::from_slice::<serde_json::Value>(&asked.body).ok() == Some(json!({ "of": "mine" }));
        Some(match (asked.method.as_str(), asked.headers.get("authorization").is_some()) {
            ("POST", true) if is_question => says(200, "[]"),
            ("POST", true) => says(400, "{}"),
            ("POST", false) => {
                let mut refused = says(401, "");
                refused.put("www-authenticate", "Bearer realm=\"accounts\"");
                refused
            }
            _ => says(405, ""),
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_may_be_read_by_post() {
    fn searched(target: &mut toml::Table) {
        let api = server(target)["api"].as_str().unwrap_or_default().to_owned();
        server(target).remove("api");
        for of_payments in ["payment", "capabilities"] {
            target.remove(of_payments);
        }
        target.insert("dialect".into(), "none".into());
        let resource = toml::Table::from_iter([
            ("url".to_owned(), format!("{api}/accounts/search").into()),
            ("scope".to_owned(), "accounts".into()),
            ("method".to_owned(), "POST".into()),
            ("body".to_owned(), "{\"of\": \"mine\"}".into()),
        ]);
        target.insert("resource".into(), resource.into());
    }
    let checks: &[&str] = &["FLOW", "RS-001"];
    let came = judged_in(Setting { checks, target: searched, ..Setting::default() }, ByPost).await;
    came.is_accused_by(&[]);
    for id in ["FLOW-003", "RS-001"] {
        assert_eq!(came.check(id)["verdict"], "pass", "{id}: {}", came.said);
    }
}
