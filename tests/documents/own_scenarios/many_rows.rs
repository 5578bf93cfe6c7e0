//! A scenario with thousands of rows costs a row's share each: in time, in memory and in the report.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// What takes minutes where each row looks at all the others.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder with a scenario that has so many rows.
fn feature(rows: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (1..=rows).map(|row| format!("      | {row} |\n")).collect();
    let text = format!(
        "Feature: Many\n\n  @MANY-001 @must @covers:RFC8414-3.2-json\n  Scenario Outline: The metadata is told each time: <time>\n    Whoever asks often is answered often.\n\n    \
         When the TPP fetches the metadata document\n    Then the metadata is served as JSON\n\n    Examples:\n      | time |\n{rows}"
    );
    fs::write(folder.path().join("many.feature"), text).unwrap();
    folder
}

/// Lets the binary come to a good end; its peak memory in MB.
fn peak_of(arguments: &[&str]) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    let mut child = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (began, mut peak) = (Instant::now(), 0_f64);
    let status = loop {
        peak = peak.max(memory(&child).unwrap_or_default());
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{arguments:?} has no end");
        }
        sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{arguments:?}: {status}");
    assert!(peak > 0.0, "the peak memory is not to be had");
    peak
}

/// The high-water mark so far, in MB.
fn memory(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}

#[test]
fn ten_thousand_rows_are_read_row_by_row() {
    let (few, many) = (feature(10), feature(10_000));
    let list = |folder: &TempDir| peak_of(&["list", "--features", folder.path().to_str().unwrap()]);
    let (few, many) = (list(&few), list(&many));
    // A row takes less than two kilobytes; the table of all rows would be 240 of them for each.
    assert!(many - few < 100.0, "{few} MB, and {many} MB with ten thousand rows");
}

#[test]
fn two_thousand_rows_are_judged_and_reported_each_with_its_own_exchange() {
    const ROWS: usize = 2_000;
    let (folder, out) = (feature(ROWS), tempfile::tempdir().unwrap());
    let (features, reports) = (folder.path().to_str().unwrap(), out.path().to_str().unwrap());
    let peak = peak_of(&["run", "MANY", "--features", features, "--out", reports]);
    assert!(peak < 250.0, "{peak} MB");
    let read = |name: &str| fs::read_to_string(Path::new(reports).join("latest").join(name)).unwrap();
    let results: Value = serde_json::from_str(&read("results.json")).unwrap();
    let check = &results["checks"][0];
    assert_eq!(check["verdict"], "pass");
    let variants = check["variants"].as_array().unwrap();
    let name = |row: usize| format!("{row}");
    let names: Vec<&str> = variants.iter().map(|variant| variant["name"].as_str().unwrap()).collect();
    assert_eq!(names, (1..=ROWS).map(name).collect::<Vec<_>>());
    let own: BTreeSet<&str> = variants.iter().map(|variant| variant["exchanges"][0].as_str().unwrap()).collect();
    assert!(own.len() == ROWS && variants.iter().all(|variant| variant["exchanges"].as_array().unwrap().len() == 1));
    let journal = read("journal.ndjson");
    let recorded = journal.lines().filter(|line| line.contains("\"event\":\"exchange\"") && line.contains("MANY-001"));
    assert_eq!(recorded.count(), ROWS);
    assert!(read("report.html").len() < 4_000_000);
}
