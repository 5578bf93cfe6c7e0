//! Where the links of an initiation lead (Berlin Group NextGenPSD2 1.3).

use std::{collections::BTreeSet, sync::Arc};

use super::ordered::differences;
use crate::{
    evidence::{
        berlin_group::{Doubt, Followed, addresses, created, doubts, link, names_another, payment_id, raw_id},
        exchange::Exchange,
        json,
        operation::Operation,
    },
    judge::{
        Finding,
        every_answer::{Answers, all},
        in_words, response_of,
    },
};

/// The links that lead the customer away.
const AWAY: [&str; 2] = ["scaRedirect", "scaOAuth"];

/// The links of every payment that was initiated, and its Location, lead to that payment and to no other. What an address
/// looks like is the bank's choice, and what stands in it need not be the paymentId: wrong is what names another payment of
/// this run, and what was followed and leads nowhere, or to another payment, where the payment itself is told.
pub fn lead_to_their_payment(answers: Answers<'_>, followed: &[Followed]) -> Finding {
    let created = created(answers);
    if created.is_empty() {
        return Finding::Beside("no payment was initiated in this run under an id of its own".into());
    }
    let ids: BTreeSet<String> = created.iter().filter_map(|exchange| payment_id(exchange)).collect();
    let finding = all(&created, "links and Location of the payment that was initiated", |exchange, response| {
        let own = payment_id(exchange).unwrap_or_default();
        let strays = addresses(response).filter(|(_, address)| names_another(address, &own, &ids));
        let strays: Vec<String> = strays.map(|(name, _)| name).collect();
        if strays.is_empty() { Ok(()) } else { Err(format!("{} of another payment", strays.join(", "))) }
    });
    if !matches!(finding, Finding::Holds(_)) {
        return finding;
    }
    let wrong = followed.iter().find_map(|followed| Some((followed, leads_astray(followed, &created)?)));
    if let Some((followed, actual)) = wrong {
        let expected = "links and Location of the payment that was initiated";
        return Finding::of(false, expected, format!("{}: {actual}", followed.doubt.name)).at(&followed.there);
    }
    let settled: BTreeSet<&str> =
        followed.iter().filter(|it| is_served(&it.there)).map(|it| it.doubt.name.as_str()).collect();
    let open = doubts(answers).into_iter().find(|doubt| !settled.contains(doubt.name.as_str()));
    match open {
        None => finding,
        Some(Doubt { name, address, .. }) => {
            let answer = followed.iter().find(|it| it.doubt.name == name).and_then(|it| it.there.response());
            let answer =
                answer.map_or_else(String::new, |response| format!(", where the bank answered {}", in_words(response)));
            Finding::Unclear(format!("{name} leads to {address}{answer}: whose payment that is cannot be told"))
        }
    }
}

fn is_served(exchange: &Exchange) -> bool {
    exchange.response().is_some_and(|response| response.status == 200)
}

/// How a link that was followed does not lead to its payment, where that is proven.
fn leads_astray(followed: &Followed, created: &[Arc<Exchange>]) -> Option<String> {
    let there = followed.there.response()?;
    if !is_served(&followed.own) {
        return None;
    }
    if matches!(there.status, 403 | 404 | 410) {
        return Some(format!("it leads to {}, where the payment's own address leads to 200", in_words(there)));
    }
    let own = |exchange: &&Arc<Exchange>| raw_id(exchange).as_deref() == Some(&followed.doubt.payment);
    let ordered = json::read(&created.iter().find(own)?.request.body)?;
    let told = there.json().filter(|_| there.status == 200 && followed.doubt.operation == Operation::Payment)?;
    let others = differences(&told, &ordered, str::to_owned);
    (!others.is_empty()).then(|| format!("it leads to a payment with {}", others.join(", ")))
}

/// The link scaStatus is there only where there is an authorisation: what it was followed to is told, or there was none.
pub fn sca_status_link_leads_somewhere(followed: Option<&Exchange>) -> Finding {
    let expected = "no link scaStatus before there is an authorisation";
    let Some(exchange) = followed else { return Finding::of(true, expected, "no link scaStatus") };
    let response = response_of!(exchange);
    match response.status {
        200 => Finding::of(true, expected, format!("a link to an authorisation: {}", in_words(response))).at(exchange),
        404 => Finding::of(false, expected, format!("a link to nothing: {}", in_words(response))).at(exchange),
        _ => Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response))),
    }
}

/// Where scaOAuth leads there is a document by RFC 8414: JSON with the issuer and the authorization endpoint.
pub fn is_metadata(exchange: &Exchange) -> Finding {
    let response = response_of!(exchange);
    if response.status >= 500 {
        return Finding::Unclear(format!("{}: the bank answered {}", exchange.purpose, in_words(response)));
    }
    let json = response.json().unwrap_or_default();
    let missing = ["issuer", "authorization_endpoint"].into_iter().find(|name| !json[*name].is_string());
    let expected = "JSON with issuer and authorization_endpoint";
    match missing {
        None if response.status == 200 => Finding::of(true, expected, in_words(response)).at(exchange),
        Some(name) if response.status == 200 => {
            Finding::of(false, expected, format!("{} without {name}", in_words(response))).at(exchange)
        }
        _ => Finding::of(false, expected, in_words(response)).at(exchange),
    }
}

/// Every link that leads the customer away has TLS (RTS Art. 35(1)). An app may have a scheme of its own.
pub fn have_tls(answers: Answers<'_>) -> Finding {
    let leads = |exchange: &&Arc<Exchange>| {
        let is_start = matches!(exchange.operation, Operation::Initiation | Operation::Authorisation);
        let response = exchange.response().filter(|response| is_start && response.status < 300);
        response.is_some_and(|response| AWAY.iter().any(|name| link(response, name).is_some()))
    };
    let leading: Vec<Arc<Exchange>> = answers.iter().filter(leads).cloned().collect();
    if leading.is_empty() {
        return Finding::Beside("no answer of this run leads the customer away by a link".into());
    }
    all(&leading, "scaRedirect and scaOAuth with TLS", |_, response| {
        let is_plain = |address: String| address.trim_start().to_ascii_lowercase().starts_with("http:");
        match AWAY.iter().find(|name| link(response, name).is_some_and(is_plain)) {
            Some(name) => Err(format!("{name} by http")),
            None => Ok(()),
        }
    })
}
