//! Signatures on messages: three forms, each as the target asks for it, or varied as a check asks.

pub mod answer;
mod berlin_group;
mod jws;
mod rfc9421;
mod seal;
mod structured;
mod variations;

pub use seal::{Seal, hmac_of_public_key};

use serde_json::Value;

use super::Trouble;
use crate::targets::signing::{Form, Signing};

/// A request on its way out, before and after it is signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// `POST`.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// Empty where there is none.
    pub body: String,
}

impl Outgoing {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Sets a header in its place, adds it, or takes it away.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let place = self.headers.iter().position(|(key, _)| key.eq_ignore_ascii_case(name));
        match (place, value) {
            (Some(at), Some(value)) => self.headers[at].1 = value.to_owned(),
            (Some(_), None) => self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name)),
            (None, Some(value)) => self.headers.push((name.to_owned(), value.to_owned())),
            (None, None) => {}
        }
    }

    /// Path and query, as they stand in the request line.
    pub(super) fn path_and_query(&self) -> Result<String, Trouble> {
        let url = url::Url::parse(&self.url).map_err(|error| Trouble::Harness(format!("{}: {error}", self.url)))?;
        Ok(url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    }

    fn edit_body(&mut self, edit: impl FnOnce(&mut Value) -> String) {
        let mut json = serde_json::from_str(&self.body).unwrap_or_default();
        self.body = edit(&mut json);
    }
}

/// How one request is to be signed.
#[derive(Clone, Debug, Default)]
pub enum How {
    /// As the target asks for it; not at all where it asks for nothing.
    #[default]
    AsUsual,
    /// Not at all.
    Not,
    /// As a check asks for it.
    Varied {
        /// The form.
        form: Form,
        /// What is particular, by its name in `variations`; empty for nothing.
        variation: String,
        /// Another seal than the TPP's own.
        seal: Option<std::sync::Arc<Seal>>,
    },
}

/// One step of a variation: before the signature is made, in the making, or after it.
enum Edit<R> {
    Before(fn(&mut Outgoing)),
    Making(fn(&mut R)),
    After(fn(&mut Outgoing)),
}

/// A way to sign: its name in the scenarios, and what is done for it.
type Variation<R> = (&'static str, &'static [Edit<R>]);

/// Signs a request in that form, varied or as it should be (`variation` is then empty).
///
/// # Errors
/// The variation is not known, the key cannot be used for the form, or the URL is none.
pub fn sign(
    outgoing: &mut Outgoing,
    signing: &Signing,
    form: Form,
    seal: &Seal,
    variation: &str,
) -> Result<(), Trouble> {
    use variations as v;
    match form {
        Form::BerlinGroup => {
            let steps = find(v::berlin_group::ALL, variation)?;
            make(outgoing, steps, |it| berlin_group::Recipe::new(signing, seal, it), |it, how| how.apply(it, seal))
        }
        Form::UkJws => {
            let steps = find(v::jws::ALL, variation)?;
            make(outgoing, steps, |_| jws::Recipe::new(signing, seal), |it, how| how.apply(it, seal))
        }
        Form::Rfc9421 => {
            let steps = find(v::rfc9421::ALL, variation)?;
            make(outgoing, steps, |it| rfc9421::Recipe::new(signing, seal, it), |it, how| how.apply(it, seal))
        }
    }
}

/// Whether a variation is about something that this bank has signed.
///
/// # Errors
/// It is not.
pub fn applies(signing: &Signing, form: Form, variation: &str) -> Result<(), Trouble> {
    let touched = match variation {
        "another X-Request-ID" => "x-request-id",
        "no Digest" => "digest",
        "no Content-Digest" => "content-digest",
        "another body" if form == Form::BerlinGroup => "digest",
        "another body" if form == Form::Rfc9421 => "content-digest",
        other => other.strip_suffix(" not signed").unwrap_or_default(),
    };
    let signed = if form == Form::Rfc9421 { &signing.components } else { &signing.headers };
    if !touched.is_empty() && !signed.iter().any(|name| name.eq_ignore_ascii_case(touched)) {
        return Err(Trouble::DoesNotApply(format!("the target file does not have {touched} signed")));
    }
    if variation == "no TPP-Signature-Certificate" && !signing.send_certificate {
        return Err(Trouble::DoesNotApply("the target file does not have the certificate sent along".into()));
    }
    Ok(())
}

fn find<R>(all: &[Variation<R>], name: &str) -> Result<&'static [Edit<R>], Trouble> {
    if name.is_empty() {
        return Ok(&[]);
    }
    let found = all.iter().find(|(known, _)| *known == name).map(|(_, steps)| *steps);
    found.ok_or_else(|| Trouble::Harness(format!("there is no way to sign that is called \"{name}\"")))
}

fn make<R>(
    outgoing: &mut Outgoing,
    steps: &[Edit<R>],
    recipe: impl FnOnce(&mut Outgoing) -> Result<R, Trouble>,
    apply: impl FnOnce(&mut Outgoing, &R) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    for step in steps {
        if let Edit::Before(edit) = step {
            edit(outgoing);
        }
    }
    let mut recipe = recipe(outgoing)?;
    for step in steps {
        if let Edit::Making(edit) = step {
            edit(&mut recipe);
        }
    }
    apply(outgoing, &recipe)?;
    for step in steps {
        if let Edit::After(edit) = step {
            edit(outgoing);
        }
    }
    Ok(())
}
