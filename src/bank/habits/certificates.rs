//! Certificates that are asked for, judged and refused elsewhere than usual.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};

use super::answers::Answer;
use super::{Habit, Habits};
use crate::bank::certificate::licence;
use crate::bank::certificate::presented::Presented;
use crate::bank::faults::Faults;
use crate::bank::http::Incoming;
use crate::bank::model::world::World;
use crate::bank::oauth::client::authentication::{self, Endpoint};
use crate::bank::routes;
use crate::pki::status::Locations;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "certificates-judged-in-http",
        says: "lets TLS connections without a certificate come about and sends them elsewhere over HTTP, as a gateway does, \
               which has a page for certificates that it refuses as well (RTS Art. 34 asks that TPPs are identified, not \
               by whom)",
    },
    Habit {
        id: "certificates-refused-with-400",
        says: "lets every TLS connection come about, and has a web server answer 400 with a page where a certificate is missing \
               or refused (RFC 9110 15.5.1; RTS Art. 34 as above)",
    },
    Habit {
        id: "roles-judged-in-tls",
        says: "ends the handshake with whoever has no licence for payments (RFC 8446 6.2, access_denied)",
    },
    Habit {
        id: "strangers-hung-up-on",
        says: "closes the connection without a word where a certificate has no PSD2 statement that can be read, as load \
               balancers do",
    },
    Habit {
        id: "untold-status-refused",
        says: "refuses certificates whose status nobody tells, for as long as that is so (RFC 5280 6.3 leaves it open)",
    },
    Habit { id: "registered-tpps-alone", says: "serves no TPP that has not registered before (RFC 6749 2)" },
    Habit {
        id: "registered-certificates-alone",
        says: "knows each TPP by the one certificate that it has registered (RFC 8705 2.2), and a renewed one is registered \
               first",
    },
];

/// Whether TLS refuses a certificate that is good otherwise.
pub(in crate::bank) fn refuses_in_tls(habits: &Habits, faults: &Faults, certificate: &Presented) -> bool {
    habits.has("roles-judged-in-tls")
        && (certificate.flaw.is_some()
            || certificate.psd2().is_none()
            || !licence::allows_payments(faults, certificate))
}

/// Whether the connection is closed before a word is said on it.
pub(in crate::bank) fn hangs_up_on(habits: &Habits, certificate: Option<&Presented>) -> bool {
    let unreadable = |certificate: &Presented| certificate.flaw.is_some() || certificate.psd2().is_none();
    habits.has("strangers-hung-up-on") && certificate.is_some_and(unreadable)
}

/// Whether somebody is said to tell the status of a certificate, which is then refused where nobody does.
pub(in crate::bank) fn refuses_untold(world: &World, incoming: &Incoming) -> bool {
    let told = |places: Locations| !places.ocsp.is_empty() || !places.crl.is_empty();
    world.habits.has("untold-status-refused")
        && incoming.peer.leaf.as_ref().and_then(|leaf| Locations::of(leaf).ok()).is_some_and(told)
}

/// Whether the holder of a certificate is one that the bank serves; if not, why.
pub(in crate::bank) fn knows(world: &World, certificate: &Presented) -> Result<(), &'static str> {
    let identifier = certificate.organization_identifier.as_ref();
    let registered = world.clients.iter().find(|known| Some(&known.client.client_id) == identifier);
    match registered {
        None if world.habits.has("registered-tpps-alone") => Err("register first"),
        Some(known) if known.first_thumbprint != certificate.thumbprint => {
            match world.habits.has("registered-certificates-alone") {
                true => Err("the certificate is not the one that you have registered"),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// The page of a widespread web server.
pub(super) fn as_nginx(world: &World, incoming: &Incoming, answer: &mut Answer) {
    let is_certified = incoming.peer.certificate.is_some();
    if is_for_tpps(incoming) && (!is_certified || is_refused(world, incoming, answer)) {
        answer.page(StatusCode::BAD_REQUEST);
    }
}

/// Where TPPs come, and nobody else.
fn is_for_tpps(incoming: &Incoming) -> bool {
    Endpoint::at(&incoming.path).is_some() || routes::is_api(&incoming.path)
}

/// Whether the certificate does not do at the door at which it is shown. What stands before the bank knows of each door what
/// the bank knows, and looks away where the bank does.
fn is_refused(world: &World, incoming: &Incoming, answer: &Answer) -> bool {
    let Some(certificate) = &incoming.peer.certificate else { return false };
    match Endpoint::at(&incoming.path) {
        Some(endpoint) => {
            authentication::identify(world, certificate, endpoint).is_err()
                || authentication::check_status(world, incoming, endpoint).is_err()
        }
        None => answer.broke(&["certificate", "unrevoked"]),
    }
}

/// Whether TLS lets everybody in, and the certificate is judged afterwards.
pub(in crate::bank) fn judges_in_http(habits: &Habits) -> bool {
    habits.has("certificates-judged-in-http") || habits.has("certificates-refused-with-400")
}

/// What stands before the bank refuses certificates, and has pages of its own for that.
pub(super) fn as_a_gateway(world: &World, incoming: &Incoming, answer: &mut Answer) {
    if !is_for_tpps(incoming) {
        return;
    }
    if incoming.peer.certificate.is_none() {
        // Who pushes a request says who it is in other ways too.
        let is_pushed = incoming.path == "/par";
        if !is_pushed && let Ok(to) = HeaderValue::try_from(format!("{}/help", world.issuer)) {
            answer.page(StatusCode::FOUND);
            answer.parts.headers.insert(LOCATION, to);
        }
    } else if is_refused(world, incoming, answer) {
        answer.page(StatusCode::FORBIDDEN);
    }
}
