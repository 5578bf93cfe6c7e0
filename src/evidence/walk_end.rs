//! Where a customer's walk through the bank's pages ended.

use std::{fmt, sync::Arc};

use super::{exchange::Exchange, recorder::Recorder};

/// Where the customer ended up.
#[derive(Clone, Debug, PartialEq)]
pub enum WalkEnd {
    /// Back at the TPP.
    CalledBack {
        /// The whole address.
        url: String,
        /// The parameters that came with it, of its query first.
        parameters: Vec<(String, String)>,
        /// Where the answer to the request stood among them.
        component: Component,
        /// The status code of the redirect; 0 where nobody saw it.
        status: u16,
    },
    /// On a page of the bank with no way on.
    Stranded {
        /// Its status code; 0 where nobody saw it.
        status: u16,
    },
    /// Sent to a place that is neither the bank's nor the TPP's.
    Elsewhere {
        /// The address.
        url: String,
    },
    /// Nowhere: the bank refused the request when it was pushed (RFC 9126 2.3).
    RefusedAtPush {
        /// The status code.
        status: u16,
        /// The error, where one is named.
        error: Option<String>,
    },
    /// Still on the bank's pages when the customer gave up: each try led to the same page again.
    GaveUp {
        /// How many pages were seen.
        pages: usize,
    },
}

/// In which part of what reaches the TPP an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// The query of the redirection URI, as RFC 6749 4.1.2 has it.
    Query,
    /// Its fragment, which never reaches a server.
    Fragment,
    /// The form of a POST.
    Body,
}

/// An authorization as a judge sees it: without secrets.
#[derive(Clone, Debug)]
pub struct AuthorizationFacts {
    /// The registered redirection URIs of every TPP of the run.
    pub registered: Vec<String>,
    /// Those of the TPP that asked.
    pub own: Vec<String>,
    /// The parameters that were sent.
    pub sent: Vec<(String, String)>,
    /// Who played the customer, as the target file spells it.
    pub agent: &'static str,
    /// Where the customer ended up.
    pub walk_end: WalkEnd,
    /// The code that came beside an error was tried, and brought no token: the TPP was told no, and nothing else.
    pub worthless_code: bool,
    /// The customer has done what there was to do: agreed, refused, left, mistyped.
    pub has_acted: bool,
    /// Why the way that the customer went may not be the one that was meant.
    pub unsure: Option<&'static str>,
    /// Every page and redirect, in order.
    pub exchanges: Vec<Arc<Exchange>>,
}

impl WalkEnd {
    /// A parameter that came back to the TPP; one without a value is none (RFC 6749 3.1).
    pub fn returned(&self, name: &str) -> Option<&str> {
        let Self::CalledBack { parameters, .. } = self else { return None };
        parameters.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Every value of that parameter that came back: more than one is for one check to say (RFC 6749 3.1).
    pub fn all_returned<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let parameters = if let Self::CalledBack { parameters, .. } = self { parameters.as_slice() } else { &[] };
        let is_such = move |(key, value): &&(String, String)| key == name && !value.is_empty();
        parameters.iter().filter(is_such).map(|(_, value)| value.as_str())
    }

    /// The parameter came back as that, whatever else came by its name.
    pub fn has_returned(&self, name: &str, wanted: &str) -> bool {
        self.all_returned(name).any(|value| value == wanted)
    }

    /// What the bank said of its error to whoever reads it, as far as a line holds.
    fn description(&self) -> Option<String> {
        const LONGEST: usize = 200;
        let says = self.returned("error_description")?;
        let line = says.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut = if line.chars().count() > LONGEST { "…" } else { "" };
        Some(line.chars().take(LONGEST).chain(cut.chars()).collect())
    }

    /// The same without secrets.
    pub fn redacted(&self, recorder: &Recorder) -> Self {
        match self {
            Self::CalledBack { url, parameters, component, status } => Self::CalledBack {
                url: recorder.redact(url),
                parameters: parameters.iter().map(|(name, value)| (name.clone(), recorder.redact(value))).collect(),
                component: *component,
                status: *status,
            },
            Self::Elsewhere { url } => Self::Elsewhere { url: recorder.redact(url) },
            other => other.clone(),
        }
    }
}

impl AuthorizationFacts {
    /// A parameter of the request.
    pub fn sent(&self, name: &str) -> Option<&str> {
        self.sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The TPP was called back with a code that opens something.
    pub fn has_code(&self) -> bool {
        self.walk_end.returned("code").is_some() && !self.worthless_code
    }

    /// The state came back as it was sent, or none where none was sent.
    pub fn has_its_state(&self) -> bool {
        match self.sent("state") {
            Some(sent) => self.walk_end.has_returned("state", sent),
            None => self.walk_end.returned("state").is_none(),
        }
    }
}

impl fmt::Display for WalkEnd {
    /// Without the values that came back: they may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CalledBack { parameters, .. } if parameters.is_empty() => {
                f.write_str("the TPP was called back without any parameter")
            }
            Self::CalledBack { parameters, .. } => match self.returned("error") {
                Some(error) => {
                    let beside = if self.returned("code").is_some() { " beside a code" } else { "" };
                    write!(f, "the TPP was called back with the error \"{error}\"{beside}")?;
                    self.description().map_or(Ok(()), |says| write!(f, " (\"{says}\")"))
                }
                None => {
                    let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
                    write!(f, "the TPP was called back with {}", names.join(", "))
                }
            },
            Self::Stranded { status: 0 } => f.write_str("the PSU did not come back from the bank"),
            Self::Stranded { status } => {
                write!(f, "the PSU ended on a page of the bank (status {status}) without a way on")
            }
            Self::RefusedAtPush { status, error: Some(error) } => {
                write!(f, "the request was refused when it was pushed: {status} \"{error}\"")
            }
            Self::RefusedAtPush { status, error: None } => {
                write!(f, "the request was refused when it was pushed, with status {status}")
            }
            Self::Elsewhere { url } => {
                write!(f, "the PSU was sent to {}", url.split(['?', '#']).next().unwrap_or_default())
            }
            Self::GaveUp { pages } => write!(f, "the PSU was still on the bank's pages after {pages} of them"),
        }
    }
}
