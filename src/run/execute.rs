//! A run from preflight to its last event.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use time::OffsetDateTime;

use super::{
    again::{self, Again, Seen},
    certificates::{self, RunCertificates},
    collect::{self, Collector},
    discretion,
    engine::{self, Done, Job, Progress},
    event::{CertificateInfo, CheckInfo, Event, IdentityInfo, JOURNAL, Role, RunInfo, TargetInfo, Verdict},
    plan::{BadTags, Planned, Selection},
    record::Recorded,
    waiver::Waivers,
};
use crate::{
    catalogue::{Catalogue, Context, WhyNot},
    doctor,
    evidence::{check_row::CheckRow, recorder::Recorder},
    judge::tls::rated,
    steps::World,
    targets::{Environment, Target, capability},
    tpp::{Trouble, session::Session},
};

/// What a run is to do.
pub struct Order {
    /// The bank.
    pub target: Arc<Target>,
    /// Every check there is.
    pub catalogue: Arc<Catalogue>,
    /// Which of them.
    pub selection: Selection,
    /// Known deviations.
    pub waivers: Waivers,
    /// How many at a time.
    pub jobs: usize,
    /// Really wait where a bank's clock cannot be moved.
    pub slow: bool,
    /// So many percent of the MUSTs have to be judged for a verdict on the bank.
    pub min_share: u8,
    /// The run that this one goes on with.
    pub resumed: Option<Recorded>,
    /// Set to stop: what has not begun does not begin.
    pub stop: Arc<AtomicBool>,
    /// The run's id; also the name of its folder.
    pub run_id: String,
}

/// Who listens to a run.
pub type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// A run that can begin: everything that is known of it before anybody asks the bank.
pub struct Ready {
    order: Order,
    /// When its certificates were looked at.
    began: OffsetDateTime,
    first: Event,
}

/// Carries out a run and tells its listener of everything. The last event is always told.
///
/// # Errors
/// The tag expression cannot be parsed.
pub async fn execute(order: Order, listener: Listener) -> Result<(), BadTags> {
    Ready::new(order)?.execute(listener).await
}

impl Ready {
    /// Settles with which checks the run begins, so that its journal can say so before anything else: a run that is
    /// killed while it looks for the bank can go on too.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub fn new(order: Order) -> Result<Self, BadTags> {
        // Before the first request, so that nobody looks for the bank's fault in our own certificates.
        let began = OffsetDateTime::now_utc();
        let first = match &order.resumed {
            Some(recorded) => Event::Resumed { at: began, note: what_differs(&order.target, recorded) },
            None => Event::Started(Box::new(info(&order, certificates::of_target(&order.target, began))?)),
        };
        Ok(Self { order, began, first })
    }

    /// Carries it out, as [`execute`] does.
    ///
    /// # Errors
    /// The tag expression cannot be parsed.
    pub async fn execute(self, listener: Listener) -> Result<(), BadTags> {
        let Self { order, began, first } = self;
        listener(&first);
        let known = order.catalogue.checks.iter().map(|check| check.id.clone()).collect();
        listener(&Event::Accepting { waivers: order.waivers.clone(), known });
        carry_out(&order, began, listener).await
    }
}

