//! What a TPP may ask for: one payment, which its dialect names by the scope or in `claims`, or the plain scopes.

use super::authorize::Draft;
use super::error::OAuthError;
use super::openid;
use crate::bank::berlin_group;
use crate::bank::faults::Faults;
use crate::bank::model::authorization::AuthorizationRequest;
use crate::bank::model::customer::Registration;
use crate::bank::model::payment::Payment;
use crate::bank::uk_open_banking::intent;
use crate::pki::Role;

/// The scope without a customer that lets a TPP with PSP_PI speak about payments.
pub(in crate::bank) const PAYMENTS: &str = "payments";
/// The scope for account information, for TPPs with PSP_AI.
pub(in crate::bank) const ACCOUNTS: &str = "accounts";

/// What a request names for the customer to authorise: a payment, or a consent to one.
pub(in crate::bank) struct Intent {
    pub(in crate::bank) id: String,
    /// It is a consent to a payment, and no payment yet.
    pub(in crate::bank) is_consent: bool,
    /// The error of a request that names something else.
    pub(in crate::bank) refused_with: &'static str,
    /// The fault that lets a TPP name what is another's.
    pub(in crate::bank) of_anybody: &'static str,
}

/// Whether one of the scopes of a list is that one.
pub(in crate::bank) fn holds(list: &str, scope: &str) -> bool {
    list.split(' ').any(|one| one == scope)
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
    let intent = match berlin_group::scope::payment_in(scope) {
        Some(id) => Intent {
            id: id.to_owned(),
            is_consent: false,
            refused_with: "invalid_scope",
            of_anybody: "foreign-payment-authorised",
        },
        None if scope == PAYMENTS && intent::is_awaited(draft) => intent::named(draft)?,
        None => return Err(invalid(&format!("the scope must be {}", berlin_group::scope::FORM))),
    };
    request.intent = lodged(draft, intent)?;
    Ok(())
}

/// The id of the intent, which was lodged before; none where a fault lets a request pass for nothing.
fn lodged(draft: &Draft<'_>, intent: Intent) -> Result<Option<String>, OAuthError> {
    let faults: &Faults = &draft.world.faults;
    let refused = |why: &str| Err(OAuthError::new(intent.refused_with, why));
    let is_consent = draft.state.consents.get(&intent.id).is_some();
    let payment = draft.state.payments.get(&intent.id).filter(|_| is_consent == intent.is_consent);
    let Some(payment) = payment else {
        return if faults.on("scope-unchecked") { Ok(None) } else { refused("there is no such payment") };
    };
    if payment.owner != draft.client.organization_identifier && !faults.on(intent.of_anybody) {
        return refused("there is no such payment");
    }
    if payment.is_accepted() && faults.on("reauthorisation-accepted") {
        return Ok(None);
    }
    match payment.is_authorisable() && (intent.is_consent || is_started(draft, payment)) {
        true => Ok(Some(intent.id)),
        false => refused("the payment can no longer be authorised"),
    }
}

fn is_started(draft: &Draft<'_>, payment: &Payment) -> bool {
    !payment.authorisations.is_empty() || !draft.world.habits.has("explicit-start-alone")
}
