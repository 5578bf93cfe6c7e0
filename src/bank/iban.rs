//! IBAN check digits (ISO 13616, ISO 7064 MOD 97-10).

/// A German IBAN of 18 digits with the right check digits.
pub fn german(digits: &str) -> String {
    let check = 98_u32.saturating_sub(remainder(&format!("DE00{digits}")).unwrap_or(97));
    format!("DE{check:02}{digits}")
}

/// Whether the text has the form of an IBAN and its check digits are right.
pub(super) fn is_valid(iban: &str) -> bool {
    has_form(iban) && remainder(iban) == Some(1)
}

/// The pattern of the Berlin Group's schema: `[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}`.
pub(super) fn has_form(iban: &str) -> bool {
    let mut octets = iban.bytes();
    let head = octets.by_ref().take(2).all(|one| one.is_ascii_uppercase());
    let check = octets.by_ref().take(2).all(|one| one.is_ascii_digit());
    head && check && (5..=34).contains(&iban.len()) && octets.all(|one| one.is_ascii_alphanumeric())
}

/// The number that the IBAN stands for, modulo 97.
fn remainder(iban: &str) -> Option<u32> {
    let (head, tail) = iban.split_at_checked(4)?;
    tail.chars().chain(head.chars()).try_fold(0, |rest, character| {
        let value = character.to_digit(36)?;
        let shifted = if value < 10 { rest * 10 } else { rest * 100 };
        Some((shifted + value) % 97)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_registry_is_valid_and_its_neighbour_is_not() {
        assert!(is_valid("DE89370400440532013000"));
        assert!(!is_valid("DE88370400440532013000"));
        assert!(!is_valid("DE"));
        assert!(!is_valid("de89370400440532013000"));
    }

    #[test]
    fn what_we_make_is_valid() {
        assert_eq!(german("370400440532013000"), "DE89370400440532013000");
        assert!(is_valid(&german("000000000000000000")));
    }
}
