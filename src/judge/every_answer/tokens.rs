//! Every answer that brings an access token (RFC 6749 5.1).

use std::sync::Arc;

use serde_json::Value;

use super::{Answers, all, protocol::those};
use crate::{
    evidence::exchange::{Exchange, Response},
    judge::{Finding, token},
};

/// The types of the IANA registry of access token types, in lower case.
const TYPES: [&str; 4] = ["bearer", "dpop", "pop", "n_a"];
/// The members that are text.
const TEXTS: [&str; 5] = ["access_token", "token_type", "refresh_token", "scope", "id_token"];

/// Each comes with status 200.
pub fn come_with_200(answers: Answers<'_>) -> Finding {
    all(&with_token(answers), "status 200 beside an access_token", |_, response| match response.status {
        200 => Ok(()),
        status => Err(format!("status {status}")),
    })
}

/// Each is of a registered type, in any case (RFC 6749 7.1, 8.1).
pub fn types_are_registered(answers: Answers<'_>) -> Finding {
    all(&with_token(answers), "a registered token_type, such as Bearer", |_, response| {
        match response.json().unwrap_or_default()["token_type"].as_str() {
            Some(kind) if !TYPES.contains(&kind.to_ascii_lowercase().as_str()) => Err(format!("token_type \"{kind}\"")),
            Some(_) => Ok(()),
            None => Err("no token_type".into()),
        }
    })
}

/// Every member has its type: text is a string, and the lifetime a number.
pub fn members_have_their_types(answers: Answers<'_>) -> Finding {
    all(&with_token(answers), "strings, and expires_in as a number", |_, response| {
        let json = response.json().unwrap_or_default();
        let is_odd = |name: &&&str| !matches!(json[**name], Value::String(_) | Value::Null);
        if let Some(name) = TEXTS.iter().find(is_odd) {
            return Err(format!("{name} is {}", kind(&json[*name])));
        }
        match &json["expires_in"] {
            Value::Null | Value::Number(_) => Ok(()),
            other => Err(format!("expires_in is {}", kind(other))),
        }
    })
}

/// Each forbids that it is kept.
pub fn forbid_caching(answers: Answers<'_>) -> Finding {
    all(&with_token(answers), "Cache-Control: no-store beside an access_token", |_, response| {
        let lines: Vec<&str> = response.headers_named("cache-control").collect();
        token::is_kept_by_nobody(response).then_some(()).ok_or_else(|| match lines[..] {
            [] => "no Cache-Control".to_owned(),
            _ => format!("Cache-Control: {}", lines.join(", ")),
        })
    })
}

fn with_token(answers: Answers<'_>) -> Vec<Arc<Exchange>> {
    let has_token = |response: &Response| response.json().is_some_and(|json| json["access_token"].is_string());
    those(answers, |_, response| response.status < 300 && has_token(response))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
