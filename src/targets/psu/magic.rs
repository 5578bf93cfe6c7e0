//! `[psu.magic-user]`: a sandbox where it depends on who logs in what happens.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ability, Psu};
use crate::targets::Secret;

/// Who logs in for which outcome. Whoever is not named is the ordinary customer of `[psu]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MagicUser {
    /// Whose payments are approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approve: Option<Login>,
    /// Whose payments are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deny: Option<Login>,
    /// Who leaves without a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel: Option<Login>,
    /// Who cannot be authenticated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistype: Option<Login>,
}

/// What such a user types where it is something else than the ordinary customer does.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Form fields by name and what is typed there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The same for fields whose value is secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, Secret>,
}

impl MagicUser {
    /// Who logs in for that; `None` where it is the ordinary customer.
    pub fn login(&self, ability: Ability) -> Option<&Login> {
        match ability {
            Ability::Deny => self.deny.as_ref(),
            Ability::Cancel => self.cancel.as_ref(),
            Ability::Mistype => self.mistype.as_ref(),
            Ability::Approve | Ability::MistypeOneTimeCode | Ability::Abandon => self.approve.as_ref(),
            Ability::Meddle => None,
        }
    }

    /// Everybody who is named, by what they do.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &Login)> {
        let all =
            [("approve", &self.approve), ("deny", &self.deny), ("cancel", &self.cancel), ("mistype", &self.mistype)];
        all.into_iter().filter_map(|(name, login)| Some((name, login.as_ref()?)))
    }

    pub(super) fn secrets_mut(&mut self) -> impl Iterator<Item = (String, &mut Secret)> {
        let all = [
            ("approve", &mut self.approve),
            ("deny", &mut self.deny),
            ("cancel", &mut self.cancel),
            ("mistype", &mut self.mistype),
        ];
        all.into_iter().filter_map(|(name, login)| Some((name, login.as_mut()?))).flat_map(|(name, login)| {
            let key = move |field: &String| format!("psu.magic-user.{name}.secrets.{field}");
            login.secrets.iter_mut().map(move |(field, secret)| (key(field), secret))
        })
    }

    /// Such a user is named, or the ordinary one can do it at the same pages.
    pub(super) fn can(&self, ability: Ability, psu: &Psu) -> bool {
        match ability {
            // To walk away from the decision one has to know it by its button.
            Ability::Abandon => !psu.buttons.approve.is_empty(),
            // What such a sandbox does is known by the user, and not by what is sent.
            Ability::Meddle => false,
            _ => self.login(ability).is_some() || psu.pages_allow(ability),
        }
    }
}

impl Psu {
    /// The customer who logs in otherwise.
    pub fn logging_in_as(&self, login: &Login) -> Self {
        let mut other = self.clone();
        other.fields.extend(login.fields.clone());
        other.secrets.extend(login.secrets.clone());
        other
    }
}
