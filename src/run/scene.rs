//! The scenarios in which a bank is judged, as the engine runs them.

use std::sync::Arc;

use cucumber::step;

use super::engine::Scene;
use crate::{
    evidence::check_row::CheckRow,
    steps::{self, Outcome, World},
    tpp::{Trouble, session::Session},
};

impl Scene for World {
    type Stage = Session;

    fn steps() -> step::Collection<Self> {
        steps::steps()
    }

    fn begin(&mut self, session: &Arc<Session>, row: &CheckRow) {
        self.enter(session.clone(), row.clone());
        if let Some(reason) = session.target.network.calendar.closed_now() {
            self.bar(reason);
        }
    }

    fn elapsed_ms(&self) -> Option<f64> {
        World::elapsed_ms(self)
    }

    fn outcome(&self, failure: Option<Trouble>) -> Outcome {
        World::outcome(self, failure)
    }
}
