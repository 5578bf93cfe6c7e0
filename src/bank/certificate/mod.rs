//! What the bank makes of a certificate that a TPP presents, and how it learns that one was revoked.

pub(super) mod check;
pub(super) mod identification;
pub(super) mod licence;
pub(super) mod obstacles;
pub(super) mod peer;
pub(super) mod presented;
pub(super) mod proxy;
pub(super) mod renewal;
pub(super) mod revocation_status;
pub(super) mod statement;
pub(super) mod trust_service;
