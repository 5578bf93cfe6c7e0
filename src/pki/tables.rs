//! Roles and competent authorities as data: `certs/roles.toml` and `certs/authorities.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::PkiError;
use super::oid::Oid;
use super::qc::RoleOfPsp;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    role: Vec<RoleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleRow {
    name: String,
    oid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorities {
    authority: Vec<CompetentAuthority>,
}

/// A national competent authority, which authorises TPPs (EBA list; TS 119 495 GEN-5.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetentAuthority {
    /// `DE-BAFIN`.
    pub id: String,
    /// The name in certificates.
    pub name: String,
    /// An identifier of earlier lists that older certificates bear.
    pub former: Option<String>,
}

static ROLES: LazyLock<Vec<RoleOfPsp>> = LazyLock::new(|| {
    let rows = toml::from_str::<Roles>(include_str!("../../certs/roles.toml")).map(|table| table.role);
    let role = |row: RoleRow| Some(RoleOfPsp { oid: row.oid.parse::<Oid>().ok()?, name: row.name });
    rows.unwrap_or_default().into_iter().filter_map(role).collect()
});

static AUTHORITIES: LazyLock<Vec<CompetentAuthority>> = LazyLock::new(|| {
    let table = toml::from_str::<Authorities>(include_str!("../../certs/authorities.toml"));
    table.map(|table| table.authority).unwrap_or_default()
});

/// The role of that name.
///
/// # Errors
/// Names those that there are.
pub(super) fn role(name: &str) -> Result<RoleOfPsp, PkiError> {
    let found = ROLES.iter().find(|role| role.name == name).cloned();
    found.ok_or_else(|| PkiError::unknown("role", name, ROLES.iter().map(|role| role.name.as_str())))
}

/// Every competent authority that is known.
pub(super) fn authorities() -> &'static [CompetentAuthority] {
    &AUTHORITIES
}

/// The competent authority of that identifier.
///
/// # Errors
/// Names those that come nearest.
pub fn competent_authority(id: &str) -> Result<&'static CompetentAuthority, PkiError> {
    let found = AUTHORITIES.iter().find(|authority| authority.id == id);
    found.ok_or_else(|| {
        PkiError::unknown("competent authority", id, AUTHORITIES.iter().map(|authority| authority.id.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Role;

    #[test]
    fn the_tables_can_be_read_and_agree_with_the_roles_that_the_code_knows() {
        assert!(AUTHORITIES.len() >= 31 && ROLES.len() >= 5);
        for known in Role::ALL {
            assert_eq!(role(known.name()).unwrap(), RoleOfPsp::try_from(known).unwrap());
        }
        let rows = include_str!("../../certs/roles.toml").matches("[[role]]").count();
        assert_eq!(rows, ROLES.len(), "a role has an identifier that is none");
    }

    #[test]
    fn an_authority_has_an_identifier_of_the_right_form() {
        for CompetentAuthority { id, former, .. } in AUTHORITIES.iter() {
            for id in std::iter::once(id).chain(former) {
                assert_eq!(
                    format!("PSD{id}-1").parse::<crate::pki::OrganizationIdentifier>().unwrap().nca_id().as_ref(),
                    Some(id)
                );
            }
        }
        assert!(competent_authority("DE-BAFINN").unwrap_err().to_string().contains("\"DE-BAFIN\""));
    }
}
