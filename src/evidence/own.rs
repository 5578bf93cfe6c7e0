//! Raw requests and answers that a thread may take along.

use super::{
    exchange::Failure,
    recorder::{RawAnswer, RawRequest},
};

/// A request with its text.
pub(super) struct OwnRequest {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// An answer with its text.
pub(super) enum OwnAnswer {
    Response { status: u16, headers: Vec<(String, String)>, body: String, truncated: bool },
    Failure(Failure),
}

impl OwnRequest {
    pub(super) fn of(raw: &RawRequest<'_>) -> Self {
        Self {
            method: raw.method.to_owned(),
            url: raw.url.to_owned(),
            headers: raw.headers.to_vec(),
            body: raw.body.to_owned(),
        }
    }

    pub(super) fn raw(&self) -> RawRequest<'_> {
        RawRequest { method: &self.method, url: &self.url, headers: &self.headers, body: &self.body }
    }
}

impl OwnAnswer {
    pub(super) fn of(raw: &RawAnswer<'_>) -> Self {
        match raw {
            RawAnswer::Response { status, headers, body, truncated } => Self::Response {
                status: *status,
                headers: headers.to_vec(),
                body: (*body).to_owned(),
                truncated: *truncated,
            },
            RawAnswer::Failure(failure) => Self::Failure(failure.clone()),
        }
    }

    pub(super) fn raw(&self) -> RawAnswer<'_> {
        match self {
            Self::Response { status, headers, body, truncated } => {
                RawAnswer::Response { status: *status, headers, body, truncated: *truncated }
            }
            Self::Failure(failure) => RawAnswer::Failure(failure.clone()),
        }
    }
}

impl RawRequest<'_> {
    /// In octets, without names.
    pub(super) fn length(&self) -> usize {
        self.url.len() + self.body.len() + values(self.headers)
    }
}

impl RawAnswer<'_> {
    /// In octets, without names.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Response { headers, body, .. } => body.len() + values(headers),
            Self::Failure(failure) => failure.message.len(),
        }
    }
}

fn values(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(_, value)| value.len()).sum()
}
