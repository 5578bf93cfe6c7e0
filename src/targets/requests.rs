//! What a bank wants of requests beyond the documents: `[[requests]]`, header fields and members of bodies to send otherwise.

use std::{collections::BTreeMap, path::Path};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::Spanned;
use uuid::Uuid;

use super::{Dialect, TargetError, error::Source, secret::Secret};
use crate::evidence::operation::Operation;

/// What stands for the token of the request in the value of a header.
pub const TOKEN: &str = "{access_token}";
/// What stands for an identifier that no request had before, in the value of a header and in a body.
pub const UUID: &str = "{uuid}";

/// One way in which some requests to this bank differ from those of the documents.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which requests; all of them where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "changeable")]
    pub operations: Vec<Operation>,
    /// Header fields to send, each value written here or kept elsewhere; `{access_token}` stands for the token of the
    /// request, and without one the field is left out; `{uuid}` for a fresh UUID.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Secret>,
    /// The values of these headers are no secrets and may stand in every report. Otherwise they are hidden.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
    /// Header fields to leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub without: Vec<Spanned<String>>,
    /// Members to add to the body of an initiation, deep inside too.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub body: Map<String, Value>,
    /// Why: where the bank says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The requests that can be changed.
const CHANGEABLE: [Operation; 13] = [
    Operation::Initiation,
    Operation::Payment,
    Operation::Status,
    Operation::ScaStatus,
    Operation::Authorisation,
    Operation::AuthorisationList,
    Operation::Cancellation,
    Operation::FundsConfirmation,
    Operation::Order,
    Operation::OrderStatus,
    Operation::OrderDetails,
    Operation::Resource,
    Operation::Token,
];

fn changeable(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "enum": CHANGEABLE.map(Operation::name) } })
}

/// What the transport writes itself, what a token or a signature needs, and what would be another request altogether.
const OURS: [&str; 9] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "authorization",
    "signature",
    "signature-input",
    "digest",
    "content-digest",
];

impl Change {
    /// Fetches the values of its headers from where they are kept.
    ///
    /// # Errors
    /// One is not where it is said to be.
    pub(super) fn fetch(&mut self, source: &Source<'_>, folder: &Path) -> Result<(), TargetError> {
        let mut unknown = self.headers.iter_mut().filter(|(_, value)| !value.is_fetched());
        unknown.try_for_each(|(name, value)| value.fetch(source, folder, &format!("requests.headers.{name}")))
    }

