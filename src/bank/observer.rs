//! What the bank tells whoever watches it: what it was asked and by whom, what it answered, and by which rule it refused.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;

use super::certificate::presented::Presented;
use super::rule::Refused;

/// Watches a bank.
pub trait Observer: fmt::Debug + Send + Sync {
    /// Told before the answer is sent; the bank waits meanwhile.
    fn saw(&self, seen: &Seen<'_>);
}

/// Something that has happened at the bank. No query, no body and no header but the request's id is told.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Where.
    pub listener: Listener,
    /// Who came.
    pub visitor: Visitor<'a>,
    /// What came of it.
    pub event: SeenEvent<'a>,
}

/// One of the bank's two listeners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The customer's pages and the documents that everybody may read.
    Pages,
    /// The endpoints and APIs for TPPs.
    Api,
}

/// Who came, by the certificate of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor<'a> {
    /// No certificate was presented.
    WithoutCertificate,
    /// A certificate without an organizationIdentifier.
    Unnamed,
    /// The organizationIdentifier of the certificate, which may be anybody's where the handshake was refused.
    Tpp(&'a str),
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub enum SeenEvent<'a> {
    /// A request was answered.
    Answered {
        /// `POST`.
        method: &'a str,
        /// Without the query.
        path: &'a str,
        /// `X-Request-ID`, or the id that UK Open Banking has in its place, as it came.
        request_id: Option<&'a str>,
        /// The status code of the answer.
        status: u16,
        /// Why it was refused, if it was; a redirect may be a refusal too.
        refused: Option<&'a Refused>,
    },
    /// There was no connection.
    HandshakeRefused(&'a Refused),
}

/// Tells an observer, if there is one, what happens at one listener.
#[derive(Clone, Debug)]
pub(super) struct Reporter {
    observer: Option<Arc<dyn Observer>>,
    listener: Listener,
}

/// What is kept of a request until it is answered.
pub(super) struct Question {
    method: String,
    path: String,
    request_id: Option<String>,
}

impl Listener {
    /// `pages` or `api`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Api => "api",
        }
    }
}

impl<'a> Visitor<'a> {
    /// Whoever came with that certificate, or with none.
    pub(super) fn of(certificate: Option<&'a Presented>) -> Self {
        let named = |certificate: &'a Presented| certificate.organization_identifier.as_deref();
        certificate.map_or(Self::WithoutCertificate, |it| named(it).map_or(Self::Unnamed, Self::Tpp))
    }
}

impl Reporter {
    pub(super) fn new(observer: Option<Arc<dyn Observer>>, listener: Listener) -> Self {
        Self { observer, listener }
    }

    /// What is worth keeping of a request; nothing where nobody watches.
    pub(super) fn question(&self, request: &Request<Body>) -> Option<Question> {
        self.observer.as_ref()?;
        let text = |name| Some(request.headers().get(name)?.to_str().ok()?.to_owned());
        Some(Question {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            request_id: super::dialect::REQUEST_IDS.into_iter().find_map(text),
        })
    }

    pub(super) fn answered(&self, question: &Question, visitor: Visitor<'_>, response: &Response) {
        self.tell(
            visitor,
            SeenEvent::Answered {
                method: &question.method,
                path: &question.path,
                request_id: question.request_id.as_deref(),
                status: response.status().as_u16(),
                refused: response.extensions().get(),
            },
        );
    }

    pub(super) fn handshake_refused(&self, visitor: Visitor<'_>, refused: &Refused) {
        self.tell(visitor, SeenEvent::HandshakeRefused(refused));
    }

    fn tell(&self, visitor: Visitor<'_>, event: SeenEvent<'_>) {
        if let Some(observer) = &self.observer {
            observer.saw(&Seen { listener: self.listener, visitor, event });
        }
    }
}
