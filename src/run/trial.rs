//! One bank of the proof: started afresh, judged by some checks, and stopped; and many of them side by side.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use super::{
    bundled,
    event::{Event, Verdict},
    execute::{Order, execute},
    plan::Selection,
    prove::ProofError,
    waiver::Waivers,
};
use crate::{bank::Settings, catalogue::Catalogue, targets};

/// Futures of scenarios, steps and walks lie in one another, and each is moved as a whole where nothing is optimised: in octets.
const STACK: usize = 8 << 20;

/// How many scenarios of one bank run at a time.
const JOBS: usize = 8;

/// What each check came to, by its id.
pub(super) type Verdicts = BTreeMap<String, Verdict>;

/// What came of one bank.
pub(super) struct Trial {
    pub(super) verdicts: Verdicts,
    /// The checks that do not hold and yet show, as controls, that the bank accepts.
    pub(super) served: BTreeSet<String>,
    /// The faults and habits that the bank was asked for.
    pub(super) asked: BTreeSet<String>,
}

/// Where banks are tried.
pub(super) struct Court<'a> {
    /// Where their target files are.
    pub(super) folder: &'a Path,
    /// Set to stop: what has not begun does not begin.
    pub(super) stop: &'a Arc<AtomicBool>,
    /// How many at a time.
    pub(super) threads: usize,
}

impl Court<'_> {
    /// Starts such a bank on this thread, with a runtime of its own, and lets these checks judge it.
    pub(super) fn judge(&self, name: &str, settings: Settings, checks: Arc<Catalogue>) -> Result<Trial, ProofError> {
        fn of(name: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ProofError {
            ProofError::Bank { bank: name.to_owned(), source: source.into() }
        }
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| of(name, error))?;
        let faults = settings.faults.clone();
        runtime.block_on(async {
            let (bank, pki) = bundled::start(settings).await.map_err(|error| of(name, error))?;
            let path = self.folder.join(format!("{name}.toml"));
            bundled::write_target(&path, &bank, &pki, &faults).map_err(|error| of(name, error))?;
            let target = targets::load(&path).map_err(|error| of(name, error))?;
            let came: Arc<Mutex<(Verdicts, BTreeSet<String>)>> = Arc::default();
            let heard = came.clone();
            let order = Order {
                target: Arc::new(target),
                catalogue: checks,
                selection: Selection::default(),
                waivers: Waivers::default(),
                jobs: JOBS,
                slow: false,
                min_share: 0,
                resumed: None,
                stop: self.stop.clone(),
                run_id: String::new(),
            };
            let listener = Arc::new(move |event: &Event| {
                if let Event::CheckFinished(result) = event {
                    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                    heard.0.insert(result.id.clone(), result.verdict);
                    heard.1.extend(result.served.then(|| result.id.clone()));
                }
            });
            execute(order, listener).await.map_err(|error| of(name, error))?;
            let asked = bank.asked();
            bank.stop().await;
            let (verdicts, served) = std::mem::take(&mut *came.lock().unwrap_or_else(PoisonError::into_inner));
            Ok(Trial { verdicts, served, asked })
        })
    }

    /// Does the work of each of these, and gives what came of it in their order.
    pub(super) fn side_by_side<I: Sync, O: Send>(
        &self,
        items: &[I],
        work: impl Fn(&I) -> Result<O, ProofError> + Sync,
    ) -> Result<Vec<O>, ProofError> {
        let is_stopped = || self.stop.load(Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        let done: Mutex<BTreeMap<usize, Result<O, ProofError>>> = Mutex::default();
        // The engine swaps the process's panic hook in each run: kept once, outside of all of them, and silent meanwhile,
        // for what runs side by side would put it back while another still fails its steps.
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let worker = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index).filter(|_| !is_stopped()) else { break };
                let outcome = work(item);
                done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, outcome);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let thread = std::thread::Builder::new().stack_size(STACK);
                // Where there is no other thread, this one does it.
                if thread.spawn_scoped(scope, worker).is_err() {
                    worker();
                }
            }
        });
        std::panic::set_hook(hook);
        if is_stopped() {
            return Err(ProofError::Stopped);
        }
        done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }
}
