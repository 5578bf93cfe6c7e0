//! OAuth as a TPP speaks it, every parameter open to mischief.

pub mod assertion;
pub mod authorization;
pub mod client_authentication;
pub mod form;
pub mod jwt;
pub mod par;
pub mod pkce;
pub mod token;
