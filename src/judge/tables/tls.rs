//! Judges of the TLS of the bank's hosts, and of requests without a certificate.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::{alert, answered, failed, table};
use crate::{
    evidence::tls::{Agreement, Answer, CertificateSeen, Hello, HostPicture, Offer, Presented, Trust},
    judge::{
        Finding,
        tls::{self, certificate, http},
    },
};

const NOW: OffsetDateTime = time::macros::datetime!(2026-11-21 10:00 UTC);
const GCM: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

fn host(hellos: Vec<(Offer, Answer)>, presented: Vec<Presented>) -> HostPicture {
    HostPicture {
        host: "bank.example:443".to_owned(),
        doors: vec!["the token endpoint".to_owned()],
        seen_at: NOW,
        hellos: hellos.into_iter().map(|(offer, answer)| Hello { offer, answer }).collect(),
        presented,
        own_authorities: vec!["CN=TPP CA".to_owned()],
        own_authorities_known: true,
    }
}

fn agreed(version: &str, suite: &str, extensions: &[u16]) -> Answer {
    let (version, suite, extensions) = (version.to_owned(), suite.to_owned(), extensions.to_vec());
    Answer::Agreed(Agreement { version, suite, compression: 0, extensions })
}

fn refusal(code: u8) -> Answer {
    Answer::Alert { code, name: format!("alert {code}") }
}

#[track_caller]
fn hosts(judge: impl Fn(tls::Pictures<'_>) -> Finding, rows: impl IntoIterator<Item = (HostPicture, &'static str)>) {
    let alone = |(picture, said)| (vec![Arc::new(picture)], said);
    table(|pictures: &Vec<Arc<HostPicture>>| judge(pictures), rows.into_iter().map(alone));
    table(|pictures: &Vec<Arc<HostPicture>>| judge(pictures), [(vec![], "unclear")]);
}

