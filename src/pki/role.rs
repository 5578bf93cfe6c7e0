//! The roles for which a payment service provider is authorised (TS 119 495 §5.2.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::PkiError;
use super::oid::Oid;

/// A PSD2 role. Its name and its object identifier must agree in a certificate (TS 119 495 GEN-5.2.2-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Account servicing: a bank.
    #[serde(rename = "PSP_AS")]
    PspAs,
    /// Payment initiation.
    #[serde(rename = "PSP_PI")]
    PspPi,
    /// Account information.
    #[serde(rename = "PSP_AI")]
    PspAi,
    /// Issuing of card-based payment instruments.
    #[serde(rename = "PSP_IC")]
    PspIc,
}

impl Role {
    /// Every role of TS 119 495, in the order of their object identifiers.
    pub const ALL: [Self; 4] = [Self::PspAs, Self::PspPi, Self::PspAi, Self::PspIc];

    /// The name as certificates spell it, `PSP_PI` for example.
    pub fn name(self) -> &'static str {
        match self {
            Self::PspAs => "PSP_AS",
            Self::PspPi => "PSP_PI",
            Self::PspAi => "PSP_AI",
            Self::PspIc => "PSP_IC",
        }
    }

    /// The object identifier's arcs, `0.4.0.19495.1.2` for PSP_PI.
    pub fn arcs(self) -> &'static [u64] {
        match self {
            Self::PspAs => &[0, 4, 0, 19495, 1, 1],
            Self::PspPi => &[0, 4, 0, 19495, 1, 2],
            Self::PspAi => &[0, 4, 0, 19495, 1, 3],
            Self::PspIc => &[0, 4, 0, 19495, 1, 4],
        }
    }

    /// The role that an object identifier stands for, if any.
    pub fn from_oid(oid: &Oid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| oid == role.arcs())
    }

    /// What the role allows its holder to do, in plain words.
    pub fn allows(self) -> &'static str {
        match self {
            Self::PspAs => "keep payment accounts, as a bank does",
            Self::PspPi => "initiate payments from accounts at other banks",
            Self::PspAi => "read accounts at other banks",
            Self::PspIc => "issue cards on accounts at other banks and ask whether funds are available",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = PkiError;

    fn from_str(name: &str) -> Result<Self, PkiError> {
        PkiError::lookup("role", name, &Self::ALL.map(|role| (role.name(), role)))
    }
}
