//! The engine: scenarios go in, outcomes come out. Everything that is particular to cucumber is in this file.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cucumber::{
    Cucumber, Event, Parser, World, Writer, cli,
    event::{self, ScenarioFinished, StepError},
    gherkin, parser,
    runner::Basic,
    step,
    writer::Normalized,
};
use futures::{FutureExt, stream};

use crate::{catalogue::Check, evidence::check_row::CheckRow, steps::Outcome, tpp::Trouble};

/// So many scenarios are handed to cucumber at a time: whenever one ends it goes through all that wait. No catalogue has
/// as many in one phase, so that only a user's own features ever wait for the last of a batch.
const BATCH: usize = 1_000;

/// One scenario to run.
#[derive(Clone)]
pub(super) struct Job {
    /// The check that it comes from.
    pub(super) check: Arc<Check>,
    /// Which of its rows it is.
    pub(super) row: usize,
}

/// What one scenario came to.
pub(super) struct Done {
    /// Which it was.
    pub(super) row: CheckRow,
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
    Began(CheckRow),
    /// A scenario is done.
    Ended(Done),
}

/// The world of a scenario, whoever is judged in it: the engine knows no more of it than this.
pub(super) trait Scene: World {
    /// What all scenarios of a run share.
    type Stage: 'static;

    /// The steps that scenarios can have.
    fn steps() -> step::Collection<Self>;

    /// Lets the scenario of that row begin.
    fn begin(&mut self, stage: &Arc<Self::Stage>, row: &CheckRow);

    /// How long ago it began, in milliseconds; `None` where it was not let begin.
    fn elapsed_ms(&self) -> Option<f64>;

    /// What it came to; `failure` is the trouble of a step that failed.
    fn outcome(&self, failure: Option<Trouble>) -> Outcome;
}

struct Shared<S, F> {
    stage: Arc<S>,
    stop: Arc<AtomicBool>,
    tell: F,
    /// Beside the jobs; a scenario goes by its place among them.
    rows: Vec<CheckRow>,
}

/// Runs scenarios on that stage, `jobs` at a time, and tells of each as it ends. Once `stop` is set, what has not
/// begun does not begin.
pub(super) async fn run<S: Scene>(
    stage: Arc<S::Stage>,
    mut scenarios: Vec<Job>,
    jobs: usize,
    stop: Arc<AtomicBool>,
    tell: impl Fn(Progress) + 'static,
) {
    // What is `@serial` has the bank to itself: all of it comes first, as cucumber has it.
    scenarios.sort_by_key(|job| !job.scenario().tags.iter().any(|tag| tag == "serial"));
    let rows = scenarios.iter().map(Job::row).collect();
    let shared = Arc::new(Shared { stage, stop, tell, rows });
    for (index, batch) in scenarios.chunks(BATCH).enumerate() {
        let (before, after) = (shared.clone(), shared.clone());
        let runner = Basic::default().steps(S::steps()).max_concurrent_scenarios(jobs);
        Cucumber::<S, _, _, _, _, cli::Empty>::custom(Features, runner, Silent)
            .before(move |_, _, scenario, world| {
                before.begin::<S>(&scenario.name, world);
                async {}.boxed_local()
            })
            .after(move |_, _, scenario, finished, world| {
                after.end::<S>(&scenario.name, finished, world);
                async {}.boxed_local()
            })
            .with_cli(cli::Opts::<_, _, _, cli::Empty>::default())
            .run(features(batch, index * BATCH))
            .await;
    }
}

impl Job {
    /// What its exchanges are recorded under.
    pub(super) fn row(&self) -> CheckRow {
        let row = (self.check.rows.len() > 1).then_some(self.row);
        CheckRow { check: self.check.id.as_str().into(), row }
    }

    fn scenario(&self) -> &gherkin::Scenario {
        &self.check.rows[self.row].scenario
    }
}

impl<T, F: Fn(Progress)> Shared<T, F> {
    fn row(&self, scenario: &str) -> Option<&CheckRow> {
        self.rows.get(scenario.parse::<usize>().ok()?)
    }

    fn begin<S: Scene<Stage = T>>(&self, scenario: &str, world: &mut S) {
        let Some(row) = self.row(scenario) else { return };
        if !self.stop.load(Ordering::Relaxed) {
            world.begin(&self.stage, row);
            (self.tell)(Progress::Began(row.clone()));
        }
    }

    fn end<S: Scene<Stage = T>>(&self, scenario: &str, finished: &ScenarioFinished, world: Option<&mut S>) {
        let (Some(world), Some(row)) = (world, self.row(scenario)) else { return };
        let Some(duration_ms) = world.elapsed_ms() else { return };
        let failure = match finished {
            ScenarioFinished::StepPassed => None,
            ScenarioFinished::StepSkipped => Some(Trouble::Harness("a step of the scenario is not known".into())),
            ScenarioFinished::BeforeHookFailed(_) => Some(Trouble::Harness("the scenario could not begin".into())),
            ScenarioFinished::StepFailed(_, _, error) => Some(trouble(error)),
        };
        let outcome = world.outcome(failure);
        (self.tell)(Progress::Ended(Done { row: row.clone(), outcome, duration_ms, flaky: None }));
    }
}

/// A step's trouble as it was told; a panic as what it is.
fn trouble(error: &StepError) -> Trouble {
    let StepError::Panic(payload) = error else { return Trouble::Harness(error.to_string()) };
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    match text {
        Some(text) => Trouble::told(text).unwrap_or_else(|| Trouble::Harness(format!("a step panicked: {text}"))),
        None => Trouble::Harness("a step panicked".into()),
    }
}

/// One feature for each file, as the engine wants them; a scenario goes by its place, from `first` on.
fn features(scenarios: &[Job], first: usize) -> Vec<gherkin::Feature> {
    let mut places = first..;
    let mut placed = |job: &Job| {
        let name = places.next().unwrap_or_default().to_string();
        gherkin::Scenario { name, ..job.scenario().clone() }
    };
    let of_one_file = scenarios.chunk_by(|one, next| one.check.path == next.check.path);
    let mut feature = |jobs: &[Job]| gherkin::Feature {
        keyword: "Feature".into(),
        name: String::new(),
        description: None,
        background: None,
        scenarios: jobs.iter().map(&mut placed).collect(),
        rules: Vec::new(),
        tags: Vec::new(),
        span: Default::default(),
        position: Default::default(),
        path: jobs.first().map(|job| PathBuf::from(&job.check.path)),
    };
    of_one_file.map(&mut feature).collect()
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

impl<S: World> Writer<S> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<S>>>, _: &Self::Cli) {}
}

impl Normalized for Silent {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn every_trouble_is_told_as_what_it_is() {
        let troubles = [
            Trouble::Environment("x".into()),
            Trouble::Prerequisite("x".into()),
            Trouble::Harness("x".into()),
            Trouble::DoesNotApply("x".into()),
        ];
        for known in troubles {
            assert_eq!(trouble(&StepError::Panic(Arc::new(known.to_string()))), known);
        }
        let panicked = trouble(&StepError::Panic(Arc::new("x")));
        assert_eq!(panicked, Trouble::Harness("a step panicked: x".into()));
    }
}
