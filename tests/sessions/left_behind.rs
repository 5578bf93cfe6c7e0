//! What is left on the disk, for whom, and what is gone once the program is.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::support::{Desk, code_of, eventually};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The binary with whatever mask and signals the shell sets up before.
fn in_shell(desk: &Desk, before: &str, arguments: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before}; exec \"$0\" {arguments}"), env!("CARGO_BIN_EXE_bankproof")]);
    command.current_dir(desk.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("TMPDIR", desk.path("tmp"));
    command
}

fn kill(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Everything that holds a secret and can be read by others.
fn open_to_others(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let is_secret = ["key", "p12", "toml", "der"].iter().any(|it| entry.extension().is_some_and(|has| has == *it))
            && fs::read(&entry).is_ok_and(|text| !text.starts_with(b"-----BEGIN CERT"));
        if (entry.is_dir() || is_secret) && mode(&entry) & 0o077 != 0 {
            found.push(format!("{} {:o}", entry.display(), mode(&entry)));
        }
        if entry.is_dir() {
            open_to_others(&entry, found);
        }
    }
}

#[test]
fn keys_and_secrets_are_the_owners_alone() {
    let desk = Desk::new();
    fs::create_dir(desk.path("bank")).unwrap();
    let mut bank = in_shell(&desk, "umask 0", "bank --write-target bank/t.toml").spawn().unwrap();
    for arguments in
        ["--out issued", "--out one --key rsa2048", "--out der --format der", "--out a/b --format p12 --password-env P"]
    {
        let mut issue = in_shell(&desk, "umask 0; export P=secret", &format!("certs issue {arguments}"));
        assert!(issue.status().unwrap().success(), "{arguments}");
    }
    eventually("the target file", || desk.path("bank/t.toml").exists().then_some(()));
    let mut open = Vec::new();
    for folder in ["bank", "issued", "one", "der", "a/b"] {
        open_to_others(&desk.path(folder), &mut open);
    }
    for folder in ["bank/t-identities", "issued", "issued/defects", "issued/near-misses", "one", "der", "a/b"] {
        assert_eq!(mode(&desk.path(folder)), 0o700, "{folder}");
    }
    // Only what certificates say is for everybody.
    open.retain(|path| !path.ends_with(".der 666") || path.contains(".key"));
    assert_eq!(open, [""; 0]);
    bank.kill().unwrap();
    bank.wait().unwrap();
}

#[test]
fn a_bank_ends_in_good_order_however_it_is_told() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let desk = Desk::new();
        let mut bank = desk.spawn(&["bank", "--write-target", "t.toml"]);
        eventually("the target file", || desk.path("t.toml").exists().then_some(()));
        kill(&bank, signal);
        assert_eq!(code_of(&mut bank), Some(0), "{signal}");
        assert!(desk.path("t.toml").exists() && desk.path("t-identities/tpp-a-qwac.key").exists(), "{signal}");
        assert!(!desk.path("t.toml.unfinished").exists());
    }
}

#[test]
fn a_bank_under_nohup_outlives_its_terminal() {
    let desk = Desk::new();
    let mut bank = in_shell(&desk, "trap '' HUP", "bank --write-target t.toml").spawn().unwrap();
    eventually("the target file", || desk.path("t.toml").exists().then_some(()));
    kill(&bank, "-HUP");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(bank.try_wait().unwrap().is_none(), "it has ended");
    kill(&bank, "-TERM");
    assert_eq!(code_of(&mut bank), Some(0));
}

fn temporary(desk: &Desk) -> Vec<std::path::PathBuf> {
    fs::read_dir(desk.path("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_is_temporary_is_closed_and_goes_with_the_program() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let desk = Desk::new();
        fs::create_dir(desk.path("tmp")).unwrap();
        let mut proof = in_shell(&desk, "umask 0", "prove PKCE").spawn().unwrap();
        let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let has_target = || {
            let mut folders = inside(temporary(&desk).first()?).filter(|path| path.is_dir());
            folders.find(|folder| inside(folder).any(|path| path.ends_with("the clean bank.toml")))
        };
        eventually("a target file", has_target);
        let mut open = Vec::new();
        open_to_others(&desk.path("tmp"), &mut open);
        assert_eq!(open, [""; 0]);
        kill(&proof, signal);
        assert_eq!((code_of(&mut proof), temporary(&desk).len()), (Some(3), 0), "{signal}");
    }
}

#[test]
fn what_a_killed_program_left_behind_is_removed_by_the_next_and_nothing_else_is() {
    let desk = Desk::new();
    fs::create_dir(desk.path("tmp")).unwrap();
    let mut proof = in_shell(&desk, "umask 0", "prove PKCE").spawn().unwrap();
    // One without its mark may be just being made, and is left alone.
    let marked = |path: &std::path::PathBuf| path.join(".in-use").exists();
    eventually("a temporary folder", || temporary(&desk).into_iter().find(marked));
    proof.kill().unwrap();
    proof.wait().unwrap();
    let stale = temporary(&desk);
    assert_eq!(stale.len(), 1, "{stale:?}");
    let mut other = in_shell(&desk, "umask 0", "prove PKCE").spawn().unwrap();
    let in_use =
        eventually("its folder", || temporary(&desk).into_iter().find(|path| marked(path) && !stale.contains(path)));
    // Neither of these is one of ours.
    fs::create_dir(desk.path("tmp/bankproof-notes")).unwrap();
    fs::create_dir(desk.path("kept")).unwrap();
    fs::write(desk.path("kept/.in-use"), "").unwrap();
    symlink(desk.path("kept"), desk.path("tmp/bankproof-link")).unwrap();
    let run =
        desk.bankproof_in(&[("TMPDIR", desk.path("tmp").to_str().unwrap())], &["run", "META-001", "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let left = temporary(&desk);
    assert!(!left.contains(&stale[0]), "{left:?}");
    for kept in
        [&in_use, &desk.path("tmp/bankproof-notes"), &desk.path("tmp/bankproof-link"), &desk.path("kept/.in-use")]
    {
        assert!(kept.symlink_metadata().is_ok(), "{} is gone", kept.display());
    }
    assert_eq!(left.len(), 3, "{left:?}");
    other.kill().unwrap();
    other.wait().unwrap();
}
