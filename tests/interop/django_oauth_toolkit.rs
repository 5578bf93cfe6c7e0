//! Django OAuth Toolkit for Python, as it comes and with all that RFC 9700 asks for: TPPs have secrets, and tokens are bound to nothing.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{
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

fn judged_as(mode: &str, table: &str) {
    let folder = tempfile::tempdir().unwrap();
    target::certificates(folder.path());
    let server = match start(mode, &folder.path().join("certificates")) {
        Ok(server) => server,
        Err(why) => return left_out("Django OAuth Toolkit", &why),
    };
    let secret = |tpp: &str| {
        let secret = server.says(if tpp == "tpp-a" { "secret_a" } else { "secret_b" });
        format!("client_authentication = \"client_secret_basic\"\nclient_secret = \"{secret}\"")
    };
    target::write(folder.path(), &format!("Django OAuth Toolkit, {mode}"), &server, secret, PSU);
    truth::compare(folder.path(), table);
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
