//! Whether the body of an initiation is a payment: the mandatory fields, and the form of each field.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::macros::format_description;

use super::TppMessage;
use crate::bank::iban;
use crate::bank::model::world::World;

/// The fields that this bank reads, as text; empty where they are missing.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) amount: String,
    pub(super) currency: String,
    pub(super) creditor_name: String,
    pub(super) creditor_iban: String,
    pub(super) debtor_iban: String,
}

type Check = fn(&World, &str) -> Result<(), &'static str>;

/// The fields of `paymentInitiation_json`: where they are, whether they are mandatory, what they must look like.
static FIELDS: [(&str, bool, Check); 11] = [
    ("debtorAccount.iban", true, check_iban),
    ("instructedAmount.currency", true, check_currency),
    ("instructedAmount.amount", true, check_amount),
    ("creditorAccount.iban", true, check_iban),
    ("creditorName", true, |_, text| at_most(text, 70)),
    ("debtorName", false, |_, text| at_most(text, 70)),
    ("endToEndIdentification", false, |_, text| at_most(text, 35)),
    ("instructionIdentification", false, |_, text| at_most(text, 35)),
    ("creditorAgentName", false, |_, text| at_most(text, 140)),
    ("remittanceInformationUnstructured", false, check_remittance),
    ("requestedExecutionDate", false, check_date_form),
];

/// Reads the body. The first field that is wrong is named.
pub(super) fn order(world: &World, body: &Map<String, Value>) -> Result<Order, TppMessage> {
    for (path, mandatory, check) in FIELDS {
        match field(body, path) {
            None if mandatory && !looks_away(world, path) => {
                return Err(TppMessage::format_error("the field is missing").at(path));
            }
            None => {}
            Some(Value::String(text)) if text.trim().is_empty() => {
                return Err(TppMessage::format_error("the field is empty").at(path));
            }
            Some(Value::String(_)) if world.faults.leave_out(FORM, path) => {}
            Some(Value::String(text)) => {
                check(world, text).map_err(|reason| TppMessage::format_error(reason).at(path))?;
            }
            Some(_) => return Err(TppMessage::format_error("the field must be a string").at(path)),
        }
    }
    check_execution_date(world, body)?;
    let text = |path| field(body, path).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Order {
        amount: text("instructedAmount.amount"),
        currency: text("instructedAmount.currency"),
        creditor_name: text("creditorName"),
        creditor_iban: text("creditorAccount.iban"),
        debtor_iban: text("debtorAccount.iban"),
    })
}

fn check_remittance(world: &World, text: &str) -> Result<(), &'static str> {
    match text.contains(['(', ')', '+', '\'']) && world.faults.on("published-characters-refused") {
        true => Err("such characters are not allowed"),
        false => at_most(text, 140),
    }
}

const MANDATORY: &str = "mandatory_field";
const FORM: &str = "field_form";

/// Whether a mandatory field may be missing.
fn looks_away(world: &World, path: &str) -> bool {
    world.faults.on("body-fields-unchecked") || world.faults.leave_out(MANDATORY, path)
}

/// Each rule for fields at each field: the field, and the rule.
pub(super) fn rules_by_field() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mandatory = FIELDS.iter().filter(|(_, mandatory, _)| *mandatory).map(|(path, ..)| (*path, MANDATORY));
    mandatory.chain(FIELDS.iter().map(|(path, ..)| (*path, FORM)))
}

/// The value at a path; `null` counts as missing.
fn field<'b>(body: &'b Map<String, Value>, path: &str) -> Option<&'b Value> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let mut value = body.get(first)?;
    if !rest.is_empty() {
        value = value.get(rest)?;
    }
    Some(value).filter(|value| !value.is_null())
}

fn check_iban(world: &World, text: &str) -> Result<(), &'static str> {
    if !iban::has_form(text) {
        return Err("this is no IBAN");
    }
    match iban::is_valid(text) || world.faults.on("iban-unchecked") {
        true => Ok(()),
        false => Err("the check digits of the IBAN are wrong"),
    }
}

fn check_currency(_: &World, text: &str) -> Result<(), &'static str> {
    match text.len() == 3 && text.bytes().all(|one| one.is_ascii_uppercase()) {
        true => Ok(()),
        false => Err("a currency is three capital letters"),
    }
}

/// The pattern of the schema, above zero: the schema's minus sign has no place in an order.
fn check_amount(world: &World, text: &str) -> Result<(), &'static str> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_digit());
    let has_form = digits(whole, 14) && fraction.is_none_or(|fraction| digits(fraction, 3));
    let above_zero = text.bytes().any(|one| (b'1'..=b'9').contains(&one));
    match (has_form && above_zero) || world.faults.on("amount-unchecked") {
        true => Ok(()),
        false => Err("an amount is above zero, with at most 14 digits and 3 decimals after a point"),
    }
}

fn at_most(text: &str, characters: usize) -> Result<(), &'static str> {
    match text.chars().count() <= characters {
        true => Ok(()),
        false => Err("the text is too long"),
    }
}

fn check_date_form(_: &World, text: &str) -> Result<(), &'static str> {
    parse_date(text).map(|_| ()).ok_or("a date is written 2026-12-31")
}

fn check_execution_date(world: &World, body: &Map<String, Value>) -> Result<(), TppMessage> {
    let asked = field(body, "requestedExecutionDate").and_then(Value::as_str).and_then(parse_date);
    let today = OffsetDateTime::from_unix_timestamp(world.clock.now()).map(OffsetDateTime::date);
    match (asked, today) {
        (Some(asked), Ok(today)) if asked < today => {
            let message = TppMessage::new(400, "EXECUTION_DATE_INVALID", "the date has passed");
            Err(message.at("requestedExecutionDate"))
        }
        _ => Ok(()),
    }
}

fn parse_date(text: &str) -> Option<time::Date> {
    time::Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}
