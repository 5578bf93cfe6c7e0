//! The authorization server: OAuth 2.0 with what PSD2 adds, an endpoint or a rule a file.

pub(super) mod access_token;
pub(super) mod authorize;
pub(super) mod bearer;
pub(super) mod callback;
pub(super) mod client;
pub(super) mod code_challenge;
pub(super) mod error;
pub(super) mod introspection;
pub(super) mod metadata;
pub(super) mod openid;
pub(super) mod par;
pub(super) mod redirect_uri;
pub(super) mod revocation;
pub(super) mod scope;
pub(super) mod token;
