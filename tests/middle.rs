//! The bundled bank behind a man in the middle that bends one thing, after what people reported of other banks: each is
//! accused of what it does, and of nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "middle/bent_bank.rs"]
mod bent_bank;
#[path = "middle/man.rs"]
mod man;

#[path = "middle/answers.rs"]
mod answers;
#[path = "middle/keys.rs"]
mod keys;
#[path = "middle/landing.rs"]
mod landing;
#[path = "middle/lies.rs"]
mod lies;
#[path = "middle/told.rs"]
mod told;
