//! Each rule is broken by at least one certificate, and by a good one none is.

use bankproof::pki::TestPki;
use bankproof::pki::lint::{self, Kind, Options, Purpose};
use openssl::bn::BigNum;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::X509;
use time::macros::datetime;

use super::forge::*;

type Case = (&'static str, fn() -> Forge, fn(&mut Forge));

fn options() -> Options {
    Options::at(datetime!(2026-11-21 12:00 UTC))
}

fn found(der: &[u8], options: &Options) -> Vec<&'static str> {
    lint::lint(der, options).findings.iter().map(|finding| finding.rule).collect()
}

const CASES: &[Case] = &[
    ("rfc5280-trailing-octets", Forge::qwac, |f| f.trailing = vec![0]),
    ("rfc5280-version", Forge::qwac, |f| f.version = 1),
    ("rfc5280-serial-not-positive", Forge::qwac, |f| f.serial = vec![0x80; 10]),
    ("rfc5280-serial-too-long", Forge::qwac, |f| f.serial = vec![1; 21]),
    ("rfc5280-signature-algorithms-differ", Forge::qwac, |f| {
        f.algorithms[0] = algorithm(&[1, 2, 840, 113_549, 1, 1, 12], true);
    }),
    ("rfc5280-issuer-empty", Forge::qwac, |f| f.issuer.clear()),
    ("rfc5280-subject-empty", Forge::qwac, |f| f.subject.clear()),
    ("rfc5280-country-not-two-letters", Forge::qwac, |f| f.set(C, "D1")),
    ("en319412-3-country-unknown", Forge::qwac, |f| f.set(C, "XX")),
    ("en319412-3-country-unknown", Forge::qwac, |f| f.set(C, "de")),
    ("rfc5280-country-not-printable", Forge::qwac, |f| f.subject[0].1 = UTF8),
    ("rfc5280-old-string-type", Forge::qwac, |f| f.subject[1].1 = 0x14),
    ("rfc5280-unique-identifier", Forge::qwac, |f| f.unique = tlv(0x81, &[0, 1])),
    ("rfc5280-expired", Forge::qwac, |f| f.validity[1].1 = "261120000000Z".into()),
    ("rfc5280-not-yet-valid", Forge::qwac, |f| f.validity[0].1 = "261201000000Z".into()),
    ("rfc5280-ends-before-it-begins", Forge::qwac, |f| f.validity[1].1 = "261001000000Z".into()),
    ("rfc5280-date-encoding", Forge::qwac, |f| f.validity[1] = (0x18, "20270501000000Z".into())),
    ("rfc5280-extension-twice", Forge::qwac, |f| f.extensions.push(f.extensions[1].clone())),
    ("rfc5280-extension-unreadable", Forge::qwac, |f| f.extension(SAN, false, vec![0x30, 0x05, 0x82])),
    ("rfc5280-extension-unreadable", Forge::qwac, |f| f.extensions[1].2.push(0)),
    ("rfc5280-critical-and-unknown", Forge::qwac, |f| f.extension(&[1, 2, 3], true, tlv(5, &[]))),
    ("rfc6962-precertificate", Forge::qwac, |f| {
        f.extension(&[1, 3, 6, 1, 4, 1, 11129, 2, 4, 3], true, tlv(5, &[]));
    }),
    ("rfc5280-authority-key-id-missing", Forge::qwac, |f| f.without(AKI)),
    ("rfc5280-authority-key-id-missing", Forge::qwac, |f| f.extension(AKI, false, tlv(SEQUENCE, &[]))),
    ("rfc5280-authority-key-id-critical", Forge::qwac, |f| f.critical(AKI, true)),
    ("rfc5280-subject-key-id-missing", Forge::qwac, |f| f.without(SKI)),
    ("rfc5280-ca-subject-key-id-missing", Forge::ca, |f| f.without(SKI)),
    ("rfc5280-key-usage-empty", Forge::qwac, |f| f.extension(KEY_USAGE, true, tlv(3, &[7, 0]))),
    ("rfc5280-key-usage-not-critical", Forge::qwac, |f| f.critical(KEY_USAGE, false)),
    ("rfc5280-ca-as-leaf", Forge::qwac, |f| f.extension(CONSTRAINTS, true, tlv(SEQUENCE, &tlv(1, &[0xff])))),
    ("rfc5280-signs-certificates-without-ca", Forge::qwac, |f| f.key_usage(&[0, 5])),
    ("rfc5280-path-length-without-ca", Forge::qwac, |f| f.extension(CONSTRAINTS, true, tlv(SEQUENCE, &tlv(2, &[0])))),
    ("rfc5280-ca-constraints-not-critical", Forge::ca, |f| f.critical(CONSTRAINTS, false)),
    ("rfc5280-ca-cannot-sign", Forge::ca, |f| f.key_usage(&[6])),
    ("rfc5280-policy-twice", Forge::seal, |f| f.policies(&[&[0, 4, 0, 194_112, 1, 1], &[0, 4, 0, 194_112, 1, 1]])),
    ("rfc5280-alternative-name-broken", Forge::qwac, |f| f.san(&[(2, b"tpp.example"), (2, b"a b.example")])),
    ("rfc5280-alternative-name-broken", Forge::qwac, |f| f.san(&[(2, b"tpp.example"), (7, &[1, 2, 3])])),
    ("rfc5280-alternative-name-broken", Forge::qwac, |f| f.san(&[])),
    ("rfc5280-purposes-empty", Forge::qwac, |f| f.purposes(&[])),
    ("rfc5280-access-critical", Forge::qwac, |f| f.critical(ACCESS, true)),
    ("en319412-1-identifier-syntax", Forge::qwac, |f| f.set(ORGANIZATION_ID, "PSDDE_BAFIN_100001")),
    ("en319412-1-identifier-syntax", Forge::qwac, |f| f.set(ORGANIZATION_ID, "PSDXX123")),
    ("en319412-1-identifier-country", Forge::qwac, |f| f.set(ORGANIZATION_ID, "PSDXX-BAFIN-100001")),
    ("en319412-1-identifier-scheme", Forge::qwac, |f| f.set(ORGANIZATION_ID, "ABCDE-100001")),
    ("en319412-1-lei-check-digits", Forge::qwac, |f| f.set(ORGANIZATION_ID, "LEIXG-529900T8BM49AURSDO56")),
    ("en319412-1-registration-authority-missing", Forge::qwac, |f| f.set(ORGANIZATION_ID, "SI:SE-5565653265")),
    ("en319412-1-semantics-of-a-person", Forge::seal, |f| {
        f.statement(SEMANTICS, &tlv(SEQUENCE, &oid(&[0, 4, 0, 194_121, 1, 1])));
    }),
    ("en319412-2-issuer-name-incomplete", Forge::qwac, |f| drop(f.issuer.remove(1))),
    ("en319412-2-issuer-identifier-missing", Forge::seal, |f| drop(f.issuer.remove(2))),
    ("en319412-2-web-issuer-identifier-missing", Forge::qwac, |f| drop(f.issuer.remove(2))),
    ("en319412-2-issuer-name-twice", Forge::qwac, |f| f.issuer.push(f.issuer[1].clone())),
    ("en319412-2-key-usage-missing", Forge::qwac, |f| f.without(KEY_USAGE)),
    ("en319412-2-policies-missing", Forge::qwac, |f| f.without(POLICIES)),
    ("en319412-2-policies-critical", Forge::qwac, |f| f.critical(POLICIES, true)),
    ("en319412-2-alternative-name-critical", Forge::qwac, |f| f.critical(SAN, true)),
    ("en319412-2-ca-only-extension", Forge::qwac, |f| f.extension(&[2, 5, 29, 54], true, tlv(2, &[0]))),
    ("en319412-2-purposes-critical", Forge::qwac, |f| f.critical(EKU, true)),
    ("en319412-2-no-revocation-source", Forge::qwac, |f| {
        f.without(CRL);
        f.access("http://qtsp.example/ca.cer", "");
    }),
    ("en319412-2-crl-scheme", Forge::qwac, |f| f.crl("ftp://qtsp.example/ca.crl")),
    ("en319412-2-crl-points-critical", Forge::qwac, |f| f.critical(CRL, true)),
    ("en319412-2-access-missing", Forge::qwac, |f| f.without(ACCESS)),
    ("en319412-2-ca-issuers-missing", Forge::qwac, |f| f.access("", "http://ocsp.qtsp.example")),
    ("en319412-2-ca-issuers-scheme", Forge::qwac, |f| f.access("ldap://qtsp.example/ca", "http://ocsp.qtsp.example")),
    ("en319412-2-ocsp-scheme", Forge::qwac, |f| f.access("http://qtsp.example/ca.cer", "ldap://ocsp.qtsp.example")),
    ("en319412-3-country-missing", Forge::qwac, |f| f.set(C, "")),
    ("en319412-3-organization-missing", Forge::qwac, |f| f.set(O, "")),
    ("en319412-3-identifier-missing", Forge::seal, |f| {
        f.set(ORGANIZATION_ID, "");
        f.unstated(PSD2);
    }),
    ("en319412-3-common-name-missing", Forge::seal, |f| f.set(CN, "")),
    ("en319412-3-attribute-twice", Forge::qwac, |f| f.add(ORGANIZATION_ID, "PSDDE-BAFIN-100002")),
    ("en319412-3-identifier-is-the-name", Forge::qwac, |f| f.set(O, "PSDDE-BAFIN-100001")),
    ("en319412-3-empty-attribute", Forge::qwac, |f| f.set(O, " ")),
    ("en319412-3-key-usage", Forge::seal, |f| f.key_usage(&[0])),
    ("en319412-3-key-usage-mixed", Forge::seal, |f| f.key_usage(&[0, 1])),
    ("en319412-4-purposes-missing", Forge::qwac, |f| f.without(EKU)),
    ("en319412-4-not-for-servers", Forge::qwac, |f| f.purposes(&[2])),
    ("rfc5280-not-for-clients", Forge::qwac, |f| f.purposes(&[1])),
    ("cabf-any-purpose", Forge::qwac, |f| f.extension(EKU, false, tlv(SEQUENCE, &oid(&[2, 5, 29, 37, 0])))),
    ("en319412-4-alternative-name-missing", Forge::qwac, |f| f.without(SAN)),
    ("cabf-alternative-name-kind", Forge::qwac, |f| f.san(&[(2, b"tpp.example"), (1, b"a@tpp.example")])),
    ("en319412-4-common-name-elsewhere", Forge::qwac, |f| f.set(CN, "other.example")),
    ("cabf-wildcard", Forge::qwac, |f| f.san(&[(2, b"tpp.example"), (2, b"*.tpp.example")])),
    ("rfc8446-cannot-sign", Forge::qwac, |f| f.key_usage(&[4])),
    ("cabf-key-usage", Forge::qwac, |f| f.key_usage(&[0, 1])),
    ("rfc8813-ec-key-encipherment", Forge::qwac, |f| f.key_usage(&[0, 2])),
    ("en319412-5-statements-missing", Forge::qwac, |f| f.statements.clear()),
    ("en319412-5-statements-broken", Forge::qwac, |f| f.extension(QC, false, f.bare_statements())),
    ("en319412-5-statements-broken", Forge::qwac, |f| f.extension(QC, false, tlv(4, b"statements"))),
    ("en319412-5-statements-critical", Forge::qwac, |f| f.extension(QC, true, f.statements_der())),
    ("en319412-5-statement-twice", Forge::qwac, |f| f.statements.push(f.statements[0].clone())),
    ("en319412-5-statement-broken", Forge::qwac, |f| f.statement(COMPLIANCE, &tlv(5, &[]))),
    ("en319412-5-compliance-missing", Forge::qwac, |f| f.unstated(COMPLIANCE)),
    ("en319412-5-type-missing", Forge::qwac, |f| f.unstated(TYPE)),
    ("en319412-5-type-not-one", Forge::qwac, |f| f.types(&[3, 2])),
    ("en319412-5-type-unknown", Forge::qwac, |f| f.types(&[9])),
    ("en319412-5-type-of-another-kind", Forge::qwac, |f| f.types(&[9])),
    ("en319412-5-seal-for-tls", Forge::seal, |f| f.purposes(&[2])),
    ("en319412-5-device-in-qwac", Forge::qwac, |f| f.statement(SSCD, &[])),
    ("en319412-5-device-against-policy", Forge::seal, |f| f.statement(SSCD, &[])),
    ("en319412-5-disclosure-missing", Forge::qwac, |f| f.unstated(PDS)),
    ("en319412-5-disclosure-not-english", Forge::qwac, |f| f.pds("https://qtsp.example/pds", "de")),
    ("en319412-5-disclosure-language", Forge::qwac, |f| f.pds("https://qtsp.example/pds", "xx")),
    ("en319412-5-disclosure-scheme", Forge::qwac, |f| f.pds("http://qtsp.example/pds", "en")),
    ("en319412-5-legislation-in-the-eu", Forge::qwac, |f| {
        f.statement(LEGISLATION, &tlv(SEQUENCE, &tlv(PRINTABLE, b"CH")));
    }),
    ("en319412-5-legislation-missing", Forge::qwac, |f| f.issuer[0].2 = b"GB".to_vec()),
    ("en319412-5-retention-period", Forge::qwac, |f| f.statement(RETENTION, &tlv(2, &[0]))),
    ("en319412-5-limit-value", Forge::qwac, |f| {
        let parts = [tlv(PRINTABLE, b"EUR"), tlv(2, &[0xff]), tlv(2, &[0])];
        f.statement(LIMIT, &tlv(SEQUENCE, &parts.concat()));
    }),
    ("en319412-5-no-qualified-policy", Forge::qwac, |f| f.policies(&[&[2, 23, 140, 1, 1]])),
    ("en319412-5-policy-of-another-kind", Forge::qwac, |f| {
        f.policies(&[&[0, 4, 0, 194_112, 1, 1], &[0, 4, 0, 19495, 3, 1]]);
    }),
    ("ts119495-statement-missing", Forge::qwac, |f| f.unstated(PSD2)),
    ("house-not-for-psd2", Forge::seal, |f| {
        f.unstated(PSD2);
        f.set(ORGANIZATION_ID, "NTRDE-HRB1");
    }),
    ("ts119495-statement-broken", Forge::qwac, |f| {
        // The roles flattened, as met in the wild.
        let role = [oid(&[0, 4, 0, 19495, 1, 2]), tlv(UTF8, b"PSP_PI")].concat();
        let parts = [tlv(SEQUENCE, &role), tlv(UTF8, b"Name"), tlv(UTF8, b"DE-BAFIN")];
        f.statement(PSD2, &tlv(SEQUENCE, &parts.concat()));
    }),
    ("ts119495-statement-broken", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "", "DE-BAFIN")),
    ("ts119495-no-role", Forge::qwac, |f| f.psd2(&[], "Name", "DE-BAFIN")),
    ("ts119495-role-name-of-another", Forge::qwac, |f| f.psd2(&[(2, "PSP_AI")], "Name", "DE-BAFIN")),
    ("ts119495-role-name-of-another", Forge::qwac, |f| f.psd2(&[(2, "psp_pi")], "Name", "DE-BAFIN")),
    ("ts119495-role-unknown", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI"), (9, "PSP_XX")], "Name", "DE-BAFIN")),
    ("ts119495-role-outside-its-arc", Forge::qwac, |f| f.psd2_of(&[(vec![1, 2, 3], "PSP_XX")], "Name", "DE-BAFIN")),
    ("ts119495-unspecified-with-others", Forge::qwac, |f| {
        f.psd2(&[(0, "Unspecified"), (2, "PSP_PI")], "Name", "DE-BAFIN");
    }),
    ("ts119495-unspecified-misnamed", Forge::qwac, |f| f.psd2(&[(0, "unspecified")], "Name", "DE-BAFIN")),
    ("ts119495-role-twice", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI"), (2, "PSP_PI")], "Name", "DE-BAFIN")),
    ("ts119495-authority-name-not-latin", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "Τράπεζα της Ελλάδος", "GR-BOG")),
    ("ts119495-authority-id-syntax", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "Name", "DE_BAFIN")),
    ("ts119495-authority-not-na", Forge::qwac, |f| f.psd2(&[(5, "PSP_CB")], "Name", "DE-BAFIN")),
    ("ts119495-authority-country", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "Name", "XX-BAFIN")),
    ("eba-authority-replaced", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "Name", "HR-CNB")),
    ("eba-authority-not-listed", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "Name", "DE-BANK")),
    ("eba-authority-named-otherwise", Forge::qwac, |f| f.psd2(&[(2, "PSP_PI")], "BaFin", "DE-BAFIN")),
    ("ts119495-identifier-missing", Forge::qwac, |f| f.set(ORGANIZATION_ID, "")),
    ("ts119495-identifier-not-psd", Forge::qwac, |f| f.set(ORGANIZATION_ID, "NTRDE-HRB1")),
    ("house-authorities-differ", Forge::qwac, |f| f.set(ORGANIZATION_ID, "PSDFR-ACPR-100001")),
    ("house-countries-differ", Forge::qwac, |f| f.set(C, "FR")),
    ("ts119495-policy-without-statement", Forge::seal, |f| {
        f.policies(&[&[0, 4, 0, 194_112, 1, 1], &[0, 4, 0, 19495, 3, 1]]);
    }),
    ("cabf-rsa-key-short", Forge::qwac, |f| f.key = rsa_key(1024, 65_537)),
    ("ts119312-rsa-key-short", Forge::seal, |f| f.key = rsa_key(1024, 65_537)),
    ("ts119312-rsa-exponent", Forge::seal, |f| f.key = rsa_key(2048, 3)),
    ("rfc5480-key-unreadable", Forge::qwac, |f| {
        let last = f.key.len() - 1;
        f.key[last] ^= 1;
    }),
    ("ts119312-key-kind", Forge::qwac, |f| f.key = ec_key(Nid::SECP256K1)),
    ("rfc5480-curve-not-named", Forge::qwac, |f| {
        let algorithm = tlv(SEQUENCE, &[oid(&[1, 2, 840, 10045, 2, 1]), tlv(SEQUENCE, &tlv(2, &[1]))].concat());
        f.key = tlv(SEQUENCE, &[algorithm, tlv(3, &[&[0u8, 4], [1u8; 64].as_slice()].concat())].concat());
    }),
    ("cabf-signature-hash", Forge::qwac, |f| f.algorithms = sha1()),
    ("ts119312-signature-hash", Forge::seal, |f| f.algorithms = sha1()),
    ("ts119312-signature-hash", Forge::seal, |f| {
        // RSASSA-PSS without parameters means SHA-1.
        let pss = tlv(SEQUENCE, &[oid(&[1, 2, 840, 113_549, 1, 1, 10]), tlv(SEQUENCE, &[])].concat());
        f.algorithms = [pss.clone(), pss];
    }),
    ("ts119312-signature-algorithm", Forge::seal, |f| {
        f.algorithms = [algorithm(&[1, 3, 101, 112], false), algorithm(&[1, 3, 101, 112], false)];
    }),
    ("cabf-ev-attributes-missing", Forge::qwac, |f| f.set(JURISDICTION, "")),
    ("cabf-ev-attributes-missing", Forge::qwac, |f| f.set(REGISTRATION, "")),
    ("cabf-ev-place-missing", Forge::qwac, |f| f.set(LOCALITY, "")),
    ("cabf-ev-category-unknown", Forge::qwac, |f| f.set(CATEGORY, "Bank")),
    ("cabf-organization-id-missing", Forge::qwac, |f| {
        f.policies(&[&[0, 4, 0, 194_112, 1, 4], &[2, 23, 140, 1, 1]]);
    }),
    ("cabf-organization-id-differs", Forge::qwac, |f| {
        let parts = [tlv(PRINTABLE, b"PSD"), tlv(PRINTABLE, b"DE"), tlv(UTF8, b"BAFIN-2")];
        f.extension(CABF, false, tlv(SEQUENCE, &parts.concat()));
    }),
    ("cabf-period-too-long", Forge::qwac, |f| {
        f.policies(&[&[0, 4, 0, 194_112, 1, 4]]);
        f.validity[1].1 = "271101000000Z".into();
    }),
    ("cabf-serial-short", Forge::qwac, |f| f.serial = vec![1]),
    ("cabf-internal-name", Forge::qwac, |f| f.san(&[(2, b"tpp.example"), (2, b"tpp.internal")])),
    ("house-self-signed", Forge::qwac, |f| f.issuer = f.subject.clone()),
    ("house-expires-soon", Forge::qwac, |f| f.validity[1].1 = "261130000000Z".into()),
    ("house-period-very-long", Forge::seal, |f| f.validity[1].1 = "301101000000Z".into()),
    ("house-text-with-odd-characters", Forge::qwac, |f| f.set(O, "Aster Payments GmbH ")),
    ("house-bank-role-alone", Forge::qwac, |f| f.psd2(&[(1, "PSP_AS")], "Name", "DE-BAFIN")),
    ("house-person", Forge::seal, |f| f.types(&[1])),
    ("house-unspecified-role", Forge::qwac, |f| f.psd2(&[(0, "Unspecified")], "Name", "DE-BAFIN")),
];

