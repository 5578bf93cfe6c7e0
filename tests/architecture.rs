//! Who may use whom, who may print, where a dialect's words stand, and that no `Given` or `When` can accuse the bank.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

#[path = "architecture/dialects.rs"]
mod dialects;
#[path = "architecture/judges.rs"]
mod judges;
#[path = "architecture/source.rs"]
mod source;

use std::{fs, path::Path};

use source::{Function, Named, Source};

/// Each area of the house, and what it may use of the others: a whole area, or one thing in it.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("catalogue", &[]),
    ("evidence", &[]),
    ("pki", &[]),
    ("targets", &["pki", "evidence::operation", "catalogue::profiles"]),
    ("judge", &["evidence", "catalogue"]),
    ("tpp", &["evidence", "pki", "targets"]),
    // Never tpp, judge or evidence: one misreading on both sides would agree with itself.
    ("bank", &["pki"]),
    ("steps", &["tpp", "judge", "evidence", "targets", "catalogue", "pki"]),
    // The bank only to start it, the TPP only to open its session.
    (
        "run",
        &[
            "steps",
            "judge",
            "catalogue",
            "targets",
            "evidence",
            "pki",
            "bank",
            "doctor",
            "tpp::Trouble",
            "tpp::session::Session",
        ],
    ),
    ("doctor", &["tpp", "targets", "pki", "evidence", "catalogue"]),
    ("report", &["run::event"]),
    ("cli", &["run", "doctor", "report", "bank", "tpp", "judge", "evidence", "targets", "catalogue", "pki"]),
];

/// What prints or exits.
const LOUD: [&str; 9] =
    ["println!", "print!", "eprintln!", "eprint!", "dbg!", "process::exit", "process::abort", "stdout()", "stderr()"];

/// Who may, outside of the command line: the progress bar has to know where it stands.
const MAY_BE_LOUD: [(&str, &str); 1] = [("src/report/terminal/mod.rs", "stderr()")];

