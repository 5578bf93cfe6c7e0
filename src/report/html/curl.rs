//! The request of an exchange as a line for a shell: what was secret is a variable.

use serde::Serialize;

use crate::run::event::{Exchange, Request, Speaker, Text, remade_by};

use super::super::text::steers;

/// Kinds of secrets that a bank takes once only.
const USED_ONCE: [&str; 3] = ["code", "one-time-code", "otp"];
/// Kinds of secrets that the target file has as they are sent.
const OF_TARGET_FILE: [&str; 5] = ["account", "customer", "header", "one-time-code", "password"];
/// Who speaks without a client certificate.
const WITHOUT_CERTIFICATE: [&str; 3] = ["psu", "anyone", "no certificate"];
/// The second certificate of a TPP, which the target file has.
const RENEWED: &str = "renewed";
/// Headers that curl makes itself, or that are about a connection which is not its own.
const MADE_BY_CURL: [&str; 4] = ["content-length", "connection", "accept-encoding", "transfer-encoding"];
/// Longest request that is offered as a line, in bytes.
pub(super) const REQUEST_BOUND: usize = 32_768;

/// A line that sends the request again.
#[derive(Debug, Serialize)]
pub(super) struct Curl {
    /// The line, broken where a shell lets it be.
    pub(super) command: String,
    /// The variables that must be set before.
    pub(super) variables: Vec<String>,
    /// Those of them whose value can be used once only.
    pub(super) used_once: Vec<String>,
    /// Those of them whose value lived in the run alone: no file has it.
    pub(super) live: Vec<String>,
    /// What makes the certificate that the run has made.
    pub(super) maker: Option<String>,
    /// The certificate was made by the run, and nothing but another run makes one like it.
    pub(super) is_of_the_run: bool,
}

/// The line for an exchange; `None` where the request is too long for one.
pub(super) fn curl(exchange: &Exchange) -> Option<Curl> {
    let request = &exchange.request;
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if request.url.len() + request.body.len() + headers > REQUEST_BOUND {
        return None;
    }
    let mut words = Words::default();
    let mut parts = vec![words.start(request)];
    parts.extend(certificate(exchange));
    parts
        .extend(wanted(request).map(|(name, value)| format!("--header {}", words.quoted(&format!("{name}: {value}")))));
    if !request.body.is_empty() {
        if request.header("content-type").is_none() {
            parts.push("--header 'Content-Type:'".to_owned());
        }
        parts.push(format!("--data-raw {}", words.quoted(&request.body)));
    }
    let Words { variables, used_once, live } = words;
    let how = exchange.identity.how.as_deref().filter(|how| shows_certificate(exchange) && *how != RENEWED);
    let maker = how.and_then(|how| maker(&exchange.identity.name, how));
    let is_of_the_run = how.is_some() && maker.is_none();
    Some(Curl { command: parts.join(" \\\n  "), variables, used_once, live, maker, is_of_the_run })
}

fn wanted(request: &Request) -> impl Iterator<Item = &(Text, Text)> {
    let authority = authority(&request.url);
    let made = move |name: &str, value: &str| match name.to_ascii_lowercase().as_str() {
        "host" => value == authority,
        "accept" => value == "*/*",
        name => MADE_BY_CURL.contains(&name) || name.starts_with(':'),
    };
    request.headers.iter().filter(move |(name, value)| !made(name, value))
}

fn authority(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.split(['/', '?', '#']).next().unwrap_or_default()
}

/// What makes a certificate under the CA of the target file that is as that one was.
fn maker(name: &str, how: &str) -> Option<String> {
    let (option, folder) = remade_by(how)?;
    let name = plain(name);
    Some(format!(
        "bankproof certs issue --ca ca-issuing.pem --like {name}-qwac.pem {option} {} --out {folder}",
        plain(how)
    ))
}

fn shows_certificate(exchange: &Exchange) -> bool {
    let open = exchange.tls.as_ref().is_some_and(|tls| !tls.version.is_empty() && tls.client_subject.is_none());
    exchange.request.url.starts_with("https:") && !open && !WITHOUT_CERTIFICATE.contains(&&*exchange.identity.name)
}

/// The files as `bankproof certs issue` names them: none where no client certificate was shown.
fn certificate(exchange: &Exchange) -> Option<String> {
    if !exchange.request.url.starts_with("https:") {
        return None;
    }
    if !shows_certificate(exchange) {
        return Some("--cacert ca-root.pem".to_owned());
    }
    let file = certificate_file(&exchange.identity);
    Some(format!("--cert {file}.pem --key {file}.key --cacert ca-root.pem"))
}

/// `tpp-a` has `tpp-a-qwac`, `tpp-a (renewed)` its second one, and `tpp-a (expired)` one that is bad on purpose.
fn certificate_file(identity: &Speaker) -> String {
    let name = plain(&identity.name);
    match identity.how.as_deref() {
        None => format!("{name}-qwac"),
        Some(RENEWED) => format!("{name}-renewed-qwac"),
        Some(how) => format!("{}/{name}-{}", remade_by(how).map_or("made", |(_, folder)| folder), plain(how)),
    }
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}

/// Quotes for a POSIX shell and collects the variables.
#[derive(Default)]
pub(super) struct Words {
    variables: Vec<String>,
    used_once: Vec<String>,
    live: Vec<String>,
}

/// A piece of a word.
enum Piece<'a> {
    Text(&'a str),
    Secret { kind: &'a str, tag: &'a str },
}

