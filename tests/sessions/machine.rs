//! What the machine does not give is named, and is no fault of bankproof's: 2 or 5, never 70.

use std::process::Command;

use super::support::{Desk, Ended};

/// Runs the binary under a limit of the shell.
fn limited(desk: &Desk, limit: &str, arguments: &str) -> Ended {
    let line = format!("ulimit {limit}; exec \"{}\" {arguments}", env!("CARGO_BIN_EXE_bankproof"));
    let output = Command::new("bash").arg("-c").arg(line).current_dir(desk.path("")).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn a_temporary_folder_that_is_not_there_is_named() {
    let desk = Desk::new();
    desk.write("file", "in the way");
    for missing in ["/no/such/folder", desk.path("file").to_str().unwrap()] {
        for arguments in [&["run", "META-001"][..], &["prove", "META-001"]] {
            let ended = desk.bankproof_in(&[("TMPDIR", missing)], arguments);
            assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
            for word in [missing, "TMPDIR", "mend: "] {
                assert!(ended.stderr.contains(word), "{arguments:?}: \"{word}\" is not in {}", ended.stderr);
            }
        }
    }
    // Who needs none does not miss it.
    let _bank = desk.bank("t.toml", &[]);
    let ended = desk.bankproof_in(&[("TMPDIR", "/no/such/folder")], &["run", "--out", "out", "t.toml", "META-001"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn too_few_descriptors_are_told_before_the_first_request() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    for (limit, arguments) in [
        (16, "run --out out META-001"),
        (48, "run --out out META-001"),
        (250, "run --out out META-001 --jobs 64"),
        (48, "run --out out t.toml"),
        (48, "prove META-001"),
        (16, "doctor t.toml"),
    ] {
        let ended = limited(&desk, &format!("-n {limit}"), arguments);
        assert_eq!(ended.code, 2, "{limit}: {arguments}: {}", ended.stderr);
        for word in [&format!("may open {limit} files"), "mend: raise the limit: ulimit -n"] {
            assert!(ended.stderr.contains(word), "{arguments}: \"{word}\" is not in {}", ended.stderr);
        }
        assert!(desk.runs().is_empty(), "{arguments}: a run began");
    }
    let ended = limited(&desk, "-n 128", "run --out out t.toml META PKCE");
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn files_that_may_not_grow_are_a_report_that_cannot_be_written() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    for (blocks, arguments) in [
        (20, "run --out out t.toml META PKCE"),
        (20, "run --out out META PKCE"),
        (1, "run --out out META-001"),
        (1, "prove META-001"),
        (1, "list > list.txt"),
        (1, "list --format json > list.txt"),
    ] {
        let ended = limited(&desk, &format!("-f {blocks}"), arguments);
        assert_eq!(ended.code, 5, "{arguments}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains("File too large"), "{arguments}: {}", ended.stderr);
    }
}
