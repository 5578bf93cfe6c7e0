//! One fault a bank: what the middle bends, which checks must catch it, and which others it lawfully trips.

use std::sync::Arc;

use serde_json::json;
use url::{Url, form_urlencoded};

use crate::man::{Answered, Asked, Bend};

/// A fault.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) bend: fn() -> Arc<dyn Bend>,
    /// Each of these must say so.
    pub(crate) caught_by: &'static [&'static str],
    /// Each of these may.
    pub(crate) also: &'static [&'static str],
}

const fn fault(name: &'static str, caught_by: &'static [&'static str], bend: fn() -> Arc<dyn Bend>) -> Fault {
    Fault { name, bend, caught_by, also: &[] }
}

impl Fault {
    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

/// Faults of any authorization server; `iss` and pushed requests are not for all.
pub(crate) const OF_ANY: [Fault; 26] = [
    fault("state dropped beside a code", &["STATE-001", "STATE-003", "STATE-004", "STATE-006"], || {
        leads_back("code", |url| without(&url, "state"))
    })
    .also(&["STATE-007"]),
    fault("state dropped beside an error", &["STATE-002", "STATE-006"], || {
        leads_back("error", |url| without(&url, "state"))
    })
    .also(&["PSU-001"]),
    fault("state in capitals", &["STATE-001", "STATE-006"], || {
        leads_back("code", |url| with(&url, "state", &value(&url, "state").to_uppercase()))
    })
    .also(&["STATE-003", "STATE-004", "STATE-007"]),
    fault("code in the fragment", &["FLOW-001"], || leads_back("code", |url| url.replacen('?', "#", 1))).also(&[
        "AUTHZ-029",
        "STATE-005",
        "PAR-002",
    ]),
    fault("back to another path", &["FLOW-001"], || leads_back("code", |url| url.replace("/callback", "/"))),
    fault("back to another port", &["FLOW-001"], || {
        leads_back("code", |url| url.replace(".example/", ".example:8443/"))
    })
    .also(&["PAR-002", "AUTHZ-029"]),
    fault("back to another TPP", &["FLOW-001"], || leads_back("code", |url| url.replace("tpp-a", "tpp-b"))),
    fault("code twice", &["FLOW-001"], || leads_back("code", |url| format!("{url}&code=another"))),
    fault("denials called server_error", &["AUTHZ-006"], || {
        leads_back("error", |url| url.replace("access_denied", "server_error"))
    })
    .also(&["AUTHZ-033"]),
    fault("pages may be framed", &["AUTHZ-014", "AUTHZ-032"], || {
        answers(|_, answered| {
            ["x-frame-options", "content-security-policy"].into_iter().for_each(|name| lose(answered, name))
        })
    }),
    fault("pages tell where from", &["AUTHZ-015"], || answers(|_, answered| lose(answered, "referrer-policy"))),
    fault("any https name", &["TLS-008"], || answers(|_, answered| lose(answered, "strict-transport-security"))),
    fault("token with 201", &["TOKEN-022"], || tokens(|answered| answered.status = 201)),
    fault("token of another type", &["TOKEN-023"], || {
        tokens(|answered| answered.change(|token| token["token_type"] = json!("session")))
    }),
    fault("scope as a list", &["TOKEN-024"], || {
        tokens(|answered| answered.change(|token| token["scope"] = json!(["payments"])))
    }),
    fault("lifetime as text", &["TOKEN-024"], || {
        tokens(|answered| answered.change(|token| token["expires_in"] = json!("300")))
    }),
    fault("tokens may be kept", &["TOKEN-002", "TOKEN-025"], || {
        tokens(|answered| ["cache-control", "pragma"].into_iter().for_each(|name| lose(answered, name)))
    }),
    fault("a mark before the token", &["API-002"], || {
        tokens(|answered| answered.body.splice(0..0, *b"\xEF\xBB\xBF").for_each(drop))
    }),
    fault("a comma too much", &["API-002"], || {
        tokens(|answered| answered.body = String::from_utf8_lossy(&answered.body).replace('}', ",}").into_bytes())
    }),
    fault("refusals misnamed", &["TOKEN-026"], || {
        answers(|asked, answered| {
            if asked.is_token() {
                answered.body =
                    String::from_utf8_lossy(&answered.body).replace("invalid_grant", "invalid_code").into_bytes();
            }
        })
    }),
    fault("refusals with 200", &["TOKEN-026"], || {
        answers(|asked, answered| {
            let refuses = asked.is_token() && answered.status == 400;
            answered.status = if refuses { 200 } else { answered.status };
        })
    })
    .also(&["TOKEN-005"]),
    fault("another issuer in the metadata", &["META-002"], || {
        answers(|asked, answered| {
            if asked.path().contains("/.well-known/") {
                answered.change(|metadata| metadata["issuer"] = json!("https://another.example"));
            }
        })
    }),
    fault("refused without a challenge", &["API-004"], || answers(|_, answered| lose(answered, "www-authenticate")))
        .also(&["RS-001", "CAUTH-015"]),
    fault("nothing is revoked", &["REVOKE-001", "REVOKE-002"], || Arc::new(Swallows)).also(&[
        "REVOKE-003",
        "REVOKE-007",
        "REVOKE-014",
        "REVOKE-017",
        "REVOKE-019",
        "INTRO-003",
    ]),
    fault("all tokens are active", &["INTRO-003"], || {
        answers(|asked, answered| {
            if asked.path().contains("introspect") {
                answered.change(|told| told["active"] = json!(true));
            }
        })
    })
    .also(&["INTRO-004"]),
    fault("any code_verifier", &["PKCE-003", "PKCE-004", "PKCE-010"], || Arc::new(ProvesForAll)).also(&[
        "PKCE-005",
        "PKCE-006",
        "PKCE-009",
        "PKCE-011",
        "AUTHZ-037",
        "TOKEN-035",
    ]),
];

/// Faults that show at oidc-provider.
pub(crate) const OF_OIDC_PROVIDER: [Fault; 7] = [
    fault("iss dropped beside a code", &["AUTHZ-011", "AUTHZ-031"], || leads_back("code", |url| without(&url, "iss"))),
    fault("iss dropped beside an error", &["AUTHZ-012", "AUTHZ-031"], || {
        leads_back("error", |url| without(&url, "iss"))
    }),
    fault("another iss", &["AUTHZ-011", "AUTHZ-012", "AUTHZ-031"], || {
        let another = |url: String| with(&url, "iss", "https://another.example");
        answers_back(another)
    })
    // An answer in the fragment has its own there still.
    .also(&["FLOW-005"]),
    fault("no keys any more", &["META-008"], || {
        answers(|asked, answered| {
            if asked.path() == "/jwks" {
                *answered = Answered::page(410, "gone");
            }
        })
    })
    .also(&["META-012"]),
    fault("any redirect_uri", &["REDIR-007"], || Arc::new(RightRedirectUri { where_one_is_sent: true }))
        .also(&["TOKEN-035"]),
    fault("no redirect_uri", &["REDIR-007"], || Arc::new(RightRedirectUri { where_one_is_sent: false })),
    fault("errors misnamed", &["AUTHZ-033"], || {
        leads_back("error", |url| {
            url.replace("=invalid_request", "=bad_request").replace("=unsupported_response_type", "=bad_type")
        })
    }),
];

/// Faults that show at Django OAuth Toolkit.
pub(crate) const OF_DJANGO: [Fault; 3] = [
    fault("form posted on by 307", &["AUTHZ-013"], || {
        answers(|asked, answered| {
            let carries_on = asked.method == "POST" && (300..400).contains(&answered.status);
            answered.status = if carries_on { 307 } else { answered.status };
        })
    }),
    fault("405 without Allow", &["API-005"], || answers(|_, answered| lose(answered, "allow"))),
    fault("the server shows its inside", &["API-001"], || {
        answers(|_, answered| {
            if answered.status == 400 && answered.body.trim_ascii_start().starts_with(b"<") {
                answered.body.extend_from_slice(b"<!-- Traceback (most recent call last) -->");
            }
        })
    }),
];

/// The server is told to revoke something else.
struct Swallows;

impl Bend for Swallows {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let names_one = form_urlencoded::parse(&asked.body).any(|(name, value)| name == "token" && !value.is_empty());
        if asked.path().contains("revo") && names_one {
            asked.body = changed_form(&asked.body, "token", "another");
        }
        None
    }
}

/// A pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Whoever sent a challenge is taken for who knows its verifier.
struct ProvesForAll;

impl Bend for ProvesForAll {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        if asked.is_token() && is_redemption(asked) {
            asked.body = changed_form(&asked.body, "code_verifier", VERIFIER);
        } else if let Some((path, query)) = asked.target.split_once('?')
            && form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "code_challenge")
        {
            asked.target = format!(
                "{path}?{}",
                String::from_utf8_lossy(&changed_form(query.as_bytes(), "code_challenge", CHALLENGE))
            );
        }
        None
    }
}

