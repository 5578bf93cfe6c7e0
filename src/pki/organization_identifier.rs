//! organizationIdentifier, the attribute by which a bank knows a TPP (EN 319 412-1 §5.1.4, TS 119 495 GEN-5.2.1-3).

use std::fmt;
use std::str::FromStr;

use super::PkiError;

/// An organizationIdentifier taken apart: `PSDDE-BAFIN-100001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrganizationIdentifier {
    /// Three characters: `PSD`, `NTR`, `VAT`, `LEI`, or a national scheme such as `SI:`.
    pub scheme: String,
    /// Two letters, ISO 3166-1 but for `EL`, `XI` and `XG`.
    pub country: String,
    /// The authority's own identifier, `BAFIN`; only the scheme `PSD` has one.
    pub authority: Option<String>,
    /// The number in the register. May hold spaces, slashes and hyphens.
    pub reference: String,
}

impl OrganizationIdentifier {
    /// The authority as the PSD2 statement spells it, `DE-BAFIN`, so that the two can be compared.
    pub fn nca_id(&self) -> Option<String> {
        self.authority.as_ref().map(|authority| format!("{}-{authority}", self.country))
    }
}

impl FromStr for OrganizationIdentifier {
    type Err = PkiError;

    /// Splits on the first hyphen, and for `PSD` on the second: the reference keeps all others.
    fn from_str(text: &str) -> Result<Self, PkiError> {
        let bad = |reason| PkiError::BadOrganizationIdentifier { found: text.to_owned(), reason };
        let (head, tail) = text.split_once('-').ok_or_else(|| bad("there is no hyphen"))?;
        if head.len() != 5 || !head.is_ascii() {
            return Err(bad("three characters of scheme and two of country must come before the first hyphen"));
        }
        let (scheme, country) = head.split_at(3);
        if !is_scheme(scheme.as_bytes()) {
            return Err(bad("the scheme must be three capital letters, or two and a colon"));
        }
        // The grammar takes letters of either case; GEN-5.2.1-3 wants capitals for PSD.
        let letter = if scheme == "PSD" { u8::is_ascii_uppercase } else { u8::is_ascii_alphabetic };
        if !country.bytes().all(|byte| letter(&byte)) {
            return Err(bad("the country must be two letters, in capitals for PSD"));
        }
        let (authority, reference) = if scheme == "PSD" {
            let (authority, reference) = tail.split_once('-').ok_or_else(|| bad("there is no second hyphen"))?;
            if !(2..=8).contains(&authority.len()) || !authority.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(bad("the authority must be two to eight capital letters"));
            }
            (Some(authority.to_owned()), reference)
        } else {
            (None, tail)
        };
        if reference.is_empty() {
            return Err(bad("the number in the register is missing"));
        }
        Ok(Self { scheme: scheme.to_owned(), country: country.to_owned(), authority, reference: reference.to_owned() })
    }
}

fn is_scheme(scheme: &[u8]) -> bool {
    matches!(scheme, [b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z' | b':'])
}

impl fmt::Display for OrganizationIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}-", self.scheme, self.country)?;
        if let Some(authority) = &self.authority {
            write!(f, "{authority}-")?;
        }
        f.write_str(&self.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_on_the_first_two_hyphens_only() {
        let parsed: OrganizationIdentifier = "PSDFI-FINFSA-1234567-8".parse().unwrap();
        assert_eq!(parsed.nca_id().as_deref(), Some("FI-FINFSA"));
        assert_eq!(parsed.reference, "1234567-8");
        let parsed: OrganizationIdentifier = "SI:SE-55 66/77-8".parse().unwrap();
        assert_eq!((parsed.scheme.as_str(), parsed.authority, parsed.reference.as_str()), ("SI:", None, "55 66/77-8"));
    }

    #[test]
    fn refuses_what_the_grammar_does_not_have() {
        for text in [
            "",
            "PSDDE",
            "PSDDE-BAFIN",
            "PSDDE-BAFIN-",
            "PSDde-BAFIN-1",
            "PSDDE-bafin-1",
            "PSDDE-B-1",
            "psdDE-BAFIN-1",
            "PSDDE-ABCDEFGHI-1",
            "PS1DE-1",
            "PSDÄ-BAFIN-1",
        ] {
            assert!(text.parse::<OrganizationIdentifier>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(text in "PSD[A-Z]{2}-[A-Z]{2,8}-.+|(NTR|VAT|LEI|SI:)[A-Za-z]{2}-.+") {
            let parsed: OrganizationIdentifier = text.parse().unwrap();
            prop_assert_eq!(parsed.to_string(), text);
        }

        #[test]
        fn nothing_panics(text in ".*") {
            let _ = text.parse::<OrganizationIdentifier>();
        }
    }
}
