//! What the target file says of a bank by its dialect.

use std::collections::BTreeMap;

use crate::{
    bank::{self, Bank},
    evidence::operation::Operation,
    targets::{Dialect, Secret, TargetFile, file::Payment, requests::Change, signing::Form},
};

/// What Berlin Group's bank can do beyond what its metadata says.
const OF_BERLIN_GROUP: [&str; 10] = [
    "protected-resource",
    "revocation",
    "introspection",
    "refresh-tokens",
    "jwt-access-tokens",
    "oauth-sca",
    "explicit-authorisation",
    "cancellation",
    "psu-may-be-locked",
    "unregistered-tpps",
];
/// The same of the UK's; what every bank of that dialect can do needs no word.
const OF_UK_OPEN_BANKING: [&str; 5] =
    ["revocation", "introspection", "refresh-tokens", "jwt-access-tokens", "psu-may-be-locked"];

/// The dialect as target files know it.
pub(super) fn dialect(bank: &Bank) -> Dialect {
    match bank.dialect {
        bank::Dialect::BerlinGroup => Dialect::BerlinGroup,
        bank::Dialect::UkOpenBanking => Dialect::UkOpenBanking,
    }
}

/// The base of the payment API.
pub(super) fn api(bank: &Bank) -> String {
    match bank.dialect {
        bank::Dialect::BerlinGroup if bank.habits.contains("api-below-a-path") => format!("{}/xs2a/psd2-api", bank.api),
        bank::Dialect::BerlinGroup => bank.api.clone(),
        bank::Dialect::UkOpenBanking => format!("{}/open-banking/v4.0/pisp", bank.api),
    }
}

/// What the bank can do beyond what its metadata says.
pub(super) fn capabilities(bank: &Bank) -> &'static [&'static str] {
    match bank.dialect {
        bank::Dialect::BerlinGroup => &OF_BERLIN_GROUP,
        bank::Dialect::UkOpenBanking => &OF_UK_OPEN_BANKING,
    }
}

/// The ordinary form of signatures, and what the bank verifies besides.
pub(super) fn forms(bank: &Bank) -> (Form, Vec<Form>) {
    match bank.dialect {
        bank::Dialect::BerlinGroup => (Form::BerlinGroup, vec![Form::UkJws, Form::Rfc9421]),
        bank::Dialect::UkOpenBanking => (Form::UkJws, Vec::new()),
    }
}

/// The payee's account is made up like the customer's.
pub(super) fn payment(bank: &Bank) -> Payment {
    let payment = Payment {
        product: None,
        debtor_iban: None,
        creditor_iban: None,
        debtor_account: None,
        creditor_account: None,
        creditor_name: "Bankproof Test Merchant".into(),
        amount: "123.45".into(),
        currency: String::new(),
        headers: BTreeMap::new(),
    };
    let customer = &bank.customer;
    match bank.dialect {
        bank::Dialect::BerlinGroup => Payment {
            debtor_iban: Some(customer.iban.clone().into()),
            creditor_iban: Some(bank::german_iban(&digits(18)).into()),
            currency: "EUR".into(),
            ..payment
        },
        bank::Dialect::UkOpenBanking => Payment {
            debtor_account: Some(customer.account.clone().into()),
            creditor_account: Some(digits(14).into()),
            currency: "GBP".into(),
            ..payment
        },
    }
}

fn digits(count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + rand::random_range(0..10))).collect()
}

/// What the bank's documentation would say of its wishes.
pub(super) fn say_what_is_wanted(file: &mut TargetFile) {
    let header = |name: &str, value: &str| (name.to_owned(), Secret::from(value.to_owned()));
    let change = |operations: &[Operation], headers, public, body| Change {
        operations: operations.to_vec(),
        headers: BTreeMap::from([headers]),
        public,
        without: Vec::new(),
        body,
        reason: Some("the documentation of the bundled bank".into()),
    };
    let country = serde_json::json!({ "creditorAddress": { "country": "DE" } });
    let country = country.as_object().cloned().unwrap_or_default();
    file.requests = vec![
        change(&[Operation::Initiation], header("PSU-ID", "max.mustermann"), false, country),
        change(&[Operation::Payment], header("PSU-IP-Address", "192.0.2.10"), true, serde_json::Map::new()),
    ];
}
