//! The customer's whole way, once: a payment is initiated and approved on the bank's pages, on a test system alone.

use std::sync::Arc;

use super::{
    Case, Finding, Layer,
    approval::{Approval, NotBegun, begin},
    finding::clean,
    page, payment, roles,
    said::words,
};
use crate::{
    evidence::{check_row::CheckRow, not_spoken, walk_end::WalkEnd},
    tpp::{
        Trouble,
        oauth::authorization::{Authorization, authorize},
        psu::{self, Behaviour, Task},
        session::Session,
    },
};

/// Walks one approval.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    let Ok(session) = case.session().await else { return Vec::new() };
    if case.target.restraint.objection().is_some() {
        let cause = "the target is marked production: no payment is tried, and no page";
        return vec![Finding::note(Layer::Core, "customer-not-tried", cause, "nothing")];
    }
    if case.target.psu.as_ref().is_some_and(|psu| psu.needs_a_person()) {
        let cause = "a person plays the customer: nobody is asked to walk for a look";
        return vec![Finding::note(Layer::Core, "customer-not-tried", cause, "nothing")];
    }
    let approval = match begin(case, &session).await {
        Ok(Some(approval)) => approval,
        Ok(None) => {
            let cause = "nothing in the target file or the bank's answers leads the customer to a page";
            let mend = "declare `oauth-sca` under `capabilities` if the bank authorises payments by OAuth";
            return vec![Finding::note(Layer::Core, "customer-not-tried", cause, mend)];
        }
        // What the file has wrong was told already, and this is what comes of it.
        Err(NotBegun::Finding(_)) if !roles::look(case).is_empty() => return Vec::new(),
        Err(NotBegun::Finding(_)) if !payment::look(case).is_empty() => return payment::proven(case),
        Err(NotBegun::Finding(finding)) => return vec![*finding],
        Err(NotBegun::Trouble(trouble)) => return vec![stuck(&trouble)],
    };
    match walk(&session, approval).await {
        Ok(Walked::Wants(what)) => vec![Finding::error(Layer::AuthorizationServer, "not-spoken", what, NOT_SPOKEN)],
        Ok(Walked::To(walk_end, unsure, pages)) => after(case, &walk_end, unsure, &pages).into_iter().collect(),
        Err(trouble) => vec![stuck(&trouble)],
    }
}

