//! Faults by cell: each rule of the bank's own tables, left out at one of the places where it holds. They are made from
//! the tables, so that no rule and no place can be forgotten; what is said of them here is in words alone.

use std::sync::LazyLock;

use super::{Fault, fault};
use crate::bank::certificate::identification;
use crate::bank::cors;
use crate::bank::dialect::Dialect;
use crate::bank::inside;
use crate::bank::oauth;
use crate::bank::oauth::client::authentication;
use crate::bank::oauth::metadata;
use crate::bank::psu::session;
use crate::bank::tls;
use crate::bank::{berlin_group, uk_open_banking};

/// One rule at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// As it is called in the bank: `own_payment`.
    pub rule: &'static str,
    /// The operation or the endpoint: `cancellation`.
    pub place: &'static str,
    /// Why nobody outside can tell whether the rule is left out here; none where somebody can.
    pub untold: Option<&'static str>,
}

const BG: Dialect = Dialect::BerlinGroup;
const UK: Dialect = Dialect::UkOpenBanking;

/// A rule in words.
struct Words {
    rule: &'static str,
    /// What a bank does that leaves it out.
    says: &'static str,
    /// The beginnings of the ids of checks that it may trip besides.
    also: &'static [&'static str],
}

const fn words(rule: &'static str, says: &'static str, also: &'static [&'static str]) -> Words {
    Words { rule, says, also }
}

/// Every rule that has cells.
const WORDS: &[Words] = &[
    words("request_id", "any X-Request-ID is accepted, and none", &["BG-"]),
    words("certificate", "a certificate that identifies no TPP is accepted", &["CERT-"]),
    words("unrevoked", "a certificate that was revoked is accepted", &["CERT-"]),
    words("denial", "a payment that the customer denied is accepted", &["BG-", "UK-", "PSU-"]),
    words("cancel", "a payment that the customer broke off is accepted", &["BG-", "UK-", "PSU-"]),
    words("block", "a payment of a customer who could not be authenticated is accepted", &["BG-", "UK-", "PSU-"]),
    words("time_out", "a payment whose customer came back too late is accepted", &["BG-", "UK-", "PSU-"]),
    words("subject", "another TPP's certificate authenticates", &["BIND-", "CERT-", "CAUTH-", "TOKEN-"]),
    words("role", "a TPP without the role PSP_PI is served", &["CERT-"]),
    words("product", "any payment product is accepted", &["BG-"]),
    words("mandatory_field", "the field may be missing", &["BG-"]),
    words("field_form", "any text is accepted", &["BG-"]),
    words("media_type", "a body of any media type is accepted", &["BG-", "UK-"]),
    words("psu_ip_address", "PSU-IP-Address is not looked at", &["BG-"]),
    words("tpp_uris", "an address of the TPP outside of its certificate's domain is accepted", &["REDIR-"]),
    words("signature_demanded", "a request without a signature is served", &["SIGN-"]),
    words("signature", "a signature that is wrong is accepted", &["SIGN-"]),
    words(
        "payment_token",
        "no access token is asked for",
        &["AUTHZ-", "BIND-", "RS-", "TOKEN-", "REVOKE-", "CERT-", "INTRO-"],
    ),
    words("tpps_token", "no access token is asked for", &["UK-", "BIND-", "RS-", "CERT-", "REVOKE-"]),
    words(
        "consent_token",
        "any access token will do",
        &["UK-", "AUTHZ-", "BIND-", "RS-", "TOKEN-", "REVOKE-", "CERT-", "INTRO-"],
    ),
    words("customers_token", "a token that no customer's approval has given will do", &["UK-"]),
    words("accepts_json", "the media types that the TPP accepts are not looked at", &["UK-"]),
    words("idempotency_key", "a request without an idempotency key is served", &["UK-"]),
    words("factor_given", "a form without that field is taken", &["PSU-"]),
    words("factor_filled", "that field may be empty", &["PSU-"]),
    words("factor_whole", "the first letters of it are enough", &["PSU-"]),
    words("factor_own", "another customer's will do", &["PSU-"]),
    words("factor_asked", "the form of the next page is taken instead", &["PSU-"]),
    words("attempts", "it may be tried without limit", &["PSU-"]),
    words("attempts_over_sessions", "it may be tried without limit by beginning anew", &["PSU-"]),
    words("order_of_pages", "the form of the last page is taken on the first", &["PSU-"]),
    words("form_token_given", "a form that another site sends is taken, if it lacks the hidden value", &["PSU-"]),
    words("form_token_filled", "a form that another site sends is taken, if the hidden value is empty", &["PSU-"]),
    words("form_token_own", "a form that another site sends is taken with the hidden value of any session", &["PSU-"]),
    words("shown_payment", "the page of one payment agrees to another that was opened after it", &["PSU-"]),
    words(
        "cancelled_meanwhile",
        "a payment that was cancelled while the customer was at the bank is accepted",
        &["BG-"],
    ),
    words("fresh_session", "a session goes by the id that the browser brought along", &["PSU-"]),
    words("shows_amount", "the pages show another amount than was ordered", &["BG-022"]),
    words("shows_payee", "the pages show another payee than was ordered", &["BG-022"]),
    words("owner", "another TPP is served", &["BG-", "UK-", "API-"]),
    words(
        "client_assertion",
        "any assertion of a client will do, and none",
        &["CAUTH-", "TOKEN-", "REVOKE-", "INTRO-", "PAR-"],
    ),
    words(
        "client_secret",
        "any secret of a client will do, and none",
        &["CAUTH-", "TOKEN-", "REVOKE-", "INTRO-", "PAR-"],
    ),
    words("token_revocation", "an access token that was revoked is accepted", &["REVOKE-", "AUTHZ-", "INTRO-"]),
    words(
        "revocation_of_used_token",
        "an access token that was revoked is accepted where it was used before",
        &["REVOKE-", "AUTHZ-", "INTRO-"],
    ),
];