    /// What is wrong with it: where in the file, what, and what to do.
    pub(super) fn objection(&self, dialect: Dialect) -> Option<(std::ops::Range<usize>, String, &'static str)> {
        let is_token = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        };
        let is_ours = |name: &str| OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours));
        let names = self.headers.iter().map(|(name, value)| (name.as_str(), value.place()));
        for (name, span) in names.chain(self.without.iter().map(|name| (name.get_ref().as_str(), name.span()))) {
            if !is_token(name) {
                let problem = "`requests` calls a header field by what is no name of one".to_owned();
                return Some((span, problem, "write a name such as \"Accept-Language\""));
            }
            if is_ours(name) {
                let problem =
                    format!("`requests` changes {name}, which belongs to the transport, the token or the signature");
                return Some((span, problem, "leave it out; how messages are signed is said in [signing]"));
            }
        }
        let bad =
            self.headers.iter().find(|(_, value)| !value.value().bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        if let Some((name, value)) = bad {
            let problem = format!("the value of {name} in `requests` holds what cannot stand in a header field");
            return Some((value.place(), problem, "write it on one line, in printable ASCII"));
        }
        if let Some(other) = self.operations.iter().find(|operation| !CHANGEABLE.contains(operation)) {
            let span = self.headers.values().next().map_or(0..0, Secret::place);
            let problem = format!("`requests` cannot change \"{}\"", other.name());
            return Some((span, problem, "see docs/target.md for the operations whose requests can be changed"));
        }
        let is_asked =
            |operation: &Operation| *operation == Operation::Token || dialect.operations().contains(operation);
        if let Some(other) = self.operations.iter().find(|operation| !is_asked(operation)) {
            let span = self.headers.values().next().map_or(0..0, Secret::place);
            let problem =
                format!("`requests` changes \"{}\", which is never asked of \"{}\"", other.name(), dialect.name());
            return Some((span, problem, "leave it out; docs/target.md says which operations each dialect has"));
        }
        let adds_body = !self.body.is_empty() && !self.operations.is_empty();
        if adds_body && !self.operations.contains(&Operation::Initiation) {
            let span = self.without.first().map_or(0..0, Spanned::span);
            return Some((
                span,
                "`requests` has a `body` for requests that have none".into(),
                "add \"initiation\" to `operations`",
            ));
        }
        None
    }

    fn is_about(&self, operation: Operation) -> bool {
        self.operations.is_empty() || self.operations.contains(&operation)
    }

    /// In words for the report: names alone, for values may be the customer's. A body is said of initiations alone.
    pub fn in_words(&self) -> String {
        let list = |intro: &str, names: Vec<&str>| {
            (!names.is_empty()).then(|| format!("{intro} {}", names.join(", "))).into_iter()
        };
        let headers = list("with", self.headers.keys().map(String::as_str).collect());
        let without = list("without", self.without.iter().map(|name| name.get_ref().as_str()).collect());
        let fields: Vec<String> = headers.chain(without).collect();
        let body: Vec<String> = list("with a body that has", self.body.keys().map(String::as_str).collect()).collect();
        let initiation = Operation::Initiation.name();
        if self.operations == [Operation::Initiation] {
            return format!("{initiation} is sent {}", [fields, body].concat().join(", "));
        }
        let operations: Vec<String> = self.operations.iter().map(|operation| operation.name()).collect();
        let whose = match operations.is_empty() {
            true => "every request to the API and to the token endpoint".to_owned(),
            false => operations.join(", "),
        };
        let said = [(whose, fields), (initiation, body)];
        let said = said.into_iter().filter(|(_, parts)| !parts.is_empty());
        said.map(|(whose, parts)| format!("{whose} is sent {}", parts.join(", "))).collect::<Vec<_>>().join("; ")
    }
}

/// Makes the header fields of a request what this bank wants.
pub fn change_headers(
    changes: &[Change],
    operation: Operation,
    headers: &mut Vec<(String, String)>,
    token: Option<&str>,
) {
    for change in changes.iter().filter(|change| change.is_about(operation)) {
        let gone = |name: &str| change.without.iter().any(|gone| gone.get_ref().eq_ignore_ascii_case(name));
        headers.retain(|(name, _)| !gone(name));
        for (name, value) in &change.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            match (value.value().contains(TOKEN), token) {
                (true, None) => {}
                (_, token) => {
                    let value = with_uuid(value.value()).replace(TOKEN, token.unwrap_or_default());
                    headers.push((name.clone(), value));
                }
            }
        }
    }
}

/// Adds to the body of an initiation what this bank wants in it.
pub fn change_body(changes: &[Change], body: &mut Value) {
    let wanted = changes.iter().filter(|change| change.is_about(Operation::Initiation));
    wanted.for_each(|change| merge(body, &change.body));
}

fn merge(into: &mut Value, members: &Map<String, Value>) {
    let Some(object) = into.as_object_mut() else { return };
    for (name, value) in members {
        match (object.get_mut(name), value) {
            (Some(known @ Value::Object(_)), Value::Object(deeper)) => merge(known, deeper),
            _ => _ = object.insert(name.clone(), fresh(value)),
        }
    }
}

fn with_uuid(text: &str) -> String {
    match text.contains(UUID) {
        true => text.replace(UUID, &Uuid::new_v4().to_string()),
        false => text.to_owned(),
    }
}

