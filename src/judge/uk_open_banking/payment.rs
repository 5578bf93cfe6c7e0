//! Consents, orders and funds.

use serde_json::Value;

use super::{asked::differences, data, has_zone, is_uuid};
use crate::{
    evidence::exchange::{Exchange, Response},
    judge::{
        Finding, head_of, in_words, response_of,
        vocabulary::uk_open_banking::{Consent, Release},
    },
};

/// Longest id of a consent, in characters.
const LONGEST_ID: usize = 128;

/// The consent was created with all that belongs to it, and waits for the customer. That it is what was asked for is judged of
/// every answer ([`super::payments_as_asked`]).
pub fn consent_created(exchange: &Exchange, release: &Release) -> Finding {
    let response = response_of!(exchange);
    let expected = format!(
        "status 201 with ConsentId, dates, Status \"{}\", Initiation and Risk",
        release.called(Consent::Awaiting)
    );
    let is_created = response.status < 300 && data(response)["ConsentId"].is_string();
    if response.status != 201 {
        return Finding::of(false, expected, in_words(response)).served(is_created).at(exchange);
    }
    let data = data(response);
    let risk = response.json().unwrap_or_default()["Risk"].clone();
    let id = data["ConsentId"].as_str().is_some_and(|id| !id.is_empty() && id.chars().count() <= LONGEST_ID);
    let status = data["Status"].as_str().and_then(|status| release.consent(status));
    let complaints = [
        ("ConsentId", id),
        ("CreationDateTime", data["CreationDateTime"].is_string()),
        ("StatusUpdateDateTime", data["StatusUpdateDateTime"].is_string()),
        ("Status", status == Some(Consent::Awaiting)),
        ("Initiation", data["Initiation"].is_object()),
        ("Risk", risk.is_object()),
    ];
    told(&complaints, expected, response, "201 with all of it").served(is_created).at(exchange)
}

fn told(members: &[(&str, bool)], expected: String, response: &Response, all: &str) -> Finding {
    let bad: Vec<&str> = members.iter().filter(|(_, good)| !good).map(|(name, _)| *name).collect();
    let status = data(response)["Status"].as_str().map(|status| format!(", Status \"{status}\"")).unwrap_or_default();
    let actual = match bad.is_empty() {
        true => all.to_owned(),
        false => format!("{}: not as it should be: {}{status}", response.status, bad.join(", ")),
    };
    Finding::of(bad.is_empty(), expected, actual)
}

/// The consent has come as far as that.
pub fn consent_is(exchange: &Exchange, wanted: Consent, release: &Release) -> Finding {
    let response = response_of!(exchange);
    let Some(status) = data(response)["Status"].as_str().map(str::to_owned).filter(|_| response.status == 200) else {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    };
    let expected = format!("Status \"{}\"", release.called(wanted));
    Finding::of(release.consent(&status) == Some(wanted), expected, format!("Status \"{status}\"")).at(exchange)
}

/// The consent still waits for the customer, who has not been asked, or goes nowhere.
pub fn consent_waits(exchange: &Exchange, release: &Release) -> Finding {
    let response = response_of!(exchange);
    let status = data(response)["Status"].as_str().map(str::to_owned).filter(|_| response.status == 200);
    let Some((consent, status)) = status.and_then(|status| Some((release.consent(&status)?, status))) else {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    };
    let holds = matches!(consent, Consent::Awaiting | Consent::Rejected);
    let expected = format!("Status \"{}\"", release.called(Consent::Awaiting));
    Finding::of(holds, expected, format!("Status \"{status}\"")).at(exchange)
}

/// What the TPP sent under the key once more, with another body, has changed nothing of what it asked for `at_first`.
pub fn not_modified(exchange: &Exchange, at_first: &Value, again: &Value) -> Finding {
    let response = response_of!(exchange);
    if response.status != 200 {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    }
    let of = |request: &Value| request["Data"]["Initiation"].clone();
    let told = data(response)["Initiation"].clone();
    let redacted = |text: &str| text.to_owned();
    // What is told as nobody has sent it is so without another request, and for another check.
    let never_sent = differences(&told, &of(again), &redacted);
    let mut changed = differences(&told, &of(at_first), &redacted);
    changed.retain(|name| !never_sent.contains(name));
    let holds = changed.is_empty();
    let actual = if holds { "it is the same".to_owned() } else { changed.join(", ") };
    Finding::of(holds, "Initiation as it was asked for at first", actual).at(exchange)
}

/// The order is told to its TPP: which it is, for which consent, and how far it has come.
pub fn order_told(exchange: &Exchange, release: &Release) -> Finding {
    let response = response_of!(exchange);
    let expected = "status 200 with DomesticPaymentId, ConsentId and a published Status";
    if response.status != 200 {
        return Finding::of(false, expected, in_words(response)).at(exchange);
    }
    let data = data(response);
    let members = [
        ("DomesticPaymentId", data["DomesticPaymentId"].is_string()),
        ("ConsentId", data["ConsentId"].is_string()),
        ("Status", data["Status"].as_str().is_some_and(|status| release.words.stage(status).is_some())),
    ];
    told(&members, expected.into(), response, "200 with all of it").at(exchange)
}

