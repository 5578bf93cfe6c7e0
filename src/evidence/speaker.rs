//! Who speaks in an exchange.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::exchange::Text;

/// An identity of the target file, the customer, or nobody in particular; and how it comes this time.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(from = "Written", into = "Written")]
pub struct Speaker {
    /// `tpp-a`, `psu`, `anyone`.
    pub name: Text,
    /// What sets it apart from how it usually comes: `renewed` for a certificate, `browser` for who plays the customer.
    pub how: Option<Text>,
}

/// As journals have it: the name alone wherever that says all.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Written {
    Name(Text),
    Whole { name: Text, how: Option<Text> },
}

impl Speaker {
    /// Who goes by that name, as usual.
    pub fn named(name: &str) -> Self {
        Self { name: name.into(), how: None }
    }

    /// The same, who comes that way this time.
    pub fn of(name: &str, how: &str) -> Self {
        Self { name: name.into(), how: Some(how.into()) }
    }

    /// Whoever shows no client certificate.
    pub fn without_certificate() -> Self {
        Self::named("no certificate")
    }

    /// It comes as usual, and goes by that name.
    pub fn is_just(&self, name: &str) -> bool {
        self.how.is_none() && *self.name == *name
    }
}

impl From<&str> for Speaker {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}

impl From<Written> for Speaker {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => Self { name, how: None },
            Written::Whole { name, how } => Self { name, how },
        }
    }
}

impl From<Speaker> for Written {
    fn from(speaker: Speaker) -> Self {
        match speaker {
            Speaker { name, how: None } => Self::Name(name),
            Speaker { name, how } => Self::Whole { name, how },
        }
    }
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.how {
            None => f.write_str(&self.name),
            Some(how) => write!(f, "{} ({how})", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_speaker_is_written_and_read() {
        for (speaker, written, told) in [
            (Speaker::named("tpp-a"), json!("tpp-a"), "tpp-a"),
            (Speaker::of("tpp-a", "renewed"), json!({ "name": "tpp-a", "how": "renewed" }), "tpp-a (renewed)"),
        ] {
            assert_eq!(serde_json::to_value(&speaker).unwrap(), written);
            assert_eq!(serde_json::from_value::<Speaker>(written).unwrap(), speaker);
            assert_eq!(speaker.to_string(), told);
        }
    }
}
