//! The customer's whole way, once: a payment is initiated and approved on the bank's pages, on a test system alone.

use std::sync::Arc;

use super::{Case, Finding, Layer, finding::clean, page, payment, roles};
use crate::{
    evidence::{operation::Operation, walk_end::WalkEnd},
    tpp::{
        Trouble,
        api::{Fresh, Lodged, fresh, request},
        oauth::authorization::{Authorization, AuthorizationRequest, authorize},
        psu::{self, Behaviour},
        session::Session,
        transport::Reply,
    },
};

/// Something that the customer is to approve.
pub(super) enum Errand {
    /// By OAuth, with that scope.
    Authorization(Box<AuthorizationRequest>),
    /// On a page of the bank that the payment leads to.
    Redirect(Box<Lodged>, String),
}

impl Errand {
    /// The authorization request, where it is one.
    pub(super) fn request(&self) -> Option<&AuthorizationRequest> {
        match self {
            Self::Authorization(request) => Some(request),
            Self::Redirect(..) => None,
        }
    }
}

/// What the bank would not let begin.
pub(super) enum NoErrand {
    Finding(Box<Finding>),
    Trouble(Trouble),
}

impl From<Trouble> for NoErrand {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

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
    let errand = match errand(case, &session).await {
        Ok(Some(errand)) => errand,
        Ok(None) => {
            let cause = "nothing in the target file or the bank's answers leads the customer to a page";
            let mend = "declare `oauth-sca` under `capabilities` if the bank authorises payments by OAuth";
            return vec![Finding::note(Layer::Core, "customer-not-tried", cause, mend)];
        }
        // What the file has wrong was told already, and this is what comes of it.
        Err(NoErrand::Finding(_)) if !roles::look(case).is_empty() => return Vec::new(),
        Err(NoErrand::Finding(_)) if !payment::look(case).is_empty() => return payment::proven(case),
        Err(NoErrand::Finding(finding)) => return vec![*finding],
        Err(NoErrand::Trouble(trouble)) => return vec![stuck(&trouble)],
    };
    match walk(&session, errand).await {
        Ok((walk_end, unsure, pages)) => after(case, &walk_end, unsure, &pages).into_iter().collect(),
        Err(trouble) => vec![stuck(&trouble)],
    }
}

