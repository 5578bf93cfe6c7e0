//! RFC 5280 on the fields of every certificate.

use openssl::x509::X509;
use x509_parser::asn1_rs::Tag;
use x509_parser::x509::{X509Name, X509Version};

use super::cert::{Cert, any, text, when};
use super::issuers::Signed;
use super::rule::{Bank, Level, Rule, Scope};
use super::{country, oids};
use crate::pki::oid;

/// What is said of a certificate that cannot be read at all.
pub(super) const UNREADABLE: Rule = Rule {
    id: "rfc5280-unreadable",
    clause: "RFC 5280 §4.1",
    level: Level::Must,
    scope: Scope::Any,
    message: "It is no certificate: it cannot be read as X.509.",
    expected: "a certificate in DER",
    bank: Bank::EndsHandshake,
    broken: |_| None,
};

pub(super) const RULES: &[Rule] = &[
    UNREADABLE,
    Rule {
        id: "rfc5280-trailing-octets",
        clause: "RFC 5280 §4.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "Something follows the end of the certificate.",
        expected: "nothing after the certificate",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.trailing > 0, format!("{} octets", cert.trailing)),
    },
    Rule {
        id: "rfc5280-not-der",
        clause: "RFC 5280 §4.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "OpenSSL cannot read it, although it looks like a certificate.",
        expected: "a certificate in DER that every library reads",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let error = X509::from_der(cert.der).err()?;
            Some(error.errors().last().and_then(|error| error.reason()).unwrap_or("it is refused").to_owned())
        },
    },
    Rule {
        id: "rfc5280-version",
        clause: "RFC 5280 §4.1.2.1",
        level: Level::Must,
        scope: Scope::Any,
        message: "It is not of version 3, and so cannot have the extensions that it needs.",
        expected: "version 3 (encoded as 2)",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            when(cert.x509.version() != X509Version::V3, format!("version {}", cert.x509.version().0.saturating_add(1)))
        },
    },
    Rule {
        id: "rfc5280-serial-not-positive",
        clause: "RFC 5280 §4.1.2.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its serial number is not positive.",
        expected: "a positive number",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let serial = cert.x509.raw_serial();
            let is_negative = serial.first().is_some_and(|first| first & 0x80 != 0);
            when(is_negative || serial.iter().all(|octet| *octet == 0), cert.facts.serial.clone())
        },
    },
    Rule {
        id: "rfc5280-serial-too-long",
        clause: "RFC 5280 §4.1.2.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "Its serial number is too long.",
        expected: "at most 20 octets",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let length = cert.x509.raw_serial().len();
            when(length > 20, format!("{length} octets"))
        },
    },
    Rule {
        id: "rfc5280-signature-algorithms-differ",
        clause: "RFC 5280 §4.1.1.2",
        level: Level::Must,
        scope: Scope::Any,
        message: "It names two different algorithms for its signature, one of them outside of what is signed.",
        expected: "the same algorithm inside and outside",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let (inner, outer) = (&cert.x509.signature, &cert.x509.signature_algorithm);
            when(inner != outer, format!("{} inside, {} outside", inner.algorithm, outer.algorithm))
        },
    },
    Rule {
        id: "rfc5280-issuer-empty",
        clause: "RFC 5280 §4.1.2.4",
        level: Level::Must,
        scope: Scope::Any,
        message: "It does not name its issuer.",
        expected: "a name of the issuer that is not empty",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.x509.issuer().iter_rdn().next().is_none(), "an empty name"),
    },
    Rule {
        id: "rfc5280-subject-empty",
        clause: "RFC 5280 §4.1.2.6",
        level: Level::Must,
        scope: Scope::Any,
        message: "It does not name its holder.",
        expected: "a name of the subject, or a critical subjectAltName",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let has_other = !cert.facts.is_ca && cert.is_critical(oids::SUBJECT_ALT_NAME);
            when(cert.x509.subject().iter_rdn().next().is_none() && !has_other, "an empty name")
        },
    },
    Rule {
        id: "rfc5280-country-not-two-letters",
        clause: "RFC 5280 appendix A.1 (X520countryName)",
        level: Level::Must,
        scope: Scope::Any,
        message: "A country in its names is no code of two letters.",
        expected: "two letters",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_code = |code: &String| code.len() == 2 && code.bytes().all(|octet| octet.is_ascii_alphabetic());
            any(&countries(cert).into_iter().filter(|code| !is_code(code)).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "en319412-3-country-unknown",
        clause: "EN 319 412-3 LEG-4.2.1-4, EN 319 412-2 GEN-4.2.3.1-6",
        level: Level::Should,
        scope: Scope::Any,
        message: "A country in its names does not exist, or is in small letters.",
        expected: "two capital letters of ISO 3166-1",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_unknown = |code: &String| code.len() == 2 && !country::fits_scheme("", code);
            any(&countries(cert).into_iter().filter(is_unknown).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-country-not-printable",
        clause: "RFC 5280 appendix A.1 (X520countryName)",
        level: Level::Must,
        scope: Scope::Any,
        message: "A country in its names is no PrintableString.",
        expected: "a PrintableString",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let is_wrong = |name: &X509Name<'_>| {
                name.iter_attributes().any(|attribute| {
                    oid::is(attribute.attr_type(), oids::COUNTRY)
                        && attribute.attr_value().tag() != Tag::PrintableString
                })
            };
            when(is_wrong(cert.x509.subject()) || is_wrong(cert.x509.issuer()), "another kind of string")
        },
    },
    Rule {
        id: "rfc5280-old-string-type",
        clause: "RFC 5280 §4.1.2.4",
        level: Level::Should,
        scope: Scope::Any,
        message: "Its subject has a text in a kind of string that is out of use.",
        expected: "PrintableString or UTF8String",
        bank: Bank::StrictRefuses,
        broken: |cert| {
            let is_old = |tag: Tag| [Tag::T61String, Tag::UniversalString, Tag::BmpString].contains(&tag);
            let attributes = cert.x509.subject.iter_attributes();
            any(&attributes.filter(|attribute| is_old(attribute.attr_value().tag())).map(text).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-unique-identifier",
        clause: "RFC 5280 §4.1.2.8",
        level: Level::Must,
        scope: Scope::Any,
        message: "It has a unique identifier of issuer or subject, which must not be made any more.",
        expected: "neither issuerUniqueID nor subjectUniqueID",
        bank: Bank::TakesNoNotice,
        broken: |cert| when(cert.x509.issuer_uid.is_some() || cert.x509.subject_uid.is_some(), "a unique identifier"),
    },
    Rule {
        id: "rfc5280-expired",
        clause: "RFC 5280 §4.1.2.5, §6.1.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "It has expired.",
        expected: "an end that is still to come",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.at > cert.facts.not_after, format!("ended {}", cert.facts.not_after)),
    },
    Rule {
        id: "rfc5280-not-yet-valid",
        clause: "RFC 5280 §4.1.2.5, §6.1.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "It is not valid yet.",
        expected: "a beginning that has passed",
        bank: Bank::EndsHandshake,
        broken: |cert| when(cert.at < cert.facts.not_before, format!("begins {}", cert.facts.not_before)),
    },
    Rule {
        id: "rfc5280-ends-before-it-begins",
        clause: "RFC 5280 §4.1.2.5",
        level: Level::Must,
        scope: Scope::Any,
        message: "It ends before it begins.",
        expected: "an end after the beginning",
        bank: Bank::EndsHandshake,
        broken: |cert| {
            let (begins, ends) = (cert.facts.not_before, cert.facts.not_after);
            when(ends < begins, format!("{begins} to {ends}"))
        },
    },
    Rule {
        id: "rfc5280-date-encoding",
        clause: "RFC 5280 §4.1.2.5",
        level: Level::Must,
        scope: Scope::Any,
        message: "A date is written in the form of other years.",
        expected: "UTCTime until 2049, GeneralizedTime from 2050 on",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let validity = cert.x509.validity();
            let dates = [(validity.not_before, "notBefore"), (validity.not_after, "notAfter")];
            let is_wrong = dates.iter().filter(|(date, _)| date.is_utctime() == (date.to_datetime().year() >= 2050));
            any(&is_wrong.map(|(date, name)| format!("{name} {}", date.to_datetime().date())).collect::<Vec<_>>())
        },
    },
    Rule {
        id: "rfc5280-not-signed-by-issuer",
        clause: "RFC 5280 §6.1.3",
        level: Level::Must,
        scope: Scope::Any,
        message: "The CA that was given beside it has its issuer's name, but its key has not signed it.",
        expected: "a signature by the key of the issuing CA",
        bank: Bank::EndsHandshake,
        broken: not_signed_by_issuer,
    },
];

fn countries(cert: &Cert<'_>) -> Vec<String> {
    [cert.subject(oids::COUNTRY), cert.issuer(oids::COUNTRY)].concat()
}

fn not_signed_by_issuer(cert: &Cert<'_>) -> Option<String> {
    let issuer = cert.x509.issuer();
    // Its own name as issuer is a matter of the rule on self-signed certificates.
    let is_signed = cert.is_self_issued() || cert.issuers.signed(cert.der, issuer.as_raw()) != Signed::No;
    when(!is_signed, format!("not signed by {}", crate::pki::name::text(issuer)))
}
