//! What a bank that speaks OpenID Connect does besides (OpenID Connect Core 1.0): where its metadata is, a scope that every
//! request must have, and an `id_token` beside the access token.

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{metadata, scope};
use crate::bank::dialect::Dialect;
use crate::bank::http::Incoming;
use crate::bank::model::grant::AuthorizationCode;
use crate::bank::model::world::World;
use crate::bank::routes;
use crate::bank::uk_open_banking::intent;

/// The scope that says so (Core §3.1.2.1).
pub(in crate::bank) const OPENID: &str = "openid";
/// How long an `id_token` lives, in seconds.
const LIFETIME: i64 = 300;

/// `GET /.well-known/openid-configuration`.
pub(in crate::bank) fn document(world: &World, incoming: &Incoming) -> Response {
    match speaks(world) {
        true => metadata::document(world, incoming),
        false => routes::nothing_here(world, incoming),
    }
}

/// `GET /.well-known/oauth-authorization-server`.
pub(in crate::bank) fn plain_document(world: &World, incoming: &Incoming) -> Response {
    match asks_for_it(world) || world.habits.has("no-metadata") {
        true => routes::nothing_here(world, incoming),
        false => metadata::document(world, incoming),
    }
}

/// Whether the bank speaks OpenID Connect.
pub(in crate::bank) fn speaks(world: &World) -> bool {
    match world.dialect {
        Dialect::BerlinGroup => asks_for_it(world),
        Dialect::UkOpenBanking => true,
    }
}

/// Where the bank's metadata is, below its issuer.
pub(in crate::bank) fn well_known(world: &World) -> &'static str {
    if asks_for_it(world) { ".well-known/openid-configuration" } else { ".well-known/oauth-authorization-server" }
}

/// Whether the bank speaks nothing else.
fn asks_for_it(world: &World) -> bool {
    world.habits.has("openid-connect")
}

/// The scope without what it must have; none where it has not.
pub(in crate::bank) fn without_openid(world: &World, scope: &str) -> Option<String> {
    if !speaks(world) {
        return Some(scope.to_owned());
    }
    let others = scope.split(' ').filter(|one| *one != OPENID).collect::<Vec<_>>().join(" ");
    (scope::holds(scope, OPENID) || !asks_for_it(world)).then_some(others)
}

/// What the metadata must say besides (Discovery 1.0 §3).
pub(in crate::bank) fn describe(metadata: &mut Value) {
    metadata["subject_types_supported"] = json!(["pairwise"]);
    metadata["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    metadata["scopes_supported"] = json!(["openid", "payments", "accounts"]);
}

/// Who has agreed, for the TPP itself (Core §2 and §3.1.3.3).
pub(in crate::bank) fn id_token(world: &World, code: &AuthorizationCode) -> Option<String> {
    if !scope::holds(&code.scope, OPENID) {
        return None;
    }
    let now = world.clock.now();
    let header = json!({ "alg": "ES256", "kid": world.keys.kid() });
    let mut claims = json!({
        "iss": world.issuer,
        "sub": world.subject,
        "aud": code.client_id,
        "iat": now,
        "exp": now.saturating_add(LIFETIME),
    });
    if let Some(nonce) = &code.nonce {
        claims["nonce"] = json!(nonce);
    }
    intent::confirm(world, code, &mut claims);
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = world.keys.sign(message.as_bytes()).ok()?;
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
