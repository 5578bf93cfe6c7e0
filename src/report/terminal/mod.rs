//! The terminal: progress while a run goes, and its summary at the end.

mod exchange;
mod summary;

use std::io::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::run::event::{CheckResult, Event, RunInfo, SeenBefore, Verdict};

use super::{text::one_line, words};

pub use exchange::exchange;
pub use summary::summary;

/// Longest foreign text on a line of the terminal, in bytes.
const LINE_BOUND: usize = 400;

/// What a user wants to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A line for each check as it finishes.
    pub verbose: bool,
    /// Checks that pass or do not apply are shown too.
    pub passes: bool,
    /// With colours; the words stand in any case.
    pub colour: bool,
}

/// Listens to a run and shows how far it is.
pub struct Terminal {
    options: Options,
    output: Output,
    tally: Tally,
}

enum Output {
    Bar(ProgressBar),
    Lines(Box<dyn Write + Send>),
}

/// What has come so far.
#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
    untold: usize,
}

impl Terminal {
    /// On standard error: a progress bar where that is a terminal, plain lines elsewhere.
    pub fn stderr(options: Options) -> Self {
        match console::Term::stderr().is_term() {
            true => Self::bar(options, ProgressDrawTarget::stderr()),
            false => Self::lines(options, std::io::stderr()),
        }
    }

    /// With a progress bar.
    pub fn bar(options: Options, target: ProgressDrawTarget) -> Self {
        Self::new(options, Output::Bar(ProgressBar::with_draw_target(None, target)))
    }

    /// With plain lines.
    pub fn lines(options: Options, writer: impl Write + Send + 'static) -> Self {
        Self::new(options, Output::Lines(Box::new(writer)))
    }

    fn new(options: Options, output: Output) -> Self {
        Self { options, output, tally: Tally::default() }
    }

    /// Takes note of what happened.
    pub fn on(&mut self, event: &Event) {
        match event {
            Event::Started(info) => self.started(info),
            Event::Resumed { note, .. } => self.say(&format!("Resumed: {}", one_line(note, LINE_BOUND))),
            Event::CheckStarted { id } => self.busy_with(id),
            Event::SeenBefore { findings } => self.seen_before(findings),
            Event::Accepting { .. } | Event::Exchange(_) | Event::TlsPicture(_) | Event::ServerMet(_) => {}
            Event::CheckFinished(result) => self.check_finished(result),
            Event::Finished { interrupted, .. } => self.finished(*interrupted),
        }
    }

    /// Says something to whoever sits there; a progress bar makes room for it.
    pub fn notice(&mut self, line: &str) {
        self.say(line);
    }

    fn started(&mut self, info: &RunInfo) {
        let count = info.checks.len();
        let target = one_line(&info.target.name, LINE_BOUND);
        self.say(&one_line(&format!("Judging {target} with {}", words::selected(&info.checks)), LINE_BOUND));
        if !info.target.faults.is_empty() {
            self.say(&format!("Faults switched on: {}", one_line(&info.target.faults.join(", "), LINE_BOUND)));
        }
        if !info.target.habits.is_empty() {
            self.say(&format!("Lawful habits: {}", one_line(&info.target.habits.join(", "), LINE_BOUND)));
        }
        for term in &info.target.terms {
            self.say(&one_line(&words::term(term), LINE_BOUND));
        }
        if let Output::Bar(bar) = &self.output {
            // A template that indicatif does not take leaves its own style: still a bar.
            if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}") {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar.set_length(count as u64);
        }
    }

    fn seen_before(&mut self, findings: &[SeenBefore]) {
        for seen in findings {
            let (name, layer) = (one_line(&seen.name, LINE_BOUND), seen.layer.in_words());
            self.say(&format!("Before the run: {name} ({layer}): {}", one_line(&seen.cause, LINE_BOUND)));
            self.say(&format!("  mend: {}", one_line(&seen.mend, LINE_BOUND)));
        }
    }

    fn busy_with(&mut self, id: &str) {
        if let Output::Bar(bar) = &self.output {
            bar.set_message(format!("{}{}", self.tally.told(), one_line(id, LINE_BOUND)));
        }
    }

    fn check_finished(&mut self, result: &CheckResult) {
        self.tally.add(result.verdict);
        let quiet = matches!(result.verdict, Verdict::Pass | Verdict::NotApplicable);
        if self.options.verbose && (self.options.passes || !quiet) {
            let (verdict, id) = (words::word(result.verdict).word, one_line(&result.id, LINE_BOUND));
            let line = format!("{verdict:<14} {id}  {}", one_line(&result.reason, LINE_BOUND));
            self.say(line.trim_end());
        }
        if let Output::Bar(bar) = &self.output {
            bar.set_position(self.tally.done as u64);
        }
    }

    fn finished(&mut self, interrupted: bool) {
        if let Output::Bar(bar) = &self.output {
            bar.finish_and_clear();
        }
        if interrupted {
            self.say("Stopped before the end; what was judged is in the report.");
        }
    }

    fn say(&mut self, line: &str) {
        match &mut self.output {
            Output::Bar(bar) => bar.println(line),
            // Nobody listens any more: no reason to stop judging.
            Output::Lines(writer) => drop(writeln!(writer, "{line}")),
        }
    }
}

impl Tally {
    fn add(&mut self, verdict: Verdict) {
        self.done += 1;
        self.failed += usize::from(verdict == Verdict::Fail);
        self.untold += usize::from(verdict == Verdict::Inconclusive);
    }

    fn told(&self) -> String {
        let rows = [(self.failed, "fail"), (self.untold, "inconclusive")];
        rows.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}  ")).collect()
    }
}
