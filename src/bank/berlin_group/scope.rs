//! How an authorization request names a payment: by its scope (implementation guidelines §13).

const BEGINNING: &str = "PIS:";

/// What such a scope looks like.
pub(in crate::bank) const FORM: &str = "PIS:<paymentId>";

/// The scope that stands for one payment.
pub(in crate::bank) fn of_payment(payment: &str) -> String {
    format!("{BEGINNING}{payment}")
}

/// The payment that a scope stands for; `None` where it is another kind of scope.
pub(in crate::bank) fn payment_in(scope: &str) -> Option<&str> {
    scope.strip_prefix(BEGINNING)
}
