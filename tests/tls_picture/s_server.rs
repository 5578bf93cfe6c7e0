//! `openssl s_server` with one thing wrong, judged by the checks of TLS alone: the right one fails each time.

use std::{
    collections::BTreeMap,
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::support::{CALLBACK, pki};

/// A server that is ended when the test is.
struct Server {
    child: Child,
    base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether there is an `openssl` to start. In CI there must be.
fn has_openssl() -> bool {
    let there =
        Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok_and(|ended| ended.success());
    let required = std::env::var_os("BANKPROOF_REQUIRE_OPENSSL").is_some_and(|value| value == "1");
    assert!(there || !required, "the command openssl is missing: install the package openssl");
    if !there {
        eprintln!("left out: the command openssl is not here");
    }
    there
}

/// Starts a server with the bank's certificate and further options.
fn start(folder: &Path, options: &[&str]) -> Server {
    let issued = pki().bank.clone();
    for (name, text) in [
        ("leaf.pem", issued.certificate_pem.as_str()),
        ("leaf.key", &issued.key_pem),
        ("issuing.pem", pki().issuing.certificate_pem()),
        ("root.pem", pki().root.certificate_pem()),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new("openssl")
        .args(["s_server", "-accept", &format!("127.0.0.1:{port}"), "-www", "-cert", "leaf.pem", "-key", "leaf.key"])
        .args(options)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut server = Server { child, base: format!("https://127.0.0.1:{port}") };
    for _ in 0..500 {
        assert!(server.child.try_wait().unwrap().is_none(), "openssl s_server {options:?} did not start");
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("openssl s_server {options:?} listens nowhere");
}

/// A bank that is this server and no more.
fn target(base: &str, timeout_seconds: u64) -> String {
    format!(
        "name = \"openssl s_server\"\nenvironment = \"test\"\ndialect = \"none\"\n\
         [server]\nissuer = \"{base}\"\ntrust_anchors = [\"root.pem\"]\ntimeout_seconds = {timeout_seconds}\n\
         [server.endpoints]\nauthorization = \"{base}/authorize\"\ntoken = \"{base}/token\"\n\
         [[identity]]\nname = \"tpp-a\"\nclient_id = \"tpp-a\"\nredirect_uris = [\"{CALLBACK}\"]\n\
         certificate = \"identities/tpp-a-qwac.pem\"\nkey = \"identities/tpp-a-qwac.key\"\n\
         [psu]\nbuttons = {{ approve = [\"approve\"] }}\n\
         [resource]\nurl = \"{base}/resource\"\nscope = \"accounts\"\n"
    )
}

/// Judges such a server by the checks of TLS, and tells what each came to.
fn judged(options: &[&str]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path(), options);
    run(folder.path(), &server.base, 5)
}

fn run(folder: &Path, base: &str, timeout_seconds: u64) -> BTreeMap<String, String> {
    pki().write(&folder.join("identities")).unwrap();
    let path = folder.join("target.toml");
    fs::write(&path, target(base, timeout_seconds)).unwrap();
    let out = folder.join("out");
    let output = assert_cmd::Command::cargo_bin("bankproof")
        .unwrap()
        .arg("run")
        .arg(&path)
        .arg("TLS")
        .arg("--out")
        .arg(&out)
        .timeout(Duration::from_secs(120))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let results = fs::read_to_string(out.join("latest/results.json")).unwrap_or_else(|_| panic!("{said}"));
    let results: Value = serde_json::from_str(&results).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    results["checks"].as_array().unwrap().iter().map(|check| (text(&check["id"]), text(&check["verdict"]))).collect()
}

/// The checks that came to that.
fn with<'a>(judged: &'a BTreeMap<String, String>, verdict: &str) -> Vec<&'a str> {
    judged.iter().filter(|(_, own)| *own == verdict).map(|(id, _)| id.as_str()).collect()
}

const CHAIN: [&str; 2] = ["-cert_chain", "issuing.pem"];
const WANTS_TPPS: [&str; 6] = ["-Verify", "2", "-CAfile", "root.pem", "-verify_return_error", "-quiet"];

#[test]
fn a_server_of_today_is_not_accused() {
    if !has_openssl() {
        return;
    }
    let judged = judged(&[&CHAIN[..], &WANTS_TPPS].concat());
    assert_eq!(with(&judged, "fail"), [""; 0], "{judged:#?}");
    assert_eq!(with(&judged, "warn"), [""; 0], "{judged:#?}");
    assert!(with(&judged, "pass").len() >= 20, "{judged:#?}");
}

#[test]
fn one_that_speaks_tls_1_1_as_well() {
    if !has_openssl() {
        return;
    }
    let options = ["-min_protocol", "TLSv1.1", "-cipher", "ALL:!aNULL:!eNULL:@SECLEVEL=0"];
    let judged = judged(&[&CHAIN[..], &WANTS_TPPS, &options].concat());
    assert_eq!(with(&judged, "fail"), ["TLS-002"], "{judged:#?}");
}

#[test]
fn one_that_speaks_nothing_but_tls_1_1() {
    if !has_openssl() {
        return;
    }
    let options = ["-tls1_1", "-cipher", "ALL:!aNULL:!eNULL:@SECLEVEL=0"];
    let judged = judged(&[&CHAIN[..], &WANTS_TPPS, &options].concat());
    assert_eq!(with(&judged, "fail"), ["TLS-002", "TLS-003"], "{judged:#?}");
}

#[test]
fn one_with_a_weak_suite() {
    if !has_openssl() {
        return;
    }
    let cases = [("ECDHE-ECDSA-NULL-SHA", "TLS-004"), ("AECDH-AES128-SHA", "TLS-013")];
    for (suite, check) in cases {
        let suites = format!("ECDHE-ECDSA-AES128-GCM-SHA256:{suite}:@SECLEVEL=0");
        let options = ["-min_protocol", "TLSv1.2", "-cipher", &suites];
        let judged = judged(&[&CHAIN[..], &WANTS_TPPS, &options].concat());
        assert_eq!(with(&judged, "fail"), [check], "{judged:#?}");
    }
}

#[test]
fn one_that_merely_asks_for_a_certificate() {
    if !has_openssl() {
        return;
    }
    let judged = judged(&[&CHAIN[..], &["-verify", "2", "-CAfile", "root.pem"]].concat());
    assert_eq!(with(&judged, "fail"), ["TLS-030"], "{judged:#?}");
}

#[test]
fn one_that_sends_its_own_certificate_alone() {
    if !has_openssl() {
        return;
    }
    let judged = judged(&WANTS_TPPS);
    assert_eq!(with(&judged, "fail"), ["TLS-025"], "{judged:#?}");
}

#[test]
fn lawful_servers_that_differ_are_not_accused() {
    if !has_openssl() {
        return;
    }
    // Each with what may be told of it, and nothing more.
    let modern = "ECDHE+AESGCM:ECDHE+CHACHA20";
    let cases: [(&[&str], &[&str]); 5] = [
        (&["-tls1_3"], &[]),
        (&["-tls1_2", "-cipher", modern], &["TLS-005"]),
        (&["-tls1_3", "-curves", "P-384"], &[]),
        (&["-min_protocol", "TLSv1.2", "-no_ticket", "-cipher", modern], &[]),
        (&["-min_protocol", "TLSv1.2", "-serverpref", "-cipher", "ECDHE+AESGCM:ECDHE+AES"], &[]),
    ];
    for (options, told) in cases {
        let judged = judged(&[&CHAIN[..], &WANTS_TPPS, options].concat());
        assert_eq!(with(&judged, "fail"), [""; 0], "{options:?}: {judged:#?}");
        assert_eq!(with(&judged, "warn"), told, "{options:?}: {judged:#?}");
    }
}

#[test]
fn one_that_is_no_tls_server_is_not_accused() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    // It takes every connection and says nothing, or something that is no TLS.
    std::thread::spawn(move || {
        for (number, tcp) in listener.incoming().enumerate() {
            let Ok(mut tcp) = tcp else { return };
            std::thread::spawn(move || {
                let mut scrap = [0; 64];
                let _ = std::io::Read::read(&mut tcp, &mut scrap);
                if number % 2 == 0 {
                    let _ = std::io::Write::write_all(&mut tcp, b"220 mail.bank.example ESMTP\r\n");
                }
                std::thread::sleep(Duration::from_secs(2));
            });
        }
    });
    fs::write(folder.path().join("root.pem"), pki().root.certificate_pem()).unwrap();
    let judged = run(folder.path(), &base.replace("127.0.0.1", "localhost"), 1);
    assert_eq!(with(&judged, "fail"), [""; 0], "{judged:#?}");
    assert_eq!(with(&judged, "warn"), [""; 0], "{judged:#?}");
    assert_eq!(judged["TLS-001"], "inconclusive", "{judged:#?}");
    assert_eq!(judged["TLS-003"], "inconclusive", "{judged:#?}");
}
