use std::sync::Arc;

use cucumber::gherkin;
use proptest::{prelude::*, sample::Index};

use super::*;
use crate::catalogue::{Check, Level, Objection, Row};

/// A check with that many rows, all of which run.
fn planned(id: &str, level: Level, rows: usize, controls: &[&str]) -> Planned {
    let row = |index: usize| Row { name: format!("row: {index}"), needs: Vec::new(), scenario: scenario() };
    let check = Check {
        id: id.into(),
        title: String::new(),
        description: String::new(),
        level,
        raised: Vec::new(),
        feature: String::new(),
        path: String::new(),
        line: 1,
        own: false,
        tags: controls.iter().map(|id| format!("control:{id}")).collect(),
        steps: Vec::new(),
        rows: (0..rows).map(row).collect(),
    };
    let rows_that_run = (0..rows).collect();
    Planned { check: Arc::new(check), level, objection: None, rows_that_run, only_as_control: false }
}

fn scenario() -> gherkin::Scenario {
    gherkin::Scenario {
        keyword: "Scenario".into(),
        name: String::new(),
        description: None,
        steps: Vec::new(),
        examples: Vec::new(),
        tags: Vec::new(),
        span: Default::default(),
        position: Default::default(),
    }
}

fn holds() -> Outcome {
    Outcome::Holds(Comparison::default())
}

fn broken() -> Outcome {
    Outcome::Broken(Comparison { actual: "otherwise".into(), ..Comparison::default() })
}

fn granted() -> Outcome {
    Outcome::Broken(Comparison { granted: true, ..Comparison::default() })
}

fn untold() -> Outcome {
    Outcome::Inconclusive("environment: nobody answers".into())
}

fn no_matter() -> Outcome {
    Outcome::NotApplicable("it has none".into())
}

fn done(label: &str, outcome: Outcome) -> Done {
    Done { label: label.into(), outcome, duration_ms: 1.0, flaky: None }
}

fn flaky(label: &str) -> Done {
    Done { flaky: Some("unavailable (503)".into()), ..done(label, untold()) }
}

/// What a collector tells in the end, by check and in order.
fn told(planned: Vec<Planned>, outcomes: Vec<Done>) -> Vec<(String, Verdict)> {
    let mut collector = Collector::new(planned, "berlin-group", HashMap::new());
    let mut results = collector.settle(&|label| vec![format!("x of {label}")]);
    for done in outcomes {
        results.extend(collector.take(done, &|label| vec![format!("x of {label}")]));
    }
    results.into_iter().map(|result| (result.id, result.verdict)).collect()
}

#[test]
fn the_worst_row_decides_and_one_that_does_not_apply_only_where_none_does() {
    for (rows, verdict) in [
        (vec![holds(), holds()], Some(Verdict::Pass)),
        (vec![holds(), broken()], Some(Verdict::Fail)),
        (vec![untold(), broken(), holds()], Some(Verdict::Fail)),
        (vec![holds(), untold()], Some(Verdict::Inconclusive)),
        (vec![no_matter(), holds()], Some(Verdict::Pass)),
        (vec![no_matter(), no_matter()], Some(Verdict::NotApplicable)),
    ] {
        let count = rows.len();
        let check = || vec![planned("A-001", Level::Must, count, &[])];
        let dones = rows.iter().enumerate().map(|(index, row)| done(&format!("A-001#{}", index + 1), row.clone()));
        let mut dones: Vec<Done> = dones.collect();
        let came: Vec<_> = told(check(), dones.iter().map(|known| done(&known.label, known.outcome.clone())).collect());
        assert_eq!(came.first().map(|(_, verdict)| *verdict), verdict, "{rows:?}");
        dones.pop();
        assert_eq!(told(check(), dones), [], "a row is still to come: {rows:?}");
    }
}

#[test]
fn a_refusal_is_worth_what_its_control_came_to() {
    let control = |level: Level, outcome: Done, refusal: Outcome| {
        let checks = vec![planned("A-001", Level::Must, 1, &["B-001"]), planned("B-001", level, 1, &[])];
        let first = told(checks.clone(), vec![done("A-001", refusal.clone())]);
        assert_eq!(first, [], "the control is not settled");
        let last = told(checks, vec![done("A-001", refusal), outcome]);
        assert_eq!(last.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["B-001", "A-001"]);
        last[1].1
    };
    let b = |outcome| done("B-001", outcome);
    for (level, outcome, refusal, verdict) in [
        (Level::Must, b(holds()), holds(), Verdict::Pass),
        (Level::Must, b(holds()), broken(), Verdict::Fail),
        (Level::Must, b(broken()), holds(), Verdict::Inconclusive),
        (Level::Must, b(untold()), holds(), Verdict::Inconclusive),
        (Level::Must, b(no_matter()), holds(), Verdict::Pass),
        // Its clause lets a bank refuse that too.
        (Level::Should, b(broken()), broken(), Verdict::NotApplicable),
        (Level::May, b(broken()), holds(), Verdict::NotApplicable),
        // What is granted is granted.
        (Level::Must, b(broken()), granted(), Verdict::Fail),
        // It has shown that it accepts.
        (Level::Must, flaky("B-001"), holds(), Verdict::Pass),
    ] {
        assert_eq!(control(level, outcome, refusal), verdict);
    }
}

