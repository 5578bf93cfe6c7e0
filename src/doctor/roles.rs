//! The roles of the first TPP, and what it is to do.

use super::{Case, Finding, Layer};
use crate::pki::Role;

/// Whether the TPP may do what it is going to do.
pub(super) fn look(case: &Case) -> Vec<Finding> {
    let tpp = case.target.tpp();
    if !case.target.dialect.has_payments() || tpp.has_role(Role::PspPi) {
        return Vec::new();
    }
    let roles: Vec<&str> = tpp.facts.psd2_roles.iter().map(|role| role.name()).collect();
    let has = if roles.is_empty() { "has no PSD2 role".to_owned() } else { format!("has {} alone", roles.join(", ")) };
    let cause =
        format!("the first TPP, {}, is to initiate payments, and its certificate {has}: a bank refuses that", tpp.name);
    let mend = "put an identity with PSP_PI first, or leave payments out with dialect = \"none\"";
    vec![Finding::warning(Layer::File, "role-missing", cause, mend)]
}
