//! A request as the rules see it, and the few kinds of answer.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::certificate::peer::Peer;
use super::rule;

/// Request bodies beyond this many octets are refused.
const LARGEST_BODY: usize = 64 * 1024;

/// A request, read whole.
pub(super) struct Incoming {
    pub(super) method: Method,
    pub(super) path: String,
    /// As it stood in the request line.
    pub(super) path_and_query: String,
    pub(super) query: Params,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The body was beyond the bound, or the connection broke while it was read; `body` is then empty.
    pub(super) body_refused: bool,
    pub(super) peer: Arc<Peer>,
}

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST_BODY).await;
        Ok(Self {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            path_and_query: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            query: Params::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            headers: parts.headers,
            body_refused: body.is_err(),
            body: body.unwrap_or_default(),
            peer: parts.extensions.get::<Arc<Peer>>().cloned().unwrap_or_default(),
        })
    }
}

impl Incoming {
    /// A header's value as text; none where it is missing, empty or no text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
    }

    /// The media type of the body without its parameters, in lower case.
    pub(super) fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The body as a form; empty where it is none.
    pub(super) fn form(&self) -> Params {
        match self.media_type().as_deref() {
            Some("application/x-www-form-urlencoded") => Params::parse(&self.body),
            _ => Params::default(),
        }
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all("cookie").into_iter().filter_map(|value| value.to_str().ok());
        cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
    }
}

/// The parameters of a query or a form, in the order sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// What was not written as one of the two.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a parameter. One without a value counts as omitted (RFC 6749 §3.1).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, value)| found == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The parameters that stand there more than once; those without a value count as omitted (RFC 6749 §3.1).
    pub(super) fn repeated(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let there = self.0.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str());
        there.filter(move |name| !seen.insert(*name))
    }

    /// Whether a parameter stands there more than once.
    pub(super) fn repeats(&self, name: &str) -> bool {
        self.repeated().any(|found| found == name)
    }

    /// The parameters without a value.
    pub(super) fn empty(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| name.as_str())
    }

    /// The names of all parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An answer with a body of the given media type.
pub(super) fn with_body(status: StatusCode, media_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A JSON answer.
pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    with_body(status, "application/json", body.to_string())
}

/// A redirect that makes the browser drop the form it has just posted (RFC 9700 §4.12).
pub(super) fn see_other(location: &str) -> Response {
    let mut response = empty(StatusCode::SEE_OTHER);
    set(&mut response, LOCATION, location);
    set(&mut response, CACHE_CONTROL, "no-store");
    response
}

/// 405 with the methods that are served.
pub(super) fn method_not_allowed(allowed: &str) -> Response {
    let mut response = json(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({ "error": "invalid_request", "error_description": "wrong method" }),
    );
    set(&mut response, ALLOW, allowed);
    rule::refused(response, "method", "the method is not offered here")
}

/// Sets a header; a value that cannot stand in one is left out.
pub(super) fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}
