//! EN 319 412-1: how legal persons are identified.

use x509_parser::asn1_rs::{Any, FromDer, Oid as RawOid, Tag};

use super::cert::{Cert, when};
use super::rule::{Bank, Level, Rule, Scope};
use super::{country, oids};
use crate::pki::OrganizationIdentifier;
use crate::pki::oid::Oid;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "en319412-1-identifier-syntax",
        clause: "EN 319 412-1 LEG-5.1.4-02, TS 119 495 GEN-5.2.1-3",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its organizationIdentifier is outside the grammar.",
        expected: "scheme, country, hyphen, reference, as in PSDDE-BAFIN-123456 or NTRDE-HRB123456",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let text = cert.organization_identifier()?;
            text.parse::<OrganizationIdentifier>().err().map(|error| error.to_string())
        },
    },
    Rule {
        id: "en319412-1-identifier-country",
        clause: "EN 319 412-1 LEG-5.1.4-03",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "The country in its organizationIdentifier does not exist in that scheme.",
        expected: "a code of ISO 3166-1; EL or XI for VAT, XG for LEI",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let identifier = parsed(cert)?;
            // The grammar takes small letters outside of PSD.
            let code = identifier.country.to_ascii_uppercase();
            when(!country::fits_scheme(&identifier.scheme, &code), identifier.to_string())
        },
    },
    Rule {
        id: "en319412-1-identifier-scheme",
        clause: "EN 319 412-1 LEG-5.1.4-03",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "The scheme of its organizationIdentifier is not one for legal persons.",
        expected: "PSD, NTR, VAT, LEI, or a national scheme of two letters and a colon",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let identifier = parsed(cert)?;
            let is_known = ["PSD", "NTR", "VAT", "LEI", "GOV", "INT"].contains(&identifier.scheme.as_str());
            when(!is_known && !identifier.scheme.ends_with(':'), identifier.to_string())
        },
    },
    Rule {
        id: "en319412-1-lei-check-digits",
        clause: "EN 319 412-1 LEG-5.1.4-03, ISO 17442",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "The LEI in its organizationIdentifier is not one: length, characters or check digits are wrong.",
        expected: "20 letters and digits whose check digits are right",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let identifier = parsed(cert)?;
            when(identifier.scheme == "LEI" && !is_lei(&identifier.reference), identifier.to_string())
        },
    },
    Rule {
        id: "en319412-1-registration-authority-missing",
        clause: "EN 319 412-1 LEG-5.1.4-05",
        level: Level::Must,
        scope: Scope::Qualified,
        message: "Its organizationIdentifier follows a national scheme, and nothing says whose.",
        expected: "nameRegistrationAuthorities with a URL in the statement of semantics (RFC 3739)",
        bank: Bank::CannotTellWho,
        broken: |cert| {
            let identifier = parsed(cert)?;
            when(identifier.scheme.ends_with(':') && !names_authority(cert), identifier.to_string())
        },
    },
    Rule {
        id: "en319412-1-semantics-of-a-person",
        clause: "EN 319 412-1 LEG-5.1.4-01",
        level: Level::Should,
        scope: Scope::Qualified,
        message: "It says that its identifier is to be read by other rules than those for legal persons.",
        expected: "the semantics of legal persons (0.4.0.194121.1.2 or .4), or none",
        bank: Bank::TakesNoNotice,
        broken: |cert| {
            let info = &cert.statement(oids::QC_SEMANTICS)?.info;
            let (_, sequence) = Any::from_der(info).ok()?;
            let (_, found) = RawOid::from_der(sequence.data).ok()?;
            let semantics = Oid::from_content(found.as_bytes())?;
            let is_ours = semantics.arcs().starts_with(&[0, 4, 0, 194_121, 1]);
            let is_legal = semantics == *oids::SEMANTICS_LEGAL || semantics == *oids::SEMANTICS_EIDAS_LEGAL;
            when(is_ours && !is_legal && !cert.is_natural_person(), semantics.to_string())
        },
    },
];

fn parsed(cert: &Cert<'_>) -> Option<OrganizationIdentifier> {
    cert.organization_identifier()?.parse().ok()
}

/// Modulo 97 over the digits, letters counting from ten (ISO 7064).
fn is_lei(text: &str) -> bool {
    let fold = |sum: Option<u32>, character: char| {
        let value = character.to_digit(36).filter(|_| !character.is_ascii_lowercase())?;
        sum.map(|sum| (sum * if value < 10 { 10 } else { 100 } + value) % 97)
    };
    text.len() == 20 && text.chars().fold(Some(0), fold) == Some(1)
}

/// `SemanticsInformation ::= SEQUENCE { semanticsIdentifier OPTIONAL, nameRegistrationAuthorities SEQUENCE OPTIONAL }`
fn names_authority(cert: &Cert<'_>) -> bool {
    let authorities = || {
        let (_, sequence) = Any::from_der(&cert.statement(oids::QC_SEMANTICS)?.info).ok()?;
        let (rest, first) = Any::from_der(sequence.data).ok()?;
        match first.tag() {
            Tag::Sequence => Some(first),
            _ => Any::from_der(rest).ok().map(|(_, second)| second),
        }
    };
    // A uniformResourceIdentifier has the tag [6].
    authorities().is_some_and(|list| Any::from_der(list.data).is_ok_and(|(_, name)| name.tag().0 == 6))
}

#[cfg(test)]
mod tests {
    use super::is_lei;

    #[test]
    fn check_digits_are_checked() {
        assert!(is_lei("529900T8BM49AURSDO55"));
        assert!(!is_lei("529900T8BM49AURSDO56") && !is_lei("529900T8BM49AURSDO5") && !is_lei("529900t8bm49aursdo55"));
        assert!(!is_lei("ÄÄÄÄÄÄÄÄÄÄ"));
    }
}
