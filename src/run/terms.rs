//! On which terms a bank is judged: everything by which its target file makes a run different, told in every report.

use super::event::Term;
use crate::target::{Environment, Target};

/// The terms of a target, the weightiest first.
pub(super) fn of(target: &Target) -> Vec<Term> {
    production(target).into_iter().collect()
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
