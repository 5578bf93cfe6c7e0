//! How far a fault or a habit reaches: to the checks that make the bank ask for it. ARCHITECTURE.md says why that is enough.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    bundled, collect,
    event::Verdict,
    plan,
    prove::ProofError,
    trial::{Court, Trial, Verdicts},
};
use crate::{
    bank::Settings,
    catalogue::{Catalogue, Check},
};

/// Which checks make the bank ask for which faults and habits.
pub(super) struct Reach {
    /// The dialect of the bank that was tried.
    dialect: &'static str,
    /// By the check's id.
    asked: BTreeMap<String, BTreeSet<String>>,
    /// The checks that are about whatever the others do: those over the whole run, and those that come to something else
    /// alone than in company.
    always: BTreeSet<String>,
}

impl Reach {
    /// Tries each check alone, at a clean bank of its own, so that all that it rests on is asked for under its name: the
    /// start of the bank, discovery, handshakes, and what the bank keeps in mind.
    pub(super) fn measure(
        court: &Court<'_>,
        catalogue: &Catalogue,
        settings: &Settings,
        clean: &Verdicts,
    ) -> Result<Self, ProofError> {
        let (over_all, single): (Vec<_>, Vec<_>) = catalogue.checks.iter().partition(|check| check.is_over_whole_run());
        let tried = court.side_by_side(&single, |check| {
            let settings = Settings { keeps_asked: true, ..settings.clone() };
            court.judge(&check.id, settings, Arc::new(alone(check)))
        })?;
        let differs = |(check, trial): &(&&Arc<Check>, &Trial)| trial.verdicts.get(&check.id) != clean.get(&check.id);
        let odd = single.iter().zip(&tried).filter(differs).map(|(check, _)| check.id.clone());
        let always = over_all.iter().map(|check| check.id.clone()).chain(odd).collect();
        let asked = single.iter().zip(tried).map(|(check, trial)| (check.id.clone(), trial.asked)).collect();
        Ok(Self { dialect: settings.dialect.name(), asked, always })
    }

    /// The checks that a bank with that fault or habit is tried on: all of them where nobody alone asks for it, where one of
    /// the `expected`, of which its row speaks, does not, or where the bank is met otherwise from the start.
    pub(super) fn of(&self, catalogue: &Catalogue, id: &str, expected: &[String]) -> Catalogue {
        let asking = self.asked.iter().filter(|(_, asked)| asked.contains(id)).map(|(check, _)| check);
        let mut wanted: BTreeSet<String> = asking.cloned().collect();
        let is_of_here = |id: &String| catalogue.check(id).is_none_or(|check| check.is_for(self.dialect));
        let is_known = |check: &String| wanted.contains(check) || self.always.contains(check) || !is_of_here(check);
        let is_understood = !wanted.is_empty() && expected.iter().all(is_known) && !bundled::tells_of(id);
        let mut checks = catalogue.checks.clone();
        if is_understood {
            wanted.extend(self.always.iter().cloned());
            let wanted = plan::with_controls(catalogue, self.dialect, wanted);
            checks.retain(|check| wanted.contains(&check.id));
        }
        Catalogue { checks, requirements: Vec::new() }
    }
}

/// A catalogue of that check, without its controls.
fn alone(check: &Check) -> Catalogue {
    let mut check = check.clone();
    check.tags.retain(|tag| !tag.starts_with("control:"));
    Catalogue { checks: vec![Arc::new(check)], requirements: Vec::new() }
}

/// What the whole catalogue comes to where part of it was tried: the rest is as on the clean bank, but for what a control
/// that fell says of it. So is a check over the whole run that too few answers were left for.
pub(super) fn with_the_rest(catalogue: &Catalogue, dialect: &str, tried: Verdicts, clean: &Verdicts) -> Verdicts {
    if tried.len() == catalogue.checks.len() {
        return tried;
    }
    let is_untold = |verdict: &Verdict| matches!(verdict, Verdict::Inconclusive | Verdict::NotApplicable);
    let is_told =
        |check: &Check| tried.get(&check.id).is_some_and(|verdict| !(check.is_over_whole_run() && is_untold(verdict)));
    let (told, rest): (Vec<_>, Vec<_>) = catalogue.checks.iter().partition(|check| is_told(check));
    let mut all = clean.clone();
    all.extend(told.iter().filter_map(|check| Some((check.id.clone(), *tried.get(&check.id)?))));
    loop {
        let before = all.clone();
        for check in &rest {
            let fallen = check.controls_at(dialect).into_iter().find_map(|id| {
                let verdict = *all.get(&id)?;
                collect::has_fallen(verdict).then(|| collect::without_control(&id, verdict).0)
            });
            all.extend(fallen.map(|verdict| (check.id.clone(), verdict)));
        }
        if all == before {
            return all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the catalogue, the checks of these ids, and what the clean bank makes of them.
    fn some(ids: &[&str]) -> (Catalogue, Verdicts) {
        let mut catalogue = Catalogue::load(None).unwrap();
        catalogue.checks.retain(|check| ids.contains(&check.id.as_str()));
        assert_eq!(catalogue.checks.len(), ids.len());
        (catalogue, ids.iter().map(|id| ((*id).to_owned(), Verdict::Pass)).collect())
    }

    fn verdicts<const N: usize>(of: [(&str, Verdict); N]) -> Verdicts {
        of.into_iter().map(|(id, verdict)| (id.to_owned(), verdict)).collect()
    }

    #[test]
    fn what_was_not_tried_is_as_on_the_clean_bank_but_where_its_control_fell() {
        let (catalogue, clean) = some(&["FLOW-001", "FLOW-002", "PKCE-003", "META-001"]);
        let of = |control| with_the_rest(&catalogue, "berlin-group", verdicts([("FLOW-002", control)]), &clean);
        assert_eq!(of(Verdict::Pass), clean);
        for (control, negative) in [
            (Verdict::Fail, Verdict::Inconclusive),
            (Verdict::Inconclusive, Verdict::Inconclusive),
            (Verdict::Warn, Verdict::NotApplicable),
        ] {
            let told = of(control);
            assert_eq!((told["PKCE-003"], told["META-001"]), (negative, Verdict::Pass), "{control:?}");
        }
    }

    #[test]
    fn too_few_answers_for_a_check_over_the_whole_run_say_nothing() {
        let (catalogue, clean) = some(&["TOKEN-009", "META-001"]);
        let of = |verdict| with_the_rest(&catalogue, "berlin-group", verdicts([("TOKEN-009", verdict)]), &clean)["TOKEN-009"];
        assert_eq!([Verdict::Inconclusive, Verdict::NotApplicable].map(of), [Verdict::Pass; 2]);
        assert_eq!(of(Verdict::Fail), Verdict::Fail);
    }
}
