//! The payment API: NextGenPSD2 1.3 for single SEPA credit transfers, with the redirect, OAuth and decoupled approaches.

mod authorisations;
mod cancel;
mod errors;
mod initiate;
mod read;
mod rules;
pub(super) mod scope;
mod validate;
mod wishes;
mod words;

use axum::http::header::ALLOW;
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;

use super::certificate::licence::Access;
use super::habits;
use super::http::{self, Incoming};
use super::model::state::State;
use super::model::world::World;
use super::oauth::bearer;
use super::psu::device;
use super::rule::{Named, rules, under};
use super::signatures;
use errors::TppMessage;
use rules::{
    Rule, body_bounded, certificate, known_payment, media_type, newest_certificate, owner, payment_token, product,
    psu_ip_address, request_id, role, signature, signature_demanded, tpp_uris, unrevoked,
};
use wishes::wishes;

/// The one payment product of this bank.
const PRODUCT: &str = "sepa-credit-transfers";

/// What a TPP can do, and which rules it has to pass in which order.
struct Operation {
    /// What it is called; its refusals are known by that, beyond the rules.
    name: &'static str,
    method: &'static str,
    path: &'static str,
    /// What it takes of a licence.
    access: Access,
    rules: &'static [Named<Rule>],
    answer: fn(&Call<'_>, &mut State) -> Result<Response, TppMessage>,
}

/// Every request names itself, and who it is from.
const IDENTIFIED: &[Named<Rule>] = rules![request_id, certificate, unrevoked, role, newest_certificate, product];

/// Last of all: what is wrong in itself need not be right in its signature.
const SEALED: &[Named<Rule>] = rules![wishes, signature];

static OPERATIONS: [Operation; 7] = [
    Operation {
        name: "initiation",
        method: "POST",
        path: "/v1/payments/{product}",
        access: Access::Lodging,
        rules: rules![media_type, body_bounded, psu_ip_address, tpp_uris, signature_demanded],
        answer: initiate::initiate,
    },
    Operation {
        name: "payment",
        method: "GET",
        path: "/v1/payments/{product}/{payment}",
        access: Access::Resource,
        rules: rules![payment_token, known_payment, owner],
        answer: read::payment,
    },
    Operation {
        name: "cancellation",
        method: "DELETE",
        path: "/v1/payments/{product}/{payment}",
        access: Access::Cancellation,
        rules: rules![known_payment, owner],
        answer: cancel::cancel,
    },
    Operation {
        name: "status",
        method: "GET",
        path: "/v1/payments/{product}/{payment}/status",
        access: Access::Status,
        rules: rules![known_payment, owner],
        answer: read::status,
    },
    Operation {
        name: "authorisation",
        method: "POST",
        path: "/v1/payments/{product}/{payment}/authorisations",
        access: Access::Authorisation,
        rules: rules![known_payment, owner, tpp_uris],
        answer: authorisations::start,
    },
    Operation {
        name: "authorisation-list",
        method: "GET",
        path: "/v1/payments/{product}/{payment}/authorisations",
        access: Access::Other,
        rules: rules![known_payment, owner],
        answer: authorisations::list,
    },
    Operation {
        name: "sca-status",
        method: "GET",
        path: "/v1/payments/{product}/{payment}/authorisations/{authorisation}",
        access: Access::AuthorisationStatus,
        rules: rules![known_payment, owner],
        answer: authorisations::sca_status,
    },
];

/// A request on its way through the rules.
struct Call<'a> {
    world: &'a World,
    incoming: &'a Incoming,
    product: &'a str,
    payment: &'a str,
    authorisation: &'a str,
    access: Access,
}

/// Each rule at each operation where it holds: the operation, and the rule.
pub(super) fn rules_by_place() -> Vec<(&'static str, &'static str)> {
    let rules = |operation: &'static Operation| IDENTIFIED.iter().chain(operation.rules).chain(SEALED);
    let of = |operation: &'static Operation| rules(operation).map(|rule| (operation.name, rule.name()));
    OPERATIONS.iter().flat_map(of).chain(validate::rules_by_field()).chain(bearer::rules_at("payment")).collect()
}

/// Whether a path is one of this API.
pub(super) fn is_path(path: &str) -> bool {
    path.starts_with("/v1/")
}

