//! What people read in groups: account numbers and one-time codes, with gaps between the groups and in either case.

/// Found by so many of their letters and digits.
const WINDOW: usize = 6;
/// No account number has more letters and digits, and no one-time code.
const LONGEST_ACCOUNT: usize = 40;
const LONGEST_CODE: usize = 12;
/// No more between two groups.
const WIDEST_GAP: usize = 3;
/// Keeps these windows apart from those of other forms.
const MARK: u64 = 1 << 56;

/// Letters and digits alone, in upper case; `None` where it is nothing that is read in groups.
pub(super) fn told(kind: &str, value: &str) -> Option<String> {
    let longest = match kind {
        "account" => LONGEST_ACCOUNT,
        "one-time-code" => LONGEST_CODE,
        _ => return None,
    };
    if value.len() > 3 * LONGEST_ACCOUNT {
        return None;
    }
    let told: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    (told.len() <= longest).then(|| told.to_ascii_uppercase())
}

/// The account number without country and check digits (BBAN), which banks print as well.
pub(super) fn without_country(told: &str) -> Option<&str> {
    let (country, rest) = told.split_at_checked(2)?;
    let (check, rest) = rest.split_at_checked(2)?;
    let is_iban = (15..=34).contains(&told.len())
        && country.bytes().all(|octet| octet.is_ascii_uppercase())
        && check.bytes().all(|octet| octet.is_ascii_digit());
    is_iban.then_some(rest)
}

/// The window by which it is found: it ends with the last digit.
pub(super) fn window(told: &str) -> Option<u64> {
    let end = end(told.as_bytes());
    let window = told.as_bytes().get(end.checked_sub(WINDOW)?..end)?;
    Some(window.iter().fold(0, |window, octet| window << 8 | u64::from(*octet)) | MARK)
}

fn end(told: &[u8]) -> usize {
    told.iter().rposition(u8::is_ascii_digit).map_or(0, |at| at + 1)
}

/// Tells of every window of a text, with where it ends.
pub(super) fn windows(text: &[u8], mut found: impl FnMut(u64, usize)) {
    let (mut window, mut length, mut gap, mut at) = (0_u64, 0, 0, 0);
    while at < text.len() {
        let octet = text[at];
        at += 1;
        if octet.is_ascii_alphanumeric() {
            window = window << 8 | u64::from(octet.to_ascii_uppercase());
            (length, gap) = (length + 1, 0);
            if length >= WINDOW && octet.is_ascii_digit() {
                found(window & ((1 << (8 * WINDOW)) - 1) | MARK, at);
            }
            continue;
        }
        if length == 0 {
            continue;
        }
        gap += 1;
        match separator(&text[at - 1..]) {
            0 => length = 0,
            _ if gap > WIDEST_GAP => length = 0,
            width => at += width - 1,
        }
    }
}

/// Where the number stands whose window ends there.
pub(super) fn place(told: &[u8], text: &[u8], window_end: usize) -> Option<(usize, usize)> {
    let (before, behind) = told.split_at(end(told));
    let mut from = window_end;
    for (index, expected) in before.iter().rev().enumerate() {
        if index > 0 {
            from -= gap_before(&text[..from]);
        }
        from = from.checked_sub(1).filter(|at| text[*at].eq_ignore_ascii_case(expected))?;
    }
    let mut to = window_end;
    for expected in behind {
        to += gap_behind(&text[to..]);
        text.get(to).filter(|octet| octet.eq_ignore_ascii_case(expected))?;
        to += 1;
    }
    Some((from, to))
}

/// How long the separator is that a text begins with, in octets; 0 where it begins with none. Beside the ASCII ones: the
/// spaces U+00A0, U+2007, U+2009 and U+202F, and the hyphens U+2010 and U+2011.
fn separator(text: &[u8]) -> usize {
    match text {
        [b' ' | b'-' | b'.' | b'/' | b'\t', ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        [0xe2, 0x80, 0x87 | 0x89 | 0xaf | 0x90 | 0x91, ..] => 3,
        _ => 0,
    }
}

fn gap_behind(text: &[u8]) -> usize {
    (0..WIDEST_GAP).fold(0, |gap, _| gap + separator(&text[gap..]))
}

fn gap_before(text: &[u8]) -> usize {
    let before = |text: &[u8]| (1..=3.min(text.len())).find(|width| separator(&text[text.len() - width..]) == *width);
    (0..WIDEST_GAP).fold(0, |gap, _| gap + before(&text[..text.len() - gap]).unwrap_or(0))
}
