//! Traces of a server's inside, in tables: by what they are, and where they tell something. What a page or a payment may say
//! by chance stands in none of them.

use std::{collections::BTreeSet, sync::Arc};

use super::{Answers, all};
use crate::{
    evidence::exchange::{Exchange, Response},
    judge::Finding,
};

/// Each such as no page says it by chance, wherever it stands.
const ANYWHERE: &[&str] = &[
    "stack trace",
    "Stack trace:",
    "Traceback (most recent call last)",
    "at java.",
    "at org.springframework",
    "java.lang.",
    "System.NullReferenceException",
    "   at System.",
    "at process.processTicksAndRejections",
    "(node:internal/",
    "goroutine 1 [running]",
    "PHP Fatal error",
    "SQLSTATE[",
    "You have an error in your SQL syntax",
    "panicked at",
    "PG::",
    "java.sql.",
    "javax.persistence.",
    "jakarta.persistence.",
    "org.hibernate.",
    "com.fasterxml.jackson.",
    "javax.servlet.",
    "jakarta.servlet.",
    "Microsoft.AspNetCore.",
    "Microsoft.EntityFrameworkCore",
    "sqlalchemy.exc.",
    "psycopg2.",
    "django.db.",
    "jdbc:",
    "Unclosed quotation mark after the character string",
    "syntax error at or near",
    "violates unique constraint",
    "SQLITE_",
    "sqlite3.OperationalError",
    "E11000 duplicate key",
    "MongoServerError",
    "/WEB-INF/",
    "/site-packages/",
    "/src/main/java/",
    "C:\\inetpub\\",
    "C:\\Users\\",
];

/// The same, where something went wrong: what a page of the bank's might say is no page then.
const IN_ERRORS: &[&str] = &["/usr/local/", "/usr/lib/", "/var/www/", "/var/lib/", "/opt/app", "/home/app"];

/// Words that between them make a statement of SQL, in this order.
const STATEMENTS: &[&[&str]] = &[
    &["SELECT ", " FROM "],
    &["INSERT INTO ", " VALUES"],
    &["UPDATE ", " SET ", " WHERE "],
    &["DELETE FROM ", " WHERE "],
];

/// How the name of a class ends that is none of a standard's: behind a package of two names or more.
const CLASSES: &[&str] = &[
    "Exception",
    "Controller",
    "Service",
    "ServiceImpl",
    "Repository",
    "Handler",
    "Dao",
    "Manager",
    "Servlet",
    "Interceptor",
    "Mapper",
];

/// How the names of hosts end that no public DNS knows.
const HOSTS: &[&str] = &[".internal", ".local", ".svc", ".cluster.local", ".lan", ".corp", ".intranet"];

/// Header fields that say what software made the answer.
const OF_SOFTWARE: &[&str] =
    &["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator", "x-runtime-version"];

/// No answer shows the inside of the server.
pub fn no_internals(answers: Answers<'_>) -> Finding {
    let known = hosts_of(answers);
    all(answers, "no stack trace, no database error", |exchange, response| match trace(exchange, response, &known) {
        Some(trace) => Err(format!("status {} with \"{trace}\"", response.status)),
        None => Ok(()),
    })
}

/// No header field tells the version of the software behind it (RFC 9110 10.2.4).
pub fn no_versions(answers: Answers<'_>) -> Finding {
    all(answers, "no version of any software in the header", |_, response| {
        let of_software = response.headers.iter().filter(|(name, _)| {
            let is_named = |field: &&str| name.eq_ignore_ascii_case(field);
            OF_SOFTWARE.iter().any(is_named)
        });
        let mut telling = of_software.filter(|(_, value)| has_version(value));
        telling.next().map_or(Ok(()), |(name, value)| Err(format!("{name}: {value}")))
    })
}

/// A number with a point in it, as versions have.
fn has_version(value: &str) -> bool {
    let mut parts = value.split(|one: char| !one.is_ascii_digit() && one != '.');
    parts.any(|part| part.split_once('.').is_some_and(|(major, minor)| is_number(major) && minor.starts_with(is_digit)))
}

fn is_digit(one: char) -> bool {
    one.is_ascii_digit()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_digit)
}

fn trace(exchange: &Exchange, response: &Response, known: &BTreeSet<String>) -> Option<String> {
    let fields = response.headers.iter().map(|(_, value)| &**value);
    fields
        .chain([&*response.body])
        .find_map(|text| anywhere(text).or_else(|| in_error(exchange, response, text, known)))
}

fn anywhere(text: &str) -> Option<String> {
    ANYWHERE.iter().find(|trace| text.contains(**trace)).map(|trace| (*trace).to_owned()).or_else(|| oracles(text))
}

