//! A payment before it goes out, as bent as the check wants it.

use serde_json::Value;

use super::{Api, Lodged, base};
use crate::{
    evidence::operation::Operation,
    targets::{Identity, requests},
    tpp::{
        Trouble,
        session::Session,
        signing::{How, Outgoing},
        transport::Reply,
    },
};

/// A part of a payment, in no dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// How much.
    Amount,
    /// The account of whoever is paid.
    PayeeAccount,
}

/// What a TPP would like, which is no order.
#[derive(Clone, Debug)]
pub enum Wish {
    /// To start the authorisation itself.
    StartAuthorisation,
    /// To have customers who fail sent to that address.
    FailuresTo(String),
    /// To have the customer decide on a device of its own.
    Decoupled,
}

/// A payment before it goes out: usual header fields, then what the target file wants of requests, then the check's change.
#[derive(Clone)]
pub struct Draft {
    pub(super) api: &'static dyn Api,
    path: String,
    pub(super) headers: Vec<(String, String)>,
    body: Value,
    /// Who signs it: the name of an identity.
    signer: String,
    pub(super) signature: How,
}

impl Draft {
    /// A correct payment of that TPP.
    ///
    /// # Errors
    /// The target has no payments.
    pub fn new(session: &Session, tpp: &Identity) -> Result<Self, Trouble> {
        let api = session.api()?;
        let payment = session.target.payment.as_ref();
        let payment = payment.ok_or_else(|| Trouble::Prerequisite("the target file has no [payment]".into()))?;
        let usual = api.headers(Operation::Initiation).into_iter().chain(api.payment_headers(tpp));
        let own = payment.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
        let mut headers = usual.map(|(name, value)| (name.to_owned(), value)).chain(own).collect();
        let mut body = api.payment_body(payment);
        requests::change_headers(&session.target.requests, Operation::Initiation, &mut headers, None);
        requests::change_body(&session.target.requests, &mut body);
        let path = api.payments_path(&payment.product);
        Ok(Self { api, path, headers, body, signer: tpp.name.clone(), signature: How::AsUsual })
    }

    /// With another value for a header field, or without it; by the name that it has on the wire.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    /// With another value in a field.
    pub fn with(mut self, field: Field, value: &str) -> Self {
        if let Some(place) = self.body.pointer_mut(self.api.pointer(field)) {
            *place = value.into();
        }
        self
    }

    /// Without a field of the body, by the name that it has on the wire.
    pub fn without(mut self, field: &str) -> Self {
        if let Some(members) = self.body.as_object_mut() {
            members.remove(field);
        }
        self
    }

    /// Of another product.
    pub fn of_product(self, product: &str) -> Self {
        Self { path: self.api.payments_path(product), ..self }
    }

    /// With a wish.
    ///
    /// # Errors
    /// The dialect has no such wish.
    pub fn wishing(self, wish: &Wish) -> Result<Self, Trouble> {
        let fields = self.api.wish(wish)?;
        Ok(fields.into_iter().fold(self, |draft, (name, value)| draft.header(name, Some(&value))))
    }

    /// Signed in another way than usual.
    pub fn signed(self, signature: How) -> Self {
        Self { signature, ..self }
    }

    /// The value of a header field.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Where it goes.
    pub(super) fn url(&self, session: &Session) -> Result<String, Trouble> {
        Ok(format!("{}{}", base(session)?, self.path))
    }

    /// What the bank made of it.
    ///
    /// # Errors
    /// It did not take it, or there is nothing left for the customer to authorise.
    pub fn lodged(&self, session: &Session, reply: &Reply) -> Result<Lodged, Trouble> {
        self.api.lodged(self, &self.url(session)?, reply)
    }

    /// As it goes out, signed.
    pub(super) fn outgoing(&self, session: &Session) -> Result<Outgoing, Trouble> {
        let (method, url) = (self.api.method(Operation::Initiation).to_string(), self.url(session)?);
        let mut outgoing = Outgoing { method, url, headers: self.headers.clone(), body: self.body.to_string() };
        session.sign(&mut outgoing, &self.signer, &self.signature)?;
        Ok(outgoing)
    }
}
