//! `bankproof steps`: the words that feature files can use, each with an example of the catalogue.

use clap::Args;

use super::{Outcome, Stop, list::Format, output};
use crate::run::{
    exit,
    vocabulary::{self, StepInfo},
};

/// Values of a parameter that are shown to people.
const SHOWN: usize = 6;

#[derive(Args, Debug)]
pub(super) struct StepsArguments {
    /// Only steps that hold all these words, in their text, their area or their keyword.
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// For machines.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn steps(arguments: &StepsArguments) -> Outcome {
    let mut steps = vocabulary::all().map_err(Stop::internal)?;
    steps.retain(|step| arguments.words.iter().all(|word| holds(step, &word.to_lowercase())));
    if steps.is_empty() {
        let words = arguments.words.join(" ");
        return Err(Stop::usage(format!("no step holds \"{words}\"; `bankproof steps` lists them all")));
    }
    match arguments.format {
        Format::Json => output::result(&serde_json::to_string_pretty(&steps).map_err(Stop::internal)?),
        Format::Text => print(&steps),
    }
    Ok(exit::CONFORMANT)
}

fn holds(step: &StepInfo, word: &str) -> bool {
    [&step.text, &step.area, &step.keyword].into_iter().any(|text| text.to_lowercase().contains(word))
}

fn print(steps: &[StepInfo]) {
    for (index, step) in steps.iter().enumerate() {
        if index == 0 || steps[index - 1].area != step.area {
            let space = if index == 0 { "" } else { "\n" };
            output::result(&format!("{space}{}", step.area));
        }
        output::result(&format!("  {} {}", step.keyword, step.text));
        if !step.help.is_empty() {
            output::result(&format!("      {}", step.help));
        }
        if step.text != step.example.text {
            output::result(&format!("      as in: {}", step.example.text));
        }
        let more =
            if step.values.len() > SHOWN { format!(" … ({} in all)", step.values.len()) } else { String::new() };
        if step.values.len() > 1 {
            let values: Vec<&str> = step.values.iter().take(SHOWN).map(String::as_str).collect();
            output::result(&format!("      values used: {}{more}", values.join(" | ")));
        }
        output::result(&format!("      {} ({}, line {})", step.example.check, step.example.path, step.example.line));
    }
}
