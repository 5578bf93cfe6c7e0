//! Every mistake in the form of a target file at once, by its schema: keys that are not known or missing, values of
//! another type. Reading stops at the first, which is tedious for whoever writes a file by hand.

use serde_json::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    error::{Source, TargetError},
    schema::schema,
    telling::word,
};

/// No file has so many mistakes that are worth telling.
const BOUND: usize = 50;

/// The mistakes, in the order of the file; none where it is no TOML at all.
pub(super) fn mistakes(source: &Source<'_>) -> Vec<TargetError> {
    let Ok(table) = DeTable::parse(source.text) else { return Vec::new() };
    let schema = schema();
    let checker = Checker { source, whole: &schema };
    let mut found = checker.table(table.get_ref(), &schema, &Place { path: "", at: None });
    found.truncate(BOUND);
    found
}

struct Checker<'a> {
    source: &'a Source<'a>,
    whole: &'a Value,
}

/// Where something stands: `identity.seal`, and at which byte.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    at: Option<usize>,
}

impl Checker<'_> {
    fn value(&self, value: &Spanned<DeValue<'_>>, schema: &Value, path: &str) -> Vec<TargetError> {
        let place = Place { path, at: Some(value.span().start) };
        if let Some(named) = schema["$ref"].as_str().and_then(|name| self.whole.pointer(name.get(1..)?)) {
            return self.value(value, named, path);
        }
        if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            return self.one_of(value, choices, place);
        }
        let words = words_of(schema);
        match value.get_ref() {
            own if !is_a(own, schema) => vec![self.wrong_type(own, &[schema], place)],
            DeValue::String(text) if !words.is_empty() && !words.contains(&&**text) => {
                vec![self.wrong_word(text, &words, place)]
            }
            DeValue::Array(items) => items.iter().flat_map(|item| self.value(item, &schema["items"], path)).collect(),
            DeValue::Table(table) => self.table(table, schema, &place),
            _ => Vec::new(),
        }
    }

    fn table(&self, table: &DeTable<'_>, schema: &Value, place: &Place<'_>) -> Vec<TargetError> {
        let known = schema["properties"].as_object();
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = below(place.path, name);
            seen.push(name);
            match (known.and_then(|known| known.get(name)), &schema["additionalProperties"]) {
                (Some(own), _) => found.extend(self.value(value, own, &path)),
                (None, Value::Bool(false)) => found.push(self.unknown(&path, key.span().start, schema)),
                (None, any) => found.extend(self.value(value, any, &path)),
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let missing = required.filter(|name| !seen.contains(name));
        found.extend(missing.map(|name| {
            let what = known.and_then(|known| known.get(name)?["description"].as_str()).unwrap_or_default();
            let problem = format!("`{}` is missing", below(place.path, name));
            self.source.error(place.at, problem, format!("add it: {what}")).named("key-missing")
        }));
        found.sort_by_key(|mistake| mistake.line);
        found
    }

    fn one_of(&self, value: &Spanned<DeValue<'_>>, choices: &[Value], place: Place<'_>) -> Vec<TargetError> {
        let mut tries = choices.iter().map(|choice| self.value(value, choice, place.path));
        if tries.any(|mistakes| mistakes.is_empty()) {
            return Vec::new();
        }
        let words: Vec<&str> = choices.iter().flat_map(words_of).collect();
        if let (DeValue::String(text), false) = (value.get_ref(), words.is_empty()) {
            return vec![self.wrong_word(text, &words, place)];
        }
        let alike: Vec<&Value> = choices.iter().filter(|choice| is_a(value.get_ref(), self.named(choice))).collect();
        match &alike[..] {
            [only] => self.value(value, only, place.path),
            _ => {
                let choices: Vec<&Value> = choices.iter().map(|choice| self.named(choice)).collect();
                vec![self.wrong_type(value.get_ref(), &choices, place)]
            }
        }
    }

    fn named<'s>(&'s self, schema: &'s Value) -> &'s Value {
        schema["$ref"].as_str().and_then(|name| self.whole.pointer(name.get(1..)?)).unwrap_or(schema)
    }

    fn unknown(&self, path: &str, at: usize, schema: &Value) -> TargetError {
        let known = schema["properties"].as_object().into_iter().flat_map(|known| known.keys().map(String::as_str));
        let asked = path.rsplit('.').next().unwrap_or_default();
        let nearest = crate::pki::nearest(asked, known).join(", ").replace('"', "`");
        let problem = format!("`{path}` is no key of a target file");
        self.source.error(Some(at), problem, format!("the nearest are {nearest}")).named("key-unknown")
    }

    fn wrong_word(&self, text: &str, words: &[&str], place: Place<'_>) -> TargetError {
        let problem = format!("`{}` is {}, which is not known", place.path, word(text));
        let mend = format!("write one of: {}", words.join(", "));
        self.source.error(place.at, problem, mend).named("word-unknown")
    }

    fn wrong_type(&self, value: &DeValue<'_>, choices: &[&Value], place: Place<'_>) -> TargetError {
        let expected: Vec<String> = choices.iter().map(|choice| in_words(choice)).collect();
        let problem = format!("`{}` is {}", place.path, a(value.type_str()));
        self.source.error(place.at, problem, format!("write {}", expected.join(" or "))).named("type-wrong")
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn words_of(schema: &Value) -> Vec<&str> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    listed.chain([&schema["const"]]).filter_map(Value::as_str).collect()
}

/// A value of the type that a schema asks for; one that asks for none takes anything.
fn is_a(value: &DeValue<'_>, schema: &Value) -> bool {
    let is = |name: &str| match value {
        DeValue::String(_) => name == "string",
        DeValue::Integer(_) => matches!(name, "integer" | "number"),
        DeValue::Float(_) => name == "number",
        DeValue::Boolean(_) => name == "boolean",
        DeValue::Array(_) => name == "array",
        DeValue::Table(_) => name == "object",
        DeValue::Datetime(_) => false,
    };
    match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

fn in_words(schema: &Value) -> String {
    match schema["type"].as_str().unwrap_or("value") {
        "object" => {
            let keys = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            format!("a table with {}", keys.collect::<Vec<_>>().join(", "))
        }
        "boolean" => "true or false".into(),
        other => a(other),
    }
}

fn a(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}
