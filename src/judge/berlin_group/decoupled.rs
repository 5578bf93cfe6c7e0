//! Payments that the customer decides about on a device of its own. Nobody has seen it decide: what the bank says of the
//! authorisation is held against what it says of the payment, and where both stand still nothing is known.

use crate::{
    evidence::exchange::Exchange,
    judge::{
        Finding, answered, in_words,
        vocabulary::{Stage, berlin_group::WORDS},
    },
};

/// What is said of an authorisation that has succeeded.
const SUCCEEDED: [&str; 3] = ["finalised", "exempted", "unconfirmed"];

/// The authorisation is final; where the payment has been executed, it has to be.
pub fn final_once_executed(authorisation: &Exchange, payment: &Exchange) -> Finding {
    let (sca, status) = match statuses(authorisation, payment) {
        Ok(both) => both,
        Err(unclear) => return unclear,
    };
    let expected = "scaStatus \"finalised\", \"exempted\" or \"unconfirmed\" beside a payment that is executed";
    let actual = format!("scaStatus \"{sca}\", transactionStatus {status}");
    match (SUCCEEDED.contains(&&*sca), WORDS.stage(&status) == Some(Stage::Executed)) {
        (false, false) => Finding::Unclear(format!("the PSU's approval has not arrived at the bank: {actual}")),
        (holds, _) => Finding::of(holds, expected, actual).at(authorisation),
    }
}

/// A payment whose authorisation has failed goes nowhere; `before` is its status from before the customer was asked.
pub fn nothing_after_failure(authorisation: &Exchange, payment: &Exchange, before: &str) -> Finding {
    let (sca, status) = match statuses(authorisation, payment) {
        Ok(both) => both,
        Err(unclear) => return unclear,
    };
    let expected = "RJCT, CANC, or a status from before acceptance";
    let actual = format!("scaStatus \"{sca}\", transactionStatus {status}");
    match (&*sca, &*status) {
        ("failed", _) => {
            // Some say ACCP once form and account are checked, and nothing else after a denial.
            let stage = WORDS.stage(&status);
            let stays = status == before && stage != Some(Stage::Executed);
            Finding::of(stays || !stage.is_some_and(Stage::is_accepted), expected, actual).at(payment)
        }
        (_, "RJCT" | "CANC") => Finding::of(true, expected, actual).at(payment),
        _ => Finding::Unclear(format!("the PSU's refusal has not arrived at the bank: {actual}")),
    }
}

/// The scaStatus and the transactionStatus.
fn statuses(authorisation: &Exchange, payment: &Exchange) -> Result<(String, String), Finding> {
    let text = |exchange: &Exchange, name: &str| {
        let response = answered(exchange)?;
        let value =
            response.json().unwrap_or_default()[name].as_str().filter(|_| response.status == 200).map(str::to_owned);
        value.ok_or_else(|| Finding::Unclear(format!("{}: {}", exchange.purpose, in_words(response))))
    };
    Ok((text(authorisation, "scaStatus")?, text(payment, "transactionStatus")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(name: &str, value: &str) -> Exchange {
        let exchange = json!({
            "id": "x0001", "check": "BG-030", "identity": "tpp-a", "purpose": "ask", "sent_at": "2026-01-01T00:00:00Z",
            "duration_ms": 1.0, "tls": null,
            "request": { "method": "GET", "url": "https://bank.example/", "headers": [], "body": "" },
            "answer": {
                "kind": "response", "status": 200, "headers": [], "truncated": false,
                "body": json!({ name: value }).to_string(),
            },
        });
        serde_json::from_value(exchange).expect("an exchange")
    }

    fn word(finding: &Finding) -> &'static str {
        match finding {
            Finding::Holds(_) => "holds",
            Finding::Broken(_) => "broken",
            Finding::Unclear(_) => "unclear",
            Finding::Beside(_) => "beside",
        }
    }

    #[test]
    fn only_what_the_payment_gives_away_is_held_against_the_bank() {
        for (sca, status, approved, denied) in [
            ("finalised", "ACCP", "holds", "unclear"),
            ("exempted", "RCVD", "holds", "unclear"),
            ("started", "ACSC", "broken", "unclear"),
            // Before the customer has decided, a bank may have accepted the order as such.
            ("started", "ACCP", "unclear", "unclear"),
            ("received", "RCVD", "unclear", "unclear"),
            ("failed", "RJCT", "unclear", "holds"),
            ("failed", "RCVD", "unclear", "holds"),
            ("received", "CANC", "unclear", "holds"),
            ("failed", "ACSC", "broken", "broken"),
            ("failed", "ACCP", "unclear", "broken"),
        ] {
            let both = (told("scaStatus", sca), told("transactionStatus", status));
            assert_eq!(word(&final_once_executed(&both.0, &both.1)), approved, "{sca} {status}");
            assert_eq!(word(&nothing_after_failure(&both.0, &both.1, "RCVD")), denied, "{sca} {status}");
        }
    }

    #[test]
    fn what_the_bank_said_before_it_may_go_on_saying() {
        let failed = told("scaStatus", "failed");
        for (status, expected) in [("ACCP", "holds"), ("ACSC", "broken")] {
            let payment = told("transactionStatus", status);
            assert_eq!(word(&nothing_after_failure(&failed, &payment, status)), expected);
        }
    }

    #[test]
    fn an_answer_that_says_nothing_is_held_against_nobody() {
        let (empty, status) = (told("other", "finalised"), told("transactionStatus", "ACSC"));
        assert_eq!(word(&final_once_executed(&empty, &status)), "unclear");
        assert_eq!(word(&nothing_after_failure(&empty, &status, "RCVD")), "unclear");
    }
}
