//! The way from the authorization request back to the TPP: which addresses are the bank's, and which are the way out.

use url::{Url, form_urlencoded};

use crate::{
    evidence::operation::Operation,
    evidence::walk_end::{Component, WalkEnd},
    tpp::{
        Trouble,
        session::Session,
        transport::{Call, Reply},
    },
};

/// No honest bank needs more pages and redirects than this; what does is a loop.
pub(super) const STEPS: usize = 40;

/// Where the customer may go.
pub(super) struct Navigation<'a> {
    session: &'a Session,
    /// Scheme, host and port of every address that is the TPP's, or that it claims to be its own.
    ways_out: Vec<String>,
    /// The addresses that the TPP has named for this customer.
    named: Vec<Url>,
}

/// What comes next.
pub(super) enum Next {
    /// Another request to the bank.
    Go(Call, Url),
    /// The customer has left the bank.
    Land(WalkEnd),
}

impl<'a> Navigation<'a> {
    /// The roads of a customer who was sent by a TPP with these addresses, beside those that are registered.
    pub(super) fn new(session: &'a Session, ways_out: &[&str]) -> Self {
        Self {
            session,
            named: ways_out.iter().filter_map(|uri| Url::parse(uri).ok()).collect(),
            ways_out: ways_out.iter().chain(&own_addresses(session)).filter_map(|uri| place(uri)).collect(),
        }
    }

    /// Where the customer begins.
    ///
    /// # Errors
    /// It is no address of the bank's: what the customer types goes nowhere else.
    pub(super) fn start(&self, url: &str) -> Result<Url, Trouble> {
        let at = Url::parse(url).map_err(|error| Trouble::Prerequisite(format!("{url}: {error}")))?;
        match self.session.objection(&at) {
            None => Ok(at),
            Some(why) => Err(Trouble::Prerequisite(format!("the PSU cannot begin: {why}"))),
        }
    }

    /// Where a redirect leads; `None` where the answer is a page.
    ///
    /// # Errors
    /// A gateway answers in the bank's place.
    pub(super) fn redirect(&self, at: &Url, reply: &Reply) -> Result<Option<Next>, Trouble> {
        match (reply.status, reply.header("location")) {
            (300..=399, Some(location)) => Ok(Some(match at.join(location) {
                Ok(url) => self.lead(url, reply.status, "follow the bank's redirect"),
                Err(_) => Next::Land(WalkEnd::Elsewhere { url: location.to_owned() }),
            })),
            (status, _) if is_environment(status) => {
                Err(Trouble::Environment(format!("the bank answered {status} to the PSU")))
            }
            _ => Ok(None),
        }
    }

    /// Where an address leads: back to the TPP, on at the bank, or to somebody whom the customer's browser would ask and
    /// a harness does not.
    pub(super) fn lead(&self, url: Url, status: u16, caption: &str) -> Next {
        match self.end(&url, status) {
            Some(walk_end) => Next::Land(walk_end),
            None => Next::Go(Call::get(Operation::Page, url.as_str(), caption), url),
        }
    }

    /// What it means that the customer is sent to that address; `None` where it is the bank's.
    pub(super) fn end(&self, url: &Url, status: u16) -> Option<WalkEnd> {
        if self.ways_out.contains(&place_of(url)) {
            let (query, fragment) = (pairs(url.query()), pairs(url.fragment()));
            let component = if fragment.iter().any(is_of_an_answer) { Component::Fragment } else { Component::Query };
            let parameters = query.into_iter().chain(fragment).collect();
            return Some(WalkEnd::CalledBack { url: url.to_string(), parameters, component, status });
        }
        self.session.objection(url).map(|_| WalkEnd::Elsewhere { url: url.to_string() })
    }

    /// The same where a form is posted there.
    pub(super) fn end_of_form(&self, url: &Url, fields: Vec<(String, String)>, status: u16) -> Option<WalkEnd> {
        let mut walk_end = self.end(url, status)?;
        if let WalkEnd::CalledBack { parameters, component, .. } = &mut walk_end {
            if fields.iter().any(is_of_an_answer) {
                *component = Component::Body;
            }
            parameters.extend(fields);
        }
        Some(walk_end)
    }

    /// An answer to the TPP's request, and not just a link to its front page: who has acted is also led to the very address
    /// that the TPP has named for that, where no answer is told by parameters.
    pub(super) fn is_answer(&self, url: &Url, has_acted: bool) -> bool {
        let is_named = || has_acted && self.named.iter().any(|named| named == url);
        self.ways_out.contains(&place_of(url)) && (tells_something(url) || is_named())
    }
}

/// It says nothing of any rule: whatever stands before a server that is down or busy.
pub(super) fn is_environment(status: u16) -> bool {
    matches!(status, 429 | 502..=504)
}

fn tells_something(url: &Url) -> bool {
    [url.query(), url.fragment()].into_iter().flat_map(pairs).any(|pair| is_of_an_answer(&pair))
}

fn pairs(text: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(text.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn is_of_an_answer((name, _): &(String, String)) -> bool {
    matches!(name.as_str(), "code" | "error" | "access_token")
}

fn own_addresses(session: &Session) -> Vec<&str> {
    session.target.identities.iter().flat_map(|identity| identity.redirect_uris.iter().map(String::as_str)).collect()
}

fn place(uri: &str) -> Option<String> {
    Url::parse(uri).ok().map(|url| place_of(&url))
}

fn place_of(url: &Url) -> String {
    format!("{}://{}:{}", url.scheme(), url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}
