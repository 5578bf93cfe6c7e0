//! What must not be done at a bank: on production no money moves and no page is opened, unless the target file says so
//! twice. A file that was copied for another bank says it once only, for the second time names the issuer.

use super::{Environment, TargetFile};

/// Why money must not move and pages must not be opened; nothing where both may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restraint(Option<String>);

impl Restraint {
    /// As the target file has it.
    pub(super) fn of(file: &TargetFile) -> Self {
        let issuer = file.server.issuer.get_ref();
        let why = match (file.environment, file.allow_payments_on_production, &file.confirm_production) {
            (Environment::Test, _, _) => return Self(None),
            (_, true, Some(again)) if again == issuer => return Self(None),
            (_, true, Some(_)) => format!("`confirm_production` is another address, and not the issuer, \"{issuer}\""),
            (_, true, None) => {
                format!("`confirm_production` is missing: it has to repeat the issuer, \"{issuer}\"")
            }
            (_, false, _) => "`allow_payments_on_production` is not true".to_owned(),
        };
        Self(Some(format!("the target is marked production, and {why}")))
    }

    /// Why payments and pages must not be touched, in words that end a sentence; `None` where they may.
    pub fn objection(&self) -> Option<&str> {
        self.0.as_deref()
    }
}
