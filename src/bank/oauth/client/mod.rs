//! Who a client is: how it says so, and what is made of it.

pub(in crate::bank) mod assertion;
pub(in crate::bank) mod authentication;
pub(in crate::bank) mod method;
pub(in crate::bank) mod request;
pub(in crate::bank) mod secret;
