//! What tags may say: each names something that is there, and none is nearly one of ours.

use std::collections::BTreeSet;

use crate::{
    bank::faults,
    catalogue::{Catalogue, Check, needs_of, profiles},
    pki::{Defect, distance, nearest},
    targets::{Dialect, POLICIES, capability},
};

/// Tags that say something by themselves.
const PLAIN: [&str; 9] = ["must", "should", "may", "passive", "handshake", "serial", "slow", "mistypes", "locks-psu"];
/// Tags that say something of what stands after their colon.
const WITH_VALUE: [&str; 9] = ["covers", "fault", "control", "needs", "dialect", "profile", "must", "should", "may"];
/// A free tag that is so much like one of ours is a slip of the pen.
const SLIP: usize = 2;
/// The family of capabilities that name the defects of certificates: `bad-certificate:expired`.
const DEFECTIVE: &str = "bad-certificate";

/// The family of capabilities that name what a bank can be asked for: `operation:status`.
const OPERATION: &str = "operation";

/// What is wrong with the tags of a check.
pub(super) fn problems(catalogue: &Catalogue, check: &Check) -> Vec<String> {
    let tags: BTreeSet<&String> = check.tags.iter().chain(tags_of_rows(check)).collect();
    let mut problems: Vec<String> = tags.into_iter().filter_map(|tag| unknown_tag(tag)).collect();
    problems.extend(tags_of_rows(check).find_map(|tag| misplaced(tag)));
    let covered = check.tagged("covers");
    if covered.is_empty() {
        problems.push("it covers no requirement: add @covers:ID of a row in requirements/*.toml".into());
    }
    let requirements: Vec<&str> = catalogue.requirements.iter().map(|known| known.row.id.as_str()).collect();
    problems.extend(unknown(&covered, "requirement", &requirements, "add it to a file in requirements/"));
    problems.extend(needs_of(check).iter().filter_map(|need| unknown_need(need)));
    let controls: Vec<(Option<String>, String)> = check.controls().collect();
    let ids: Vec<String> = controls.iter().map(|(_, id)| id.clone()).collect();
    let checks: Vec<&str> = catalogue.checks.iter().map(|check| check.id.as_str()).collect();
    problems.extend(unknown(&ids, "check", &checks, "`bankproof list` names them all"));
    let dialects = Dialect::ALL.map(Dialect::name);
    let at: Vec<String> = controls.into_iter().filter_map(|(dialect, _)| dialect).collect();
    problems.extend(unknown(&at, "dialect", &dialects, "or name the control alone"));
    problems.extend(unknown(&check.tagged("dialect"), "dialect", &dialects, "or leave the tag out"));
    let profiles: Vec<&str> = profiles::known().iter().map(|profile| profile.name.as_str()).collect();
    problems.extend(unknown(&check.tagged("profile"), "profile", &profiles, "or leave the tag out"));
    let raised: Vec<String> = check.raised.iter().map(|(_, by)| by.clone()).collect();
    let grounds = [&profiles[..], &POLICIES].concat();
    problems.extend(unknown(&raised, "profile or policy", &grounds, "or leave the tag out"));
    let mend = match check.own {
        true => "or leave the tag out: your own scenarios need none",
        false => "or add its row in src/bank/faults",
    };
    let fault_ids: Vec<&str> = faults::everywhere().map(|fault| fault.id).collect();
    problems.extend(unknown(&check.faults(), "fault of the bundled bank", &fault_ids, mend));
    problems
}

/// The tags that rows have beyond those of their check.
fn tags_of_rows(check: &Check) -> impl Iterator<Item = &String> {
    let of_rows = check.rows.iter().flat_map(|row| &row.scenario.tags);
    of_rows.filter(|tag| !check.tags.contains(tag))
}

/// Rows differ in what they need and in what they catch; all else is said of the check as a whole.
fn misplaced(tag: &str) -> Option<String> {
    let is_ours = tag.split_once(':').map_or(PLAIN.contains(&tag), |(kind, _)| WITH_VALUE.contains(&kind));
    (is_ours && !["needs:", "fault:"].iter().any(|kind| tag.starts_with(kind))).then(|| {
        format!("the tag @{tag} stands at Examples or holds a <column>, where only @needs: and @fault: do: write it above the scenario")
    })
}

/// A free tag, such as `@nightly`, may be anything unless it looks like one of ours.
fn unknown_tag(tag: &str) -> Option<String> {
    if let Some((kind, _)) = tag.split_once(':') {
        let message = || {
            let nearest = nearest(kind, WITH_VALUE.into_iter()).join(", ");
            format!("the tag @{tag} is not known; the nearest are {nearest}, each with a colon and a value")
        };
        return (!WITH_VALUE.contains(&kind)).then(message);
    }
    let is_slip = |known: &&&str| distance(tag, known) <= SLIP.min(known.len().saturating_sub(2));
    if PLAIN.contains(&tag) {
        return None;
    }
    let known = PLAIN.iter().chain(&WITH_VALUE).filter(is_slip).min_by_key(|known| distance(tag, known))?;
    let value = if PLAIN.contains(known) { "" } else { ":…" };
    Some(format!(
        "the tag @{tag} is not known; did you mean @{known}{value}? A free tag must look less like one of ours"
    ))
}

/// A capability, or one of a family: `bad-certificate:expired`.
fn unknown_need(need: &str) -> Option<String> {
    let (family, member) = need.split_once(':').map_or((need, None), |(family, member)| (family, Some(member)));
    if family == DEFECTIVE
        && let Some(member) = member
    {
        let defects: Vec<&str> = Defect::all().map(|defect| defect.name()).collect();
        return told_unknown(member, "defect", &defects, "`bankproof certs issue --list` names them all");
    }
    if family == OPERATION
        && let Some(member) = member
    {
        let operations = Dialect::ALL.into_iter().flat_map(Dialect::operations);
        let names: BTreeSet<String> = operations.map(|operation| operation.name()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return told_unknown(member, "operation", &names, "docs/target.md has them all under [[requests]]");
    }
    let names: Vec<&str> = capability::ALL.iter().map(|known| known.name).collect();
    told_unknown(need, "capability", &names, "docs/target.md has them all")
}

fn unknown(used: &[String], what: &str, names: &[&str], mend: &str) -> Vec<String> {
    used.iter().filter_map(|id| told_unknown(id, what, names, mend)).collect()
}

fn told_unknown(id: &str, what: &str, names: &[&str], mend: &str) -> Option<String> {
    let nearest = || nearest(id, names.iter().copied()).join(", ");
    (!names.contains(&id))
        .then(|| format!("there is no {what} {id}; the nearest are {}\n  mend: use one of them; {mend}", nearest()))
}
