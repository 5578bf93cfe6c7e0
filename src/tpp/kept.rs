//! What of a target must never be recorded, and what must stay readable.

use super::key_secrets::KeySecrets;
use crate::{
    evidence::recorder::Recorder,
    targets::{KeyPair, Target, requests::TOKEN},
};

/// Shorter values of fields are no names of customers, in characters.
const SHORTEST_NAME: usize = 8;
/// Shorter values of headers are hidden in their header alone, in octets; so are numbers with fewer digits, such as dates.
const SHORTEST_VALUE: usize = 8;
const FEWEST_DIGITS: usize = 12;
/// No ordinary word is longer, in letters.
const LONGEST_WORD: usize = 15;
/// How media types begin.
const MEDIA: [&str; 8] = ["application/", "audio/", "font/", "image/", "multipart/", "text/", "video/", "*/"];
/// Words of the protocols that a careless password, or a header of the target file, could be; and our own for secrets.
const WORDS: [&str; 27] = [
    "password",
    "code",
    "token",
    "true",
    "false",
    "null",
    "Bearer",
    "Basic",
    "S256",
    "EUR",
    "account",
    "customer",
    "cookie",
    "header",
    "payload",
    "verifier",
    "assertion",
    "secret",
    "no-cache",
    "no-store",
    "no-transform",
    "max-age=0",
    "keep-alive",
    "identity",
    "redirect",
    "embedded",
    "decoupled",
];

/// Everything in the target file that must never be recorded.
pub fn keep_secret(target: &Target, recorder: &Recorder) {
    for identity in &target.identities {
        keep_key_secret(&identity.qwac, recorder);
        identity.renewed.iter().chain(&identity.seal).for_each(|pair| keep_key_secret(pair, recorder));
        identity.credentials.secret.iter().for_each(|secret| recorder.secret("client-secret", secret.value()));
    }
    target.test_ca.iter().chain(target.bad_certificates.values()).for_each(|pair| keep_key_secret(pair, recorder));
    keep_public(target, recorder);
    for proxy in target.network.proxies() {
        proxy.password().into_iter().for_each(|password| recorder.secret("password", password));
    }
    let wanted = target.requests.iter().filter(|change| !change.public).flat_map(|change| &change.headers);
    wanted.for_each(|(name, value)| keep_header_secret(name, value.value(), recorder));
    if let Some(psu) = &target.psu {
        for (fields, secrets) in psu.logins() {
            // Who the customer is stays at the desk too; what is shorter is a choice such as "sms", and stands everywhere.
            let names = fields.values().filter(|value| value.chars().count() >= SHORTEST_NAME);
            names.for_each(|name| recorder.secret("customer", name));
            for (name, value) in secrets {
                let is_code = psu.one_time_code.as_ref().is_some_and(|field| field.get_ref() == name);
                recorder.secret(if is_code { "one-time-code" } else { "password" }, value.value());
            }
        }
    }
    if let Some(payment) = &target.payment {
        payment.accounts().for_each(|(_, account)| recorder.secret("account", account.value()));
        payment.headers.iter().for_each(|(name, value)| keep_header_secret(name, value, recorder));
    }
}

/// What judges compare with, and words of the protocols that a careless password could be.
fn keep_public(target: &Target, recorder: &Recorder) {
    WORDS.iter().for_each(|word| recorder.public(word));
    [Some(&target.issuer), target.api.as_ref()].into_iter().flatten().for_each(|url| recorder.public(url));
    for identity in &target.identities {
        recorder.public(&identity.client_id);
        identity.redirect_uris.iter().for_each(|uri| recorder.public(uri));
    }
    let told = target.requests.iter().filter(|change| change.public).flat_map(|change| change.headers.values());
    told.for_each(|value| recorder.public(value.value()));
    if let Some(payment) = &target.payment {
        let told = [Some(&payment.amount), Some(&payment.creditor_name), payment.product.as_ref()];
        told.into_iter().flatten().for_each(|value| recorder.public(value));
    }
}

/// The private part of a key must never be recorded; the public one is in its certificate for all to see.
pub(super) fn keep_key_secret(pair: &KeyPair, recorder: &Recorder) {
    let KeySecrets { numbers, texts } = KeySecrets::of(&pair.key_pem);
    numbers.iter().for_each(|number| recorder.secret_octets("key", number));
    texts.iter().for_each(|text| recorder.secret("key", text));
}

/// A value that the target file has sent in a header. In that header it is hidden, whatever it is; elsewhere only what says
/// by itself that it is that value, for `1` and `application/json` stand everywhere.
fn keep_header_secret(name: &str, value: &str, recorder: &Recorder) {
    let kind = if is_about_customer(name) { "customer" } else { "header" };
    recorder.secret_in_header(name, kind, value);
    let parts = value.split(TOKEN).map(str::trim).filter(|part| says_by_itself(name, part));
    parts.for_each(|part| recorder.secret(kind, part));
}

fn is_about_customer(header: &str) -> bool {
    header.to_ascii_lowercase().starts_with("psu-")
}

fn says_by_itself(header: &str, value: &str) -> bool {
    if value.len() < SHORTEST_VALUE || value.parse::<std::net::IpAddr>().is_ok() {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits < FEWEST_DIGITS && !value.bytes().any(|octet| octet.is_ascii_alphabetic());
    let is_word = value.bytes().all(|octet| octet.is_ascii_lowercase()) && value.len() <= LONGEST_WORD;
    let is_address = ["https://", "http://"].iter().any(|scheme| value.starts_with(scheme));
    let is_ordinary = is_number || is_word || is_address || MEDIA.iter().any(|media| value.starts_with(media));
    is_about_customer(header) || !is_ordinary
}
