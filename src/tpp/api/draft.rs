//! A request to the API that moves something, before it goes out, as bent as the check wants it.

use serde_json::Value;

use super::{Api, Lodged, Ordered, versioned};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    targets::{Identity, Payment, requests},
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
    /// Who is paid: account and name.
    Payee,
    /// The account of whoever is paid.
    PayeeAccount,
    /// The name of whoever is paid.
    PayeeName,
    /// What the TPP calls the payment.
    Identification,
    /// What the TPP tells of the risk.
    Risk,
    /// What the payment is made for, as a part of the risk.
    Context,
    /// How many of those whose account it is have to authorise it.
    AuthorisedBy,
    /// By when it has to be authorised.
    Completion,
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

/// A payment before it goes out, or its order: usual header fields, then what the target file wants of requests, then the
/// check's change, then the signature. Sent twice, it is the same one once more.
#[derive(Clone)]
pub struct Draft {
    pub(super) api: &'static dyn Api,
    pub(super) operation: Operation,
    /// The base URL of another API of the bank's, where it does not go to the usual one.
    base: Option<String>,
    path: String,
    /// Those that belong to this draft.
    headers: Vec<(String, String)>,
    /// What the check wants otherwise.
    changed: Vec<(String, Option<String>)>,
    body: Value,
    /// The token to show, where it is not one that the TPP gets for it.
    pub(super) token: Option<String>,
    /// Who signs it.
    pub(super) signer: Speaker,
    pub(super) signature: How,
}

impl Draft {
    /// A correct payment of that TPP.
    ///
    /// # Errors
    /// The target has no payments.
    pub fn new(session: &Session, tpp: &Identity) -> Result<Self, Trouble> {
        let (api, payment) = (session.api()?, what_to_pay(session)?);
        let mut body = api.payment_body(payment);
        requests::change_body(&session.target.requests, &mut body);
        let path = api.payments_path(payment.product.as_deref());
        Ok(Self::of((api, Operation::Initiation), path, body, (tpp, payment)))
    }

    /// The order for what was lodged, by the customer's token.
    ///
    /// # Errors
    /// The dialect has no orders.
    pub fn order(session: &Session, tpp: &Identity, lodged: &Lodged, token: &str) -> Result<Self, Trouble> {
        let (api, payment) = (session.api()?, what_to_pay(session)?);
        let (path, body) = api.order(lodged)?;
        Ok(Self::of((api, Operation::Order), path.to_owned(), body, (tpp, payment)).bearing(token))
    }

    fn of(
        (api, operation): (&'static dyn Api, Operation),
        path: String,
        body: Value,
        (tpp, payment): (&Identity, &Payment),
    ) -> Self {
        let own = api.payment_headers(tpp).into_iter().map(|(name, value)| (name.to_owned(), value));
        let headers = own.chain(payment.headers.clone()).collect();
        let (changed, token, signer, signature) = (Vec::new(), None, Speaker::named(&tpp.name), How::AsUsual);
        Self { api, operation, base: None, path, headers, changed, body, token, signer, signature }
    }

    /// With another value for a header field, or without it; by the name that it has on the wire.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.changed.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.changed.push((name.to_owned(), value.map(str::to_owned)));
        self
    }

    /// With another value in a field.
    pub fn with(mut self, field: Field, value: &str) -> Self {
        if let Some(pointer) = self.api.pointer(field) {
            put(&mut self.body, pointer, value.into());
        }
        self
    }

