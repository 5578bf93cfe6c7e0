//! The payment API: UK Open Banking Read/Write 3.1.11 and 4.0 for single domestic payments.
//!
//! A TPP lodges a consent, the customer agrees to it at the authorization server, and the TPP orders the payment under it.

mod consents;
mod errors;
mod fields;
mod funds;
mod idempotency;
pub(super) mod intent;
mod orders;
mod rules;
mod told;
mod validate;
mod words;

use axum::http::header::ALLOW;
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;

use super::certificate::licence::Access;
use super::habits;
use super::http::{self, Incoming};
use super::model::consent::Version;
use super::model::state::State;
use super::model::world::World;
use super::oauth::bearer;
use super::rule::{Named, rules, under};
use super::signatures;
use errors::UkError;
use rules::{
    Rule, accepts_json, body_bounded, certificate, consent_token, customers_token, idempotency_key, media_type, role,
    signature, signature_demanded, tpps_token, unrevoked,
};

/// Where the versions are.
const BASES: [(&str, Version); 2] =
    [("/open-banking/v3.1/pisp", Version::V3), ("/open-banking/v4.0/pisp", Version::V4)];

/// What a TPP can do, and which rules it has to pass in which order.
struct Operation {
    /// What it is called; its refusals are known by that, beyond the rules.
    name: &'static str,
    method: &'static str,
    /// Below the base of the version.
    path: &'static str,
    /// What it takes of a licence.
    access: Access,
    /// What it takes of a token.
    token: &'static [Named<Rule>],
    /// What it takes of the message.
    message: &'static [Named<Rule>],
    answer: fn(&Call<'_>, &mut State) -> Result<Response, UkError>,
}

/// Every request says who it is from.
const IDENTIFIED: &[Named<Rule>] = rules![certificate, unrevoked, role];
/// What makes something is signed, and has a key of its own.
const MAKES: &[Named<Rule>] =
    rules![body_bounded, signature_demanded, signature, media_type, accepts_json, idempotency_key];
const READS: &[Named<Rule>] = rules![accepts_json];

static OPERATIONS: [Operation; 6] = [
    Operation {
        name: "initiation",
        method: "POST",
        path: "/domestic-payment-consents",
        access: Access::Lodging,
        token: rules![tpps_token],
        message: MAKES,
        answer: consents::create,
    },
    Operation {
        name: "status",
        method: "GET",
        path: "/domestic-payment-consents/{id}",
        access: Access::Status,
        token: rules![tpps_token],
        message: READS,
        answer: consents::read,
    },
    Operation {
        name: "funds-confirmation",
        method: "GET",
        path: "/domestic-payment-consents/{id}/funds-confirmation",
        access: Access::Resource,
        token: rules![consent_token, customers_token],
        message: READS,
        answer: funds::confirm,
    },
    Operation {
        name: "order",
        method: "POST",
        path: "/domestic-payments",
        access: Access::Other,
        token: rules![consent_token, customers_token],
        message: MAKES,
        answer: orders::create,
    },
    Operation {
        name: "order-status",
        method: "GET",
        path: "/domestic-payments/{id}",
        access: Access::Other,
        token: rules![tpps_token],
        message: READS,
        answer: orders::read,
    },
    Operation {
        name: "order-details",
        method: "GET",
        path: "/domestic-payments/{id}/payment-details",
        access: Access::Other,
        token: rules![tpps_token],
        message: READS,
        answer: orders::details,
    },
];

/// A request on its way through the rules.
struct Call<'a> {
    world: &'a World,
    incoming: &'a Incoming,
    version: Version,
    /// The consent or the order that it is about; empty where there is none yet.
    id: &'a str,
    access: Access,
    /// What is asked for.
    operation: &'static str,
}

/// Each rule at each operation where it holds: the operation, and the rule.
pub(super) fn rules_by_place() -> Vec<(&'static str, &'static str)> {
    let rules = |operation: &'static Operation| IDENTIFIED.iter().chain(operation.token).chain(operation.message);
    let of = |operation: &'static Operation| rules(operation).map(|rule| (operation.name, rule.name()));
    let owned = |operation: &'static Operation| (operation.name, "owner");
    let of_tokens = |operation: &'static Operation| bearer::rules_at(operation.name);
    // Nothing belongs to anybody before it is made.
    let owned = OPERATIONS.iter().skip(1).map(owned);
    OPERATIONS.iter().flat_map(of).chain(owned).chain(OPERATIONS.iter().flat_map(of_tokens)).collect()
}

/// Whether a path is one of this API.
pub(super) fn is_path(path: &str) -> bool {
    path.starts_with("/open-banking/")
}

/// The consent under which a request orders a payment; `None` where it orders none.
pub(super) fn consent_of_order(incoming: &Incoming) -> Option<String> {
    let is_order = incoming.method == "POST" && incoming.path.ends_with("/domestic-payments");
    let body: serde_json::Value = is_order.then(|| serde_json::from_slice(&incoming.body).ok())??;
    Some(body.pointer("/Data/ConsentId")?.as_str()?.to_owned())
}

