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
    /// By a check over the whole run: the others that give it enough to judge, each of them alone.
    enough: BTreeMap<String, BTreeSet<String>>,
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
            court.judge(&check.id, settings, Arc::new(alone(check, &over_all)))
        })?;
        let tried: BTreeMap<&str, Trial> = single.iter().map(|check| check.id.as_str()).zip(tried).collect();
        let those = |such: &dyn Fn(&str, &Trial) -> bool| {
            tried.iter().filter(|(id, trial)| such(id, trial)).map(|(id, _)| (*id).to_owned()).collect::<BTreeSet<_>>()
        };
        let odd = those(&|id, trial| trial.verdicts.get(id) != clean.get(id));
        let enough = over_all.iter().map(|check| {
            let is_told = |_: &str, trial: &Trial| trial.verdicts.get(&check.id).is_some_and(|it| !is_untold(*it));
            (check.id.clone(), those(&is_told))
        });
        Ok(Self {
            dialect: settings.dialect.name(),
            always: over_all.iter().map(|check| check.id.clone()).chain(odd).collect(),
            enough: enough.collect(),
            asked: tried.into_iter().map(|(id, trial)| (id.to_owned(), trial.asked)).collect(),
        })
    }

    /// The checks that a bank with that fault or habit is tried on: those that ask for it, and those `expected` to, of which
    /// its row speaks; all of them where nobody alone asks for it, or where the bank is met otherwise from the start.
    pub(super) fn of(&self, catalogue: &Catalogue, id: &str, expected: &[String]) -> Catalogue {
        let asking = self.asked.iter().filter(|(_, asked)| asked.contains(id)).map(|(check, _)| check);
        let mut wanted: BTreeSet<String> = asking.cloned().collect();
        let is_understood = !wanted.is_empty() && !bundled::tells_of(id);
        let mut checks = catalogue.checks.clone();
        if is_understood {
            wanted.extend(self.always.iter().chain(expected).cloned());
            let wanted = plan::with_controls(catalogue, self.dialect, wanted);
            checks.retain(|check| wanted.contains(&check.id));
        }
        Catalogue { checks, requirements: Vec::new() }
    }

    /// What the whole catalogue comes to where part of it was tried: the rest is as on the clean bank, but for what a control
    /// that fell says of it. So is a check over the whole run to which only the rest gives enough to judge.
    pub(super) fn with_the_rest(&self, catalogue: &Catalogue, tried: &Trial, clean: &Verdicts) -> Verdicts {
        let (served, tried) = (&tried.served, &tried.verdicts);
        let rest_is_enough =
            |id: &str| self.enough.get(id).is_some_and(|checks| checks.iter().any(|check| !tried.contains_key(check)));
        let told = tried.iter().filter(|(id, verdict)| !(is_untold(**verdict) && rest_is_enough(id)));
        let told: Verdicts = told.map(|(id, verdict)| (id.clone(), *verdict)).collect();
        let is_idle = |id: &str| clean.get(id) == Some(&Verdict::NotApplicable);
        let is_left = |check: &&Arc<Check>| !told.contains_key(&check.id) && !is_idle(&check.id);
        let rest: Vec<_> = catalogue.checks.iter().filter(is_left).collect();
        let mut all = clean.clone();
        all.extend(told);
        loop {
            let before = all.clone();
            for check in &rest {
                let fallen = check.controls_at(self.dialect).into_iter().find_map(|id| {
                    let verdict = *all.get(&id)?;
                    let has_fallen = collect::has_fallen(verdict) && !served.contains(&id);
                    has_fallen.then(|| collect::without_control(&id, verdict).0)
                });
                all.extend(fallen.map(|verdict| (check.id.clone(), verdict)));
            }
            if all == before {
                return all;
            }
        }
    }
}

