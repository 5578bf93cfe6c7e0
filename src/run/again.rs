//! Asking again: a check that a passing trouble on the way may have spoilt runs once more from scratch, where that is safe.
//!
//! The first answer stays the verdict: asking again may take an accusation back, and never makes a pass. What then held is
//! marked `flaky`. Where the first try could not tell and the second finds the rule broken, without any sign of trouble,
//! that is the finding.

use std::sync::Arc;

use super::engine::Done;
use crate::{
    evidence::exchange::to_the_microsecond,
    evidence::exchange::{Answer, Exchange, Layer, Response},
    steps::Outcome,
    tpp::Trouble,
};

/// Nobody waits longer before asking again, in seconds.
const LONGEST: u64 = 30;

/// What it is called, and how it is told.
type Sign = (&'static str, fn(&Exchange) -> bool);

/// What an answer of a gateway, an overloaded server or a dead one looks like: a sign that says nothing of the rule.
const SIGNS: [Sign; 5] = [
    ("too many requests", |exchange| status(exchange) == Some(429)),
    ("unavailable", |exchange| matches!(status(exchange), Some(502..=504))),
    // A small server that eight ask at a time locks its own database.
    ("the server's own error", |exchange| status(exchange) == Some(500) && !is_a_page(exchange)),
    ("a gateway's page", |exchange| exchange.response().is_some_and(is_page_of_gateway)),
    ("no answer", |exchange| match &exchange.answer {
        Answer::Failure(failure) => matches!(failure.layer, Layer::Connect | Layer::Timeout | Layer::Closed),
        Answer::Response(_) => false,
    }),
];

fn status(exchange: &Exchange) -> Option<u16> {
    exchange.response().map(|response| response.status)
}

fn is_a_page(exchange: &Exchange) -> bool {
    exchange.response().is_some_and(is_page_of_gateway)
}

/// A page with a server's error where an API answers in JSON.
fn is_page_of_gateway(response: &Response) -> bool {
    let media_type = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    response.status >= 500 && media_type.starts_with("text/html")
}

/// The first sign of trouble among the exchanges of a scenario, in words.
fn sign(exchanges: &[Arc<Exchange>]) -> Option<String> {
    exchanges.iter().find_map(|exchange| {
        let (name, _) = SIGNS.iter().find(|(_, is)| is(exchange))?;
        let seen = status(exchange).map_or_else(String::new, |status| format!(" ({status})"));
        Some(format!("{name}{seen}: {}", exchange.purpose))
    })
}

/// Whether a request may be sent again in a new try: what has not come about is not done twice.
fn is_safe(exchange: &Exchange) -> bool {
    let never_came = matches!(&exchange.answer, Answer::Failure(failure) if failure.layer == Layer::Connect);
    never_came || exchange.operation.may_be_repeated() || matches!(status(exchange), Some(400..=499))
}

/// What a server that falters when many ask at a time is told to be asked with instead; nothing where it was not so.
fn hint(sign: &str, at_a_time: usize) -> String {
    let is_its_own = sign.contains("(500)") || sign.contains("(503)");
    match is_its_own && at_a_time > 1 {
        true => format!(
            " and alone, while {at_a_time} checks ran at a time before: `--jobs 1`, or `concurrency = 1` under [network], asks one at a \
             time"
        ),
        false => String::new(),
    }
}

/// What is to be done about a scenario that is done.
pub(super) struct Again {
    /// What was seen, in words.
    pub(super) sign: String,
    /// How long to wait first, in seconds.
    pub(super) after: u64,
}

/// Whether a scenario is to be tried once more.
pub(super) fn is_due(done: &Done, exchanges: &[Arc<Exchange>]) -> Option<Again> {
    if !matches!(done.outcome, Outcome::Broken(_) | Outcome::Inconclusive(_)) {
        return None;
    }
    let sign = sign(exchanges)?;
    if !exchanges.iter().all(|exchange| is_safe(exchange)) {
        return None;
    }
    let asked = exchanges.iter().filter_map(|exchange| exchange.response()?.header("retry-after")?.parse::<u64>().ok());
    Some(Again { sign, after: asked.max().unwrap_or(1).min(LONGEST) })
}

/// What was seen at the first try.
pub(super) struct Seen<'a> {
    /// The sign of trouble, in words.
    pub(super) sign: &'a str,
    /// How many checks ran at a time.
    pub(super) at_a_time: usize,
}

