//! The authorization server: OAuth 2.0 with what PSD2 adds, an endpoint or a rule a file.

pub(super) mod access_token;
pub(super) mod authorize;
pub(super) mod bearer;
pub(super) mod callback;
pub(super) mod client;
pub(super) mod code_challenge;
pub(super) mod error;
mod hint;
pub(super) mod introspection;
pub(super) mod metadata;
pub(super) mod openid;
pub(super) mod par;
pub(super) mod redirect_uri;
pub(super) mod revocation;
pub(super) mod scope;
mod slips;
pub(super) mod token;
pub(super) mod unsigned;

/// Each rule of the endpoints for clients and of tokens at each place where it holds, beside those for certificates.
pub(super) fn rules_by_place() -> impl Iterator<Item = (&'static str, &'static str)> {
    introspection::rules_by_token()
        .chain(hint::faults_by_place())
        .chain(client::authentication::credentials_by_place())
        .chain(slips::by_place())
        .chain(unsigned::by_kind(access_token::UNSIGNED))
        .chain(unsigned::by_kind(client::assertion::UNSIGNED))
        .chain(unsigned::by_kind(crate::bank::signatures::jws::UNSIGNED))
}
