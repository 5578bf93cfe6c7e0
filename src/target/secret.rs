//! A secret of the target file: written there, or kept elsewhere and fetched before anything else.

mod fetch;

use std::{fmt, path::PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Spanned;

/// A secret: where it is kept and, once the target is loaded, what it is.
///
/// It cannot stand inside an untagged or flattened type: its place in the file would be lost there.
#[derive(Clone)]
pub struct Secret {
    kept: Kept,
    /// Offset in the file.
    at: usize,
    value: Option<String>,
}

/// Where a secret is kept.
#[derive(Clone, Deserialize, JsonSchema, Serialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a secret is a string, { env = \"NAME\" }, { file = \"path\" } or { command = [\"program\", \"argument\"] }"
)]
enum Kept {
    /// Here, as it is: for test systems only.
    Here(String),
    /// In a variable of the environment.
    Env {
        /// The variable's name.
        env: String,
    },
    /// In the first line of a file.
    File {
        /// Relative to the target file.
        file: PathBuf,
    },
    /// A program prints it as its first line.
    Command {
        /// The program and its arguments; no shell is between.
        command: Vec<String>,
    },
}

impl Secret {
    /// The secret; empty before the target file it stands in has been loaded.
    pub fn value(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }

    /// It has been fetched from where it is kept.
    pub(super) fn is_fetched(&self) -> bool {
        self.value.is_some()
    }

    /// Where it stands in the file.
    pub(super) fn place(&self) -> std::ops::Range<usize> {
        self.at..self.at
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self { kept: Kept::Here(value.clone()), at: 0, value: Some(value) }
    }
}

impl fmt::Debug for Secret {
    /// Without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kept {
            Kept::Here(_) => "Secret(here)",
            Kept::Env { .. } => "Secret(env)",
            Kept::File { .. } => "Secret(file)",
            Kept::Command { .. } => "Secret(command)",
        })
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Spanned::<Kept>::deserialize(deserializer)?;
        Ok(Self { at: kept.span().start, kept: kept.into_inner(), value: None })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.kept.serialize(serializer)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Kept::json_schema(generator);
        let says = "A secret: written here, or where it is kept.";
        schema.insert("description".into(), says.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Table {
        #[allow(dead_code, reason = "only its Debug form counts")]
        pin: Secret,
    }

    #[test]
    fn neither_debug_nor_an_error_shows_it() {
        let told = |text: &str| match toml::from_str::<Table>(text) {
            Ok(table) => format!("{table:?}"),
            Err(error) => error.message().to_owned(),
        };
        for text in ["pin = \"4711081500\"", "pin = 4711081500", "pin = { env = 4711081500 }", "pin = [\"4711081500\"]"]
        {
            assert!(!told(text).contains("4711081500"), "{text}: {}", told(text));
        }
        for text in ["pin = 4711", "pin = {}", "pin = { env = \"A\", file = \"b\" }", "pin = { variable = \"A\" }"] {
            assert!(told(text).contains("a secret is a string, { env = \"NAME\" }"), "{text}: {}", told(text));
        }
    }
}