async fn carry_out(order: &Order, began: OffsetDateTime, listener: Listener) -> Result<(), BadTags> {
    let earlier = order.resumed.as_ref();
    let first = earlier.map_or(0, highest_id);
    let (tell, show) = (listener.clone(), listener.clone());
    let recorder = Recorder::new(first, move |exchange| tell(&Event::Exchange(exchange.clone())))
        .of_run(&order.run_id)
        .telling_pictures(move |picture| show(&Event::TlsPicture(Box::new(rated::rate(picture)))));
    let recorder = Arc::new(recorder);
    let listener = discretion::discreet(listener, &recorder);
    recorder.adopt(earlier.map(|recorded| recorded.exchanges.clone()).unwrap_or_default());
    let session = match order.target.network.calendar.closed_now() {
        Some(reason) => Err(Trouble::Environment(reason)),
        None => Session::open(order.target.clone(), recorder.clone()).await.map(Arc::new),
    };
    let findings = doctor::before_run(&order.target, &recorder, &session, asks_the_customer(order)?).await;
    let slips = findings.clone();
    if !findings.is_empty() {
        listener(&Event::SeenBefore { findings });
    }
    let capabilities = match &session {
        Ok(session) => session.capabilities(),
        Err(_) => order.target.capabilities.clone(),
    };
    let planned = plan(order, capabilities)?;
    let settled = earlier
        .map(|recorded| recorded.results.iter().map(|result| (result.id.clone(), result.as_control())).collect());
    let servers = recorder.clone();
    let mut run = Run { order, planned, settled: settled.unwrap_or_default(), recorder, listener: listener.clone() };
    let slip = slips.into_iter().find(|finding| finding.is_the_users());
    match session {
        // Whatever the bank did now, it would be the user's doing.
        Ok(_) if slip.is_some() => {
            let told = slip.map(|slip| format!("{}; mend: {}", slip.cause, slip.mend)).unwrap_or_default();
            run.give_up(&Trouble::Prerequisite(told), |_| true);
        }
        Ok(session) => {
            if let Some(trouble) = session.closed() {
                run.give_up(trouble, |planned| !planned.check.has_tag("handshake"));
            }
            run.through(session).await;
        }
        Err(trouble) => run.give_up(&trouble, |_| true),
    }
    let met = servers.servers().into_iter().filter_map(|(server, der)| certificates::server(&server, &der, began));
    met.for_each(|certificate| listener(&Event::ServerMet(Box::new(certificate))));
    let interrupted = order.stop.load(std::sync::atomic::Ordering::Relaxed);
    listener(&Event::Finished { at: OffsetDateTime::now_utc(), interrupted });
    Ok(())
}

fn plan(order: &Order, capabilities: std::collections::BTreeSet<String>) -> Result<Vec<Planned>, BadTags> {
    let target = &order.target;
    let context = Context {
        capabilities: capabilities.into_iter().chain(target.bad_certificates_at_hand()).collect(),
        missing: capability::ALL.iter().map(|known| (known.name, (why_not(known, target), known.missing))).collect(),
        dialect: target.dialect.name().into(),
        profiles: target.profiles.names(),
        time_can_pass: target.clock.is_some() || order.slow,
        restraint: target.restraint.objection().map(str::to_owned),
    };
    let mut planned = order.selection.plan(&order.catalogue, &context, &target.policies)?;
    if let Some(recorded) = &order.resumed {
        let begun: HashSet<&str> = recorded.info.checks.iter().map(|check| check.id.as_str()).collect();
        planned.retain(|planned| begun.contains(planned.check.id.as_str()));
    }
    Ok(planned)
}

/// There is a check for which tokens are obtained, pages driven or payments made.
fn asks_the_customer(order: &Order) -> Result<bool, BadTags> {
    let target = &order.target;
    let (profiles, dialect) = (target.profiles.names(), target.dialect.name());
    let checks = order.selection.checks(&order.catalogue, &profiles, dialect, &target.policies)?;
    Ok(checks.iter().any(|selected| !selected.check.has_tag("passive")))
}

/// What a missing capability says of the bank, in a word.
fn why_not(capability: &capability::Capability, target: &Target) -> WhyNot {
    match capability.name {
        // A dialect is what payments are asked for in: without one there are none.
        "payments" => WhyNot::Dialect,
        // Without a customer nobody authorises anything, whatever the bank offers.
        "authorization" if target.psu.is_none() => WhyNot::NotProvided,
        _ if capability.is_left_to_the_bank() => WhyNot::NotOffered,
        _ => WhyNot::NotProvided,
    }
}

/// The parts of a run, one after the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Ordinary,
    Mistypes,
    LocksPsu,
    WholeRun,
}

impl Phase {
    fn of(planned: &Planned) -> Self {
        match &planned.check {
            check if check.is_over_whole_run() => Self::WholeRun,
            check if check.has_tag("locks-psu") => Self::LocksPsu,
            check if check.has_tag("mistypes") => Self::Mistypes,
            _ => Self::Ordinary,
        }
    }
}

struct Run<'a> {
    order: &'a Order,
    planned: Vec<Planned>,
    settled: HashMap<String, Verdict>,
    recorder: Arc<Recorder>,
    listener: Listener,
}