/// Codes are redeemed under the right redirect_uri, whatever is sent; or where none is sent alone.
struct RightRedirectUri {
    where_one_is_sent: bool,
}

impl Bend for RightRedirectUri {
    fn request(&self, asked: &mut Asked) -> Option<Answered> {
        let sent = form_urlencoded::parse(&asked.body)
            .find(|(name, _)| name == "redirect_uri")
            .map(|(_, uri)| uri.into_owned());
        let is_meant = sent.is_none_or(|uri| self.where_one_is_sent && uri.contains("tpp-a"));
        if asked.is_token() && is_redemption(asked) && is_meant {
            asked.body = changed_form(&asked.body, "redirect_uri", "https://tpp-a.example/callback");
        }
        None
    }
}

fn is_redemption(asked: &Asked) -> bool {
    form_urlencoded::parse(&asked.body).any(|(name, value)| name == "grant_type" && value == "authorization_code")
}

/// The form with that value, once.
fn changed_form(form: &[u8], name: &str, value: &str) -> Vec<u8> {
    let rest = form_urlencoded::parse(form).filter(|(key, _)| key != name);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).append_pair(name, value).finish().into_bytes()
}

fn answers(bend: fn(&Asked, &mut Answered)) -> Arc<dyn Bend> {
    Arc::new(bend)
}

