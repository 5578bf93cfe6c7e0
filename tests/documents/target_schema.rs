//! The JSON Schema of the target file: it is the committed one, it takes what we show and write and refuses the rest, and the
//! documentation tells every key of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "target_schema/canaries.rs"]
mod canaries;

use std::{collections::BTreeSet, fs, path::Path};

use assert_cmd::output::OutputOkExt;
use bankproof::{
    bank::Settings,
    run::bundled,
    targets::{self, schema::schema},
};
use serde_json::{Value, json};

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_committed_one_is_that_of_the_types() {
    let command = "cargo run -- init --schema > docs/target.schema.json";
    let committed: Value = serde_json::from_str(&page("docs/target.schema.json")).unwrap();
    assert!(committed == schema(), "docs/target.schema.json is out of date; make it anew: {command}");
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_bankproof")).args(["init", "--schema"]).unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), page("docs/target.schema.json"));
}

/// Every TOML example that is a whole target file.
fn examples() -> Vec<String> {
    let pages = [page("README.md"), page("docs/target.md")];
    let blocks = pages.iter().flat_map(|page| page.split("```toml\n").skip(1));
    let blocks = blocks.map(|rest| rest.split("\n```").next().unwrap().to_owned());
    blocks.filter(|block| block.contains("[server]")).collect()
}

fn complaints(text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[tokio::test]
async fn it_takes_what_we_show_and_what_we_write() {
    let examples = examples();
    assert!(examples.len() >= 2, "the README and docs/target.md show target files");
    for example in examples {
        assert_eq!(complaints(&example), Vec::<String>::new(), "{example}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundled.toml");
    let (bank, pki) = bundled::start(Settings::default()).await.unwrap();
    bundled::write_target(&path, &bank, &pki, &BTreeSet::new()).unwrap();
    assert_eq!(complaints(&fs::read_to_string(&path).unwrap()), Vec::<String>::new());
}

/// How an example is broken, and what the loader says of it.
const WRONG: [(&str, &str, &str); 6] = [
    ("name = ", "nmae = ", "`nmae`"),
    ("environment = \"test\"", "environment = \"sandbox\"", "sandbox"),
    ("client_id = \"PSDDE-BAFIN-100001\"", "client_id = 100001", "`identity.client_id`"),
    ("[server]", "[sever]", "`sever`"),
    ("buttons = {", "button = {", "`psu.button`"),
    ("name = \"tpp-a\"", "", "`identity.name`"),
];

#[test]
fn it_refuses_what_the_loader_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.toml");
    for (right, wrong, word) in WRONG {
        let text = examples()[0].replacen(right, wrong, 1);
        assert!(!complaints(&text).is_empty(), "the schema takes {wrong}");
        fs::write(&path, text).unwrap();
        let errors = targets::load_all(&path).unwrap_err();
        assert!(errors.iter().any(|error| error.problem.contains(word)), "{wrong}: {errors:?}");
    }
}

#[test]
fn every_mistake_in_its_form_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.toml");
    let text = WRONG.iter().fold(examples()[0].clone(), |text, (right, wrong, _)| text.replacen(right, wrong, 1));
    fs::write(&path, text).unwrap();
    let errors = targets::load_all(&path).unwrap_err();
    for (_, wrong, word) in WRONG {
        assert!(errors.iter().any(|error| error.problem.contains(word)), "{wrong}: {errors:?}");
    }
    assert!(errors.iter().all(|error| error.line.is_some() || error.problem.contains("is missing")), "{errors:?}");
}

#[test]
fn the_documentation_tells_every_key() {
    let schema = schema();
    let page = page("docs/target.md");
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    let mut missing = Vec::new();
    for (table, key) in keys(&schema, &schema, "", &mut Vec::new()) {
        let first = table.split('.').next().unwrap_or_default();
        let is_about = |section: &&&str| match first {
            "" => section.starts_with("Top level") || section.contains(&format!("[{key}")),
            first => section.contains(&format!("[{first}")),
        };
        let told = sections.iter().filter(is_about).any(|section| words_in_code(section).contains(key.as_str()));
        if !told {
            missing.push(format!("{table}.{key}"));
        }
    }
    assert!(missing.is_empty(), "docs/target.md does not tell, in a section about their table: {missing:?}");
}

/// Every key with the path of its table.
fn keys<'a>(whole: &'a Value, at: &'a Value, path: &str, above: &mut Vec<&'a str>) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    if !at.is_object() {
        return found;
    }
    if let Some(reference) = at["$ref"].as_str() {
        if above.contains(&reference) {
            return found;
        }
        above.push(reference);
        found.extend(keys(whole, whole.pointer(&reference[1..]).unwrap(), path, above));
        above.pop();
    }
    for (key, value) in at["properties"].as_object().into_iter().flatten() {
        found.insert((path.to_owned(), key.clone()));
        let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        found.extend(keys(whole, value, &below, above));
    }
    let choices = ["anyOf", "oneOf", "allOf"].iter().flat_map(|name| at[*name].as_array().into_iter().flatten());
    for inner in choices.chain([&at["items"], &at["additionalProperties"]]) {
        found.extend(keys(whole, inner, path, above));
    }
    found
}

/// The words between backticks, and in fenced blocks.
fn words_in_code(section: &str) -> BTreeSet<&str> {
    let code = section.split('`').skip(1).step_by(2);
    code.flat_map(|span| span.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')).collect()
}

#[test]
fn the_schema_says_what_each_key_is_for() {
    let schema = schema();
    let tables = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for (key, property) in tables.flat_map(|table| table["properties"].as_object().into_iter().flatten()) {
        assert!(property["description"].is_string(), "the key {key} has no doc comment: {property}");
    }
    assert_eq!(schema["additionalProperties"], json!(false), "an unknown key is a mistake");
}