impl Run<'_> {
    /// First the checks that leave the customer as they found it, then those that mistype something once and those that may
    /// lock it out, one after the other, then those that judge
    /// the exchanges of them all: the engine itself knows no order.
    async fn through(self, session: Arc<Session>) {
        let collector = Rc::new(RefCell::new(Collector::new(
            self.planned.clone(),
            self.order.target.dialect.name(),
            self.settled.clone(),
        )));
        let recorder = self.recorder.clone();
        let exchanges_of = move |row: &CheckRow| recorder.ids_of(row);
        let told = |result| (self.listener)(&Event::CheckFinished(Box::new(result)));
        collector.borrow_mut().settle(&exchanges_of).into_iter().for_each(told);
        for phase in [Phase::Ordinary, Phase::Mistypes, Phase::LocksPsu, Phase::WholeRun] {
            let jobs = self.jobs(phase);
            let mistypes = matches!(phase, Phase::Mistypes | Phase::LocksPsu);
            if mistypes {
                session.lend_customers(jobs.iter().map(Job::row), phase == Phase::Mistypes);
            }
            let at_a_time = if mistypes { 1 } else { self.order.jobs };
            let merging = collector.clone();
            let (listener, collector, exchanges_of) = (self.listener.clone(), collector.clone(), exchanges_of.clone());
            let held_back: Rc<RefCell<Vec<(Done, Again)>>> = Rc::default();
            let (later, known) = (held_back.clone(), self.recorder.clone());
            let tell = move |progress| match progress {
                Progress::Began(row) => listener(&Event::CheckStarted { id: row.check.to_string() }),
                Progress::Ended(done) => {
                    if phase != Phase::WholeRun
                        && let Some(due) = again::is_due(&done, &known.exchanges_of(&done.row))
                    {
                        return later.borrow_mut().push((done, due));
                    }
                    let results = collector.borrow_mut().take(done, &exchanges_of);
                    results.into_iter().for_each(|result| listener(&Event::CheckFinished(Box::new(result))));
                }
            };
            engine::run::<World>(session.clone(), jobs.clone(), at_a_time, self.order.stop.clone(), tell).await;
            let held_back = held_back.take();
            if !held_back.is_empty() {
                self.ask_again(&session, (held_back, at_a_time), jobs, &merging).await;
            }
        }
    }

    /// Runs what a passing trouble may have spoilt, while so many ran at a time, once more from scratch, one after the other.
    async fn ask_again(
        &self,
        session: &Arc<Session>,
        (first, at_a_time): (Vec<(Done, Again)>, usize),
        jobs: Vec<Job>,
        collector: &Rc<RefCell<Collector>>,
    ) {
        let stopped = || self.order.stop.load(std::sync::atomic::Ordering::Relaxed);
        // Where the bank's time is moved by a clock, nobody waits.
        if self.order.target.clock.is_none() && !stopped() {
            let seconds = first.iter().map(|(_, again)| again.after).max().unwrap_or_default();
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        let first = self.without_the_lost(session, first, collector).await;
        if first.is_empty() {
            return;
        }
        let rows: HashSet<&CheckRow> = first.iter().map(|(done, _)| &done.row).collect();
        let due = jobs.into_iter().filter(|job| rows.contains(&job.row())).collect();
        let second: Rc<RefCell<HashMap<CheckRow, Done>>> = Rc::default();
        let ended = second.clone();
        let note = move |progress| {
            if let Progress::Ended(done) = progress {
                ended.borrow_mut().insert(done.row.clone(), done);
            }
        };
        let before: Vec<usize> = first.iter().map(|(done, _)| self.recorder.exchanges_of(&done.row).len()).collect();
        engine::run::<World>(session.clone(), due, 1, self.order.stop.clone(), note).await;
        let mut second = second.take();
        for ((done, again), before) in first.into_iter().zip(before) {
            let done = match second.remove(&done.row) {
                Some(second) => {
                    let later = self.recorder.exchanges_of(&done.row).split_off(before);
                    again::both(done, second, &Seen { sign: &again.sign, at_a_time }, &later)
                }
                None => done,
            };
            self.settle(done, collector);
        }
    }

    /// What there is to ask again once those are settled whose bank is still gone.
    async fn without_the_lost(
        &self,
        session: &Session,
        first: Vec<(Done, Again)>,
        collector: &Rc<RefCell<Collector>>,
    ) -> Vec<(Done, Again)> {
        session.look_for_the_lost().await;
        let lost = &session.target.network.lost;
        let is_gone = |done: &Done| {
            let exchanges = self.recorder.exchanges_of(&done.row);
            exchanges.iter().any(|exchange| lost.objection(&exchange.request.url).is_some())
        };
        let (gone, left): (Vec<_>, Vec<_>) = first.into_iter().partition(|(done, _)| is_gone(done));
        gone.into_iter().for_each(|(done, _)| self.settle(done, collector));
        left
    }

    fn settle(&self, done: Done, collector: &Rc<RefCell<Collector>>) {
        let exchanges_of = |row: &CheckRow| self.recorder.ids_of(row);
        let results = collector.borrow_mut().take(done, &exchanges_of);
        results.into_iter().for_each(|result| (self.listener)(&Event::CheckFinished(Box::new(result))));
    }

    /// The bank cannot be reached, or only as far as the handshake: of such checks nothing can be told, and nobody is
    /// accused.
    fn give_up(&mut self, trouble: &Trouble, such: impl Fn(&Planned) -> bool) {
        let left = |planned: &&Planned| !self.settled.contains_key(&planned.check.id) && such(planned);
        let mut given_up = HashMap::new();
        for planned in self.planned.iter().filter(left) {
            let result = match &planned.objection {
                Some(objection) => collect::objected(planned, objection),
                None => collect::blank(planned, Verdict::Inconclusive, trouble.to_string()),
            };
            given_up.insert(result.id.clone(), result.verdict);
            (self.listener)(&Event::CheckFinished(Box::new(result)));
        }
        self.settled.extend(given_up);
    }

    fn jobs(&self, phase: Phase) -> Vec<Job> {
        let runs = |planned: &&Planned| {
            planned.objection.is_none() && Phase::of(planned) == phase && !self.settled.contains_key(&planned.check.id)
        };
        self.planned.iter().filter(runs).flat_map(jobs_of).collect()
    }
}

