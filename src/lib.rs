//! Bankproof plays a licensed third party (a TPP) against a bank's PSD2 interface, judges what the bank does, and
//! writes a report that a bank, a TPP and an auditor can all use. `ARCHITECTURE.md` is the plan of the house.

pub mod bank;
pub mod catalogue;
pub mod cli;
pub mod doctor;
pub mod evidence;
pub mod judge;
pub mod pki;
pub mod report;
pub mod run;
pub mod steps;
pub mod targets;
pub mod tpp;
