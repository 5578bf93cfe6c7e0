//! The subject of a recipe: attributes in the order in which they are written.

use std::collections::BTreeMap;

use rcgen::string::{Ia5String, PrintableString};
use rcgen::{DistinguishedName, DnType, DnValue};
use serde::Deserialize;
use x509_parser::asn1_rs::Tag;
use x509_parser::x509::X509Name;

use super::PkiError;
use super::oid::{self, Oid};

/// countryName (X.520).
pub(super) const COUNTRY: &[u64] = &[2, 5, 4, 6];
/// serialNumber (X.520), of the holder and not of the certificate.
pub(super) const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Printable,
    Utf8,
    Ia5,
}

/// The attributes by the names that recipes use, in the order in which a subject has them. The string types are those of
/// X.520; jurisdiction and business category are the EV guidelines' (CA/Browser Forum, §9.2).
const ATTRIBUTES: [(&str, &[u64], Text); 10] = [
    ("country", COUNTRY, Text::Printable),
    ("state", &[2, 5, 4, 8], Text::Utf8),
    ("locality", &[2, 5, 4, 7], Text::Utf8),
    ("street", &[2, 5, 4, 9], Text::Utf8),
    ("organization", oid::ORGANIZATION, Text::Utf8),
    ("organization_identifier", oid::ORGANIZATION_IDENTIFIER, Text::Utf8),
    ("business_category", &[2, 5, 4, 15], Text::Utf8),
    ("jurisdiction_country", &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3], Text::Printable),
    ("serial_number", SERIAL_NUMBER, Text::Printable),
    ("common_name", oid::COMMON_NAME, Text::Utf8),
];

#[derive(Debug, Clone, PartialEq)]
struct Attribute {
    kind: Vec<u64>,
    value: String,
    text: Text,
}

/// The subject of a recipe. In a recipe's file it is a table with the names of [`ATTRIBUTES`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub(super) struct Subject(Vec<Attribute>);

impl TryFrom<BTreeMap<String, String>> for Subject {
    type Error = PkiError;

    fn try_from(mut table: BTreeMap<String, String>) -> Result<Self, PkiError> {
        let take = |(name, kind, text): &(&str, &[u64], Text)| {
            Some(Attribute { value: table.remove(*name)?, kind: kind.to_vec(), text: *text })
        };
        let attributes = ATTRIBUTES.iter().filter_map(take).collect();
        match table.into_keys().next() {
            Some(name) => Err(PkiError::unknown("attribute of a subject", &name, ATTRIBUTES.iter().map(|row| row.0))),
            None => Ok(Self(attributes)),
        }
    }
}

impl Subject {
    /// The subject of a certificate, as far as it can be issued again: each attribute once.
    pub(super) fn like(name: &X509Name<'_>) -> Self {
        let attribute = |found: &x509_parser::x509::AttributeTypeAndValue<'_>| {
            let text = match found.attr_value().tag() {
                Tag::PrintableString => Text::Printable,
                Tag::Ia5String => Text::Ia5,
                _ => Text::Utf8,
            };
            let kind = Oid::from_content(found.attr_type().as_bytes())?.arcs().to_vec();
            Some(Attribute { kind, value: found.as_str().ok()?.to_owned(), text })
        };
        Self(name.iter_attributes().filter_map(attribute).collect())
    }

    pub(super) fn get(&self, kind: &[u64]) -> Option<&str> {
        self.0.iter().find(|attribute| attribute.kind == kind).map(|attribute| attribute.value.as_str())
    }

    /// Sets an attribute where it stands, or at the end.
    pub(super) fn set(&mut self, kind: &[u64], value: String) {
        match self.0.iter_mut().find(|attribute| attribute.kind == kind) {
            Some(attribute) => attribute.value = value,
            None => {
                let known = ATTRIBUTES.iter().find(|row| row.1 == kind);
                self.0.push(Attribute { kind: kind.to_vec(), value, text: known.map_or(Text::Utf8, |row| row.2) });
            }
        }
    }

    pub(super) fn remove(&mut self, kind: &[u64]) {
        self.0.retain(|attribute| attribute.kind != kind);
    }

    /// Writes every text that can be so in another string type; both are a DirectoryString (X.520).
    pub(super) fn write_as(&mut self, text: Text) {
        for attribute in &mut self.0 {
            if text != Text::Printable || PrintableString::try_from(attribute.value.as_str()).is_ok() {
                attribute.text = text;
            }
        }
    }

    /// In the form of the library that issues.
    pub(super) fn distinguished_name(&self) -> Result<DistinguishedName, PkiError> {
        let mut name = DistinguishedName::new();
        for Attribute { kind, value, text } in &self.0 {
            let value = match text {
                Text::Printable => DnValue::PrintableString(PrintableString::try_from(value.as_str())?),
                Text::Ia5 => DnValue::Ia5String(Ia5String::try_from(value.as_str())?),
                Text::Utf8 => DnValue::Utf8String(value.clone()),
            };
            name.push(DnType::from_oid(kind), value);
        }
        Ok(name)
    }
}
