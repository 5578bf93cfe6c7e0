//! The customer's own device, with the bank's app: decoupled SCA. Whoever is on this machine holds it in hand.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::bank::http::{self, Incoming};
use crate::bank::model::payment::{Decision, ScaStatus};
use crate::bank::model::state::State;
use crate::bank::model::world::World;
use crate::bank::rule;

/// How long the device takes to tell the bank, in seconds.
const ON_THE_WAY: i64 = 10;

#[derive(Deserialize)]
struct Order {
    authorisation: String,
    does: Deed,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    Approve,
    Deny,
}

/// `POST /device {"authorisation": ID, "does": "approve" or "deny"}`.
pub(in crate::bank) fn endpoint(world: &World, incoming: &Incoming) -> Response {
    if !incoming.peer.address.is_loopback() {
        let refusal = json!({ "error": "the device obeys this machine only" });
        return rule::refused(
            http::json(StatusCode::FORBIDDEN, &refusal),
            "own_machine",
            "the device is this machine's",
        );
    }
    if incoming.method != Method::POST {
        return http::method_not_allowed("POST");
    }
    let Ok(order) = serde_json::from_slice::<Order>(&incoming.body) else {
        let help = json!({ "error": "expected {\"authorisation\": ID, \"does\": \"approve\" or \"deny\"}" });
        return rule::refused(http::json(StatusCode::BAD_REQUEST, &help), "device", "the body says no decision");
    };
    let mut state = world.state();
    match state.authorisations.get_mut(&order.authorisation).filter(|found| found.is_open_on_device()) {
        Some(authorisation) => {
            let known_at = world.clock.now().saturating_add(ON_THE_WAY);
            authorisation.decision = Some(Decision { known_at, approves: order.does == Deed::Approve });
            http::json(StatusCode::OK, &json!({ "known_in_seconds": ON_THE_WAY }))
        }
        None => {
            let nothing = "nothing to decide about is on the device";
            rule::refused(http::json(StatusCode::NOT_FOUND, &json!({ "error": nothing })), "device", nothing)
        }
    }
}

/// Lets the bank know what has been decided about a payment by now.
pub(in crate::bank) fn deliver(world: &World, state: &mut State, payment: &str) {
    let ids = state.payments.get(payment).map(|payment| payment.authorisations.clone()).unwrap_or_default();
    for id in ids {
        let State { payments, authorisations, .. } = state;
        let (Some(row), Some(authorisation)) = (payments.get_mut(payment), authorisations.get_mut(&id)) else {
            continue;
        };
        let is_known = |decision: &mut Decision| world.clock.now() >= decision.known_at;
        let Some(decision) = authorisation.decision.take_if(is_known) else { continue };
        // Nobody pays from another customer's account.
        let owned = row.debtor_account.is_empty() || world.customer.owns(&row.debtor_account);
        let approved = decision.approves && owned;
        let paid = approved || world.faults.on("decoupled-denial-accepted");
        let settled = if paid { row.accept(world) } else { row.reject(world) };
        authorisation.come_to(match approved && settled {
            true if world.faults.on("decoupled-sca-never-finalised") => ScaStatus::Started,
            true => ScaStatus::Finalised,
            false => ScaStatus::Failed,
        });
    }
}
