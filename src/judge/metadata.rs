//! The metadata document (RFC 8414) and the key set (RFC 7517).

use std::collections::HashSet;

use serde_json::Value;

use super::{Finding, answered, head_of, in_words, response_of};
use crate::evidence::{exchange::Exchange, json};

/// It is served with 200 as application/json (RFC 8414 3.2).
pub fn served_as_json(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    if response.truncated {
        return Finding::Unclear("the document is too long, or was cut off on the way".into());
    }
    let kind = response.header("content-type").unwrap_or("none");
    let is_json_type = kind.to_ascii_lowercase().starts_with("application/json");
    let content = match (response.json(), json::defect(&response.body)) {
        (Some(Value::Object(_)), _) => "a JSON object".to_owned(),
        (Some(_), _) => "JSON that is no object".to_owned(),
        // Lawful, and deeper than any parser should follow.
        (None, Some(defect)) if defect.contains("recursion limit") => {
            return Finding::Unclear("the document is nested too deeply to be read".into());
        }
        (None, defect) => defect.unwrap_or_default(),
    };
    let holds = response.status == 200 && is_json_type && content == "a JSON object";
    let actual = format!("status {} as {kind} with {content}", response.status);
    Finding::of(holds, "status 200 as application/json with a JSON object", actual).at(exchange)
}

/// The document, for judges of what is in it.
///
/// # Errors
/// There is none: that is for [`served_as_json`] to say, once.
fn document(exchange: &Exchange) -> Result<Value, Finding> {
    let response = answered(exchange)?;
    let json = response.json().filter(|json| response.status == 200 && json.is_object());
    json.ok_or_else(|| Finding::Unclear(format!("there is no metadata document: {}", in_words(response))))
}

macro_rules! document_of {
    ($exchange:expr) => {
        match document($exchange) {
            Ok(document) => document,
            Err(unclear) => return unclear,
        }
    };
}

/// The issuer in it is the one that was asked (RFC 8414 3.3).
pub fn issuer_is(exchange: &Exchange, issuer: &str) -> Finding {
    let named = document_of!(exchange)["issuer"].clone();
    Finding::of(named == issuer, format!("issuer: \"{issuer}\""), format!("issuer: {named}")).at(exchange)
}

/// What every TPP needs is there, and every endpoint has TLS (RFC 8414 2).
pub fn complete_and_secure(exchange: &Exchange) -> Finding {
    let json = document_of!(exchange);
    let needed = ["issuer", "authorization_endpoint", "token_endpoint", "response_types_supported"];
    let missing = needed.into_iter().filter(|name| json[*name].is_null()).map(|name| format!("{name} is missing"));
    let members =
        json.as_object().into_iter().flatten().chain(json["mtls_endpoint_aliases"].as_object().into_iter().flatten());
    let plain = members
        .filter(|(name, value)| {
            // What is null names no address.
            let is_address = name.ends_with("_endpoint") || *name == "jwks_uri" || *name == "issuer";
            is_address && !value.is_null() && !has_tls(value)
        })
        .map(|(name, _)| format!("{name} has no TLS"));
    let problems: Vec<String> = missing.chain(plain).collect();
    let actual = if problems.is_empty() { "all there, all with TLS".into() } else { problems.join("; ") };
    Finding::of(problems.is_empty(), "the required members, and https for every endpoint", actual).at(exchange)
}

/// No endpoint has a fragment (RFC 6749 3.1, 3.2).
pub fn without_fragments(exchange: &Exchange) -> Finding {
    let json = document_of!(exchange);
    let has_fragment = |name: &&str| json[*name].as_str().is_some_and(|url| url.contains('#'));
    let found: Vec<&str> = ["authorization_endpoint", "token_endpoint"].into_iter().filter(has_fragment).collect();
    let actual = if found.is_empty() { "none".to_owned() } else { format!("a fragment in {}", found.join(", ")) };
    Finding::of(found.is_empty(), "no fragment in the addresses of the endpoints", actual).at(exchange)
}

/// No list has no elements (RFC 8414 3.2).
pub fn without_empty_lists(exchange: &Exchange) -> Finding {
    let json = document_of!(exchange);
    let members = json.as_object().into_iter().flatten();
    let empty = members.filter(|(_, value)| value.as_array().is_some_and(Vec::is_empty)).map(|(name, _)| name.as_str());
    let empty: Vec<&str> = empty.collect();
    let actual = if empty.is_empty() { "none".to_owned() } else { format!("nothing in {}", empty.join(", ")) };
    Finding::of(empty.is_empty(), "no list without an element", actual).at(exchange)
}

