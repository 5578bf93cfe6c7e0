//! Each judge has a table of its own in a test: it is named in one, with its subject where another judge could be meant.

use std::{collections::BTreeMap, fs, path::Path};

use super::source::{self, Source, code};

/// What stands in a file of tests, or in the tests of a file.
struct Tests {
    /// `src/judge/token.rs`.
    path: String,
    code: String,
}

/// Every public judge, as its tests call it: `token::refused`, by the file that it stands in.
fn judges(sources: &[Source]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.area() == "judge") {
        let own = Source::new(source.path.clone(), before_tests(&source.code));
        for function in own.functions() {
            if function.before.contains("pub") && !function.before.contains("pub(") && function.returns == "Finding" {
                found.push((source.path.clone(), format!("{}::{}", subject(&source.path), function.name)));
            }
        }
    }
    found
}

/// `token` for `src/judge/token.rs`; some folders re-export their judges.
fn subject(path: &str) -> &str {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    match parts[..] {
        [.., folder, "mod"] | [.., folder @ ("uk_open_banking" | "berlin_group" | "every_answer"), _] => folder,
        [.., file] => file,
        [] => "",
    }
}

fn before_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The tests beside the judges, and those of `tests/`.
fn tests(sources: &[Source]) -> Vec<Tests> {
    let is_whole = |path: &str| {
        path.ends_with("/tests.rs")
            || path.contains("/tables/")
            || path.ends_with("/tables.rs")
            || path.ends_with("/lawful.rs")
    };
    let beside = sources.iter().filter(|source| source.area() == "judge").map(|source| Tests {
        path: source.path.clone(),
        code: if is_whole(&source.path) { &source.code } else { &source.code[before_tests(&source.code).len()..] }
            .to_owned(),
    });
    let mut outside = Vec::new();
    source::collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut outside);
    let outside = outside.into_iter().map(|path| Tests {
        path: path.to_string_lossy().into_owned(),
        code: code(&fs::read_to_string(&path).unwrap()),
    });
    beside.chain(outside).collect()
}

fn is_named(tests: &[Tests], path: &str, judge: &str) -> bool {
    let (_, name) = judge.split_once("::").unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    tests.iter().any(|tests| {
        let is_beside = tests.path == path || tests.path == format!("{folder}/tests.rs");
        has_word(&tests.code, judge) || (is_beside && has_word(&tests.code, name))
    })
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

#[test]
fn each_judge_is_named_in_a_test() {
    let sources = source::all();
    let (judges, tests) = (judges(&sources), tests(&sources));
    assert!(judges.len() > 90, "only {} judges were found: the rule has gone blind", judges.len());
    let mut without: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, judge) in judges.iter().filter(|(path, judge)| !is_named(&tests, path, judge)) {
        without.entry(path).or_default().push(judge);
    }
    assert!(
        without.is_empty(),
        "no test names these judges: {without:#?}\nmend: a table in src/judge/tables/, by subject: answers that hold, that are \
         broken, and near misses of both"
    );
}

#[test]
fn a_judge_without_a_table_is_seen() {
    let source = |path: &str, text: &str| Source::new(path.into(), text);
    let own = "pub fn lone(x: u8) -> Finding { y() }\npub fn told(x: u8) -> Finding { y() }\nfn y() -> Finding { z }\n\
               #[cfg(test)]\nmod tests { fn t() { told(1) } }";
    let sources = [
        source("src/judge/moon.rs", own),
        source("src/judge/tables/sun.rs", "// moon::lone\nfn t() { sun::lone(1); moon::lonely(1) }"),
    ];
    let (judges, tests) = (judges(&sources), tests(&sources));
    let named: Vec<_> = judges.iter().map(|(path, judge)| (judge.as_str(), is_named(&tests, path, judge))).collect();
    assert_eq!(named, [("moon::lone", false), ("moon::told", true)]);
}