/// Rules that a forged certificate alone cannot break; each has a test of its own below.
const ELSEWHERE: [&str; 7] = [
    "rfc2986-unreadable",
    "rfc2986-not-signed-by-its-key",
    "rfc5280-object-identifier-broken",
    "rfc5280-unreadable",
    "rfc5280-not-der",
    "rfc5280-not-signed-by-issuer",
    "en319412-4-server-without-dns-name",
];

fn sha1() -> [Vec<u8>; 2] {
    let sha1 = algorithm(&[1, 2, 840, 113_549, 1, 1, 5], true);
    [sha1.clone(), sha1]
}

fn rsa_key(bits: u32, exponent: u32) -> Vec<u8> {
    let key = Rsa::generate(bits).unwrap();
    let exponent = BigNum::from_u32(exponent).unwrap();
    let key = Rsa::from_public_components(key.n().to_owned().unwrap(), exponent).unwrap();
    PKey::from_rsa(key).unwrap().public_key_to_der().unwrap()
}

#[test]
fn a_good_certificate_breaks_no_rule() {
    for (forge, kind) in [(Forge::qwac(), Kind::Qwac), (Forge::seal(), Kind::Qsealc), (Forge::ca(), Kind::Other)] {
        let linted = lint::lint(&forge.der(), &options());
        assert!(linted.findings.is_empty() && linted.kind == kind, "{linted:#?}");
    }
}

