//! The JSON Schema of the target file, from the types that read it, so that editors can help and tests can hold the
//! documentation to it.

use serde_json::{Value, json};

use super::{TargetFile, capability, load::POLICIES};
use crate::catalogue::profiles;

/// The schema (JSON Schema 2020-12).
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(TargetFile).to_value();
    schema["title"] = json!("A target file of Bankproof");
    without_null(&mut schema);
    // Lists of words that the types do not know.
    let declared = capability::ALL.iter().filter(|known| known.source != capability::Source::Derived);
    let declared: Vec<&str> = declared.map(|known| known.name).collect();
    schema["properties"]["capabilities"]["items"]["enum"] = json!(declared);
    schema["properties"]["policies"]["items"]["enum"] = json!(POLICIES);
    let profiles: Vec<&str> = profiles::known().iter().map(|profile| profile.name.as_str()).collect();
    schema["properties"]["profile"]["enum"] = json!(profiles);
    schema["properties"]["profiles"]["items"]["enum"] = json!(profiles);
    schema
}

/// TOML has no null: a key is there or it is not.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    members.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = &choices[..] {
                    let only = only.clone();
                    members.remove("anyOf");
                    members.extend(only);
                }
            }
            if members.get("default").is_some_and(Value::is_null) {
                members.remove("default");
            }
            members.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}
