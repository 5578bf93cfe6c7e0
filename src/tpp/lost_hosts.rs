//! Hosts that were lost in the course of a run, and may have come back.

use std::time::Duration;

use tokio::time::timeout;

use super::{first_look, session::Session};

impl Session {
    /// Looks once for each host that is not asked any more: a server that was started anew is back by now. Those that take
    /// a connection are asked again.
    pub async fn look_for_the_lost(&self) {
        let lost = &self.target.network.lost;
        for place in lost.places() {
            let (host, port) = &place;
            let limit = Duration::from_secs(self.target.timeout_of(host));
            if let Ok(Ok(())) = timeout(limit, first_look::reach(&self.target, host, *port)).await {
                lost.found(&place);
            }
        }
    }
}
