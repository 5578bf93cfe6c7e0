//! What a server says to a ClientHello, read from whatever bytes it sends: a pure function that nothing can upset.

use super::suites;
use crate::evidence::tls::{Agreement, Answer};

/// No honest ServerHello comes near this many octets.
const BOUND: usize = 16 * 1024;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SUPPORTED_VERSIONS: u16 = 43;

/// Reads what a server has sent so far; `None` while there is not enough of it to tell.
pub fn read(bytes: &[u8]) -> Option<Answer> {
    // Whatever comes later changes nothing.
    let bytes = &bytes[..bytes.len().min(BOUND)];
    let (mut rest, mut handshake) = (bytes, Vec::new());
    loop {
        let Some(first) = rest.first() else { return too_long(bytes) };
        if !(20..=23).contains(first) {
            return Some(strange(format!("it begins with \"{}\"", printable(rest))));
        }
        let Some((header, behind)) = rest.split_at_checked(5) else { return too_long(bytes) };
        if header[1] != 3 {
            return Some(strange(format!("a record of version {}.{}", header[1], header[2])));
        }
        let Some((fragment, behind)) = behind.split_at_checked(number(header, 3)) else { return too_long(bytes) };
        rest = behind;
        match header[0] {
            ALERT => match alert(fragment) {
                Some(answer) => return Some(answer),
                // A warning such as unrecognized_name comes before the ServerHello, not instead of it.
                None => continue,
            },
            HANDSHAKE => handshake.extend_from_slice(fragment),
            kind => return Some(strange(format!("a record of type {kind} before any ServerHello"))),
        }
        if let Some(answer) = message(&handshake) {
            return Some(answer);
        }
    }
}

fn too_long(bytes: &[u8]) -> Option<Answer> {
    (bytes.len() == BOUND).then(|| strange("more than a ServerHello can be".into()))
}

fn strange(what: String) -> Answer {
    Answer::Strange { what }
}

fn printable(bytes: &[u8]) -> String {
    let character = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
    bytes.iter().take(24).map(character).collect()
}

/// Two octets as a number; 0 where they are not there.
fn number(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..at + 2) {
        Some(pair) => usize::from(pair[0]) << 8 | usize::from(pair[1]),
        None => 0,
    }
}

/// A fatal alert, or `close_notify`; `None` for a warning.
fn alert(fragment: &[u8]) -> Option<Answer> {
    match *fragment {
        [1, code] if code != 0 => None,
        [1 | 2, code] => Some(Answer::Alert { code, name: alert_name(code) }),
        _ => Some(strange("an alert that is none".into())),
    }
}

/// The first handshake message, once it is whole.
fn message(handshake: &[u8]) -> Option<Answer> {
    let (header, body) = handshake.split_at_checked(4)?;
    let length = usize::from(header[1]) << 16 | number(header, 2);
    match header[0] {
        2 if length < BOUND => {
            let body = body.get(..length)?;
            Some(server_hello(body).map_or_else(|| strange("a ServerHello that cannot be read".into()), Answer::Agreed))
        }
        2 => Some(strange("a ServerHello that is too long".into())),
        kind => Some(strange(format!("handshake message {kind} instead of a ServerHello"))),
    }
}

/// RFC 5246 7.4.1.3, RFC 8446 4.1.3. A HelloRetryRequest looks the same, and agrees likewise.
fn server_hello(body: &[u8]) -> Option<Agreement> {
    let (fixed, rest) = body.split_at_checked(34)?;
    let (length, rest) = rest.split_first()?;
    let rest = rest.get(usize::from(*length)..).filter(|_| *length <= 32)?;
    let (chosen, rest) = rest.split_at_checked(3)?;
    let mut version = u16::try_from(number(fixed, 0)).ok()?;
    let mut extensions = Vec::new();
    for (kind, data) in extensions_of(rest)? {
        if let (SUPPORTED_VERSIONS, [high, low]) = (kind, data) {
            version = u16::from_be_bytes([*high, *low]);
        }
        extensions.push(kind);
    }
    Some(Agreement {
        version: version_name(version),
        suite: suites::name(u16::try_from(number(chosen, 0)).ok()?),
        compression: chosen[2],
        extensions,
    })
}

type Extension<'a> = (u16, &'a [u8]);

/// The extensions; `None` where their lengths do not add up. Before TLS 1.2 there may be none at all.
fn extensions_of(rest: &[u8]) -> Option<Vec<Extension<'_>>> {
    let mut found = Vec::new();
    if rest.is_empty() {
        return Some(found);
    }
    let (length, mut rest) = rest.split_at_checked(2)?;
    if number(length, 0) != rest.len() {
        return None;
    }
    while !rest.is_empty() {
        let (header, behind) = rest.split_at_checked(4)?;
        let (data, behind) = behind.split_at_checked(number(header, 2))?;
        found.push((u16::try_from(number(header, 0)).ok()?, data));
        rest = behind;
    }
    Some(found)
}

/// `TLS 1.2`.
fn version_name(version: u16) -> String {
    match version {
        0x0300 => "SSL 3.0".into(),
        0x0301..=0x0304 => format!("TLS 1.{}", version - 0x0301),
        other => format!("version 0x{other:04x}"),
    }
}

/// The names of RFC 8446 6 and of its predecessors.
fn alert_name(code: u8) -> String {
    let name = match code {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        42 => "bad_certificate",
        47 => "illegal_parameter",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => return format!("alert {code}"),
    };
    name.into()
}
