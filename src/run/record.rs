//! A run put together from its events: what the reports are made of.

use std::{collections::HashMap, sync::Arc};

use time::OffsetDateTime;

use super::{
    declaration,
    event::{CertificateInfo, CheckResult, Event, Exchange, RatedPicture, RunInfo, RunRecord, SeenBefore},
    exit,
    waiver::{Judgement, Waivers},
};

/// What is known of a run that can be gone on with.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Who was judged, with which checks.
    pub info: RunInfo,
    /// The verdicts so far.
    pub results: Vec<CheckResult>,
    /// The exchanges so far.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The run came to its end.
    pub finished: bool,
}

/// A resumed run looks at each host again.
fn look_again(pictures: &mut Vec<RatedPicture>, picture: RatedPicture) {
    pictures.retain(|known| known.picture.host != picture.picture.host);
    pictures.push(picture);
}

/// A resumed run may see the same again.
fn see(info: &mut RunInfo, findings: Vec<SeenBefore>) {
    let new = findings.into_iter().filter(|finding| !info.seen_before.contains(finding)).collect::<Vec<_>>();
    info.seen_before.extend(new);
}

/// Takes the events of a run as they come, from the run itself or from its journal.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    info: Option<RunInfo>,
    waivers: Waivers,
    /// Every check that there was; `None` where a journal of old does not say it.
    known: Option<Vec<String>>,
    results: Vec<CheckResult>,
    exchanges: Vec<Arc<Exchange>>,
    tls: Vec<RatedPicture>,
    notes: Vec<String>,
    finished_at: Option<OffsetDateTime>,
    interrupted: bool,
}

impl Recording {
    /// Takes an event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Started(info) => self.info = Some((**info).clone()),
            Event::Resumed { note, .. } => {
                self.notes.push(note.clone());
                (self.finished_at, self.interrupted) = (None, false);
            }
            Event::Accepting { waivers, known } => {
                (self.waivers, self.known) = (waivers.clone(), Some(known.clone()));
            }
            Event::CheckStarted { .. } => {}
            Event::ServerMet(certificate) => self.met(certificate),
            Event::Exchange(exchange) => self.exchanges.push(exchange.clone()),
            Event::TlsPicture(picture) => look_again(&mut self.tls, (**picture).clone()),
            Event::SeenBefore { findings } => self.info.iter_mut().for_each(|info| see(info, findings.clone())),
            Event::CheckFinished(result) => self.results.push((**result).clone()),
            Event::Finished { at, interrupted } => (self.finished_at, self.interrupted) = (Some(*at), *interrupted),
        }
    }

    /// What is known of the run so far; `None` where it never began.
    pub fn so_far(&self) -> Option<Recorded> {
        Some(Recorded {
            info: self.info.clone()?,
            results: self.results.clone(),
            exchanges: self.exchanges.clone(),
            finished: self.finished_at.is_some() && !self.interrupted,
        })
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
    pub fn finish(mut self) -> Option<RunRecord> {
        let info = self.info?;
        let selected = || info.checks.iter().map(|check| check.id.clone()).collect();
        let known = &self.known.unwrap_or_else(selected)[..];
        let places = info.checks.iter().enumerate().map(|(place, check)| (check.id.as_str(), place));
        let places: HashMap<&str, usize> = places.collect();
        self.results.sort_by_key(|result| places.get(result.id.as_str()).copied());
        let today = self.finished_at.unwrap_or_else(OffsetDateTime::now_utc).date();
        let waiver_problems =
            self.waivers.apply(&mut self.results, &Judgement { known, target: &info.target.name, today });
        let declarations = declaration::apply(info.judged, &info.target.deviations, &mut self.results, known);
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
