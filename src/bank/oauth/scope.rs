//! What a TPP may ask for: one payment, `PIS:<paymentId>`, or the plain scopes.

use super::authorize::Draft;
use super::error::OAuthError;
use super::openid;
use crate::bank::model::authorization::AuthorizationRequest;
use crate::bank::model::customer::Registration;
use crate::pki::Role;

/// The scope without a customer that lets a TPP with PSP_PI speak about payments.
pub(in crate::bank) const PAYMENTS: &str = "payments";
/// The scope for account information, for TPPs with PSP_AI.
pub(in crate::bank) const ACCOUNTS: &str = "accounts";

/// The scope that stands for one payment.
pub(in crate::bank) fn of_payment(payment: &str) -> String {
    format!("PIS:{payment}")
}

/// The plain scopes that a TPP may have, by its roles.
pub(in crate::bank) fn is_licensed(client: &Registration, scope: &str) -> bool {
    match scope {
        PAYMENTS => client.roles.contains(&Role::PspPi),
        ACCOUNTS => client.roles.contains(&Role::PspAi),
        _ => false,
    }
}

/// An authorization request names exactly one resource, and it is one that can be authorised.
pub(in crate::bank) fn check(draft: &Draft<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let invalid = |why: &str| OAuthError::new("invalid_scope", why);
    let scope = draft.params.get("scope").ok_or_else(|| invalid("scope is missing"))?;
    request.scope = scope.to_owned();
    let scope = openid::without_openid(draft.world, scope).ok_or_else(|| invalid("the scope must hold openid"))?;
    let scope = scope.as_str();
    if scope == ACCOUNTS && is_licensed(draft.client, ACCOUNTS) {
        return Ok(());
    }
    let id = scope.strip_prefix("PIS:").ok_or_else(|| invalid("the scope must be PIS:<paymentId>"))?;
    let Some(payment) = draft.state.payments.get(id) else {
        return match draft.world.faults.on("scope-unchecked") {
            true => Ok(()),
            false => Err(invalid("there is no such payment")),
        };
    };
    let faults = &draft.world.faults;
    if payment.owner != draft.client.organization_identifier && !faults.on("foreign-payment-authorised") {
        return Err(invalid("there is no such payment"));
    }
    if payment.is_accepted() && faults.on("reauthorisation-accepted") {
        return Ok(());
    }
    let is_started = !payment.authorisations.is_empty() || !draft.world.habits.has("explicit-start-alone");
    if !payment.is_authorisable() || !is_started {
        return Err(invalid("the payment can no longer be authorised"));
    }
    request.payment = Some(id.to_owned());
    Ok(())
}
