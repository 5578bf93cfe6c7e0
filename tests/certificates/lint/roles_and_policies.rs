//! The roles of TS 119 495 V1.8.1, and what a policy exempts a QWAC from.

use bankproof::pki::lint::{self, Level, Options};
use time::macros::datetime;

use super::forge::*;

fn found(forge: &Forge) -> Vec<(&'static str, Level)> {
    let linted = lint::lint(&forge.der(), &Options::at(datetime!(2026-11-21 12:00 UTC)));
    linted.findings.iter().map(|finding| (finding.rule, finding.level)).collect()
}

#[test]
fn every_role_of_2026_is_known_and_breaks_nothing() {
    for (arc, name) in [(5, "PSP_CB"), (6, "PSP_PA")] {
        for identifier in ["VATDE-123456789", "INTXG-ECB"] {
            let mut forge = Forge::qwac();
            forge.psd2(&[(arc, name)], "NA", "NA");
            forge.set(ORGANIZATION_ID, identifier);
            assert_eq!(found(&forge), [], "{name} {identifier}");
        }
    }
    for roles in [&[(51, "VOP_RS")][..], &[(52, "VOP_VS")], &[(2, "PSP_PI"), (51, "VOP_RS"), (52, "VOP_VS")]] {
        let mut forge = Forge::qwac();
        forge.psd2(roles, "Federal Financial Supervisory Authority", "DE-BAFIN");
        assert_eq!(found(&forge), [], "{roles:?}");
    }
}

/// The roles, the authority's name and identifier, and the rule that they break.
type Case = (&'static [(u64, &'static str)], &'static str, &'static str, &'static str);

#[test]
fn na_is_for_those_that_nobody_authorises_alone() {
    let cases: [Case; 6] = [
        (&[(5, "PSP_CB")], "Federal Financial Supervisory Authority", "DE-BAFIN", "ts119495-authority-not-na"),
        (&[(6, "PSP_PA")], "NA", "DE-BAFIN", "ts119495-authority-not-na"),
        (&[(6, "PSP_PA")], "NA", "na", "ts119495-authority-not-na"),
        (&[(2, "PSP_PI")], "NA", "NA", "ts119495-authority-id-syntax"),
        (&[(51, "VOP_RS")], "NA", "NA", "ts119495-authority-id-syntax"),
        (&[(5, "PSP_PI")], "NA", "NA", "ts119495-role-name-of-another"),
    ];
    for (roles, name, id, rule) in cases {
        let mut forge = Forge::qwac();
        forge.psd2(roles, name, id);
        let musts: Vec<_> = found(&forge).into_iter().filter(|(_, level)| *level == Level::Must).collect();
        assert_eq!(musts, [(rule, Level::Must)], "{roles:?} {name} {id}");
    }
}

#[test]
fn a_role_that_others_have_registered_breaks_no_must() {
    let mut forge = Forge::qwac();
    let roles = [(vec![0, 4, 0, 19495, 1, 2], "PSP_PI"), (vec![2, 999, 19495, 1], "PSP_NEW")];
    forge.psd2_of(&roles, "Federal Financial Supervisory Authority", "DE-BAFIN");
    assert!(found(&forge).iter().all(|(_, level)| *level != Level::Must), "{:?}", found(&forge));
}

#[test]
fn a_policy_that_is_not_for_browsers_exempts_from_their_rules() {
    let breaks: fn(&mut Forge) = |forge| {
        forge.validity[1].1 = "281001000000Z".into();
        forge.set(CATEGORY, "Bank");
        forge.key_usage(&[0, 1]);
        forge.san(&[(2, b"tpp.example"), (2, b"tpp.internal")]);
        forge.serial = vec![1, 2, 3];
    };
    let of = |policies: &[&[u64]]| {
        let mut forge = Forge::qwac();
        breaks(&mut forge);
        forge.policies(policies);
        found(&forge).into_iter().map(|(rule, _)| rule).filter(|rule| rule.starts_with("cabf-")).collect::<Vec<_>>()
    };
    const GENERAL: &[u64] = &[0, 4, 0, 194_112, 1, 6];
    assert_eq!(of(&[GENERAL]), [""; 0]);
    assert_eq!(of(&[GENERAL, &[0, 4, 0, 19495, 3, 1]]), [""; 0]);
    // Whoever claims a policy for browsers beside it keeps to that.
    for policies in [&[&[0, 4, 0, 194_112, 1, 5][..]][..], &[GENERAL, &[2, 23, 140, 1, 2, 2]]] {
        let mut kept = of(policies);
        kept.sort_unstable();
        let all = [
            "cabf-ev-category-unknown",
            "cabf-internal-name",
            "cabf-key-usage",
            "cabf-period-too-long",
            "cabf-serial-short",
        ];
        assert_eq!(kept, all, "{policies:?}");
    }
    // What EN 319 412-4 itself asks of every website's certificate stays.
    let mut forge = Forge::qwac();
    forge.policies(&[GENERAL]);
    forge.extension(EKU, false, tlv(SEQUENCE, &oid(&[2, 5, 29, 37, 0])));
    assert!(found(&forge).iter().any(|(rule, _)| *rule == "cabf-any-purpose"));
}
