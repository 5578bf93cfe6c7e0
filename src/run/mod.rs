//! Selecting, scheduling and carrying out checks; what happens is told as events.

mod again;
pub mod bundled;
mod certificates;
mod collect;
mod declaration;
mod discretion;
mod engine;
pub mod event;
pub mod execute;
pub mod exit;
pub mod journal;
pub mod lint;
pub mod listing;
pub mod lock;
pub mod own;
pub mod plan;
pub mod prove;
mod reach;
pub mod record;
pub mod replay;
mod scene;
mod share;
mod terms;
mod trial;
pub mod verdict;
pub mod vocabulary;
pub mod waiver;
