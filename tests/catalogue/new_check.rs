//! `bankproof new check`: what it writes is read by the catalogue, and the lint complains of nothing but what is left to write.

use std::{fs, path::Path, process::Command};

use assert_cmd::assert::OutputAssertExt;
use bankproof::{catalogue::Catalogue, run::lint};

/// The parts of a checkout that it needs.
const PARTS: [&str; 4] = ["Cargo.toml", "features", "src/bank/faults", "tests/bank/probes"];

fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    PARTS.iter().for_each(|part| copy(&root.join(part), &folder.path().join(part)));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_file() {
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

fn new(folder: &Path, id: &str, fault: &str, more: &[&str]) -> (Option<i32>, String) {
    let arguments = ["new", "check", id, "--title", "The bank refuses a made-up thing", "--fault", fault];
    let output = Command::new(env!("CARGO_BIN_EXE_bankproof")).args(arguments).args(more).current_dir(folder).output();
    let output = output.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// Every file, by its path.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())),
        }
    }
    found.sort();
    found
}

fn problems_of(folder: &Path, id: &str) -> Vec<String> {
    let catalogue = Catalogue::of_folder(&folder.join("features")).unwrap();
    let (own, others): (Vec<_>, Vec<_>) =
        lint::all(&catalogue).into_iter().map(|told| told.to_string()).partition(|told| told.contains(id));
    assert!(others.is_empty(), "{others:?}");
    own
}

#[test]
fn a_check_is_begun_with_scenario_fault_and_probe_and_what_is_left_is_said() {
    let folder = checkout();
    // From a folder deep in it.
    let (code, said) = new(&folder.path().join("src/bank"), "PKCE", "pkce-made-up", &[]);
    assert_eq!(code, Some(0), "{said}");
    for words in
        ["PKCE-013 is begun", "features/oauth/pkce.feature, line ", "Left to do", "interop", "INSTA_UPDATE", "README"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let line = |path: &str| {
        let begin = said.split_once(&format!("{path}, line ")).unwrap().1;
        let line: usize = begin.split(':').next().unwrap().parse().unwrap();
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        text.lines().nth(line - 1).unwrap().to_owned()
    };
    assert_eq!(line("features/oauth/pkce.feature"), "  @covers:TODO");
    assert!(line("src/bank/faults/pkce.rs").starts_with("    fault(\"pkce-made-up\", "));
    assert_eq!(line("tests/bank/probes/authorization.rs"), "    // TODO: true where the bank behaves.");
    let catalogue = Catalogue::of_folder(&folder.path().join("features")).unwrap();
    let check = catalogue.check("PKCE-013").unwrap();
    assert_eq!(check.title, "The bank refuses a made-up thing");
    assert!(check.has_tag("needs:authorization") && check.has_tag("fault:pkce-made-up"));
    // It was built before the fault was written.
    let problems = problems_of(folder.path(), "PKCE-013");
    let left =
        ["requirement TODO", "check TODO", "\"TODO\" of a template", "step \"TODO\"", "fault of the bundled bank"];
    for problem in &problems {
        assert!(left.iter().any(|left| problem.contains(left)), "{problem}");
    }
    assert!(left.iter().all(|left| problems.iter().any(|problem| problem.contains(left))), "{problems:?}");
    // And the next is the next.
    assert!(new(folder.path(), "PKCE-014", "pkce-made-up", &[]).1.contains("PKCE-014 is begun"));
}

#[test]
fn what_is_written_is_rust() {
    if Command::new("rustfmt").arg("--version").output().is_err() {
        return eprintln!("SKIPPED: rustfmt is not here");
    }
    let folder = checkout();
    for (area, fault) in [("BIND", "bind-made-up"), ("UK", "uk-made-up"), ("TLS-092", "tls-made-up")] {
        let (code, said) = new(
            folder.path(),
            area,
            fault,
            if area == "TLS-092" { &["--feature", "features/api-security/tls.feature"] } else { &[] },
        );
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(said.contains("its probe"), area != "TLS-092", "{said}");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for path in
            said.lines().filter_map(|line| line.trim().split_once(".rs, line ")).map(|(path, _)| format!("{path}.rs"))
        {
            let path = folder.path().join(path);
            Command::new("rustfmt")
                .args(["--check", "--edition", "2024", "--config-path"])
                .arg(root)
                .arg(path)
                .assert()
                .success();
        }
    }
}

#[test]
fn the_proof_that_is_left_is_that_of_its_dialect() {
    let folder = checkout();
    for (area, proof) in [
        ("BG", "-- prove BG-081 --dialect berlin-group`"),
        ("UK", " --dialect uk-open-banking`: 0 survivors"),
        ("PKCE", "-- prove PKCE-013`: 0 survivors"),
    ] {
        let said = new(folder.path(), area, &format!("{}-made-up", area.to_lowercase()), &[]).1;
        assert!(said.contains(proof), "{proof}: {said}");
    }
}

#[test]
fn a_fault_that_is_there_is_taken_as_it_is() {
    let folder = checkout();
    let before = contents(&folder.path().join("src"));
    let (code, said) = new(folder.path(), "PKCE", "pkce-optional", &["--feature", "features/oauth/flow.feature"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("features/oauth/flow.feature, line ") && !said.contains("faults.on"), "{said}");
    assert_eq!(contents(&folder.path().join("src")), before);
    assert!(!problems_of(folder.path(), "PKCE-013").iter().any(|problem| problem.contains("fault")));
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let folder = checkout();
    let before = contents(folder.path());
    for (id, fault, more, complaint) in [
        ("PKCE-003", "a-b", &[][..], "PKCE-003 is taken by "),
        ("PKCE-003", "a-b", &[], "the next is PKCE-013"),
        ("PKCE-99", "a-b", &[], "is no id: the next is PKCE-013"),
        ("pkce", "a-b", &[], "neither an area"),
        ("MOON", "a-b", &[], "name the file with --feature"),
        ("PKCE", "a-b", &["--feature", "features/none.feature"], "is no feature file"),
        ("PKCE", "a-b", &["--feature", "Cargo.toml"], "is no feature file"),
        ("PKCE", "A fault", &[], "small letters"),
        ("PKCE", "pkce--x\"", &[], "small letters"),
    ] {
        let (code, said) = new(folder.path(), id, fault, more);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(complaint), "{complaint}: {said}");
    }
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn elsewhere_it_says_where_it_works() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"other\"\n").unwrap();
    let (code, said) = new(folder.path(), "PKCE", "pkce-made-up", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no checkout of Bankproof") && said.contains("docs/own-scenarios.md"), "{said}");
    let help = Command::new(env!("CARGO_BIN_EXE_bankproof")).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("checkout"), "the first screen is for users");
}
