//! Every page that asks for a password.

use std::{collections::BTreeMap, sync::Arc};

use scraper::{ElementRef, Selector};

use super::{Answers, all, protocol::those};
use crate::{
    evidence::{
        exchange::{Exchange, Response},
        operation::Operation,
        page,
    },
    judge::{Finding, authorization},
};

/// What fields for passwords are called, in the languages of banks.
const NAMES: [&str; 8] =
    ["password", "passwd", "passwort", "kennwort", "wachtwoord", "mot_de_passe", "contrasena", "lozinka"];

/// Every one of them hides what is typed (RTS Art. 22(2)(a)).
pub fn passwords_are_hidden(answers: Answers<'_>) -> Finding {
    let of = |exchange: &Arc<Exchange>| {
        let page = exchange.response().filter(|page| is_page(exchange) && authorization::is_html(page))?;
        Some((exchange.id.clone(), fields(page).filter(|fields| !fields.is_empty())?))
    };
    let asked: BTreeMap<String, Vec<Field>> = answers.iter().filter_map(of).collect();
    let pages = those(answers, |exchange, _| asked.contains_key(&exchange.id));
    if pages.is_empty() {
        return Finding::Beside("no page of this run asks for a password by a field of that name".into());
    }
    all(&pages, "type=\"password\" at each field for a password", |exchange, _| {
        let readable = asked.get(&exchange.id).into_iter().flatten().find(|field| !field.is_hidden);
        readable.map_or(Ok(()), |field| Err(format!("the field \"{}\" shows what is typed", field.name)))
    })
}

fn is_page(exchange: &Exchange) -> bool {
    exchange.operation == Operation::Page
}

struct Field {
    name: String,
    is_hidden: bool,
}

/// The fields for passwords of a page; none where it is not read, or where a script may hide what is typed.
fn fields(page: &Response) -> Option<Vec<Field>> {
    let text = page.body.to_ascii_lowercase();
    if !NAMES.iter().any(|name| text.contains(name)) {
        return None;
    }
    let document = page::read(&page.body).ok()?;
    let inputs = Selector::parse("input").ok()?;
    let is_scripted = text.contains("<script") || text.contains("text-security");
    let fields = document.select(&inputs).filter_map(field);
    Some(fields.filter(|field| field.is_hidden || !is_scripted).collect())
}

fn field(input: ElementRef<'_>) -> Option<Field> {
    let kind = input.attr("type").unwrap_or("text").to_ascii_lowercase();
    let name = input.attr("name").or(input.attr("id"))?.to_owned();
    let is_for_password = NAMES.iter().any(|word| name.to_ascii_lowercase().contains(word));
    // What is shown as a button or not at all is typed by nobody.
    let is_typed = matches!(kind.as_str(), "text" | "password" | "tel" | "number" | "email" | "search");
    (is_for_password && is_typed).then_some(Field { name, is_hidden: kind == "password" })
}
