//! What banks may answer besides what ours does: no judge holds it against them. And beside each, what is not lawful.

use std::sync::Arc;

use super::{
    Finding, authorization, berlin_group, binding, introspection, metadata, payment, resource, token,
    vocabulary::{Refusal, berlin_group::WORDS},
};
use crate::evidence::{
    exchange::Exchange,
    walk_end::{AuthorizationFacts, WalkEnd},
};

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let exchange = serde_json::json!({
        "id": "x0001", "check": "TOKEN-002", "identity": "tpp-a", "purpose": "ask", "duration_ms": 1.0,
        "sent_at": "2026-11-21T10:00:00Z",
        "request": { "method": "POST", "url": "https://bank.example/token", "headers": [], "body": "" },
        "answer": { "kind": "response", "status": status, "headers": headers, "body": body, "truncated": false },
        "tls": null,
    });
    serde_json::from_value(exchange).unwrap()
}

fn refused_in_tls() -> Exchange {
    let failure = serde_json::json!({ "kind": "failure", "layer": "tls", "message": "received fatal alert" });
    let mut exchange = serde_json::to_value(answered(200, &[], "")).unwrap();
    exchange["answer"] = failure;
    exchange["tls"] = serde_json::json!({ "version": "", "client_subject": null, "alert": "AccessDenied" });
    serde_json::from_value(exchange).unwrap()
}

fn page(headers: &[(&str, &str)], body: &str) -> AuthorizationFacts {
    let headers = [&[("content-type", "text/html")], headers].concat();
    AuthorizationFacts {
        registered: Vec::new(),
        own: Vec::new(),
        sent: Vec::new(),
        walk_end: WalkEnd::Stranded { status: 200 },
        worthless_code: false,
        has_acted: true,
        unsure: None,
        agent: "form-script",
        exchanges: vec![Arc::new(answered(200, &headers, body))],
    }
}

fn holds(finding: &Finding) -> bool {
    matches!(finding, Finding::Holds(_))
}

fn broken(finding: &Finding) -> bool {
    matches!(finding, Finding::Broken(_))
}

#[test]
fn a_list_may_stand_in_several_lines() {
    let split = [("cache-control", "private"), ("Cache-Control", "max-age=0, No-Store")];
    assert!(holds(&token::forbids_caching(&answered(200, &split, ""))));
    assert!(broken(&token::forbids_caching(&answered(200, &[("cache-control", "private, x-no-store")], ""))));
    let policies =
        [("content-security-policy", "default-src 'self'"), ("content-security-policy", "frame-ancestors 'none'")];
    assert!(holds(&authorization::framing_forbidden(&page(&policies, ""))));
    assert!(broken(&authorization::framing_forbidden(&page(&policies[..1], ""))));
}

#[test]
fn a_page_may_say_itself_that_it_gives_no_referrer() {
    for meta in ["<meta name=\"referrer\" content=\"no-referrer\">", "<META content='same-origin' NAME=referrer>"] {
        assert!(holds(&authorization::referrer_suppressed(&page(&[], meta))), "{meta}");
    }
    let later = [("referrer-policy", "no-referrer, from-the-future")];
    assert!(holds(&authorization::referrer_suppressed(&page(&later, ""))));
    let open = "<meta name=referrer content=unsafe-url>";
    assert!(broken(&authorization::referrer_suppressed(&page(&[], open))));
    assert!(broken(&authorization::referrer_suppressed(&page(&[("referrer-policy", "no-referrer, unsafe-url")], ""))));
}

#[test]
fn a_refusal_may_come_in_tls_or_lead_elsewhere() {
    for refusal in [refused_in_tls(), answered(302, &[("location", "/help")], ""), answered(404, &[], "")] {
        assert!(holds(&payment::refused(&refusal)), "{refusal:?}");
        assert!(holds(&resource::token_refused(&refusal)), "{refusal:?}");
    }
    assert!(broken(&payment::refused(&answered(201, &[], "{}"))));
}

#[test]
fn a_challenge_is_told_by_its_scheme_and_errors_by_their_name() {
    let headers = [("www-authenticate", "Negotiate"), ("WWW-Authenticate", "bearer realm=\"a, b\", scope=\"PIS\"")];
    assert!(holds(&resource::challenged(&answered(401, &headers, ""))));
    assert!(holds(&resource::challenged(&answered(400, &headers, ""))));
    assert!(broken(&resource::challenged(&answered(401, &headers[..1], ""))));
    assert!(broken(&resource::challenged(&answered(200, &headers, ""))));
    let spaced = [("www-authenticate", "Bearer error = \"invalid_token\"")];
    assert!(holds(&binding::refused_as_invalid(&answered(401, &spaced, ""))));
}

