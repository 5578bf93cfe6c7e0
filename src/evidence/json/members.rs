//! Members that stand twice in one object: a reader takes the first, the last, or neither (RFC 8259 4).

use std::{collections::BTreeSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

/// The first member that stands twice in one object. `None` where none does, and where the text is no JSON.
pub fn repeated(text: &str) -> Option<String> {
    serde_json::from_str::<Seen>(text.trim_start_matches(super::MARK)).ok()?.twice
}

/// What was seen of a value.
#[derive(Default)]
struct Seen {
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(Reader)
    }
}

struct Reader;

macro_rules! plain {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Seen, E> {
            Ok(Seen::default())
        })*
    };
}

impl<'de> Visitor<'de> for Reader {
    type Value = Seen;

    plain!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Seen, A::Error> {
        let mut twice = None;
        while let Some(inner) = items.next_element::<Seen>()? {
            twice = twice.or(inner.twice);
        }
        Ok(Seen { twice })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Seen, A::Error> {
        let (mut names, mut twice) = (BTreeSet::new(), None);
        while let Some((name, inner)) = members.next_entry::<String, Seen>()? {
            if names.contains(&name) {
                twice = twice.or(Some(name));
            } else {
                names.insert(name);
            }
            twice = twice.or(inner.twice);
        }
        Ok(Seen { twice })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_that_stands_twice_in_one_object_and_in_no_other_case() {
        for (text, twice) in [
            (r#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":"a"}]}"#, None),
            (r#"{"a":1,"A":2}"#, None),
            (r#"["a","a"]"#, None),
            (r#"{"a":1,"a":1}"#, Some("a")),
            ("\u{feff}{\"a\":1,\"\\u0061\":2}", Some("a")),
            (r#"{"x":[0,{"b":null,"c":1.5,"b":true}]}"#, Some("b")),
            (r#"{"x":{"b":1,"b":2},"x":3}"#, Some("b")),
            ("", None),
            (r#"{"a":1,"a""#, None),
        ] {
            assert_eq!(repeated(text).as_deref(), twice, "{text}");
        }
    }
}
