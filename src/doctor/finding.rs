//! What the doctor says: a name, a cause in plain words, the layer at fault, and a mend.

use serde::{Deserialize, Serialize};

use crate::evidence::recorder::Recorder;

/// Slips of the user's that only the bank can tell of.
const SLIPS: [&str; 3] = ["client-unknown", "product-unknown", "payer-refused"];

/// No cause is longer, in characters: part of it may be written by others.
const LONGEST: usize = 600;

/// Where the fault lies.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The target file, or a file that it names.
    File,
    /// The way to the bank: names, routes, proxies.
    Network,
    /// What ends the TLS in front of the bank, and what stands there.
    Gateway,
    /// The bank's authorization server.
    AuthorizationServer,
    /// What is behind: payments, the customer's pages.
    Core,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The bank cannot be judged like that.
    Error,
    /// It can, and some of its checks will suffer.
    Warning,
    /// Worth knowing.
    Note,
}

/// One thing that was found.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `clock-skew`: the same for ever, so that scripts can look for it.
    pub name: String,
    /// Where the fault lies.
    pub layer: Layer,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in plain words.
    pub cause: String,
    /// What to do.
    pub mend: String,
}

impl Layer {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::File => "target file",
            Self::Network => "network",
            Self::Gateway => "gateway",
            Self::AuthorizationServer => "authorization server",
            Self::Core => "core",
        }
    }
}

impl Finding {
    /// An error.
    pub(super) fn error(layer: Layer, name: &str, cause: impl AsRef<str>, mend: impl Into<String>) -> Self {
        Self { name: name.into(), layer, severity: Severity::Error, cause: cause.as_ref().into(), mend: mend.into() }
    }

    /// As it is told to anybody: without secrets, and on one line. In that order, or a half of a secret would be left where
    /// the line is cut.
    pub(super) fn told(self, recorder: &Recorder) -> Self {
        let (cause, mend) = (clean(&recorder.redact(&self.cause)), clean(&recorder.redact(&self.mend)));
        Self { cause, mend, ..self }
    }

    /// What the user has to mend, and no judge may hold against the bank: what is wrong in the target file, and a client that
    /// the bank does not know.
    pub fn is_the_users(&self) -> bool {
        self.severity == Severity::Error && (self.layer == Layer::File || SLIPS.contains(&self.name.as_str()))
    }

    /// A warning.
    pub(super) fn warning(layer: Layer, name: &str, cause: impl AsRef<str>, mend: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(layer, name, cause, mend) }
    }

    /// A note.
    pub(super) fn note(layer: Layer, name: &str, cause: impl AsRef<str>, mend: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(layer, name, cause, mend) }
    }
}

/// Bounded, on one line, and with nothing in it that steers a terminal.
pub(super) fn clean(text: &str) -> String {
    let steers = |character: char| {
        character.is_control() || matches!(character, '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words: String = text.chars().map(|one| if steers(one) { ' ' } else { one }).take(4 * LONGEST).collect();
    let mut line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}