/// A catalogue of that check, without its controls, and of those that look at whatever it does.
fn alone(check: &Check, over_all: &[&Arc<Check>]) -> Catalogue {
    let mut check = check.clone();
    check.tags.retain(|tag| !tag.starts_with("control:"));
    let checks = std::iter::once(Arc::new(check)).chain(over_all.iter().map(|check| Arc::clone(check))).collect();
    Catalogue { checks, requirements: Vec::new() }
}

fn is_untold(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Inconclusive | Verdict::NotApplicable)
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

    fn reach() -> Reach {
        let asked = ["pkce-verifier-unchecked", "no-refresh-tokens"].map(str::to_owned);
        Reach {
            dialect: "berlin-group",
            asked: [("PKCE-003".to_owned(), asked.into())].into(),
            always: ["TOKEN-009".to_owned()].into(),
            enough: [("TOKEN-009".to_owned(), ["FLOW-004".to_owned()].into())].into(),
        }
    }

    fn trial<const N: usize>(of: [(&str, Verdict); N]) -> Trial {
        let verdicts = of.into_iter().map(|(id, verdict)| (id.to_owned(), verdict)).collect();
        Trial { verdicts, served: BTreeSet::new(), asked: BTreeSet::new() }
    }

    #[test]
    fn what_was_not_tried_is_as_on_the_clean_bank_but_where_its_control_fell() {
        let (catalogue, clean) = some(&["FLOW-001", "FLOW-002", "PKCE-003", "META-001"]);
        let of = |control| reach().with_the_rest(&catalogue, &trial([("FLOW-002", control)]), &clean);
        assert_eq!(of(Verdict::Pass), clean);
        for (control, negative) in [
            (Verdict::Fail, Verdict::Inconclusive),
            (Verdict::Inconclusive, Verdict::Inconclusive),
            (Verdict::Warn, Verdict::NotApplicable),
        ] {
            let told = of(control);
            assert_eq!((told["PKCE-003"], told["META-001"]), (negative, Verdict::Pass), "{control:?}");
        }
        let served = Trial { served: ["FLOW-002".to_owned()].into(), ..trial([("FLOW-002", Verdict::Fail)]) };
        assert_eq!(reach().with_the_rest(&catalogue, &served, &clean)["PKCE-003"], Verdict::Pass);
    }

    #[test]
    fn a_check_over_the_whole_run_is_untold_only_where_the_rest_does_not_give_it_enough() {
        let (catalogue, clean) = some(&["TOKEN-009", "FLOW-004", "META-001"]);
        let of = |tried: Trial| reach().with_the_rest(&catalogue, &tried, &clean)["TOKEN-009"];
        for untold in [Verdict::Inconclusive, Verdict::NotApplicable] {
            assert_eq!(of(trial([("TOKEN-009", untold), ("META-001", Verdict::Pass)])), Verdict::Pass);
            assert_eq!(of(trial([("TOKEN-009", untold), ("FLOW-004", Verdict::Fail)])), untold);
        }
        assert_eq!(of(trial([("TOKEN-009", Verdict::Fail)])), Verdict::Fail);
    }

    #[test]
    fn what_is_not_understood_is_tried_on_everything() {
        let (catalogue, _) = some(&["TOKEN-009", "FLOW-001", "FLOW-002", "PKCE-003", "META-001"]);
        let of = |id, expected: &[&str]| {
            let expected: Vec<String> = expected.iter().map(|id| (*id).to_owned()).collect();
            let chosen = reach().of(&catalogue, id, &expected).checks;
            chosen.iter().map(|check| check.id.clone()).collect::<BTreeSet<_>>()
        };
        let all = of("no-such-fault", &[]);
        assert_eq!(all.len(), catalogue.checks.len());
        let reached = of("pkce-verifier-unchecked", &["PKCE-003", "META-001"]);
        let reached: Vec<_> = reached.into_iter().collect();
        assert_eq!(reached, ["FLOW-001", "FLOW-002", "META-001", "PKCE-003", "TOKEN-009"]);
        assert_eq!(of("no-refresh-tokens", &[]), all);
    }
}
