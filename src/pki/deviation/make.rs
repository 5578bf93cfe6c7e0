//! Ways of issuing that no honest authority has.

use openssl::hash::MessageDigest;

use crate::pki::authority::{Authority, Issued};
use crate::pki::recipe::{CertificateAuthority, Recipe};
use crate::pki::{PkiError, inspect};

/// From a CA that has the names of ours and other keys.
pub(super) fn by_a_double(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    authority.double()?.issue(recipe)
}

/// Signed with its own key.
pub(super) fn by_itself(_: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    Authority::self_signed(recipe)
}

/// From a CA below ours, which is not presented along with it.
pub(super) fn without_its_issuer(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    let issued = below(authority)?.issue(recipe)?;
    Ok(Issued { chain_pem: issued.certificate_pem.clone(), ..issued })
}

/// From a CA below ours, presented along with all that it needs.
pub(super) fn with_a_longer_chain(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    let issued = below(authority)?.issue(recipe)?;
    Ok(Issued { chain_pem: format!("{}{}", issued.chain_pem, authority.certificate_pem()), ..issued })
}

fn below(authority: &Authority) -> Result<Authority, PkiError> {
    if authority.may_not_have_others_below()? {
        let reason = "its path length allows no CA below it".to_owned();
        return Err(PkiError::NotAnIssuer { subject: authority.subject_text()?, reason });
    }
    let mut recipe = Recipe::named("ca-issuing")?.common_name("Bankproof Test Subordinate CA");
    recipe.certificate_authority = Some(CertificateAuthority { path_length: 0 });
    authority.subordinate(&recipe)
}

/// One octet of the serial number is another than the one that was signed.
pub(super) fn altered(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    let issued = authority.issue(recipe)?;
    let mut der = inspect::certificate_der(issued.certificate_pem.as_bytes())?.to_vec();
    let serial = inspect::parse(&der)?.raw_serial().to_vec();
    if let Some(at) = der.windows(serial.len()).position(|window| window == serial) {
        der[at + serial.len() - 1] ^= 1;
    }
    Ok(issued.with_certificate(&der.into(), authority))
}

/// The certificate with the key of another one: what a thief of the certificate alone has.
pub(super) fn with_another_key(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    let stolen = authority.issue(recipe)?;
    Ok(Issued { key_pem: authority.issue(recipe)?.key_pem, ..stolen })
}

/// Signed over a SHA-1 digest. The library that issues cannot, so OpenSSL signs a copy.
pub(super) fn with_sha1(authority: &Authority, recipe: &Recipe) -> Result<Issued, PkiError> {
    let issued = authority.issue(recipe)?;
    authority.sign_anew(&issued, None, MessageDigest::sha1())
}
