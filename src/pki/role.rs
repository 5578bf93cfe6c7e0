//! The roles for which a payment service provider is authorised (TS 119 495 §5.2.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::PkiError;
use super::oid::Oid;

/// A role that TS 119 495 V1.8.1 knows: those of PSD2, and those of the verification of payees. Its name and its object
/// identifier must agree in a certificate (REG-5.2.2-5).
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
    /// An international central bank; no competent authority authorises it.
    #[serde(rename = "PSP_CB")]
    PspCb,
    /// An international public authority; no competent authority authorises it.
    #[serde(rename = "PSP_PA")]
    PspPa,
    /// Verification of payees, the service that requests it.
    #[serde(rename = "VOP_RS")]
    VopRs,
    /// Verification of payees, the service that verifies.
    #[serde(rename = "VOP_VS")]
    VopVs,
}

impl Role {
    /// Every role of TS 119 495, in the order of their object identifiers.
    pub const ALL: [Self; 8] =
        [Self::PspAs, Self::PspPi, Self::PspAi, Self::PspIc, Self::PspCb, Self::PspPa, Self::VopRs, Self::VopVs];

    /// The name as certificates spell it, `PSP_PI` for example.
    pub fn name(self) -> &'static str {
        match self {
            Self::PspAs => "PSP_AS",
            Self::PspPi => "PSP_PI",
            Self::PspAi => "PSP_AI",
            Self::PspIc => "PSP_IC",
            Self::PspCb => "PSP_CB",
            Self::PspPa => "PSP_PA",
            Self::VopRs => "VOP_RS",
            Self::VopVs => "VOP_VS",
        }
    }

    /// The object identifier's arcs, `0.4.0.19495.1.2` for PSP_PI.
    pub fn arcs(self) -> &'static [u64] {
        match self {
            Self::PspAs => &[0, 4, 0, 19495, 1, 1],
            Self::PspPi => &[0, 4, 0, 19495, 1, 2],
            Self::PspAi => &[0, 4, 0, 19495, 1, 3],
            Self::PspIc => &[0, 4, 0, 19495, 1, 4],
            Self::PspCb => &[0, 4, 0, 19495, 1, 5],
            Self::PspPa => &[0, 4, 0, 19495, 1, 6],
            Self::VopRs => &[0, 4, 0, 19495, 1, 51],
            Self::VopVs => &[0, 4, 0, 19495, 1, 52],
        }
    }

    /// The role that an object identifier stands for, if any.
    pub fn from_oid(oid: &Oid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| oid == role.arcs())
    }

    /// Of the four roles that PSD2 began with, which every bank knows.
    pub fn is_of_the_first(self) -> bool {
        matches!(self, Self::PspAs | Self::PspPi | Self::PspAi | Self::PspIc)
    }

    /// What the role allows its holder to do, in plain words.
    pub fn allows(self) -> &'static str {
        match self {
            Self::PspAs => "keep payment accounts, as a bank does",
            Self::PspPi => "initiate payments from accounts at other banks",
            Self::PspAi => "read accounts at other banks",
            Self::PspIc => "issue cards on accounts at other banks and ask whether funds are available",
            Self::PspCb => "act as an international central bank, which no competent authority authorises",
            Self::PspPa => "act as an international public authority, which no competent authority authorises",
            Self::VopRs => "ask whether a payee's name and account belong together (verification of payee, VOP_RS)",
            Self::VopVs => "tell whether a payee's name and account belong together (verification of payee, VOP_VS)",
        }
    }

    /// Its holder is authorised by no competent authority: NCAName and NCAId are "NA" (GEN-5.2.3-1A, GEN-5.2.3-5).
    pub fn is_international(self) -> bool {
        matches!(self, Self::PspCb | Self::PspPa)
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
