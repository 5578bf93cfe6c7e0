//! The table of rules, and what the linter does with damage.

use std::collections::HashSet;

use proptest::prelude::*;
use time::OffsetDateTime;

use super::*;
use crate::pki::TestPki;

thread_local!(static GOOD: Vec<u8> = {
    let pem = TestPki::fresh().unwrap().tpps[0].qwac.certificate_pem.clone();
    openssl::x509::X509::from_pem(pem.as_bytes()).unwrap().to_der().unwrap()
});

fn options() -> Options {
    Options::at(OffsetDateTime::now_utc())
}

#[test]
fn the_table_is_in_order() {
    let mut ids = HashSet::new();
    for rule in rules() {
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        assert!(rule.id.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-'));
        assert!(rule.message.ends_with('.') && !rule.expected.ends_with('.'), "{}", rule.id);
        assert!(
            rule.clause.chars().any(|letter| letter.is_ascii_digit()) || rule.clause == "house rule",
            "{}",
            rule.id
        );
        let is_ours = rule.clause.contains("house rule");
        assert!(!is_ours || rule.level != Level::Must || rule.id == "house-self-signed", "{}", rule.id);
    }
    assert!(ids.len() >= 60);
}

#[test]
fn what_is_shown_is_bounded_and_plain() {
    let finding = fields::UNREADABLE.finding(&format!("a\u{1b}[31m\u{202e}{}", "b".repeat(1000)));
    assert!(finding.actual.chars().count() <= 301 && finding.actual.ends_with('…'));
    assert!(!finding.actual.contains(['\u{1b}', '\u{202e}']));
}

proptest! {
    #[test]
    fn a_damaged_certificate_is_linted_all_the_same(
        cut in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bad = GOOD.with(Clone::clone);
        let short = &bad[..cut.index(bad.len())];
        prop_assert_eq!(lint(short, &options()).worst(), Some(Level::Must));
        for (at, value) in flips {
            let length = bad.len();
            bad[at.index(length)] ^= value;
        }
        for finding in lint(&bad, &options()).findings {
            prop_assert!(finding.actual.chars().count() <= 301 && !finding.actual.chars().any(char::is_control));
        }
    }

    #[test]
    fn garbage_is_a_finding(mut garbage in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Some(first) = garbage.first_mut() {
            *first = 0x30;
        }
        prop_assert_eq!(lint(&garbage, &options()).findings[0].rule, "rfc5280-unreadable");
    }
}
