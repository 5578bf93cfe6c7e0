//! The judges of revoked certificates, bound tokens and renewals, on answers of banks that do it in other ways than ours.

use bankproof::evidence::exchange::{Answer, Exchange, Failure, Layer, Request, Response, TlsFacts};
use bankproof::evidence::operation::Operation;
use bankproof::judge::{Finding, binding, certificate, revocation_status, vocabulary::berlin_group::WORDS};
use time::OffsetDateTime;

fn exchange(answer: Answer) -> Exchange {
    let alert = match &answer {
        Answer::Failure(failure) if failure.layer == Layer::Tls => Some("CertificateRevoked".to_owned()),
        _ => None,
    };
    Exchange {
        id: "x0001".into(),
        check: "CERT-006".into(),
        direction: Default::default(),
        identity: "tpp-a".into(),
        operation: Default::default(),
        purpose: "initiate a payment".into(),
        sent_at: OffsetDateTime::UNIX_EPOCH,
        duration_ms: 1.0,
        request: Request {
            method: "POST".into(),
            url: "https://bank.example/".into(),
            headers: vec![],
            body: "".into(),
        },
        answer,
        tls: Some(TlsFacts { version: "TLSv1.3".into(), client_subject: None, client_certificate: None, alert }),
    }
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    exchange(Answer::Response(Response { status, headers, body: body.into(), truncated: false }))
}

fn failed(layer: Layer) -> Exchange {
    exchange(Answer::Failure(Failure { layer, message: "received fatal alert: CertificateRevoked".into() }))
}

/// `holds`, `broken`, `granted` (broken, and no missing control explains it away) or `unclear`.
fn word(finding: &Finding) -> &'static str {
    match finding {
        Finding::Holds(_) => "holds",
        Finding::Broken(comparison) if comparison.granted => "granted",
        Finding::Broken(_) => "broken",
        Finding::Unclear(_) => "unclear",
        Finding::Beside(_) => "beside",
    }
}

const PAYMENT: &str = r#"{"paymentId":"1","transactionStatus":"RCVD"}"#;

