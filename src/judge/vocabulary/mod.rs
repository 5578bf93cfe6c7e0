//! What the answers of a payment API mean, as data: a table a dialect, which judges read and steps choose.

pub mod berlin_group;
pub mod uk_open_banking;

use crate::evidence::exchange::Response;

/// How a dialect says what it says.
pub struct Vocabulary {
    /// What an answer has by which the bank has taken a payment (RFC 6901).
    pub created: &'static [&'static str],
    /// How a refusal says that it is about who asks.
    pub caller: Caller,
    /// The codes by which 400 says that there is no such thing.
    pub unknown: &'static [&'static str],
    /// Where an answer says how far a payment has come (RFC 6901).
    pub status: &'static str,
    /// What that member is called, for the report.
    pub status_name: &'static str,
    /// Every published status, and how far a payment has come by it.
    pub stages: &'static [(&'static str, Stage)],
    /// Statuses that may only say that form, account and funds were checked, and not that the customer has agreed.
    pub only_checked: &'static [&'static str],
    /// Where the authorisations of a payment are listed (RFC 6901); nowhere where the dialect has no such list.
    pub authorisations: &'static str,
    /// Statuses of what a customer agrees to beforehand that say that it has agreed.
    pub agreed: &'static [&'static str],
    /// Statuses by which the money is on the payee's account, or has left for good.
    pub settled: &'static [&'static str],
    /// The codes by which a request may be refused for that reason.
    pub refusals: &'static [(Refusal, &'static [&'static str])],
    /// The beginnings of the codes by which a refusal may be about the signature of a request.
    pub about_signatures: &'static [&'static str],
    /// The codes by which a refusal says that a certificate was revoked; none where the dialect has no code for it.
    pub revoked: &'static [&'static str],
    /// Every published error code, with the HTTP statuses that it may stand with.
    pub codes: &'static [(&'static str, &'static [u16])],
}

/// How a refusal says that it is about who asks, and not about what is asked.
pub struct Caller {
    /// The beginnings of the codes that say so.
    pub codes: &'static [&'static str],
    /// The dialect has no code for it: 401 and 403 say so, whatever else stands with them.
    pub always: bool,
}

/// How far a payment has come, in no dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The bank has it; nobody has agreed yet.
    Received,
    /// The bank has accepted it for execution.
    Accepted,
    /// Money has moved or is on its way.
    Executed,
    /// It goes nowhere.
    Rejected,
    /// It was taken back.
    Cancelled,
}

/// Why a request is refused, in no dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Something is missing, or has not the form that it must have.
    Malformed,
    /// The amount is none that can be paid.
    Amount,
    /// The account of the payee is none.
    PayeeAccount,
    /// There is no such payment product.
    Product,
    /// The signature, or the certificate that it is made with, is not right.
    Signature,
}

impl Vocabulary {
    /// How far a payment has come by that status; `None` where the status is none that is published.
    pub fn stage(&self, status: &str) -> Option<Stage> {
        self.stages.iter().find(|(known, _)| *known == status).map(|(_, stage)| *stage)
    }

    /// Whether a payment goes nowhere by that status; `None` where the status is none that is published.
    pub fn ends(&self, status: &str) -> Option<bool> {
        self.stage(status).map(|stage| matches!(stage, Stage::Rejected | Stage::Cancelled))
    }

    /// The bank has taken a payment.
    pub fn has_created(&self, json: &serde_json::Value) -> bool {
        self.created.iter().any(|pointer| json.pointer(pointer).is_some_and(serde_json::Value::is_string))
    }

    /// A refusal with that status, and that code where it has one, is about who asks.
    pub fn is_about_the_caller(&self, status: u16, code: Option<&str>) -> bool {
        let by_status = matches!(status, 401 | 403) && (code.is_none() || self.caller.always);
        by_status || code.is_some_and(|code| self.caller.codes.iter().any(|known| code.starts_with(known)))
    }

    /// A refusal with that code may be about the signature of the request.
    pub fn is_about_signatures(&self, code: &str) -> bool {
        self.about_signatures.iter().any(|start| code.starts_with(start))
    }

    /// The status that an answer tells.
    pub fn status_in(&self, response: &Response) -> Option<String> {
        response.json()?.pointer(self.status)?.as_str().map(str::to_owned)
    }

    /// The codes for that refusal.
    pub fn codes_for(&self, refusal: Refusal) -> &'static [&'static str] {
        self.refusals.iter().find(|(known, _)| *known == refusal).map_or(&[], |(_, codes)| codes)
    }
}

impl Stage {
    /// The bank has accepted it, and may have executed it.
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::Executed)
    }
}