#[test]
fn one_settled_control_settles_a_chain() {
    let checks = vec![
        planned("A-001", Level::Must, 1, &["B-001"]),
        planned("B-001", Level::Must, 1, &["C-001"]),
        planned("C-001", Level::Must, 1, &[]),
        planned("D-001", Level::Must, 1, &["D-001"]),
    ];
    let outcomes = ["D-001", "B-001", "A-001", "C-001"].map(|id| done(id, holds()));
    let ids: Vec<_> = told(checks, outcomes.into()).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["C-001", "B-001", "A-001"], "who waits for itself waits for ever");
}

/// What a collector does in full: after each outcome everything is looked at anew.
#[derive(Default)]
struct Model(Vec<Done>);

impl Model {
    fn take(&mut self, collector: &mut Collector, done: &Done) -> Vec<CheckResult> {
        self.0.push(copy(done));
        let mut fresh = Collector::new(collector.planned.clone(), "berlin-group", collector.settled.clone());
        for done in &self.0 {
            let (id, index) = row_of(&done.label);
            let place = fresh.places[id];
            if fresh.planned[place].rows_that_run.contains(&index) {
                fresh.rows[place].done[index] = Some(copy(done));
            }
        }
        for (planned, rows) in fresh.planned.iter().zip(&mut fresh.rows) {
            rows.awaited = planned.rows_that_run.iter().filter(|index| rows.done[**index].is_none()).count();
        }
        let mut results = Vec::new();
        loop {
            let more = fresh.settle(&|_| Vec::new());
            if more.is_empty() {
                break;
            }
            results.extend(more);
        }
        collector.settled = fresh.settled;
        results
    }
}

fn copy(done: &Done) -> Done {
    Done { outcome: done.outcome.clone(), label: done.label.clone(), flaky: done.flaky.clone(), ..*done }
}

const IDS: [&str; 6] = ["A-001", "B-001", "C-001", "D-001", "E-001", "F-001"];

fn plan() -> impl Strategy<Value = Vec<Planned>> {
    let level = prop::sample::select(vec![Level::Must, Level::Should, Level::May]);
    let controls = prop::collection::vec(prop::sample::select(&IDS[..]), 0..3);
    let one = (level, 1..4_usize, controls, prop::bool::weighted(0.1), prop::bits::u8::between(0, 3));
    prop::collection::vec(one, IDS.len()).prop_map(|all| {
        let check = |(id, (level, rows, controls, objects, left_out)): (&str, (Level, _, Vec<&str>, bool, u8))| {
            let mut planned = planned(id, level, rows, &controls);
            planned.objection = objects.then(|| Objection { why_not: WhyNot::NotOffered, reason: "not here".into() });
            planned.rows_that_run.retain(|index| left_out & (1 << index) == 0);
            planned
        };
        IDS.into_iter().zip(all).map(check).collect()
    })
}

fn outcomes() -> impl Strategy<Value = Vec<(Index, Outcome, bool)>> {
    let outcome = prop::sample::select(vec![holds(), holds(), broken(), granted(), untold(), no_matter()]);
    prop::collection::vec((any::<Index>(), outcome, prop::bool::weighted(0.1)), 0..24)
}

proptest! {
    #[test]
    fn in_any_order_it_tells_what_looking_at_everything_tells(plan in plan(), outcomes in outcomes()) {
        let labels: Vec<String> = plan
            .iter()
            .flat_map(|planned| (0..planned.check.rows.len()).map(move |index| label(planned, index)))
            .collect();
        let (mut model, mut all) = (Model::default(), Collector::new(plan.clone(), "berlin-group", HashMap::new()));
        let mut collector = Collector::new(plan, "berlin-group", HashMap::new());
        all.settle(&|_| Vec::new());
        collector.settle(&|_| Vec::new());
        for (index, outcome, is_flaky) in outcomes {
            let label = index.get(&labels);
            let done = if is_flaky { flaky(label) } else { done(label, outcome) };
            let expected = model.take(&mut all, &done);
            let told = collector.take(done, &|_| Vec::new());
            prop_assert_eq!(format!("{:?}", told), format!("{:?}", expected));
        }
    }
}