/// Where a list of methods has one by JWT, the algorithms are listed (RFC 8414 2).
pub fn algorithms_are_listed(exchange: &Exchange, algorithms: &str, methods: &str) -> Finding {
    let json = document_of!(exchange);
    let is_by_jwt = |method: &&Value| matches!(method.as_str(), Some("private_key_jwt" | "client_secret_jwt"));
    let Some(method) = json[methods].as_array().into_iter().flatten().find(is_by_jwt) else {
        return Finding::of(true, format!("{algorithms} beside a method by JWT"), "no method by JWT").at(exchange);
    };
    let listed = json[algorithms].clone();
    let holds = listed.as_array().is_some_and(|list| !list.is_empty());
    Finding::of(holds, format!("{algorithms} beside {method}"), format!("{algorithms}: {listed}")).at(exchange)
}

/// The metadata says that answers name their issuer, if one of those has (RFC 9207 2.3).
pub fn announces_the_issuer(exchange: &Exchange, issuers: &[String]) -> Finding {
    let told = document_of!(exchange)["authorization_response_iss_parameter_supported"].clone();
    let Some(issuer) = issuers.first() else {
        return Finding::Beside("no answer to a TPP in this run names an issuer".into());
    };
    let expected = "authorization_response_iss_parameter_supported: true";
    let actual = format!("authorization_response_iss_parameter_supported: {told}, and iss={issuer} in an answer");
    Finding::of(told == true, expected, actual).at(exchange)
}

fn has_tls(value: &Value) -> bool {
    value.as_str().is_some_and(|url| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://")))
}

/// A list holds a value, or must not hold it.
pub fn list_holds(exchange: &Exchange, list: &str, value: &str, wanted: bool) -> Finding {
    let held = document_of!(exchange)[list].clone();
    let holds = held.as_array().is_some_and(|items| items.iter().any(|item| item == value));
    let expected = format!("{list} {} \"{value}\"", if wanted { "with" } else { "without" });
    Finding::of(holds == wanted, expected, format!("{list}: {held}")).at(exchange)
}

/// A member is there.
pub fn names(exchange: &Exchange, member: &str) -> Finding {
    let value = document_of!(exchange)[member].clone();
    Finding::of(value.is_string(), format!("the member {member}"), format!("{member}: {value}")).at(exchange)
}

/// No key of the set is private (RFC 7517 8.1, RFC 8414 2).
pub fn no_private_keys(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let Some(keys) = keys(&response.json().unwrap_or_default()) else {
        return Finding::of(false, "a key set", in_words(response)).at(exchange);
    };
    let is_private = |key: &&Value| ["d", "p", "q", "dp", "dq", "qi", "k"].iter().any(|member| !key[member].is_null());
    let private = keys.iter().filter(is_private).count();
    let actual = format!("{} of {} keys with private members", private, keys.len());
    Finding::of(private == 0, "public members only", actual).at(exchange)
}

/// No two keys of one kind have the same kid. A kid is optional, and keys of different kinds that stand for each other may
/// share one (RFC 7517 4.5).
pub fn distinct_kids(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let Some(keys) = keys(&response.json().unwrap_or_default()) else {
        return Finding::of(false, "a key set", in_words(response)).at(exchange);
    };
    let named: Vec<_> = keys.iter().filter_map(|key| Some((key["kid"].as_str()?, key["kty"].as_str()))).collect();
    let distinct = named.iter().collect::<HashSet<_>>().len();
    let actual = format!("{distinct} kids for the {} keys that have one, of {}", named.len(), keys.len());
    Finding::of(distinct == named.len(), "no kid for two keys of one kind", actual).at(exchange)
}

/// Every key says what it is for, if one of them is for encryption (RFC 8414 2).
pub fn uses_are_told(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let Some(keys) = keys(&response.json().unwrap_or_default()) else {
        return Finding::Unclear(format!("there is no key set: {}", in_words(response)));
    };
    let silent = keys.iter().filter(|key| !key["use"].is_string()).count();
    let encrypts = keys.iter().any(|key| key["use"] == "enc");
    let actual = format!(
        "{silent} of {} keys without use, {} of them for encryption",
        keys.len(),
        keys.iter().filter(|key| key["use"] == "enc").count()
    );
    Finding::of(!encrypts || silent == 0, "use at every key, where one is for encryption", actual).at(exchange)
}

fn keys(json: &Value) -> Option<Vec<Value>> {
    json["keys"].as_array().cloned()
}