/// Where the walk ended, what is unsure about it, and the pages on the way.
type Walked = (WalkEnd, Option<&'static str>, Vec<String>);

async fn walk(session: &Arc<Session>, errand: Errand) -> Result<Walked, Trouble> {
    let (walk_end, unsure, exchanges) = match errand {
        Errand::Authorization(request) => {
            let authorization = authorize(session, "doctor", *request, Behaviour::Approve).await?;
            let Authorization { walk_end, unsure, exchanges, .. } = authorization;
            (walk_end, unsure, exchanges)
        }
        Errand::Redirect(payment, url) => {
            let walk = psu::walk(session, "doctor", &url, &[&payment.redirect_uri], Behaviour::Approve).await?;
            (walk.walk_end, walk.unsure, walk.exchanges)
        }
    };
    let pages = exchanges.iter().filter_map(|exchange| Some(exchange.response()?.body.clone()));
    Ok((walk_end, unsure, pages.collect()))
}

/// Something fresh to approve; nothing where the target has none.
pub(super) async fn errand(case: &Case, session: &Arc<Session>) -> Result<Option<Errand>, NoErrand> {
    let (target, tpp) = (&case.target, case.target.tpp());
    let by_oauth = session.capabilities().contains("authorization");
    if !target.dialect.has_payments() {
        let scope = target.resource.as_ref().filter(|_| by_oauth).map(|resource| resource.scope.clone());
        return Ok(scope.map(|scope| Errand::Authorization(Box::new(AuthorizationRequest::new(target, tpp, &scope)))));
    }
    if let Some(finding) = without_token(session).await? {
        return Err(NoErrand::Finding(Box::new(finding)));
    }
    let lodged = match fresh(session, "doctor", tpp).await? {
        Fresh::Lodged(lodged, _) => lodged,
        Fresh::Refused(reply, _) if reply.status != 201 => {
            return Err(NoErrand::Finding(Box::new(refused(case, &reply))));
        }
        Fresh::Refused(_, trouble) => return Err(trouble.into()),
    };
    if by_oauth {
        let what = session.api()?.authorisable(target, &lodged);
        return Ok(Some(Errand::Authorization(Box::new(AuthorizationRequest::of(target, tpp, &what)))));
    }
    let link = lodged.links.sca_redirect.clone();
    Ok(link.map(|url| Errand::Redirect(lodged, url)))
}

/// Where the API wants a token of the TPP's own first, and the bank gives none.
async fn without_token(session: &Arc<Session>) -> Result<Option<Finding>, Trouble> {
    let client = session.client(session.target.tpp());
    match request::own_token(session, "doctor", client, Operation::Initiation).await {
        Ok(_) => Ok(None),
        Err(Trouble::Prerequisite(why)) => {
            let mend = "ask the bank whether this TPP is registered for the client credentials grant and the scope \"payments\", \
                        and whether its certificate has PSP_PI";
            Ok(Some(Finding::error(Layer::AuthorizationServer, "own-token-refused", why, mend)))
        }
        Err(other) => Err(other),
    }
}

/// What the user has wrong in what is paid or who pays it, by one payment that is approved; nothing where no money may move.
pub(super) async fn wrong_payment(case: &Case) -> Vec<Finding> {
    let mut found = look(case).await;
    found.retain(Finding::is_the_users);
    found
}

/// What the beginning of an error code suggests: the Berlin Group's, then those of the UK's releases.
const MENDS: [(&str, &str); 23] = [
    (
        "CERTIFICATE",
        "see what `bankproof certs lint` says of the TPP's certificate, and ask the bank whether it is registered",
    ),
    ("ROLE", "the certificate needs PSP_PI"),
    ("SIGNATURE", "see [signing] in docs/target.md: form, seal, and which fields this bank wants signed"),
    ("PSU", "name the customer as this bank wants it, with `headers` under [payment]"),
    ("PRODUCT", "correct `product` under [payment]"),
    ("FORMAT", "see what the bank misses, and correct [payment] or its `headers`"),
    ("SERVICE", "ask the bank whether this TPP may initiate payments there"),
    ("UK.OBIE.Signature", UNSIGNED),
    ("U015", UNSIGNED),
    ("U016", UNSIGNED),
    ("U017", UNSIGNED),
    ("U018", UNSIGNED),
    ("U019", UNSIGNED),
    ("UK.OBIE.Field", FIELDS),
    ("U002", FIELDS),
    ("U004", FIELDS),
    ("UK.OBIE.Header", HEADERS),
    ("U006", HEADERS),
    ("U007", HEADERS),
    ("UK.OBIE.Unsupported", ACCOUNTS),
    ("U021", ACCOUNTS),
    ("U023", ACCOUNTS),
    ("U027", ACCOUNTS),
];
const UNSIGNED: &str =
    "see [signing] in docs/target.md: this bank wants an x-jws-signature by the key of `seal`, whose `key_id` it knows";
const FIELDS: &str = "correct [payment], or add what this bank wants with `body` under [[requests]]";
const HEADERS: &str = "add the header field that this bank wants under [[requests]]";
const ACCOUNTS: &str = "correct the accounts and the currency under [payment]: this bank does not serve them";

fn refused(case: &Case, reply: &Reply) -> Finding {
    let json = reply.json();
    let message = &json["tppMessages"][0];
    let error = &json["Errors"][0];
    let texts = [
        &message["code"],
        &message["text"],
        &error["ErrorCode"],
        &error["Message"],
        &error["Path"],
        &json["error"],
        &json["error_description"],
        &json["title"],
        &json["detail"],
    ];
    let said: Vec<&str> = texts.into_iter().filter_map(|text| text.as_str()).collect();
    let said = if said.is_empty() { page::words(&reply.body) } else { said.join(": ") };
    let said: String = clean(&case.recorder.redact(&said)).chars().take(200).collect();
    let cause = format!("the bank answers a correct payment initiation with {}: {said}", reply.status);
    if json.is_null() && matches!(reply.status, 401 | 403 | 500..) {
        let mend = "the answer is no JSON: it comes from a gateway in front of the payment API; is `server.api` right, and the API up?";
        return Finding::error(Layer::Gateway, "payment-refused", cause, mend);
    }
    let code = message["code"].as_str().or(error["ErrorCode"].as_str()).unwrap_or_default();
    if code.starts_with("PRODUCT") {
        let product = case.target.payment.as_ref().and_then(|payment| payment.product.as_deref());
        let cause = format!("the bank has no product {}: {cause}", product.unwrap_or("sepa-credit-transfers"));
        return Finding::error(Layer::Core, "product-unknown", cause, "correct `product` under [payment]");
    }
    let known = MENDS.iter().find(|(beginning, _)| code.starts_with(beginning));
    let mend =
        known.map_or("see the bank's documentation of that answer, and [payment] of the target file", |(_, mend)| mend);
    Finding::error(Layer::Core, "payment-refused", cause, mend)
}

fn after(case: &Case, walk_end: &WalkEnd, unsure: Option<&'static str>, pages: &[String]) -> Option<Finding> {
    let last = pages.last().map(String::as_str);
    let told = case.recorder.redact(&walk_end.to_string());
    match walk_end {
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

const REFUSED: &str = "are the credentials in [psu] right, is that customer not locked, and is the account under [payment] \
                       its own? Walk it in a browser with them";

fn no_way_on(told: &str, last: Option<&str>) -> Finding {
    let says: String = last.map(page::words).unwrap_or_default();
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
