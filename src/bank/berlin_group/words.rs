//! How far a payment and its authorisation have come, as Berlin Group spells it.

use crate::bank::model::payment::{Payment, ScaStatus, Stage};
use crate::bank::model::world::World;

/// The `transactionStatus` (ISO 20022 ExternalPaymentTransactionStatus1Code).
pub(super) fn transaction_status(payment: &Payment, world: &World) -> &'static str {
    let faults = &world.faults;
    if world.habits.has("accepted-profile-before-sca") {
        return in_other_words(payment, world);
    }
    if world.habits.has("technical-checks-first") {
        return step_by_step(payment, world);
    }
    match payment.told_stage(world) {
        Stage::Received if faults.on("executed-before-sca") => "ACSC",
        Stage::Received => "RCVD",
        Stage::Accepted { executed_at } if world.clock.now() >= executed_at => "ACSC",
        Stage::Accepted { .. } if faults.on("transaction-status-undeclared") => "APPROVED",
        Stage::Accepted { .. } => "ACCP",
        Stage::Rejected => "RJCT",
        Stage::Cancelled => "CANC",
    }
}

fn step_by_step(payment: &Payment, world: &World) -> &'static str {
    match payment.told_stage(world) {
        Stage::Received => "ACTC",
        Stage::Accepted { executed_at } if world.clock.now() >= executed_at => "ACSC",
        Stage::Accepted { .. } => "ACFC",
        Stage::Rejected => "RJCT",
        Stage::Cancelled => "CANC",
    }
}

fn in_other_words(payment: &Payment, world: &World) -> &'static str {
    match payment.told_stage(world) {
        Stage::Received => "ACCP",
        Stage::Accepted { executed_at } if world.clock.now() >= executed_at => "ACCC",
        Stage::Accepted { .. } => "ACSP",
        Stage::Rejected => "RJCT",
        Stage::Cancelled => "CANC",
    }
}

/// The `scaStatus`.
pub(super) fn sca_status(status: ScaStatus, world: &World) -> &'static str {
    match status {
        ScaStatus::Received if world.habits.has("accepted-profile-before-sca") => "psuIdentified",
        ScaStatus::Finalised if world.habits.has("accepted-profile-before-sca") => "unconfirmed",
        ScaStatus::Finalised if world.faults.on("sca-status-undeclared") => "done",
        _ if world.habits.has("sca-exempted") => "exempted",
        ScaStatus::Received => "received",
        ScaStatus::PsuAuthenticated => "psuAuthenticated",
        ScaStatus::Started => "started",
        ScaStatus::Finalised => "finalised",
        ScaStatus::Failed => "failed",
    }
}
