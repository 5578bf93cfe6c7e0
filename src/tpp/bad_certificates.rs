//! Certificates that a bank must refuse: made on the spot, or ready-made ones of the target file.

use super::Trouble;
use crate::{
    pki::{Authority, Defect, Recipe},
    target::{KeyPair, Target},
};

/// The TPP's certificate with that defect.
///
/// # Errors
/// The target names neither a test CA nor a ready-made certificate for a defect that needs the bank's trust.
pub fn with_defect(target: &Target, defect: Defect) -> Result<KeyPair, Trouble> {
    if let Some(ready) = target.bad_certificates.get(defect.name()) {
        return Ok(ready.clone());
    }
    let recipe = recipe(target);
    let issuer = match (&target.test_ca, defect) {
        (Some(ca), _) => Authority::from_pem(&ca.certificate_pem, &ca.key_pem).map_err(harness)?,
        // Nobody's trust is needed for a certificate that nobody is to trust.
        (None, Defect::UnknownCa | Defect::SelfSigned) => crate::pki::TestPki::fresh().map_err(harness)?.issuing,
        (None, _) => {
            return Err(Trouble::Prerequisite(format!("the target file has no certificate that is {}", defect.name())));
        }
    };
    let issued = issuer.issue_with_defect(&recipe, defect).map_err(harness)?;
    Ok(KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem })
}

/// A certificate without any defect, from the test CA: what the others are compared with.
///
/// # Errors
/// The target names no test CA, or it cannot be used.
pub fn without_defect(target: &Target) -> Result<KeyPair, Trouble> {
    let ca = target.test_ca.as_ref().ok_or_else(|| Trouble::Prerequisite("the target file has no test CA".into()))?;
    let issuer = Authority::from_pem(&ca.certificate_pem, &ca.key_pem).map_err(harness)?;
    let issued = issuer.issue(&recipe(target)).map_err(harness)?;
    Ok(KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem })
}

/// As the TPP's own certificate, as far as its facts tell.
fn recipe(target: &Target) -> Recipe {
    let facts = &target.tpp().facts;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let recipe = Recipe::qwac()
        .organization(text(&facts.organization))
        .organization_identifier(text(&facts.organization_identifier))
        .common_name(text(&facts.common_name))
        .roles(facts.psd2_roles.iter().copied())
        .nca(text(&facts.nca_name), text(&facts.nca_id));
    facts.names.iter().fold(recipe, |recipe, name| recipe.dns_name(name))
}

fn harness(error: crate::pki::PkiError) -> Trouble {
    Trouble::Harness(error.to_string())
}
