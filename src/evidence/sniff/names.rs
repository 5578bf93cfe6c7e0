//! The names that tell of a secret: of fields, members, elements, attributes, parameters, cookies and headers.

/// No telling name is longer.
const LONGEST: usize = 40;
/// A value whose name merely ends as a telling one does is a secret from so many octets on.
const SHORTEST_OF_KIN: usize = 8;

/// Whole names, without hyphens and underscores, and in lower case.
const NAMES: [(&str, &str); 36] = [
    ("accesstoken", "token"),
    ("refreshtoken", "refresh_token"),
    ("idtoken", "token"),
    ("token", "token"),
    ("code", "code"),
    ("authcode", "code"),
    ("authorizationcode", "code"),
    ("authorisationcode", "code"),
    ("usercode", "code"),
    ("devicecode", "code"),
    ("codeverifier", "verifier"),
    ("clientsecret", "secret"),
    ("clientassertion", "secret"),
    ("assertion", "secret"),
    ("secret", "secret"),
    ("apikey", "secret"),
    ("password", "password"),
    ("passwd", "password"),
    ("passwort", "password"),
    ("passphrase", "password"),
    ("pin", "password"),
    ("otp", "one-time-code"),
    ("totp", "one-time-code"),
    ("tan", "one-time-code"),
    ("smscode", "one-time-code"),
    ("smsotp", "one-time-code"),
    ("otpcode", "one-time-code"),
    ("onetimecode", "one-time-code"),
    ("onetimepassword", "one-time-code"),
    ("scaauthenticationdata", "one-time-code"),
    ("iban", "account"),
    ("bban", "account"),
    ("pan", "account"),
    ("debtoriban", "account"),
    ("creditoriban", "account"),
    ("accountnumber", "account"),
];

/// What the names of their kin end with.
const ENDINGS: [(&str, &str); 10] = [
    ("token", "token"),
    ("secret", "secret"),
    ("password", "password"),
    ("assertion", "secret"),
    ("apikey", "secret"),
    ("verifier", "verifier"),
    ("iban", "account"),
    ("csrf", "form"),
    ("xsrf", "form"),
    ("sessionid", "cookie"),
];

/// What all of these end with.
const LAST_LETTERS: &[u8] = b"adefnprty";

/// What a name tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Telling {
    /// The kind of secret.
    pub(super) kind: &'static str,
    is_whole: bool,
}

impl Telling {
    /// Whether a value under that name may be one.
    pub(super) fn tells_of(self, value: &str) -> bool {
        self.is_whole
            || value.len() >= SHORTEST_OF_KIN
                && value.bytes().any(|octet| octet.is_ascii_digit())
                && !value.contains(char::is_whitespace)
    }

    /// Whether a number under that name may be one: a `code` of JSON is a number where it is that of an error.
    pub(super) fn tells_of_numbers(self) -> bool {
        matches!(self.kind, "password" | "one-time-code" | "account")
    }
}

/// What a name tells of: `access_token`, `accessToken`, `data-access-token`, `ns:AccessToken`.
pub(super) fn kind(name: &str) -> Option<Telling> {
    let name = name.rsplit(':').next().unwrap_or_default();
    let name = name.strip_prefix("data-").unwrap_or(name);
    let name = name.strip_suffix("[]").unwrap_or(name);
    if name.len() > LONGEST {
        return None;
    }
    let mut folded = [0; LONGEST];
    let mut length = 0;
    for octet in name.bytes().filter(|octet| !b"_-. ".contains(octet)) {
        folded[length] = octet.to_ascii_lowercase();
        length += 1;
    }
    let folded = &folded[..length];
    if !folded.last().is_some_and(|last| LAST_LETTERS.contains(last)) {
        return None;
    }
    let whole = NAMES.iter().find(|(known, _)| known.as_bytes() == folded);
    if let Some((_, kind)) = whole {
        return Some(Telling { kind, is_whole: true });
    }
    let kin = ENDINGS.iter().find(|(ending, _)| folded.ends_with(ending.as_bytes()));
    kin.map(|(_, kind)| Telling { kind, is_whole: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_in_every_spelling() {
        for name in
            ["access_token", "accessToken", "AccessToken", "ACCESS-TOKEN", "ns:accessToken", "data-access-token"]
        {
            assert_eq!(kind(name).map(|telling| telling.kind), Some("token"), "{name}");
        }
        for name in ["token_type", "code_challenge", "token_endpoint", "shipping", "keypad", "encode", ""] {
            assert_eq!(kind(name), None, "{name}");
        }
        for (name, _) in NAMES.iter().chain(&ENDINGS) {
            assert!(kind(name).is_some(), "{name}");
        }
        assert!(kind("page_token").is_some_and(|name| !name.tells_of("next") && name.tells_of("a1b2c3d4")));
    }
}
