//! What an authorization request says of the consent that it is about: `openbanking_intent_id` in the parameter `claims`
//! (OpenID Connect Core §5.5), and the same claim in the `id_token`.
//!
//! The profile asks for a signed request object; this bank takes the parameter alone as well.

use serde_json::{Value, json};

use crate::bank::dialect::Dialect;
use crate::bank::model::grant::AuthorizationCode;
use crate::bank::model::world::World;
use crate::bank::oauth::authorize::Draft;
use crate::bank::oauth::error::OAuthError;
use crate::bank::oauth::scope::Intent;

const CLAIM: &str = "openbanking_intent_id";

/// Whether a request for payments has to name a consent.
pub(in crate::bank) fn is_awaited(draft: &Draft<'_>) -> bool {
    match draft.world.dialect {
        Dialect::UkOpenBanking => true,
        Dialect::BerlinGroup => draft.params.get("claims").is_some(),
    }
}

/// The consent that the request names, in one place or in both.
pub(in crate::bank) fn named(draft: &Draft<'_>) -> Result<Intent, OAuthError> {
    let invalid = || OAuthError::invalid_request("claims must name the consent as openbanking_intent_id");
    let claims: Value = serde_json::from_str(draft.params.get("claims").unwrap_or_default()).map_err(|_| invalid())?;
    let found = ["id_token", "userinfo"].map(|place| claims[place][CLAIM]["value"].as_str());
    let id = found[0].or(found[1]).ok_or_else(invalid)?;
    if found.iter().flatten().any(|other| *other != id) {
        return Err(OAuthError::invalid_request("claims names two consents"));
    }
    Ok(Intent { id: id.to_owned(), is_consent: true, refused_with: "invalid_request", of_anybody: "uk-foreign-intent" })
}

/// Tells the TPP in its `id_token` which consent the customer has agreed to.
pub(in crate::bank) fn confirm(world: &World, code: &AuthorizationCode, claims: &mut Value) {
    match (world.dialect, &code.intent) {
        (Dialect::UkOpenBanking, Some(id)) => claims[CLAIM] = json!(id),
        (Dialect::UkOpenBanking, None) | (Dialect::BerlinGroup, _) => {}
    }
}

/// What the metadata says of it (Discovery 1.0 §3).
pub(in crate::bank) fn describe(world: &World, metadata: &mut Value) {
    match world.dialect {
        Dialect::BerlinGroup => {}
        Dialect::UkOpenBanking => {
            metadata["claims_parameter_supported"] = json!(true);
            metadata["claims_supported"] = json!(["sub", CLAIM]);
        }
    }
}
