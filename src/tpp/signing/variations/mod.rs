//! What a check can do to a signature: a table for each form.

pub(super) mod berlin_group;
pub(super) mod jws;
pub(super) mod rfc9421;

use serde_json::json;

use super::Outgoing;

/// Another payment than was signed, and a good one: it must be the signature that is found wrong.
fn change_body(outgoing: &mut Outgoing) {
    outgoing.edit_body(|body| {
        body["remittanceInformationUnstructured"] = json!("changed on the way");
        body.to_string()
    });
}

/// The same payment with other white space between its parts.
fn space_body(outgoing: &mut Outgoing) {
    outgoing.edit_body(|body| format!("\r\n{}\n\t", serde_json::to_string_pretty(body).unwrap_or_default()));
}

/// Another request than was signed, with an id that is as good.
fn change_request_id(outgoing: &mut Outgoing) {
    outgoing.set("X-Request-ID", Some(&uuid::Uuid::new_v4().to_string()));
}

/// A header that breaks off after those words, and has more to come.
fn cut(outgoing: &mut Outgoing, name: &str, after: &str) {
    let value = outgoing.header(name).unwrap_or_default();
    let end = value.find(after).map_or(0, |at| at + after.len());
    let rest = value[..end].to_owned();
    outgoing.set(name, Some(&rest));
}