/// Every path of the second listener that is not one of the authorization server's.
pub(super) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    let mut response = answer(world, incoming).unwrap_or_else(|error| error.response(&world.faults));
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        http::set(&mut response, ALLOW, &methods_beside(incoming));
    }
    response = habits::in_our_words(world, incoming, response);
    echo_request_id(world, incoming, &mut response);
    signatures::sign_answer(world, incoming, signatures::form_of_answer(incoming), response)
}

/// What can be asked for at that path instead (RFC 9110 §15.5.6).
fn methods_beside(incoming: &Incoming) -> String {
    let here = OPERATIONS.iter().filter(|operation| fit(operation.path, &incoming.path).is_some());
    let others = here.map(|operation| operation.method).filter(|method| *method != incoming.method.as_str());
    others.collect::<Vec<_>>().join(", ")
}

fn answer(world: &World, incoming: &Incoming) -> Result<Response, TppMessage> {
    let mut path_is_known = false;
    for operation in &OPERATIONS {
        let Some([product, payment, authorisation]) = fit(operation.path, &incoming.path) else { continue };
        let payment = &*habits::called(world, payment);
        path_is_known = true;
        if operation.method != incoming.method.as_str() {
            continue;
        }
        let call = Call { world, incoming, product, payment, authorisation, access: operation.access };
        let mut state = world.state();
        device::deliver(world, &mut state, payment);
        let mut rules = IDENTIFIED.iter().chain(operation.rules).chain(SEALED);
        let here = (&world.faults, operation.name);
        rules.try_for_each(|rule| rule.apply_at(here, |rule| rule(&call, &state)))?;
        return (operation.answer)(&call, &mut state).map_err(under(operation.name));
    }
    let refused = |rule, error: TppMessage| Err(under(rule)(error));
    match path_is_known {
        true => refused("method", TppMessage::new(405, "SERVICE_INVALID", "the method is not offered here")),
        false => refused("path", TppMessage::new(404, "RESOURCE_UNKNOWN", "there is nothing at this path")),
    }
}

/// The values of a template's holes, if the path fits it.
fn fit<'p>(template: &str, path: &'p str) -> Option<[&'p str; 3]> {
    let mut values = [""; 3];
    let (mut holes, mut segments) = (values.iter_mut(), path.split('/'));
    for expected in template.split('/') {
        let segment = segments.next()?;
        match expected.starts_with('{') {
            true => *holes.next()? = segment,
            false if expected == segment => {}
            false => return None,
        }
    }
    segments.next().is_none().then_some(values)
}

/// NextGenPSD2: the id of a request is in its answer; one is made where the request had none.
fn echo_request_id(world: &World, incoming: &Incoming, response: &mut Response) {
    const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    let error = response.status().is_client_error() || response.status().is_server_error();
    if world.faults.on("request-id-not-echoed") || (error && world.faults.on("request-id-missing-on-errors")) {
        return;
    }
    let made = || world.random.uuid().to_string().parse().ok();
    if let Some(id) = incoming.headers.get(&X_REQUEST_ID).cloned().or_else(made) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
}

impl Call<'_> {
    /// The TPP that speaks: the organizationIdentifier of its certificate.
    fn tpp(&self) -> &str {
        let certificate = self.incoming.peer.certificate.as_ref();
        let named = certificate.and_then(|certificate| certificate.organization_identifier.as_deref());
        // A bank that asks for no certificate takes whoever comes for the first TPP that it knows.
        let first = || self.world.clients.first().map(|known| known.client.client_id.as_str());
        named.or_else(first).unwrap_or_default()
    }

    /// The thumbprint of the certificate that it comes with.
    fn thumbprint(&self) -> Option<String> {
        self.incoming.peer.certificate.as_ref().map(|certificate| certificate.thumbprint.clone())
    }

    /// The address of a payment: absolute, or from the root of the API.
    fn address(&self, payment: &str) -> String {
        let habits = &self.world.habits;
        let base = match () {
            () if habits.has("api-below-a-path") => habits::BELOW,
            () if habits.has("relative-links") => "",
            () => &self.world.api,
        };
        format!("{base}/v1/payments/{PRODUCT}/{}", habits::handle(self.world, payment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_template_and_no_other() {
        let template = "/v1/payments/{product}/{payment}/status";
        assert_eq!(fit(template, "/v1/payments/a/b/status"), Some(["a", "b", ""]));
        assert_eq!(fit(template, "/v1/payments/a/b"), None);
        assert_eq!(fit(template, "/v1/payments/a/b/status/"), None);
    }
}