/// What came of a walk.
enum Walked {
    /// Nothing: the bank wants of the request what is not spoken here.
    Wants(String),
    /// Where it ended, what is unsure about it, and the pages on the way.
    To(WalkEnd, Option<&'static str>, Vec<String>),
}

async fn walk(session: &Arc<Session>, approval: Approval) -> Result<Walked, Trouble> {
    let (walk_end, has_acted, unsure, exchanges) = match approval {
        Approval::Authorization(request) => {
            let authorization = authorize(session, &"doctor".into(), *request, Behaviour::Approve).await?;
            let Authorization { walk_end, has_acted, unsure, exchanges, .. } = authorization;
            (walk_end, has_acted, unsure, exchanges)
        }
        Approval::Redirect(payment, url) => {
            let (check, ways_out) = (CheckRow::from("doctor"), [payment.redirect_uri.as_str()]);
            let task = Task {
                session,
                check: &check,
                url: &url,
                ways_out: &ways_out,
                behaviour: Behaviour::Approve,
                leaves_out: &[],
            };
            let walk = psu::walk(&task).await?;
            (walk.walk_end, walk.has_acted, walk.unsure, walk.exchanges)
        }
    };
    let (shown, lacks) = (walk_end.redacted(&session.recorder), session.lacks().filter(|_| !has_code(&walk_end)));
    if let Some(wants) =
        not_spoken::wanted(&shown, has_acted, &exchanges).or_else(|| Some(format!("{shown}: {}", lacks?)))
    {
        return Ok(Walked::Wants(wants));
    }
    let pages = exchanges.iter().filter_map(|exchange| Some(exchange.response()?.body.clone()));
    Ok(Walked::To(walk_end, unsure, pages.collect()))
}

/// What the user has wrong in what is paid or who pays it, by one payment that is approved; nothing where no money may move.
pub(super) async fn wrong_payment(case: &Case) -> Vec<Finding> {
    let mut found = look(case).await;
    found.retain(Finding::is_the_users);
    found
}

fn after(case: &Case, walk_end: &WalkEnd, unsure: Option<&'static str>, pages: &[String]) -> Option<Finding> {
    let last = pages.last().map(String::as_str);
    let told = case.recorder.redact(&walk_end.to_string());
    match walk_end {
        // What a bank says beside a code is for a check to judge.
        WalkEnd::CalledBack { .. } if has_code(walk_end) && walk_end.returned("error").is_some() => None,
        WalkEnd::CalledBack { .. } if walk_end.returned("error") == Some("access_denied") => {
            let psu = case.target.psu.as_ref();
            if let Some(finding) = psu.filter(|_| unsure.is_some()).and_then(|psu| page::missing_button(psu, pages)) {
                return Some(finding);
            }
            let says = walk_end.returned("error_description").unwrap_or_default();
            let cause = format!("the bank refused a customer who meant to approve: access_denied {says}");
            let mend = "is the customer's account under [payment] its own, and may it pay from there? Are the credentials in [psu] those of that customer?";
            Some(Finding::error(Layer::Core, "payer-refused", cause, mend))
        }
        WalkEnd::CalledBack { .. } if walk_end.returned("error").is_some() => {
            let says = walk_end.returned("error_description").unwrap_or_default();
            let what = if case.target.dialect.has_payments() { "a payment" } else { "access" };
            let cause = format!("{what} that the customer approved ended with an error: {told} {says}");
            let mend = "see the bank's documentation of that error; is the customer of [psu] the owner of the customer's account under [payment]?";
            Some(Finding::error(Layer::AuthorizationServer, "approval-fails", cause, mend))
        }
        WalkEnd::CalledBack { .. } => unsure.map(|why| {
            let psu = case.target.psu.as_ref();
            if let Some(finding) = psu.and_then(|psu| page::missing_button(psu, pages)) {
                return finding;
            }
            let mend = "name the buttons that lead on under `buttons.continue` of [psu]";
            Finding::warning(Layer::Core, "customer-guesses", why, mend)
        }),
        _ => {
            let psu = case.target.psu.as_ref()?;
            let form = last.and_then(|body| page::changed_form(psu, "where the customer ended", body));
            Some(form.unwrap_or_else(|| match unsure {
                Some(why) => Finding::error(Layer::Core, "customer-refused", format!("{told}: {why}"), REFUSED),
                None => no_way_on(&told, last),
            }))
        }
    }
}

fn has_code(walk_end: &WalkEnd) -> bool {
    walk_end.returned("code").is_some()
}

const NOT_SPOKEN: &str = "ask the bank whether this TPP can be registered without it; until then every check that rests on an \
                          authorization stays inconclusive, and the others are judged";

const REFUSED: &str = "are the credentials in [psu] right, is that customer not locked, and is the account under [payment] \
                       its own? Walk it in a browser with them";

fn no_way_on(told: &str, last: Option<&str>) -> Finding {
    let says: String = last.map(words).unwrap_or_default();
    let says: String = clean(&says).chars().take(160).collect();
    let cause = format!("the customer did not get through the bank's pages: {told}. The last page says \"{says}\"");
    let lower = says.to_lowercase();
    if ["referer", "referrer", "csrf", "origin check", "forged"].iter().any(|word| lower.contains(word)) {
        let mend = "the page refuses how its form was sent, and not what was typed: let a browser play the customer, agents = [\"browser\"]";
        return Finding::error(Layer::Core, "form-refused", cause, mend);
    }
    let mend = "walk it in a browser with the values of [psu]: are the credentials right, and do `buttons` name the ones that are pressed?";
    Finding::error(Layer::Core, "customer-stuck", cause, mend)
}

fn stuck(trouble: &Trouble) -> Finding {
    let mend = "see [psu] in docs/target.md for what the customer can be told";
    Finding::error(Layer::Core, "customer-stuck", trouble.to_string(), mend)
}
