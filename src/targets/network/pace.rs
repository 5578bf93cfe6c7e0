//! How fast a bank is asked: so many requests a second, so many at a time. A crate for it would bring ten others along,
//! for these few lines.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep_until,
};

/// The pace of everybody who asks one bank.
#[derive(Debug, Default)]
pub struct Pace {
    beat: Option<Beat>,
    at_a_time: Option<Arc<Semaphore>>,
}

/// The turn of one request: held until its answer is there.
#[derive(Debug)]
pub struct Turn(#[allow(dead_code, reason = "giving it back is all that it is for")] Option<OwnedSemaphorePermit>);

#[derive(Debug)]
struct Beat {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl Beat {
    /// When a request may be sent that wants to be sent now.
    fn book(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let at = next.map_or(now, |next| next.max(now));
        *next = Some(at + self.interval);
        at
    }
}

impl Pace {
    /// Without a limit where there is none.
    pub(super) fn new(requests_per_second: Option<f64>, at_a_time: Option<u16>) -> Self {
        let beat = |rate: f64| Beat { interval: Duration::from_secs_f64(1.0 / rate), next: Mutex::new(None) };
        let at_a_time = at_a_time.map(|count| Arc::new(Semaphore::new(count.into())));
        Self { beat: requests_per_second.map(beat), at_a_time }
    }

    /// Waits until it is this request's turn.
    pub async fn turn(&self) -> Turn {
        let permit = match &self.at_a_time {
            // It is never closed.
            Some(semaphore) => semaphore.clone().acquire_owned().await.ok(),
            None => None,
        };
        if let Some(beat) = &self.beat {
            sleep_until(beat.book(Instant::now()).into()).await;
        }
        Turn(permit)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn requests_are_spread_over_time() {
        let pace = Pace::new(Some(4.0), None);
        let (beat, now) = (pace.beat.unwrap(), Instant::now());
        let after = |milliseconds| now + Duration::from_millis(milliseconds);
        let booked: Vec<_> = (0..4).map(|_| beat.book(now)).collect();
        assert_eq!(booked, [0, 250, 500, 750].map(after));
        assert_eq!(beat.book(after(9_000)), after(9_000), "a pause is no credit");
        assert_eq!(beat.book(after(9_000)), after(9_250));
    }

    #[test]
    fn so_many_at_a_time() {
        let pace = Pace::new(None, Some(2));
        let (first, _second) = (pace.turn().now_or_never().unwrap(), pace.turn().now_or_never().unwrap());
        assert!(pace.turn().now_or_never().is_none());
        drop(first);
        assert!(pace.turn().now_or_never().is_some());
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let pace = Pace::default();
        assert!((0..100).all(|_| pace.turn().now_or_never().is_some()));
    }
}
