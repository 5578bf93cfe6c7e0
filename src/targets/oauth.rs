//! What authorization requests hold at this bank: the `[oauth]` table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dialect::USUAL_SCOPE;

/// The whole table.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// The scope of one payment, with `{payment_id}` where its id belongs; default `PIS:{payment_id}`.
    #[serde(default = "usual_scope")]
    pub scope: String,
    /// Scopes to ask for beside that of the payment or resource, such as `openid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra_scopes: Vec<String>,
    /// Parameters of every authorization request beyond the usual ones, such as `acr_values`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_parameters: BTreeMap<String, String>,
}

fn usual_scope() -> String {
    USUAL_SCOPE.into()
}

impl Default for OAuth {
    fn default() -> Self {
        Self { scope: usual_scope(), extra_scopes: Vec::new(), extra_parameters: BTreeMap::new() }
    }
}

impl OAuth {
    /// The scope that stands for a payment.
    pub fn scope_of(&self, payment_id: &str) -> String {
        self.scope.replace("{payment_id}", payment_id)
    }

    /// A scope with those that belong to every request.
    pub fn whole_scope(&self, scope: &str) -> String {
        self.extra_scopes.iter().map(String::as_str).chain([scope]).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_what_the_bank_calls_them() {
        let own = |text: &str| toml::from_str::<OAuth>(text).unwrap();
        assert_eq!(OAuth::default().scope_of("a1"), "PIS:a1");
        assert_eq!(own("scope = \"payment:{payment_id}\"").scope_of("a1"), "payment:a1");
        assert_eq!(own("scope = \"payments\"").scope_of("a1"), "payments");
        assert_eq!(own("extra_scopes = [\"openid\"]").whole_scope("PIS:a1"), "openid PIS:a1");
    }
}
