//! Which parts of a raw request or response are secrets, whatever the run already knows.

mod json;
mod loose;
mod markup;
mod names;

use url::form_urlencoded;

/// A text in a text in a text: no honest one goes deeper.
const DEEPEST: usize = 4;

/// A value without a telling name is a secret only if it is at least so long and looks random: a `true` in a cookie
/// must not become one, or every `true` of the run would be hidden, from judges too.
const RANDOM_LENGTH: usize = 16;
/// No word of a protocol is longer (`authorization` has 13 letters).
const LONGEST_WORD: usize = 15;

/// Whoever is told of a secret: its kind and its value.
pub(super) type Found<'a> = dyn FnMut(&'static str, &str) + 'a;

/// The contents of a body: JSON, HTML, XML or a form. Whatever `found(kind, value)` is told is secret.
pub(super) fn body(text: &str, found: &mut Found<'_>) {
    text_at(0, text, found);
}

/// The same of a text that stands inside others.
fn text_at(depth: usize, text: &str, found: &mut Found<'_>) {
    let text = text.trim_start_matches(|first: char| first.is_whitespace() || first == '\u{feff}');
    if depth > DEEPEST || text.is_empty() || text.starts_with(['{', '[']) && json::members(depth, text, found) {
        return;
    }
    if text.contains('<') {
        markup::elements(depth, text, found);
    }
    if !text.starts_with(['<', '{', '[']) {
        parameters(depth, text, found);
    }
    // JSON that is cut off, scripts in a page, or whatever else: a token in it is a token all the same.
    if text.bytes().any(|octet| b"\"'<:\\ \n".contains(&octet)) {
        loose::members(text, found);
    }
}

/// The parameters of a query or a form.
fn parameters(depth: usize, text: &str, found: &mut Found<'_>) {
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        match names::kind(&name) {
            Some(name) => named(name, &value, found),
            None if depth < DEEPEST && value.contains(['?', '{', '<']) => inside(depth, &value, found),
            None => {}
        }
    }
}

/// The query and the fragment of a URL.
pub(super) fn url(text: &str, found: &mut Found<'_>) {
    parts_of_url(0, text, found);
}

fn parts_of_url(depth: usize, text: &str, found: &mut Found<'_>) {
    for part in text.split(['?', '#']).skip(1) {
        parameters(depth, part, found);
    }
}

/// A value without a telling name: a URL, or a text of any kind.
fn inside(depth: usize, value: &str, found: &mut Found<'_>) {
    match value.trim_start().starts_with(['{', '[', '<']) {
        true => text_at(depth + 1, value, found),
        false => {
            parts_of_url(depth + 1, value, found);
            loose::members(value, found);
        }
    }
}

/// Credentials and session cookies.
pub(super) fn header(name: &str, value: &str, found: &mut Found<'_>) {
    match name.to_ascii_lowercase().as_str() {
        name if name.ends_with("authorization") => {
            if let Some((_, credentials)) = value.split_once(' ') {
                found("token", credentials);
            }
        }
        "set-cookie" => cookie(value.split(';').next().unwrap_or_default(), found),
        "cookie" => value.split(';').for_each(|pair| cookie(pair, found)),
        // A signature is no secret; a payload in it says what the body says, in another spelling.
        "x-jws-signature" => {
            if let Some(payload) = value.split('.').nth(1).filter(|payload| !payload.is_empty()) {
                found("payload", payload);
            }
        }
        name => match names::kind(name.trim_start_matches("x-")) {
            Some(name) => named(name, value, found),
            None if value.contains(['?', '#']) => url(value, found),
            None => {}
        },
    }
}

fn cookie(pair: &str, found: &mut Found<'_>) {
    let Some((name, value)) = pair.split_once('=') else { return };
    let value = value.trim().trim_matches('"');
    match names::kind(name.trim()) {
        Some(name) => named(name, value, found),
        None => unnamed("cookie", value, found),
    }
}

fn named(name: names::Telling, value: &str, found: &mut Found<'_>) {
    if name.tells_of(value) && !is_vocabulary(value) {
        found(name.kind, value);
    }
}

fn unnamed(kind: &'static str, value: &str, found: &mut Found<'_>) {
    if looks_random(value) {
        found(kind, value);
    }
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
        values.dedup();
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

    #[test]
    fn a_token_is_found_in_every_lawful_spelling() {
        const TOKEN: &str = "a1B2/c3D4+e5F6==";
        for text in [
            r#"{"accessToken":"a1B2\/c3D4\u002Be5F6\u003d="}"#,
            r#"{"data":{"REFRESH-TOKEN":["a1B2/c3D4+e5F6=="]}}"#,
            r#"{"body":"{\"id_token\":\"a1B2\\/c3D4+e5F6==\"}"}"#,
            r#"{"link":"https://bank.example/back?clientSecret=a1B2/c3D4%2Be5F6%3D%3D"}"#,
            r#"{"twice":"a1B2","access_token":"a1B2/c3D4+e5F6==","access_token":"x"}"#,
            r#"{"access_token" : "a1B2\/c3D4+e5F6==", "cut"#,
            r#"log: {\"codeVerifier\":\"a1B2\/c3D4+e5F6==\"}"#,
            "<r xmlns:a='u'><a:AccessToken>a1B2/c3D4&#43;e5F6==</a:AccessToken></r>",
            "<r><token><![CDATA[a1B2/c3D4+e5F6==]]></token></r>",
            "<r access-token = 'a1B2/c3D4&plus;e5F6=='/>",
            "<script>var accessToken = 'a1B2/c3D4+e5F6==';</script>",
            "<div data-state='{&quot;accessToken&quot;:&quot;a1B2/c3D4+e5F6==&quot;}'></div>",
            "<INPUT CLASS=x VALUE = 'a1B2/c3D4+e5F6==' TYPE = HIDDEN NAME=\"x\">",
            "<input name=x type='hidden' value=a1B2/c3D4&#x2b;e5F6==>",
            "<textarea name=x hidden>a1B2/c3D4+e5F6&equals;&equals;</textarea>",
            "<meta content=\"a1B2/c3D4+e5F6==\" name=\"csrf-token\">",
            "<a href='/back?state=s&#38;code=a1B2/c3D4%2Be5F6%3D%3D'>on</a>",
        ] {
            assert!(found_in(text).contains(&TOKEN.to_owned()), "{text}: {:?}", found_in(text));
        }
        assert_eq!(found_in(r#"{"otp":123456,"code":50012,"pin":"0042"}"#), ["123456", "0042"]);
        assert_eq!(found_in("<p id=otp>123456</p><b>Password: please</b>, <code>free text</code>"), ["123456"]);
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
