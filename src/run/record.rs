//! A run put together from its events: what the reports are made of.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    declaration,
    event::{CertificateInfo, CheckResult, Event, Exchange, RatedPicture, RunInfo, RunRecord},
    exit,
    journal::Recorded,
    waiver::{Judgement, Waivers},
};

/// Takes the events of a run as they come.
#[derive(Default)]
pub struct Recording {
    info: Option<RunInfo>,
    results: Vec<CheckResult>,
    exchanges: Vec<Arc<Exchange>>,
    tls: Vec<RatedPicture>,
    notes: Vec<String>,
    finished_at: Option<OffsetDateTime>,
    interrupted: bool,
}

impl Recording {
    /// Goes on with what an earlier part of the run has recorded.
    pub fn of(recorded: Recorded) -> Self {
        Self {
            info: Some(recorded.info),
            results: recorded.results,
            exchanges: recorded.exchanges,
            tls: recorded.tls,
            notes: recorded.notes,
            ..Self::default()
        }
    }

    /// Takes an event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Started(info) => self.info = Some((**info).clone()),
            Event::Resumed { note, .. } => self.notes.push(note.clone()),
            Event::CheckStarted { .. } => {}
            Event::ServerMet(certificate) => self.met(certificate),
            Event::Exchange(exchange) => self.exchanges.push(exchange.clone()),
            Event::TlsPicture(picture) => {
                // A resumed run looks again.
                self.tls.retain(|known| known.picture.host != picture.picture.host);
                self.tls.push((**picture).clone());
            }
            Event::CheckFinished(result) => self.results.push((**result).clone()),
            Event::Finished { at, interrupted } => (self.finished_at, self.interrupted) = (Some(*at), *interrupted),
        }
    }

    /// A run that was resumed meets its servers again.
    fn met(&mut self, certificate: &CertificateInfo) {
        let Some(info) = &mut self.info else { return };
        let known = |other: &CertificateInfo| {
            (&other.used_as, &other.subject, &other.not_after)
                == (&certificate.used_as, &certificate.subject, &certificate.not_after)
        };
        if !info.target.certificates.iter().any(known) {
            info.target.certificates.push(certificate.clone());
        }
    }

    /// The whole run, with waivers applied and its exit code; `None` where it never began.
    pub fn finish(mut self, waivers: &Waivers, known: &[String]) -> Option<RunRecord> {
        let info = self.info?;
        let place = |id: &str| info.checks.iter().position(|check| check.id == id);
        self.results.sort_by_key(|result| place(&result.id));
        let today = self.finished_at.unwrap_or_else(OffsetDateTime::now_utc).date();
        let waiver_problems = waivers.apply(&mut self.results, &Judgement { known, target: &info.target.name, today });
        let declarations = declaration::apply(&info.target.deviations, &mut self.results, known);
        let mut record = RunRecord {
            info,
            finished_at: self.finished_at,
            interrupted: self.interrupted,
            notes: self.notes,
            results: self.results,
            exchanges: self.exchanges,
            tls: self.tls,
            waiver_problems,
            declarations,
            exit_code: 0,
        };
        record.exit_code = exit::code(&record);
        Some(record)
    }
}
