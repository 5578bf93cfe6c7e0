//! Which parts of a raw request or response are secrets, whatever the run already knows.

use url::form_urlencoded;

/// Fields of forms, queries and JSON bodies that hold a secret, and its kind.
const FIELDS: [(&str, &str); 13] = [
    ("access_token", "token"),
    ("refresh_token", "refresh_token"),
    ("id_token", "token"),
    ("token", "token"),
    ("code", "code"),
    ("code_verifier", "verifier"),
    ("client_secret", "secret"),
    ("client_assertion", "secret"),
    ("password", "password"),
    ("otp", "one-time-code"),
    ("iban", "account"),
    ("Identification", "account"),
    ("scaAuthenticationData", "one-time-code"),
];

/// A value without a telling name is a secret only if it is at least so long and looks random: a `true` in a cookie
/// must not become one, or every `true` of the run would be hidden, from judges too.
const RANDOM_LENGTH: usize = 16;
/// No word of a protocol is longer (`authorization` has 13 letters).
const LONGEST_WORD: usize = 15;

/// The contents of a body: JSON, HTML or a form. Whatever `found(kind, value)` is told is secret.
pub(super) fn body(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        match serde_json::from_str(text) {
            Ok(json) => json_members(&json, found),
            Err(_) => broken_json(text, found),
        }
    } else if text.starts_with('<') {
        html(text, found);
    } else {
        query(text, found);
        broken_json(text, found);
    }
}

/// Members of what was meant to be JSON: cut off, or with something before it. A token in it is a token all the same.
fn broken_json(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    for (name, _) in FIELDS {
        for (at, quoted) in text.match_indices(&format!("\"{name}\"")) {
            let value = text[at + quoted.len()..].trim_start().strip_prefix(':').map(str::trim_start);
            if let Some(value) = value.and_then(|value| value.strip_prefix('"')?.split(['"', '\\']).next()) {
                named(name, value, found);
            }
        }
    }
}

/// The parameters of a query or a form.
pub(super) fn query(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        named(&name, &value, found);
    }
}

/// The query and the fragment of a URL.
pub(super) fn url(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    for part in text.split(['?', '#']).skip(1) {
        query(part, found);
    }
}

