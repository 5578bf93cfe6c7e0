//! Certificates: the test PKI that is issued for each run, bad certificates on purpose, QcStatements, and reading what
//! a bank or a TPP presents. Profiles follow ETSI EN 319 412 and TS 119 495; the recipes are in `certs/profiles`.

mod authority;
mod deviation;
mod error;
pub mod file;
pub mod inspect;
mod key_kind;
mod kind;
pub mod lint;
mod name;
mod nearest;
pub mod oid;
mod organization_identifier;
mod p521;
mod params;
pub mod qc;
mod qc_recipe;
mod recipe;
mod request;
mod role;
mod rsa;
mod scratch;
mod sign_anew;
mod statements;
pub mod status;
mod subject;
mod tables;
mod test_pki;
mod write;

pub use authority::{Authority, Issued, can_issue_with};
pub use deviation::{Defect, NearMiss};
pub use error::PkiError;
pub use key_kind::{KeyKind, PrivateKeyKind};
pub use kind::Kind;
pub use nearest::{distance, nearest, nearest_phrases};
pub use organization_identifier::OrganizationIdentifier;
pub use p521::verified_signatures;
pub use recipe::Recipe;
pub use role::Role;
pub use scratch::{Scratch, remove_all as remove_scratch};
pub use tables::{CompetentAuthority, competent_authority};
pub use test_pki::{TestPki, TestTpp};
pub use write::{AUTHORITY_FILES, Format, make_folder, write_authorities, write_private};
