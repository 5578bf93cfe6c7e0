//! What a TPP is licensed for: the roles of its certificate (RTS Art. 34(3)(a), TS 119 495 §5.2.2).

use super::presented::Presented;
use crate::bank::faults::Faults;
use crate::pki::Role;
use crate::pki::qc::{Psd2Statement, RoleOfPsp};

/// The unspecified role (GEN-5.2.2-3A).
const UNSPECIFIED: &[u64] = &[0, 4, 0, 19495, 1, 0];

/// What a TPP does at the API of a dialect, as far as its licence goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::bank) enum Access {
    /// It lodges what a customer is to authorise.
    Lodging,
    /// It reads what a customer's token opens.
    Resource,
    /// It asks how far that has come.
    Status,
    Cancellation,
    Authorisation,
    AuthorisationStatus,
    /// What comes after the customer's approval, or what nothing hangs on.
    Other,
}

/// The faults that let TPPs without the role PSP_PI do it.
const FOR_ANY_ROLE: [(Access, &str); 6] = [
    (Access::Lodging, "role-unchecked"),
    (Access::Resource, "role-unchecked-on-payment"),
    (Access::Cancellation, "role-unchecked-on-cancellation"),
    (Access::Status, "role-unchecked-on-status"),
    (Access::Authorisation, "role-unchecked-on-authorisation"),
    (Access::AuthorisationStatus, "role-unchecked-on-sca-status"),
];

impl Access {
    /// Whether nobody looks at roles there.
    pub(in crate::bank) fn is_for_any_role(self, faults: &Faults) -> bool {
        FOR_ANY_ROLE.iter().any(|(access, fault)| *access == self && faults.on(fault))
    }
}

/// A fault, and what it takes for the role PSP_PI.
type Reading = (&'static str, fn(&Psd2Statement) -> bool);

/// Roles that are not PSP_PI, and are taken for it when the fault is on.
const READINGS: [Reading; 7] = [
    ("role-name-trusted", |psd2| any(psd2, |role| role.name == Role::PspPi.name())),
    ("role-identifier-trusted", |psd2| any(psd2, |role| role.oid == *Role::PspPi.arcs())),
    ("empty-roles-open-payments", |psd2| psd2.roles.is_empty()),
    ("unspecified-role-opens-payments", |psd2| any(psd2, |role| role.oid == *UNSPECIFIED)),
    ("bank-role-opens-payments", |psd2| any(psd2, |role| role.role() == Some(Role::PspAs))),
    ("card-issuer-role-opens-payments", |psd2| any(psd2, |role| role.role() == Some(Role::PspIc))),
    ("unknown-role-opens-payments", |psd2| {
        any(psd2, |role| Role::from_oid(&role.oid).is_none() && role.oid != *UNSPECIFIED)
    }),
];

/// Whether a certificate allows its holder to initiate payments.
pub(in crate::bank) fn allows_payments(faults: &Faults, certificate: &Presented) -> bool {
    // Without a statement that can be read there are no roles to look at; whether it may be missing is for another rule.
    let Some(psd2) = certificate.psd2() else { return true };
    psd2.known_roles().contains(&Role::PspPi) || READINGS.iter().any(|(fault, reads)| reads(psd2) && faults.on(fault))
}

fn any(psd2: &Psd2Statement, is: fn(&RoleOfPsp) -> bool) -> bool {
    psd2.roles.iter().any(is)
}
