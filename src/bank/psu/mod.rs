//! The customer at the bank: its pages, its session, its device.

pub(super) mod device;
pub(super) mod pages;
pub(super) mod session;
