//! `oidc-provider` for Node.js, as right as it can be set up and as careless hands would: behind mutual TLS, in front of a payment.

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

fn judged_as(mode: &str, table: &str) {
    let folder = tempfile::tempdir().unwrap();
    target::certificates(folder.path());
    let server = match start(mode, &folder.path().join("certificates")) {
        Ok(server) => server,
        Err(why) => return left_out("oidc-provider", &why),
    };
    let psu = match mode {
        "strict" => STRICT,
        _ => LAX,
    };
    target::write(folder.path(), &format!("oidc-provider, {mode}"), &server, |_| String::new(), psu);
    truth::compare(folder.path(), table);
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
