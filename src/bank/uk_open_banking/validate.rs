//! Whether a body is what it must be: the walk through the tables of `fields`.

use serde_json::{Map, Value};

use super::errors::{Code, FIELD_INVALID, FIELD_MISSING, FIELD_UNEXPECTED, INVALID_FORMAT};
use super::fields;
use super::{Call, UkError};
use crate::bank::model::world::World;

/// What a value must look like.
pub(super) enum Shape {
    /// A string, and what is wrong with it.
    Text(fn(&World, &str) -> Option<Wrong>),
    /// A string of at most so many characters.
    UpTo(usize),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// An object with these members and no others.
    Members(&'static [Member]),
    /// A list of such values.
    List(&'static Shape),
    Flag,
    /// Any object.
    Object,
}

/// What is wrong with a text, and how it is refused.
pub(super) type Wrong = (Code, &'static str);

/// A member of an object.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) mandatory: bool,
    pub(super) shape: Shape,
}

/// A request for a consent: `Data` and `Risk`.
pub(super) fn consent(call: &Call<'_>, body: &Value) -> Result<(Map<String, Value>, Value), UkError> {
    let body = whole(call.world, body, &fields::consent(call.version))?;
    let data = object(body.get("Data"));
    check_accounts(call.world, data.get("Initiation").unwrap_or(&Value::Null))?;
    Ok((data, Value::Object(object(body.get("Risk")))))
}

/// A request for a payment: the id of its consent, `Data.Initiation` and `Risk`.
pub(super) fn order(call: &Call<'_>, body: &Value) -> Result<(String, Value, Value), UkError> {
    let body = whole(call.world, body, &fields::order(call.version))?;
    let data = object(body.get("Data"));
    let id = data.get("ConsentId").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok((id, Value::Object(object(data.get("Initiation"))), Value::Object(object(body.get("Risk")))))
}

fn whole<'b>(world: &World, body: &'b Value, shape: &Shape) -> Result<&'b Map<String, Value>, UkError> {
    let object = body.as_object().ok_or_else(|| UkError::bad_request(INVALID_FORMAT, "the body is no JSON object"))?;
    check(world, body, shape, "")?;
    Ok(object)
}

/// Each account fits its scheme.
fn check_accounts(world: &World, initiation: &Value) -> Result<(), UkError> {
    for name in ["DebtorAccount", "CreditorAccount"] {
        let text = |field: &str| initiation[name][field].as_str();
        if let (Some(scheme), Some(identification)) = (text("SchemeName"), text("Identification"))
            && let Some((code, text)) = fields::account(world, scheme, identification)
        {
            return Err(UkError::bad_request(code, text).at(format!("Data.Initiation.{name}.Identification")));
        }
    }
    Ok(())
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The first thing that is wrong is told, with its path.
fn check(world: &World, value: &Value, shape: &Shape, path: &str) -> Result<(), UkError> {
    let refused = |(code, text): Wrong| Err(UkError::bad_request(code, text).at(path));
    let invalid = |text| refused((FIELD_INVALID, text));
    match (shape, value) {
        (Shape::Text(wrong), Value::String(text)) => wrong(world, text).map_or(Ok(()), refused),
        (Shape::UpTo(most), Value::String(text)) => match (1..=*most).contains(&text.chars().count()) {
            true => Ok(()),
            false => invalid("the text is empty or too long"),
        },
        (Shape::OneOf(known), Value::String(text)) if known.contains(&text.as_str()) => Ok(()),
        (Shape::OneOf(_), _) => invalid("the value is none of those that are known"),
        (Shape::Members(members), Value::Object(object)) => check_members(world, object, members, path),
        (Shape::List(shape), Value::Array(values)) => {
            let mut values = values.iter().enumerate();
            values.try_for_each(|(at, value)| check(world, value, shape, &format!("{path}[{at}]")))
        }
        (Shape::Flag, Value::Bool(_)) | (Shape::Object, Value::Object(_)) => Ok(()),
        _ => invalid("the value is of another type"),
    }
}

fn check_members(world: &World, object: &Map<String, Value>, members: &[Member], path: &str) -> Result<(), UkError> {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for Member { name, mandatory, shape } in members {
        match object.get(*name) {
            Some(value) => check(world, value, shape, &at(name))?,
            None if *mandatory && !world.faults.on("uk-fields-unchecked") => {
                return Err(UkError::bad_request(FIELD_MISSING, "the field is missing").at(at(name)));
            }
            None => {}
        }
    }
    match object.keys().find(|key| !members.iter().any(|member| member.name == key.as_str())) {
        Some(key) => Err(UkError::bad_request(FIELD_UNEXPECTED, "there is no such field").at(at(key))),
        None => Ok(()),
    }
}
