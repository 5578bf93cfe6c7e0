//! Certificates that a bank must refuse, one way of being bad each.

use std::fmt;
use std::str::FromStr;

use super::PkiError;

/// What is wrong with a certificate, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Defect {
    /// Issued by a CA that bears the names of ours, but has other keys.
    UnknownCa,
    /// Signed with its own key.
    SelfSigned,
    /// Ended yesterday.
    Expired,
    /// Begins in 30 days.
    NotYetValid,
    /// Its QcStatements say nothing of PSD2.
    NoPsd2Statement,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Self; 5] =
        [Self::UnknownCa, Self::SelfSigned, Self::Expired, Self::NotYetValid, Self::NoPsd2Statement];

    /// The name on the command line and in file names, `unknown-ca` for example.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownCa => "unknown-ca",
            Self::SelfSigned => "self-signed",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::NoPsd2Statement => "no-psd2-statement",
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Defect {
    type Err = PkiError;

    fn from_str(name: &str) -> Result<Self, PkiError> {
        PkiError::lookup("defect", name, &Self::ALL.map(|defect| (defect.name(), defect)))
    }
}