fn fresh(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(with_uuid(text)),
        Value::Array(items) => items.iter().map(fresh).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), fresh(value))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Deserialize)]
    struct File {
        requests: Vec<Change>,
    }

    fn changes(text: &str) -> Vec<Change> {
        let mut requests = toml::from_str::<File>(text).unwrap().requests;
        let source = Source { path: Path::new("t.toml"), text };
        requests.iter_mut().for_each(|change| change.fetch(&source, Path::new("")).unwrap());
        requests
    }

    #[test]
    fn a_placeholder_is_a_fresh_uuid_each_time() {
        let changes = changes(
            "[[requests]]\nheaders = { \"X-Flow\" = \"f-{uuid}\" }\nbody = { a = { b = \"{uuid}\" }, c = [\"{uuid}\"] }\n",
        );
        let sent = || {
            let (mut headers, mut body) = (Vec::new(), json!({}));
            change_headers(&changes, Operation::Initiation, &mut headers, None);
            change_body(&changes, &mut body);
            let inner = ["/a/b", "/c/0"].map(|place| body.pointer(place).unwrap().as_str().unwrap().to_owned());
            (headers[0].1.strip_prefix("f-").unwrap().to_owned(), inner)
        };
        let (one, other) = (sent(), sent());
        for text in [&one.0, &one.1[0], &one.1[1]] {
            assert!(Uuid::parse_str(text).is_ok(), "{text}");
        }
        assert!(one.0 != other.0 && one.1[0] != other.1[0]);
    }

    fn header(name: &str, value: &str) -> (String, String) {
        (name.into(), value.into())
    }

    #[test]
    fn headers_are_replaced_added_and_left_out() {
        let changes = changes(
            "[[requests]]\noperations = [\"status\"]\nheaders = { accept = \"application/json\", PSD2-AUTHORIZATION = \"Bearer {access_token}\" }\n\
             without = [\"psu-ip-address\"]\n",
        );
        let usual = || vec![header("Accept", "*/*"), header("PSU-IP-Address", "192.0.2.10")];
        let mut headers = usual();
        change_headers(&changes, Operation::Status, &mut headers, Some("t"));
        assert_eq!(headers, [header("PSD2-AUTHORIZATION", "Bearer t"), header("accept", "application/json")]);
        let mut headers = usual();
        change_headers(&changes, Operation::Status, &mut headers, None);
        assert_eq!(headers, [header("accept", "application/json")]);
        let mut headers = usual();
        change_headers(&changes, Operation::Payment, &mut headers, None);
        assert_eq!(headers, usual());
    }

    #[test]
    fn bodies_are_merged_deeply() {
        let changes = changes(
            "[[requests]]\nbody = { creditorAddress = { country = \"DE\" }, creditorAccount = { currency = \"EUR\" } }\n",
        );
        let mut body = json!({ "creditorAccount": { "iban": "x" } });
        change_body(&changes, &mut body);
        let wanted =
            json!({ "creditorAccount": { "iban": "x", "currency": "EUR" }, "creditorAddress": { "country": "DE" } });
        assert_eq!(body, wanted);
    }

    #[test]
    fn what_is_not_the_banks_to_want_is_refused() {
        for (text, complaint) in [
            ("headers = { Host = \"x\" }", "belongs to the transport"),
            ("without = [\"Authorization\"]", "belongs to the transport"),
            ("headers = { \"a b\" = \"x\" }", "no name"),
            ("headers = { A = \"x\\r\\nB: y\" }", "cannot stand in a header"),
            ("operations = [\"page\"]\nheaders = { A = \"x\" }", "cannot change \"page\""),
            ("operations = [\"status\"]\nbody = { a = \"b\" }", "that have none"),
        ] {
            let change = &changes(&format!("[[requests]]\n{text}\n"))[0];
            assert!(
                change.objection(Dialect::BerlinGroup).is_some_and(|(_, problem, _)| problem.contains(complaint)),
                "{text}"
            );
        }
    }
}
