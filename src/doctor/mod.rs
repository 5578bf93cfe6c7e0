//! The doctor: what stands in the way of judging a bank, told before a check runs, with cause, layer at fault and mend.
//!
//! The examinations are a table, from the file outwards. Each rests on others: where one of those has found an error, it
//! is left out, so that one cause is blamed once. The cheap ones look only at what is known anyway and come before
//! every run.

mod approval;
mod callback;
mod case;
mod certificates;
mod client;
mod clock;
mod customer;
mod discovery;
mod finding;
mod page;
mod payment;
mod rate;
mod refused_payment;
mod roles;
mod route;
mod said;
mod tls;

use std::{future::ready, path::Path, sync::Arc};

use futures::future::{BoxFuture, FutureExt};
use serde::Serialize;

pub use case::Case;
pub use finding::{Finding, Layer, Severity};

use crate::{
    evidence::recorder::Recorder,
    targets::{self, Target, TargetError},
    tpp::{Trouble, session::Session},
};

type Look = for<'a> fn(&'a Case) -> BoxFuture<'a, Vec<Finding>>;

/// One examination.
struct Examination {
    /// `certificates`.
    name: &'static str,
    /// Where a fault lies that it finds, as a rule.
    layer: Layer,
    /// It comes before every run: it asks nobody anything.
    cheap: bool,
    /// Without these it would find what they have found once more.
    rests_on: &'static [&'static str],
    look: Look,
}

const fn examination(
    name: &'static str,
    layer: Layer,
    cheap: bool,
    rests_on: &'static [&'static str],
    look: Look,
) -> Examination {
    Examination { name, layer, cheap, rests_on, look }
}

/// The file is read before anything else; nothing can be examined without it.
const FILE: &str = "target-file";

/// Every other examination, in order.
const EXAMINATIONS: [Examination; 12] = [
    examination("certificates", Layer::File, true, &[], |case| ready(certificates::look(case)).boxed()),
    examination("roles", Layer::File, true, &["certificates"], |case| ready(roles::look(case)).boxed()),
    examination("payment", Layer::File, true, &[], |case| ready(payment::look(case)).boxed()),
    examination("route", Layer::Network, false, &[], |case| route::look(case).boxed()),
    examination("tls", Layer::Gateway, false, &["route"], |case| tls::look(case).boxed()),
    examination("discovery", Layer::AuthorizationServer, true, &["tls"], |case| discovery::look(case).boxed()),
    examination("clock", Layer::Gateway, true, &["discovery"], |case| ready(clock::look(case)).boxed()),
    examination("endpoints", Layer::Network, false, &["discovery"], |case| discovery::hosts(case).boxed()),
    examination("client", Layer::AuthorizationServer, false, &["certificates", "clock", "endpoints"], |case| {
        client::look(case).boxed()
    }),
    examination("callback", Layer::Network, false, &[], |case| ready(callback::look(case)).boxed()),
    examination("page", Layer::Core, false, &["payment", "client", "callback"], |case| page::look(case).boxed()),
    examination("customer", Layer::Core, false, &["page"], |case| customer::look(case).boxed()),
];

/// What was examined, and what was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Diagnosis {
    /// Every examination, in order.
    pub examinations: Vec<Examined>,
    /// What was found, in the order of the examinations.
    pub findings: Vec<Finding>,
}

/// One examination, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Examined {
    /// `certificates`.
    pub name: &'static str,
    /// Where a fault lies that it finds, as a rule.
    pub layer: Layer,
    /// What came of it.
    pub outcome: Outcome,
    /// The examination that it rests on and that found an error, where it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because_of: Option<&'static str>,
}

/// What came of an examination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was found.
    Fine,
    /// Something was found that does not stop a run.
    Found,
    /// An error was found.
    Ill,
    /// It was left out.
    LeftOut,
}

