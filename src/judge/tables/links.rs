//! Judges of the links of Berlin Group's payments.

use std::sync::Arc;

use serde_json::json;

use super::{
    answered, every_answer,
    every_answer::{alone, of},
    table,
};
use crate::{
    evidence::{
        berlin_group::{Followed, doubts},
        exchange::Exchange,
    },
    judge::berlin_group,
};

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
        |answers| berlin_group::lead_to_their_payment(answers, &[]),
        [
            (with("/v1/payments/sepa-credit-transfers/P-7"), "holds"),
            (with("https://bank.example/x/v1/payments/sepa-credit-transfers/p%2D7?x=1#y"), "holds"),
            (with("sepa-credit-transfers/P-7"), "holds"),
            (initiated("a+b==", &[("self", "/v1/payments/sepa-credit-transfers/a%2Bb==")], &[]), "holds"),
            // What an address looks like is the bank's choice.
            (with("https://api.bank.example/p/0815"), "holds"),
            (with("/v1/payments/sepa-credit-transfers"), "holds"),
            // What stands in the place of the id need not be the id.
            (with("/v1/payments/sepa-credit-transfers/P-8"), "unclear"),
            (with("https://bank.example/x/v1/payments/sepa-credit-transfers/P-8/status"), "unclear"),
            (located("/v1/payments/sepa-credit-transfers/P-7"), "holds"),
            (located("/v1/payments/sepa-credit-transfers/P-8"), "unclear"),
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
        |run: &Vec<Arc<Exchange>>| berlin_group::lead_to_their_payment(run, &[]),
        [(run("https://api.bank.example/p/P-8/sca"), "broken"), (run("https://api.bank.example/p/P-9/sca"), "holds")],
    );
}

#[test]
fn what_a_link_leads_to_shows_whose_it_is() {
    let order = r#"{"instructedAmount":{"amount":"10.00","currency":"EUR"},"creditorName":"Shop"}"#;
    let run = |name: &str, href: &str| {
        let mut created = initiated("P-7", &[(name, href)], &[]);
        created.request.body = order.into();
        [Arc::new(created)]
    };
    let read = |status: u16, body: &str| Arc::new(of("payment", PAYMENTS, "", answered(status, &[], body)));
    let judge = |name: &str, there: Arc<Exchange>, own: Arc<Exchange>| {
        let run = run(name, "/v1/payments/sepa-credit-transfers/H-1");
        let doubt = doubts(&run).remove(0);
        assert_eq!(doubt.own, "/v1/payments/sepa-credit-transfers/P-7");
        berlin_group::lead_to_their_payment(&run, &[Followed { doubt, there, own }])
    };
    let other = r#"{"instructedAmount":{"amount":"99.00","currency":"EUR"}}"#;
    for (name, there, own, expected) in [
        ("self", read(200, order), read(200, order), "holds"),
        ("status", read(200, r#"{"transactionStatus":"RCVD"}"#), read(200, "{}"), "holds"),
        ("self", read(200, order), read(404, ""), "holds"),
        ("self", read(200, other), read(200, order), "broken"),
        ("self", read(404, ""), read(200, order), "broken"),
        ("scaStatus", read(403, ""), read(200, "{}"), "broken"),
        // Whoever is told as little of the payment itself shows nothing.
        ("self", read(401, ""), read(401, ""), "unclear"),
        ("self", read(404, ""), read(401, ""), "unclear"),
        ("self", read(401, ""), read(200, order), "unclear"),
        ("self", read(503, ""), read(200, order), "unclear"),
    ] {
        let finding = judge(name, there, own);
        assert_eq!(super::word(&finding), expected, "{name}: {finding:?}");
    }
    // Nobody follows what names its payment, another one, or nothing that could be an id.
    for plain in [
        "/v1/payments/sepa-credit-transfers/P-7/status",
        "https://api.bank.example/p/0815",
        "/v1/payments/sepa-credit-transfers",
        "/v1/payments/sepa-credit-transfers/",
    ] {
        assert_eq!(doubts(&run("self", plain)), [], "{plain}");
    }
    let deep = "https://bank.example/x/v1/payments/sepa-credit-transfers/H%2D1/authorisations/7?a=/b#c";
    let [doubt] = &doubts(&run("scaStatus", deep))[..] else { panic!("{deep}") };
    assert_eq!(doubt.own, deep.replace("H%2D1", "P-7"));
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
