//! Distinguished names: as text for people, and in a form in which they can be issued again.

use rcgen::string::{Ia5String, PrintableString};
use rcgen::{DistinguishedName, DnType, DnValue};
use x509_parser::asn1_rs::Tag;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::PkiError;
use super::oid::Oid;

/// The attributes that have a short name (RFC 4514 §3, organizationIdentifier, which everybody in PSD2 looks for, those of persons, and those
/// of extended validation).
const SHORT_NAMES: [(&str, &str); 14] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("2.5.4.97", "organizationIdentifier"),
    ("2.5.4.4", "surname"),
    ("2.5.4.42", "givenName"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.15", "businessCategory"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
];

/// A name as RFC 4514 writes it: the most particular part first, `CN=tpp-a.example,…,C=DE`.
pub(super) fn text(name: &X509Name<'_>) -> String {
    let parts: Vec<String> =
        name.iter_rdn().map(|rdn| rdn.iter().map(attribute).collect::<Vec<_>>().join("+")).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(",")
}

fn attribute(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().to_id_string();
    let short = SHORT_NAMES.iter().find(|(dotted, _)| *dotted == oid).map(|(_, short)| *short);
    match attribute.as_str() {
        Ok(value) => format!("{}={}", short.unwrap_or(&oid), escape(value)),
        // RFC 4514 §2.4: what is no plain string is written in hexadecimal.
        Err(_) => format!("{}=#{}", short.unwrap_or(&oid), hex(attribute.as_slice())),
    }
}

/// RFC 4514 §2.4. Control characters are escaped too: the text ends up in terminals and reports.
fn escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(value.len());
    for (index, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => escaped.extend(['\\', character]),
            '#' | ' ' if index == 0 => escaped.extend(['\\', character]),
            ' ' if index == last => escaped.push_str("\\ "),
            character if character.is_control() => {
                let mut bytes = [0; 4];
                character.encode_utf8(&mut bytes).bytes().for_each(|byte| escaped.push_str(&format!("\\{byte:02X}")));
            }
            character => escaped.push(character),
        }
    }
    escaped
}

/// Lower-case hexadecimal without separators.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name in the form of the library that issues.
///
/// # Errors
/// That library holds each attribute once, and would silently issue under another name: such a CA is refused.
pub(super) fn reissuable(name: &X509Name<'_>) -> Result<DistinguishedName, PkiError> {
    let refuse = |reason: &str| PkiError::NotAnIssuer { subject: text(name), reason: reason.to_owned() };
    let mut copy = DistinguishedName::new();
    for rdn in name.iter_rdn() {
        let mut attributes = rdn.iter();
        let (Some(attribute), None) = (attributes.next(), attributes.next()) else {
            return Err(refuse("its name joins attributes with +"));
        };
        let oid = Oid::from_content(attribute.attr_type().as_bytes())
            .ok_or_else(|| refuse("its name has an attribute without a proper type"))?;
        let kind = DnType::from_oid(oid.arcs());
        if copy.get(&kind).is_some() {
            return Err(refuse("its name has an attribute twice"));
        }
        copy.push(
            kind,
            value(attribute)
                .ok_or_else(|| refuse("its name has an attribute in a string type that is not supported"))?,
        );
    }
    Ok(copy)
}

fn value(attribute: &AttributeTypeAndValue<'_>) -> Option<DnValue> {
    let text = attribute.as_str().ok()?;
    match attribute.attr_value().tag() {
        Tag::Utf8String => Some(DnValue::Utf8String(text.to_owned())),
        Tag::PrintableString => PrintableString::try_from(text).ok().map(DnValue::PrintableString),
        Tag::Ia5String => Ia5String::try_from(text).ok().map(DnValue::Ia5String),
        _ => None,
    }
}
