//! The codec against test vectors from elsewhere, against itself, and against garbage.

use proptest::prelude::*;

use super::*;

/// One PSD2 statement: PSP_PI, BaFin.
const PSD2: &str = "305206060400819827023048301330110607040081982701020c065053505f50490c274665646572616c2046696e616e6369616c2053757065727669736f727920417574686f726974790c0844452d424146494e";
/// The whole extension of a QWAC: QcCompliance, QcType web, QcPDS, and the statement above.
const QWAC: &str = "30819f3008060604008e4601013013060604008e4601063009060704008e46010603302a060604008e4601053020301e161868747470733a2f2f717473702e6578616d706c652f7064731302656e305206060400819827023048301330110607040081982701020c065053505f50490c274665646572616c2046696e616e6369616c2053757065727669736f727920417574686f726974790c0844452d424146494e";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn psd2(roles: &[Role]) -> QcStatement {
    QcStatement::Psd2(Psd2Statement {
        roles: roles.iter().map(|role| RoleOfPsp::try_from(*role).unwrap()).collect(),
        nca_name: "Federal Financial Supervisory Authority".to_owned(),
        nca_id: "DE-BAFIN".to_owned(),
    })
}

fn qwac() -> QcStatements {
    let pds = PdsLocation { url: "https://qtsp.example/pds".to_owned(), language: "en".to_owned() };
    let web = Oid::try_from(QcType::Web.arcs()).unwrap();
    QcStatements(vec![
        QcStatement::Compliance,
        QcStatement::Type(vec![web]),
        QcStatement::Pds(vec![pds]),
        psd2(&[Role::PspPi]),
    ])
}

#[test]
fn the_whole_extension_both_ways() {
    assert_eq!(qwac().encode().unwrap(), bytes(QWAC));
    assert_eq!(QcStatements::decode(&bytes(QWAC)).unwrap(), qwac());
}

#[test]
fn the_psd2_statement_alone_both_ways() {
    let mut list = vec![0x30, 84];
    list.extend(bytes(PSD2));
    let expected = QcStatements(vec![psd2(&[Role::PspPi])]);
    assert_eq!(expected.encode().unwrap(), list);
    assert_eq!(QcStatements::decode(&list).unwrap(), expected);
}

#[test]
fn what_a_qwac_says() {
    let found = QcStatements::decode(&bytes(QWAC)).unwrap();
    assert!(found.is_qualified());
    assert_eq!(found.qc_type(), Some(QcType::Web));
    assert_eq!(found.psd2().unwrap().known_roles(), [Role::PspPi]);
}

#[test]
fn a_role_whose_name_and_identifier_disagree_is_no_role() {
    let role = RoleOfPsp { oid: Oid::try_from(Role::PspAi.arcs()).unwrap(), name: "PSP_PI".to_owned() };
    let QcStatement::Psd2(mut psd2) = psd2(&[Role::PspIc]) else { unreachable!() };
    psd2.roles.push(role);
    let again = QcStatements::decode(&QcStatements(vec![QcStatement::Psd2(psd2)]).encode().unwrap()).unwrap();
    assert_eq!(again.psd2().unwrap().known_roles(), [Role::PspIc]);
    assert_eq!(again.psd2().unwrap().roles.len(), 2);
}

#[test]
fn a_statement_that_we_do_not_know_is_kept() {
    for oid in ["0.4.0.1862.1.4", "2.999.1", "1.3.6.1.5.5.7.11.2"] {
        for info in [None, Some(vec![0x02, 0x01, 0x07])] {
            let one = QcStatements(vec![QcStatement::Other { oid: oid.parse().unwrap(), info }]);
            assert_eq!(QcStatements::decode(&one.encode().unwrap()).unwrap(), one, "{oid}");
        }
    }
}