impl Words {
    fn start(&mut self, request: &Request) -> String {
        let globs = request.url.contains(['[', ']', '{', '}']);
        let dots = request.url.contains("/./") || request.url.contains("/../");
        let method = match &*request.method {
            "GET" if request.body.is_empty() => String::new(),
            "HEAD" => " --head".to_owned(),
            other => format!(" --request {}", self.quoted(other)),
        };
        let globoff = if globs { " --globoff" } else { "" };
        let as_is = if dots { " --path-as-is" } else { "" };
        format!("curl --silent --show-error --include --http1.1{globoff}{as_is}{method} {}", self.quoted(&request.url))
    }

    /// One word of the line: in double quotes where that reads well, else piece by piece.
    pub(super) fn quoted(&mut self, text: &str) -> String {
        let pieces = pieces(text);
        if let [Piece::Text(text)] = pieces[..]
            && !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c))
        {
            return text.to_owned();
        }
        let wild = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(['\\', '"', '$', '`', '!']) || text.contains(steers));
        let secrets = pieces.iter().any(|piece| matches!(piece, Piece::Secret { .. }));
        match secrets && !pieces.iter().any(wild) {
            true => format!("\"{}\"", self.inside_double_quotes(&pieces)),
            false => self.piece_by_piece(&pieces),
        }
    }

    fn inside_double_quotes(&mut self, pieces: &[Piece]) -> String {
        let mut out = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Secret { kind, tag } => {
                    let name = self.variable(kind, tag);
                    let joined = matches!(pieces.get(at + 1), Some(Piece::Text(next)) if next.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
                    out.push_str(&if joined { format!("${{{name}}}") } else { format!("${name}") });
                }
            }
        }
        out
    }

    fn piece_by_piece(&mut self, pieces: &[Piece]) -> String {
        let words: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => single_quoted(text),
                Piece::Secret { kind, tag } => format!("\"${}\"", self.variable(kind, tag)),
            })
            .collect();
        if words.is_empty() { "''".to_owned() } else { words.concat() }
    }

    fn variable(&mut self, kind: &str, tag: &str) -> String {
        let name = format!("{kind}_{tag}").replace('-', "_").to_ascii_uppercase();
        if !self.variables.contains(&name) {
            self.variables.push(name.clone());
            if USED_ONCE.contains(&kind) {
                self.used_once.push(name.clone());
            }
            if !OF_TARGET_FILE.contains(&kind) {
                self.live.push(name.clone());
            }
        }
        name
    }
}

/// Steering characters leave the quotes as `$'\u001b'`, so that pasting the line is safe.
fn single_quoted(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '\'' => out.push_str(r"'\''"),
            other if steers(other) => out.push_str(&format!("'$'\\u{:04x}''", u32::from(other))),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

/// Splits at the recorder's placeholders, `‹token:ab12cd›`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, kind, tag, after)) = next_placeholder(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Secret { kind, tag });
        rest = after;
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_placeholder(text: &str) -> Option<(&str, &str, &str, &str)> {
    text.match_indices('‹').find_map(|(at, mark)| {
        let (inside, after) = text[at + mark.len()..].split_once('›')?;
        let (kind, tag) = inside.split_once(':')?;
        let named = |name: &str, extra: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
        };
        // A name that a shell takes: no digit first.
        let fits = named(kind, "_-") && named(tag, "") && !kind.starts_with(|c: char| c.is_ascii_digit());
        fits.then_some((&text[..at], kind, tag, after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        Words::default().quoted(text)
    }

    #[test]
    fn secrets_become_variables() {
        assert_eq!(quoted("Authorization: Bearer ‹token:ab12cd›"), "\"Authorization: Bearer $TOKEN_AB12CD\"");
        assert_eq!(quoted("‹token:ab12cd›x"), "\"${TOKEN_AB12CD}x\"");
        assert_eq!(quoted("‹refresh-token:ab12cd›&a=$(id)"), "\"$REFRESH_TOKEN_AB12CD\"'&a=$(id)'");
    }

    #[test]
    fn an_identity_names_its_files() {
        assert_eq!(certificate_file(&"tpp-a".into()), "tpp-a-qwac");
        assert_eq!(certificate_file(&Speaker::of("tpp-a", "renewed")), "tpp-a-renewed-qwac");
        assert_eq!(certificate_file(&Speaker::of("tpp-a", "unknown-ca")), "defects/tpp-a-unknown-ca");
        assert_eq!(certificate_file(&Speaker::of("tpp-a", "role-order")), "near-misses/tpp-a-role-order");
        assert_eq!(certificate_file(&Speaker::of("tpp-a", "PSP_AI alone")), "made/tpp-a-PSP_AI_alone");
        let by = |how| maker("tpp-a", how).unwrap_or_default();
        let made = "bankproof certs issue --ca ca-issuing.pem --like tpp-a-qwac.pem --defect expired --out defects";
        assert_eq!((by("expired"), by("PSP_AI alone")), (made.to_owned(), String::new()));
        assert!(by("role-order").contains("--near-miss role-order --out near-misses"));
        assert_eq!(certificate_file(&"$(id); x".into()), "__id___x-qwac");
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(quoted("it's `x` $y \"z\""), r#"'it'\''s `x` $y "z"'"#);
        assert_eq!(quoted("a\u{1b}b"), r"'a'$'\u001b''b'");
        assert_eq!(quoted("‹$(id):ab12cd›"), "'‹$(id):ab12cd›'");
        assert_eq!(quoted(""), "''");
    }
}
