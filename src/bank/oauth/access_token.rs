//! Access tokens: signed JWTs (RFC 9068) that are bound to a certificate (RFC 8705 §3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::OAuthError;
use super::unsigned;
use crate::bank::habits;
use crate::bank::model::grant::AccessToken;
use crate::bank::model::state::State;
use crate::bank::model::world::World;

/// The fault by which a token passes that nobody has signed.
pub(in crate::bank) const UNSIGNED: &str = "token-alg-none-accepted";
/// How long an access token lives, in seconds.
const LIFETIME: i64 = 300;
const DAY: i64 = 86_400;
const TWO_MINUTES: i64 = 120;

/// How long the bank's access tokens live, in seconds.
pub(in crate::bank) fn lifetime(world: &World) -> i64 {
    match () {
        () if world.habits.has("long-codes-and-lives") => DAY,
        () if world.habits.has("tokens-live-two-minutes") => TWO_MINUTES,
        () => LIFETIME,
    }
}

/// What an access token says (RFC 9068 §2.2).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(in crate::bank) struct Claims {
    pub(in crate::bank) iss: String,
    pub(in crate::bank) exp: i64,
    pub(in crate::bank) aud: String,
    pub(in crate::bank) sub: String,
    pub(in crate::bank) client_id: String,
    pub(in crate::bank) iat: i64,
    pub(in crate::bank) jti: String,
    pub(in crate::bank) scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::bank) cnf: Option<Confirmation>,
}

/// The certificate that a token is bound to (RFC 8705 §3.1).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(in crate::bank) struct Confirmation {
    #[serde(rename = "x5t#S256")]
    pub(in crate::bank) thumbprint: String,
}

#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    #[serde(default)]
    typ: String,
    #[serde(default)]
    kid: String,
}

/// Gives an access token for a grant, bound to the certificate with that thumbprint.
pub(in crate::bank) fn issue(
    world: &World,
    state: &mut State,
    grant_id: &str,
    scope: &str,
    thumbprint: Option<String>,
) -> Result<String, OAuthError> {
    let failed = || OAuthError::server_error("no token could be made");
    let grant = state.grants.get_mut(grant_id).ok_or_else(failed)?;
    let jti = world.random.uuid().to_string();
    let now = world.clock.now();
    let claims = Claims {
        iss: world.issuer.clone(),
        exp: now.saturating_add(lifetime(world)),
        aud: world.api.clone(),
        sub: grant.subject.clone(),
        client_id: grant.client_id.clone(),
        iat: now,
        jti: jti.clone(),
        scope: scope.to_owned(),
        cnf: thumbprint.as_ref().and_then(|thumbprint| confirmation(world, thumbprint)),
    };
    let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": world.keys.kid() });
    let payload = serde_json::to_value(claims).map_err(|_| failed())?;
    let mut payload = payload.to_string();
    if world.faults.on("jwt-claim-twice") {
        payload.insert_str(1, r#""auth_time":1,"auth_time":2,"#);
    }
    let message = format!("{}.{}", encode(&header), URL_SAFE_NO_PAD.encode(payload));
    let signature = world.keys.sign(message.as_bytes()).map_err(|_| failed())?;
    grant.access_tokens.push(jti.clone());
    let row = AccessToken { revoked: None, ended_as: "", bound_to: thumbprint, intent: grant.intent.clone() };
    state.access_tokens.insert(jti, row);
    Ok(habits::outward(world, format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// RFC 8705 §3.1: the SHA-256 of the certificate, base64url.
fn confirmation(world: &World, thumbprint: &str) -> Option<Confirmation> {
    if world.faults.on("jwt-without-cnf") {
        return None;
    }
    let thumbprint = match world.faults.on("cnf-thumbprint-in-hexadecimal") {
        true => URL_SAFE_NO_PAD.decode(thumbprint).ok()?.iter().map(|octet| format!("{octet:02x}")).collect(),
        false => thumbprint.to_owned(),
    };
    Some(Confirmation { thumbprint })
}

/// What a token says, if it is one of ours (RFC 9068 §4): signed with our key, of the right type. Its dates, its
/// binding and whether it was revoked are not looked at here.
pub(in crate::bank) fn read(world: &World, token: &str) -> Option<Claims> {
    let token = habits::inward(world, token)?;
    let (message, signature) = token.rsplit_once('.')?;
    let (header, payload) = message.split_once('.')?;
    let header: Header = decode(header)?;
    let claims: Claims = decode(payload)?;
    let alg = header.alg.as_deref();
    let unsigned = unsigned::passes(&world.faults, UNSIGNED, alg, signature);
    let ours = unsigned || (alg == Some("ES256") && header.typ == "at+jwt" && header.kid == world.keys.kid());
    let signed = unsigned || world.faults.on("token-signature-unchecked") || {
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        world.keys.verify(message.as_bytes(), &signature)
    };
    (ours && signed && claims.iss == world.issuer && claims.aud == world.api).then_some(claims)
}

/// What a token says that may be anybody's: nothing of it is checked.
pub(in crate::bank) fn unverified(world: &World, token: &str) -> Option<Claims> {
    decode(habits::inward(world, token)?.split('.').nth(1)?)
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