impl Diagnosis {
    /// The worst layer-and-severity that keeps the bank from being judged: an error, those of the file first.
    pub fn obstacle(&self) -> Option<&Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).min_by_key(|finding| finding.layer)
    }

    async fn add(&mut self, examination: &Examination, case: &Case) {
        let failed = |name: &&&str| {
            let bad = |seen: &&Examined| matches!(seen.outcome, Outcome::Ill | Outcome::LeftOut);
            self.examinations.iter().filter(bad).any(|seen| seen.name == **name)
        };
        let because_of = examination.rests_on.iter().find(failed).copied();
        let findings = match because_of {
            Some(_) => Vec::new(),
            None => rate::or_what_was_found(case, (examination.look)(case).await),
        };
        let outcome = match findings.iter().map(|finding| finding.severity).min() {
            _ if because_of.is_some() => Outcome::LeftOut,
            None => Outcome::Fine,
            Some(Severity::Error) => Outcome::Ill,
            Some(_) => Outcome::Found,
        };
        self.examinations.push(Examined { name: examination.name, layer: examination.layer, outcome, because_of });
        // What was a doubt until the bank answered is told once.
        self.findings.retain(|known| !findings.iter().any(|finding| finding.name == known.name));
        self.findings.extend(findings.into_iter().map(|finding| finding.told(&case.recorder)));
    }
}

/// Examines a target file and the bank that it names: with requests, and on a test system with one approved payment.
pub async fn examine(path: &Path) -> Diagnosis {
    let target = match targets::load_all(path) {
        Ok(target) => target,
        Err(errors) => return of_the_file(&errors),
    };
    let case = Case::new(Arc::new(target), Arc::new(Recorder::new(0, |_| {})));
    let examinations = vec![Examined { name: FILE, layer: Layer::File, outcome: Outcome::Fine, because_of: None }];
    let mut diagnosis = Diagnosis { examinations, findings: Vec::new() };
    for examination in &EXAMINATIONS {
        diagnosis.add(examination, &case).await;
    }
    diagnosis
}

/// What the target alone shows to be wrong, before the first request.
pub async fn before_opening(target: &Arc<Target>) -> Vec<Finding> {
    let case = Case::new(target.clone(), Arc::new(Recorder::new(0, |_| {})));
    cheap(&case, |examination| examination.layer == Layer::File).await
}

/// What can be seen before a run without asking anybody: of the target, and of how its way to the bank was opened. Where the
/// run is to ask for more than public documents, the bank is asked once whether client and payment are known to it.
pub async fn before_run(
    target: &Arc<Target>,
    recorder: &Arc<Recorder>,
    session: &Result<Arc<Session>, Trouble>,
    asks_the_customer: bool,
) -> Vec<Finding> {
    let case = Case::opened(target.clone(), recorder.clone(), session.clone());
    let mut findings = cheap(&case, |_| true).await;
    findings.retain(|finding| finding.severity != Severity::Note);
    let is_clear = !findings.iter().any(|finding| finding.severity == Severity::Error);
    // The bundled bank's file is written by its bank.
    if is_clear && asks_the_customer && session.is_ok() && !target.bundled {
        findings.extend(slips(&case).await);
    }
    findings
}

/// What is wrong in the target file and only the bank can tell: it is asked once, before the checks are.
async fn slips(case: &Case) -> Vec<Finding> {
    let mut found = client::look(case).await;
    found.retain(Finding::is_the_users);
    if found.is_empty() {
        found.extend(customer::wrong_payment(case).await);
    }
    found.into_iter().map(|finding| finding.told(&case.recorder)).collect()
}

async fn cheap(case: &Case, such: impl Fn(&Examination) -> bool) -> Vec<Finding> {
    let mut diagnosis = Diagnosis::default();
    for examination in EXAMINATIONS.iter().filter(|examination| examination.cheap && such(examination)) {
        diagnosis.add(examination, case).await;
    }
    diagnosis.findings
}

fn of_the_file(errors: &[TargetError]) -> Diagnosis {
    let finding = |error: &TargetError| {
        let place = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
        let cause = format!("{}{place}: {}", error.file.display(), error.problem);
        Finding::error(Layer::File, error.name, cause, error.mend.clone())
    };
    let first = Examined { name: FILE, layer: Layer::File, outcome: Outcome::Ill, because_of: None };
    let left_out = |examination: &Examination| Examined {
        name: examination.name,
        layer: examination.layer,
        outcome: Outcome::LeftOut,
        because_of: Some(FILE),
    };
    let examinations = std::iter::once(first).chain(EXAMINATIONS.iter().map(left_out)).collect();
    Diagnosis { examinations, findings: errors.iter().map(finding).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rests_on_earlier_ones() {
        for (index, examination) in EXAMINATIONS.iter().enumerate() {
            let earlier: Vec<_> = EXAMINATIONS[..index].iter().map(|examination| examination.name).collect();
            for name in examination.rests_on {
                assert!(earlier.contains(name), "{} rests on {name}", examination.name);
            }
        }
    }
}