#[test]
fn who_does_not_authenticate_may_be_told_that_a_token_is_not_his() {
    assert!(holds(&introspection::nothing_learned(&answered(200, &[], "{\"active\":false}"))));
    assert!(holds(&introspection::nothing_learned(&answered(401, &[], ""))));
    assert!(broken(&introspection::nothing_learned(&answered(200, &[], "{\"active\":true}"))));
}

#[test]
fn keys_need_no_kid_and_kinds_may_share_one() {
    let keys = |keys: &str| metadata::distinct_kids(&answered(200, &[], &format!("{{\"keys\":[{keys}]}}")));
    assert!(holds(&keys(r#"{"kty":"EC"},{"kty":"EC"}"#)));
    assert!(holds(&keys(r#"{"kty":"EC","kid":"1"},{"kty":"RSA","kid":"1"},{"kty":"EC"}"#)));
    assert!(broken(&keys(r#"{"kty":"EC","kid":"1"},{"kty":"EC","kid":"1"}"#)));
}

#[test]
fn a_member_that_is_null_names_no_address() {
    let document = |more: &str| {
        let body = format!(
            r#"{{"issuer":"HTTPS://a","authorization_endpoint":"https://a/a","token_endpoint":"https://a/t",
            "response_types_supported":["code"],{more}}}"#
        );
        metadata::complete_and_secure(&answered(200, &[], &body))
    };
    assert!(holds(&document(r#""registration_endpoint":null"#)));
    assert!(broken(&document(r#""registration_endpoint":"http://a/r""#)));
    assert!(broken(&document(r#""registration_endpoint":7"#)));
}

#[test]
fn warnings_may_come_before_errors() {
    let body = r#"{"tppMessages":[{"category":"WARNING","code":"OLD"},{"category":"ERROR","code":"FORMAT_ERROR"}]}"#;
    assert!(holds(&payment::refused_for(&answered(400, &[], body), Refusal::Malformed, &WORDS)));
    let other = body.replace("FORMAT_ERROR", "OLDER");
    assert!(broken(&payment::refused_for(&answered(400, &[], &other), Refusal::Malformed, &WORDS)));
}

#[test]
fn a_status_from_before_the_customer_was_asked_is_no_acceptance() {
    let status = |status: &str| answered(200, &[], &format!("{{\"transactionStatus\":\"{status}\"}}"));
    assert!(holds(&payment::neither_accepted_nor_executed(&status("ACCP"), &WORDS, Some("ACCP"))));
    assert!(broken(&payment::neither_accepted_nor_executed(&status("ACCP"), &WORDS, Some("RCVD"))));
    assert!(broken(&payment::neither_accepted_nor_executed(&status("ACSP"), &WORDS, Some("ACSP"))));
}

#[test]
fn a_cancelled_payment_may_be_gone() {
    let unknown = r#"{"tppMessages":[{"category":"ERROR","code":"RESOURCE_UNKNOWN"}]}"#;
    for gone in [answered(404, &[], ""), answered(410, &[], ""), answered(400, &[], unknown)] {
        assert!(holds(&berlin_group::cancelled(&gone, &WORDS)), "{gone:?}");
    }
    assert!(broken(&berlin_group::cancelled(&answered(200, &[], r#"{"transactionStatus":"RCVD"}"#), &WORDS)));
}

#[test]
fn an_exempted_payment_has_no_approach() {
    let created = |status: &str, links: &str| {
        let body = format!(r#"{{"transactionStatus":"{status}","_links":{{{links}}}}}"#);
        berlin_group::approach_agrees(&answered(201, &[], &body))
    };
    let own = r#""self":{"href":"/v1/p/1"}"#;
    assert!(matches!(created("ACSP", own), Finding::Beside(_)));
    assert!(matches!(created("RCVD", own), Finding::Unclear(_)));
    assert!(broken(&created("RCVD", r#""scaOAuth":{"href":"https://a"}"#)));
}

#[test]
fn what_a_script_may_show_is_not_missed() {
    let shown = |body: &str| authorization::amount_and_payee_shown(&page(&[], body), "12.34", "Shop");
    assert!(holds(&shown("<p>Pay 12,34 EUR to Shop</p>")));
    assert!(broken(&shown("<p>Pay?</p>")));
    assert!(matches!(shown("<p>Pay?</p><script src=/pay.js></script>"), Finding::Unclear(_)));
}
