//! Judges of the links of Berlin Group's payments.

use std::sync::Arc;

use serde_json::json;

use super::{
    answered, every_answer,
    every_answer::{alone, of},
    table,
};
use crate::{evidence::exchange::Exchange, judge::berlin_group};

const PAYMENTS: &str = "https://bank.example/x/v1/payments/sepa-credit-transfers";

fn initiated(id: &str, links: &[(&str, &str)], locations: &[&str]) -> Exchange {
    let links: serde_json::Map<_, _> =
        links.iter().map(|(name, href)| ((*name).to_owned(), json!({ "href": href }))).collect();
    let headers: Vec<_> = locations.iter().map(|location| ("location", *location)).collect();
    let body = json!({ "paymentId": id, "transactionStatus": "RCVD", "_links": links });
    of("initiation", PAYMENTS, "{}", answered(201, &headers, &body.to_string()))
}

#[test]
fn lead_to_their_payment() {
    let with = |href: &str| initiated("P-7", &[("self", href)], &[]);
    let located = |href: &str| initiated("P-7", &[], &[href]);
    alone(
        berlin_group::lead_to_their_payment,
        [
            (with("/v1/payments/sepa-credit-transfers/P-7"), "holds"),
            (with("https://bank.example/x/v1/payments/sepa-credit-transfers/p%2D7?x=1#y"), "holds"),
            (with("sepa-credit-transfers/P-7"), "holds"),
            (initiated("a+b==", &[("self", "/v1/payments/sepa-credit-transfers/a%2Bb==")], &[]), "holds"),
            // What an address looks like is the bank's choice.
            (with("https://api.bank.example/p/0815"), "holds"),
            (with("/v1/payments/sepa-credit-transfers"), "holds"),
            (with("/v1/payments/sepa-credit-transfers/P-8"), "broken"),
            (with("https://bank.example/x/v1/payments/sepa-credit-transfers/P-8/status"), "broken"),
            (located("/v1/payments/sepa-credit-transfers/P-7"), "holds"),
            (located("/v1/payments/sepa-credit-transfers/P-8"), "broken"),
            (initiated("P-7", &[("help", "/v1/payments/sepa-credit-transfers/P-8")], &[]), "holds"),
            (initiated("P-7", &[], &[]), "holds"),
            (of("status", PAYMENTS, "", answered(200, &[], "{}")), "beside"),
        ],
    );
    // An id that is another payment's is one wherever it stands.
    let run = |href: &str| {
        let run = [initiated("P-8", &[], &[]), initiated("P-7", &[("scaStatus", href)], &[])];
        every_answer::numbered(&run.map(Arc::new))
    };
    table(
        |run: &Vec<Arc<Exchange>>| berlin_group::lead_to_their_payment(run),
        [(run("https://api.bank.example/p/P-8/sca"), "broken"), (run("https://api.bank.example/p/P-9/sca"), "holds")],
    );
}

#[test]
fn have_tls() {
    let with = |name: &str, href: &str| initiated("P-7", &[(name, href)], &[]);
    alone(
        berlin_group::have_tls,
        [
            (with("scaRedirect", "https://bank.example/login"), "holds"),
            (with("scaOAuth", "HTTPS://bank.example/.well-known"), "holds"),
            (with("scaRedirect", "/login"), "holds"),
            (with("scaRedirect", "bankapp://approve/7"), "holds"),
            (with("scaRedirect", "http://bank.example/login"), "broken"),
            (with("scaOAuth", "HTTP://bank.example/.well-known"), "broken"),
            // Help is for everybody.
            (with("help", "http://bank.example/help"), "beside"),
            (of("authorisation", PAYMENTS, "{}", answered(400, &[], "{}")), "beside"),
        ],
    );
}