/// Bends where the customer is sent with an answer that has this parameter.
fn leads_back(with: &'static str, change: fn(String) -> String) -> Arc<dyn Bend> {
    Arc::new(move |_: &Asked, answered: &mut Answered| {
        if let Some(back) = answered.callback().filter(|back| !value(back, with).is_empty()) {
            answered.put("location", &change(back));
        }
    })
}

fn answers_back(change: fn(String) -> String) -> Arc<dyn Bend> {
    Arc::new(move |_: &Asked, answered: &mut Answered| {
        if let Some(back) = answered.callback() {
            answered.put("location", &change(back));
        }
    })
}

/// Bends answers with a token.
fn tokens(change: fn(&mut Answered)) -> Arc<dyn Bend> {
    Arc::new(move |asked: &Asked, answered: &mut Answered| {
        if asked.is_token() && answered.json().is_some_and(|json| json["access_token"].is_string()) {
            change(answered);
        }
    })
}

fn lose(answered: &mut Answered, name: &str) {
    answered.headers.remove(name);
}

fn value(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn without(url: &str, name: &str) -> String {
    let mut url = Url::parse(url).unwrap();
    let rest: Vec<_> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(rest);
    url.into()
}

fn with(url: &str, name: &str, value: &str) -> String {
    let mut url = Url::parse(&without(url, name)).unwrap();
    url.query_pairs_mut().append_pair(name, value);
    url.into()
}
