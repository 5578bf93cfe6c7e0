//! The scenarios in which a bank is judged, as the engine runs them.

use std::sync::Arc;

use cucumber::step;

use super::engine::Scene;
use crate::{
    steps::{self, Outcome, World},
    tpp::session::Session,
};

impl Scene for World {
    type Stage = Session;

    fn steps() -> step::Collection<Self> {
        steps::steps()
    }

    fn begin(&mut self, session: &Arc<Session>, label: &str) {
        self.enter(session.clone(), label);
        if let Some(reason) = session.target.network.calendar.closed_now() {
            self.bar(reason);
        }
    }

    fn elapsed_ms(&self) -> Option<f64> {
        World::elapsed_ms(self)
    }

    fn outcome(&self, failure: Option<&str>) -> Outcome {
        World::outcome(self, failure)
    }
}
