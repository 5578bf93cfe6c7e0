//! `report.html`: one file for people, which needs no network and no script.
//!
//! The bank's bytes only ever pass through Tera's escaping; the one script is ours, and the page's policy allows it by its hash alone.

mod certificates;
mod check;
mod cover;
mod curl;
mod exchange;
mod greeting;
mod matrix;
mod page;
mod tls;

use base64::{Engine, engine::general_purpose::STANDARD};
use tera::{Context, Tera};

use crate::run::event::RunRecord;

use super::BoxedError;
use super::index::Index;

/// What is autoescaped: the names end in `.html`.
const TEMPLATES: [(&str, &str); 7] = [
    ("report.html", include_str!("../templates/report.html")),
    ("head.html", include_str!("../templates/head.html")),
    ("certificates.html", include_str!("../templates/certificates.html")),
    ("check.html", include_str!("../templates/check.html")),
    ("exchange.html", include_str!("../templates/exchange.html")),
    ("matrix.html", include_str!("../templates/matrix.html")),
    ("tls.html", include_str!("../templates/tls.html")),
];
const STYLE: &str = include_str!("../templates/style.css");
const SCRIPT: &str = include_str!("../templates/filter.js");

/// The run as `report.html`.
///
/// # Errors
/// Only on a fault of ours: a template that is wrong.
pub fn render(record: &RunRecord) -> Result<String, BoxedError> {
    let mut tera = Tera::new();
    tera.add_raw_templates(TEMPLATES)?;
    let mut context = Context::new();
    context.insert("page", &page::Page::of(&Index::new(record)));
    context.insert("style", STYLE);
    context.insert("script", SCRIPT);
    context.insert("policy", &policy());
    Ok(tera.render("report.html", &context)?)
}

/// The Content-Security-Policy: nothing is loaded from anywhere, and no script runs but ours.
fn policy() -> String {
    let hash = STANDARD.encode(openssl::sha::sha256(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}
