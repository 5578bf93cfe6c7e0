//! Secrets in JSON, member by member as they come: one that stands there twice is seen twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Found, inside, named, names};

/// A string that may hold a text, a URL or a form has one of these.
const OF_A_TEXT: &[u8] = b"{[<?#=";

/// Tells of what is secret in a JSON text; `false` where it is none.
pub(super) fn members(depth: usize, text: &str, found: &mut Found<'_>) -> bool {
    let mut json = serde_json::Deserializer::from_str(text);
    Value { name: None, depth, found }.deserialize(&mut json).is_ok() && json.end().is_ok()
}

/// A value, and what the name of the member tells that it belongs to.
struct Value<'a, 'f> {
    name: Option<names::Telling>,
    depth: usize,
    found: &'a mut Found<'f>,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        match self.name {
            Some(name) => named(name, value, self.found),
            None if value.bytes().any(|octet| OF_A_TEXT.contains(&octet)) => inside(self.depth, value, self.found),
            None => {}
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        if let Some(name) = self.name.filter(|name| name.tells_of_numbers()) {
            named(name, &value.to_string(), self.found);
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Value { found: &mut *self.found, ..self })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(Name)? {
            members.next_value_seed(Value { name, depth: self.depth, found: &mut *self.found })?;
        }
        Ok(())
    }
}

/// The name of a member.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<names::Telling>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<names::Telling>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(names::kind(name))
    }
}
