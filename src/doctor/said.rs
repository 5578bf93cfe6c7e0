//! What a page says to whoever reads it.

use scraper::Selector;

use crate::evidence::page;

/// So many pieces of what a page says are enough to know it by.
const WORDS: usize = 1_000;

/// What a page says, without its markup.
pub(super) fn words(body: &str) -> String {
    let Ok(main) = Selector::parse("h1, h2, p") else { return String::new() };
    match page::read(body) {
        Ok(page) => page.select(&main).flat_map(|element| element.text().chain([" "])).take(WORDS).collect(),
        Err(too_much) => format!("(it cannot be read: {too_much})"),
    }
}
