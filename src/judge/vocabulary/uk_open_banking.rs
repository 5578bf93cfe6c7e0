//! What UK Open Banking's Read/Write API calls things, by release: 3.1.11 and 4.0 (pages of the domestic payments, code sets).

use serde_json::Value;

use super::{Caller, Refusal, Stage, Vocabulary};

/// The words of one release.
pub struct Release {
    /// Those that every dialect has.
    pub words: Vocabulary,
    /// Every published status of a consent, and what it means.
    pub consents: &'static [(&'static str, Consent)],
    /// A consent that was denied says why, and the refusal of an expired token has a body.
    pub tells_more: bool,
    /// How many characters an error code has, where that is fixed.
    pub code_length: Option<usize>,
}

/// How far a consent has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The customer has not decided.
    Awaiting,
    /// The customer has agreed.
    Authorised,
    /// It goes nowhere.
    Rejected,
    /// The payment has been ordered.
    Consumed,
}

impl Release {
    /// What a consent's status means; `None` where it is none that is published.
    pub fn consent(&self, status: &str) -> Option<Consent> {
        self.consents.iter().find(|(known, _)| *known == status).map(|(_, consent)| *consent)
    }

    /// What the release calls it.
    pub fn called(&self, consent: Consent) -> &'static str {
        self.consents.iter().find(|(_, known)| *known == consent).map_or("", |(name, _)| name)
    }
}

const CALLER: Caller = Caller { codes: &["invalid_client", "unauthorized_client", "invalid_scope"], always: true };
const CREATED: &[&str] = &["/Data/ConsentId", "/Data/DomesticPaymentId"];

/// 3.1.11.
pub static V3: Release = Release {
    words: Vocabulary {
        created: CREATED,
        caller: CALLER,
        unknown: &["UK.OBIE.Resource.NotFound"],
        status: "/Data/Status",
        status_name: "Status",
        stages: &[
            ("Pending", Stage::Received),
            ("Rejected", Stage::Rejected),
            ("AcceptedSettlementInProcess", Stage::Executed),
            ("AcceptedSettlementCompleted", Stage::Executed),
            ("AcceptedWithoutPosting", Stage::Executed),
            ("AcceptedCreditSettlementCompleted", Stage::Executed),
        ],
        only_checked: &[],
        authorisations: "/",
        agreed: &["Authorised", "Consumed"],
        settled: &["AcceptedSettlementCompleted", "AcceptedCreditSettlementCompleted"],
        refusals: &[
            (Refusal::Malformed, &["UK.OBIE.Field.Missing", "UK.OBIE.Field.Invalid", "UK.OBIE.Resource.InvalidFormat"]),
            (Refusal::Amount, &["UK.OBIE.Field.Invalid"]),
            (Refusal::PayeeAccount, &["UK.OBIE.Field.Invalid", "UK.OBIE.Unsupported.AccountIdentifier"]),
            (
                Refusal::Signature,
                &[
                    "UK.OBIE.Signature.Invalid",
                    "UK.OBIE.Signature.InvalidClaim",
                    "UK.OBIE.Signature.MissingClaim",
                    "UK.OBIE.Signature.Malformed",
                    "UK.OBIE.Signature.Missing",
                    "UK.OBIE.Signature.Unexpected",
                ],
            ),
        ],
        about_signatures: &["UK.OBIE.Signature"],
        revoked: &[],
        codes: &[
            ("UK.OBIE.Field.Expected", &[400]),
            ("UK.OBIE.Field.Invalid", &[400]),
            ("UK.OBIE.Field.InvalidDate", &[400]),
            ("UK.OBIE.Field.Missing", &[400]),
            ("UK.OBIE.Field.Unexpected", &[400]),
            ("UK.OBIE.Header.Invalid", &[400]),
            ("UK.OBIE.Header.Missing", &[400]),
            ("UK.OBIE.Resource.ConsentMismatch", &[400]),
            ("UK.OBIE.Resource.InvalidConsentStatus", &[400]),
            ("UK.OBIE.Resource.InvalidFormat", &[400]),
            ("UK.OBIE.Resource.NotFound", &[400]),
            ("UK.OBIE.Rules.AfterCutOffDateTime", &[400]),
            ("UK.OBIE.Rules.DuplicateReference", &[400]),
            ("UK.OBIE.Rules.FailsControlParameters", &[400]),
            ("UK.OBIE.Signature.Invalid", &[400]),
            ("UK.OBIE.Signature.InvalidClaim", &[400]),
            ("UK.OBIE.Signature.MissingClaim", &[400]),
            ("UK.OBIE.Signature.Malformed", &[400]),
            ("UK.OBIE.Signature.Missing", &[400]),
            ("UK.OBIE.Signature.Unexpected", &[400]),
            ("UK.OBIE.Unsupported.AccountIdentifier", &[400]),
            ("UK.OBIE.Unsupported.AccountSecondaryIdentifier", &[400]),
            ("UK.OBIE.Unsupported.Currency", &[400]),
            ("UK.OBIE.Unsupported.Frequency", &[400]),
            ("UK.OBIE.Unsupported.LocalInstrument", &[400]),
            ("UK.OBIE.Unsupported.Scheme", &[400]),
            ("UK.OBIE.Reauthenticate", &[403]),
            ("UK.OBIE.Rules.ResourceAlreadyExists", &[409]),
            ("UK.OBIE.UnexpectedError", &[500, 501, 502, 503, 504]),
        ],
    },
    consents: &[
        ("AwaitingAuthorisation", Consent::Awaiting),
        ("Authorised", Consent::Authorised),
        ("Rejected", Consent::Rejected),
        ("Consumed", Consent::Consumed),
    ],
    tells_more: false,
    code_length: None,
};

