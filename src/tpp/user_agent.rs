//! What every request says of its sender, so that whoever runs the bank finds in its logs what a run has asked.

use crate::evidence::recorder::Recorder;

/// The value of `User-Agent`: the version, and the run where there is one.
pub(super) fn of(recorder: &Recorder) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match recorder.run_id() {
        Some(run) => format!("bankproof/{version} (run {run})"),
        None => format!("bankproof/{version}"),
    }
}
