//! From a target file to whom it may ask: its lists of hosts are lists of hosts, and nobody in it is production's.

use std::{fs, path::PathBuf};

use toml::Spanned;

use super::{Own, Place, is_host, listed, named};
use crate::targets::{
    Environment, TargetFile,
    load::{Loaded, Loader},
    telling,
};

impl Loader<'_> {
    /// Whom the target may ask.
    pub(in crate::targets) fn own(&self, file: &TargetFile) -> Loaded<Own> {
        if let Some((key, host)) = listed(file).find(|(_, host)| !is_host(host.get_ref())) {
            let mend = "write each host by its name, \"login.bank.example\", with a port where it is one alone: \"login.bank.example:8443\"";
            // It may be a URL with a name and password in it.
            return Err(self.at(host.span(), format!("`{key}` holds what is no host"), mend));
        }
        let production = match &file.production_file {
            Some(path) => self.production(file, path)?,
            None => Vec::new(),
        };
        Ok(Own::of(file).without(production))
    }

    /// What production's file calls its own, none of which this one names.
    fn production(&self, file: &TargetFile, path: &Spanned<PathBuf>) -> Loaded<Vec<Place>> {
        let wrong = |problem: String, mend: &str| self.at(path.span(), problem, mend);
        if file.environment == Environment::Production {
            let problem = "`production_file` stands in a file whose `environment` is \"production\" itself".to_owned();
            return Err(wrong(problem, "leave it out: it tells a test target whom it must never ask"));
        }
        let whole = self.folder.join(path.get_ref());
        let shown = telling::path(&self.folder, path.get_ref())
            .map_or_else(|| "the file that it names".to_owned(), |shown| format!("`{shown}`"));
        let text = fs::read_to_string(&whole).map_err(|error| {
            let problem = format!("`production_file`: {shown} cannot be read: {error}");
            wrong(problem, "it is relative to this file: name production's target file, or leave the key out")
        })?;
        let Ok(production) = toml::from_str::<TargetFile>(&text) else {
            let problem = format!("`production_file`: {shown} is no target file that can be read");
            return Err(wrong(problem, "`bankproof doctor` with that file tells what is wrong in it"));
        };
        if production.environment != Environment::Production {
            let problem = format!("`production_file`: the `environment` of {shown} is not \"production\"");
            return Err(wrong(problem, "name the file of the production system"));
        }
        let places: Vec<Place> = named(&production).iter().filter_map(|(_, named)| named.places().0).collect();
        let shared = named(file).into_iter().find_map(|(key, named)| {
            let place = named.places().0?;
            places.iter().any(|other| other.meets(&place)).then_some((key, place))
        });
        match shared {
            None => Ok(places),
            Some((key, place)) => {
                let problem = format!("`{key}` is at {}, which is production's by {shown}", place.name());
                let mend = "a test target never asks production: correct the address; where both are at one host, leave `production_file` out";
                Err(wrong(problem, mend))
            }
        }
    }
}