/// A place where the bank leaves a rule out and nobody outside can tell.
struct Untold {
    rule: &'static str,
    /// All places of both dialects where there is none.
    at: &'static [(Dialect, &'static str)],
    why: &'static str,
}

const fn untold(rule: &'static str, at: &'static [(Dialect, &'static str)], why: &'static str) -> Untold {
    Untold { rule, at, why }
}

/// The endpoints for clients.
const ENDPOINTS: &[(Dialect, &str)] = &[
    (BG, "token-endpoint"),
    (BG, "revocation-endpoint"),
    (BG, "introspection-endpoint"),
    (BG, "pushed-request-endpoint"),
];
const ANOTHER_SUBJECT: &str = "such a certificate has another subject than the client's, which is looked at besides";

const UNTOLD: &[Untold] = &[
    untold(
        "revocation_of_used_token",
        &[(UK, "order")],
        "an order is made once: a token that was used for it opens it no more",
    ),
    untold("known_payment", &[], "what is not there cannot be told, cancelled or authorised: the answer is the same"),
    untold("body_bounded", &[], "how large a body may be is the bank's own affair (RFC 9110 15.5.14)"),
    untold("newest_certificate", &[], "it refuses nothing: it is the place of a fault"),
    untold("wishes", &[], "a wish is no order: a bank that leaves it aside does nothing wrong"),
    untold(
        "field_form",
        &[
            (BG, "debtorName"),
            (BG, "endToEndIdentification"),
            (BG, "instructionIdentification"),
            (BG, "creditorAgentName"),
            (BG, "remittanceInformationUnstructured"),
            (BG, "requestedExecutionDate"),
        ],
        "a bank need not read a field that is optional",
    ),
    untold("foreign_account", &[], "no client knows an account that is another customer's"),
    untold(
        "owner",
        &[(BG, "payment"), (UK, "funds-confirmation"), (UK, "order")],
        "the customer's token is for one TPP alone, and is looked at before",
    ),
    untold("certificate-without-identifier-accepted", ENDPOINTS, ANOTHER_SUBJECT),
    untold("organization-identifier-unchecked", ENDPOINTS, ANOTHER_SUBJECT),
    untold("country-mismatch-unchecked", ENDPOINTS, ANOTHER_SUBJECT),
    untold(
        "certificate",
        &[
            (BG, "payment"),
            (UK, "initiation"),
            (UK, "status"),
            (UK, "funds-confirmation"),
            (UK, "order"),
            (UK, "order-status"),
            (UK, "order-details"),
        ],
        "the token that opens it is bound to a certificate, and the token endpoint lets no such certificate in",
    ),
];

/// The cells of a bank of that dialect, as faults: what it does wrong, and the beginnings of the ids of checks that it may
/// trip besides.
pub fn cells(dialect: Dialect) -> &'static [Fault] {
    static BERLIN_GROUP: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let doors =
            identification::faults().map(|fault| (identification::API, fault)).chain(authentication::rules_by_place());
        let approaches = ["oauth", "redirect"];
        let cancelled = approaches.map(|approach| (approach, "cancelled_meanwhile"));
        let told = approaches.map(|approach| (approach, session::TOLD_AS_GIVEN));
        let endings = approaches.into_iter().flat_map(of_customers).chain(cancelled).chain(told);
        let members = metadata::faults_by_member();
        let others = doors.chain(endings).chain(members).chain(of_any_dialect());
        faults(BG, berlin_group::rules_by_place().into_iter().chain(others).collect())
    });
    static UK_OPEN_BANKING: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let others = of_customers("oauth").chain(of_any_dialect());
        faults(UK, uk_open_banking::rules_by_place().into_iter().chain(others).collect())
    });
    match dialect {
        Dialect::BerlinGroup => &BERLIN_GROUP,
        Dialect::UkOpenBanking => &UK_OPEN_BANKING,
    }
}

