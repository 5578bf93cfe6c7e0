//! Probes of what a certificate must say, and need not say: one certificate of the factory for each.

use bankproof::pki::{Defect, Issued, NearMiss};
use bankproof::targets::KeyPair;
use bankproof::tpp::tls;

use super::Probe;
use crate::world::World;

/// How the bank answers an initiation of TPP A under that certificate, whatever is wrong with it; none by TLS.
async fn status(world: &World, issued: Issued) -> Option<u16> {
    let pair = KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem };
    let config = tls::client_config(&[world.pki.root.certificate_pem().to_owned()], Some(&pair)).unwrap();
    let client = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap();
    match world.initiation(&client, &world.order()).send().await {
        Ok(answer) => Some(answer.status().as_u16()),
        Err(_) => None,
    }
}

async fn refuses(world: &World, defects: &[&str]) -> bool {
    for defect in defects {
        let defect: Defect = defect.parse().unwrap();
        let issued = world.pki.issuing.issue_with_defect(&world.pki.tpps[0].recipe, defect).unwrap();
        if !matches!(status(world, issued).await, None | Some(401)) {
            return false;
        }
    }
    true
}

async fn lets_in(world: &World, kind: &str) -> bool {
    let near_miss: NearMiss = kind.parse().unwrap();
    let issued = world.pki.issuing.issue_near_miss(&world.pki.tpps[0].recipe, near_miss).unwrap();
    status(world, issued).await == Some(201)
}

probes! {
    "incomplete-chain-accepted": |world| refuses(world, &["missing-intermediate"]).await;
    "altered-certificate-accepted": |world| refuses(world, &["altered"]).await;
    "possession-unchecked": |world| refuses(world, &["key-of-another"]).await;
    "unknown-critical-extension-accepted": |world| refuses(world, &["unknown-critical-extension"]).await;
    "extended-key-usage-unchecked": |world| refuses(world, &["server-only", "status-signing-only"]).await;
    "key-usage-unchecked": |world| refuses(world, &["agreement-only", "commitment-only"]).await;
    "ca-certificate-accepted": |world| refuses(world, &["ca-as-leaf"]).await;
    "weak-key-accepted": |world| refuses(world, &["weak-key"]).await;
    "sha1-signature-accepted": |world| refuses(world, &["sha1-signature"]).await;
    "undecodable-statement-accepted": |world| refuses(world, &["psd2-truncated", "psd2-trailing-octets", "psd2-not-der"]).await;
    "misshapen-roles-accepted": |world| refuses(world, &["roles-flattened", "roles-unwrapped", "roles-reversed"]).await;
    "incomplete-statement-accepted": |world| refuses(world, &["psd2-bare", "roles-missing", "nca-name-missing", "nca-id-missing"]).await;
    "field-length-unchecked": |world| refuses(world, &["nca-name-empty", "nca-id-empty", "role-name-empty", "nca-name-too-long"]).await;
    "string-type-unchecked": |world| refuses(world, &["nca-name-printable", "role-names-printable"]).await;
    "duplicate-statement-accepted": |world| refuses(world, &["psd2-statement-twice", "qc-statements-twice"]).await;
    "critical-statements-accepted": |world| refuses(world, &["critical-qc-statements"]).await;
    "unqualified-certificate-accepted": |world| refuses(world, &["no-qc-compliance"]).await;
    "qc-type-unchecked": |world| refuses(world, &["qc-type-seal", "qc-type-signature", "qc-type-missing"]).await;
    "qsealc-accepted-for-tls": |world| refuses(world, &["seal-for-tls"]).await;
    "empty-roles-open-payments": |world| refuses(world, &["roles-empty"]).await;
    "card-issuer-role-opens-payments": |world| refuses(world, &["role-cards-only", "role-accounts-only"]).await;
    "bank-role-opens-payments": |world| refuses(world, &["role-bank-only"]).await;
    "unknown-role-opens-payments": |world| refuses(world, &["role-unknown-only"]).await;
    "unspecified-role-opens-payments": |world| refuses(world, &["role-unspecified"]).await;
    "role-name-trusted": |world| refuses(world, &["role-named-pi"]).await;
    "role-identifier-trusted": |world| refuses(world, &["role-named-ai", "role-in-small-letters"]).await;
    "organization-identifier-unchecked": |world| refuses(world, &["identifier-without-hyphens", "identifier-small-letters", "identifier-without-number"]).await;
    "certificate-without-identifier-accepted": |world| refuses(world, &["no-organization-identifier"]).await;
    "nca-id-unchecked": |world| refuses(world, &["nca-id-underscore", "nca-id-small-letters", "nca-id-without-country", "nca-fields-swapped"]).await;
    "nca-mismatch-unchecked": |world| refuses(world, &["authority-mismatch"]).await;
    "nca-country-mismatch-unchecked": |world| refuses(world, &["authority-country-mismatch"]).await;
    "country-mismatch-unchecked": |world| refuses(world, &["country-mismatch"]).await;
    "role-order-significant": |world| lets_in(world, "role-order").await;
    "several-roles-refused": |world| lets_in(world, "all-roles").await;
    "unknown-further-role-refused": |world| lets_in(world, "new-role").await;
    "statement-order-significant": |world| lets_in(world, "statement-order").await;
    "further-statement-refused": |world| lets_in(world, "retention-period").await;
    "several-disclosures-refused": |world| lets_in(world, "disclosures").await;
    "printable-string-refused": |world| lets_in(world, "printable-strings").await;
    "long-name-refused": |world| lets_in(world, "long-name").await;
    "foreign-letters-refused": |world| lets_in(world, "letters-of-many-lands").await;
    "several-dns-names-refused": |world| lets_in(world, "several-names").await;
    "hyphen-in-number-refused": |world| lets_in(world, "hyphens-in-the-number").await;
    "space-in-number-refused": |world| lets_in(world, "spaces-in-the-number").await;
    "foreign-authority-refused": |world| lets_in(world, "french-authority").await;
    "former-authority-refused": |world| lets_in(world, "former-authority").await;
    "authority-name-compared": |world| lets_in(world, "authority-in-its-own-language").await;
    "other-scheme-refused": |world| lets_in(world, "trade-register").await;
    "rsa-key-refused": |world| lets_in(world, "rsa-key").await;
    "p384-key-refused": |world| lets_in(world, "p384-key").await;
    "qncp-policy-refused": |world| lets_in(world, "qncp-policy").await;
    "psd2-policy-demanded": |world| lets_in(world, "no-psd2-policy").await;
    "long-validity-refused": |world| lets_in(world, "two-years").await;
    "last-day-refused": |world| lets_in(world, "last-day").await;
    "longer-chain-refused": |world| lets_in(world, "longer-chain").await;
}
