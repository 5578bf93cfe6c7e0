//! The one way out of a reason: what a verdict says of a bank is without secrets, whoever wrote it.

use std::sync::Arc;

use super::{
    event::{CheckResult, Event, Variant},
    execute::Listener,
};
use crate::evidence::recorder::Recorder;

/// The same listener, which is told no secret that the recorder knows.
pub(super) fn discreet(listener: Listener, recorder: &Arc<Recorder>) -> Listener {
    let recorder = recorder.clone();
    Arc::new(move |event: &Event| match event {
        Event::CheckFinished(result) => {
            listener(&Event::CheckFinished(Box::new(redacted(CheckResult::clone(result), &recorder))));
        }
        other => listener(other),
    })
}

fn redacted(mut result: CheckResult, recorder: &Recorder) -> CheckResult {
    let own = [&mut result.reason, &mut result.expected, &mut result.actual];
    let of_rows =
        result.variants.iter_mut().flat_map(|Variant { reason, expected, actual, .. }| [reason, expected, actual]);
    let flaky = result.flaky.as_mut();
    for told in own.into_iter().chain(of_rows).chain(flaky).filter(|told| !told.is_empty()) {
        *told = recorder.redact(told);
    }
    result
}
