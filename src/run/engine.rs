//! The engine: scenarios go in, outcomes come out. Everything that is particular to cucumber is in this file.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cucumber::{
    Cucumber, Event, Parser, World as _, Writer, cli,
    event::{self, ScenarioFinished, StepError},
    gherkin, parser,
    runner::Basic,
    writer::Normalized,
};
use futures::{FutureExt, stream};

use crate::{
    steps::{Outcome, World},
    tpp::session::Session,
};

/// One scenario to run.
#[derive(Clone)]
pub(super) struct Job {
    /// What its exchanges are recorded under: `REDIR-002#3`.
    pub(super) label: String,
    /// The feature file that it comes from.
    pub(super) path: PathBuf,
    /// The scenario.
    pub(super) scenario: gherkin::Scenario,
}

/// What one scenario came to.
pub(super) struct Done {
    /// As in [`Job`].
    pub(super) label: String,
    /// What it came to.
    pub(super) outcome: Outcome,
    /// In milliseconds.
    pub(super) duration_ms: f64,
    /// It held when it was asked again: what was seen at first.
    pub(super) flaky: Option<String>,
}

/// What the engine tells while it runs.
pub(super) enum Progress {
    /// A scenario has begun.
    Began(String),
    /// A scenario is done.
    Ended(Done),
}

type Key = (PathBuf, usize);

struct Shared<F> {
    session: Arc<Session>,
    labels: HashMap<Key, String>,
    stop: Arc<AtomicBool>,
    tell: F,
}

/// Runs scenarios against the bank, `jobs` at a time, and tells of each as it ends. Once `stop` is set, what has not
/// begun does not begin.
pub(super) async fn run(
    session: Arc<Session>,
    scenarios: Vec<Job>,
    jobs: usize,
    stop: Arc<AtomicBool>,
    tell: impl Fn(Progress) + 'static,
) {
    let labels =
        scenarios.iter().map(|job| ((job.path.clone(), job.scenario.position.line), job.label.clone())).collect();
    let shared = Arc::new(Shared { session, labels, stop, tell });
    let (before, after) = (shared.clone(), shared);
    let runner = Basic::default().steps(World::collection()).max_concurrent_scenarios(jobs);
    Cucumber::<World, _, _, _, _, cli::Empty>::custom(Features, runner, Silent)
        .before(move |feature, _, scenario, world| {
            before.begin(&key(feature, scenario), world);
            async {}.boxed_local()
        })
        .after(move |feature, _, scenario, finished, world| {
            after.end(&key(feature, scenario), finished, world);
            async {}.boxed_local()
        })
        .with_cli(cli::Opts::<_, _, _, cli::Empty>::default())
        .run(features(scenarios))
        .await;
}

impl<F: Fn(Progress)> Shared<F> {
    fn begin(&self, key: &Key, world: &mut World) {
        let Some(label) = self.labels.get(key) else { return };
        if !self.stop.load(Ordering::Relaxed) {
            world.enter(self.session.clone(), label);
            if let Some(reason) = self.session.target.network.calendar.closed_now() {
                world.bar(reason);
            }
            (self.tell)(Progress::Began(label.clone()));
        }
    }

    fn end(&self, key: &Key, finished: &ScenarioFinished, world: Option<&mut World>) {
        let (Some(label), Some(world)) = (self.labels.get(key), world) else { return };
        let Some(duration_ms) = world.elapsed_ms() else { return };
        let failure = match finished {
            ScenarioFinished::StepPassed => None,
            ScenarioFinished::StepSkipped => Some("harness: a step of the scenario is not known".to_owned()),
            ScenarioFinished::BeforeHookFailed(_) => Some("harness: the scenario could not begin".to_owned()),
            ScenarioFinished::StepFailed(_, _, error) => Some(in_words(error)),
        };
        let outcome = world.outcome(failure.as_deref());
        (self.tell)(Progress::Ended(Done { label: label.clone(), outcome, duration_ms, flaky: None }));
    }
}

/// How the reasons of a [`Trouble`](crate::tpp::Trouble) begin.
const TOLD: [&str; 4] = ["environment: ", "prerequisite: ", "harness: ", "does not apply: "];

/// A step's error as it was told; a panic as what it is.
fn in_words(error: &StepError) -> String {
    let StepError::Panic(payload) = error else { return format!("harness: {error}") };
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    match text {
        Some(text) if TOLD.iter().any(|kind| text.starts_with(kind)) => text.to_owned(),
        Some(text) => format!("harness: a step panicked: {text}"),
        None => "harness: a step panicked".into(),
    }
}

fn key(feature: &gherkin::Feature, scenario: &gherkin::Scenario) -> Key {
    (feature.path.clone().unwrap_or_default(), scenario.position.line)
}

/// One feature for each file, as the engine wants them.
fn features(scenarios: Vec<Job>) -> Vec<gherkin::Feature> {
    let mut features: Vec<gherkin::Feature> = Vec::new();
    for job in scenarios {
        let path = Some(job.path);
        match features.iter_mut().find(|feature| feature.path == path) {
            Some(feature) => feature.scenarios.push(job.scenario),
            None => features.push(gherkin::Feature {
                keyword: "Feature".into(),
                name: String::new(),
                description: None,
                background: None,
                scenarios: vec![job.scenario],
                rules: Vec::new(),
                tags: Vec::new(),
                span: Default::default(),
                position: Default::default(),
                path,
            }),
        }
    }
    features
}

/// Hands over features that are parsed already.
struct Features;

impl Parser<Vec<gherkin::Feature>> for Features {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, features: Vec<gherkin::Feature>, _: Self::Cli) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// The hooks see everything that matters; what the engine would print is not wanted.
struct Silent;

impl Writer<World> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<World>>>, _: &Self::Cli) {}
}

impl Normalized for Silent {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::tpp::Trouble;

    #[test]
    fn every_trouble_is_told_as_what_it_is() {
        let troubles = [
            Trouble::Environment("x".into()),
            Trouble::Prerequisite("x".into()),
            Trouble::Harness("x".into()),
            Trouble::DoesNotApply("x".into()),
        ];
        for trouble in troubles.map(|trouble| trouble.to_string()) {
            assert_eq!(in_words(&StepError::Panic(Arc::new(trouble.clone()))), trouble);
        }
    }
}
