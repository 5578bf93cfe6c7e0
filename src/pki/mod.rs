//! Certificates: the test PKI that is issued for each run, bad certificates on purpose, QcStatements, and reading what
//! a bank or a TPP presents. Profiles follow ETSI EN 319 412 and TS 119 495; the recipes are in `certs/profiles`.

mod authority;
mod defect;
mod error;
pub mod file;
pub mod inspect;
mod name;
pub mod oid;
mod organization_identifier;
mod params;
pub mod qc;
mod recipe;
mod role;
mod test_pki;
mod write;

pub use authority::{Authority, Issued};
pub use defect::Defect;
pub use error::PkiError;
pub use organization_identifier::OrganizationIdentifier;
pub use recipe::Recipe;
pub use role::Role;
pub use test_pki::{TestPki, TestTpp};
