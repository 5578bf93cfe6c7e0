//! `bankproof run`: judge a bank and write the reports.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use clap::{Args, ValueEnum};
use time::{OffsetDateTime, macros::format_description};

use super::{
    Outcome, Stop,
    dialect::DialectArgument,
    formats::FormatArguments,
    machine::runtime_for,
    output, profile, scratch,
    selecting::{SelectArguments, check_target, is_target, selection},
    signals,
};
use crate::{
    bank::{Bank, Settings},
    catalogue::{Catalogue, profiles::Declared},
    doctor,
    report::{
        self, Format,
        terminal::{Options, Terminal},
    },
    run::{
        bundled,
        event::{Event, RunRecord},
        execute::{Listener, Order, Ready},
        exit,
        journal::{self, Journal, Read},
        lock::{Lock, LockError},
        own,
        plan::Selection,
        record::{Recorded, Recording},
        waiver::Waivers,
    },
    targets::{self, Target, network::Calendar},
};

#[derive(Args, Clone, Debug, Default)]
pub(super) struct RunArguments {
    /// A target file (it ends in .toml or holds a /), then ids of checks or the beginnings of ids; without a target
    /// file the bundled bank is judged.
    #[arg(value_name = "TARGET | ID-PREFIX")]
    words: Vec<String>,
    /// The dialect of the bundled bank, where it is the one that is judged; a target file names that of its bank.
    #[arg(long, value_enum)]
    dialect: Option<DialectArgument>,
    /// A security profile that the bundled bank keeps to, where it is the one that is judged; may be given several times.
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,
    #[command(flatten)]
    select: SelectArguments,
    /// How many checks run at a time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Ask the bank in its quiet hours and announced maintenance too.
    #[arg(long)]
    ignore_quiet_hours: bool,
    /// Really wait where a bank's clock cannot be moved: some checks take an hour.
    #[arg(long)]
    slow: bool,
    /// So many percent of the MUSTs that are for the bank's dialect and profile have to be judged for a verdict on the bank:
    /// below that a run ends with 4. A run of selected checks is not held to it.
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = percent)]
    min_share: u8,
    /// Where the folders of runs are.
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Go on with the run in that folder, of that name under --out, or with the one that began last: `latest`.
    #[arg(long, value_name = "DIR")]
    resume: Option<PathBuf>,
    /// Known deviations, each with reason, owner, expiry and scope.
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// A folder with feature files of your own, beside the catalogue.
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    #[command(flatten)]
    reports: FormatArguments,
    /// What to print: text, or the results as JSON.
    #[arg(long, value_enum, default_value_t)]
    format: super::list::Format,
    /// Print every check, passed ones too.
    #[arg(long, short)]
    verbose: bool,
}

/// Everything that was asked for, read and found good before the first request.
struct Plan {
    catalogue: Catalogue,
    waivers: Waivers,
    target: Option<PathBuf>,
    dialect: DialectArgument,
    profiles: Declared,
    selection: Selection,
    recorded: Option<Recorded>,
    folder: PathBuf,
    /// Of the folder of a run that is resumed.
    lock: Option<Lock>,
    run_id: String,
}

/// A share, in percent.
fn percent(text: &str) -> Result<u8, String> {
    let number = text.parse().ok().filter(|percent| *percent <= 100);
    number.ok_or_else(|| "a whole number from 0 to 100 is wanted, without a sign: --min-share 50".to_owned())
}

/// The folder of a run as it is named, or else under its name among the runs.
pub(super) fn folder_of(run: &Path, out: &Path) -> PathBuf {
    let among = out.join(run);
    let is_named = run != Path::new("latest") && run.exists();
    if is_named || run.components().count() != 1 && !among.exists() { run.to_owned() } else { among }
}

/// The run to go on with: `latest` is the one that began last, whether or not it came to its end.
fn resumed(run: &Path, out: &Path) -> PathBuf {
    let has_begun = |folder: &PathBuf| !folder.is_symlink() && folder.join(journal::FILE).exists();
    let folders = std::fs::read_dir(out).into_iter().flatten().flatten().map(|entry| entry.path()).filter(has_begun);
    match folders.max().filter(|_| run == Path::new("latest") && !run.join(journal::FILE).exists()) {
        Some(last) => last,
        None => folder_of(run, out),
    }
}

