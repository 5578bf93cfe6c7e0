//! `oidc-provider` for Node.js, as right as it can be set up and as careless hands would: behind mutual TLS, in front of a payment.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::{
    faults, faulty,
    install::{left_out, once, workshop},
    server::Server,
    target, truth,
};

/// Pages of ours.
const STRICT: &str = "fields = { user = \"max.mustermann\" }\nbuttons = { continue = [\"sign-in\"], \
                      approve = [\"agree\"], deny = [\"refuse\"], cancel = [\"leave\"] }";
/// The pages that come with it, for development.
const LAX: &str = "fields = { login = \"max.mustermann\" }\nbuttons = { continue = [\"Sign-in\"], \
                   approve = [\"Continue\"], deny = [\"[ Cancel ]\"], cancel = [\"[ Cancel ]\"] }";

#[test]
fn a_strict_oidc_provider_is_judged_as_what_it_is() {
    judged_as("strict", include_str!("oidc-provider/strict.toml"));
}

#[test]
fn a_lax_oidc_provider_is_judged_as_what_it_is() {
    judged_as("lax", include_str!("oidc-provider/lax.toml"));
}

/// What a bank that takes signed request objects alone says to everybody else, as curl saw it.
const WANTED: &str = "Request Object must be used by this client";

#[test]
fn an_oidc_provider_that_wants_signed_requests_is_not_accused_and_its_words_are_told() {
    let Some((folder, _server)) = stand("signed") else { return };
    truth::compare(folder.path(), include_str!("oidc-provider/signed.toml"));
    assert!(truth::reason(folder.path(), "FLOW-001").contains(WANTED));
    let doctor = truth::doctor(folder.path());
    assert!(doctor.contains("not-spoken (authorization server)") && doctor.contains(WANTED), "{doctor}");
}

#[test]
fn faulty_banks_of_a_strict_oidc_provider_are_accused_of_their_fault_alone() {
    let Some((folder, _server)) = stand("strict") else { return };
    let table = include_str!("oidc-provider/strict.toml");
    faulty::each_is_caught(folder.path(), table, &[&faults::OF_ANY[..], &faults::OF_OIDC_PROVIDER[..]].concat());
}

fn judged_as(mode: &str, table: &str) {
    let Some((folder, _server)) = stand(mode) else { return };
    truth::compare(folder.path(), table);
}

/// A server, and the folder with its target file; nothing where it cannot be had.
fn stand(mode: &str) -> Option<(TempDir, Server)> {
    let folder = tempfile::tempdir().unwrap();
    target::certificates(folder.path());
    let server = match start(mode, &folder.path().join("certificates")) {
        Ok(server) => server,
        Err(why) => {
            left_out("oidc-provider", &why);
            return None;
        }
    };
    let psu = if mode == "lax" { LAX } else { STRICT };
    target::write(folder.path(), &format!("oidc-provider, {mode}"), &server, |_| String::new(), psu);
    Some((folder, server))
}

fn start(mode: &str, certificates: &Path) -> Result<Server, String> {
    static INSTALLED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = INSTALLED.get_or_init(install).clone()?;
    Server::start(Command::new("node").arg(folder.join("server.mjs")).arg(mode).arg(certificates))
}

fn install() -> Result<PathBuf, String> {
    let folder = workshop("oidc-provider");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=30000"]);
    once(&folder, "package-lock.json", &mut npm).map_err(|why| format!("npm ci: {why}"))?;
    Ok(folder)
}
