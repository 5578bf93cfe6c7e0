//! Pure judges: from evidence to a finding, without network, clock or randomness.

pub mod authorization;
pub mod berlin_group;
pub mod binding;
pub mod certificate;
pub mod client_authentication;
pub mod cors;
pub mod every_answer;
pub mod introspection;
mod landing;
#[cfg(test)]
mod lawful;
pub mod metadata;
pub mod payment;
pub mod pushed_request;
pub mod resource;
pub mod revocation_status;
pub mod signature;
#[cfg(test)]
mod tables;
pub mod tls;
pub mod token;
pub mod uk_open_banking;
pub mod vocabulary;

use std::time::Duration;

use crate::evidence::{
    exchange::{Answer, Exchange, Layer, Response},
    json,
};

macro_rules! response_of {
    ($exchange:expr) => {
        match $crate::judge::answered($exchange) {
            Ok(response) => response,
            Err(unclear) => return unclear,
        }
    };
}
use response_of;

macro_rules! head_of {
    ($exchange:expr) => {
        match $crate::judge::head($exchange) {
            Ok(response) => response,
            Err(unclear) => return unclear,
        }
    };
}
use head_of;

/// What a judge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The requirement is met.
    Holds(Comparison),
    /// It is not.
    Broken(Comparison),
    /// The evidence does not tell: why.
    Unclear(String),
    /// What the bank did is lawful, and nothing that the requirement is about: why.
    Beside(String),
}

/// Expected and actual, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What the requirement asks for.
    pub expected: String,
    /// What the bank did.
    pub actual: String,
    /// The exchange that tells, where one does.
    pub exchange: Option<String>,
    /// The bank has granted what it must not grant: no lack of a control can explain that away.
    pub granted: bool,
    /// The bank has given what was rightly asked for, though not as it should: as a control, that shows acceptance.
    pub served: bool,
}

impl Finding {
    fn of(holds: bool, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        let comparison = Comparison {
            expected: expected.into(),
            actual: actual.into(),
            exchange: None,
            granted: false,
            served: false,
        };
        if holds { Self::Holds(comparison) } else { Self::Broken(comparison) }
    }

    /// The bank was asked for something that it must refuse: it refused (in TLS, by 4xx, or by sending whoever asked
    /// elsewhere), granted it (2xx), or failed (5xx), which is neither.
    fn of_refusal(exchange: &Exchange, expected: &str) -> Self {
        if let Some(actual) = turned_down(exchange) {
            return Self::of(true, expected, actual).at(exchange);
        }
        let response = head_of!(exchange);
        match response.status {
            500.. => Self::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
            300.. => Self::of(true, expected, in_words(response)).at(exchange),
            _ => Self::of(false, expected, format!("{}: served", response.status)).granted(true).at(exchange),
        }
    }

    /// What was found broken is that the bank has granted what it must not grant.
    fn granted(mut self, granted: bool) -> Self {
        if let Self::Broken(comparison) = &mut self {
            comparison.granted = granted;
        }
        self
    }

    /// What was found broken is how the bank has given what was rightly asked for.
    fn served(mut self, served: bool) -> Self {
        if let Self::Broken(comparison) = &mut self {
            comparison.served = served;
        }
        self
    }

    /// The bank was asked again for so long.
    pub fn after(mut self, waited: Duration) -> Self {
        if let Self::Holds(comparison) | Self::Broken(comparison) = &mut self {
            comparison.actual = format!("{}, {:.1} seconds later", comparison.actual, waited.as_secs_f64());
        }
        self
    }

    fn at(self, exchange: &Exchange) -> Self {
        self.at_id(&exchange.id)
    }

    fn at_id(mut self, exchange: &str) -> Self {
        if let Self::Holds(comparison) | Self::Broken(comparison) = &mut self {
            comparison.exchange = Some(exchange.to_owned());
        }
        self
    }
}

/// The whole response to judge.
///
/// # Errors
/// There is none that tells, or more of it came than is kept.
fn answered(exchange: &Exchange) -> Result<&Response, Finding> {
    match head(exchange)? {
        response if response.truncated => {
            Err(Finding::Unclear(format!("{}: the answer is too long, or was cut off on the way", exchange.purpose)))
        }
        response => match unreadable(response).filter(|_| response.status < 300) {
            Some(defect) => Err(Finding::Unclear(format!("{}: the answer cannot be read: {defect}", exchange.purpose))),
            None => Ok(response),
        },
    }
}

/// What is wrong with an answer that is declared as JSON and cannot be read as any. One check says so, over the whole run; what
/// the answer was to say, nobody knows.
fn unreadable(response: &Response) -> Option<String> {
    let is_json = says_json(response) && !response.body.is_empty() && !response.truncated;
    (is_json && response.json().is_none()).then(|| json::defect(&response.body).unwrap_or_default())
}

/// The response to judge by its status and its headers alone.
///
/// # Errors
/// There is none, or it comes from whatever stands before a server that is down: that accuses nobody.
fn head(exchange: &Exchange) -> Result<&Response, Finding> {
    match &exchange.answer {
        Answer::Failure(failure) => Err(Finding::Unclear(format!("{}: {}", exchange.purpose, failure.message))),
        Answer::Response(response) => match response.status {
            429 | 502..=504 => Err(Finding::Unclear(format!(
                "{}: the bank answered {}, which says nothing about the rule",
                exchange.purpose, response.status
            ))),
            _ => Ok(response),
        },
    }
}

/// How the peer turned a connection down without an HTTP response: by a TLS alert, or by closing it without a word.
fn turned_down(exchange: &Exchange) -> Option<String> {
    let Answer::Failure(failure) = &exchange.answer else { return None };
    let by_alert = failure.layer == Layer::Tls && exchange.tls.as_ref().is_some_and(|tls| tls.alert.is_some());
    (by_alert || failure.layer == Layer::Closed).then(|| format!("refused in TLS: {}", failure.message))
}

/// The response in a few words: `400 "invalid_grant"`.
fn in_words(response: &Response) -> String {
    match error_code(response) {
        Some(code) => format!("{} \"{code}\"", response.status),
        None if says_json(response) && response.json().is_none() => {
            format!("{} with {}", response.status, json::defect(&response.body).unwrap_or_default())
        }
        None if response.body.is_empty() => format!("{} with an empty body", response.status),
        None => format!("{} ({})", response.status, response.header("content-type").unwrap_or("no Content-Type")),
    }
}

/// It is declared as JSON.
fn says_json(response: &Response) -> bool {
    let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind == "application/json" || kind.ends_with("+json")
}

/// The error code of an OAuth error, of Berlin Group's `tppMessages`, of the UK's errors, or of a problem report.
pub fn error_code(response: &Response) -> Option<String> {
    let json = response.json()?;
    let message = vocabulary::berlin_group::error_message(&json);
    let of_uk = vocabulary::uk_open_banking::error_codes(&json);
    let code = [&json["error"], &message["code"], of_uk[0], of_uk[1], &json["code"]]
        .into_iter()
        .find_map(|code| code.as_str());
    code.map(str::to_owned)
}

/// One of the challenges is of that scheme: a bank may offer several, in one header or in many (RFC 9110 11.6.1).
fn challenges_by(response: &Response, scheme: &str) -> bool {
    let mut words = response.headers_named("www-authenticate").flat_map(|line| line.split([' ', ',']));
    words.any(|word| word.eq_ignore_ascii_case(scheme))
}

/// `"a" or "b"`.
fn one_of(codes: &[&str]) -> String {
    codes.iter().map(|code| format!("\"{code}\"")).collect::<Vec<_>>().join(" or ")
}
