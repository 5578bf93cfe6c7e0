//! The certificates of a run, decoded and linted before the first request: what is wrong with our own says nothing of the bank.

use time::OffsetDateTime;

use super::event::{CertificateFact, CertificateFinding, CertificateInfo, Level};
use crate::pki::file::Contents;
use crate::pki::{inspect, lint};
use crate::targets::{Identity, Target};

/// The certificates of a target.
pub(super) struct RunCertificates {
    /// Of each identity, in the order of the target file.
    pub(super) identities: Vec<Vec<CertificateInfo>>,
    /// What the bank's own certificates are trusted by.
    pub(super) bank: Vec<CertificateInfo>,
}

/// Every certificate that the target file names, as of that time.
pub(super) fn of_target(target: &Target, at: OffsetDateTime) -> RunCertificates {
    let test_ca = target.test_ca.iter().flat_map(|ca| certificates(&ca.certificate_pem)).collect::<Vec<_>>();
    let of = |identity: &Identity| -> Vec<CertificateInfo> {
        let seal = identity.seal.as_ref();
        let pairs = [("QWAC", Some(&identity.qwac)), ("renewed QWAC", identity.renewed.as_ref()), ("QSealC", seal)];
        let pairs = pairs.into_iter().filter_map(|(used_as, pair)| Some((used_as, pair?)));
        pairs.filter_map(|(used_as, pair)| presented(used_as, &pair.certificate_pem, &test_ca, at)).collect()
    };
    let anchors = target.trust_anchors.iter().flat_map(|pem| certificates(pem));
    RunCertificates {
        identities: target.identities.iter().map(of).collect(),
        bank: anchors.filter_map(|der| info("trust anchor", &der, &[], at)).collect(),
    }
}

/// The certificate of a server that was met, as of that time.
pub(super) fn server(server: &str, der: &[u8], at: OffsetDateTime) -> Option<CertificateInfo> {
    info(&format!("TLS server {server}"), der, &[], at)
}

/// The leaf of a chain; the CAs below it, and the test CA, show whether its signature is theirs.
fn presented(used_as: &str, pem: &str, others: &[Vec<u8>], at: OffsetDateTime) -> Option<CertificateInfo> {
    let chain = certificates(pem);
    let (leaf, rest) = chain.split_first()?;
    info(used_as, leaf, &[rest, others].concat(), at)
}

fn certificates(pem: &str) -> Vec<Vec<u8>> {
    let contents = Contents::from_bytes("the target file".as_ref(), pem.as_bytes(), None);
    contents.map(|contents| contents.certificates().map(<[u8]>::to_vec).collect()).unwrap_or_default()
}

fn info(used_as: &str, der: &[u8], issuers: &[Vec<u8>], at: OffsetDateTime) -> Option<CertificateInfo> {
    let facts = inspect::facts(der).ok()?;
    let issuers = issuers.iter().map(Vec::as_slice).collect();
    let options = lint::Options { issuers, ..lint::Options::at(at) };
    Some(CertificateInfo {
        used_as: used_as.to_owned(),
        subject: facts.subject.clone(),
        not_after: facts.not_after.date().to_string(),
        days_left: facts.days_left(at),
        facts: facts
            .in_words(at)
            .into_iter()
            .map(|(label, value)| CertificateFact { label: label.to_owned(), value })
            .collect(),
        findings: lint::lint(der, &options).findings.into_iter().map(finding).collect(),
    })
}

fn finding(finding: lint::Finding) -> CertificateFinding {
    CertificateFinding {
        rule: finding.rule.to_owned(),
        clause: finding.clause.to_owned(),
        level: match finding.level {
            lint::Level::Must => Level::Must,
            lint::Level::Should => Level::Should,
            lint::Level::May => Level::May,
        },
        message: finding.message,
        actual: finding.actual,
        expected: finding.expected.to_owned(),
    }
}
