//! The scope of every access token, beside what was asked for and granted. A bank may name scopes in words of its own, also
//! where they were asked for in others (RFC 6749 3.3): only what stands beside all that was asked for is more than that.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Answers, all,
    callbacks::{authorization_request, pairs},
    protocol::those,
};
use crate::{
    evidence::{exchange::Exchange, operation::Operation},
    judge::Finding,
};

/// The words of a scope; none where there is none.
type Scope = BTreeSet<String>;

/// How a scope is more than it may be, by the exchange whose answer tells it; nothing where it is not.
type Told<'a> = BTreeMap<&'a str, Option<String>>;

/// No refresh that asks for no scope brings one that was not granted at first (RFC 6749 6).
pub fn refreshes_stay_within(answers: Answers<'_>) -> Finding {
    let (mut asked, mut granted) = (Asked::default(), BTreeMap::<String, Granted>::new());
    let mut told = Told::new();
    for exchange in answers {
        asked.note(exchange);
        let Some(issued) = issued(exchange) else { continue };
        let first = match issued.grant() {
            "refresh_token" => granted.get(issued.sent("refresh_token").unwrap_or_default()).cloned(),
            "authorization_code" if issued.scope.is_empty() => Some(Granted::AsAsked(asked.of(exchange))),
            "authorization_code" => Some(Granted::Told(issued.scope.clone())),
            _ => None,
        };
        let Some(first) = first else { continue };
        if issued.grant() == "refresh_token" && issued.sent("scope").is_none() && !issued.scope.is_empty() {
            told.insert(&exchange.id, first.exceeded_by(&issued.scope));
        }
        granted.extend(issued.refresh_token.map(|token| (token, first)));
    }
    within(
        answers,
        &told,
        "no scope after a refresh that was not granted at first",
        "no refresh of this run tells a scope",
    )
}

/// What some servers add, which RFC 6749 3.3 lets them do as long as they say so: who the customer is, and a refresh token
/// (OpenID Connect Core 3.1.2.1 and 11). Neither opens more of what the bank keeps.
const OPENS_NOTHING: [&str; 2] = ["openid", "offline_access"];

/// No token is for more than was asked for (RFC 9700 2.3).
pub fn tokens_stay_within(answers: Answers<'_>) -> Finding {
    let (mut asked, mut told) = (Asked::default(), Told::new());
    for exchange in answers {
        asked.note(exchange);
        let Some(issued) = issued(exchange).filter(|issued| !issued.scope.is_empty()) else { continue };
        let wanted = match issued.grant() {
            "authorization_code" => asked.of(exchange),
            "client_credentials" => words(issued.sent("scope").unwrap_or_default()),
            _ => Scope::new(),
        };
        if !wanted.is_empty() {
            let scope = issued.scope.iter().filter(|word| !OPENS_NOTHING.contains(&word.as_str())).cloned().collect();
            told.insert(&exchange.id, Granted::AsAsked(wanted).exceeded_by(&scope));
        }
    }
    within(
        answers,
        &told,
        "no scope beside the one that was asked for",
        "no token of this run tells a scope beside one that was asked for",
    )
}

fn within(answers: Answers<'_>, told: &Told<'_>, expected: &str, nothing: &str) -> Finding {
    let shown: Vec<Arc<Exchange>> = those(answers, |exchange, _| told.contains_key(exchange.id.as_str()));
    if shown.is_empty() {
        return Finding::Beside(nothing.into());
    }
    all(&shown, expected, |exchange, _| match told.get(exchange.id.as_str()) {
        Some(Some(more)) => Err(more.clone()),
        _ => Ok(()),
    })
}

/// What was granted at first.
#[derive(Clone)]
enum Granted {
    /// As the bank has told it.
    Told(Scope),
    /// It told nothing: what was asked for (RFC 6749 5.1).
    AsAsked(Scope),
}

impl Granted {
    /// What the scope says beyond it, in words.
    fn exceeded_by(&self, scope: &Scope) -> Option<String> {
        let (first, is_comparable) = match self {
            Self::Told(first) => (first, true),
            Self::AsAsked(first) => (first, !first.is_empty() && first.is_subset(scope)),
        };
        let more: Vec<&str> = scope.difference(first).map(String::as_str).collect();
        let words = |scope: &Scope| scope.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        (is_comparable && !more.is_empty()).then(|| format!("\"{}\" beside \"{}\"", more.join(" "), words(first)))
    }
}

/// What each check has asked to be authorised so far: several requests of one check may be under way at once.
#[derive(Default)]
struct Asked(BTreeMap<String, Scope>);

impl Asked {
    fn note(&mut self, exchange: &Exchange) {
        let parameters = authorization_request(exchange).into_iter().flatten();
        let scopes = parameters.filter(|(name, _)| name == "scope").flat_map(|(_, scope)| words(&scope));
        self.0.entry(exchange.check.to_string()).or_default().extend(scopes);
    }

    fn of(&self, exchange: &Exchange) -> Scope {
        self.0.get(&*exchange.check).cloned().unwrap_or_default()
    }
}

/// A request that brought an access token, and what came with it.
struct Issued {
    form: Vec<(String, String)>,
    scope: Scope,
    refresh_token: Option<String>,
}

impl Issued {
    fn sent(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn grant(&self) -> &str {
        self.sent("grant_type").unwrap_or_default()
    }
}

fn issued(exchange: &Exchange) -> Option<Issued> {
    let is_request = exchange.operation == Operation::Token && &*exchange.request.method == "POST";
    let json = exchange.response().filter(|response| is_request && response.status < 300)?.json()?;
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    text("access_token")?;
    let scope = words(&text("scope").unwrap_or_default());
    Some(Issued { form: pairs(&exchange.request.body), scope, refresh_token: text("refresh_token") })
}

fn words(scope: &str) -> Scope {
    scope.split_whitespace().map(str::to_owned).collect()
}