pub(super) fn run(mut arguments: RunArguments) -> Outcome {
    arguments.resume = arguments.resume.map(|run| resumed(&run, &arguments.out));
    let plan = plan(&arguments)?;
    let runtime = runtime_for(descriptors(&arguments), ", or let fewer checks run at a time with --jobs")?;
    scratch::open();
    let code = runtime.block_on(judge(&arguments, plan));
    // A bank that stalls must not keep us from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    code
}

/// How many files a run has open at a time, as measured; the bundled bank has both ends of each connection.
fn descriptors(arguments: &RunArguments) -> u64 {
    let ends = if arguments.words.iter().any(|word| is_target(word)) { 3 } else { 6 };
    ends * u64::from(arguments.jobs.min(100))
}

fn plan(arguments: &RunArguments) -> Result<Plan, Stop> {
    let mut targets = arguments.words.iter().filter(|word| is_target(word));
    let target = targets.next().map(PathBuf::from);
    if let Some(second) = targets.next() {
        return Err(Stop::usage(format!("{second} is a second target file: a run judges one bank, so name one")));
    }
    let for_bundled = [("dialect", arguments.dialect.is_some()), ("profile", !arguments.profile.is_empty())];
    if let (Some(path), Some((what, _))) = (&target, for_bundled.iter().find(|(_, is_given)| *is_given)) {
        return Err(Stop::usage(format!(
            "--{what} is for the bundled bank, and {} names the {what} of its own: leave one of them out",
            path.display()
        )));
    }
    target.as_deref().map_or(Ok(()), check_target)?;
    let catalogue = own::load(arguments.features.as_deref()).map_err(Stop::usage)?;
    let words = arguments.words.iter().filter(|word| !is_target(word));
    let selection = selection(&catalogue, words, &arguments.select)?;
    let waivers = arguments.waivers.as_deref().map(Waivers::load).transpose().map_err(Stop::usage)?.unwrap_or_default();
    let (lock, recorded) = arguments.resume.as_deref().map(take_up).transpose()?.unzip();
    // A resumed run has the checks that it began with.
    let selection = match &recorded {
        Some(_) => Selection::default(),
        None => selection,
    };
    let run_id = recorded.as_ref().map_or_else(new_run_id, |recorded| recorded.info.run_id.clone());
    let folder = arguments.resume.clone().unwrap_or_else(|| arguments.out.join(&run_id));
    let began =
        recorded.as_ref().and_then(|recorded| DialectArgument::from_str(&recorded.info.target.dialect, true).ok());
    let dialect = arguments.dialect.or(began).unwrap_or_default();
    let began = recorded.as_ref().map(|recorded| recorded.info.target.profiles.as_slice());
    let named = if arguments.profile.is_empty() { began.unwrap_or_default() } else { &arguments.profile };
    let profiles = profile::declared(named)?;
    Ok(Plan { catalogue, waivers, target, dialect, profiles, selection, recorded, folder, lock, run_id })
}

/// A run to go on with, which from now on is ours alone.
fn take_up(folder: &Path) -> Result<(Lock, Recorded), Stop> {
    // Where there is no run, none is begun.
    read(folder)?;
    let lock = lock(folder)?;
    let recorded = read(folder)?.recording.so_far();
    Ok((lock, recorded.ok_or_else(|| Stop::internal("the run never began"))?))
}

fn read(folder: &Path) -> Result<Read, Stop> {
    journal::read(folder).map_err(Stop::usage)
}

/// A run's folder, for us alone.
pub(super) fn lock(folder: &Path) -> Result<Lock, Stop> {
    Lock::take(folder).map_err(|error| match error {
        LockError::Taken(_) => Stop::usage(error),
        LockError::Io { .. } => Stop::no_report(error),
    })
}

/// `20261121-101500-4f2a`: sorts by time, and two of one second differ.
fn new_run_id() -> String {
    let format = format_description!("[year][month][day]-[hour][minute][second]");
    let now = OffsetDateTime::now_utc().format(format).unwrap_or_default();
    format!("{now}-{:04x}", rand::random::<u16>())
}

