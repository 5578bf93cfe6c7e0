//! The pages that the customer sees.

use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::response::Response;
use serde::Serialize;
use tera::{Context, Tera};

use crate::bank::http;
use crate::bank::model::world::World;
use crate::bank::rule;

static TEMPLATES: LazyLock<Result<Tera, tera::Error>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        ("layout.html", include_str!("pages/layout.html")),
        ("payment.html", include_str!("pages/payment.html")),
        ("login.html", include_str!("pages/login.html")),
        ("sca.html", include_str!("pages/sca.html")),
        ("consent.html", include_str!("pages/consent.html")),
        ("message.html", include_str!("pages/message.html")),
    ])?;
    Ok(tera)
});

/// What a page of the session shows.
#[derive(Debug, Serialize)]
pub(in crate::bank) struct View {
    /// The company that has sent the customer.
    pub(in crate::bank) organization: String,
    /// What is asked for, where it is no payment.
    pub(in crate::bank) accounts: bool,
    pub(in crate::bank) payment: Option<PaymentView>,
    pub(in crate::bank) customer: String,
    /// The value that makes a form one of ours.
    pub(in crate::bank) csrf: String,
    /// What went wrong at the last attempt.
    pub(in crate::bank) problem: Option<&'static str>,
    /// The password has a page of its own, after that for the user name.
    pub(in crate::bank) names_first: bool,
    /// What is typed as the password can be read.
    pub(in crate::bank) readable: bool,
    /// The user name that was given on the page before; empty where there was none.
    pub(in crate::bank) named: String,
}

/// A payment as the customer is shown it (RTS Art. 5(1)(a)).
#[derive(Debug, Serialize)]
pub(in crate::bank) struct PaymentView {
    pub(in crate::bank) amount: String,
    pub(in crate::bank) currency: String,
    pub(in crate::bank) creditor_name: String,
    pub(in crate::bank) creditor_account: String,
    pub(in crate::bank) debtor_account: String,
}

/// A page of the session: `login.html`, `sca.html` or `consent.html`.
pub(in crate::bank) fn page(world: &World, template: &'static str, view: &View) -> Response {
    match Context::from_serialize(view) {
        Ok(context) => render(world, StatusCode::OK, template, &context),
        Err(_) => http::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A page that ends in itself, because the browser cannot be sent anywhere.
pub(in crate::bank) fn error(world: &World, rule: &str, reason: &str) -> Response {
    rule::refused(message(world, StatusCode::BAD_REQUEST, "This did not work", reason), rule, reason)
}

/// A page with a heading and a sentence.
pub(in crate::bank) fn message(world: &World, status: StatusCode, heading: &str, text: &str) -> Response {
    let mut context = Context::new();
    context.insert("heading", heading);
    context.insert("text", text);
    render(world, status, "message.html", &context)
}

fn render(world: &World, status: StatusCode, template: &str, context: &Context) -> Response {
    let Some(html) = TEMPLATES.as_ref().ok().and_then(|tera| tera.render(template, context).ok()) else {
        return http::empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = http::with_body(status, "text/html; charset=utf-8", html);
    protect(world, &mut response);
    let is_after_mistake = context.get("problem").is_some_and(|problem| !problem.is_none());
    if is_after_mistake && world.faults.on("frame-protection-missing-after-mistake") {
        response.headers_mut().remove(X_FRAME_OPTIONS);
        response.headers_mut().remove(CONTENT_SECURITY_POLICY);
    }
    response
}

/// The headers that keep a page from being framed, cached, read through the referrer or fetched without TLS
/// (RFC 9700 §4.2.4 and §4.16). `form-action` is left out of the policy: it would stop the redirect to the TPP.
fn protect(world: &World, response: &mut Response) {
    let mut policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'".to_owned();
    if !world.faults.on("frame-protection-missing") {
        policy.push_str("; frame-ancestors 'none'");
        http::set(response, X_FRAME_OPTIONS, "DENY");
    }
    http::set(response, CONTENT_SECURITY_POLICY, &policy);
    if !world.faults.on("referrer-leaks") {
        http::set(response, REFERRER_POLICY, "no-referrer");
    }
    http::set(response, CACHE_CONTROL, "no-store");
    http::set(response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !world.faults.on("hsts-missing") {
        http::set(response, STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_can_be_read() {
        assert!(TEMPLATES.as_ref().map_err(ToString::to_string).is_ok());
    }
}
