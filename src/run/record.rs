//! A run put together from its events: what the reports are made of.

use std::{collections::HashMap, sync::Arc};

use time::OffsetDateTime;

use super::{
    declaration,
    event::{CertificateInfo, CheckResult, Event, Exchange, RatedPicture, RunInfo, RunRecord, SeenBefore},
    exit,
    journal::Story,
    waiver::{Judgement, Waivers},
};

/// A resumed run looks at each host again.
pub(super) fn look_again(pictures: &mut Vec<RatedPicture>, picture: RatedPicture) {
    pictures.retain(|known| known.picture.host != picture.picture.host);
    pictures.push(picture);
}

/// A resumed run may see the same again.
pub(super) fn see(info: &mut RunInfo, findings: Vec<SeenBefore>) {
    let new = findings.into_iter().filter(|finding| !info.seen_before.contains(finding)).collect::<Vec<_>>();
    info.seen_before.extend(new);
}

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
    pub fn of(story: Story) -> Self {
        Self {
            info: Some(story.info),
            results: story.results,
            exchanges: story.exchanges,
            tls: story.tls,
            notes: story.notes,
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
            Event::TlsPicture(picture) => look_again(&mut self.tls, (**picture).clone()),
            Event::SeenBefore { findings } => self.info.iter_mut().for_each(|info| see(info, findings.clone())),
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
        let places = info.checks.iter().enumerate().map(|(place, check)| (check.id.as_str(), place));
        let places: HashMap<&str, usize> = places.collect();
        self.results.sort_by_key(|result| places.get(result.id.as_str()).copied());
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