/// The second answer under one key tells of what the first created.
pub fn repeated(first: &Exchange, second: &Exchange) -> Finding {
    let (before, after) = (response_of!(first), response_of!(second));
    let id = |response: &Response| {
        let data = data(response);
        let id = ["DomesticPaymentId", "ConsentId"].into_iter().find_map(|name| data[name].as_str().map(str::to_owned));
        id.filter(|_| response.status == 201)
    };
    let Some(created) = id(before) else {
        return Finding::Unclear(format!("{}: the bank answered {}", first.purpose, in_words(before)));
    };
    let actual = match id(after) {
        Some(again) if again == created => "201 with the same id".to_owned(),
        Some(_) => "201 with another id: it was created twice".to_owned(),
        None => in_words(after),
    };
    let holds = id(after).as_ref() == Some(&created);
    Finding::of(holds, "status 201 with the id of the first answer", actual).at(second)
}

/// Of two orders under one consent one at most was taken; what is told of one order twice, or rejected, is not paid twice.
pub fn one_of_two(first: &Exchange, second: &Exchange) -> Finding {
    let (one, other) = (response_of!(first), response_of!(second));
    let taken = |response: &Response| {
        let data = data(response);
        let is_rejected = data["Status"].as_str().is_some_and(|status| matches!(status, "RJCT" | "Rejected"));
        data["DomesticPaymentId"].as_str().filter(|_| response.status < 300 && !is_rejected).map(str::to_owned)
    };
    let told = format!("{} and {}", in_words(one), in_words(other));
    match (taken(one), taken(other)) {
        (None, None) if one.status.max(other.status) >= 500 => {
            Finding::Unclear(format!("neither of the two was taken: {told}"))
        }
        (one, other) => Finding::of(one == other || one.is_none() || other.is_none(), "one payment at most", told)
            .granted(true)
            .at(second),
    }
}

/// The bank has said whether there is money enough.
pub fn funds_told(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let expected = "FundsAvailable true or false, and FundsAvailableDateTime with its zone";
    if response.status != 200 {
        return Finding::of(false, expected, in_words(response)).at(exchange);
    }
    let result = data(response)["FundsAvailableResult"].clone();
    if result.is_null() {
        return Finding::Beside("the bank leaves FundsAvailableResult out, which its schema lets it do".into());
    }
    let members = [
        ("FundsAvailable", result["FundsAvailable"].is_boolean()),
        ("FundsAvailableDateTime", result["FundsAvailableDateTime"].as_str().is_some_and(has_zone)),
    ];
    told(&members, expected.into(), response, "both").at(exchange)
}

/// Nothing is told of the account but whether there is money enough (RTS Art. 36(1)(c)).
pub fn no_balance_told(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    if response.status != 200 {
        return Finding::Unclear(format!("the bank has not told whether there are funds: {}", in_words(response)));
    }
    let told = data(response).to_string().to_ascii_lowercase();
    let found = ["balance\":", "\"amount\":", "creditline\":"].into_iter().find(|word| told.contains(word));
    let actual =
        found.map_or_else(|| "yes or no".to_owned(), |word| format!("{} in the answer", word.trim_matches(['"', ':'])));
    Finding::of(found.is_none(), "yes or no, and no sum", actual).at(exchange)
}

/// Asking for funds has left the consent as it was.
pub fn asks_no_more(exchange: &Exchange, release: &Release) -> Finding {
    consent_is(exchange, Consent::Authorised, release)
}

/// A date in that form was accepted, and every date of the answer has its zone.
pub fn dates_accepted(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    let expected = "status 201, and every date with its zone";
    if response.status != 201 {
        return Finding::of(false, expected, in_words(response)).at(exchange);
    }
    let json = response.json().unwrap_or_default();
    let bare: Vec<String> =
        dates(&json).into_iter().filter(|(_, date)| !has_zone(date)).map(|(name, _)| name).collect();
    let actual = if bare.is_empty() {
        "201, with its zone in each".to_owned()
    } else {
        format!("no zone in {}", bare.join(", "))
    };
    Finding::of(bare.is_empty(), expected, actual).at(exchange)
}

/// Every member whose name says that it is a date.
fn dates(json: &Value) -> Vec<(String, String)> {
    match json {
        Value::Object(members) => {
            let own = members.iter().filter(|(name, _)| name.ends_with("DateTime"));
            let own = own.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
            own.chain(members.values().flat_map(dates)).collect()
        }
        Value::Array(items) => items.iter().flat_map(dates).collect(),
        _ => Vec::new(),
    }
}

/// An answer to a request without an interaction id has one of its own.
pub fn has_own_interaction_id(exchange: &Exchange) -> Finding {
    let response = head_of!(exchange);
    let id = response.header("x-fapi-interaction-id");
    let actual = format!("x-fapi-interaction-id: {}", id.unwrap_or("none"));
    Finding::of(id.is_some_and(is_uuid), "an x-fapi-interaction-id of the bank's own, a UUID", actual).at(exchange)
}
