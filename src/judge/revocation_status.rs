//! Whether a bank has noticed that a certificate was revoked.

use super::{Finding, certificate, error_code, in_words, response_of, turned_down, vocabulary::Vocabulary};
use crate::evidence::exchange::Exchange;

/// Whoever came with that certificate was refused, in the handshake or by an error. Where the bank does not ask the source
/// at all, it is not the finer points of asking that it misses: then the control says more than this.
pub fn noticed(exchange: &Exchange, words: &Vocabulary) -> Finding {
    certificate::refused(exchange, words).granted(false)
}

/// The token of a certificate that was revoked opened nothing.
pub fn token_worthless(exchange: &Exchange) -> Finding {
    Finding::of_refusal(exchange, "a refusal: a TLS alert, or an HTTP error").granted(false)
}

/// Where the refusal came over HTTP and has a code, the code says why (Berlin Group, message codes).
pub fn told_as_such(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let Some(code) = words.revoked.first() else {
        return Finding::Beside("the dialect has no code for a certificate that was revoked".into());
    };
    let expected = format!("a TLS alert, or 401 with {code}");
    if let Some(actual) = turned_down(exchange) {
        return Finding::of(true, expected, actual).at(exchange);
    }
    let response = response_of!(exchange);
    let right = match error_code(response).as_deref() {
        Some(code) => words.revoked.contains(&code),
        // Whatever refuses a certificate may stand before the bank and speak HTML.
        None if !response.body.is_empty() => {
            return Finding::Beside(format!("the refusal has no code that could be wrong: {}", in_words(response)));
        }
        // No clause obliges a bank to say more than no.
        None => return Finding::of((400..500).contains(&response.status), expected, in_words(response)).at(exchange),
    };
    Finding::of(response.status == 401 && right, expected, in_words(response)).at(exchange)
}
