//! What answers are read as, and what is said of those that cannot be right. No message quotes what may be a secret.

use std::{collections::BTreeSet, path::Path};

use url::Url;

use crate::{
    pki::file::Contents,
    targets::{UkVersion, is_iban, is_sort_code_account, names_a_user, own::is_host},
};

/// Anything at all.
pub(super) fn text(answer: &str) -> Result<String, String> {
    match answer {
        "" => Err("an answer is needed here".into()),
        _ => Ok(answer.to_owned()),
    }
}

/// A whole address with TLS.
pub(super) fn https(answer: &str) -> Result<String, String> {
    if names_a_user(answer) {
        return Err("it names a user: write the address without user name and password".into());
    }
    let url = Url::parse(answer).ok().filter(|url| url.scheme() == "https" && url.has_host());
    let problem = "it is no https URL: write the whole address, such as https://auth.bank.example";
    url.map(|_| answer.to_owned()).ok_or_else(|| problem.to_owned())
}

/// One of a few words.
pub(super) fn one_of<'a>(what: &'a str, words: &'a [&'a str]) -> impl Fn(&str) -> Result<String, String> + 'a {
    move |answer| match words.contains(&answer) {
        true => Ok(answer.to_owned()),
        false => Err(format!("\"{answer}\" is no {what}: write one of {}", words.join(", "))),
    }
}

/// Yes or no.
pub(super) fn yes(answer: &str) -> Result<bool, String> {
    match answer.to_ascii_lowercase().as_str() {
        "yes" | "y" => Ok(true),
        "no" | "n" => Ok(false),
        _ => Err(format!("\"{answer}\" is neither yes nor no")),
    }
}

/// The path of a file with a certificate, its chain as PEM.
pub(super) fn certificate(answer: &str) -> Result<(String, String), String> {
    let chain = Contents::read(Path::new(answer), None).and_then(|file| Ok(file.chain()?.to_pem()));
    chain.map(|chain| (answer.to_owned(), chain)).map_err(|error| error.to_string())
}

/// The path of a file with a certificate, or none for `-`.
pub(super) fn certificate_or_none(answer: &str) -> Result<Option<String>, String> {
    match answer {
        "" | "-" => Ok(None),
        path => certificate(path).map(|(path, _)| Some(path)),
    }
}

/// The path of a file with certificates, which need not be a chain.
pub(super) fn certificates(answer: &str) -> Result<String, String> {
    let file = Contents::read(Path::new(answer), None).map_err(|error| error.to_string())?;
    match file.certificates().next() {
        Some(_) => Ok(answer.to_owned()),
        None => Err(format!("no certificate is in {answer}: name the file with the CA of the bank's certificates")),
    }
}

/// The path of a file with one private key.
pub(super) fn key(answer: &str) -> Result<String, String> {
    let file = Contents::read(Path::new(answer), None).map_err(|error| error.to_string())?;
    file.key().map(|_| answer.to_owned()).map_err(|error| error.to_string())
}

/// An account; spaces are how people write it.
pub(super) fn iban(answer: &str) -> Result<String, String> {
    let iban = answer.replace(' ', "");
    match is_iban(&iban) {
        true => Ok(iban),
        false => Err("that is no IBAN: its form or its check digits are wrong".into()),
    }
}

/// The same, which may be kept elsewhere.
pub(super) fn kept_iban(answer: &str) -> Result<String, String> {
    match answer.starts_with("env:") || answer.starts_with("file:") {
        true => Ok(answer.to_owned()),
        false => iban(answer),
    }
}

/// Sort code and account number in one; spaces and hyphens are how people write them.
pub(super) fn account(answer: &str) -> Result<String, String> {
    let account = answer.replace([' ', '-'], "");
    match is_sort_code_account(&account) {
        true => Ok(account),
        false => Err("that is no sort code with an account number: write both in one, 14 digits".into()),
    }
}

/// The same, which may be kept elsewhere; none for `-`.
pub(super) fn kept_account(answer: &str) -> Result<Option<String>, String> {
    match answer {
        "-" => Ok(None),
        kept if kept.starts_with("env:") || kept.starts_with("file:") => Ok(Some(kept.to_owned())),
        _ => account(answer).map(Some),
    }
}

/// A whole address with TLS that names a release of the UK's API.
pub(super) fn uk_api(answer: &str) -> Result<String, String> {
    let url = https(answer)?;
    match UkVersion::of(&url) {
        Some(_) => Ok(url),
        None => {
            let example = UkVersion::EXAMPLE;
            Err(format!("\"{answer}\" names no version: write the whole base, such as {example}"))
        }
    }
}

/// Digits, and a dot where there is more.
pub(super) fn amount(answer: &str) -> Result<String, String> {
    let (whole, cents) = answer.split_once('.').unwrap_or((answer, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match digits(whole) && digits(cents) {
        true => Ok(answer.to_owned()),
        false => Err(format!("\"{answer}\" is no amount: write digits and a dot, such as 12.34")),
    }
}

/// ISO 4217.
pub(super) fn currency(answer: &str) -> Result<String, String> {
    match answer.len() == 3 && answer.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Ok(answer.to_owned()),
        false => Err(format!("\"{answer}\" is no code of ISO 4217: write three capital letters, such as EUR")),
    }
}

/// `name=value`, with commas in between; none for nothing or `-`.
pub(super) fn pairs(answer: &str) -> Result<Vec<(String, String)>, String> {
    if matches!(answer, "" | "-") {
        return Ok(Vec::new());
    }
    let mut names = BTreeSet::new();
    let pair = |(index, text): (usize, &str)| {
        let pair = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let (name, value) = pair.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
            format!(
                "number {} there is no name=value: write username=max, with commas in between, or - for none",
                index + 1
            )
        })?;
        match names.insert(name.to_owned()) {
            true => Ok((name.to_owned(), value.to_owned())),
            false => Err(format!("\"{name}\" is named twice")),
        }
    };
    answer.split(',').enumerate().map(pair).collect()
}

/// One of the secrets by name, or `-` for none.
pub(super) fn one_time_code(secrets: &[(String, String)]) -> impl Fn(&str) -> Result<Option<String>, String> {
    move |answer| match answer {
        "" | "-" => Ok(None),
        name if secrets.iter().any(|(known, _)| known == name) => Ok(Some(name.to_owned())),
        name => {
            let known: Vec<&str> = secrets.iter().map(|(known, _)| known.as_str()).chain(["-"]).collect();
            Err(format!("\"{name}\" is none of the secrets: write one of {}", known.join(", ")))
        }
    }
}

/// Words with commas in between; none for nothing or `-`.
pub(super) fn words(answer: &str) -> Result<Vec<String>, String> {
    let words = answer.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "-");
    Ok(words.map(str::to_owned).collect())
}

/// Hosts with commas in between; none for `-`.
pub(super) fn hosts(answer: &str) -> Result<Vec<String>, String> {
    let hosts = words(answer)?;
    match hosts.iter().find(|host| !is_host(host)) {
        Some(wrong) => Err(format!("\"{wrong}\" is no host: write login.bank.example, or with a port")),
        None => Ok(hosts),
    }
}

/// The same, at least one.
pub(super) fn some_words(answer: &str) -> Result<Vec<String>, String> {
    let some = words(answer)?;
    match some.is_empty() {
        true => Err("no customer can agree without a button: name one by value, name, id or caption".into()),
        false => Ok(some),
    }
}
