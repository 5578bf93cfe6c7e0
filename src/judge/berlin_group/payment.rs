//! Payments: what is created, cancelled and authorised.

use serde_json::Value;

use crate::{
    evidence::exchange::{Exchange, Response},
    judge::{
        Finding, error_code, head_of, in_words, one_of,
        payment::status_is,
        response_of,
        vocabulary::{Stage, Vocabulary, berlin_group::WORDS},
    },
};

/// The payment was created with its id, its status and its links.
pub fn created(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let expected = "status 201 with paymentId, transactionStatus and _links";
    if response.status == 401 && error_code(response).is_some_and(|code| code.starts_with("TOKEN")) {
        // The OAuth pre-step of Berlin Group: lawful, and not spoken here.
        return Finding::Unclear(format!("the bank wants an access token first: {}", in_words(response)));
    }
    let json = response.json().unwrap_or_default();
    let is_created = response.status < 300 && json["paymentId"].is_string();
    if json.is_null() {
        return Finding::of(false, expected, in_words(response)).at(exchange);
    }
    if response.status != 201 {
        let actual = if is_created { format!("{} with a paymentId", response.status) } else { in_words(response) };
        return Finding::of(false, expected, actual).served(is_created).at(exchange);
    }
    let links = json["_links"].as_object();
    let is_link = |link: &Value| link["href"].is_string();
    let missing: Vec<&str> = [
        ("paymentId", json["paymentId"].is_string()),
        ("transactionStatus", json["transactionStatus"].is_string()),
        ("_links", links.is_some_and(|links| !links.is_empty()) || json["transactionStatus"] == "RJCT"),
        ("href in each link", links.into_iter().flatten().all(|(_, link)| is_link(link))),
    ]
    .into_iter()
    .filter(|(_, there)| !there)
    .map(|(name, _)| name)
    .collect();
    let actual =
        if missing.is_empty() { "201 with all three".into() } else { format!("201 without {}", missing.join(", ")) };
    Finding::of(missing.is_empty(), expected, actual).served(is_created).at(exchange)
}

/// What was sent twice under one X-Request-ID has brought one payment at most: the same again, or a refusal.
pub fn one_of_two(first: &Exchange, second: &Exchange) -> Finding {
    let (one, other) = (response_of!(first), response_of!(second));
    let id = |response: &Response| {
        let json = response.json().unwrap_or_default();
        json["paymentId"].as_str().filter(|_| response.status < 300).map(str::to_owned)
    };
    let Some(created) = id(one) else {
        return Finding::Unclear(format!("{}: the bank answered {}", first.purpose, in_words(one)));
    };
    let (holds, actual) = match id(other) {
        Some(again) if again == created => (true, "the same payment again".to_owned()),
        Some(_) => (false, "a second payment".to_owned()),
        None if other.status < 500 => (true, in_words(other)),
        None => return Finding::Unclear(format!("{}: the bank answered {}", second.purpose, in_words(other))),
    };
    Finding::of(holds, "the same payment again, or a refusal", actual).at(second)
}

/// The approach and the links agree.
pub fn approach_agrees(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let approach = response.header("aspsp-sca-approach").unwrap_or("none");
    let links = response.json().unwrap_or_default()["_links"].clone();
    let has = |name: &str| links.get(name).is_some();
    let redirects = has("scaRedirect") || has("scaOAuth");
    let names: Vec<&str> = links.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let is_created = response.status < 300;
    if is_created && is_exempted(response) {
        return Finding::Beside("the bank exempted the payment from strong customer authentication".into());
    }
    if !is_created || !names.iter().any(|name| name.starts_with("sca") || name.starts_with("startAuth")) {
        return Finding::Unclear("no payment was created that the PSU still has to authorise".into());
    }
    // Where the TPP is to start the authorisation itself, the approach may not be fixed yet.
    let open = links.as_object().is_some_and(|links| links.keys().any(|name| name.starts_with("startAuthorisation")));
    let holds = match approach {
        "REDIRECT" => redirects || open,
        "DECOUPLED" | "EMBEDDED" => !redirects,
        _ => open,
    };
    let actual = format!("ASPSP-SCA-Approach: {approach}, links: {}", names.join(", "));
    Finding::of(holds, "ASPSP-SCA-Approach: REDIRECT beside scaRedirect or scaOAuth", actual).at(exchange)
}

/// Nothing is left for the customer to authorise, and the payment goes its way all the same (RTS Art. 10 to 18).
fn is_exempted(response: &Response) -> bool {
    let json = response.json().unwrap_or_default();
    let asks = |name: &String| name.starts_with("sca") || name.starts_with("startAuthorisation");
    let asks = json["_links"].as_object().is_some_and(|links| links.keys().any(asks));
    let stage = json["transactionStatus"].as_str().and_then(|status| WORDS.stage(status));
    let accepted = stage.is_some_and(Stage::is_accepted);
    json["scaStatus"] == "exempted" || (accepted && !asks)
}

