//! Reading Rust sources as far as the rules need it: what is code, which paths it names, which functions it has.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source file; comments and literals are blanked out, line breaks are where they were.
pub(crate) struct Source {
    /// `src/run/engine.rs`.
    pub(crate) path: String,
    /// The code alone.
    pub(crate) code: String,
    /// The literals outside of tests, as written, each with its line from 1.
    pub(crate) literals: Vec<(usize, String)>,
}

/// A path from the root of the crate, as some line names it.
#[derive(Debug, PartialEq)]
pub(crate) struct Named {
    /// `["tpp", "session", "Session"]`.
    pub(crate) segments: Vec<String>,
    /// What the line calls it: the last segment, or what stands after `as`.
    pub(crate) alias: String,
    /// From 1.
    pub(crate) line: usize,
}

/// A function, with what stands before it.
pub(crate) struct Function {
    /// Attributes and visibility.
    pub(crate) before: String,
    pub(crate) name: String,
    /// Empty where it returns nothing.
    pub(crate) returns: String,
    pub(crate) body: String,
    /// Of the word `fn`, from 1.
    pub(crate) line: usize,
}

/// Every source file of the house, in order.
pub(crate) fn all() -> Vec<Source> {
    all_in(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// Every source file of the house that stands there.
pub(crate) fn all_in(root: &Path) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    let path = |file: &PathBuf| file.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let mut sources: Vec<Source> =
        files.iter().map(|file| Source::new(path(file), &fs::read_to_string(file).unwrap())).collect();
    let tests: Vec<String> = sources.iter().flat_map(Source::files_of_tests).collect();
    for source in sources.iter_mut().filter(|source| tests.contains(&source.path)) {
        source.literals.clear();
    }
    sources
}

pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The text with comments and literals blanked out.
pub(crate) fn code(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < characters.len() {
        match skipped(&characters, at) {
            Some(end) => {
                out.extend(characters[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
                at = end;
            }
            None => {
                out.push(characters[at]);
                at += 1;
            }
        }
    }
    out
}

/// The literals of a text that are in none of its tests.
fn literals(text: &str, code: &str) -> Vec<(usize, String)> {
    let (characters, code): (Vec<char>, Vec<char>) = (text.chars().collect(), code.chars().collect());
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < characters.len() {
        let end = end_of_tests(&code, at).or_else(|| skipped(&characters, at)).unwrap_or(at + 1);
        let piece: String = characters[at..end].iter().collect();
        if piece.starts_with('"') || piece.starts_with("r\"") || piece.starts_with("r#") {
            found.push((line, piece.clone()));
        }
        line += piece.matches('\n').count();
        at = end;
    }
    found
}

/// The end of the tests that begin there, which stand in the file itself.
fn end_of_tests(code: &[char], at: usize) -> Option<usize> {
    if code[at] != '#' {
        return None;
    }
    let rest: String = code[at..].iter().collect();
    let module = rest.strip_prefix(TESTS)?;
    let open = module.find(['{', ';']).filter(|open| module[*open..].starts_with('{'))?;
    let length = TESTS.len() + open + enclosed(&module[open..], '{', '}')?;
    Some(at + rest[..length].chars().count())
}

const TESTS: &str = "#[cfg(test)]";

/// The end of the comment or literal that begins there.
fn skipped(text: &[char], at: usize) -> Option<usize> {
    let until = |from: usize, end: &str| {
        let end: Vec<char> = end.chars().collect();
        (from..text.len()).find(|i| text[*i..].starts_with(&end)).map_or(text.len(), |i| i + end.len())
    };
    let follows = |words: &str| words.chars().enumerate().all(|(i, c)| text.get(at + i) == Some(&c));
    let inside_a_word = at > 0 && (text[at - 1].is_alphanumeric() || text[at - 1] == '_');
    if follows("//") {
        return Some(until(at, "\n") - 1);
    }
    if follows("/*") {
        return Some(until(at + 2, "*/"));
    }
    if text[at] == '"' {
        return Some(end_of_quoted(text, at + 1, '"'));
    }
    if text[at] == '\'' {
        // Else it is a lifetime.
        let is_literal = text.get(at + 1) == Some(&'\\') || text.get(at + 2) == Some(&'\'');
        return is_literal.then(|| end_of_quoted(text, at + 1, '\''));
    }
    if text[at] == 'r' && !inside_a_word {
        let hashes = text[at + 1..].iter().take_while(|c| **c == '#').count();
        let is_raw = text.get(at + 1 + hashes) == Some(&'"');
        return is_raw.then(|| until(at + 2 + hashes, &format!("\"{}", "#".repeat(hashes))));
    }
    None
}

fn end_of_quoted(text: &[char], mut at: usize, quote: char) -> usize {
    while at < text.len() && text[at] != quote {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

impl Source {
    /// The source of that text.
    pub(crate) fn new(path: String, text: &str) -> Self {
        let code = code(text);
        Self { path, literals: literals(text, &code), code }
    }

    /// The files that the file declares to hold tests alone.
    fn files_of_tests(&self) -> Vec<String> {
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let declared = self.code.match_indices(TESTS).filter_map(|(at, _)| {
            let (name, _) = self.code[at + TESTS.len()..].trim_start().strip_prefix("mod ")?.split_once(';')?;
            Some(name.trim().to_owned())
        });
        declared.filter(|name| !name.contains('{')).map(|name| format!("{folder}/{name}.rs")).collect()
    }

    /// `run` for `src/run/engine.rs`; empty for what stands in `src` itself.
    pub(crate) fn area(&self) -> &str {
        let parts: Vec<&str> = self.path.split('/').collect();
        if parts.len() > 2 { parts[1] } else { "" }
    }

    /// Every path from the root of the crate that the file names, with what it calls it.
    pub(crate) fn names(&self) -> Vec<Named> {
        let mut found = Vec::new();
        for root in ["crate::", "super::"] {
            let starts = self.code.match_indices(root).map(|(at, _)| at);
            let begins =
                |at: &usize| !self.code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            for at in starts.filter(begins) {
                let mut tree = Tree { text: &self.code, at, found: Vec::new() };
                tree.read(&[]);
                found.extend(tree.found.into_iter().filter_map(|(segments, alias, at)| {
                    Some(Named { segments: self.rooted(segments)?, alias, line: line_of(&self.code, at) })
                }));
            }
        }
        found.sort_by_key(|named| named.line);
        found
    }

    /// `None` for a path that stays below the root.
    fn rooted(&self, mut segments: Vec<String>) -> Option<Vec<String>> {
        let depth = self.path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count() - 1;
        let supers = segments.iter().take_while(|segment| *segment == "super").count();
        match segments.first()?.as_str() {
            "crate" => drop(segments.remove(0)),
            _ if supers >= depth => drop(segments.drain(..supers)),
            _ => return None,
        }
        segments.retain(|segment| segment != "self");
        Some(segments)
    }

    /// Every function that has a body.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let starts = self.code.match_indices("fn ").map(|(at, _)| at);
        let is_word = |at: &usize| !self.code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        starts.filter(is_word).filter_map(|at| self.function(at)).collect()
    }

    fn function(&self, at: usize) -> Option<Function> {
        let (before, rest) = self.code.split_at(at);
        let begins = before.rfind(['{', '}', ';']).map_or(0, |end| end + 1);
        let open = rest.find('(')?;
        let parameters = enclosed(&rest[open..], '(', ')')?;
        let after = &rest[open + parameters..];
        let body = after.find('{').filter(|brace| after.find(';').is_none_or(|semicolon| brace < &semicolon))?;
        let returns = after[..body].trim().trim_start_matches("->").trim();
        Some(Function {
            before: before[begins..].to_owned(),
            name: rest[3..open].split('<').next()?.trim().to_owned(),
            returns: returns.to_owned(),
            body: after[body..body + enclosed(&after[body..], '{', '}')?].to_owned(),
            line: line_of(&self.code, at),
        })
    }
}

/// How long the text is that the bracket at its beginning encloses, brackets and all.
fn enclosed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        depth += i32::from(character == open) - i32::from(character == close);
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Reads one path, or a tree of them as `use` has it.
struct Tree<'a> {
    text: &'a str,
    at: usize,
    found: Vec<(Vec<String>, String, usize)>,
}

impl Tree<'_> {
    fn read(&mut self, prefix: &[String]) {
        let (mut segments, began) = (prefix.to_vec(), self.at);
        loop {
            self.skip_space();
            if self.take("{") {
                return self.branches(&segments);
            }
            let word = self.word();
            if word.is_empty() {
                break;
            }
            segments.push(word);
            if !self.take("::") {
                break;
            }
        }
        let alias = if self.take(" as ") { self.word() } else { named(&segments) };
        self.found.push((segments, alias, began));
    }

    fn branches(&mut self, prefix: &[String]) {
        loop {
            self.skip_space();
            if self.at >= self.text.len() || self.take("}") {
                return;
            }
            let before = self.at;
            self.read(prefix);
            self.skip_space();
            if !self.take(",") && self.at == before {
                return;
            }
        }
    }

    fn word(&mut self) -> String {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*')).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn take(&mut self, what: &str) -> bool {
        let takes = self.text[self.at..].starts_with(what);
        self.at += if takes { what.len() } else { 0 };
        takes
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }
}

/// What a path is called where nothing else is said: `judge::{self}` is `judge`.
fn named(segments: &[String]) -> String {
    segments.iter().rev().find(|segment| *segment != "self").cloned().unwrap_or_default()
}
