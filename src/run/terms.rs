//! On which terms a bank is judged: everything by which its target file makes a run different, told in every report.

use super::event::{DeclaredDeviation, Term};
use crate::targets::{Dialect, Environment, Target, bank_profile::Deviation};

/// The terms of a target, the weightiest first.
pub(super) fn of(target: &Target) -> Vec<Term> {
    let profile =
        target.bank_profile.iter().map(|name| term("profile", format!("the bank is described by {name}"), ""));
    let reason = target.tolerances.reason.as_deref().unwrap_or_default();
    let tolerances = target.tolerances.in_words().into_iter().map(|says| term("tolerance", says, reason));
    let requests = target.requests.iter();
    let requests =
        requests.map(|change| term("request", change.in_words(), change.reason.as_deref().unwrap_or_default()));
    production(target).into_iter().chain(profile).chain(spoken(target)).chain(tolerances).chain(requests).collect()
}

/// What is spoken otherwise than the dialect's documents have it.
fn spoken(target: &Target) -> Option<Term> {
    match target.dialect {
        Dialect::UkOpenBanking => {
            let says = "authorization requests are plain: the consent is named by the parameter claims, and response_type is code, \
                        where the documents have signed request objects and code id_token";
            Some(term("tolerance", says.into(), ""))
        }
        Dialect::BerlinGroup | Dialect::None => None,
    }
}

fn term(kind: &str, says: String, reason: &str) -> Term {
    Term { kind: kind.into(), says, reason: reason.into() }
}

fn production(target: &Target) -> Option<Term> {
    let says = match (target.restraint.objection(), target.environment) {
        (Some(why), _) => {
            return Some(term("held back", format!("no payment is made and no page is opened: {why}"), ""));
        }
        (None, Environment::Production) => {
            "payments are made and pages are driven on production: the file says so twice"
        }
        (None, Environment::Test) => return None,
    };
    Some(term("allowed", says.into(), ""))
}

/// What the bank has declared of itself.
pub(super) fn deviations(target: &Target) -> Vec<DeclaredDeviation> {
    let declared = |deviation: &Deviation| DeclaredDeviation {
        checks: deviation.checks.clone(),
        reason: deviation.reason.clone(),
        since: deviation.since.clone(),
        reference: deviation.reference.clone(),
        seen: deviation.seen.clone(),
    };
    target.deviations.iter().map(declared).collect()
}