/// What comes back on each offer, where it is the only one.
#[track_caller]
fn offers(
    judge: impl Fn(tls::Pictures<'_>) -> Finding,
    offer: Offer,
    rows: impl IntoIterator<Item = (Answer, &'static str)>,
) {
    hosts(&judge, rows.into_iter().map(|(answer, said)| (host(vec![(offer, answer)], vec![]), said)));
    let trouble =
        [Answer::Silent, Answer::Unreachable { reason: "no route".into() }, Answer::Strange { what: "FTP".into() }];
    hosts(&judge, trouble.map(|answer| (host(vec![(offer, answer)], vec![]), "unclear")));
}

#[test]
fn refused() {
    offers(
        |pictures| tls::refused(pictures, Offer::Tls11),
        Offer::Tls11,
        [
            (refusal(70), "holds"),
            (Answer::Closed, "holds"),
            // What is agreed to counts, not what was offered.
            (agreed("TLS 1.2", GCM, &[]), "holds"),
            (agreed("TLS 1.1", "TLS_RSA_WITH_AES_128_CBC_SHA", &[]), "granted"),
            // An alert that blames our words says nothing of the offer.
            (refusal(50), "unclear"),
        ],
    );
    offers(
        |pictures| tls::refused(pictures, Offer::Rc4),
        Offer::Rc4,
        [
            (refusal(40), "holds"),
            (agreed("TLS 1.2", "TLS_RSA_WITH_RC4_128_SHA", &[]), "granted"),
            (agreed("TLS 1.2", GCM, &[]), "holds"),
        ],
    );
    let bad = host(vec![(Offer::Tls12, agreed("TLS 1.2", "TLS_RSA_WITH_RC4_128_SHA", &[]))], vec![]);
    hosts(|pictures| tls::refused(pictures, Offer::Rc4), [(bad, "granted")]);
}

#[test]
fn modern() {
    offers(tls::modern, Offer::Tls12, [(agreed("TLS 1.2", GCM, &[]), "holds"), (agreed("TLS 1.3", GCM, &[]), "holds")]);
    let all = |answer: fn() -> Answer| {
        host([Offer::Tls12, Offer::Tls13, Offer::Tls13And12].map(|offer| (offer, answer())).to_vec(), vec![])
    };
    hosts(
        tls::modern,
        [
            (all(|| refusal(70)), "granted"),
            (all(|| agreed("TLS 1.1", "TLS_RSA_WITH_AES_128_CBC_SHA", &[])), "granted"),
            (all(|| Answer::Closed), "unclear"),
            (host(vec![(Offer::Tls12, refusal(70))], vec![]), "unclear"),
        ],
    );
}

#[test]
fn has_tls_1_3() {
    offers(
        tls::has_tls_1_3,
        Offer::Tls13,
        [
            (agreed("TLS 1.3", "TLS_AES_128_GCM_SHA256", &[]), "holds"),
            (agreed("TLS 1.2", GCM, &[]), "granted"),
            (refusal(70), "granted"),
            (refusal(40), "granted"),
            (refusal(80), "unclear"),
            (Answer::Closed, "unclear"),
        ],
    );
}

#[test]
fn prefers_tls_1_3() {
    let new = || agreed("TLS 1.3", "TLS_AES_128_GCM_SHA256", &[]);
    let both = |alone: Answer, both: Answer| host(vec![(Offer::Tls13, alone), (Offer::Tls13And12, both)], vec![]);
    hosts(
        tls::prefers_tls_1_3,
        [
            (both(new(), new()), "holds"),
            (both(new(), agreed("TLS 1.2", GCM, &[])), "granted"),
            (both(new(), Answer::Silent), "unclear"),
            (both(Answer::Silent, new()), "unclear"),
            // A host without it has nothing to prefer.
            (both(refusal(70), agreed("TLS 1.2", GCM, &[])), "holds"),
        ],
    );
}

#[test]
fn renegotiates_securely_and_derives_from_whole_handshake() {
    let judges = [
        (tls::renegotiates_securely as fn(tls::Pictures<'_>) -> Finding, 0xff01, 23),
        (tls::derives_from_whole_handshake, 23, 0xff01),
    ];
    for (judge, own, other) in judges {
        offers(
            judge,
            Offer::Tls12,
            [
                (agreed("TLS 1.2", GCM, &[own]), "holds"),
                (agreed("TLS 1.2", GCM, &[other]), "granted"),
                (agreed("TLS 1.2", GCM, &[]), "granted"),
                // TLS 1.3 has no need of it.
                (agreed("TLS 1.3", GCM, &[]), "holds"),
                (refusal(70), "holds"),
                (refusal(80), "unclear"),
            ],
        );
    }
}

fn certified(days_ago: i64, days_left: i64) -> CertificateSeen {
    CertificateSeen {
        subject: "CN=bank.example".to_owned(),
        issuer: "CN=CA".to_owned(),
        names: vec!["bank.example".to_owned()],
        not_before: NOW - Duration::days(days_ago),
        not_after: NOW + Duration::days(days_left),
        key: "EC P-256".to_owned(),
        key_bits: 256,
        signature_hash: "SHA-256".to_owned(),
    }
}

fn authority() -> CertificateSeen {
    CertificateSeen { subject: "CN=CA".to_owned(), issuer: "CN=Root".to_owned(), ..certified(365, 365) }
}

fn root() -> CertificateSeen {
    CertificateSeen { subject: "CN=Root".to_owned(), signature_hash: "SHA-1".to_owned(), ..authority() }
}

fn presented(chain: Vec<CertificateSeen>) -> Presented {
    Presented {
        kind: "ECDSA".to_owned(),
        version: "TLSv1.3".to_owned(),
        chain,
        is_for_host: true,
        trust: Trust::Anchored,
        asks_for_certificate: true,
        authorities: Vec::new(),
        stapled: false,
        failure: None,
    }
}

/// What a host with that chain and another right one is judged as; and one that presents nothing.
#[track_caller]
fn chains(judge: impl Fn(tls::Pictures<'_>) -> Finding, rows: impl IntoIterator<Item = (Presented, &'static str)>) {
    let right = || presented(vec![certified(100, 265), authority()]);
    hosts(&judge, rows.into_iter().map(|(shown, said)| (host(vec![], vec![right(), shown]), said)));
    let nothing = Presented { failure: Some("refused".to_owned()), ..presented(vec![]) };
    hosts(&judge, [(host(vec![], vec![nothing]), "unclear"), (host(vec![], vec![]), "unclear")]);
}

fn good() -> Presented {
    presented(vec![certified(100, 265), authority()])
}

#[test]
fn for_host() {
    chains(certificate::for_host, [(good(), "holds"), (Presented { is_for_host: false, ..good() }, "granted")]);
}

#[test]
fn in_its_period() {
    chains(
        certificate::in_its_period,
        [
            (good(), "holds"),
            (presented(vec![certified(0, 0)]), "holds"),
            (presented(vec![certified(10, -1)]), "granted"),
            (presented(vec![certified(-1, 10)]), "granted"),
        ],
    );
}

#[test]
fn not_about_to_end() {
    chains(
        certificate::not_about_to_end,
        [
            (good(), "holds"),
            (presented(vec![certified(360, 5)]), "granted"),
            // One that lasts only briefly is renewed later.
            (presented(vec![certified(3, 4)]), "holds"),
            // That it has ended is said elsewhere.
            (presented(vec![certified(360, -1)]), "holds"),
        ],
    );
}

#[test]
fn complete() {
    let unknown = |chain| Presented { trust: Trust::UnknownIssuer, ..presented(chain) };
    let strange = Presented { trust: Trust::Unclear { reason: "too long".to_owned() }, ..good() };
    let own_issuer = CertificateSeen { issuer: "CN=bank.example".to_owned(), ..certified(1, 90) };
    chains(
        certificate::complete,
        [
            (good(), "holds"),
            (presented(vec![certified(1, 90)]), "holds"),
            (unknown(vec![certified(1, 90)]), "granted"),
            // It may lead to a root that the target file does not name.
            (unknown(vec![certified(1, 90), authority()]), "unclear"),
            (unknown(vec![own_issuer]), "unclear"),
            (strange, "unclear"),
        ],
    );
}

#[test]
fn in_order() {
    chains(
        certificate::in_order,
        [
            (good(), "holds"),
            (presented(vec![certified(1, 90)]), "holds"),
            (presented(vec![certified(1, 90), authority(), root()]), "holds"),
            (presented(vec![certified(1, 90), root(), authority()]), "granted"),
            (presented(vec![certified(1, 90), root()]), "granted"),
        ],
    );
}

#[test]
fn strong_key() {
    let with =
        |key: &str, key_bits| presented(vec![CertificateSeen { key: key.to_owned(), key_bits, ..certified(1, 90) }]);
    chains(
        certificate::strong_key,
        [
            (with("RSA", 2048), "holds"),
            (with("RSA", 2047), "granted"),
            (with("EC P-256", 256), "holds"),
            (with("EC P-192", 192), "granted"),
            (with("Ed448", 0), "unclear"),
        ],
    );
}

#[test]
fn strong_signature() {
    let weak = || CertificateSeen { signature_hash: "SHA-1".to_owned(), ..certified(1, 90) };
    let weak_authority = CertificateSeen { signature_hash: "SHA-1".to_owned(), ..authority() };
    let alone = CertificateSeen { issuer: "CN=bank.example".to_owned(), ..weak() };
    let root = CertificateSeen { issuer: "CN=Root".to_owned(), ..root() };
    chains(
        certificate::strong_signature,
        [
            (good(), "holds"),
            (presented(vec![weak()]), "granted"),
            (presented(vec![certified(1, 90), weak_authority]), "granted"),
            // Nobody relies on the signature of a root over itself.
            (presented(vec![certified(1, 90), authority(), root]), "holds"),
            (presented(vec![alone]), "holds"),
        ],
    );
}

#[test]
fn wants_ours() {
    let wants = |authorities: &[&str]| Presented {
        authorities: authorities.iter().map(|name| (*name).to_owned()).collect(),
        ..good()
    };
    let shown = |presented: Presented| host(vec![], vec![presented]);
    let strangers = || shown(wants(&["CN=Other CA"]));
    hosts(
        certificate::wants_ours,
        [
            (shown(wants(&[])), "holds"),
            (shown(wants(&["CN=Other CA", "CN=TPP CA"])), "holds"),
            (strangers(), "granted"),
            (HostPicture { own_authorities_known: false, ..strangers() }, "unclear"),
            (shown(Presented { asks_for_certificate: false, ..wants(&["CN=Other CA"]) }), "holds"),
        ],
    );
}

#[test]
fn none_by_anothers_session() {
    for (before, after, asked_again, expected) in [
        (alert(), alert(), false, "holds"),
        (alert(), failed("closed"), true, "holds"),
        (alert(), answered(200, &[], ""), false, "granted"),
        (alert(), answered(401, &[], ""), false, "granted"),
        // It had its chance to refuse: what it does over HTTP is another matter.
        (alert(), answered(401, &[], ""), true, "unclear"),
        (alert(), failed("timeout"), false, "unclear"),
        (alert(), answered(503, &[], ""), false, "unclear"),
        (answered(401, &[], ""), answered(401, &[], ""), false, "unclear"),
    ] {
        let rows = [((before, after), expected)];
        table(|(before, after)| http::none_by_anothers_session(before, after, asked_again), rows);
    }
}
