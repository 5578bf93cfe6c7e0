//! The payment of the target file: whether a bank could make it at all.

use super::{Case, Finding, Layer, Severity};
use crate::targets::{Dialect, Payment, Secret, is_iban};

/// What is implausible about the payment.
pub(super) fn look(case: &Case) -> Vec<Finding> {
    let Some(payment) = &case.target.payment else { return Vec::new() };
    let dialect = case.target.dialect;
    let found = accounts(payment, dialect).into_iter().chain(amount(payment, dialect));
    found.map(|(name, cause, mend)| Finding::warning(Layer::File, name, cause, mend)).collect()
}

/// The same once the bank has refused such a payment: it is no doubt any more.
pub(super) fn proven(case: &Case) -> Vec<Finding> {
    look(case).into_iter().map(|doubt| Finding { severity: Severity::Error, ..doubt }).collect()
}

type Doubt = (&'static str, String, &'static str);

fn accounts(payment: &Payment, dialect: Dialect) -> Vec<Doubt> {
    let mut doubts = match dialect {
        Dialect::BerlinGroup => no_ibans(payment),
        // Sort code and number have no check digits that everybody goes by; their form was looked at as the file was read.
        Dialect::UkOpenBanking | Dialect::None => Vec::new(),
    };
    let value = |account: Option<&Secret>| account.map(|account| account.value().to_ascii_uppercase());
    if payment.creditor().is_some() && value(payment.debtor()) == value(payment.creditor()) {
        doubts.push((
            "creditor-is-debtor",
            "the payee's account under [payment] is the customer's own".to_owned(),
            "name another payee: many banks refuse to pay an account from itself",
        ));
    }
    doubts
}

fn no_ibans(payment: &Payment) -> Vec<Doubt> {
    let wrong = payment.accounts().filter(|(_, iban)| !is_iban(iban.value()));
    let doubt = |(key, _): (&str, &Secret)| {
        let cause = format!("`payment.{key}` is no IBAN: its form or its check digits are wrong (ISO 13616)");
        ("iban-check-digits", cause, "correct it: a bank that looks refuses every payment, and is right to")
    };
    wrong.map(doubt).collect()
}

fn amount(payment: &Payment, dialect: Dialect) -> Option<Doubt> {
    let decimals = payment.amount.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let said = format!("`payment.amount` is {} {}", payment.amount, payment.currency);
    if payment.amount.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        return Some(("amount-zero", format!("{said}: nothing"), "name an amount above zero"));
    }
    let product = payment.product.as_deref().or(dialect.usual_product()).unwrap_or_default();
    match dialect {
        Dialect::BerlinGroup if product.starts_with("sepa") && payment.currency != "EUR" => {
            let cause = format!("`payment.product` is {product}, and {said}: SEPA pays in EUR alone");
            return Some(("currency-not-eur", cause, "write currency = \"EUR\", or another product"));
        }
        Dialect::UkOpenBanking if payment.currency != "GBP" => {
            let cause = format!("{said}: domestic payments of the UK are in GBP alone");
            return Some(("currency-not-gbp", cause, "write currency = \"GBP\""));
        }
        Dialect::BerlinGroup | Dialect::UkOpenBanking | Dialect::None => {}
    }
    let allowed = match payment.currency.as_str() {
        "JPY" | "ISK" | "HUF" | "KRW" => 0,
        "BHD" | "KWD" | "TND" => 3,
        _ => 2,
    };
    (decimals > allowed).then(|| {
        let cause = format!("{said}: that currency has {allowed} decimals at most");
        ("amount-decimals", cause, "write fewer decimals")
    })
}
