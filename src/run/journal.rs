//! The journal: a line of JSON for each event, on disk as the run goes, so that a killed run can go on.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use time::OffsetDateTime;

use super::{
    event::{Event, JOURNAL, RunInfo},
    record::Recording,
};

/// The name of the journal in a run's folder.
pub const FILE: &str = "journal.ndjson";
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
pub struct Read {
    /// The run.
    pub recording: Recording,
    /// How many of its lines cannot be read: where a run was killed, the last one was left half-written.
    pub torn: usize,
}

/// A journal that cannot be read (exit code 2).
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
        let path = folder.join(FILE);
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
/// There is none, it does not begin as one, or another version of bankproof has written it.
pub fn read(folder: &Path) -> Result<Read, JournalError> {
    let path = folder.join(FILE);
    let error = |problem: String| JournalError { path: path.clone(), problem };
    let bytes = fs::read(&path).map_err(|io| error(format!("cannot be read: {io}; name the folder of a run")))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let info = first(lines.next().unwrap_or_default()).map_err(error)?;
    let mut read = Read { recording: Recording::default(), torn: 0 };
    read.recording.take(&Event::Started(info));
    let mut seen = Seen::default();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        match serde_json::from_str::<Event>(line) {
            Ok(event) if seen.is_new(&event) => read.recording.take(&event),
            Ok(_) => {}
            Err(_) => read.torn += 1,
        }
    }
    Ok(read)
}

/// The first line says whether this is a journal at all, and one of ours.
fn first(line: &str) -> Result<Box<RunInfo>, String> {
    if let Ok(Event::Started(info)) = serde_json::from_str(line)
        && info.journal == JOURNAL
    {
        return Ok(info);
    }
    let line: Value = serde_json::from_str(line).unwrap_or_default();
    if line["event"] != "started" {
        return Err("does not begin with a run: nothing was recorded yet; start a new run".to_owned());
    }
    let (tool, version) = (line["tool_version"].as_str().unwrap_or("?"), line["journal"].as_u64().unwrap_or(1));
    Err(format!(
        "was written by bankproof {tool} (version {version} of the journal), and this is bankproof {} (version \
         {JOURNAL}): read it with the one that wrote it",
        env!("CARGO_PKG_VERSION")
    ))
}

/// What a journal may say twice.
#[derive(Default)]
struct Seen {
    checks: HashSet<String>,
    exchanges: HashSet<String>,
    resumed: HashSet<(OffsetDateTime, String)>,
}

impl Seen {
    fn is_new(&mut self, event: &Event) -> bool {
        match event {
            Event::CheckFinished(result) => self.checks.insert(result.id.clone()),
            Event::Exchange(exchange) => self.exchanges.insert(exchange.id.clone()),
            Event::Resumed { at, note } => self.resumed.insert((*at, note.clone())),
            Event::Started(_) => false,
            _ => true,
        }
    }
}
