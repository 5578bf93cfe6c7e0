//! The API of a bank that a TPP asks for payments, whatever its dialect. A dialect says here how it spells what is asked
//! and what it means by its answers; everything that goes out goes by [`request`].

mod berlin_group;
mod draft;
mod fresh;
mod lodged;
mod own_token;
pub mod request;
mod uk_open_banking;

use reqwest::Method;
use serde_json::Value;

use super::{Trouble, session::Session, transport::Reply};
use crate::{
    evidence::operation::Operation,
    targets::{Dialect, Identity, Payment, Target, UkVersion},
};

pub use draft::{Draft, Field, Wish};
pub use fresh::{Fresh, Intent, fresh, lodge};
pub use lodged::{Lodged, Ordered, Started};

/// How a dialect spells what a TPP asks of the API. One implementor a dialect, chosen once when a session opens.
pub trait Api: Send + Sync {
    /// The method by which an operation is asked for.
    fn method(&self, operation: Operation) -> Method;

    /// The header fields that every honest request of that operation has, new for each.
    fn headers(&self, operation: Operation) -> Vec<(&'static str, String)>;

    /// The header fields that a payment has besides: whoever sends it once more sends the same ones.
    fn payment_headers(&self, tpp: &Identity) -> Vec<(&'static str, String)>;

    /// The scope of the token that the TPP gets on its own before it asks for that; none where it needs none, or where the
    /// customer's token opens.
    fn token_scope(&self, operation: Operation) -> Option<&'static str>;

    /// What the token opens that the customer's authorisation led to.
    fn protected(&self) -> Operation;

    /// Where payments of that product, or of the usual one, are initiated, below the base URL of the API and its version.
    fn payments_path(&self, product: Option<&str>) -> String;

    /// The body of a correct payment.
    fn payment_body(&self, payment: &Payment) -> Value;

    /// Where a field of a payment stands in its body (RFC 6901); none where the dialect has no such field.
    fn pointer(&self, field: Field) -> Option<&'static str>;

    /// The header fields by which a TPP says a wish.
    ///
    /// # Errors
    /// The dialect has no such wish.
    fn wish(&self, wish: &Wish) -> Result<Vec<(&'static str, String)>, Trouble>;

    /// What the bank made of a payment.
    ///
    /// # Errors
    /// It did not take it, or there is nothing left for the customer to authorise.
    fn lodged(&self, draft: &Draft, url: &str, reply: &Reply) -> Result<Lodged, Trouble>;

    /// The same payment can be sent again, and brings what it brought before.
    fn takes_up_again(&self) -> bool;

    /// What the bank made of the start of an authorisation, where it can go on.
    fn started(&self, lodged: &Lodged, reply: &Reply) -> Option<Started>;

    /// Where that is asked for of what was lodged.
    ///
    /// # Errors
    /// The dialect, or this bank, has no such operation there.
    fn url(&self, lodged: &Lodged, operation: Operation) -> Result<String, Trouble>;

    /// Where what was lodged and authorised is carried out, below the base URL of the API, and the body of that.
    ///
    /// # Errors
    /// The dialect carries out what is authorised by itself.
    fn order(&self, lodged: &Lodged) -> Result<(&'static str, Value), Trouble>;

    /// What the bank made of an order.
    ///
    /// # Errors
    /// It did not take it.
    fn ordered(&self, url: &str, reply: &Reply) -> Result<Ordered, Trouble>;

    /// A link of the bank as a reference against the base URL of its API.
    fn reference<'a>(&self, target: &Target, link: &'a str) -> std::borrow::Cow<'a, str>;

    /// By what the customer authorises it at the authorization server.
    fn intent(&self, target: &Target, lodged: &Lodged) -> Intent;
}

/// The dialect of a target; none where it has no payments.
pub(super) fn of(target: &Target) -> Option<&'static dyn Api> {
    match target.dialect {
        Dialect::BerlinGroup => Some(&berlin_group::BerlinGroup),
        // The file was refused without a version: see `targets`.
        Dialect::UkOpenBanking => Some(uk_open_banking::of(UkVersion::of(target.api.as_deref()?)?)),
        Dialect::None => None,
    }
}

/// The base URL of the API.
fn base(session: &Session) -> Result<&str, Trouble> {
    session.target.api.as_deref().ok_or_else(|| Trouble::Prerequisite("the target has no payment API".into()))
}

/// The same with what stands between it and the resources.
fn versioned(session: &Session) -> Result<String, Trouble> {
    Ok(format!("{}{}", base(session)?, session.target.api_version))
}
