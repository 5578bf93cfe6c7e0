//! The road from the authorization request back to the TPP: which addresses are the bank's, and which are the way out.

use url::{Url, form_urlencoded};

use crate::{
    evidence::landing::Landing,
    tpp::{
        Trouble,
        session::Session,
        transport::{Call, Reply},
    },
};

/// No honest bank needs more pages and redirects than this; what does is a loop.
pub(super) const STEPS: usize = 40;

/// Where the customer may go.
pub(super) struct Road<'a> {
    session: &'a Session,
    /// Scheme, host and port of every address that is the TPP's, or that it claims to be its own.
    ways_out: Vec<String>,
}

/// What comes next.
pub(super) enum Next {
    /// Another request to the bank.
    Go(Call, Url),
    /// The customer has left the bank.
    Land(Landing),
}

impl<'a> Road<'a> {
    /// The roads of a customer who was sent by a TPP with these addresses, beside those that are registered.
    pub(super) fn new(session: &'a Session, ways_out: &[&str]) -> Self {
        Self {
            session,
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
                Err(_) => Next::Land(Landing::Elsewhere { url: location.to_owned() }),
            })),
            (502..=504, _) => Err(Trouble::Environment(format!("the bank answered {} to the PSU", reply.status))),
            _ => Ok(None),
        }
    }

    /// Where an address leads: back to the TPP, on at the bank, or to somebody whom the customer's browser would ask and
    /// a harness does not.
    pub(super) fn lead(&self, url: Url, status: u16, caption: &str) -> Next {
        match self.end(&url, status) {
            Some(landing) => Next::Land(landing),
            None => Next::Go(Call::get(url.as_str(), caption), url),
        }
    }

    /// What it means that the customer is sent to that address; `None` where it is the bank's.
    pub(super) fn end(&self, url: &Url, status: u16) -> Option<Landing> {
        if self.ways_out.contains(&place_of(url)) {
            let in_fragment = url.query().is_none() && url.fragment().is_some_and(|fragment| fragment.contains('='));
            let text = if in_fragment { url.fragment() } else { url.query() }.unwrap_or_default();
            let parameters = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            return Some(Landing::CalledBack { url: url.to_string(), parameters, in_fragment, status });
        }
        self.session.objection(url).map(|_| Landing::Elsewhere { url: url.to_string() })
    }

    /// An answer to the TPP's request, and not just a link to its front page.
    pub(super) fn is_answer(&self, url: &Url) -> bool {
        self.ways_out.contains(&place_of(url)) && tells_something(url)
    }
}

fn tells_something(url: &Url) -> bool {
    let parts = url.query().into_iter().chain(url.fragment());
    let mut names = parts.flat_map(|part| form_urlencoded::parse(part.as_bytes())).map(|(name, _)| name);
    names.any(|name| matches!(&*name, "code" | "error" | "access_token"))
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
