//! The forms in which a secret turns up beside its own, once escapes are off.

use std::borrow::Cow;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use super::decode;

/// A form is found by so many of its octets.
pub(super) const WINDOW: usize = 8;
/// What makes a window of base64 and of hexadecimal, in octets.
const IN_BASE64: usize = WINDOW / 4 * 3;
const IN_HEXADECIMAL: usize = WINDOW / 2;

/// A form of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// As it is, without the escapes that it happens to hold itself.
    Decoded,
    /// In base64, in one of its alphabets, with so many octets of its first group before it.
    Base64(usize, Alphabet),
    /// In hexadecimal, in lower case.
    Hexadecimal,
    /// In hexadecimal, in upper case.
    UpperHexadecimal,
    /// From its last character to its first.
    Reversed,
}

/// How base64 writes its last two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `+/`.
    Standard,
    /// `-_`, as in URLs.
    Url,
    /// A plus has become a space, as forms have it.
    Spaced,
}

use Alphabet::{Spaced, Standard, Url};

impl Form {
    /// Every form there is.
    pub(super) const ALL: [Self; 14] = [
        Self::Plain,
        Self::Decoded,
        Self::Base64(0, Standard),
        Self::Base64(1, Standard),
        Self::Base64(2, Standard),
        Self::Base64(0, Url),
        Self::Base64(1, Url),
        Self::Base64(2, Url),
        Self::Base64(0, Spaced),
        Self::Base64(1, Spaced),
        Self::Base64(2, Spaced),
        Self::Hexadecimal,
        Self::UpperHexadecimal,
        Self::Reversed,
    ];

    /// The secret in that form.
    pub(super) fn of(self, whole: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Plain => Cow::Borrowed(whole),
            Self::Decoded => decode::innermost(whole),
            Self::Base64(before, alphabet) => Cow::Owned(alphabet.encoded(groups(whole, before))),
            Self::Hexadecimal => Cow::Owned(hexadecimal(whole, b"0123456789abcdef")),
            Self::UpperHexadecimal => Cow::Owned(hexadecimal(whole, b"0123456789ABCDEF")),
            Self::Reversed => Cow::Owned(reversed(whole)),
        }
    }

    /// The octets by which the secret is found in that form, and how many of the form stand before them; they are drawn
    /// from the end of the secret, for tokens begin alike. `None` where the form is too short, or the same as an earlier one.
    pub(super) fn window(self, whole: &[u8]) -> Option<([u8; WINDOW], usize)> {
        match self {
            Self::Plain => last(whole),
            Self::Decoded => last(&decode::innermost(whole)).filter(|_| *decode::innermost(whole) != *whole),
            Self::Base64(before, alphabet) => {
                let groups = groups(whole, before);
                let window = alphabet.encoded(groups.last_chunk::<IN_BASE64>()?);
                let is_its_own = alphabet.is_told_by(&window);
                Some((*window.first_chunk()?, groups.len() / 3 * 4 - WINDOW)).filter(|_| is_its_own)
            }
            Self::Hexadecimal | Self::UpperHexadecimal => {
                let digits = if self == Self::Hexadecimal { b"0123456789abcdef" } else { b"0123456789ABCDEF" };
                let window = hexadecimal(whole.last_chunk::<IN_HEXADECIMAL>()?, digits);
                let is_its_own = self == Self::Hexadecimal || window.iter().any(u8::is_ascii_uppercase);
                Some((*window.first_chunk()?, whole.len() * 2 - WINDOW)).filter(|_| is_its_own)
            }
            Self::Reversed => Some((*self.of(whole).first_chunk()?, 0)),
        }
    }

    /// Whether a text is the secret in that form.
    pub(super) fn is(self, secret: &[u8], text: &[u8]) -> bool {
        match self {
            Self::Plain => text == secret,
            Self::Base64(..) => text.iter().copied().map(digit).eq(self.of(secret).iter().copied().map(digit)),
            Self::Hexadecimal | Self::UpperHexadecimal => text.eq_ignore_ascii_case(&self.of(secret)),
            Self::Decoded | Self::Reversed => text == &*self.of(secret),
        }
    }

    /// Every form that has the window of this one.
    pub(super) fn likes(self) -> Vec<Self> {
        match self {
            Self::Base64(before, _) => [Standard, Url, Spaced].map(|alphabet| Self::Base64(before, alphabet)).into(),
            Self::Hexadecimal | Self::UpperHexadecimal => vec![Self::Hexadecimal, Self::UpperHexadecimal],
            other => vec![other],
        }
    }

    /// How long the secret is in that form, in octets.
    pub(super) fn length(self, secret: &[u8]) -> usize {
        match self {
            Self::Plain | Self::Reversed => secret.len(),
            Self::Base64(before, _) => groups(secret, before).len() / 3 * 4,
            Self::Hexadecimal | Self::UpperHexadecimal => secret.len() * 2,
            Self::Decoded => self.of(secret).len(),
        }
    }

    /// The range where the secret stands in that form, with what holds a part of it at either end.
    pub(super) fn reach(self, secret: &[u8], text: &[u8], from: usize, to: usize) -> (usize, usize) {
        let Self::Base64(before, _) = self else { return (from, to) };
        let skipped = (3 - before) % 3;
        let left = secret.len().saturating_sub(skipped) % 3;
        let digits = |octets: usize| if octets > 0 { octets + 1 } else { 0 };
        let is_digit = |octet: &&u8| octet.is_ascii_alphanumeric() || b"+/-_".contains(octet);
        let start = text[..from].iter().rev().take(digits(skipped)).take_while(is_digit).count();
        let end = text[to..].iter().take(digits(left)).take_while(is_digit).count();
        (from - start, to + end)
    }
}

impl Alphabet {
    fn encoded(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Standard => STANDARD_NO_PAD.encode(octets).into_bytes(),
            Url => URL_SAFE_NO_PAD.encode(octets).into_bytes(),
            Spaced => STANDARD_NO_PAD.encode(octets).replace('+', " ").into_bytes(),
        }
    }

    /// Whether a text is in this alphabet and in none before it.
    fn is_told_by(self, text: &[u8]) -> bool {
        match self {
            Standard => true,
            Url => text.iter().any(|octet| b"-_".contains(octet)),
            Spaced => text.contains(&b' '),
        }
    }
}

/// Character by character, or octet by octet where it is no text.
fn reversed(whole: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(whole) {
        Ok(text) => text.chars().rev().collect::<String>().into_bytes(),
        Err(_) => whole.iter().rev().copied().collect(),
    }
}

/// A digit of base64 in the standard alphabet.
fn digit(octet: u8) -> u8 {
    match octet {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        other => other,
    }
}

/// The whole groups of three of a secret before which so many octets stand.
fn groups(whole: &[u8], before: usize) -> &[u8] {
    let from = ((3 - before) % 3).min(whole.len());
    let length = (whole.len() - from) / 3 * 3;
    &whole[from..from + length]
}

fn hexadecimal(octets: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    octets.iter().flat_map(|octet| [digits[usize::from(octet >> 4)], digits[usize::from(octet & 15)]]).collect()
}

fn last(whole: &[u8]) -> Option<([u8; WINDOW], usize)> {
    Some((*whole.last_chunk()?, whole.len() - WINDOW))
}
