use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;

fn redact(secrets: &[(&str, &str)], text: &str) -> String {
    let vault = Vault::new();
    secrets.iter().for_each(|(kind, value)| _ = vault.learn(kind, value));
    vault.search().redact(text)
}

/// What is left of a text of that secret alone: the placeholder, and what must be beside it.
fn is_hidden(kind: &'static str, value: &str, written: &str) {
    for (before, behind) in [("", ""), ("x=\"", "\"; y"), ("é ", " é"), ("<p>", "</p>")] {
        let redacted = redact(&[(kind, value)], &format!("{before}{written}{behind}"));
        let rest = redacted.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        let rest = rest.and_then(|rest| rest.strip_prefix(&format!("‹{kind}:"))?.strip_suffix('›'));
        assert!(rest.is_some_and(|tag| tag.len() == 6), "{written}: {redacted}");
    }
}

const TOKEN: &str = "q/3K+w9x=Zt7~yR5_pL1-vB8.";

#[test]
fn a_secret_disappears_in_every_spelling() {
    let json: String = TOKEN.chars().map(|one| format!("\\u{:04x}", u32::from(one))).collect();
    let decimal: String = TOKEN.chars().map(|one| format!("&#{};", u32::from(one))).collect();
    let hexadecimal: String = TOKEN.chars().map(|one| format!("&#x{:X};", u32::from(one))).collect();
    let percent: String = TOKEN.bytes().map(|one| format!("%{one:02x}")).collect();
    for written in [
        TOKEN,
        "q\\/3K+w9x=Zt7~yR5_pL1-vB8.",
        "q/3K\\u002Bw9x\\u003dZt7~yR5_pL1-vB8.",
        "q\\\\\\/3K\\\\u002Bw9x=Zt7~yR5_pL1-vB8.",
        "q%2F3K%2Bw9x%3DZt7%7EyR5_pL1-vB8.",
        "q%252f3K%252bw9x%253dZt7%257eyR5_pL1-vB8.",
        "q&sol;3K&plus;w9x&equals;Zt7~yR5&lowbar;pL1-vB8&period;",
        &json,
        &json.to_uppercase().replace("\\U", "\\u"),
        &json.replace('\\', "\\\\"),
        &decimal,
        &hexadecimal,
        &percent,
        &percent.replace('%', "%25"),
        &TOKEN.chars().rev().collect::<String>(),
        &TOKEN.bytes().map(|one| format!("{one:02x}")).collect::<String>(),
        &TOKEN.bytes().map(|one| format!("{one:02X}")).collect::<String>(),
    ] {
        is_hidden("token", TOKEN, written);
    }
    is_hidden("password", "pa ss+wörd/1", "pa+ss%2Bw%C3%B6rd%2F1");
    is_hidden("password", "pa ss+wörd/1", "pa%20ss%2bw\\u00f6rd\\/1");
    is_hidden("password", "100%41&amp;x\\n", "100%2541%26amp%3Bx%5cn");
    is_hidden("password", "😀-geheim", "\\ud83d\\uDE00-geheim");
}

