//! What the target file says of a bank that speaks OpenID Connect, or that publishes no metadata.

use toml::Spanned;
use url::Url;

use crate::targets::{Method, TargetFile, file::Endpoints, oauth::OAuth};

/// Every authorization request asks for an `id_token` too.
pub(super) fn openid(file: &mut TargetFile) {
    file.oauth = Some(OAuth { extra_scopes: vec!["openid".into()], ..OAuth::default() });
}

/// Assertions are for the very endpoint that is asked.
pub(super) fn for_each_endpoint(file: &mut TargetFile) {
    let asserting =
        file.identities.iter_mut().filter(|identity| identity.client_authentication == Method::PrivateKeyJwt);
    for identity in asserting {
        let assertion = identity.assertion.get_or_insert_default();
        assertion.audience = Some(Spanned::new(0..0, "endpoint".to_owned()));
    }
}

/// What the metadata would have said.
pub(super) fn by_hand(file: &mut TargetFile) {
    let (issuer, api) = (file.server.issuer.get_ref().clone(), file.server.api.as_ref());
    // The base of the API may go on where the host ends.
    let host = |api: &Spanned<String>| Some(Url::parse(api.get_ref()).ok()?.origin().ascii_serialization());
    let api = api.and_then(host).unwrap_or_else(|| issuer.clone());
    let at = |base: &str, path: &str| Spanned::new(0..0, format!("{base}/{path}"));
    file.server.endpoints = Some(Endpoints {
        beside_metadata: false,
        authorization: Some(at(&issuer, "authorize")),
        token: Some(at(&api, "token")),
        revocation: Some(at(&api, "revoke")),
        introspection: Some(at(&api, "introspect")),
        jwks: Some(at(&issuer, "jwks")),
        pushed_authorization_request: Some(at(&api, "par")),
    });
    let told = ["bound-tokens", "iss-parameter", "client-credentials"];
    file.capabilities.extend(told.map(|name| Spanned::new(0..0, name.to_owned())));
}
