//! `oidc-provider` for Node.js, as right as it can be set up and as careless hands would: behind mutual TLS, in front of a payment.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use bankproof::pki::TestPki;

use crate::{
    install::{left_out, once, workshop},
    server::Server,
    truth,
};

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
    TestPki::fresh().unwrap().write(&folder.path().join("certificates")).unwrap();
    let server = match start(mode, &folder.path().join("certificates")) {
        Ok(server) => server,
        Err(why) => return left_out("oidc-provider", &why),
    };
    std::fs::write(folder.path().join("target.toml"), target(mode, &server)).unwrap();
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

fn target(mode: &str, server: &Server) -> String {
    let psu = match mode {
        "strict" => {
            "fields = { user = \"max.mustermann\" }\nbuttons = { continue = [\"sign-in\"], approve = [\"agree\"], \
             deny = [\"refuse\"], cancel = [\"leave\"] }"
        }
        _ => {
            "fields = { login = \"max.mustermann\" }\nbuttons = { continue = [\"Sign-in\"], approve = [\"Continue\"], \
             deny = [\"[ Cancel ]\"], cancel = [\"[ Cancel ]\"] }"
        }
    };
    let (a, b) = (identity("tpp-a", 1), identity("tpp-b", 2));
    format!(
        r#"name = "oidc-provider, {mode}"
environment = "test"
dialect = "none"
capabilities = ["refresh-tokens", "introspection"]

[server]
issuer = "{issuer}"
trust_anchors = ["certificates/ca-root.pem"]
clock = "{clock}"
{a}{b}
[test_ca]
certificate = "certificates/ca-issuing.pem"
key = "certificates/ca-issuing.key"

[psu]
secrets = {{ password = "a-long-test-password-for-max" }}
{psu}

[resource]
url = "{resource}"
scope = "{scope}"
"#,
        issuer = server.says("issuer"),
        clock = server.says("clock"),
        resource = server.says("resource"),
        scope = server.says("scope"),
    )
}

fn identity(name: &str, number: u8) -> String {
    format!(
        r#"
[[identity]]
name = "{name}"
client_id = "PSDDE-BAFIN-10000{number}"
certificate = "certificates/{name}-qwac.pem"
key = "certificates/{name}-qwac.key"
renewed = {{ certificate = "certificates/{name}-renewed-qwac.pem", key = "certificates/{name}-renewed-qwac.key" }}
redirect_uris = ["https://{name}.example/callback", "https://{name}.example/callback?tenant=7"]
"#
    )
}
