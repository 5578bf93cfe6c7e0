//! The bundled bank treats curl with the issued identities as it treats our own client: what lets a TPP in, or keeps it out,
//! is the certificate and not who presents it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that cannot go on fails")]

use crate::sessions as support;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use bankproof::{
    evidence::recorder::Recorder,
    targets::{self, KeyPair, Target},
    tpp::{
        api::{Draft, request},
        session::Session,
        signing::How,
    },
};
use support::Desk;

/// Who comes, by the names of the files that `certs issue` and `bank --write-target` write, and what becomes of it: the
/// status of the answer, or none where TLS refuses.
const VISITORS: [(&str, Option<u16>); 9] = [
    ("tpp-a-qwac", Some(201)),
    ("tpp-a-renewed-qwac", Some(201)),
    ("tpp-b-qwac", Some(201)),
    ("tpp-c-qwac", Some(401)),
    ("tpp-a-qsealc", Some(401)),
    ("near-misses/role-order", Some(201)),
    ("defects/no-psd2-statement", Some(401)),
    ("defects/expired", None),
    ("defects/unknown-ca", None),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bank_treats_curl_as_it_treats_our_client() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("BANKPROOF_REQUIRE_CURL").is_none(), "curl is missing");
        return eprintln!("SKIPPED: curl is not here");
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let target = Arc::new(targets::load(&desk.path("t.toml")).unwrap());
    let session = Session::open(target.clone(), Arc::new(Recorder::new(0, |_| {}))).await.unwrap();
    for (name, expected) in VISITORS {
        let path = certificate(&desk, &target, name);
        let draft = draft(&session, name);
        let (by_curl, by_us) = (curl(&desk, &session, &draft, Some(&path)), ours(&session, &draft, Some(&path)).await);
        assert_eq!((by_curl, by_us), (expected, expected), "{name}");
    }
    let draft = draft(&session, "nobody");
    assert_eq!((curl(&desk, &session, &draft, None), ours(&session, &draft, None).await), (None, None));
}

/// A payment of the TPP whose file that is.
fn draft(session: &Session, name: &str) -> Draft {
    let target = &session.target;
    let whose = target.identities.iter().find(|identity| name.starts_with(&identity.name));
    Draft::new(session, whose.unwrap_or_else(|| target.tpp())).unwrap()
}

/// The certificate's file; what the bank has not written beside the target file is made with its test CA.
fn certificate(desk: &Desk, target: &Target, name: &str) -> PathBuf {
    let written = desk.path(&format!("t-identities/{name}.pem"));
    let Some((kind, peculiar)) = name.split_once('/') else { return written };
    let ca = target.test_ca.as_ref().unwrap();
    let issuer = bankproof::pki::Authority::from_pem(&ca.certificate_pem, &ca.key_pem).unwrap();
    let recipe = bankproof::pki::Recipe::like(target.tpp().qwac.certificate_pem.as_bytes()).unwrap();
    let issued = match kind {
        "defects" => issuer.issue_with_defect(&recipe, peculiar.parse().unwrap()),
        _ => issuer.issue_near_miss(&recipe, peculiar.parse().unwrap()),
    };
    issued.unwrap().write(&desk.path("t-identities"), peculiar, &bankproof::pki::Format::Pem).unwrap();
    desk.path(&format!("t-identities/{peculiar}.pem"))
}

fn curl(desk: &Desk, session: &Session, draft: &Draft, certificate: Option<&Path>) -> Option<u16> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20", "--cacert"]);
    command.arg(desk.path("t-identities/ca-root.pem"));
    if let Some(path) = certificate {
        command.arg("--cert").arg(path).arg("--key").arg(path.with_extension("key"));
    }
    let outgoing = draft.clone().signed(How::Not).outgoing(session, None).unwrap();
    for (name, value) in &outgoing.headers {
        command.arg("--header").arg(format!("{name}: {value}"));
    }
    command.arg("--data").arg(&outgoing.body).arg(&outgoing.url);
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    said.parse().ok().filter(|status| *status != 0)
}

async fn ours(session: &Session, draft: &Draft, certificate: Option<&Path>) -> Option<u16> {
    let pair = certificate.map(|path| KeyPair {
        certificate_pem: std::fs::read_to_string(path).unwrap(),
        key_pem: std::fs::read_to_string(path.with_extension("key")).unwrap(),
    });
    let exchange =
        request::initiate_under(session, &"CURL-001".into(), draft, (&"visitor".into(), pair.as_ref())).await.unwrap();
    exchange.status()
}
