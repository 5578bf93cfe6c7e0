//! OAuth as a TPP speaks it, every parameter open to mischief.

pub mod authorization;
pub mod jwt;
pub mod pkce;
pub mod token;