fn jobs_of(planned: &Planned) -> Vec<Job> {
    let job = |&row: &usize| Job { check: planned.check.clone(), row };
    planned.rows_that_run.iter().map(job).collect()
}

fn highest_id(recorded: &Recorded) -> usize {
    let number = |id: &str| id.trim_start_matches('x').parse().unwrap_or(0);
    recorded.exchanges.iter().map(|exchange| number(&exchange.id)).max().unwrap_or(0)
}

fn what_differs(target: &Target, recorded: &Recorded) -> String {
    if target.issuer == recorded.info.target.issuer || !has_authorization_server(target) {
        return "The run was stopped and went on later, against the same bank.".into();
    }
    format!(
        "The run was stopped and went on later, against a new instance of the bank: {} instead of {}.",
        target.issuer, recorded.info.target.issuer
    )
}

fn info(order: &Order, certificates: RunCertificates) -> Result<RunInfo, BadTags> {
    let target = &order.target;
    let here = target.dialect.name();
    let profiles = target.profiles.names();
    let checks = order.selection.checks(&order.catalogue, &profiles, here, &target.policies)?;
    Ok(RunInfo {
        journal: JOURNAL,
        judged: Role::Bank,
        run_id: order.run_id.clone(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        started_at: OffsetDateTime::now_utc(),
        target: TargetInfo {
            name: target.name.clone(),
            environment: if target.environment == Environment::Test { "test" } else { "production" }.into(),
            dialect: target.dialect.name().into(),
            profile: target.profiles.named().join(", "),
            profiles: target.profiles.named().to_vec(),
            issuer: if has_authorization_server(target) { target.issuer.clone() } else { String::new() },
            api: target.api.clone(),
            bundled: target.bundled,
            faults: target.faults.clone(),
            habits: target.habits.clone(),
            capabilities: target.capabilities.iter().cloned().collect(),
            certificates: certificates.bank,
            terms: super::terms::of(target),
            deviations: super::terms::deviations(target),
        },
        identities: target.identities.iter().zip(certificates.identities).map(identity).collect(),
        seen_before: Vec::new(),
        selection: order.selection.in_words(),
        min_share: order.min_share,
        checks: checks
            .iter()
            .map(|selected| CheckInfo {
                as_control: selected.only_as_control,
                ..super::listing::check_info_at(selected.check, selected.level, &order.catalogue, (here, &profiles))
            })
            .collect(),
        requirements: super::listing::requirements_at(&order.catalogue, (here, &profiles)),
    })
}

fn has_authorization_server(target: &Target) -> bool {
    target.capabilities.contains("authorization-server")
}

fn identity((identity, certificates): (&crate::targets::Identity, Vec<CertificateInfo>)) -> IdentityInfo {
    IdentityInfo {
        name: identity.name.clone(),
        client_id: identity.client_id.clone(),
        subject: identity.facts.subject.clone(),
        organization_identifier: identity.facts.organization_identifier.clone().unwrap_or_default(),
        roles: identity.facts.psd2_roles.iter().map(|role| role.name().to_owned()).collect(),
        not_after: identity.facts.not_after.date().to_string(),
        certificates,
    }
}
