//! How hard the codes and tokens of a run are to guess, as far as a sample tells.

use std::collections::BTreeSet;

/// How hard the values of one kind are to guess.
#[derive(Clone, Debug, PartialEq)]
pub struct Guessability {
    /// `authorization codes`, `refresh tokens`.
    pub kind: &'static str,
    /// Values seen.
    pub seen: usize,
    /// Length of the shortest, in characters.
    pub shortest: usize,
    /// Bits that differ between a value and the next, estimated from the characters that vary: the median, as a single
    /// pair of random values may by chance have more in common.
    pub varying_bits: f64,
    /// The least of them: two values that are all but the same.
    pub least_bits: f64,
}

/// What a sample tells; `None` where there are fewer than two values.
pub(super) fn of(kind: &'static str, values: &[String]) -> Option<Guessability> {
    let shortest = values.iter().map(|value| value.chars().count()).min()?;
    let alphabet: BTreeSet<char> = values.iter().flat_map(|value| value.chars()).collect();
    let bits = (alphabet.len() as f64).log2();
    let mut differences: Vec<f64> = values.windows(2).map(|pair| differing(&pair[0], &pair[1]) as f64 * bits).collect();
    differences.sort_by(f64::total_cmp);
    let (least_bits, varying_bits) = (*differences.first()?, differences[differences.len() / 2]);
    Some(Guessability { kind, seen: values.len(), shortest, varying_bits, least_bits })
}

/// How many characters differ between two values.
fn differing(a: &str, b: &str) -> usize {
    let shared = a.chars().zip(b.chars()).filter(|(x, y)| x == y).count();
    a.chars().count().max(b.chars().count()) - shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(bytes: usize, encode: fn(&[u8]) -> String) -> Vec<String> {
        let value = |_| {
            let mut buffer = vec![0; bytes];
            rand::fill(&mut buffer[..]);
            encode(&buffer)
        };
        (0..100).map(value).collect()
    }

    fn base64url(bytes: &[u8]) -> String {
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes)
    }

    fn hexadecimal(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_counter_is_guessable() {
        let values: Vec<String> = (0..100).map(|count| format!("code-{count:022}")).collect();
        assert!(of("codes", &values).is_some_and(|facts| facts.varying_bits < 32.0));
        assert_eq!(of("codes", &[]), None);
    }

    #[test]
    fn random_values_of_128_bits_are_not_whatever_their_encoding() {
        for _ in 0..200 {
            for values in [random(16, base64url), random(16, hexadecimal), random(32, base64url)] {
                let facts = of("codes", &values).unwrap();
                assert!(facts.varying_bits > 96.0 && facts.least_bits > 48.0, "{facts:?}");
            }
        }
    }
}