async fn judge(arguments: &RunArguments, plan: Plan) -> Outcome {
    let stop = signals::stop_at_first()?;
    let (mut target, bank) = open_target(&plan).await?;
    if arguments.ignore_quiet_hours {
        target.network.calendar = Calendar::default();
    }
    check_resumable(&plan, &target)?;
    if let (Some(path), Some(scopes)) = (&arguments.waivers, plan.waivers.scopes_of_others(&target.name)) {
        let told =
            format!("no waiver of {} is for this target, \"{}\"; they are for {scopes}", path.display(), target.name);
        output::progress(&told);
    }
    let target = Arc::new(target);
    check_own_certificates(&target).await?;
    let earlier = arguments.resume.as_deref().map(read).transpose()?;
    let recording = Arc::new(Mutex::new(earlier.map(|read| read.recording).unwrap_or_default()));
    let terminal = Arc::new(Mutex::new(Terminal::stderr(options(arguments, console::Term::stderr().is_term()))));
    if target.psu.as_ref().is_some_and(|psu| psu.needs_a_person()) {
        super::person::listen(terminal.clone());
    }
    let jobs = arguments.jobs.min(target.network.concurrency.unwrap_or(u16::MAX));
    let (waivers, name) = (plan.waivers.clone(), target.name.clone());
    let order = Order {
        target,
        catalogue: Arc::new(plan.catalogue),
        selection: plan.selection,
        waivers: plan.waivers,
        jobs: jobs.into(),
        slow: arguments.slow,
        min_share: arguments.min_share,
        resumed: plan.recorded,
        stop,
        run_id: plan.run_id,
    };
    let ready = Ready::new(order).map_err(Stop::usage)?;
    // Its first line is written at once: a folder that is there can be resumed.
    let failed = |error| Stop::no_report(format!("{}: {error}", plan.folder.display()));
    std::fs::create_dir_all(&plan.folder).map_err(failed)?;
    let _lock = plan.lock.map_or_else(|| lock(&plan.folder), Ok)?;
    let journal = Arc::new(Journal::open(&plan.folder).map_err(failed)?);
    let listener = listener(journal.clone(), recording.clone(), terminal);
    ready.execute(listener).await.map_err(Stop::usage)?;
    if let Some(bank) = bank {
        bank.stop().await;
    }
    let recording = std::mem::take(&mut *recording.lock().unwrap_or_else(PoisonError::into_inner));
    let record = recording.finish().ok_or_else(|| Stop::internal("the run never began"))?;
    let for_others = waivers.for_others(&name, &record.results);
    let code = finish(arguments, &plan.folder, record, &journal);
    for_others.iter().for_each(|told| output::progress(told));
    code
}

/// What is wrong with our own certificates would be taken for faults of the bank.
pub(super) async fn check_own_certificates(target: &Arc<Target>) -> Result<(), Stop> {
    let found = doctor::before_opening(target).await;
    let obstacle = found.iter().find(|finding| finding.severity == doctor::Severity::Error);
    obstacle.map_or(Ok(()), |finding| Err(Stop::usage(super::doctor::told(finding))))
}

