//! Account numbers by their check digits. The bundled bank has its own way of looking at them: one misreading would agree
//! with itself.

/// ISO 13616: two letters, two check digits, and a remainder of one (ISO 7064 MOD 97-10).
pub fn is_iban(iban: &str) -> bool {
    let Some((head, tail)) = iban.split_at_checked(4).filter(|_| iban.is_ascii()) else { return false };
    let (country, check) = head.split_at(2);
    let has_form = country.bytes().all(|byte| byte.is_ascii_uppercase())
        && check.bytes().all(|byte| byte.is_ascii_digit())
        && (11..=30).contains(&tail.len())
        && tail.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let remainder = tail
        .chars()
        .chain(head.chars())
        .filter_map(|one| one.to_digit(36))
        .fold(0, |rest, value| (if value < 10 { rest * 10 } else { rest * 100 } + value) % 97);
    has_form && remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_known_by_its_check_digits() {
        for iban in
            ["DE02120300000000202051", "GB29NWBK60161331926819", "NO9386011117947", "MT84MALT011000012345MTLCAST001S"]
        {
            assert!(is_iban(iban), "{iban}");
        }
        for iban in [
            "DE02120300000000202052",
            "DE0212030000000020205",
            "",
            "DE",
            "dE02120300000000202051",
            "DÉ02120300000000202051",
        ] {
            assert!(!is_iban(iban), "{iban}");
        }
    }
}
