//! The steps as the engine is given them. It would try each of some hundred patterns for every step of every scenario; but
//! the same few words come again and again, in the rows of an outline as on the many banks of a proof, and are looked up
//! once here.

use std::{
    collections::HashMap,
    panic::resume_unwind,
    sync::{Mutex, OnceLock, PoisonError},
};

use cucumber::{
    Step, World as _,
    codegen::{LocalBoxFuture, Regex},
    gherkin::{self, StepType},
    step::{CaptureName, Collection, Context, Location},
};

use super::World;

/// As many words are remembered: more than the catalogue has, and no more than little memory.
const KNOWN_BOUND: usize = 4_096;

/// What a step is.
#[derive(Clone)]
pub(super) struct Found {
    /// What carries it out.
    step: Step<World>,
    /// The values in its words.
    values: Vec<(CaptureName, String)>,
    /// Where it is defined.
    pub(super) place: Option<Location>,
}

/// Why a step is nothing that could be carried out.
#[derive(Debug)]
pub(super) enum Unfound {
    /// Several fit: which.
    Ambiguous(String),
    /// None fits.
    Not,
}

/// One pattern for each keyword, which takes any words.
pub fn steps() -> Collection<World> {
    let Ok(any) = Regex::new("") else { return World::collection() };
    Collection::new().given(None, any.clone(), carry_out).when(None, any.clone(), carry_out).then(None, any, carry_out)
}

fn carry_out(world: &mut World, context: Context) -> LocalBoxFuture<'_, ()> {
    match find(&context.step) {
        Ok(Found { step, values, .. }) => step(world, Context { matches: values, ..context }),
        // The engine fails a step by unwinding.
        Err(Unfound::Ambiguous(which)) => resume_unwind(Box::new(format!("harness: {which}"))),
        Err(Unfound::Not) => resume_unwind(Box::new("harness: a step of the scenario is not known".to_owned())),
    }
}

/// What a step of a scenario is.
pub(super) fn find(step: &gherkin::Step) -> Result<Found, Unfound> {
    static KNOWN: OnceLock<Mutex<HashMap<StepType, HashMap<String, Found>>>> = OnceLock::new();
    let known = || KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known().get(&step.ty).and_then(|known| known.get(&step.value)) {
        return Ok(found.clone());
    }
    let found = look_up(step)?;
    let mut known = known();
    let known = known.entry(step.ty).or_default();
    if known.len() < KNOWN_BOUND {
        known.insert(step.value.clone(), found.clone());
    }
    Ok(found)
}

fn look_up(step: &gherkin::Step) -> Result<Found, Unfound> {
    static ALL: OnceLock<Collection<World>> = OnceLock::new();
    match ALL.get_or_init(World::collection).find(step) {
        Ok(Some((step, _, place, context))) => Ok(Found { step: *step, values: context.matches, place }),
        Ok(None) => Err(Unfound::Not),
        Err(error) => Err(Unfound::Ambiguous(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(ty: StepType, value: &str) -> gherkin::Step {
        gherkin::Step {
            keyword: String::new(),
            ty,
            value: value.into(),
            docstring: None,
            table: None,
            span: Default::default(),
            position: Default::default(),
        }
    }

    #[test]
    fn words_are_found_with_their_values_however_often() {
        for amount in ["1.00", "2.00", "1.00", "1.00"] {
            let found =
                find(&step(StepType::When, &format!("the TPP initiates a payment with the amount \"{amount}\"")));
            let values = found.map(|found| found.values).unwrap_or_default();
            assert!(values.iter().any(|(_, value)| value == amount), "{amount}: {values:?}");
        }
    }

    #[test]
    fn a_keyword_has_words_of_its_own() {
        let words = "the TPP initiates a payment";
        assert!(find(&step(StepType::When, words)).is_ok());
        assert!(matches!(find(&step(StepType::Then, words)), Err(Unfound::Not)));
    }
}
