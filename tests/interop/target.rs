//! The target file of a server: the same two TPPs with the same test PKI at each.

use std::path::Path;

use bankproof::pki::TestPki;

use crate::server::Server;

/// Fills `folder` with certificates for server and TPPs, in `certificates`.
pub(crate) fn certificates(folder: &Path) {
    TestPki::fresh().unwrap().write(&folder.join("certificates")).unwrap();
}

/// Writes `target.toml` for a server that says of itself where it is. `authentication` is what each TPP adds to its table, `psu` the table
/// of the customer.
pub(crate) fn write(folder: &Path, name: &str, server: &Server, authentication: impl Fn(&str) -> String, psu: &str) {
    let identities = ["tpp-a", "tpp-b"].map(|tpp| identity(tpp, &authentication(tpp))).concat();
    let text = format!(
        r#"name = "{name}"
environment = "test"
dialect = "none"
capabilities = ["refresh-tokens", "introspection"]

[server]
issuer = "{issuer}"
trust_anchors = ["certificates/ca-root.pem"]
clock = "{clock}"
{identities}
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
    );
    std::fs::write(folder.join("target.toml"), text).unwrap();
}

fn identity(name: &str, authentication: &str) -> String {
    let number = if name == "tpp-a" { 1 } else { 2 };
    format!(
        r#"
[[identity]]
name = "{name}"
client_id = "PSDDE-BAFIN-10000{number}"
{authentication}
certificate = "certificates/{name}-qwac.pem"
key = "certificates/{name}-qwac.key"
renewed = {{ certificate = "certificates/{name}-renewed-qwac.pem", key = "certificates/{name}-renewed-qwac.key" }}
redirect_uris = ["https://{name}.example/callback", "https://{name}.example/callback?tenant=7"]
"#
    )
}