/// An error of Oracle's: a number of five digits and a colon. Less of it stands in a token by chance.
fn oracles(text: &str) -> Option<String> {
    const DIGITS: usize = 5;
    let numbers = text.split("ORA-").skip(1);
    let mut numbers = numbers.filter_map(|rest| rest.split_once(':')).map(|(number, _)| number);
    let number = numbers.find(|number| number.len() == DIGITS && is_number(number))?;
    Some(format!("ORA-{number}"))
}

/// A line of a stack: a file of code, and a line in it.
fn frame(text: &str) -> Option<String> {
    const FILES: [(&str, &str); 8] = [
        (".js:", ":"),
        (".java:", ")"),
        (".kt:", ")"),
        (".scala:", ")"),
        (".cs:line ", ""),
        (".rb:", ":in "),
        (".py\", line ", ""),
        (".go:", " +0x"),
    ];
    FILES.iter().find_map(|(file, end)| {
        let (front, rest) = text.split_once(file)?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_line = !number.is_empty() && rest[number.len()..].starts_with(end);
        let name = front.rsplit(|one: char| !one.is_alphanumeric() && one != '_').next().unwrap_or_default();
        (is_line && !name.is_empty()).then(|| format!("{name}{file}{number}"))
    })
}

/// What tells something only where the bank says that something went wrong, and that whoever asked has not sent himself.
fn in_error(exchange: &Exchange, response: &Response, text: &str, known: &BTreeSet<String>) -> Option<String> {
    if response.status < 400 {
        return None;
    }
    // A page that works may show source; a refusal need not.
    if let Some(frame) = frame(text) {
        return Some(frame);
    }
    let was_sent = |what: &str| {
        let request = &exchange.request;
        let in_header = request.headers.iter().any(|(_, value)| value.contains(what));
        in_header || request.url.contains(what) || request.body.contains(what)
    };
    let path = IN_ERRORS.iter().find(|path| text.contains(**path)).map(|path| (*path).to_owned());
    // Scripts of pages are full of names.
    let is_page = crate::judge::authorization::is_html(response);
    let found = path.or_else(|| statement(text)).or_else(|| name_in(text, known).filter(|_| !is_page));
    found.filter(|what| !was_sent(what))
}

fn statement(text: &str) -> Option<String> {
    let stands = |words: &&&[&str]| {
        let mut rest = text;
        words.iter().all(|word| match rest.split_once(word) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    };
    STATEMENTS.iter().find(stands).map(|words| words.concat())
}

/// A class by its whole name, a host inside the house, or its address.
fn name_in(text: &str, known: &BTreeSet<String>) -> Option<String> {
    let names = text.split(|one: char| !one.is_ascii_alphanumeric() && !matches!(one, '.' | '-' | '_' | '$' | ':'));
    let names = names.map(|name| name.trim_matches(['.', ':'])).filter(|name| name.contains('.'));
    let is_inside = |name: &&str| {
        let (host, port) = name.split_once(':').unwrap_or((*name, ""));
        is_class(host) || (!known.contains(host) && (is_host(host) || is_private(host, port)))
    };
    names.clone().find(is_inside).map(str::to_owned)
}

fn is_class(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let is_package =
        |part: &&str| part.starts_with(|one: char| one.is_ascii_lowercase()) && !part.contains(char::is_uppercase);
    let package = parts.iter().take_while(|part| is_package(part)).count();
    let class = parts.get(package).copied().unwrap_or_default();
    package >= 2
        && class.starts_with(|one: char| one.is_ascii_uppercase())
        && CLASSES.iter().any(|end| class.ends_with(end))
}

fn is_host(name: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|one| one.is_ascii_alphanumeric() || one == '-');
    HOSTS.iter().any(|end| name.ends_with(end)) && name.split('.').all(is_label)
}

/// RFC 1918. Without a port it may be the address of whoever asked, as the bank sees it.
fn is_private(host: &str, port: &str) -> bool {
    is_number(port) && host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_private())
}

/// The hosts that were asked in this run: a test system may well stand inside a house.
fn hosts_of(answers: &[Arc<Exchange>]) -> BTreeSet<String> {
    let host = |exchange: &Arc<Exchange>| {
        url::Url::parse(&exchange.request.url).ok().and_then(|url| url.host_str().map(str::to_owned))
    };
    answers.iter().filter_map(host).collect()
}

#[cfg(test)]
mod tests {
    use super::ANYWHERE;

    /// A run sees a million characters of tokens: six of the right ones in a row stand among them once in so many runs
    /// that a bank would meet it.
    #[test]
    fn no_trace_stands_in_a_token_by_chance() {
        let is_of_tokens = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
        for trace in ANYWHERE {
            assert!(trace.len() > 6 || !trace.chars().all(is_of_tokens), "{trace} may stand in a token");
        }
    }
}