#[test]
fn anything_but_der_is_refused() {
    let cases = [
        ("qcStatements: ", String::new()),
        ("qcStatements: it is complete, and one octet follows", format!("{QWAC}00")),
        ("not DER", QWAC.replacen("30819f", "3082009f", 1)),
        ("IndefiniteLength", format!("3080{}0000", &QWAC[6..])),
        ("not DER", "300a3008060604008e468001".to_owned()),
        ("statementId: it is no object identifier", "30083006060404008e86".to_owned()),
        ("QcCompliance: it has no information", "300c300a060604008e4601010500".to_owned()),
        ("QcType: ", "30133011060604008e460106060704008e46010603".to_owned()),
        ("nCAName: ", QWAC.replacen("0c2746", "132746", 1)),
        (
            "PSD2QcType: it is complete, and 2 octets follow",
            "301630140606040081982702300a30000c01410c01420500".to_owned(),
        ),
        (
            "PSD2 statement: it is complete, and 2 octets follow",
            "301630140606040081982702300830000c01410c01420500".to_owned(),
        ),
    ];
    for (reason, hex) in cases {
        let found = QcStatements::decode(&bytes(&hex)).unwrap_err().to_string();
        assert!(found.contains(reason), "{reason}: {found}");
    }
}

#[test]
fn texts_have_1_to_256_characters() {
    for (length, good) in [(0, false), (1, true), (256, true), (257, false)] {
        let QcStatement::Psd2(mut psd2) = psd2(&[Role::PspPi]) else { unreachable!() };
        psd2.nca_name = "Ä".repeat(length);
        let der = QcStatements(vec![QcStatement::Psd2(psd2)]).encode().unwrap();
        assert_eq!(QcStatements::decode(&der).is_ok(), good, "{length}");
    }
}

#[test]
fn a_disclosure_location_that_cannot_be_written_is_an_error() {
    for (url, language) in [("https://ä.example", "en"), ("https://a.example", "english"), ("https://a.example", "e*")]
    {
        let pds = PdsLocation { url: url.to_owned(), language: language.to_owned() };
        assert!(QcStatements(vec![QcStatement::Pds(vec![pds])]).encode().is_err(), "{url} {language}");
    }
}

fn any_role() -> impl Strategy<Value = RoleOfPsp> {
    let honest = prop::sample::select(&Role::ALL[..]).prop_map(|role| RoleOfPsp::try_from(role).unwrap());
    let odd = (any_oid(), ".{1,20}").prop_map(|(oid, name)| RoleOfPsp { oid, name });
    prop_oneof![honest, odd]
}

fn any_oid() -> impl Strategy<Value = Oid> {
    (0..2u64, 0..40u64, prop::collection::vec(any::<u64>(), 0..6))
        .prop_map(|(first, second, rest)| Oid::try_from([&[first, second], &rest[..]].concat().as_slice()).unwrap())
}

proptest! {
    #[test]
    fn what_is_written_is_read(roles in prop::collection::vec(any_role(), 0..5), nca_name in ".{1,60}", nca_id in ".{1,20}", language in "[a-z]{2}", types in prop::collection::vec(any_oid(), 0..3)) {
        let statements = QcStatements(vec![
            QcStatement::Type(types),
            QcStatement::Psd2(Psd2Statement { roles, nca_name, nca_id }),
            QcStatement::Pds(vec![PdsLocation { url: "https://a.example".to_owned(), language }]),
        ]);
        let der = statements.encode().unwrap();
        prop_assert_eq!(QcStatements::decode(&der).unwrap(), statements);
    }

    #[test]
    fn garbage_is_an_error_and_no_panic(garbage in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = QcStatements::decode(&garbage);
    }

    #[test]
    fn what_survives_a_flipped_bit_is_still_der(at in 0..162usize, bit in 0..8u8, length in 0..=162usize) {
        let mut der = bytes(QWAC);
        der[at] ^= 1 << bit;
        if let Ok(found) = QcStatements::decode(&der) {
            prop_assert_eq!(found.encode().unwrap(), der);
        }
        prop_assert_eq!(QcStatements::decode(&bytes(QWAC)[..length]).is_ok(), length == 162);
    }
}