/// Each rule about customers who are sent by that approach.
fn of_customers(approach: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    session::rules_by_approach(approach)
        .chain(session::rules_by_factor(approach))
        .chain(session::rules_of_forms(approach))
}

/// What is the same in every dialect.
fn of_any_dialect() -> impl Iterator<Item = (&'static str, &'static str)> {
    oauth::rules_by_place().chain(cors::by_place()).chain(inside::by_kind()).chain(tls::plain_by_place())
}

/// The cells of every dialect, each once.
pub(super) fn everywhere() -> impl Iterator<Item = &'static Fault> {
    let (first, second) = (cells(Dialect::BerlinGroup), cells(Dialect::UkOpenBanking));
    first.iter().chain(second.iter().filter(|cell| !first.iter().any(|other| other.id == cell.id)))
}

/// What the cell of a rule is called.
pub(super) fn of_rule(rule: &str, place: &str) -> String {
    format!("{}-unchecked-at-{place}", rule.replace('_', "-"))
}

/// What the cell of a fault is called that has a name at every place.
pub(super) fn of_named(fault: &str, place: &str) -> String {
    format!("{fault}-at-{place}")
}

/// The fault that has that name at every place.
fn named(id: &str) -> Option<&'static Fault> {
    super::all().iter().find(|fault| fault.id == id)
}

/// What a fault may trip besides at one place: the same as at all of them. Whatever is wrong with a certificate, others look
/// for it too.
fn also(named: Option<&'static Fault>) -> &'static [&'static str] {
    let also: Vec<_> = named.map(|fault| fault.also).into_iter().flatten().copied().chain(["CERT-"]).collect();
    also.leak()
}

fn faults(dialect: Dialect, rules_by_place: Vec<(&'static str, &'static str)>) -> Vec<Fault> {
    rules_by_place.into_iter().map(|(place, rule)| of(dialect, rule, place)).collect()
}

fn of(dialect: Dialect, rule: &'static str, place: &'static str) -> Fault {
    // Made once for as long as the program runs, as the rows of the tables are.
    let kept = |text: String| -> &'static str { text.leak() };
    let words = WORDS.iter().find(|words| words.rule == rule);
    let named_fault = named(rule);
    let named = named_fault.map(|fault| fault.says.trim_end_matches('.'));
    let id = if named.is_some() { of_named(rule, place) } else { of_rule(rule, place) };
    let untold = UNTOLD.iter().find(|it| it.rule == rule && (it.at.is_empty() || it.at.contains(&(dialect, place))));
    let says = named.or(words.map(|words| words.says)).unwrap_or(rule);
    Fault {
        also: words.map_or_else(|| also(named_fault), |words| words.also),
        cell: Some(Cell { rule, place, untold: untold.map(|it| it.why) }),
        ..fault(kept(id), kept(format!("At the {}: {says}.", place.replace('-', " "))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> impl Iterator<Item = Cell> {
        everywhere().filter_map(|fault| fault.cell)
    }

    #[test]
    fn every_rule_is_told_in_words_or_why_it_cannot_be_told() {
        let of_rules = all().filter(|cell| cell.untold.is_none() && named(cell.rule).is_none());
        let rules: BTreeSet<&str> = of_rules.map(|cell| cell.rule).collect();
        assert_eq!(rules, WORDS.iter().map(|words| words.rule).collect());
        for it in UNTOLD {
            let is_there =
                |(dialect, place): &(Dialect, &str)| cells(*dialect).iter().any(|fault| is(fault, it.rule, place));
            assert!(it.at.iter().all(is_there) && all().any(|cell| cell.rule == it.rule), "{}", it.rule);
        }
    }

    fn is(fault: &Fault, rule: &str, place: &str) -> bool {
        fault.cell.is_some_and(|cell| cell.rule == rule && cell.place == place)
    }

    #[test]
    fn no_named_fault_is_called_as_a_cell_is() {
        for fault in super::super::all() {
            assert!(everywhere().all(|cell| cell.id != fault.id), "{}", fault.id);
        }
    }
}
