//! What a customer's approval has given: codes, grants and the tokens that belong to them.

use std::time::{Duration, Instant};

use super::state::State;
use super::world::World;
use crate::bank::habits;

/// The code_challenge of an authorization request (RFC 7636 §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bank) struct Challenge {
    pub(in crate::bank) value: String,
    pub(in crate::bank) method: Method,
}

/// How a code_verifier is held against its challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Method {
    S256,
    /// Only with a fault: the verifier is the challenge.
    Plain,
    /// Only with a fault: the digest in hexadecimal.
    Hexadecimal,
    /// Only with a fault: not at all.
    Ignored,
}

/// An authorization code that was given (RFC 6749 §4.1.2).
#[derive(Clone, Debug)]
pub(in crate::bank) struct AuthorizationCode {
    pub(in crate::bank) client_id: String,
    pub(in crate::bank) redirect_uri: String,
    pub(in crate::bank) scope: String,
    pub(in crate::bank) challenge: Option<Challenge>,
    /// What the customer has agreed to.
    pub(in crate::bank) intent: Option<String>,
    /// What the TPP wants to see in the `id_token`.
    pub(in crate::bank) nonce: Option<String>,
    pub(in crate::bank) expires_at: i64,
    /// The grant that it was redeemed for.
    pub(in crate::bank) redeemed_for: Option<String>,
}

/// What a client was allowed, by a customer or by being itself.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Grant {
    pub(in crate::bank) client_id: String,
    pub(in crate::bank) scope: String,
    /// On whose behalf.
    pub(in crate::bank) subject: String,
    /// What the customer has agreed to; none where no customer was asked.
    pub(in crate::bank) intent: Option<String>,
    pub(in crate::bank) refresh_token: Option<String>,
    pub(in crate::bank) refresh_revoked: bool,
    /// The refresh token has been used.
    pub(in crate::bank) refreshed: bool,
    /// The certificate under which it was granted, by its thumbprint.
    pub(in crate::bank) granted_under: Option<String>,
    /// The `jti` of every access token given.
    pub(in crate::bank) access_tokens: Vec<String>,
}

/// What several servers need to tell one another.
pub(in crate::bank) const LAG: Duration = Duration::from_millis(1200);

/// What the bank remembers of an access token beyond what stands in it.
#[derive(Clone, Debug)]
pub(in crate::bank) struct AccessToken {
    /// When it was revoked, if it was.
    pub(in crate::bank) revoked: Option<Instant>,
    /// What it is called since then.
    pub(in crate::bank) ended_as: &'static str,
    /// The certificate that it is bound to, by its thumbprint: what stands in the token says so to others.
    pub(in crate::bank) bound_to: Option<String>,
    /// What the customer has agreed to; none where no customer was asked.
    pub(in crate::bank) intent: Option<String>,
}

impl AccessToken {
    /// Every server of the bank knows that it was revoked.
    pub(in crate::bank) fn is_revoked(&self, world: &World) -> bool {
        let lingers = |since: &Instant| since.elapsed() < LAG && world.habits.has("revoked-tokens-linger");
        self.revoked.as_ref().is_some_and(|since| !lingers(since))
    }
}

impl State {
    /// Ends an access token, which is called that from then on.
    pub(in crate::bank) fn revoke_access_token(&mut self, jti: &str, as_what: &'static str) {
        if let Some(token) = self.access_tokens.get_mut(jti).filter(|token| token.revoked.is_none()) {
            token.revoked = Some(Instant::now());
            token.ended_as = as_what;
        }
    }

    /// Ends every access token of a grant, unless it is spared.
    pub(in crate::bank) fn revoke_access_tokens_of(
        &mut self,
        grant: &str,
        as_what: &'static str,
        spared: impl Fn(&Self, usize, &str) -> bool,
    ) {
        let tokens = self.grants.get(grant).map(|grant| grant.access_tokens.clone()).unwrap_or_default();
        for (number, jti) in tokens.iter().enumerate() {
            if !spared(self, number, jti) {
                self.revoke_access_token(jti, as_what);
            }
        }
    }

    /// Whether an access token has been used there; it is written down only where a fault may ask.
    pub(in crate::bank) fn was_seen(&self, jti: &str, place: Option<&str>) -> bool {
        self.seen.borrow().iter().any(|(seen, at)| seen == jti && place.is_none_or(|place| *at == place))
    }

    pub(in crate::bank) fn revoke_refresh_token_of(&mut self, grant: &str) {
        if let Some(grant) = self.grants.get_mut(grant) {
            grant.refresh_revoked = true;
        }
    }
}

impl World {
    /// A new code or refresh token.
    pub(in crate::bank) fn new_secret(&self, state: &mut State) -> String {
        state.secrets_given += 1;
        if self.faults.on("codes-sequential") {
            return format!("{:043}", state.secrets_given);
        }
        let secret = self.random.secret();
        if self.habits.has("long-codes-and-lives") { habits::long(&secret) } else { secret }
    }
}
