//! What the examinations look at.

use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;
use tokio::sync::OnceCell;

use crate::{
    evidence::{exchange::Exchange, recorder::Recorder},
    target::Target,
    tpp::{Trouble, kept, session::Session},
};

/// One target under examination.
pub struct Case {
    /// The bank, as the file describes it.
    pub(super) target: Arc<Target>,
    /// Keeps what was sent and what came back.
    pub(super) recorder: Arc<Recorder>,
    /// When the examination began.
    pub(super) now: OffsetDateTime,
    session: OnceCell<Result<Arc<Session>, Trouble>>,
    /// The hosts that were reached, and whose TLS was looked at.
    seen: Mutex<Vec<String>>,
}

impl Case {
    /// A target to which no way has been opened yet.
    pub(super) fn new(target: Arc<Target>, recorder: Arc<Recorder>) -> Self {
        kept::keep_secret(&target, &recorder);
        let now = OffsetDateTime::now_utc();
        Self { target, recorder, now, session: OnceCell::new(), seen: Mutex::default() }
    }

    /// A target to which a run has opened its way, or could not.
    pub(super) fn opened(target: Arc<Target>, recorder: Arc<Recorder>, session: Result<Arc<Session>, Trouble>) -> Self {
        Self { session: OnceCell::new_with(Some(session)), ..Self::new(target, recorder) }
    }

    /// The way to the bank, opened once.
    pub(super) async fn session(&self) -> Result<Arc<Session>, Trouble> {
        let open = || async { Session::open(self.target.clone(), self.recorder.clone()).await.map(Arc::new) };
        self.session.get_or_init(open).await.clone()
    }

    /// What has been asked and answered so far.
    pub(super) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.recorder.exchanges()
    }

    /// Whether that host and port is met for the first time.
    pub(super) fn is_new(&self, authority: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !seen.iter().any(|known| known == authority);
        if is_new {
            seen.push(authority.to_owned());
        }
        is_new
    }
}