/// Every mistake in the form of a target file as the doctor tells it, and the one that reading it has met: where both are about
/// one line, in the words that say more.
fn all_mistakes(path: &Path, first: &targets::TargetError) -> Stop {
    let all = targets::load_all(path).err().unwrap_or_default();
    let is_one = |other: &targets::TargetError| other.line.is_some() && other.line == first.line;
    // What a type says of its own says more than that it is another one.
    let is_of_type =
        |other: &targets::TargetError| other.name == "type-wrong" && !first.problem.contains("stands where");
    let is_plain = first.mend == targets::SEE_THE_EXAMPLE;
    let says_less = is_plain && all.iter().any(|other| is_one(other) && !is_of_type(other));
    let others = all.iter().filter(|other| says_less || (!is_one(other) && other.problem != first.problem));
    let first = (!says_less).then_some(first);
    Stop::usage(first.into_iter().chain(others).map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// The target of the file, or a bundled bank that was started for the purpose.
async fn open_target(plan: &Plan) -> Result<(Target, Option<Bank>), Stop> {
    if let Some(path) = &plan.target {
        return Ok((targets::load(path).map_err(|first| all_mistakes(path, &first))?, None));
    }
    let settings = Settings { dialect: plan.dialect.into(), signatures_required: true, ..Settings::default() };
    start_bundled(bundled::keeping_to(&plan.profiles, settings)).await
}

/// A bundled bank, and what its target file says.
pub(super) async fn start_bundled(settings: Settings) -> Result<(Target, Option<Bank>), Stop> {
    let faults = settings.faults.clone();
    let (bank, pki) = bundled::start(settings).await.map_err(|error| Stop::because_of(&error))?;
    let folder = scratch::folder()?;
    let path = folder.path().join("bundled.toml");
    bundled::write_target(&path, &bank, &pki, &faults).map_err(|error| Stop::because_of(&error))?;
    let target = targets::load(&path).map_err(Stop::internal)?;
    Ok((target, Some(bank)))
}

/// A run goes on against the bank that it began with, or the report would mix two.
fn check_resumable(plan: &Plan, target: &Target) -> Result<(), Stop> {
    let Some(recorded) = &plan.recorded else { return Ok(()) };
    let began = &recorded.info.target;
    if recorded.finished {
        return Err(Stop::usage(format!(
            "the run in {} is finished: there is nothing to resume",
            plan.folder.display()
        )));
    }
    let is_it = began.name == target.name && began.bundled == target.bundled && began.faults == target.faults;
    let same_profiles = began.profiles.is_empty() || began.profiles == target.profiles.named();
    if is_it && same_profiles && began.dialect == target.dialect.name() {
        return Ok(());
    }
    let mend = "name the target file that the run began with, or dialect and profiles, beside --resume";
    Err(Stop::usage(format!("the run in {} was about \"{}\": {mend}", plan.folder.display(), began.name)))
}

fn listener(journal: Arc<Journal>, recording: Arc<Mutex<Recording>>, terminal: Arc<Mutex<Terminal>>) -> Listener {
    Arc::new(move |event: &Event| {
        // In one order in both: what is rendered from the journal later is what is rendered now.
        let mut recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
        journal.write(event);
        recording.take(event);
        drop(recording);
        terminal.lock().unwrap_or_else(PoisonError::into_inner).on(event);
    })
}

fn finish(arguments: &RunArguments, folder: &Path, mut record: RunRecord, journal: &Journal) -> Outcome {
    let lost = journal.error();
    if lost.is_some() {
        record.exit_code = exit::NO_REPORT;
    }
    let failed = |error| Stop::no_report(format!("{}: {error}", folder.display()));
    // What was judged is told, even where somebody has taken the folder away.
    std::fs::create_dir_all(folder).map_err(failed)?;
    let formats = arguments.reports.chosen();
    report::remove_others(folder, &formats).map_err(Stop::no_report)?;
    report::write(&record, folder, &formats).map_err(Stop::no_report)?;
    if !record.interrupted && lost.is_none() && is_about_the_bank(&record) {
        point_latest_at(folder).map_err(failed)?;
    }
    match arguments.format {
        super::list::Format::Json => output::result(&report::json::render(&record).map_err(Stop::internal)?),
        super::list::Format::Text => {
            let options = options(arguments, console::Term::stdout().is_term());
            output::result(&report::terminal::summary(&record, options, Some(&page(folder, &formats))));
        }
    }
    match lost {
        Some(error) => Err(Stop::no_report(format!("the journal in {} is not whole: {error}", folder.display()))),
        None => Ok(record.exit_code),
    }
}

/// What people are sent to: the page where there is one, or else what there is.
pub(super) fn page(folder: &Path, formats: &[&Format]) -> PathBuf {
    let best = formats.iter().find(|format| format.name == "html").or(formats.first());
    best.map_or_else(|| folder.to_owned(), |format| folder.join(format.file))
}

/// A run that asked the bank nothing is not what the next one is compared with.
fn is_about_the_bank(record: &RunRecord) -> bool {
    !record.is_about_nothing()
}

fn options(arguments: &RunArguments, colour: bool) -> Options {
    // https://no-color.org: whatever it says, as long as it says something.
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    Options { verbose: arguments.verbose, passes: arguments.verbose, colour: colour && wanted }
}

/// Makes `latest` beside the run's folder a relative link to it, by rename: it never points nowhere.
fn point_latest_at(folder: &Path) -> std::io::Result<()> {
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else { return Ok(()) };
    let unfinished = parent.join(format!(".latest-{}", std::process::id()));
    let _ = std::fs::remove_file(&unfinished);
    std::os::unix::fs::symlink(name, &unfinished)?;
    std::fs::rename(&unfinished, parent.join("latest"))
}
