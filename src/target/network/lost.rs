//! Hosts that have stopped answering in the middle of a run: whoever is not there is not asked for the rest of it, so that
//! nobody waits an hour for timeouts.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use time::OffsetDateTime;
use url::Url;

/// So many connections in a row have to fail before a host is taken for lost.
const IN_A_ROW: u32 = 3;

/// What is known of hosts to which connections have failed, shared by everybody who asks.
#[derive(Debug, Default)]
pub struct Lost(Mutex<BTreeMap<Place, Silence>>);

/// A host by its name without brackets, and a port.
type Place = (String, u16);

#[derive(Debug)]
struct Silence {
    since: OffsetDateTime,
    failed: u32,
    why: String,
}

impl Lost {
    /// Why a URL is not asked; `None` where it may be.
    pub fn objection(&self, url: &str) -> Option<String> {
        let all = self.all();
        // Hardly ever is anybody lost, and every request asks.
        let place = if all.is_empty() { None } else { place(url) }?;
        let Silence { since, failed, why } = all.get(&place)?;
        let (host, port) = place;
        let (hour, minute, second) = since.to_hms();
        (*failed >= IN_A_ROW).then(|| {
            format!("{host}:{port} does not answer any more since {hour:02}:{minute:02}:{second:02} UTC: {why}")
        })
    }

    /// No connection came about, and nobody was there who could have refused one.
    pub fn missed(&self, url: &str, why: &str, now: OffsetDateTime) {
        let Some(place) = place(url) else { return };
        let mut all = self.all();
        let silence = all.entry(place).or_insert_with(|| Silence { since: now, failed: 0, why: why.to_owned() });
        silence.failed += 1;
    }

    /// Somebody is there: with an answer, or a refusal.
    pub fn met(&self, url: &str) {
        let mut all = self.all();
        if !all.is_empty()
            && let Some(place) = place(url)
        {
            all.remove(&place);
        }
    }

    /// Every host that is not asked any more, with its port.
    pub fn places(&self) -> Vec<(String, u16)> {
        let all = self.all();
        all.iter().filter(|(_, silence)| silence.failed >= IN_A_ROW).map(|(place, _)| place.clone()).collect()
    }

    /// A host has come back.
    pub fn found(&self, place: &(String, u16)) {
        self.all().remove(place);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Place, Silence>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(url: &str) -> Option<Place> {
    let url = Url::parse(url).ok()?;
    Some((url.host_str()?.trim_matches(['[', ']']).to_owned(), url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const URL: &str = "https://api.bank.example/v1/payments";

    #[test]
    fn so_many_failures_in_a_row_lose_a_host() {
        let (lost, now) = (Lost::default(), datetime!(2026-11-21 10:00:07 UTC));
        let miss = |times: u32| (0..times).for_each(|_| lost.missed(URL, "Connection refused", now));
        miss(IN_A_ROW - 1);
        assert_eq!(lost.objection(URL), None);
        lost.met("https://API.bank.example:443/token");
        miss(IN_A_ROW - 1);
        assert_eq!(lost.objection(URL), None, "somebody was there in between");
        miss(1);
        let told = "api.bank.example:443 does not answer any more since 10:00:07 UTC: Connection refused";
        assert_eq!(lost.objection(URL).as_deref(), Some(told));
        assert_eq!(lost.objection("https://api.bank.example:8443/"), None, "another server");
        assert_eq!(lost.objection("https://bank.example/"), None);
        let places = lost.places();
        assert_eq!(places, [("api.bank.example".to_owned(), 443)]);
        lost.found(&places[0]);
        assert_eq!(lost.objection(URL), None);
    }
}
