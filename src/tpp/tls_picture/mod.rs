//! The TLS picture: what each host of the bank agrees to, and what it presents. Facts only; a policy rates them.

mod certificate;
mod client_hello;
mod greet;
mod host;
mod observe;
mod plain;
pub mod resumption;
pub mod server_hello;
mod suites;

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use time::OffsetDateTime;

use super::session::Session;
use crate::{
    evidence::tls::{HostPicture, Offer},
    targets::Target,
};
use host::Host;
pub use plain::{ask_in_the_clear, ask_there_in_the_clear};

/// So many greetings at a time, so that a bank need not take them for an attack.
const AT_ONCE: usize = 6;
/// The longest wait for one answer, in seconds; the target file may set a shorter one.
const LONGEST: u64 = 5;

/// The picture of every host of the bank: taken once in a run, and recorded.
pub async fn of(session: &Session) -> Vec<Arc<HostPicture>> {
    session.pictures().get_or_init(|| take(session)).await.clone()
}

async fn take(session: &Session) -> Vec<Arc<HostPicture>> {
    let mut pictures = Vec::new();
    for host in host::all(session) {
        pictures.push(session.recorder.record_picture(look_at(session, &host).await));
    }
    pictures
}

async fn look_at(session: &Session, host: &Host) -> HostPicture {
    let limit = Duration::from_secs(session.target.timeout_of(&host.name).min(LONGEST));
    let seen_at = OffsetDateTime::now_utc();
    let greetings = Offer::ALL.into_iter().map(|offer| greet::greet(&session.target.network, host, offer, limit));
    let mut hellos: Vec<_> = stream::iter(greetings).buffer_unordered(AT_ONCE).collect().await;
    hellos.sort_by_key(|hello| Offer::ALL.iter().position(|offer| *offer == hello.offer));
    let mut presented = Vec::new();
    for kind in observe::KINDS {
        presented.push(observe::observe(&session.target, host, kind, limit).await);
    }
    let (own_authorities, own_authorities_known) = certificate::authorities(&session.target);
    HostPicture {
        host: host.authority(),
        doors: host.doors.clone(),
        seen_at,
        hellos,
        presented,
        own_authorities,
        own_authorities_known,
    }
}

/// What the hosts of those addresses present, each host once, without any greeting: a quick look before anything else.
pub async fn handshakes(target: &Target, urls: &[String]) -> Vec<HostPicture> {
    let limit = Duration::from_secs(target.timeout_seconds.min(LONGEST));
    let mut pictures: Vec<HostPicture> = Vec::new();
    for host in urls.iter().filter_map(|url| host::at(url)) {
        if pictures.iter().any(|known| known.host == host.authority()) {
            continue;
        }
        let seen_at = OffsetDateTime::now_utc();
        let mut presented = Vec::new();
        for kind in observe::KINDS {
            presented.push(observe::observe(target, &host, kind, limit).await);
        }
        let (own_authorities, own_authorities_known) = certificate::authorities(target);
        let (hellos, doors) = (Vec::new(), Vec::new());
        pictures.push(HostPicture {
            host: host.authority(),
            doors,
            seen_at,
            hellos,
            presented,
            own_authorities,
            own_authorities_known,
        });
    }
    pictures
}
