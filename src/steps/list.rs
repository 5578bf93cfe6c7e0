//! The list of steps: the words that feature files can use, read from the sources of this very folder, and which of them a
//! step of a scenario is.

use std::{path::Path, sync::OnceLock};

use cucumber::gherkin::{Step, StepType};
use include_dir::{Dir, File, include_dir};

use super::dispatch::{self, Unfound};

static SOURCES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/steps");

/// The words of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// `Given`, `When` or `Then`.
    pub keyword: &'static str,
    /// `the TPP redeems the authorization code without {string}`; what stands in `<…>` is a choice, `…` anything.
    pub text: String,
    /// `token`: what it is about.
    pub area: String,
    /// What it does beyond what its words say; often nothing.
    pub help: String,
    line: usize,
}

/// `Given`, `When` or `Then`, also where the scenario says `And`.
pub fn keyword(step: &Step) -> &'static str {
    match step.ty {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}

/// What a step of a scenario turned out to be.
pub enum Known {
    /// One of the list.
    As(&'static Words),
    /// One of the list under another keyword.
    Elsewhere(&'static Words),
    /// Several fit.
    Ambiguous,
    /// None fits.
    Not,
}

/// Every step, by area and in the order of the sources.
pub fn all() -> &'static [Words] {
    static LIST: OnceLock<Vec<Words>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut files = files(&SOURCES);
        files.sort_by_key(|file| file.path());
        files.into_iter().flat_map(|file| read(&area(file.path()), file.contents_utf8().unwrap_or_default())).collect()
    })
}

fn files(folder: &'static Dir<'static>) -> Vec<&'static File<'static>> {
    folder.files().chain(folder.dirs().flat_map(files)).collect()
}

/// What a step of a scenario is.
pub fn find(step: &Step) -> Known {
    match words_of(step) {
        Err(Unfound::Ambiguous(_)) => Known::Ambiguous,
        Ok(words) => Known::As(words),
        Err(Unfound::Not) => {
            let under = |ty: StepType| words_of(&Step { ty, ..step.clone() }).ok();
            let others = [StepType::Given, StepType::When, StepType::Then];
            others.into_iter().find_map(under).map_or(Known::Not, Known::Elsewhere)
        }
    }
}

fn words_of(step: &Step) -> Result<&'static Words, Unfound> {
    let place = dispatch::find(step)?.place.ok_or(Unfound::Not)?;
    let area = area(Path::new(place.path));
    let words = all().iter().find(|words| words.area == area && words.line == place.line as usize);
    words.ok_or(Unfound::Not)
}

/// `berlin group decoupled` for `src/steps/berlin_group/decoupled.rs`, or for what stands after `steps`.
fn area(path: &Path) -> String {
    let below = path.components().rev().take_while(|part| part.as_os_str() != "steps");
    let mut words: Vec<String> = below.map(|part| part.as_os_str().to_string_lossy().replace('_', " ")).collect();
    words.reverse();
    words.join(" ").trim_end_matches(".rs").to_owned()
}

/// The attributes of one source file, each with the comment above it.
fn read(area: &str, source: &str) -> Vec<Words> {
    let lines: Vec<&str> = source.lines().collect();
    let words = |(index, line): (usize, &&str)| {
        let keyword = [("#[given(", "Given"), ("#[when(", "When"), ("#[then(", "Then")]
            .into_iter()
            .find_map(|(start, keyword)| line.starts_with(start).then_some(keyword))?;
        let attribute = lines[index..].iter().take(4).map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let above = lines[..index].iter().rev().skip_while(|line| line.starts_with("#["));
        let mut help: Vec<&str> = above.map_while(|line| line.strip_prefix("/// ")).collect();
        help.reverse();
        Some(Words { keyword, text: text(&attribute)?, area: area.into(), help: help.join(" "), line: index + 1 })
    };
    lines.iter().enumerate().filter_map(words).collect()
}

/// The words of `#[when(expr = "…")]`, `#[when("…")]` or `#[when(regex = r#"…"#)]`, as a reader understands them.
fn text(attribute: &str) -> Option<String> {
    let inner = attribute.split_once('(')?.1.trim_start();
    let is_regex = inner.starts_with("regex");
    let raw = inner.trim_start_matches("regex").trim_start_matches("expr").trim_start_matches(" = ");
    let words = match (raw.strip_prefix("r#\""), raw.strip_prefix("r\""), raw.strip_prefix('"')) {
        (Some(rest), _, _) => rest.split_once("\"#")?.0.to_owned(),
        (_, Some(rest), _) => rest.split_once('"')?.0.to_owned(),
        (_, _, Some(rest)) => rest.split_once("\")]")?.0.replace("\\\"", "\""),
        _ => return None,
    };
    Some(if is_regex { readable(&words) } else { words })
}

/// A pattern without its signs: `^no host agrees to (.+)$` says "no host agrees to …", `(CRL|OCSP)` says `<CRL|OCSP>`.
fn readable(pattern: &str) -> String {
    let plain = pattern.trim_start_matches('^').trim_end_matches('$').replace("(?:", "(");
    let mut parts = plain.split('(');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (group, rest) = part.split_once(')').unwrap_or((part, ""));
        let group = match group.find(['.', '[', '\\']) {
            Some(0) => "…".to_owned(),
            Some(at) => format!("{}…", group[..at].trim_end_matches('[')),
            None => format!("<{group}>"),
        };
        text.push_str(&group);
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_become_words() {
        for (attribute, words) in [
            (r#"#[given("the TPP holds a token")]"#, "the TPP holds a token"),
            (r#"#[when(expr = "the TPP sends {string}")] async fn x"#, "the TPP sends {string}"),
            (r#"#[then("the issuer comes back as \"iss\"")]"#, "the issuer comes back as \"iss\""),
            (r#"#[when(regex = r"^told by (CRL|OCSP)$")]"#, "told by <CRL|OCSP>"),
            (r#"#[when( regex = r"^told of (.+)$" )]"#, "told of …"),
            (
                r##"#[then(regex = r#"^the (?:initiation|request) is refused with ("[A-Z].*)$"#)]"##,
                "the <initiation|request> is refused with \"…",
            ),
        ] {
            assert_eq!(text(attribute).unwrap(), words);
        }
    }

    #[test]
    fn each_attribute_is_in_the_list() {
        let attributes = |file: &File<'_>| {
            let lines = file.contents_utf8().unwrap().lines();
            lines.filter(|line| ["#[given(", "#[when(", "#[then("].iter().any(|start| line.starts_with(start))).count()
        };
        let all_attributes: usize = files(&SOURCES).into_iter().map(attributes).sum();
        assert!(all_attributes > 200);
        assert_eq!(all().len(), all_attributes);
    }
}
