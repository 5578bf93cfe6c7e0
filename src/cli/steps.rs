//! `bankproof steps`: the words that feature files can use, each as the catalogue uses it.

use std::collections::BTreeSet;

use cucumber::gherkin::StepType;

use super::{Outcome, Stop, output};
use crate::{catalogue::Catalogue, run::exit};

pub(super) fn steps() -> Outcome {
    let catalogue = Catalogue::load(None).map_err(Stop::internal)?;
    let scenarios = catalogue.checks.iter().flat_map(|check| &check.rows).map(|row| &row.scenario);
    let steps: BTreeSet<String> = scenarios
        .flat_map(|scenario| &scenario.steps)
        .map(|step| format!("{} {}", word(step.ty), step.value))
        .collect();
    // `Given` before `When` before `Then`, as scenarios have them.
    for keyword in ["Given", "When", "Then"] {
        steps.iter().filter(|step| step.starts_with(keyword)).for_each(|step| output::result(step));
    }
    Ok(exit::CONFORMANT)
}

fn word(keyword: StepType) -> &'static str {
    match keyword {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}