/// It is cancelled; a bank that deletes cancelled payments may not know it any more.
pub fn cancelled(exchange: &Exchange, words: &Vocabulary) -> Finding {
    let response = response_of!(exchange);
    let is_forgotten = error_code(response).is_some_and(|code| code.starts_with("RESOURCE_"));
    if matches!(response.status, 403 | 404 | 410) || (response.status == 400 && is_forgotten) {
        return Finding::of(true, "transactionStatus CANC", in_words(response)).at(exchange);
    }
    let good = |status: &str| matches!(words.stage(status), Some(Stage::Cancelled | Stage::Rejected));
    status_is(exchange, words, "transactionStatus CANC", good)
}

/// The cancellation was accepted: done, or to be authorised.
pub fn cancellation_accepted(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let holds = matches!(response.status, 202 | 204);
    Finding::of(holds, "status 204, or 202", in_words(response)).served(response.status < 300).at(exchange)
}

/// What only a customer who has been asked brings about.
const AGREED: [&str; 2] = ["finalised", "unconfirmed"];

/// An authorisation was created, and a link leads the customer to it: nobody has agreed yet.
pub fn authorisation_created(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let json = response.json().unwrap_or_default();
    let link = ["scaRedirect", "scaOAuth"].into_iter().find(|name| json["_links"][name]["href"].is_string());
    let agreed = json["scaStatus"].as_str().filter(|status| AGREED.contains(status));
    let holds = response.status == 201 && json["scaStatus"].is_string() && link.is_some() && agreed.is_none();
    let actual = match link {
        Some(link) if let Some(agreed) = agreed => format!("{} with {link}, scaStatus \"{agreed}\"", response.status),
        Some(link) => format!("{} with {link}", response.status),
        None => format!("{} without a link for the PSU", response.status),
    };
    let served = response.status < 300 && link.is_some();
    Finding::of(holds, "status 201 with scaStatus and scaRedirect or scaOAuth", actual).served(served).at(exchange)
}

/// The list of a payment's authorisations holds the one whose status is told at that address.
pub fn authorisation_listed(exchange: &Exchange, sca_status: &str) -> Finding {
    let response = response_of!(exchange);
    let path = sca_status.split(['?', '#']).next().unwrap_or_default();
    let id = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let told = response.json().unwrap_or_default()["authorisationIds"].clone();
    match (response.status, told.as_array()) {
        (404 | 405 | 501, _) => Finding::Beside("the bank does not list the authorisations of a payment".into()),
        (200, Some(ids)) => {
            let holds = ids.iter().any(|listed| listed == id);
            Finding::of(holds, format!("authorisationIds with \"{id}\""), format!("authorisationIds: {told}"))
                .at(exchange)
        }
        (200..300, _) => {
            Finding::of(false, "status 200 with the list authorisationIds", in_words(response)).at(exchange)
        }
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// The authorisation is not said to have succeeded before the customer was asked. An exemption succeeds by itself.
pub fn nobody_has_agreed(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let json = response.json().unwrap_or_default();
    match json["scaStatus"].as_str().filter(|_| response.status == 200) {
        Some("exempted") => Finding::Beside("the bank exempted the payment from strong customer authentication".into()),
        Some(status) => {
            let expected = "a scaStatus from before the PSU has agreed";
            Finding::of(!AGREED.contains(&status), expected, format!("scaStatus \"{status}\"")).at(exchange)
        }
        // What is not told yet says nothing wrong.
        None if response.status == 404 => {
            let why =
                format!("before the PSU was asked the bank tells no scaStatus: it answered {}", in_words(response));
            Finding::Beside(why)
        }
        None => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// A payment is accepted that differs from an accepted one in its text alone.
pub fn text_accepted(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let expected = "the payment is accepted, as one with another text was";
    match response.status {
        ..300 => Finding::of(true, expected, in_words(response)).at(exchange),
        400 | 422 => Finding::of(false, expected, in_words(response)).at(exchange),
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// A payment that is read and its status do not contradict each other: it goes nowhere by both, or by neither.
pub fn statuses_agree(read: &Exchange, status: &Exchange) -> Finding {
    let (shown, told) = (response_of!(read), response_of!(status));
    let of = |response: &Response| WORDS.status_in(response).filter(|_| response.status == 200);
    let Some(told) = of(told) else {
        return Finding::Unclear(format!("{}: the bank answered {}", status.purpose, in_words(told)));
    };
    if shown.status != 200 {
        return Finding::Unclear(format!("{}: the bank answered {}", read.purpose, in_words(shown)));
    }
    let Some(shown) = of(shown) else {
        return Finding::Beside("a payment that is read does not tell its transactionStatus, which is optional".into());
    };
    let holds = WORDS.ends(&shown).zip(WORDS.ends(&told)).is_none_or(|(one, other)| one == other);
    let actual = format!("{shown} where the payment is read, {told} as its status");
    Finding::of(holds, "one and the same fate of the payment", actual).at(read)
}

/// The scaStatus is one of these.
pub fn sca_status_is(exchange: &Exchange, wanted: &[&str]) -> Finding {
    let response = response_of!(exchange);
    match response.json().unwrap_or_default()["scaStatus"].clone() {
        Value::String(status) if response.status == 200 => Finding::of(
            wanted.contains(&status.as_str()),
            format!("scaStatus {}", one_of(wanted)),
            format!("scaStatus \"{status}\""),
        )
        .at(exchange),
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}