/// Credentials and session cookies.
pub(super) fn header(name: &str, value: &str, found: &mut impl FnMut(&'static str, &str)) {
    match name.to_ascii_lowercase().as_str() {
        "authorization" => {
            if let Some((_, credentials)) = value.split_once(' ') {
                found("token", credentials);
            }
        }
        "set-cookie" => cookie(value.split(';').next().unwrap_or_default(), found),
        "cookie" => value.split(';').for_each(|pair| cookie(pair, found)),
        "location" => url(value, found),
        // A signature is no secret; a payload in it says what the body says, in another spelling.
        "x-jws-signature" => {
            if let Some(payload) = value.split('.').nth(1).filter(|payload| !payload.is_empty()) {
                found("payload", payload);
            }
        }
        _ => {}
    }
}

fn named(name: &str, value: &str, found: &mut impl FnMut(&'static str, &str)) {
    if let Some((_, kind)) = FIELDS.iter().find(|(field, _)| *field == name)
        && !is_vocabulary(value)
    {
        found(kind, value);
    }
}

fn unnamed(kind: &'static str, value: &str, found: &mut impl FnMut(&'static str, &str)) {
    if looks_random(value) {
        found(kind, value);
    }
}

fn cookie(pair: &str, found: &mut impl FnMut(&'static str, &str)) {
    if let Some((_, value)) = pair.split_once('=') {
        unnamed("cookie", value.trim(), found);
    }
}

fn json_members(json: &serde_json::Value, found: &mut impl FnMut(&'static str, &str)) {
    match json {
        serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| match value.as_str() {
            Some(text) => named(name, text, found),
            None => json_members(value, found),
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| json_members(item, found)),
        _ => {}
    }
}

/// Fields and addresses of a page: anti-CSRF values are as good as a session cookie to whoever reads them.
fn html(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    for tag in text.split('<').filter_map(|rest| rest.split('>').next()) {
        for address in ["href", "action", "content"].into_iter().filter_map(|name| attribute(tag, name)) {
            url(&address, found);
        }
        if let (true, Some(value)) = (tag.starts_with("input"), attribute(tag, "value")) {
            named(&attribute(tag, "name").unwrap_or_default(), &value, found);
            if tag.contains("hidden") {
                unnamed("form", &value, found);
            }
        }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!("{name}=")).nth(1)?;
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => value[1..].split(quote).next()?,
        None => value.split_whitespace().next()?,
    };
    Some(value.replace("&amp;", "&"))
}

/// Words of the protocols: error codes of OAuth (`invalid_grant`) and of Berlin Group (`FORMAT_ERROR`). What is long and
/// in one piece is no word, though it may happen to have letters of one case alone.
fn is_vocabulary(value: &str) -> bool {
    let of = |is: fn(&char) -> bool| value.chars().all(|character| character == '_' || is(&character));
    (of(char::is_ascii_lowercase) || of(char::is_ascii_uppercase))
        && value.split('_').all(|word| word.len() <= LONGEST_WORD)
}

/// Whether a value without a telling name was drawn and not written: letters with digits, or letters whose case varies more
/// than it does in `camelCase`. A drawn value may have no digit at all, and base64 has slashes as a path has.
fn looks_random(value: &str) -> bool {
    if value.len() < RANDOM_LENGTH || value.contains("://") || value.contains(char::is_whitespace) {
        return false;
    }
    let count = |is: fn(&u8) -> bool| value.as_bytes().iter().filter(|byte| is(byte)).count();
    let (upper, lower, digits) =
        (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase), count(u8::is_ascii_digit));
    let letters = upper + lower;
    let has_mixed_case = |part: usize| letters > 0 && upper.min(lower) * part >= letters;
    match (value.contains('/'), digits > 0) {
        (false, true) => letters > 0,
        (true, true) => has_mixed_case(8),
        (_, false) => has_mixed_case(6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<String> {
        let mut values = Vec::new();
        body(text, &mut |_, value| values.push(value.to_owned()));
        values
    }

    #[test]
    fn codes_and_tokens_are_found_wherever_they_stand() {
        assert_eq!(found_in(r#"{"access_token":"abc123","nested":[{"iban":"DE02"}]}"#), ["abc123", "DE02"]);
        assert_eq!(found_in("grant_type=authorization_code&code=x1y2"), ["x1y2"]);
        assert_eq!(found_in(r#"{"access_token":"abc123","cut"#), ["abc123"]);
        assert_eq!(found_in(r#"<a href="/back?state=s&amp;code=x1y2">on</a>"#), ["x1y2"]);
        assert_eq!(found_in(r#"<input type=hidden name=csrf value="0123456789abcdef">"#), ["0123456789abcdef"]);
    }

    fn is_learnt_from_a_cookie(value: &str) -> bool {
        let mut learnt = false;
        header("Set-Cookie", &format!("session={value}; Path=/; Secure"), &mut |_, found| learnt |= found == value);
        learnt
    }

    #[test]
    fn a_cookie_that_happens_to_have_no_digit_is_a_secret() {
        for value in ["iqapDeIupOgSQjrsW_bIpnkJKUtxoAWakZkllCYLKpc", "/x7Kq0pLb+3fWm/ZsTn4Rg==", "Qw/xKcZpTnLvRbYsMdHg"]
        {
            assert!(is_learnt_from_a_cookie(value), "{value}");
        }
        assert_eq!(found_in("code=qzkxwvjybpnmtrsdlfgh"), ["qzkxwvjybpnmtrsdlfgh"]);
    }

    #[test]
    fn ordinary_words_are_no_secrets() {
        for value in ["/pis/v1/authorisations/next", "https://bank.example/a1B2c3D4e5F6", "cookieConsentWasGiven"] {
            assert!(!is_learnt_from_a_cookie(value), "{value}");
        }
        assert!(found_in(r#"{"code":"invalid_grant","tppMessages":[{"code":"FORMAT_ERROR"}]}"#).is_empty());
        assert!(found_in(r#"<input type=hidden name=payee value="Bankproof Test Merchant">"#).is_empty());
        let mut values = Vec::new();
        header("Set-Cookie", "cookieConsent=true; Path=/", &mut |_, value| values.push(value.to_owned()));
        assert!(values.is_empty());
    }

    /// What banks draw: 256 bits in base64url or base64; without digits, as chance leaves them out now and then. The same
    /// values every time, for one in a million has letters of nearly one case.
    #[test]
    fn every_drawn_cookie_is_a_secret() {
        let drawn = ("[A-Za-z_-]{43}", "[A-Za-z0-9+/]{43}");
        let judged = proptest::test_runner::TestRunner::deterministic().run(&drawn, |(url_safe, padded)| {
            proptest::prop_assert!(is_learnt_from_a_cookie(&url_safe), "{}", url_safe);
            proptest::prop_assert!(is_learnt_from_a_cookie(&format!("{padded}=")), "{}", padded);
            Ok(())
        });
        assert_eq!(judged, Ok(()));
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(text in "[<>={}\\[\\]\"'&a-zé =?#/]{0,80}") {
            found_in(&text);
        }
    }
}
