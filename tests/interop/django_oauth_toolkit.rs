//! Django OAuth Toolkit for Python, as it comes and with all that RFC 9700 asks for: TPPs have secrets, and tokens are bound to nothing.

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

const PSU: &str = "fields = { username = \"max.mustermann\" }\nbuttons = { continue = [\"Sign in\"], \
                   approve = [\"Authorize\"], deny = [\"Cancel\"], cancel = [\"Cancel\"] }";

#[test]
fn django_oauth_toolkit_is_judged_as_what_it_is() {
    judged_as("default", include_str!("django-oauth-toolkit/default.toml"));
}

#[test]
fn a_careful_django_oauth_toolkit_is_judged_as_what_it_is() {
    judged_as("careful", include_str!("django-oauth-toolkit/careful.toml"));
}

/// The default in all but one thing: by curl a login without `Referer` gets 403, and one with it 302.
#[test]
fn a_django_oauth_toolkit_that_wants_a_referer_is_judged_as_any_other() {
    judged_as("referer", include_str!("django-oauth-toolkit/default.toml"));
}

#[test]
fn faulty_banks_of_a_careful_django_oauth_toolkit_are_accused_of_their_fault_alone() {
    let Some((folder, _server)) = stand("careful") else { return };
    faulty::each_is_caught(folder.path(), include_str!("django-oauth-toolkit/careful.toml"), &faults::OF_DJANGO);
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
            left_out("Django OAuth Toolkit", &why);
            return None;
        }
    };
    let secret = |tpp: &str| {
        let secret = server.says(if tpp == "tpp-a" { "secret_a" } else { "secret_b" });
        format!("client_authentication = \"client_secret_basic\"\nclient_secret = \"{secret}\"")
    };
    target::write(folder.path(), &format!("Django OAuth Toolkit, {mode}"), &server, secret, PSU);
    Some((folder, server))
}

fn start(mode: &str, certificates: &Path) -> Result<Server, String> {
    static INSTALLED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = INSTALLED.get_or_init(install).clone()?;
    let python = folder.join("venv/bin/python");
    Server::start(Command::new(python).arg(folder.join("server.py")).arg(mode).arg(certificates))
}

fn install() -> Result<PathBuf, String> {
    let folder = workshop("django-oauth-toolkit");
    let script = "set -e; python3 -m venv venv; \
                  venv/bin/pip install --quiet --retries 1 --timeout 30 --no-deps --requirement requirements.txt";
    once(&folder, "requirements.txt", Command::new("sh").args(["-c", script]))
        .map_err(|why| format!("pip install: {why}"))?;
    Ok(folder)
}
