//! A table for each judge: what a bank may answer, what it may not, and what comes near to either.
//!
//! Each file is marked as one of tests, for whoever reads them one by one as `tests/architecture` does.

#[cfg(test)]
mod authorization;
#[cfg(test)]
mod berlin_group;
#[cfg(test)]
mod client_authentication;
#[cfg(test)]
mod cors;
#[cfg(test)]
mod every_answer;
#[cfg(test)]
mod in_the_clear;
#[cfg(test)]
mod introspection;
#[cfg(test)]
mod links;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod payment;
#[cfg(test)]
mod resource;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod signature;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod token;

use super::Finding;
use crate::evidence::exchange::Exchange;

/// What a judge says: `granted` is broken, and no lack of a control can explain it away.
fn word(finding: &Finding) -> &'static str {
    match finding {
        Finding::Holds(_) => "holds",
        Finding::Broken(comparison) if comparison.granted => "granted",
        Finding::Broken(_) => "broken",
        Finding::Unclear(_) => "unclear",
        Finding::Beside(_) => "beside",
    }
}

/// The judge says that of each.
#[track_caller]
fn table<E: std::fmt::Debug>(judge: impl Fn(&E) -> Finding, rows: impl IntoIterator<Item = (E, &'static str)>) {
    for (row, (evidence, expected)) in rows.into_iter().enumerate() {
        let finding = judge(&evidence);
        assert_eq!(word(&finding), expected, "row {}: {finding:?}\nof {evidence:?}", row + 1);
    }
}

/// The same, and of what accuses nobody: a bank that is busy or down, that is not there, or whose answer has no end.
#[track_caller]
fn table_of_answers(judge: impl Fn(&Exchange) -> Finding, rows: impl IntoIterator<Item = (Exchange, &'static str)>) {
    table(&judge, rows);
    table(
        &judge,
        [(answered(429, &[], ""), "unclear"), (answered(503, &[], "{}"), "unclear"), (failed("connect"), "unclear")],
    );
    table(&judge, [(failed("timeout"), "unclear"), (failed("protocol"), "unclear")]);
}

fn exchange(method: &str, answer: serde_json::Value) -> Exchange {
    let exchange = serde_json::json!({
        "id": "x0001", "check": "TOKEN-002", "identity": "tpp-a", "purpose": "ask", "duration_ms": 1.0,
        "sent_at": "2026-11-21T10:00:00Z", "tls": null, "answer": answer,
        "request": { "method": method, "url": "https://bank.example/token?a=b", "headers": [], "body": "" },
    });
    serde_json::from_value(exchange).unwrap()
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange {
    let answer = serde_json::json!({
        "kind": "response", "status": status, "headers": headers, "body": body, "truncated": false
    });
    exchange("POST", answer)
}

/// JSON, as JSON.
fn json(status: u16, body: &str) -> Exchange {
    answered(status, &[("content-type", "application/json")], body)
}

/// The first bytes of an answer that has no end.
fn endless(status: u16, body: &str) -> Exchange {
    let answer =
        serde_json::json!({ "kind": "response", "status": status, "headers": [], "body": body, "truncated": true });
    exchange("POST", answer)
}

/// An error of OAuth.
fn error(status: u16, code: &str) -> Exchange {
    json(status, &format!(r#"{{"error":"{code}"}}"#))
}

/// An error of the Berlin Group.
fn message(status: u16, code: &str) -> Exchange {
    json(status, &format!(r#"{{"tppMessages":[{{"category":"ERROR","code":"{code}"}}]}}"#))
}

/// No answer: at which layer.
fn failed(layer: &str) -> Exchange {
    exchange("POST", serde_json::json!({ "kind": "failure", "layer": layer, "message": "it failed" }))
}

/// Refused by a TLS alert.
fn alert() -> Exchange {
    let mut exchange = serde_json::to_value(failed("tls")).unwrap();
    exchange["tls"] = serde_json::json!({ "version": "", "client_subject": null, "alert": "AccessDenied" });
    serde_json::from_value(exchange).unwrap()
}
