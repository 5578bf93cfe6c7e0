//! `[psu.consent-hint]`: a sandbox that is told with the authorization request what its customer does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ability, Objection};

/// What the TPP itself has to say there (RFC 6749 4.1.1, RFC 7636 4.3): no hint may stand in its place.
const TAKEN: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

/// How a sandbox is told what its customer does, in one parameter, one header, or both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentHint {
    /// The parameter that is added to the address that the customer is sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The header field that goes along with the request for that address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Its value where the customer agrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approve: Option<String>,
    /// Its value where the customer refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny: Option<String>,
    /// Its value where the customer leaves without a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel: Option<String>,
    /// Its value where the customer cannot be authenticated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistype: Option<String>,
}

impl ConsentHint {
    /// What the sandbox is told for that; `None` where it cannot be told.
    pub fn value(&self, ability: Ability) -> Option<&str> {
        match ability {
            Ability::Approve => self.approve.as_deref(),
            Ability::Deny => self.deny.as_deref(),
            Ability::Cancel => self.cancel.as_deref(),
            Ability::Mistype => self.mistype.as_deref(),
            Ability::MistypeOneTimeCode | Ability::Abandon | Ability::Meddle => None,
        }
    }

    pub(super) fn objection(&self) -> Option<Objection> {
        let is_token = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        };
        let taken = self.parameter.as_deref().filter(|name| TAKEN.contains(name));
        let values = [&self.approve, &self.deny, &self.cancel, &self.mistype];
        let (problem, mend) = match (taken, &self.header) {
            (Some(name), _) => (
                format!("`psu.consent-hint.parameter` is \"{name}\", which is the TPP's own"),
                "name the parameter by which the sandbox is told what its customer does",
            ),
            (None, Some(name)) if !is_token(name) => (
                "`psu.consent-hint.header` is no name of a header field".into(),
                "write it as the sandbox documents it, without the colon",
            ),
            (None, None) if self.parameter.is_none() => (
                "`[psu.consent-hint]` has neither `parameter` nor `header`".into(),
                "name the parameter or the header field by which the sandbox is told",
            ),
            _ if values.iter().all(|value| value.is_none()) => (
                "`[psu.consent-hint]` says nothing to the sandbox".into(),
                "say what its value is where the customer agrees: approve = \"accepted\"",
            ),
            _ if values.iter().copied().flatten().any(|value| value.chars().any(char::is_control)) => (
                "`[psu.consent-hint]` has a value with a control character".into(),
                "write the value on one line, as the sandbox documents it",
            ),
            _ => return None,
        };
        Some((None, problem, mend))
    }
}
