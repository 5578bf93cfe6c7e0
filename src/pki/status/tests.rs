//! OpenSSL reads what this responder writes.

use openssl::hash::MessageDigest;
use openssl::ocsp::{OcspCertId, OcspCertStatus, OcspFlag, OcspRequest, OcspResponse, OcspResponseStatus};
use openssl::stack::Stack;
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{CrlStatus, X509Crl};
use proptest::prelude::*;

use super::*;
use crate::pki::{TestPki, inspect};

struct Setting {
    pki: TestPki,
    service: StatusService,
    leaf: X509,
    issuer: X509,
}

fn setting() -> Setting {
    let pki = TestPki::fresh().unwrap();
    let service = StatusService::new(&pki.issuing).unwrap();
    let leaf = X509::from_pem(pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap();
    let issuer = X509::from_pem(pki.issuing.certificate_pem().as_bytes()).unwrap();
    Setting { pki, service, leaf, issuer }
}

impl Setting {
    fn id(&self) -> OcspCertId {
        OcspCertId::from_cert(MessageDigest::sha1(), &self.leaf, &self.issuer).unwrap()
    }

    fn request(&self) -> Vec<u8> {
        let mut request = OcspRequest::new().unwrap();
        request.add_id(self.id()).unwrap();
        request.to_der().unwrap()
    }

    fn say(&self, ocsp: OcspAnswer, crl: CrlEntry) {
        let serial = inspect::facts(self.pki.tpps[0].qwac.certificate_pem.as_bytes()).unwrap().serial;
        let statement = Statement { ocsp, crl, reason: Reason::KeyCompromise };
        assert!(self.service.state(&serial, statement, OffsetDateTime::now_utc()));
    }

    /// Whether OpenSSL believes the signature, and what it reads.
    fn ask(&self) -> (bool, OcspCertStatus, bool) {
        let der = self.service.ocsp(&self.request(), OffsetDateTime::now_utc()).unwrap().unwrap();
        let response = OcspResponse::from_der(&der).unwrap();
        assert_eq!(response.status(), OcspResponseStatus::SUCCESSFUL);
        let basic = response.basic().unwrap();
        let mut store = X509StoreBuilder::new().unwrap();
        store.add_cert(X509::from_pem(self.pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
        let mut chain = Stack::new().unwrap();
        chain.push(self.issuer.clone()).unwrap();
        let believed = basic.verify(&chain, &store.build(), OcspFlag::empty()).is_ok();
        let status = basic.find_status(&self.id()).unwrap();
        (believed, status.status, status.check_validity(5, None).is_ok())
    }
}

#[test]
fn openssl_believes_an_honest_answer_and_no_other() {
    let setting = setting();
    assert_eq!(setting.ask(), (true, OcspCertStatus::GOOD, true));
    for (answer, expected) in [
        (OcspAnswer::Revoked, (true, OcspCertStatus::REVOKED, true)),
        (OcspAnswer::Unknown, (true, OcspCertStatus::UNKNOWN, true)),
        (OcspAnswer::Stale, (true, OcspCertStatus::GOOD, false)),
        (OcspAnswer::Forged, (false, OcspCertStatus::GOOD, true)),
        (OcspAnswer::Undelegated, (false, OcspCertStatus::GOOD, true)),
    ] {
        setting.say(answer, CrlEntry::Unlisted);
        assert_eq!(setting.ask(), expected, "{answer:?}");
    }
}

#[test]
fn an_answer_without_an_answer_is_one_too() {
    let setting = setting();
    setting.say(OcspAnswer::TryLater, CrlEntry::Unlisted);
    let ask = |request: &[u8]| setting.service.ocsp(request, OffsetDateTime::now_utc()).unwrap();
    let status = |der: Vec<u8>| OcspResponse::from_der(&der).unwrap().status();
    assert_eq!(status(ask(&setting.request()).unwrap()), OcspResponseStatus::TRY_LATER);
    assert_eq!(status(ask(b"rubbish").unwrap()), OcspResponseStatus::MALFORMED_REQUEST);
    setting.say(OcspAnswer::Silent, CrlEntry::Unlisted);
    assert_eq!(ask(&setting.request()), None);
}

#[test]
fn another_cas_certificate_is_unknown() {
    let (ours, theirs) = (setting(), setting());
    let der = ours.service.ocsp(&theirs.request(), OffsetDateTime::now_utc()).unwrap().unwrap();
    let basic = OcspResponse::from_der(&der).unwrap().basic().unwrap();
    assert_eq!(basic.find_status(&theirs.id()).unwrap().status, OcspCertStatus::UNKNOWN);
}

#[test]
fn the_list_holds_what_was_put_on_it() {
    let setting = setting();
    let now = OffsetDateTime::now_utc();
    let read = || X509Crl::from_der(&setting.service.crl(now).unwrap()).unwrap();
    assert!(matches!(read().get_by_cert(&setting.leaf), CrlStatus::NotRevoked));
    setting.say(OcspAnswer::Good, CrlEntry::Listed);
    let crl = read();
    assert!(matches!(crl.get_by_cert(&setting.leaf), CrlStatus::Revoked(_)));
    assert!(crl.verify(&setting.issuer.public_key().unwrap()).unwrap());
    setting.say(OcspAnswer::Good, CrlEntry::Unlisted);
    assert!(matches!(read().get_by_cert(&setting.leaf), CrlStatus::NotRevoked));
}

#[test]
fn a_certificate_says_where_its_status_is_told() {
    let pki = TestPki::fresh().unwrap();
    let at = |text: &str| Some(format!("http://127.0.0.1:1/{text}"));
    let recipe = pki.tpps[0].recipe.clone().status_at(at("ca"), at("ocsp"), at("crl"));
    let issued = pki.issuing.issue(&recipe).unwrap();
    let found = Locations::of(issued.certificate_pem.as_bytes()).unwrap();
    assert_eq!(found, Locations { ocsp: at("ocsp").into_iter().collect(), crl: at("crl").into_iter().collect() });
    let issued = pki.issuing.issue(&recipe.status_at(None, None, None)).unwrap();
    assert_eq!(Locations::of(issued.certificate_pem.as_bytes()).unwrap(), Locations::default());
}

proptest! {
    #[test]
    fn no_request_brings_the_responder_down(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8), cut in any::<prop::sample::Index>()) {
        static SETTING: std::sync::LazyLock<Setting> = std::sync::LazyLock::new(setting);
        let mut request = SETTING.request();
        for (at, value) in flips {
            let at = at.index(request.len());
            request[at] = value;
        }
        request.truncate(1 + cut.index(request.len()));
        prop_assert!(SETTING.service.ocsp(&request, OffsetDateTime::now_utc()).is_ok());
    }

    #[test]
    fn no_rubbish_does_either(request in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = request::decode(&request);
    }
}
