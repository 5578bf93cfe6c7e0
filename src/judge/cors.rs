//! What scripts of other sites may do with an answer (Fetch 3.2).

use super::{Finding, head_of};
use crate::evidence::exchange::{Exchange, Response};

fn allowed(response: &Response) -> Option<&str> {
    response.header("access-control-allow-origin").map(str::trim).filter(|origin| !origin.is_empty())
}

fn with_credentials(response: &Response) -> bool {
    response.header("access-control-allow-credentials").is_some_and(|value| value.trim() == "true")
}

fn told(response: &Response) -> String {
    let credentials = if with_credentials(response) { ", Access-Control-Allow-Credentials: true" } else { "" };
    match allowed(response) {
        Some(origin) => format!("{}: Access-Control-Allow-Origin: {origin}{credentials}", response.status),
        None => format!("{} without Access-Control-Allow-Origin", response.status),
    }
}

/// No script of that other site may read the answer (RFC 9700 2.6).
pub fn lets_nobody_in(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let origin = exchange.request.header("origin").unwrap_or_default();
    let holds = allowed(response).is_none_or(|allowed| allowed != "*" && allowed != origin);
    Finding::of(holds, "no Access-Control-Allow-Origin for that site", told(response)).at(exchange)
}

/// No script of that other site may read the answer in the name of whoever sits before the browser: to a wildcard browsers
/// show nobody's credentials.
pub fn lets_nobody_in_with_credentials(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let origin = exchange.request.header("origin").unwrap_or_default();
    let holds = allowed(response) != Some(origin) || !with_credentials(response);
    Finding::of(holds, "no Access-Control-Allow-Credentials for that site", told(response)).at(exchange)
}
