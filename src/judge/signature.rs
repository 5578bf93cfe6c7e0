//! Signatures on messages: what the bank made of the TPP's, and its own on its answers.

use super::{Finding, error_code, in_words, response_of, vocabulary::Vocabulary};
use crate::evidence::{
    exchange::{Exchange, Response},
    signature::{Found, SignatureFacts},
};

/// A request that is signed as it should be was served.
pub fn accepted(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let response = response_of!(exchange);
    let served = response.status < 300;
    if !served && !blames_signature(response, words) {
        let answer = in_words(response);
        return Finding::Unclear(format!("the request was refused for another reason than its signature: {answer}"));
    }
    Finding::of(served, "the signature is accepted and the request is served", in_words(response)).at(exchange)
}

/// The refusal may be about the signature, and is not about anything else that has a code of its own.
fn blames_signature(response: &Response, words: &Vocabulary) -> bool {
    match error_code(response) {
        Some(code) => words.is_about_signatures(&code),
        None => matches!(response.status, 400 | 401 | 403),
    }
}

/// A signature that cannot be read was refused as any other wrong one: the bank neither served it nor broke over it.
pub fn refused_without_failing(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let holds = (400..500).contains(&response.status);
    Finding::of(holds, "a refusal (4xx)", in_words(response)).granted(response.status < 300).at(exchange)
}

/// The bank's answer is signed, and the signature fits it.
pub fn answer_signed(facts: &SignatureFacts) -> Finding {
    let expected = format!("{} with a signature that fits the answer", facts.header);
    if facts.status >= 500 {
        return Finding::Unclear(format!(
            "the bank answered {}, which it may not have been able to sign",
            facts.status
        ));
    }
    let (holds, actual) = match &facts.signature {
        Found::Right => (true, "it fits".to_owned()),
        Found::Missing => (false, format!("{} without {}", facts.status, facts.header)),
        Found::Wrong(why) => (false, why.clone()),
        Found::Unknown(kind) => return Finding::Unclear(format!("the signature is of a kind not spoken here: {kind}")),
    };
    Finding::of(holds, expected, actual).at_id(&facts.exchange)
}

/// The bank's signature covers and claims what it must, whether it fits or not.
pub fn answer_complete(facts: &SignatureFacts) -> Finding {
    if facts.signature == Found::Missing {
        return Finding::Unclear(format!("the answer has no {}", facts.header));
    }
    let actual = if facts.complaints.is_empty() { "all of it".to_owned() } else { facts.complaints.join("; ") };
    Finding::of(facts.complaints.is_empty(), "a signature that says all that it must", actual).at_id(&facts.exchange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(signature: Found, complaints: &[&str]) -> SignatureFacts {
        SignatureFacts {
            exchange: "x0001".into(),
            status: 201,
            header: "x-jws-signature".into(),
            signature,
            complaints: complaints.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    #[test]
    fn an_answer_is_signed_where_the_signature_fits() {
        assert!(matches!(answer_signed(&facts(Found::Right, &[])), Finding::Holds(_)));
        assert!(matches!(answer_signed(&facts(Found::Missing, &[])), Finding::Broken(_)));
        assert!(matches!(answer_signed(&facts(Found::Wrong("no".into()), &[])), Finding::Broken(_)));
        assert!(matches!(answer_signed(&facts(Found::Unknown("ed448".into()), &[])), Finding::Unclear(_)));
        let failed = SignatureFacts { status: 500, ..facts(Found::Missing, &[]) };
        assert!(matches!(answer_signed(&failed), Finding::Unclear(_)));
    }

    #[test]
    fn a_signature_says_all_where_there_is_no_complaint() {
        assert!(matches!(answer_complete(&facts(Found::Right, &[])), Finding::Holds(_)));
        assert!(matches!(answer_complete(&facts(Found::Right, &["iat is missing"])), Finding::Broken(_)));
        assert!(matches!(answer_complete(&facts(Found::Missing, &[])), Finding::Unclear(_)));
    }
}
