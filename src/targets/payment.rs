//! What to pay: the `[payment]` table, and what each dialect wants in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Dialect, Secret};

/// What to pay. Which accounts there are is up to the dialect.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Berlin Group: the payment product; default `sepa-credit-transfers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Berlin Group: the customer's account, an IBAN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debtor_iban: Option<Secret>,
    /// Berlin Group: the payee's account, an IBAN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creditor_iban: Option<Secret>,
    /// UK: the customer's account, sort code and number in 14 digits; where it is left out, the customer chooses one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debtor_account: Option<Secret>,
    /// UK: the payee's account, sort code and number in 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creditor_account: Option<Secret>,
    /// The payee.
    pub creditor_name: String,
    /// With a dot: `12.34`.
    pub amount: String,
    /// `EUR`.
    pub currency: String,
    /// Header fields that this bank wants beyond the usual ones, such as `PSU-ID`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// What is wrong with a table, and what to do.
type Objection = (String, String);

impl Payment {
    /// The customer's account, as the dialect has it.
    pub fn debtor(&self) -> Option<&Secret> {
        self.debtor_iban.as_ref().or(self.debtor_account.as_ref())
    }

    /// The payee's account, as the dialect has it.
    pub fn creditor(&self) -> Option<&Secret> {
        self.creditor_iban.as_ref().or(self.creditor_account.as_ref())
    }

    /// Every account that is named, by its key.
    pub fn accounts(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        let all = [
            ("debtor_iban", &self.debtor_iban),
            ("creditor_iban", &self.creditor_iban),
            ("debtor_account", &self.debtor_account),
            ("creditor_account", &self.creditor_account),
        ];
        all.into_iter().filter_map(|(key, account)| Some((key, account.as_ref()?)))
    }

    /// The same, to be fetched from where they are kept.
    pub(super) fn accounts_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut Secret)> {
        let all = [
            ("payment.debtor_iban", &mut self.debtor_iban),
            ("payment.creditor_iban", &mut self.creditor_iban),
            ("payment.debtor_account", &mut self.debtor_account),
            ("payment.creditor_account", &mut self.creditor_account),
        ];
        all.into_iter().filter_map(|(key, account)| Some((key, account.as_mut()?)))
    }

    /// The keys that a dialect needs, and those that are another's.
    fn keys_of(dialect: Dialect) -> (&'static [&'static str], &'static [&'static str]) {
        match dialect {
            Dialect::BerlinGroup => (&["debtor_iban", "creditor_iban"], &["debtor_account", "creditor_account"]),
            Dialect::UkOpenBanking => (&["creditor_account"], &["debtor_iban", "creditor_iban", "product"]),
            Dialect::None => (&[], &[]),
        }
    }

    /// What is wrong with it for that dialect. What a bank would have to refuse must not be taken for a fault of the bank.
    pub(super) fn objection(&self, dialect: Dialect) -> Option<Objection> {
        let named: Vec<&str> =
            self.accounts().map(|(key, _)| key).chain(self.product.as_ref().map(|_| "product")).collect();
        let (needed, strange) = Self::keys_of(dialect);
        let own = || needed.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        if let Some(other) = strange.iter().find(|key| named.contains(*key)) {
            let problem = format!("`payment.{other}` is not for the dialect \"{}\"", dialect.name());
            return Some((problem, format!("take it out; this dialect pays by {}", own())));
        }
        if let Some(missing) = needed.iter().find(|key| !named.contains(*key)) {
            let problem = format!("`payment.{missing}` is missing, which the dialect \"{}\" pays by", dialect.name());
            return Some((problem, format!("add {} under [payment]", own())));
        }
        let (whole, part) = self.amount.split_once('.').unwrap_or((&self.amount, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) {
            return Some(("`payment.amount` is no amount".into(), "write digits with a dot, such as \"12.34\"".into()));
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Some((
                "`payment.currency` is no code of ISO 4217".into(),
                "write three capital letters, such as \"EUR\"".into(),
            ));
        }
        None
    }

    /// The first account, by its key, that is not sort code and number in 14 digits. The value may be a secret.
    pub(super) fn not_a_sort_code_account(&self) -> Option<&'static str> {
        let uk = self.accounts().filter(|(key, _)| key.ends_with("_account"));
        uk.into_iter().find(|(_, account)| !is_sort_code_account(account.value())).map(|(key, _)| key)
    }
}

/// Sort code and account number as the UK writes them in one: 14 digits (`UK.OBIE.SortCodeAccountNumber`).
pub fn is_sort_code_account(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objection(dialect: Dialect, keys: &str) -> Option<String> {
        let text = format!("creditor_name = \"Shop\"\namount = \"12.34\"\ncurrency = \"GBP\"\n{keys}");
        toml::from_str::<Payment>(&text).unwrap().objection(dialect).map(|(problem, _)| problem)
    }

    #[test]
    fn each_dialect_has_accounts_of_its_own() {
        let (ibans, numbers) = ("debtor_iban = \"a\"\ncreditor_iban = \"b\"", "creditor_account = \"20405318203745\"");
        for (dialect, keys, complaint) in [
            (Dialect::BerlinGroup, ibans, None),
            (Dialect::UkOpenBanking, numbers, None),
            (Dialect::UkOpenBanking, ibans, Some("`payment.debtor_iban` is not for the dialect \"uk-open-banking\"")),
            (Dialect::BerlinGroup, numbers, Some("`payment.creditor_account` is not for the dialect \"berlin-group\"")),
            (Dialect::BerlinGroup, "debtor_iban = \"a\"", Some("`payment.creditor_iban` is missing")),
            (Dialect::UkOpenBanking, "debtor_account = \"a\"", Some("`payment.creditor_account` is missing")),
            (
                Dialect::UkOpenBanking,
                "creditor_account = \"a\"\nproduct = \"sepa\"",
                Some("`payment.product` is not for the dialect"),
            ),
        ] {
            let found = objection(dialect, keys);
            match complaint {
                None => assert_eq!(found, None, "{keys}"),
                Some(words) => assert!(found.as_ref().is_some_and(|told| told.contains(words)), "{keys}: {found:?}"),
            }
        }
    }
}
