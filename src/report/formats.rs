//! The report formats: one row each, from which a run chooses what it leaves behind, and the help says what there is.

use crate::run::event::RunRecord;

use super::{BoxedError, ReportError, html, json, junit};

/// A way to write a run down.
#[derive(Debug)]
pub struct Format {
    /// What it is chosen by: `html`.
    pub name: &'static str,
    /// Its file in the run's folder: `report.html`.
    pub file: &'static str,
    /// For whom and what it is.
    pub about: &'static str,
    render: fn(&RunRecord) -> Result<String, BoxedError>,
}

/// Every format, in the order in which they are written.
pub static FORMATS: &[Format] = &[
    Format {
        name: "json",
        file: "results.json",
        about: "programs: `schema/results-v1.schema.json` describes it (JSON Schema 2020-12)",
        render: json::render,
    },
    Format { name: "junit", file: "junit.xml", about: "build servers: one case for each check", render: junit::render },
    Format {
        name: "html",
        file: "report.html",
        about: "people: one file, readable offline and without script, printable",
        render: html::render,
    },
];

impl Format {
    /// The format of that name, if there is one.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The run in this format.
    ///
    /// # Errors
    /// Only on a fault of ours: everything in a record can be said in every format.
    pub fn render(&self, record: &RunRecord) -> Result<String, ReportError> {
        (self.render)(record).map_err(|source| ReportError::Render { file: self.file, source })
    }
}
