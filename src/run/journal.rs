//! The journal: a line of JSON for each event, on disk as the run goes, so that a killed run can go on.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    event::{CheckResult, Event, Exchange, RatedPicture, RunInfo},
    record,
};

/// The name of the journal in a run's folder.
const NAME: &str = "journal.ndjson";
/// More than the exchanges of a check take, in bytes.
const BUFFER: usize = 256 * 1024;

/// A journal that is being written.
pub struct Journal {
    /// Exchanges wait here for the verdict that rests on them.
    file: Mutex<BufWriter<Growing>>,
    path: PathBuf,
    /// The first write that failed: what has been recorded is never lost in silence.
    error: Mutex<Option<io::Error>>,
}

/// A file that knows how long it has to be by now.
struct Growing {
    file: File,
    length: u64,
}

/// What a journal holds.
#[derive(Debug)]
pub struct Story {
    /// Who was judged, with which checks.
    pub info: RunInfo,
    /// The verdicts so far.
    pub results: Vec<CheckResult>,
    /// The exchanges so far.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The TLS pictures so far.
    pub tls: Vec<RatedPicture>,
    /// What was said at each resumption.
    pub notes: Vec<String>,
    /// The run came to its end.
    pub finished: bool,
}

/// A journal that cannot be gone on with (exit code 2).
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct JournalError {
    path: PathBuf,
    problem: String,
}

impl Journal {
    /// Begins a journal in that folder, or goes on with the one that is there.
    ///
    /// # Errors
    /// The folder or the file cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(NAME);
        // A line that a killed run left half-written must not swallow the next one.
        let torn = fs::read(&path).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let mut file = Growing { length: file.metadata()?.len(), file };
        if torn {
            file.write_all(b"\n")?;
        }
        Ok(Self { file: Mutex::new(BufWriter::with_capacity(BUFFER, file)), path, error: Mutex::default() })
    }

    /// Writes an event; a failure is kept for [`Self::error`].
    pub fn write(&self, event: &Event) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = append(&mut file, event) {
            self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// The first write that failed, or what became of the file meanwhile: into one that was removed, every write succeeds.
    pub fn error(&self) -> Option<io::Error> {
        let failed = self.error.lock().unwrap_or_else(PoisonError::into_inner).take();
        failed.or_else(|| self.is_there().err())
    }

    fn is_there(&self) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.flush()?;
        let Growing { file, length } = file.get_ref();
        let (own, there) = (file.metadata()?, fs::metadata(&self.path));
        let lost = match there {
            Err(error) if error.kind() == io::ErrorKind::NotFound => "it was removed while the run went on",
            Err(error) => return Err(error),
            Ok(there) if (there.dev(), there.ino()) != (own.dev(), own.ino()) => {
                "another file was put in its place while the run went on"
            }
            Ok(there) if there.len() < *length => "it was cut while the run went on",
            Ok(_) => return Ok(()),
        };
        Err(io::Error::other(lost))
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append(file: &mut BufWriter<Growing>, event: &Event) -> io::Result<()> {
    serde_json::to_writer(&mut *file, event)?;
    file.write_all(b"\n")?;
    match event {
        Event::Exchange(_) | Event::CheckStarted { .. } => Ok(()),
        // What the kernel has, a killed process does not lose; it loses at most the checks in flight.
        _ => file.flush(),
    }
}

/// Reads the journal of a run's folder. What two processes have written side by side, or somebody has copied, counts once.
///
/// # Errors
/// There is none, or it does not begin as one.
pub fn read(folder: &Path) -> Result<Story, JournalError> {
    let path = folder.join(NAME);
    let error = |problem: String| JournalError { path: path.clone(), problem };
    let bytes = fs::read(&path).map_err(|io| error(format!("cannot be read: {io}; name the folder of a run")))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut events = text.lines().filter_map(|line| serde_json::from_str::<Event>(line).ok());
    let Some(Event::Started(info)) = events.next() else {
        return Err(error("does not begin with a run: nothing was recorded yet; start a new run".into()));
    };
    let mut story = Story {
        info: *info,
        results: Vec::new(),
        exchanges: Vec::new(),
        tls: Vec::new(),
        notes: Vec::new(),
        finished: false,
    };
    let (mut checks, mut ids, mut resumed) = (HashSet::new(), HashSet::new(), HashSet::new());
    for event in events {
        match event {
            Event::CheckFinished(result) if checks.insert(result.id.clone()) => story.results.push(*result),
            Event::Exchange(exchange) if ids.insert(exchange.id.clone()) => story.exchanges.push(exchange),
            Event::TlsPicture(picture) => record::look_again(&mut story.tls, *picture),
            Event::Resumed { at, note } if resumed.insert((at, note.clone())) => story.notes.push(note),
            Event::SeenBefore { findings } => record::see(&mut story.info, findings),
            Event::CheckFinished(_) | Event::Exchange(_) | Event::Resumed { .. } => {}
            Event::Finished { interrupted, .. } => story.finished = !interrupted,
            // The servers are met again by whoever goes on.
            Event::Started(_) | Event::ServerMet(_) | Event::CheckStarted { .. } => {}
        }
    }
    Ok(story)
}
