//! The table of the report: a row for each fact, a column for each host, and nothing of the bank's in it unescaped.

use bankproof::{
    evidence::tls::{Agreement, Answer, CertificateSeen, Hello, HostPicture, Offer, Presented, Trust},
    judge::tls::rated::rate,
    report::html,
};
use scraper::{ElementRef, Html, Selector};
use time::{Duration, macros::datetime};

use super::fixtures;

const NOW: time::OffsetDateTime = datetime!(2026-11-21 10:15:00 UTC);

/// A host that agrees to TLS 1.2, TLS 1.3 and one thing more.
fn host(name: &str, guilt: Offer, agreement: Agreement, subject: &str) -> HostPicture {
    let answer = |offer: Offer| match offer {
        offer if offer == guilt => Answer::Agreed(agreement.clone()),
        Offer::Tls12 => agreed("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
        Offer::Tls13 | Offer::Tls13And12 => agreed("TLS 1.3", "TLS_AES_128_GCM_SHA256"),
        _ => Answer::Alert { code: 40, name: "handshake_failure".into() },
    };
    let leaf = CertificateSeen {
        subject: subject.into(),
        issuer: "CN=Issuing CA".into(),
        names: vec![name.into()],
        not_before: NOW - Duration::days(300),
        not_after: NOW + Duration::days(5),
        key: "EC P-256".into(),
        key_bits: 256,
        signature_hash: "SHA-256".into(),
    };
    HostPicture {
        host: format!("{name}:443"),
        doors: vec!["the token endpoint".into()],
        seen_at: NOW,
        hellos: Offer::ALL.into_iter().map(|offer| Hello { offer, answer: answer(offer) }).collect(),
        presented: vec![Presented {
            kind: "ECDSA".into(),
            version: "TLS 1.3".into(),
            chain: vec![leaf],
            is_for_host: true,
            trust: Trust::UnknownIssuer,
            asks_for_certificate: true,
            authorities: Vec::new(),
            stapled: false,
            failure: None,
        }],
        own_authorities: Vec::new(),
        own_authorities_known: false,
    }
}

fn agreement(version: &str, suite: &str) -> Agreement {
    Agreement { version: version.into(), suite: suite.into(), compression: 0, extensions: vec![0xff01, 23] }
}

fn agreed(version: &str, suite: &str) -> Answer {
    Answer::Agreed(agreement(version, suite))
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The table of a report on two hosts, row by row.
fn table() -> Vec<Vec<String>> {
    let mut record = fixtures::clean();
    let old = agreement("TLS 1.1", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    let weak = agreement("TLS 1.2", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA");
    record.tls = vec![
        rate(&host("auth.bank.example", Offer::Tls11, old, fixtures::SCRIPT)),
        rate(&host("api.bank.example", Offer::Below128Bits, weak, "CN=api")),
    ];
    let page = html::render(&record).unwrap();
    assert!(!page.contains(fixtures::SCRIPT));
    let page = Html::parse_document(&page);
    let rows = Selector::parse("#tls table tr").unwrap();
    let cells = Selector::parse("th, td").unwrap();
    page.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
}

#[test]
fn a_security_officer_finds_what_is_wrong_and_where() {
    let table = table();
    let row = |about: &str| table.iter().find(|row| row[0] == about).unwrap_or_else(|| panic!("{about}: {table:#?}"));
    assert_eq!(table[0][1..3], ["auth.bank.example:443the token endpoint", "api.bank.example:443the token endpoint"]);
    assert_eq!(
        row("TLS 1.1")[1..],
        [
            "✗ forbiddenagrees to TLS 1.1 with TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "✓ finerefused with handshake_failure",
            "RFC 9325 3.1.1"
        ]
    );
    let weak = row("suites of less than 128 bits");
    assert_eq!(weak[2], "! weakagrees to TLS 1.2 with TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA");
    assert_eq!(row("TLS 1.3")[1], "✓ fineTLS 1.3 with TLS_AES_128_GCM_SHA256");
    assert_eq!(row("certificate: renewal")[1], "! weak5 days left: it ends on 2026-11-26");
    assert!(row("certificate: chain")[1].starts_with("✗ forbidden"), "{table:#?}");
    assert_eq!(row("client certificate")[1], "✓ fineasks for certificates of any authority");
}
