//! Seals of the TPP that are made for a check: with its own key, so that it is the certificate that differs and nothing
//! else, or with a key of another kind.

use super::{Trouble, bad_certificates::test_ca, signing::Seal};
use crate::{
    pki::{Issued, PkiError, Recipe, TestPki, inspect},
    targets::{KeyPair, Target, signing::SealNames},
};

/// The TPP's seal, expired some weeks ago.
///
/// # Errors
/// The target names no test CA, or the TPP has no seal.
pub fn expired(target: &Target) -> Result<Seal, Trouble> {
    let (recipe, key) = own(target)?;
    open(test_ca(target)?.issue_for(&recipe.validity(-400, 365), key))
}

/// A good seal of the TPP with a new P-256 key.
///
/// # Errors
/// The target names no test CA, or the TPP has no seal.
pub fn with_ec_key(target: &Target) -> Result<Seal, Trouble> {
    open(test_ca(target)?.issue(&own(target)?.0))
}

/// The TPP's seal as a CA has issued it that has the name of a good one, and other keys.
///
/// # Errors
/// The TPP has no seal.
pub fn of_unknown_ca(target: &Target) -> Result<Seal, Trouble> {
    let stranger = TestPki::fresh()?.issuing;
    let (recipe, key) = own(target)?;
    open(stranger.issue_for(&recipe, key))
}

/// A seal of whoever that QWAC says, where that is somebody else than the TPP: a bank holds the two against each other,
/// and is not to stumble over the seal where the QWAC is what it is asked about.
///
/// # Errors
/// The target names no test CA.
pub fn beside(target: &Target, qwac: &KeyPair) -> Result<Option<Seal>, Trouble> {
    let whose = |pair: &KeyPair| inspect::facts(pair.certificate_pem.as_bytes()).ok()?.organization_identifier;
    let own_seal = target.signing.as_ref().and_then(|_| target.tpp().seal.as_ref());
    let stranger =
        whose(qwac).filter(|whose_qwac| own_seal.is_some_and(|seal| whose(seal).as_ref() != Some(whose_qwac)));
    // Another TPP of the target file has a seal of its own.
    let known =
        |name: &String| target.identities.iter().any(|it| it.facts.organization_identifier.as_ref() == Some(name));
    let Some(stranger) = stranger.filter(|name| !known(name)) else { return Ok(None) };
    let (recipe, key) = own(target)?;
    open(test_ca(target)?.issue_for(&recipe.organization_identifier(stranger), key)).map(Some)
}

/// A recipe for the TPP's seal as far as its facts tell, and its key.
fn own(target: &Target) -> Result<(Recipe, &str), Trouble> {
    let missing = || Trouble::Prerequisite("the TPP has no seal".into());
    let seal = target.tpp().seal.as_ref().ok_or_else(missing)?;
    let facts = inspect::facts(seal.certificate_pem.as_bytes())?;
    let recipe = Recipe::qsealc()
        .organization(facts.organization.unwrap_or_default())
        .organization_identifier(facts.organization_identifier.unwrap_or_default())
        .common_name(facts.common_name.unwrap_or_default())
        .roles(facts.psd2_roles)
        .nca(facts.nca_name.unwrap_or_default(), facts.nca_id.unwrap_or_default());
    Ok((recipe, &seal.key_pem))
}

fn open(issued: Result<Issued, PkiError>) -> Result<Seal, Trouble> {
    let issued = issued?;
    Seal::open(&KeyPair { certificate_pem: issued.certificate_pem, key_pem: issued.key_pem }, &SealNames::default())
}
