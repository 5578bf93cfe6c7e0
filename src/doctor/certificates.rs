//! The TPPs' own certificates: whether they hold now, for how long, and whether a bank would take them.

use time::OffsetDateTime;

use super::{Case, Finding, Layer};
use crate::{
    pki::{file::Contents, inspect, lint},
    targets::{Identity, KeyPair},
};

/// So many days before its end a certificate is mentioned.
const SOON: i64 = 30;
/// So many broken rules of one certificate are named.
const NAMED: usize = 3;

/// What is wrong with the certificates that the bank will be shown as good ones.
pub(super) fn look(case: &Case) -> Vec<Finding> {
    let issuers: Vec<Vec<u8>> = case.target.test_ca.iter().flat_map(|ca| ders(&ca.certificate_pem)).collect();
    let of = |identity: &Identity| {
        let pairs = [
            ("QWAC", Some(&identity.qwac)),
            ("renewed QWAC", identity.renewed.as_ref()),
            ("QSealC", identity.seal.as_ref()),
        ];
        let pairs =
            pairs.into_iter().filter_map(|(kind, pair)| Some((format!("the {kind} of {}", identity.name), pair?)));
        let found = |(what, pair): (String, &KeyPair)| Some((examine(&what, pair, &issuers, case.now)?, what));
        pairs.filter_map(found).collect::<Vec<_>>()
    };
    merged(case.target.identities.iter().flat_map(of).collect())
}

/// What several certificates have in common is told once.
fn merged(found: Vec<(Finding, String)>) -> Vec<Finding> {
    let mut merged: Vec<(Finding, String, Vec<String>)> = Vec::new();
    for (finding, what) in found {
        let said = finding.cause.strip_prefix(&what).unwrap_or(&finding.cause).to_owned();
        match merged.iter_mut().find(|(known, told, _)| known.name == finding.name && *told == said) {
            Some((.., whose)) => whose.push(what),
            None => merged.push((finding, said, vec![what])),
        }
    }
    let told = |(finding, said, whose): (Finding, String, Vec<String>)| match whose.as_slice() {
        [_] => finding,
        [first, others @ ..] => {
            let cause = format!("{first}{said} The same holds for {}", others.join(", "));
            Finding { cause, ..finding }
        }
        [] => finding,
    };
    merged.into_iter().map(told).collect()
}

/// The worst that can be said of one certificate: whoever is expired need not be linted.
fn examine(what: &str, pair: &KeyPair, issuers: &[Vec<u8>], now: OffsetDateTime) -> Option<Finding> {
    let chain = ders(&pair.certificate_pem);
    let (leaf, rest) = chain.split_first()?;
    let facts = inspect::facts(leaf).ok()?;
    let file = |name, cause: String, mend: &str| Finding::error(Layer::File, name, cause, mend);
    if facts.not_after < now {
        let cause = format!("{what} expired on {}: a bank ends the handshake or answers 401", facts.not_after.date());
        let mend = "have it renewed and name the new certificate and key; if today's date is wrong here, set this machine's clock";
        return Some(file("certificate-expired", cause, mend));
    }
    if facts.not_before > now {
        let cause = format!("{what} does not hold before {}", facts.not_before);
        let mend = format!("wait, or set this machine's clock: it says {now}");
        return Some(file("certificate-not-yet-valid", cause, &mend));
    }
    let issuers = rest.iter().chain(issuers).map(Vec::as_slice).collect();
    let options = lint::Options { issuers, ..lint::Options::at(now) };
    let linted = lint::lint(leaf, &options);
    if linted.kind == lint::Kind::Person {
        let cause = format!("{what} is {}", linted.words);
        return Some(Finding::warning(
            Layer::File,
            "certificate-lint",
            cause,
            "name the organization's QWAC or QSealC",
        ));
    }
    let broken: Vec<_> = linted.findings.into_iter().filter(|one| one.level == lint::Level::Must).collect();
    if let Some(first) = broken.first() {
        let more = broken.iter().skip(1).take(NAMED - 1).map(|one| format!(", and {}", one.rule)).collect::<String>();
        let left = match broken.len().saturating_sub(NAMED) {
            0 => String::new(),
            left => format!(" and {left} more rules"),
        };
        let cause = format!("{what} breaks {}{more}{left}. {} ({})", first.rule, first.message, first.clause);
        let mend = "see `bankproof certs lint` on it, and ask whoever issued it; what a bank refuses because of it is no fault of the bank";
        return Some(Finding::warning(Layer::File, "certificate-lint", cause, mend));
    }
    let left = facts.days_left(now);
    (left < SOON).then(|| {
        let cause = format!("{what} expires on {}, in {left} days", facts.not_after.date());
        Finding::warning(Layer::File, "certificate-expires-soon", cause, "have it renewed in time")
    })
}

/// The certificates of a PEM text.
pub(super) fn ders(pem: &str) -> Vec<Vec<u8>> {
    let contents = Contents::from_bytes("the target file".as_ref(), pem.as_bytes(), None);
    contents.map(|contents| contents.certificates().map(<[u8]>::to_vec).collect()).unwrap_or_default()
}