/// Every path of this API.
pub(super) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let base = BASES.iter().find_map(|(base, version)| Some((*version, incoming.path.strip_prefix(base)?)));
    let mut response = match base {
        Some((version, path)) => {
            answer(world, incoming, version, path).unwrap_or_else(|error| error.response(world, version))
        }
        None => {
            let error = under("path")(UkError::bare(StatusCode::NOT_FOUND, "there is nothing at this path"));
            error.response(world, Version::V4)
        }
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let methods = base.map(|(_, path)| methods_at(path)).unwrap_or_default();
        http::set(&mut response, ALLOW, &methods);
    }
    response = habits::in_our_words(world, incoming, response);
    play_back(world, incoming, &mut response);
    signatures::sign_answer(world, incoming, form_of_answer(&response), response)
}

/// What can be asked for at that path (RFC 9110 §15.5.6).
fn methods_at(path: &str) -> String {
    let here = OPERATIONS.iter().filter(|operation| fit(operation.path, path).is_some());
    here.map(|operation| operation.method).collect::<Vec<_>>().join(", ")
}

fn answer(world: &World, incoming: &Incoming, version: Version, path: &str) -> Result<Response, UkError> {
    let mut path_is_known = false;
    for operation in &OPERATIONS {
        let Some(id) = fit(operation.path, path) else { continue };
        path_is_known = true;
        if operation.method != incoming.method.as_str() {
            continue;
        }
        let call = Call { world, incoming, version, id, access: operation.access, operation: operation.name };
        let mut state = world.state();
        let mut rules = IDENTIFIED.iter().chain(operation.token).chain(operation.message);
        let here = (&world.faults, operation.name);
        rules.try_for_each(|rule| rule.apply_at(here, |rule| rule(&call, &state)))?;
        return (operation.answer)(&call, &mut state).map_err(under(operation.name));
    }
    Err(match path_is_known {
        true => under("method")(UkError::bare(StatusCode::METHOD_NOT_ALLOWED, "the method is not offered here")),
        false => under("path")(UkError::bare(StatusCode::NOT_FOUND, "there is nothing at this path")),
    })
}

/// The id in a path that fits the template; "" where the template has none.
fn fit<'p>(template: &str, path: &'p str) -> Option<&'p str> {
    let Some((front, back)) = template.split_once("{id}") else { return (template == path).then_some("") };
    let id = path.strip_prefix(front)?.strip_suffix(back)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// Every answer with a body is signed.
fn form_of_answer(response: &Response) -> Option<&'static str> {
    response.headers().contains_key("content-type").then_some(signatures::X_JWS_SIGNATURE)
}

/// Read-Write Data API Profile, response headers: the interaction id of the request, or a new one.
fn play_back(world: &World, incoming: &Incoming, response: &mut Response) {
    const X_FAPI_INTERACTION_ID: HeaderName = HeaderName::from_static("x-fapi-interaction-id");
    if world.faults.on("uk-interaction-id-missing") {
        return;
    }
    let sent = incoming.headers.get(&X_FAPI_INTERACTION_ID).filter(|value| !value.is_empty()).cloned();
    let made = || world.random.uuid().to_string().parse().ok();
    if let Some(id) = sent.or_else(made) {
        response.headers_mut().insert(X_FAPI_INTERACTION_ID, id);
    }
}

impl Call<'_> {
    /// The organizationIdentifier of the TPP that speaks: whose token it is, or else whose certificate.
    fn tpp(&self, state: &State) -> String {
        let client = bearer::holder(self.world, state, self.incoming).and_then(|(id, _)| self.world.client(&id));
        let certificate = self.incoming.peer.certificate.as_ref();
        let named = || certificate.and_then(|certificate| certificate.organization_identifier.clone());
        client.map(|client| client.organization_identifier.clone()).or_else(named).unwrap_or_default()
    }

    /// The thumbprint of the certificate that it comes with.
    fn thumbprint(&self) -> Option<String> {
        self.incoming.peer.certificate.as_ref().map(|certificate| certificate.thumbprint.clone())
    }

    /// The absolute address of a resource.
    fn address(&self, path: &str) -> String {
        let base = BASES.iter().find(|(_, version)| *version == self.version).map_or("", |(base, _)| base);
        format!("{}{base}{path}", self.world.api)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_template_and_no_other() {
        let template = "/domestic-payment-consents/{id}/funds-confirmation";
        assert_eq!(fit(template, "/domestic-payment-consents/7/funds-confirmation"), Some("7"));
        assert_eq!(fit(template, "/domestic-payment-consents//funds-confirmation"), None);
        assert_eq!(fit(template, "/domestic-payment-consents/7/8/funds-confirmation"), None);
        assert_eq!(fit("/domestic-payments", "/domestic-payments"), Some(""));
        assert_eq!(fit("/domestic-payments", "/domestic-payments/7"), None);
        assert_eq!(fit("/domestic-payments/{id}", "/domestic-payments/7"), Some("7"));
    }
}
