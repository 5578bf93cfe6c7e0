//! A correct payment that the bank refuses: what it says, and what to do about it. A file a dialect.

mod berlin_group;
mod uk_open_banking;

use serde_json::Value;

use super::{Case, Finding, Layer, finding::clean, said::words};
use crate::tpp::transport::Reply;

/// How a dialect tells an error.
struct Words {
    /// What the beginning of an error code suggests.
    mends: &'static [(&'static str, &'static str)],
    /// The error of an answer, by its code and then what else is said of it; null where there is none.
    error: fn(&Value) -> [&Value; 3],
}

const DIALECTS: [Words; 2] = [berlin_group::WORDS, uk_open_banking::WORDS];

/// What is told of the refusal.
pub(super) fn told(case: &Case, reply: &Reply) -> Finding {
    let json = reply.json();
    let own = DIALECTS.iter().flat_map(|words| (words.error)(&json));
    let others = ["error", "error_description", "title", "detail"].map(|name| &json[name]);
    let said: Vec<&str> = own.chain(others).filter_map(Value::as_str).collect();
    let said = if said.is_empty() { words(&reply.body) } else { said.join(": ") };
    let said: String = clean(&case.recorder.redact(&said)).chars().take(200).collect();
    let cause = format!("the bank answers a correct payment initiation with {}: {said}", reply.status);
    if json.is_null() && matches!(reply.status, 401 | 403 | 500..) {
        let mend = "the answer is no JSON: it comes from a gateway in front of the payment API; is `server.api` right, and the API up?";
        return Finding::error(Layer::Gateway, "payment-refused", cause, mend);
    }
    if code(&json).is_some_and(|code| code.starts_with("PRODUCT")) {
        let product = case.target.payment.as_ref().and_then(|payment| payment.product.as_deref());
        let named = product.or(case.target.dialect.usual_product()).unwrap_or_default();
        let cause = format!("the bank has no product {named}: {cause}");
        return Finding::error(Layer::Core, "product-unknown", cause, "correct `product` under [payment]");
    }
    Finding::error(Layer::Core, "payment-refused", cause, mend(&json))
}

fn code(json: &Value) -> Option<&str> {
    DIALECTS.iter().find_map(|words| (words.error)(json)[0].as_str())
}

fn mend(json: &Value) -> &'static str {
    let of = |words: &Words| {
        let code = (words.error)(json)[0].as_str()?;
        words.mends.iter().find(|(beginning, _)| code.starts_with(beginning)).map(|(_, mend)| *mend)
    };
    DIALECTS
        .iter()
        .find_map(of)
        .unwrap_or("see the bank's documentation of that answer, and [payment] of the target file")
}