#[test]
fn nothing_of_base64_at_any_alignment_is_left() {
    for length in 12..30 {
        let secret: String =
            ('A'..).take(length).map(|one| if one > 'Z' { one.to_ascii_lowercase() } else { one }).collect();
        for before in 0..4 {
            for behind in 0..4 {
                let whole = format!("{}{secret}{}", "<".repeat(before), ">?".repeat(behind));
                for encoded in [STANDARD.encode(&whole), STANDARD.encode(&whole).replace('+', "-").replace('/', "_")] {
                    let redacted = redact(&[("token", &secret)], &encoded);
                    let left = redacted.split(['‹', '›']).step_by(2).map(|left| left.trim_end_matches('='));
                    let left = left.map(|left| STANDARD.decode(left.get(..left.len() / 4 * 4).unwrap_or_default()));
                    assert!(redacted.contains("‹token:"), "{encoded}: {redacted}");
                    for left in left.flatten() {
                        let told = left.iter().filter(|octet| octet.is_ascii_uppercase()).count();
                        assert!(told <= 1, "{whole} as {encoded}: {redacted}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_account_disappears_however_it_is_grouped() {
    for written in [
        "DE02120300000000202051",
        "de02120300000000202051",
        "DE02 1203 0000 0000 2020 51",
        "DE02\u{a0}1203\u{a0}0000\u{a0}0000\u{a0}2020\u{a0}51",
        "DE02&nbsp;1203&nbsp;0000&nbsp;0000&nbsp;2020&nbsp;51",
        "DE02-1203-0000-0000-2020-51",
        "DE02+1203+0000+0000+2020+51",
        "120300000000202051",
        "12030000 0000202051",
        "120 300 00 / 0000 2020 51".trim(),
        "1203.0000.0000.2020.51",
        "12030000%200000202051",
    ] {
        let redacted = redact(&[("account", "DE02 1203 0000 0000 2020 51")], &format!("to {written}, at once"));
        assert!(redacted.starts_with("to ‹account:") && redacted.ends_with("›, at once"), "{written}: {redacted}");
    }
    let redacted = redact(&[("account", "MT84MALT011000012345MTLCAST001S")], "a malt 0110 0001 2345 mtlc ast0 01s b");
    assert!(redacted.starts_with("a ‹account:") && redacted.ends_with("› b"), "{redacted}");
    let other = "DE02120300000000202052 and 20262020512026 and 2026-11-20T20:51";
    assert_eq!(redact(&[("account", "DE02120300000000202051")], other), other);
}

#[test]
fn a_code_disappears_in_groups_and_in_no_longer_number() {
    for written in ["123456", "123 456", "123-456", "12 34 56", "1 2 3 4 5 6", "123&nbsp;456"] {
        let redacted = redact(&[("one-time-code", "123456")], &format!("code {written}."));
        assert!(redacted.starts_with("code ‹one-time-code:") && redacted.ends_with("›."), "{written}: {redacted}");
    }
    for other in ["0123456", "1234567", "5123 456", "123 4567"] {
        assert_eq!(redact(&[("one-time-code", "123456")], other), other);
    }
}

#[test]
fn equal_secrets_look_equal_and_short_ones_are_words() {
    let redacted = redact(&[("code", "1234")], "a 1234 b %31234, 20261234 1234x é1234 ‹1234›");
    let parts: Vec<&str> = redacted.split_whitespace().collect();
    assert_eq!(parts[1], parts[3].trim_end_matches(','));
    assert!(parts[1].starts_with("‹code:"), "{redacted}");
    assert!(redacted.contains(" 20261234 1234x é1234 ‹‹code:"), "{redacted}");
}

#[test]
fn secrets_that_overlap_leave_nothing_in_clear() {
    let secrets = [("token", "abcdefghijkl"), ("code", "ijklmnopqrst"), ("secret", "cdefghij")];
    let redacted = redact(&secrets, "x abcdefghijklmnopqrst y");
    assert!(
        redacted.starts_with("x ‹") && redacted.ends_with("› y") && redacted.matches('‹').count() == 1,
        "{redacted}"
    );
    assert!(redact(&secrets, "abcdefghijkl ijklmnopqrst").matches('‹').count() == 2);
}

#[test]
fn a_flood_of_secrets_that_end_alike_is_learnt_at_once() {
    let vault = Vault::new();
    let began = std::time::Instant::now();
    (0..30_000).for_each(|number| _ = vault.learn("token", &format!("{number:05}-ends-alike")));
    let redacted = vault.search().redact(&"00042-ends-alike ".repeat(1000));
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(!redacted.contains("00042"), "{redacted}");
}

/// Secrets that have everything in common but a few octets, and texts made of what they have in common.
#[test]
fn many_secrets_that_look_alike_are_no_burden() {
    const COUNT: usize = 300;
    let prefix = "a".repeat(300);
    let alike: [fn(&str, usize) -> String; 4] = [
        |prefix, number| format!("{prefix}{number:04}"),
        |prefix, number| format!("{number:04}{prefix}"),
        |prefix, number| format!("{prefix}{number:04}{prefix}"),
        |prefix, number| prefix[..8 + number % 290].to_owned(),
    ];
    for make in alike {
        let vault = Vault::new();
        let secrets: Vec<String> = (0..COUNT).map(|number| make(&prefix, number)).collect();
        secrets.iter().for_each(|secret| _ = vault.learn("token", secret));
        let text = format!("{}{}x{}", "a".repeat(200_000), secrets[7], secrets[COUNT - 1]);
        let began = std::time::Instant::now();
        let redacted = vault.search().redact(&text);
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
        assert!(!secrets.iter().any(|secret| redacted.contains(secret.as_str())));
        assert!(redacted.contains('x') && redacted.contains("‹token:"));
    }
}

#[test]
fn a_flood_of_accounts_with_one_end_withholds_the_text() {
    let vault = Vault::new();
    (0..2000).for_each(|number| _ = vault.learn("account", &format!("DE{number:014}654321")));
    let text = "654321".repeat(20_000);
    assert_eq!(vault.search().redact(&text), WITHHELD);
    assert!(vault.search().redact("to DE00000000000007654321.").starts_with("to ‹account:"));
}

#[test]
fn a_run_that_is_flooded_shows_nothing_more() {
    let vault = Vault::new();
    let long = "x".repeat(1024 * 1024);
    (0..=OCTETS_BOUND / long.len()).for_each(|number| _ = vault.learn("token", &format!("{number}{long}")));
    vault.learn("token", "a-token-that-is-not-learnt-any-more");
    assert_eq!(vault.search().redact("a-token-that-is-not-learnt-any-more"), WITHHELD);
}

proptest::proptest! {
    #[test]
    fn no_secret_survives(before in ".{0,40}", secret in "[A-Za-z0-9._~-]{8,60}", after in ".{0,40}") {
        let redacted = redact(&[("token", &secret)], &format!("{before}{secret}{after}"));
        proptest::prop_assert!(!redacted.contains(&secret));
    }
}