/// What both tries come to, and the mark if there is one; `later` are the exchanges of the second, which ran alone.
pub(super) fn both(first: Done, second: Done, seen: &Seen<'_>, later: &[Arc<Exchange>]) -> Done {
    let (hint, seen) = (hint(seen.sign, seen.at_a_time), seen.sign);
    let held = format!("{seen}; it held when asked again{hint}");
    let spoilt = sign(later);
    let duration_ms = to_the_microsecond(first.duration_ms + second.duration_ms);
    let (outcome, flaky) = match (first.outcome, second.outcome) {
        (Outcome::Broken(_), Outcome::Holds(_)) => {
            let reason = format!("{seen}; asked again, the bank did as it must");
            (Outcome::Inconclusive(Trouble::Environment(reason)), Some(held))
        }
        (Outcome::Inconclusive(reason), Outcome::Holds(_)) => (Outcome::Inconclusive(reason), Some(held)),
        // Twice the same is no accident.
        (Outcome::Broken(comparison), Outcome::Broken(_)) => (Outcome::Broken(comparison), None),
        (Outcome::Inconclusive(_), Outcome::Broken(comparison)) if spoilt.is_none() => {
            (Outcome::Broken(comparison), None)
        }
        (first @ Outcome::Inconclusive(_), _) => (first, None),
        (Outcome::Broken(_), _) => {
            let reason = format!("{seen}; asked again, it could not be told either");
            (Outcome::Inconclusive(Trouble::Environment(reason)), None)
        }
        (first, _) => (first, None),
    };
    Done { row: first.row, outcome, duration_ms, flaky }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::judge::Comparison;

    fn exchange(operation: &str, status: u16, headers: &[(&str, &str)]) -> Arc<Exchange> {
        let exchange = json!({
            "id": "x0001", "check": "BG-001", "identity": "tpp-a", "operation": operation, "purpose": "ask", "duration_ms": 1.0,
            "sent_at": "2026-11-21T10:00:00Z",
            "request": { "method": "POST", "url": "https://api.bank.example/x", "headers": [], "body": "" },
            "answer": { "kind": "response", "status": status, "headers": headers, "body": "", "truncated": false },
            "tls": null,
        });
        serde_json::from_value(exchange).unwrap()
    }

    fn done(outcome: Outcome) -> Done {
        Done { row: "BG-001".into(), outcome, duration_ms: 1.0, flaky: None }
    }

    fn broken() -> Outcome {
        Outcome::Broken(Comparison::default())
    }

    fn untold() -> Outcome {
        Outcome::Inconclusive(Trouble::Environment("503".into()))
    }

    fn holds() -> Outcome {
        Outcome::Holds(Comparison::default())
    }

    #[test]
    fn only_trouble_that_is_safe_to_repeat_is_repeated() {
        let page = [("content-type", "text/html; charset=utf-8")];
        for (operation, status, headers, due) in [
            ("payment", 503, &[][..], true),
            ("status", 429, &[("retry-after", "7")][..], true),
            ("payment", 500, &page[..], true),
            ("payment", 500, &[][..], true),
            ("initiation", 500, &[][..], false),
            ("payment", 404, &page[..], false),
            ("token", 503, &[][..], true),
            // It may have been created all the same.
            ("initiation", 503, &[][..], false),
            ("initiation", 504, &[][..], false),
            ("initiation", 429, &[][..], true),
            ("authorisation", 503, &[][..], false),
            ("cancellation", 502, &[][..], false),
        ] {
            let exchanges = [exchange(operation, status, headers)];
            let again = is_due(&done(broken()), &exchanges);
            assert_eq!(again.is_some(), due, "{operation} {status}");
            assert!(is_due(&done(holds()), &exchanges).is_none());
        }
        let created = [exchange("initiation", 201, &[]), exchange("payment", 503, &[])];
        assert!(is_due(&done(broken()), &created).is_none(), "a payment was made");
        let patient = exchange("payment", 429, &[("retry-after", "3600")]);
        assert_eq!(is_due(&done(untold()), &[patient]).unwrap().after, LONGEST);
    }

    #[test]
    fn a_server_that_falters_when_many_ask_is_told_so() {
        let told = |sign: &str, at_a_time| {
            both(done(untold()), done(holds()), &Seen { sign, at_a_time }, &[]).flaky.unwrap_or_default()
        };
        assert!(told("the server's own error (500): ask", 8).contains("while 8 checks ran at a time"));
        assert!(told("unavailable (503): ask", 2).contains("--jobs 1"));
        for (sign, at_a_time) in [("the server's own error (500): ask", 1), ("too many requests (429): ask", 8)] {
            assert!(!told(sign, at_a_time).contains("--jobs"), "{sign}");
        }
    }

    #[test]
    fn asking_again_never_makes_a_pass() {
        let good = [exchange("payment", 200, &[])];
        let bad = [exchange("payment", 503, &[])];
        let come_to = |first: Outcome, second: Outcome, later: &[Arc<Exchange>]| {
            let done = both(done(first), done(second), &Seen { sign: "unavailable (503)", at_a_time: 8 }, later);
            let word = match done.outcome {
                Outcome::Holds(_) => "holds",
                Outcome::Broken(_) => "broken",
                Outcome::Inconclusive(_) => "untold",
                Outcome::NotApplicable(_) => "none",
            };
            (word, done.flaky.is_some())
        };
        assert_eq!(come_to(untold(), holds(), &good), ("untold", true));
        assert_eq!(come_to(broken(), holds(), &good), ("untold", true));
        assert_eq!(come_to(broken(), broken(), &bad), ("broken", false));
        assert_eq!(come_to(untold(), broken(), &good), ("broken", false));
        assert_eq!(come_to(untold(), broken(), &bad), ("untold", false));
        assert_eq!(come_to(broken(), untold(), &bad), ("untold", false));
        assert_eq!(come_to(untold(), untold(), &bad), ("untold", false));
    }
}
