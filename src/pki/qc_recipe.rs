//! The QcStatements of a recipe, and how they can be bent.

use serde::Deserialize;
use yasna::Tag;
use yasna::models::ObjectIdentifier;

use super::PkiError;
use super::oid::{self, Oid};
use super::qc::{PdsLocation, Psd2Statement, QcStatement, QcStatements, QcType};
use super::tables;

/// QcSSCD: the key is in a qualified device (EN 319 412-5 §4.2.2).
const QC_SSCD: &[u64] = &[0, 4, 0, 1862, 1, 4];
/// QcRetentionPeriod: for how many years records are kept (EN 319 412-5 §4.3.3).
const QC_RETENTION_PERIOD: &[u64] = &[0, 4, 0, 1862, 1, 3];
/// SemanticsInformation: what the identifiers in the subject mean (RFC 3739 §3.2.6.1).
const QC_SYNTAX_V2: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 11, 2];
/// They are a legal person's (EN 319 412-1 §5.1.4).
const SEMANTICS_LEGAL: &[u64] = &[0, 4, 0, 194121, 1, 2];

/// The QcStatements of a recipe (EN 319 412-5).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QcRecipe {
    /// QcCompliance: it is an EU qualified certificate.
    #[serde(default = "yes")]
    pub(super) compliance: bool,
    #[serde(rename = "type")]
    pub(super) kind: Option<QcType>,
    /// QcSSCD: the key is in a qualified device; never in a QWAC.
    #[serde(default)]
    pub(super) qscd: bool,
    /// QcRetentionPeriod, in years.
    pub(super) retention_years: Option<u8>,
    #[serde(default)]
    pub(super) pds: Vec<PdsLocation>,
    pub(super) semantics: Option<Semantics>,
    pub(super) psd2: Option<Psd2Recipe>,
    /// What no honest authority does.
    #[serde(skip)]
    pub(super) bent: Bent,
}

/// SemanticsInformation for a legal person.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Semantics {
    /// Whose register a national scheme such as `SI:` means (EN 319 412-3 LEG-5.1.4-05).
    #[serde(default)]
    pub(super) name_registration_authorities: Vec<String>,
}

/// The PSD2 statement of a recipe (TS 119 495 Annex A).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Psd2Recipe {
    /// Names of `certs/roles.toml`.
    pub(super) roles: Vec<String>,
    /// Where it is left out: the name that `certs/authorities.toml` has for the identifier.
    pub(super) nca_name: Option<String>,
    pub(super) nca_id: String,
}

impl Default for Psd2Recipe {
    fn default() -> Self {
        Self { roles: Vec::new(), nca_name: None, nca_id: "DE-BAFIN".to_owned() }
    }
}

/// What no honest authority does to QcStatements.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bent {
    /// The extension is marked critical.
    pub(super) critical: bool,
    /// The extension is there twice.
    pub(super) extension_twice: bool,
    /// The PSD2 statement comes first.
    pub(super) psd2_first: bool,
    /// The information of the PSD2 statement, as DER or as what passes for it.
    pub(super) psd2_info: Option<Vec<u8>>,
    /// The PSD2 statement has no information.
    pub(super) psd2_bare: bool,
    /// Statements at the end.
    pub(super) more: Vec<QcStatement>,
}

fn yes() -> bool {
    true
}

impl Psd2Recipe {
    /// The statement that it describes.
    pub(super) fn statement(&self) -> Result<Psd2Statement, PkiError> {
        let nca_name = match &self.nca_name {
            Some(name) => name.clone(),
            None => tables::competent_authority(&self.nca_id)?.name.clone(),
        };
        let roles = self.roles.iter().map(|name| tables::role(name)).collect::<Result<_, _>>()?;
        Ok(Psd2Statement { roles, nca_name, nca_id: self.nca_id.clone() })
    }
}

impl QcRecipe {
    /// The statements that it describes, in the order in which they are written.
    pub(super) fn statements(&self) -> Result<QcStatements, PkiError> {
        let mut statements = Vec::new();
        if self.compliance {
            statements.push(QcStatement::Compliance);
        }
        if let Some(kind) = self.kind {
            statements.push(QcStatement::Type(vec![Oid::try_from(kind.arcs())?]));
        }
        if self.qscd {
            statements.push(other(QC_SSCD, None)?);
        }
        if let Some(years) = self.retention_years {
            statements.push(other(QC_RETENTION_PERIOD, Some(yasna::construct_der(|writer| writer.write_u8(years))))?);
        }
        if !self.pds.is_empty() {
            statements.push(QcStatement::Pds(self.pds.clone()));
        }
        if let Some(semantics) = &self.semantics {
            statements.push(other(QC_SYNTAX_V2, Some(semantics.encode()?))?);
        }
        if let Some(psd2) = self.psd2_statement()? {
            let at = if self.bent.psd2_first { 0 } else { statements.len() };
            statements.insert(at, psd2);
        }
        statements.extend(self.bent.more.iter().cloned());
        Ok(QcStatements(statements))
    }

    fn psd2_statement(&self) -> Result<Option<QcStatement>, PkiError> {
        Ok(match (&self.bent, &self.psd2) {
            (_, None) => None,
            (Bent { psd2_bare: true, .. }, _) => Some(other(oid::QC_PSD2, None)?),
            (Bent { psd2_info: Some(info), .. }, _) => Some(other(oid::QC_PSD2, Some(info.clone()))?),
            (_, Some(psd2)) => Some(QcStatement::Psd2(psd2.statement()?)),
        })
    }
}

/// A statement by its identifier and its information in DER.
pub(super) fn other(arcs: &[u64], info: Option<Vec<u8>>) -> Result<QcStatement, PkiError> {
    Ok(QcStatement::Other { oid: Oid::try_from(arcs)?, info })
}

impl Semantics {
    fn encode(&self) -> Result<Vec<u8>, PkiError> {
        if let Some(url) = self.name_registration_authorities.iter().find(|url| !url.is_ascii()) {
            let reason = format!("semantics: the URL \"{url}\" is not ASCII; write it percent-encoded");
            return Err(PkiError::BadRecipe { reason });
        }
        Ok(yasna::construct_der(|writer| {
            writer.write_sequence(|parts| {
                parts.next().write_oid(&ObjectIdentifier::from_slice(SEMANTICS_LEGAL));
                if !self.name_registration_authorities.is_empty() {
                    parts.next().write_sequence(|names| {
                        for url in &self.name_registration_authorities {
                            // GeneralName: uniformResourceIdentifier [6]
                            names.next().write_tagged_implicit(Tag::context(6), |name| name.write_ia5_string(url));
                        }
                    });
                }
            });
        }))
    }
}