/// 4.0.
pub static V4: Release = Release {
    words: Vocabulary {
        created: CREATED,
        caller: CALLER,
        unknown: &["U011"],
        status: "/Data/Status",
        status_name: "Status",
        stages: &[
            ("RCVD", Stage::Received),
            ("PDNG", Stage::Received),
            ("ACTC", Stage::Accepted),
            ("PATC", Stage::Accepted),
            ("ACCP", Stage::Accepted),
            ("ACFC", Stage::Accepted),
            ("ACWC", Stage::Accepted),
            ("ACSP", Stage::Executed),
            ("ACSC", Stage::Executed),
            ("ACWP", Stage::Executed),
            ("ACCC", Stage::Executed),
            ("RJCT", Stage::Rejected),
            ("BLCK", Stage::Rejected),
        ],
        only_checked: &[],
        authorisations: "/",
        agreed: &["AUTH", "COND"],
        settled: &["ACSC", "ACCC"],
        refusals: &[
            (Refusal::Malformed, &["U002", "U004", "U010"]),
            (Refusal::Amount, &["U002", "AM12", "AM01", "AM09"]),
            (Refusal::PayeeAccount, &["U002", "U021", "AC01", "AC03"]),
            (Refusal::Signature, SIGNATURE_CODES),
        ],
        about_signatures: SIGNATURE_CODES,
        revoked: &[],
        codes: &[
            ("U001", &[400]),
            ("U002", &[400]),
            ("U003", &[400]),
            ("U004", &[400]),
            ("U005", &[400]),
            ("U006", &[400]),
            ("U007", &[400]),
            ("U008", &[400]),
            ("U009", &[400]),
            ("U010", &[400]),
            ("U011", &[400]),
            ("U012", &[400]),
            ("U013", &[400]),
            ("U014", &[400]),
            ("U015", &[400]),
            ("U016", &[400]),
            ("U017", &[400]),
            ("U018", &[400]),
            ("U019", &[400]),
            ("U020", &[400]),
            ("U021", &[400]),
            ("U022", &[400]),
            ("U023", &[400]),
            ("U025", &[400]),
            ("U026", &[400]),
            ("U027", &[400]),
            ("U028", &[403]),
            ("U029", &[409]),
            ("U000", &[500, 501, 502, 503, 504]),
        ],
    },
    consents: &[
        ("AWAU", Consent::Awaiting),
        ("AUTH", Consent::Authorised),
        ("RJCT", Consent::Rejected),
        ("COND", Consent::Consumed),
    ],
    tells_more: true,
    code_length: Some(4),
};

/// The codes by which 4.0 refuses a signature: those of 3.1.11 begin alike, these do not.
const SIGNATURE_CODES: &[&str] = &["U015", "U016", "U017", "U018", "U019", "U020"];

/// Where an error has its code: that of the first thing that is wrong, and that of the whole.
pub(in crate::judge) fn error_codes(json: &Value) -> [&Value; 2] {
    [&json["Errors"][0]["ErrorCode"], &json["Code"]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_a_consent_has_one_name_in_each_release() {
        for release in [&V3, &V4] {
            for state in [Consent::Awaiting, Consent::Authorised, Consent::Rejected, Consent::Consumed] {
                assert_eq!(release.consent(release.called(state)), Some(state));
            }
            assert_eq!(release.consent("ASLEEP"), None);
        }
    }

    #[test]
    fn no_published_refusal_is_without_its_status() {
        for release in [&V3, &V4] {
            let own = |code: &&&str| code.starts_with('U');
            for code in release.words.refusals.iter().flat_map(|(_, codes)| *codes).filter(own) {
                assert!(release.words.codes.iter().any(|(known, _)| known == code), "{code}");
            }
        }
    }
}