#[test]
fn each_rule_can_be_broken() {
    let mut kept = Vec::new();
    for (rule, forge, change) in CASES {
        let mut forge = forge();
        change(&mut forge);
        let found = found(&forge.der(), &options());
        if !found.contains(rule) {
            kept.push(format!("{rule}: {found:?}"));
        }
    }
    assert!(kept.is_empty(), "{kept:#?}");
    let has_case = |rule: &str| CASES.iter().any(|(known, ..)| *known == rule) || ELSEWHERE.contains(&rule);
    let lacking: Vec<&str> = lint::rules().map(|rule| rule.id).filter(|rule| !has_case(rule)).collect();
    assert!(lacking.is_empty(), "no certificate breaks {lacking:?}");
}

#[test]
fn lawful_certificates_that_differ_from_ours_break_no_must() {
    let changes: [fn(&mut Forge); 12] = [
        |f| f.psd2(&[(3, "PSP_AI"), (2, "PSP_PI"), (1, "PSP_AS"), (4, "PSP_IC")], "Bank of Spain", "ES-BE"),
        |f| f.psd2(&[(2, "PSP_PI"), (7, "PSP_NEW")], "Federal Financial Supervisory Authority", "DE-BAFIN"),
        |f| f.set(ORGANIZATION_ID, "PSDDE-BAFIN-A 12-34/5 b"),
        |f| f.set(O, &"Aster Payments ".repeat(20)),
        |f| f.subject[1].1 = PRINTABLE,
        |f| f.key = rsa_key(3072, 65_537),
        |f| f.key = ec_key(Nid::SECP384R1),
        |f| f.statement(&[1, 2, 3, 4], &tlv(UTF8, b"anything")),
        |f| f.extension(&[1, 2, 3, 4], false, tlv(UTF8, b"anything")),
        |f| f.policies(&[&[0, 4, 0, 194_112, 1, 5], &[0, 4, 0, 19495, 3, 1], &[1, 2, 3, 4]]),
        |f| f.without(CRL),
        |f| {
            let parts = [tlv(PRINTABLE, b"PSD"), tlv(PRINTABLE, b"DE"), tlv(UTF8, b"BAFIN-100001")];
            f.extension(CABF, false, tlv(SEQUENCE, &parts.concat()));
        },
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut forge = Forge::qwac();
        change(&mut forge);
        let linted = lint::lint(&forge.der(), &options());
        assert_ne!(linted.worst(), Some(lint::Level::Must), "change {index}: {:#?}", linted.findings);
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    assert_eq!(found(b"0", &options()), ["rfc5280-unreadable"]);
    // A key that is no SEQUENCE of two is something that the parser takes and OpenSSL does not.
    let mut forge = Forge::qwac();
    forge.serial = Vec::new();
    let found = found(&forge.der(), &options());
    assert!(found.contains(&"rfc5280-not-der") || found.contains(&"rfc5280-unreadable"), "{found:?}");
}

#[test]
fn an_object_identifier_must_end() {
    let mut forge = Forge::qwac();
    forge.extension(&[1, 2, 840, 113_549, 77], false, tlv(5, &[]));
    let mut der = forge.der();
    let whole = oid(&[1, 2, 840, 113_549, 77]);
    let at = der.windows(whole.len()).position(|window| window == whole).unwrap();
    der[at + whole.len() - 1] |= 0x80;
    assert!(found(&der, &options()).contains(&"rfc5280-object-identifier-broken"));
}

#[test]
fn a_namesake_has_not_signed() {
    let [ours, other] = [(), ()].map(|()| TestPki::fresh().unwrap());
    let der = |pem: &str| X509::from_pem(pem.as_bytes()).unwrap().to_der().unwrap();
    let now = || Options::at(time::OffsetDateTime::now_utc());
    let with = |issuer: &str| Options { issuers: [der(issuer).as_slice()].into_iter().collect(), ..now() };
    let leaf = der(&ours.tpps[0].qwac.certificate_pem);
    let rule = "rfc5280-not-signed-by-issuer";
    assert!(found(&leaf, &with(other.issuing.certificate_pem())).contains(&rule));
    assert!(!found(&leaf, &with(ours.issuing.certificate_pem())).contains(&rule));
    assert!(!found(&leaf, &with(ours.root.certificate_pem())).contains(&rule));
}

#[test]
fn a_server_needs_a_dns_name() {
    let mut forge = Forge::qwac();
    forge.san(&[(7, &[127, 0, 0, 1])]);
    let server = Options { purpose: Purpose::Server, ..options() };
    assert!(found(&forge.der(), &server).contains(&"en319412-4-server-without-dns-name"));
    assert!(!found(&forge.der(), &options()).contains(&"en319412-4-server-without-dns-name"));
}

/// The forged certificates are where fuzzing starts from: run with `--ignored` after a change of the forge.
#[test]
#[ignore = "writes the corpus anew"]
fn the_corpus_is_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lint");
    let mut bare = Forge::qwac();
    bare.extension(QC, false, bare.bare_statements());
    let mut rsa = Forge::seal();
    rsa.key = rsa_key(2048, 65_537);
    let mut limit = Forge::seal();
    let amount = [tlv(PRINTABLE, b"EUR"), tlv(2, &[1]), tlv(2, &[0])].concat();
    limit.statement(LIMIT, &tlv(SEQUENCE, &amount));
    limit.statement(RETENTION, &tlv(2, &[10]));
    let authority = tlv(SEQUENCE, &tlv(0x86, b"https://register.example"));
    limit.statement(SEMANTICS, &tlv(SEQUENCE, &[oid(&[0, 4, 0, 194_121, 1, 2]), authority].concat()));
    let mut cabf = Forge::qwac();
    let parts = [tlv(PRINTABLE, b"PSD"), tlv(PRINTABLE, b"DE"), tlv(UTF8, b"BAFIN-100001")].concat();
    cabf.extension(CABF, false, tlv(SEQUENCE, &parts));
    cabf.san(&[(2, b"tpp.example"), (7, &[127, 0, 0, 1]), (1, b"a@tpp.example")]);
    let plain = [("qwac", Forge::qwac()), ("seal", Forge::seal()), ("ca", Forge::ca())];
    let odd = [("bare-statements", bare), ("rsa", rsa), ("limit", limit), ("cabf", cabf)];
    for (name, forge) in plain.into_iter().chain(odd) {
        std::fs::write(folder.join(format!("{name}.der")), forge.der()).unwrap();
    }
}