    /// Without a field.
    pub fn lacking(mut self, field: Field) -> Self {
        let place = self.api.pointer(field).and_then(|pointer| pointer.rsplit_once('/'));
        if let Some((parent, name)) = place
            && let Some(members) = self.body.pointer_mut(parent).and_then(Value::as_object_mut)
        {
            members.remove(name);
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

    /// With another value at that place of the body, or with nothing there; by the names on the wire, with points between
    /// them.
    pub fn at_path(mut self, path: &str, value: Option<&str>) -> Self {
        let pointer = format!("/{}", path.replace('.', "/"));
        match (value, pointer.rsplit_once('/')) {
            (Some(value), _) => put(&mut self.body, &pointer, value.into()),
            (None, Some((parent, name))) => {
                if let Some(members) = self.body.pointer_mut(parent).and_then(Value::as_object_mut) {
                    members.remove(name);
                }
            }
            (None, None) => {}
        }
        self
    }

    /// Of another product.
    pub fn of_product(self, product: &str) -> Self {
        Self { path: self.api.payments_path(Some(product)), ..self }
    }

    /// For another API of the same bank.
    pub fn at(self, base: &str) -> Self {
        Self { base: Some(base.to_owned()), ..self }
    }

    /// With a wish.
    ///
    /// # Errors
    /// The dialect has no such wish.
    pub fn wishing(self, wish: &Wish) -> Result<Self, Trouble> {
        let fields = self.api.wish(wish)?;
        Ok(fields.into_iter().fold(self, |draft, (name, value)| draft.header(name, Some(&value))))
    }

    /// With that access token, and no other.
    pub fn bearing(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// Signed in another way than usual.
    pub fn signed(self, signature: How) -> Self {
        Self { signature, ..self }
    }

    /// As the same TPP would send another one that is its equal: under another name in every header field of its own.
    pub fn anew(self, tpp: &Identity) -> Self {
        let fresh = self.api.payment_headers(tpp);
        let is_fresh = |name: &str| fresh.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let kept = self.headers.iter().filter(|(name, _)| !is_fresh(name)).cloned();
        let headers = fresh.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).chain(kept).collect();
        Self { headers, ..self }
    }

    /// What is sent.
    pub(super) fn body(&self) -> &Value {
        &self.body
    }

    /// The value of a header field that is this draft's, or the check's.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        let changed = self.changed.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        match changed {
            Some((_, value)) => value.as_deref(),
            None => {
                self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
            }
        }
    }

    /// The header fields that the check has added.
    pub(super) fn added(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.changed.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
    }

    /// Where it goes.
    pub(super) fn url(&self, session: &Session) -> Result<String, Trouble> {
        let base = self.base.clone().map_or_else(|| versioned(session), Ok)?;
        Ok(format!("{base}{}", self.path))
    }

    /// What the bank made of it.
    ///
    /// # Errors
    /// It did not take it, or there is nothing left for the customer to authorise.
    pub fn lodged(&self, session: &Session, reply: &Reply) -> Result<Lodged, Trouble> {
        let lodged = self.api.lodged(self, &self.url(session)?, reply)?;
        // Where whoever asks once more is lawfully answered with what is there already, it is the same.
        if !self.api.takes_up_again() {
            session.note_lodged(&lodged.id, &reply.exchange.id);
        }
        Ok(lodged)
    }

    /// What the bank made of it as an order.
    ///
    /// # Errors
    /// It did not take it.
    pub fn ordered(&self, session: &Session, reply: &Reply) -> Result<Ordered, Trouble> {
        self.api.ordered(&self.url(session)?, reply)
    }

    /// As it goes out with that token, signed.
    pub fn outgoing(&self, session: &Session, token: Option<&str>) -> Result<Outgoing, Trouble> {
        let usual = self.api.headers(self.operation).into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut headers: Vec<_> = usual.chain(self.headers.clone()).collect();
        headers.extend(token.map(|token| ("Authorization".to_owned(), format!("Bearer {token}"))));
        requests::change_headers(&session.target.requests, self.operation, &mut headers, token);
        super::request::change(&mut headers, &self.changed);
        let (method, url) = (self.api.method(self.operation).to_string(), self.url(session)?);
        let mut outgoing = Outgoing { method, url, headers, body: self.body.to_string() };
        session.sign(&mut outgoing, &self.signer, &self.signature)?;
        Ok(outgoing)
    }
}

fn what_to_pay(session: &Session) -> Result<&Payment, Trouble> {
    let payment = session.target.payment.as_ref();
    payment.ok_or_else(|| Trouble::Prerequisite("the target file has no [payment]".into()))
}

/// Puts a value where the pointer says; objects that are not there yet are made.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut place = body;
    for name in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = Value::Object(serde_json::Map::new());
        }
        place = &mut place[name];
    }
    *place = value;
}
