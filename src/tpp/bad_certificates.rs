//! Certificates that a bank must refuse, and odd ones that it must not: made on the spot, or ready-made ones of the
//! target file.

use super::Trouble;
use crate::{
    pki::{Authority, Defect, Issued, NearMiss, PkiError, Recipe, Role, TestPki},
    targets::{KeyPair, Target},
};

/// The TPP's certificate with that defect.
///
/// # Errors
/// The target names neither a test CA nor a ready-made certificate for a defect that needs the bank's trust.
pub fn with_defect(target: &Target, defect: Defect) -> Result<KeyPair, Trouble> {
    if let Some(ready) = target.bad_certificates.get(defect.name()) {
        return Ok(ready.clone());
    }
    let issuer = match &target.test_ca {
        Some(_) => test_ca(target)?,
        // Nobody's trust is needed for a certificate that nobody is to trust.
        None if defect.needs_no_trust() => TestPki::fresh()?.issuing,
        None => {
            let what = format!("the target file has neither a test CA nor a certificate that is {defect}");
            return Err(Trouble::DoesNotApply(what));
        }
    };
    presented(issuer.issue_with_defect(&recipe(target)?, defect))
}

/// The TPP's certificate as odd as that, and valid.
///
/// # Errors
/// The target names no test CA, or one that may not issue such a certificate.
pub fn near_miss(target: &Target, near_miss: NearMiss) -> Result<KeyPair, Trouble> {
    presented(test_ca(target)?.issue_near_miss(&recipe(target)?, near_miss))
}

/// A certificate without any defect, from the test CA: what the others are compared with.
///
/// # Errors
/// The target names no test CA, or it cannot be used.
pub fn without_defect(target: &Target) -> Result<KeyPair, Trouble> {
    issue(target, &recipe(target)?)
}

/// The TPP's certificate for those roles alone, from the test CA.
///
/// # Errors
/// The target names no test CA, or it cannot be used.
pub fn with_roles(target: &Target, roles: &[Role]) -> Result<KeyPair, Trouble> {
    issue(target, &recipe(target)?.roles(roles.iter().copied()))
}

/// A certificate by that recipe, from the test CA.
pub(super) fn issue(target: &Target, recipe: &Recipe) -> Result<KeyPair, Trouble> {
    presented(test_ca(target)?.issue(recipe))
}

/// The issuing CA that the bank trusts.
pub(super) fn test_ca(target: &Target) -> Result<Authority, Trouble> {
    let ca = target.test_ca.as_ref().ok_or_else(|| Trouble::Prerequisite("the target file has no test CA".into()))?;
    Ok(Authority::from_pem(&ca.certificate_pem, &ca.key_pem)?)
}

/// As the TPP's own certificate, and renewed.
pub(super) fn recipe(target: &Target) -> Result<Recipe, Trouble> {
    Ok(Recipe::like(target.tpp().qwac.certificate_pem.as_bytes())?)
}

fn presented(issued: Result<Issued, PkiError>) -> Result<KeyPair, Trouble> {
    match issued {
        Ok(issued) => Ok(KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem }),
        Err(error @ PkiError::NotAnIssuer { .. }) => Err(Trouble::DoesNotApply(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
