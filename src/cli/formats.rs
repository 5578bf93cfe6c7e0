//! Which reports a command leaves in the folder of a run.

use clap::Args;

use crate::report::{FORMATS, Format};

#[derive(Args, Clone, Debug, Default)]
pub(super) struct FormatArguments {
    #[arg(
        long = "report",
        value_name = "FORMAT,…",
        value_delimiter = ',',
        value_parser = format,
        help = format!("Which reports to leave in the run's folder: {}; all of them unless told", names()),
        long_help = long_help()
    )]
    chosen: Vec<&'static Format>,
}

impl FormatArguments {
    /// What was chosen, or else every format there is.
    pub(super) fn chosen(&self) -> Vec<&'static Format> {
        if self.chosen.is_empty() { FORMATS.iter().collect() } else { self.chosen.clone() }
    }
}

fn names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}

fn long_help() -> String {
    let rows = FORMATS.iter().map(|row| format!("\n  {:<12} {:<16} for {}", row.name, row.file, row.about));
    format!(
        "Which reports to leave in the run's folder, separated by commas; all of them unless told:{}",
        rows.collect::<String>()
    )
}

fn format(name: &str) -> Result<&'static Format, String> {
    if name.is_empty() {
        return Err(format!(
            "a name is missing, as between two commas: write json,junit for two of them. There are {}",
            names()
        ));
    }
    Format::named(name).ok_or_else(|| {
        let nearest = crate::pki::nearest(name, FORMATS.iter().map(|format| format.name));
        let nearest = nearest.first().map_or_else(|| ".".to_owned(), |name| format!("; did you mean {name}?"));
        format!("there is no such report format{nearest} There are {}", names())
    })
}
