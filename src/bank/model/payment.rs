//! Payments and their authorisations as the bank keeps them.

use std::time::Instant;

use serde_json::{Map, Value};

use super::grant::LAG;
use super::world::World;

/// How long after its approval a payment is executed, in seconds.
const TIME_TO_EXECUTION: i64 = 60;
/// Where it is settled the next day, in seconds.
const TIME_TO_SETTLEMENT: i64 = 86_400;

/// A payment that a TPP has initiated.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Payment {
    /// The organizationIdentifier of the TPP.
    pub(in crate::bank) owner: String,
    /// The certificate that it was initiated under, by its thumbprint.
    pub(in crate::bank) initiated_under: Option<String>,
    /// What the TPP sent.
    pub(in crate::bank) order: Map<String, Value>,
    pub(in crate::bank) amount: String,
    pub(in crate::bank) currency: String,
    pub(in crate::bank) creditor_name: String,
    pub(in crate::bank) creditor_account: String,
    pub(in crate::bank) debtor_account: String,
    pub(in crate::bank) stage: Stage,
    /// What it was before it was cancelled, and when that was.
    pub(in crate::bank) before: Option<(Stage, Instant)>,
    /// When it came to that stage.
    pub(in crate::bank) changed_at: i64,
    /// The ids of its authorisation sub-resources, oldest first.
    pub(in crate::bank) authorisations: Vec<String>,
    /// The TPP-Redirect-URI and TPP-Nok-Redirect-URI of the initiation.
    pub(in crate::bank) redirect_uri: Option<String>,
    pub(in crate::bank) nok_redirect_uri: Option<String>,
}

/// What an initiation has brought, for whoever sends it once more.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Initiated {
    pub(in crate::bank) order: Map<String, Value>,
    pub(in crate::bank) payment: String,
    /// The links by which the customer authorises it.
    pub(in crate::bank) sca_links: Vec<(&'static str, String)>,
}

/// How far a payment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Stage {
    Received,
    Accepted { executed_at: i64 },
    Rejected,
    Cancelled,
}

impl Payment {
    /// Whether the customer may still be asked.
    pub(in crate::bank) fn is_authorisable(&self) -> bool {
        self.stage == Stage::Received
    }

    /// Whether the customer has approved it.
    pub(in crate::bank) fn is_accepted(&self) -> bool {
        matches!(self.stage, Stage::Accepted { .. })
    }

    /// The customer approves. False where it is too late for that.
    pub(in crate::bank) fn accept(&mut self, world: &World) -> bool {
        let slow = world.habits.has("accepted-profile-before-sca");
        let executed_at = world.clock.now().saturating_add(if slow { TIME_TO_SETTLEMENT } else { TIME_TO_EXECUTION });
        self.settle(world, Stage::Accepted { executed_at })
    }

    pub(in crate::bank) fn is_cancelled(&self) -> bool {
        self.stage == Stage::Cancelled
    }

    /// Only with a fault: the customer approves, and nobody looks whether it may.
    pub(in crate::bank) fn take_up_again(&mut self, world: &World) -> bool {
        (self.stage, self.before) = (Stage::Received, None);
        self.accept(world)
    }

    /// The customer refuses, or cannot be authenticated. False where it is too late for that.
    pub(in crate::bank) fn reject(&mut self, world: &World) -> bool {
        self.settle(world, Stage::Rejected)
    }

    /// The customer has it back.
    pub(in crate::bank) fn cancel(&mut self) {
        self.before = Some((self.stage, Instant::now()));
        self.stage = Stage::Cancelled;
    }

    /// The stage as it is told to those who ask.
    pub(in crate::bank) fn told_stage(&self, world: &World) -> Stage {
        match self.before {
            Some((before, since)) if since.elapsed() < LAG && world.habits.has("sca-status-lags") => before,
            _ => self.stage,
        }
    }

    fn settle(&mut self, world: &World, stage: Stage) -> bool {
        let possible = self.is_authorisable();
        if possible {
            self.stage = stage;
            self.changed_at = world.clock.now();
        }
        possible
    }

    /// The bank does not speak of it any more.
    pub(in crate::bank) fn is_forgotten(&self, world: &World) -> bool {
        self.stage == Stage::Cancelled && world.habits.has("accepted-profile-before-sca")
    }

    /// Whether the money, or the customer's no, is beyond recall.
    pub(in crate::bank) fn is_final(&self, world: &World) -> bool {
        match self.stage {
            Stage::Received => false,
            Stage::Accepted { executed_at } => world.clock.now() >= executed_at,
            Stage::Rejected | Stage::Cancelled => true,
        }
    }
}

/// What the customer has decided on the device, and when the bank knows of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::bank) struct Decision {
    pub(in crate::bank) known_at: i64,
    pub(in crate::bank) approves: bool,
}

/// An authorisation sub-resource: one attempt to have the customer approve.
#[derive(Clone, Debug)]
pub(in crate::bank) struct Authorisation {
    pub(in crate::bank) payment: String,
    pub(in crate::bank) status: ScaStatus,
    /// What it was before, and until when.
    pub(in crate::bank) before: Option<(ScaStatus, Instant)>,
    pub(in crate::bank) redirect_uri: Option<String>,
    pub(in crate::bank) nok_redirect_uri: Option<String>,
    /// The customer decides on its own device.
    pub(in crate::bank) decoupled: bool,
    /// What the customer has decided there.
    pub(in crate::bank) decision: Option<Decision>,
}

impl Authorisation {
    /// Comes to a status. Those who ask are told a moment later where the bank's servers lag.
    pub(in crate::bank) fn come_to(&mut self, status: ScaStatus) {
        if self.status != status {
            self.before = Some((self.status, Instant::now()));
            self.status = status;
        }
    }

    /// The status as it is told.
    pub(in crate::bank) fn told_status(&self, world: &World) -> ScaStatus {
        match self.before {
            Some((before, since)) if since.elapsed() < LAG && world.habits.has("sca-status-lags") => before,
            _ => self.status,
        }
    }

    /// The customer's device shows it.
    pub(in crate::bank) fn is_open_on_device(&self) -> bool {
        self.decoupled && self.decision.is_none() && self.status == ScaStatus::Received
    }
}

/// The `scaStatus`, as far as the redirect, OAuth and decoupled approaches use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum ScaStatus {
    Received,
    PsuAuthenticated,
    Started,
    Finalised,
    Failed,
}