fn messages(code: &str) -> String {
    format!(r#"{{"tppMessages":[{{"category":"ERROR","code":"{code}"}}]}}"#)
}

#[test]
fn a_revocation_is_noticed_by_an_alert_or_by_an_error() {
    for (answer, expected) in [
        (failed(Layer::Tls), "holds"),
        (failed(Layer::Closed), "holds"),
        (answered(401, &[], &messages("CERTIFICATE_REVOKED")), "holds"),
        (answered(403, &[], ""), "holds"),
        // The control decides whether that accuses the bank.
        (answered(201, &[], PAYMENT), "broken"),
        (answered(500, &[], ""), "unclear"),
        (answered(503, &[], ""), "unclear"),
        (failed(Layer::Timeout), "unclear"),
        (failed(Layer::Connect), "unclear"),
    ] {
        assert_eq!(word(&revocation_status::noticed(&answer, &WORDS)), expected, "{answer:?}");
    }
}

#[test]
fn the_code_of_a_refusal_says_that_it_was_a_revocation() {
    for (answer, expected) in [
        (failed(Layer::Tls), "holds"),
        (answered(401, &[], &messages("CERTIFICATE_REVOKED")), "holds"),
        (answered(401, &[], &messages("CERTIFICATE_REVOKE")), "holds"),
        (answered(401, &[], ""), "holds"),
        (answered(401, &[], &messages("CERTIFICATE_EXPIRED")), "broken"),
        (answered(403, &[], &messages("CERTIFICATE_REVOKED")), "broken"),
        (answered(401, &[("content-type", "text/html")], "<html>"), "beside"),
        (answered(403, &[], ""), "holds"),
    ] {
        assert_eq!(word(&revocation_status::told_as_such(&answer, &WORDS)), expected, "{answer:?}");
    }
}

#[test]
fn the_token_of_a_revoked_certificate_opens_nothing() {
    for (answer, expected) in [
        (failed(Layer::Tls), "holds"),
        (answered(401, &[], ""), "holds"),
        (answered(200, &[], "{}"), "broken"),
        (answered(500, &[], ""), "unclear"),
    ] {
        assert_eq!(word(&revocation_status::token_worthless(&answer)), expected, "{answer:?}");
    }
}

#[test]
fn a_token_without_its_certificate_opens_nothing() {
    for (answer, expected) in [
        (failed(Layer::Tls), "holds"),
        (failed(Layer::Closed), "holds"),
        (answered(401, &[], ""), "holds"),
        (answered(200, &[], "{}"), "granted"),
        (answered(502, &[], ""), "unclear"),
    ] {
        assert_eq!(word(&binding::token_refused(&answer)), expected, "{answer:?}");
    }
}

#[test]
fn a_wrong_certificate_is_told_by_401() {
    let challenge = |value| answered(401, &[("WWW-Authenticate", value)], "");
    for (answer, expected) in [
        (challenge("Bearer error=\"invalid_token\""), "holds"),
        (challenge("Bearer realm=\"x\", error=invalid_token, error_description=\"y\""), "holds"),
        (challenge("Bearer"), "holds"),
        (answered(401, &[], &messages("CERTIFICATE_INVALID")), "holds"),
        (challenge("Bearer error=\"insufficient_scope\""), "broken"),
        (answered(403, &[], ""), "broken"),
        (answered(503, &[], ""), "unclear"),
    ] {
        assert_eq!(word(&binding::refused_as_invalid(&answer)), expected, "{answer:?}");
    }
}

#[test]
fn the_binding_is_the_one_that_it_should_be() {
    let token = answered(200, &[], r#"{"access_token":"‹token:1›"}"#);
    assert_eq!(word(&binding::says_bound(&token, Some("abc"))), "holds");
    assert_eq!(word(&binding::says_bound(&token, None)), "broken");
    assert_eq!(word(&binding::says_bound_to(&token, Some("abc"), "abc")), "holds");
    assert_eq!(word(&binding::says_bound_to(&token, Some("616263"), "abc")), "broken");
    assert_eq!(word(&binding::says_bound_to(&token, None, "abc")), "unclear");
    let told = |body: &str| word(&binding::metadata_says_bound(&answered(200, &[], body)));
    assert_eq!(told(r#"{"tls_client_certificate_bound_access_tokens":true}"#), "holds");
    for silent in ["{}", r#"{"tls_client_certificate_bound_access_tokens":"true"}"#, "<html>"] {
        assert_eq!(told(silent), "broken", "{silent}");
    }
}

#[test]
fn whoever_renews_is_no_stranger() {
    for (answer, expected) in [
        (answered(200, &[], "{}"), "holds"),
        (answered(204, &[], ""), "holds"),
        (answered(401, &[], ""), "broken"),
        (answered(403, &[], ""), "broken"),
        (answered(404, &[], ""), "broken"),
        // About the payment, not about who asks.
        (answered(409, &[], &messages("STATUS_INVALID")), "beside"),
        (answered(500, &[], ""), "unclear"),
        (failed(Layer::Timeout), "unclear"),
    ] {
        assert_eq!(word(&certificate::not_a_stranger(&answer, &WORDS)), expected, "{answer:?}");
    }
}

#[test]
fn a_certificate_is_refused_where_no_door_lets_it_in() {
    let at =
        |operation: Operation, status: u16, body: &str| (Exchange { operation, ..answered(status, &[], body) }, None);
    let api = || at(Operation::Initiation, 401, &messages("CERTIFICATE_INVALID"));
    let active = |is_active: bool| answered(200, &[], &format!(r#"{{"active":{is_active}}}"#));
    let revoked = |status: u16, after: Option<Exchange>| (at(Operation::Revocation, status, "").0, after);
    for (doors, expected) in [
        (vec![api()], "holds"),
        (vec![revoked(401, None), at(Operation::Introspection, 400, "{}"), api()], "holds"),
        (vec![(failed(Layer::Tls), None)], "holds"),
        // A stranger may be told that the token is not active, and that it has been revoked, which it has not.
        (vec![at(Operation::Introspection, 200, r#"{"active":false}"#), api()], "holds"),
        (vec![revoked(200, Some(active(true))), api()], "holds"),
        (vec![revoked(200, Some(active(false))), api()], "granted"),
        (vec![revoked(200, None), api()], "unclear"),
        (vec![at(Operation::Introspection, 200, r#"{"active":true}"#), api()], "granted"),
        (vec![at(Operation::PushedRequest, 201, r#"{"request_uri":"urn:a"}"#), api()], "granted"),
        (vec![revoked(401, None), at(Operation::Initiation, 201, PAYMENT)], "granted"),
        (vec![revoked(503, None), api()], "unclear"),
        (vec![at(Operation::PushedRequest, 201, "{}"), revoked(503, None), api()], "granted"),
        (vec![], "unclear"),
    ] {
        let each = doors.iter().map(|(exchange, after)| (exchange, after.as_ref()));
        assert_eq!(word(&certificate::refused_at_each(each, &WORDS)), expected, "{doors:?}");
    }
}
