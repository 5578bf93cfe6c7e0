//! A secret may stand anywhere in a target file by mistake: whatever is then wrong with the file, no message shows it.

use std::{collections::BTreeSet, fs, path::Path};

use bankproof::{bank::Settings, run::bundled, targets};
use serde_json::Value;
use toml::{Table, Value as Toml};

const CANARY: &str = "Sesame/Canary+0815";
const NUMBER: i64 = 4_711_081_500;
/// Below these keys a URL with a user is a secret, is sent as it is, or is an argument of a program.
const NOT_OURS: [&str; 9] =
    ["secrets", "client_secret", "key_password", "proxy_password", "headers", "body", "fields", "command", "run"];

/// Where a key stands: names of tables, and `#` for an entry of an array.
type Place = Vec<String>;

/// Every key of the schema.
fn places(whole: &Value, at: &Value, path: &Place, above: &mut Vec<String>, found: &mut BTreeSet<Place>) {
    if let Some(reference) = at["$ref"].as_str() {
        if above.iter().any(|known| known == reference) {
            return;
        }
        above.push(reference.to_owned());
        places(whole, whole.pointer(&reference[1..]).unwrap(), path, above, found);
        above.pop();
    }
    let below = |name: &str| [&path[..], &[name.to_owned()]].concat();
    for (key, value) in at["properties"].as_object().into_iter().flatten() {
        found.insert(below(key));
        places(whole, value, &below(key), above, found);
    }
    for inner in ["anyOf", "oneOf", "allOf"].iter().flat_map(|name| at[*name].as_array().into_iter().flatten()) {
        places(whole, inner, path, above, found);
    }
    if at["items"].is_object() {
        found.insert(below("#"));
        places(whole, &at["items"], &below("#"), above, found);
    }
    if at["additionalProperties"].is_object() {
        found.insert(below("any"));
        places(whole, &at["additionalProperties"], &below("any"), above, found);
    }
}

/// The same file with something else at that place; tables on the way to it are made.
fn with(file: &Table, place: &[String], value: Toml) -> Table {
    fn put(into: &mut Toml, place: &[String], value: Toml) {
        let [first, rest @ ..] = place else { return *into = value };
        if first == "#" {
            if into.as_array().is_none_or(|items| items.is_empty()) {
                *into = Toml::Array(vec![Toml::Table(Table::new())]);
            }
            return put(&mut into.as_array_mut().unwrap()[0], rest, value);
        }
        if !into.is_table() {
            *into = Toml::Table(Table::new());
        }
        let table = into.as_table_mut().unwrap();
        put(table.entry(first.clone()).or_insert_with(|| Toml::Table(Table::new())), rest, value);
    }
    let mut whole = Toml::Table(file.clone());
    put(&mut whole, place, value);
    whole.as_table().unwrap().clone()
}

/// Everything that is said of a file; nothing where it can be used.
fn told(path: &Path, text: &str) -> String {
    fs::write(path, text).unwrap();
    match targets::load(path) {
        Ok(_) => String::new(),
        Err(error) => format!("{error}\n{error:?}\n{:?}", targets::load_all(path).unwrap_err()),
    }
}

fn is_quiet(told: &str, what: &str) {
    // Debug spells some characters otherwise.
    for canary in [CANARY, "Canary", "4711081500"] {
        assert!(!told.contains(canary), "{what}: {told}");
    }
}

#[tokio::test]
async fn no_message_shows_what_stands_in_the_wrong_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.toml");
    let (bank, pki) = bundled::start(Settings::default()).await.unwrap();
    bundled::write_target(&path, &bank, &pki, &BTreeSet::new()).unwrap();
    let good: Table = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let schema = targets::schema::schema();
    let mut found = BTreeSet::new();
    places(&schema, &schema, &Vec::new(), &mut Vec::new(), &mut found);
    assert!(found.len() > 150, "only {} keys were found: the test has gone blind", found.len());

    let text = |canary: &str| Toml::String(canary.to_owned());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n");
    let url = format!("https://me:{CANARY}@bank.example/");
    let wrong = [
        ("a text", text(CANARY)),
        ("a number", Toml::Integer(NUMBER)),
        ("a fraction", Toml::Float(NUMBER as f64)),
        ("an array", Toml::Array(vec![text(CANARY)])),
        ("a table", Toml::Table(Table::from_iter([("value".to_owned(), text(CANARY))]))),
        ("a key", text(&pem)),
        ("a URL", text(&url)),
        ("a text that ends", text(&format!("x\", expected {CANARY}"))),
    ];
    let mut refused = 0;
    for place in &found {
        for (what, value) in &wrong {
            let said = told(&path, &with(&good, place, value.clone()).to_string());
            refused += usize::from(!said.is_empty());
            is_quiet(&said, &format!("{} is {what}", place.join(".")));
            let ours = !place.iter().any(|name| NOT_OURS.contains(&name.as_str()) || name == "arguments");
            assert!(*what != "a URL" || !ours || !said.is_empty(), "{} takes a URL with a user", place.join("."));
        }
        // The right value under a wrong name.
        let (last, before) = place.split_last().unwrap();
        let misspelt = [before, &[format!("{last}x")]].concat();
        let said = told(&path, &with(&good, &misspelt, text(CANARY)).to_string());
        is_quiet(&said, &format!("{} is misspelt", place.join(".")));
    }
    assert!(refused > 1000, "only {refused} files were refused");
}

#[tokio::test]
async fn no_message_shows_the_line_that_is_no_toml() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.toml");
    let (bank, pki) = bundled::start(Settings::default()).await.unwrap();
    bundled::write_target(&path, &bank, &pki, &BTreeSet::new()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    for (at, line) in good.lines().enumerate().filter(|(_, line)| line.contains(" = \"")) {
        let key = line.split(" = ").next().unwrap();
        for bad in [
            format!("{key} = \"{CANARY}"),
            format!("{key} = {CANARY}"),
            format!("{key} = '{CANARY}"),
            format!("{key} = \"{CANARY}\" \"{CANARY}\""),
            format!("{key} \"{CANARY}\""),
            format!("{key} = \"{CANARY}\\q\""),
            format!("{key} = {NUMBER}{CANARY}"),
            format!("{key} = \"{CANARY}\"\n{key} = \"{CANARY}\""),
            format!("{key} = [\"{CANARY}\""),
            format!("{key} = {{ env = \"{CANARY}\""),
            format!("{key}.{key} = \"{CANARY}\"\n{key} = \"{CANARY}\""),
            CANARY.to_owned(),
        ] {
            let mut lines: Vec<&str> = good.lines().collect();
            lines[at] = &bad;
            let said = told(&path, &lines.join("\n"));
            assert!(!said.is_empty(), "{bad} is taken");
            assert!(said.contains(", line "), "{bad}: {said}");
            is_quiet(&said, &bad);
        }
    }
}