#[test]
fn each_area_uses_only_what_it_may() {
    let complaints: Vec<String> = source::all().iter().flat_map(trespasses).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn only_the_command_line_prints_or_exits() {
    let sources = source::all();
    let complaints: Vec<String> = sources.iter().flat_map(noises).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    for (path, word) in MAY_BE_LOUD {
        let needed = sources.iter().any(|source| source.path == path && has_word(&source.code, word));
        assert!(needed, "{path} has no {word} any more: take the exception away");
    }
}

#[test]
fn no_given_or_when_can_accuse_the_bank() {
    let steps: Vec<Source> = source::all().into_iter().filter(|source| source.area() == "steps").collect();
    let complaints: Vec<String> = steps.iter().flat_map(accusations).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    let judging = steps.iter().flat_map(Source::functions).filter(|function| is_a(function, "then")).count();
    assert!(judging > 50, "only {judging} Then functions were found: the rule has gone blind");
}

#[test]
fn the_words_of_a_dialect_stand_in_its_rooms() {
    let sources = source::all();
    let mut complaints: Vec<String> = sources.iter().flat_map(dialects::strays).collect();
    complaints.extend(dialects::idle_exceptions(&sources));
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn whoever_asks_for_the_dialect_thinks_of_each() {
    let complaints: Vec<String> = source::all().iter().flat_map(dialects::comparisons).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    let compared = Source::new("src/targets/moon.rs".into(), "fn f() {\n    x.dialect != Dialect::None;\n}");
    assert_eq!(dialects::comparisons(&compared).len(), 1, "the rule has gone blind");
}

fn trespasses(source: &Source) -> Vec<String> {
    let area = source.area();
    if area.is_empty() {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == area) else {
        return vec![format!("{}: the area {area} is not in the table of who may use whom", source.path)];
    };
    let is_area = |named: &Named| named.segments.first().is_some_and(|first| MAY_USE.iter().any(|(a, _)| a == first));
    let may = |named: &Named| {
        let path = named.segments.join("::");
        named.segments[0] == area
            || allowed.iter().any(|allowed| path == *allowed || path.starts_with(&format!("{allowed}::")))
    };
    let complain = |named: Named| {
        let allowed = if allowed.is_empty() { "nothing of ours".into() } else { allowed.join(", ") };
        format!("{}:{}: uses {}; {area} may use {allowed}", source.path, named.line, named.segments.join("::"))
    };
    source.names().into_iter().filter(is_area).filter(|named| !may(named)).map(complain).collect()
}

fn noises(source: &Source) -> Vec<String> {
    if source.area() == "cli" {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (index, line) in source.code.lines().enumerate() {
        let loud = LOUD.iter().filter(|word| has_word(line, word));
        let unexcused = loud.filter(|word| !MAY_BE_LOUD.contains(&(source.path.as_str(), **word)));
        complaints.extend(
            unexcused.map(|word| format!("{}:{}: {word}; only src/cli prints and exits", source.path, index + 1)),
        );
    }
    complaints
}

fn accusations(source: &Source) -> Vec<String> {
    let names = source.names();
    let judges: Vec<&str> = names
        .iter()
        .filter(|named| named.segments.first().is_some_and(|first| first == "judge"))
        .map(|named| named.alias.as_str())
        .collect();
    let functions = source.functions();
    let thens: Vec<&str> = functions.iter().filter(|f| is_a(f, "then")).map(|f| f.name.as_str()).collect();
    functions.iter().flat_map(|function| accusations_of(source, function, &judges, &thens)).collect()
}

fn accusations_of(source: &Source, function: &Function, judges: &[&str], thens: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut require = |good: bool, problem: String| {
        if !good {
            complaints.push(format!("{}:{}: fn {} {problem}", source.path, function.line, function.name));
        }
    };
    let prepares = is_a(function, "given") || is_a(function, "when");
    require(!prepares || function.returns == "Prepared", "is a Given or When and must return Prepared".into());
    // What makes findings into outcomes is the World; it is no step.
    if source.path == "src/steps/world.rs" {
        return complaints;
    }
    if is_a(function, "then") {
        require(function.returns == "Judged", "is a Then and must return Judged".into());
        require(!prepares, "is a Then and a Given or When at once".into());
        require(!function.before.contains("pub"), "is a Then: nobody else may call it".into());
        return complaints;
    }
    require(function.returns != "Judged", "returns Judged and is no Then".into());
    for judge in judges {
        let called = calls(&function.body, judge, "::") || calls(&function.body, judge, "(");
        require(!called, format!("calls the judge {judge}: only a Then may"));
    }
    for then in thens {
        require(!calls(&function.body, then, "("), format!("calls the Then {then}"));
    }
    for way in [".judge(", ".judge_last(", ".judge_authorization(", "crate::judge::"] {
        require(!function.body.contains(way), format!("has {way}: only a Then judges"));
    }
    complaints
}

/// It carries that attribute of the engine.
fn is_a(function: &Function, keyword: &str) -> bool {
    function.before.contains(&format!("#[{keyword}("))
}

/// `name` begins a path there, followed by `then`: neither a method, nor the end of a longer path or word.
fn calls(body: &str, name: &str, then: &str) -> bool {
    let begins = |at: usize| !body[..at].ends_with(|c: char| c.is_alphanumeric() || ['_', '.', ':'].contains(&c));
    body.match_indices(&format!("{name}{then}")).any(|(at, _)| begins(at))
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn made_up(path: &str, text: &str) -> Source {
    Source::new(path.into(), text)
}

#[test]
fn a_forbidden_path_is_seen_however_it_is_written() {
    for text in [
        "use crate::judge;",
        "use crate::{\n    pki::{self, TestPki},\n    judge::{token as t, Finding},\n};",
        "fn f() { let x = crate::judge::token::issued(1); }",
        "use super::super::judge::Finding;",
        "const C: char = '\"'; use crate::judge::Finding; const D: &str = \"\";",
    ] {
        let complaints =
            trespasses(&made_up("src/bank/oauth/token/code.rs", &text.replace("super::", "super::super::")));
        assert!(!complaints.is_empty() && complaints[0].contains("judge"), "{text}: {complaints:?}");
    }
    let innocent =
        "// crate::judge::x\n/* use crate::tpp; */ const A: &str = r#\"crate::run::x \" \"#; use super::judge;";
    assert_eq!(trespasses(&made_up("src/bank/oauth/token/code.rs", innocent)), Vec::<String>::new());
    let complaints = trespasses(&made_up("src/run/x.rs", "\nuse crate::tpp::{Trouble, payments};"));
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].starts_with("src/run/x.rs:2: uses tpp::payments; run may use "), "{complaints:?}");
    assert!(trespasses(&made_up("src/attic/x.rs", ""))[0].contains("not in the table"));
}

#[test]
fn a_loud_line_is_seen() {
    let complaints = noises(&made_up("src/run/x.rs", "\nfn f() { println!(\"eprintln!\"); bar.println(x) }"));
    assert_eq!(complaints, ["src/run/x.rs:2: println!; only src/cli prints and exits"]);
}

#[test]
fn an_accusing_step_is_seen() {
    let begin = "use crate::judge::{token as judge, Finding};\n";
    for (step, word) in [
        ("#[given(\"x\")] fn f(w: &mut World) -> Judged { w.x() }", "must return Prepared"),
        ("#[when(expr = \"x\")] async fn f(w: &mut World) -> Prepared { judge::issued(w) }", "calls the judge judge"),
        ("fn f(w: &mut World) -> Finding { Finding::Unclear(1) }", "calls the judge Finding"),
        ("#[then(\"x\")] fn f(w: &mut World) -> Prepared { w.x() }", "must return Judged"),
        ("#[then(\"x\")] pub fn f(w: &mut World) -> Judged { w.x() }", "nobody else may call it"),
        ("fn f(w: &mut World) -> Prepared { w.judge_last(1) }", "only a Then judges"),
        ("#[then(\"x\")] fn g() -> Judged { x() } fn f() -> Prepared { g() }", "calls the Then g"),
    ] {
        let complaints = accusations(&made_up("src/steps/x.rs", &format!("{begin}{step}")));
        assert!(complaints.iter().any(|complaint| complaint.contains(word)), "{step}: {complaints:?}");
    }
}

#[test]
fn a_stray_word_of_a_dialect_is_found() {
    let copy = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = copy.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in ["src/judge/token.rs", "src/judge/mod.rs"] {
        write(path, &fs::read_to_string(root.join(path)).unwrap());
    }
    let strays = || source::all_in(copy.path()).iter().flat_map(dialects::strays).collect::<Vec<_>>();
    assert_eq!(strays(), Vec::<String>::new());

    let planted = |path: &str, text: &str| {
        let before = fs::read_to_string(root.join(path)).unwrap_or_default();
        write(path, &format!("fn planted() {{ {text} }}\n{before}"));
        let found = strays();
        fs::remove_file(copy.path().join(path)).unwrap();
        found
    };
    for (text, word) in [
        (r#"is_api(path.starts_with("/v1/"))"#, "/v1"),
        (r#"body["instructedAmount"]["amount"] = 1"#, "instructedAmount"),
        (r##"let told = r#"{"scaStatus":"final"}"#;"##, "scaStatus"),
        (r#"header("x-fapi-interaction-id")"#, "x-fapi-"),
        (r#"matches!(status, "RJCT" | "X")"#, "RJCT"),
    ] {
        let found = planted("src/judge/token.rs", text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(&format!("src/judge/token.rs:1: \"{word}\" is a word of ")), "{found:?}");
        assert_eq!(planted("src/judge/dialect.rs", text), Vec::<String>::new());
    }
    let innocent = "} // \"/v1/\"\n/// `\"scaStatus\"`\nfn f() { let scaStatus = \"v1\"; }\n\
                    #[cfg(test)]\nmod tests { const A: &str = \"RCVD\"; }\nfn g() {";
    assert_eq!(planted("src/judge/token.rs", innocent), Vec::<String>::new());
    assert_eq!(planted("src/bank/berlin_group/x.rs", "f(\"PIS:\")"), Vec::<String>::new());
    assert_eq!(planted("src/bank/uk_open_banking/x.rs", "f(\"PIS:\")").len(), 1);
}
