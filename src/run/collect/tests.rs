use std::sync::Arc;

use cucumber::gherkin;
use proptest::{prelude::*, sample::Index};

use super::*;
use crate::catalogue::{Check, Level, Objection, Row};

/// A check with that many rows, all of which run.
fn planned(id: &str, level: Level, rows: usize, controls: &[&str]) -> Planned {
    let row = |index: usize| Row {
        name: format!("row: {index}"),
        needs: Vec::new(),
        faults: Vec::new(),
        scenario: scenario(),
    };
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

fn served() -> Outcome {
    Outcome::Broken(Comparison { served: true, ..Comparison::default() })
}

fn untold() -> Outcome {
    Outcome::Inconclusive(Trouble::Environment("nobody answers".into()))
}

fn no_matter() -> Outcome {
    Outcome::NotApplicable("it has none".into())
}

fn done(row: impl Into<CheckRow>, outcome: Outcome) -> Done {
    Done { row: row.into(), outcome, duration_ms: 1.0, flaky: None }
}

fn flaky(row: impl Into<CheckRow>) -> Done {
    Done { flaky: Some("unavailable (503)".into()), ..done(row, untold()) }
}

/// What a collector tells in the end, by check and in order.
fn told(planned: Vec<Planned>, outcomes: Vec<Done>) -> Vec<(String, Verdict)> {
    let mut collector = Collector::new(planned, "berlin-group", HashMap::new());
    let mut results = collector.settle(&|row| vec![format!("x of {row}")]);
    for done in outcomes {
        results.extend(collector.take(done, &|row| vec![format!("x of {row}")]));
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
        let dones = rows
            .iter()
            .enumerate()
            .map(|(index, row)| done(CheckRow { check: "A-001".into(), row: Some(index) }, row.clone()));
        let mut dones: Vec<Done> = dones.collect();
        let came: Vec<_> =
            told(check(), dones.iter().map(|known| done(known.row.clone(), known.outcome.clone())).collect());
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
        // What was given in a wrong form was given.
        (Level::Must, b(served()), broken(), Verdict::Fail),
        (Level::Must, b(served()), holds(), Verdict::Pass),
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

#[test]
fn what_an_earlier_part_settled_or_the_plan_left_out_keeps_nobody_waiting() {
    for (settled, verdict) in [(Verdict::Pass, Verdict::Pass), (Verdict::Fail, Verdict::Inconclusive)] {
        let checks = vec![planned("A-001", Level::Must, 1, &["B-001"]), planned("B-001", Level::Must, 1, &[])];
        let mut collector = Collector::new(checks, "berlin-group", HashMap::from([("B-001".to_owned(), settled)]));
        assert_eq!(collector.take(done("A-001", holds()), &|_| Vec::new())[0].verdict, verdict);
    }
    let left_out = || vec![planned("A-001", Level::Must, 1, &["B-001"])];
    assert_eq!(told(left_out(), vec![done("A-001", holds())]), [("A-001".to_owned(), Verdict::Pass)]);
    let elsewhere =
        || vec![planned("A-001", Level::Must, 1, &["uk-open-banking=B-001"]), planned("B-001", Level::Must, 1, &[])];
    assert_eq!(told(elsewhere(), vec![done("A-001", holds())]), [("A-001".to_owned(), Verdict::Pass)]);
    assert_eq!(told(left_out(), vec![done("Z-001", holds())]), []);
}

#[test]
fn where_the_bank_is_gone_for_the_control_too_that_is_the_reason() {
    let checks = vec![planned("A-001", Level::Must, 1, &["B-001"]), planned("B-001", Level::Must, 1, &[])];
    for (outcome, reason) in [(untold(), "environment: "), (holds(), "prerequisite: ")] {
        let mut collector = Collector::new(checks.clone(), "berlin-group", HashMap::new());
        collector.take(done("B-001", untold()), &|_| Vec::new());
        let results = collector.take(done("A-001", outcome), &|_| Vec::new());
        assert!(results[0].reason.starts_with(reason), "{}", results[0].reason);
    }
}

#[test]
fn an_objection_is_told_before_anything_runs() {
    let mut objected = planned("A-001", Level::Must, 1, &[]);
    objected.objection = Some(Objection { why_not: WhyNot::NotOffered, reason: "not here".into() });
    assert_eq!(told(vec![objected], vec![]), [("A-001".to_owned(), Verdict::NotApplicable)]);
}

#[test]
fn rows_are_told_with_their_names_and_exchanges_and_a_scenario_has_none() {
    let one = |rows: usize, done_rows: &[Option<usize>]| {
        let mut collector = Collector::new(vec![planned("A-001", Level::Must, rows, &[])], "none", HashMap::new());
        let row = |row: &Option<usize>| CheckRow { row: *row, ..CheckRow::from("A-001") };
        let results =
            done_rows.iter().flat_map(|at| collector.take(done(row(at), holds()), &|row| vec![format!("x of {row}")]));
        results.last().unwrap()
    };
    let outline = one(2, &[Some(1), Some(0)]);
    let names: Vec<&str> = outline.variants.iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!((names, outline.duration_ms), (vec!["row: 0", "row: 1"], 2.0));
    assert_eq!(outline.exchanges, ["x of A-001#1", "x of A-001#2"]);
    assert!(one(1, &[None]).variants.is_empty());
}

/// What a collector does in full: after each outcome everything is looked at anew.
#[derive(Default)]
struct Model(Vec<Done>);

impl Model {
    fn take(&mut self, collector: &mut Collector, done: &Done) -> Vec<CheckResult> {
        self.0.push(copy(done));
        let mut fresh = Collector::new(collector.planned.clone(), "berlin-group", collector.settled.clone());
        for done in &self.0 {
            let index = done.row.row.unwrap_or_default();
            let place = fresh.places[&*done.row.check];
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
    Done { outcome: done.outcome.clone(), row: done.row.clone(), flaky: done.flaky.clone(), ..*done }
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
        let row_of = |planned: &Planned, row| CheckRow { check: planned.check.id.as_str().into(), row: Some(row) };
        let rows: Vec<CheckRow> = plan
            .iter()
            .flat_map(|planned| (0..planned.check.rows.len()).map(move |row| row_of(planned, row)))
            .collect();
        let (mut model, mut all) = (Model::default(), Collector::new(plan.clone(), "berlin-group", HashMap::new()));
        let mut collector = Collector::new(plan, "berlin-group", HashMap::new());
        all.settle(&|_| Vec::new());
        collector.settle(&|_| Vec::new());
        for (index, outcome, is_flaky) in outcomes {
            let row = index.get(&rows).clone();
            let done = if is_flaky { flaky(row) } else { done(row, outcome) };
            let expected = model.take(&mut all, &done);
            let told = collector.take(done, &|_| Vec::new());
            prop_assert_eq!(format!("{:?}", told), format!("{:?}", expected));
        }
    }
}
