//! QcStatements, the extension that makes a certificate qualified and says what its holder may do under PSD2
//! (RFC 3739 §3.2.6, ETSI EN 319 412-5, ETSI TS 119 495 Annex A). No certificate library knows it, so the codec is here.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use encode::psd2_info;

pub use super::role::Role;

use super::oid::Oid;
use super::{PkiError, oid};

/// The content of a QcStatements extension, in the order in which it is encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct QcStatements(pub Vec<QcStatement>);

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QcStatement {
    /// The certificate is an EU qualified one (EN 319 412-5 §4.2.1).
    Compliance,
    /// What the certificate is for, as object identifiers; see [`QcType`] (EN 319 412-5 §4.2.3).
    Type(Vec<Oid>),
    /// Where the trust service provider discloses its practices (EN 319 412-5 §4.3.4).
    Pds(Vec<PdsLocation>),
    /// Who authorised the holder, and for what (TS 119 495 §5.1).
    Psd2(Psd2Statement),
    /// Any other statement.
    Other {
        /// Its object identifier.
        oid: Oid,
        /// Its information, if there is any, as DER.
        #[serde(serialize_with = "as_hex")]
        info: Option<Vec<u8>>,
    },
}

/// What a qualified certificate is for (EN 319 412-5 §4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QcType {
    /// Signatures of natural persons.
    Esign,
    /// Seals of legal persons: a QSealC.
    Eseal,
    /// Website authentication: a QWAC.
    Web,
}

/// One place of a PKI disclosure statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdsLocation {
    /// Where it is; https only.
    pub url: String,
    /// Its language, two letters (ISO 639-1).
    pub language: String,
}

/// The PSD2 statement (TS 119 495 Annex A, `PSD2QcType`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Psd2Statement {
    /// The roles as they stand in the certificate, right or wrong.
    pub roles: Vec<RoleOfPsp>,
    /// The name of the national competent authority (NCA).
    pub nca_name: String,
    /// The NCA's identifier, `DE-BAFIN` for example (GEN-5.2.3-2).
    pub nca_id: String,
}

/// One role as a certificate spells it: both parts, which need not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleOfPsp {
    /// The object identifier, `0.4.0.19495.1.2` for example.
    pub oid: Oid,
    /// The name, `PSP_PI` for example.
    pub name: String,
}

impl QcStatements {
    /// The extension's value as DER.
    ///
    /// # Errors
    /// A disclosure location whose URL is not ASCII or whose language is not two letters.
    pub fn encode(&self) -> Result<Vec<u8>, PkiError> {
        encode::encode(self)
    }

    /// Reads the extension's value. Only DER is accepted: no other encoding of the same facts, nothing after the end.
    ///
    /// # Errors
    /// Names the statement that is wrong. Never panics, whatever the bytes.
    pub fn decode(der: &[u8]) -> Result<Self, PkiError> {
        decode::decode(der)
    }

    /// The first PSD2 statement, if there is one.
    pub fn psd2(&self) -> Option<&Psd2Statement> {
        self.0.iter().find_map(|statement| match statement {
            QcStatement::Psd2(psd2) => Some(psd2),
            _ => None,
        })
    }

    /// Whether the certificate claims to be an EU qualified one.
    pub fn is_qualified(&self) -> bool {
        self.0.contains(&QcStatement::Compliance)
    }

    /// What the certificate is for: none unless it says exactly one type that is known.
    pub fn qc_type(&self) -> Option<QcType> {
        self.0.iter().find_map(|statement| match statement {
            QcStatement::Type(types) => match types.as_slice() {
                [one] => QcType::from_oid(one),
                _ => None,
            },
            _ => None,
        })
    }
}

impl QcStatement {
    /// The statement's object identifier.
    pub fn arcs(&self) -> &[u64] {
        match self {
            Self::Compliance => oid::QC_COMPLIANCE,
            Self::Type(_) => oid::QC_TYPE,
            Self::Pds(_) => oid::QC_PDS,
            Self::Psd2(_) => oid::QC_PSD2,
            Self::Other { oid, .. } => oid.arcs(),
        }
    }
}

fn as_hex<S: serde::Serializer>(der: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    der.as_deref().map(super::name::hex).serialize(serializer)
}

impl QcType {
    const ALL: [Self; 3] = [Self::Esign, Self::Eseal, Self::Web];

    /// The object identifier's arcs, `0.4.0.1862.1.6.3` for web.
    pub fn arcs(self) -> &'static [u64] {
        match self {
            Self::Esign => &[0, 4, 0, 1862, 1, 6, 1],
            Self::Eseal => &[0, 4, 0, 1862, 1, 6, 2],
            Self::Web => &[0, 4, 0, 1862, 1, 6, 3],
        }
    }

    /// The type that an object identifier stands for, if any.
    pub fn from_oid(oid: &Oid) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| oid == kind.arcs())
    }
}

impl RoleOfPsp {
    /// The role, if name and object identifier agree (REG-5.2.2-5).
    pub fn role(&self) -> Option<Role> {
        Role::from_oid(&self.oid).filter(|role| role.name() == self.name)
    }

    /// Name and object identifier are those of two roles, or one of them is that of no role.
    pub fn is_of_two_roles(&self) -> bool {
        let by_name = Role::ALL.into_iter().find(|known| known.name() == self.name);
        Role::from_oid(&self.oid) != by_name && !self.is_unspecified()
    }

    /// It stands for no role in particular (GEN-5.2.2-3A).
    pub fn is_unspecified(&self) -> bool {
        self.oid == *oid::ROLE_UNSPECIFIED
    }
}

impl TryFrom<Role> for RoleOfPsp {
    type Error = PkiError;

    fn try_from(role: Role) -> Result<Self, PkiError> {
        Ok(Self { oid: Oid::try_from(role.arcs())?, name: role.name().to_owned() })
    }
}

impl Psd2Statement {
    /// The roles whose name and object identifier agree. A bank grants these and no others.
    pub fn known_roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(RoleOfPsp::role).collect()
    }
}
