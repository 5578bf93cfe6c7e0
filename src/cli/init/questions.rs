//! Every question that `init` may ask, by the key of its answer: what `--questions` prints, and what `--answer` takes.

use crate::pki::nearest;

/// One question.
pub(super) struct Row {
    /// What the answer is called where it is given.
    key: &'static str,
    /// What is asked.
    asks: &'static str,
    /// What an empty line stands for, in words; empty where an answer is needed.
    default: &'static str,
}

const fn row(key: &'static str, asks: &'static str, default: &'static str) -> Row {
    Row { key, asks, default }
}

/// In the order in which they are asked.
pub(super) const ALL: &[Row] = &[
    row("issuer", "the bank's issuer identifier, the address of its authorization server", ""),
    row("name", "what the report calls the bank", "the issuer's host"),
    row("environment", "test or production", "test"),
    row("trust_anchors", "the file with the CA of the bank's certificates", "what the bank shows, once it is accepted"),
    row("trust", "the SHA-256 fingerprint of that CA, where the bank shows it", ""),
    row("certificate", "the file with the TPP's QWAC", ""),
    row("key", "the file with its key", "the .key file beside it"),
    row("client_id", "the TPP's client_id at the bank", "its organizationIdentifier"),
    row("redirect_uri", "its redirect URI, as registered", "/callback at the first name of the QWAC"),
    row("authorization_endpoint", "the authorization endpoint, where no metadata names it", ""),
    row("token_endpoint", "the token endpoint, where no metadata names it", ""),
    row("client_authentication", "how the TPP authenticates, as registered", "the best that the metadata offers"),
    row("client_secret", "its secret: env:NAME and file:PATH keep it out of the file", "env:BANK_CLIENT_SECRET"),
    row("assertion_key", "the file with the key of its assertions", ""),
    row("dialect", "berlin-group, uk-open-banking or none", "berlin-group"),
    row("seal", "the file with the QSealC that signs requests (UK)", "-"),
    row("seal_key", "the file with its key (UK)", "the .key file beside it"),
    row("oauth_sca", "whether payments are authorised by OAuth: yes or no", "yes"),
    row("api", "the base address of the payment API, without /v1 (Berlin Group)", "the token endpoint's host"),
    row("debtor_iban", "the customer's account", ""),
    row("creditor_iban", "the payee's account", "DE89370400440532013000"),
    row("debtor_account", "the customer's account, sort code and number in 14 digits (UK)", ""),
    row("creditor_account", "the payee's account (UK)", "20405318203745"),
    row("creditor_name", "the payee's name", "Test Merchant"),
    row("amount", "how much, with a dot", "12.34"),
    row("currency", "in which currency", "EUR, or GBP in the UK"),
    row("resource_url", "something that opens by access token alone (dialect none)", ""),
    row("scope", "the scope to ask for (dialect none)", ""),
    row("hosts", "hosts that only the metadata names and that are the bank's, - for none", ""),
    row("fields", "what the customer types into which form fields: name=value, …", ""),
    row("secrets", "the same for secrets", "password=env:BANK_PASSWORD"),
    row("one_time_code", "which of them is a one-time code", "-"),
    row("continue", "buttons that go on to the next page", "Log in, Continue"),
    row("approve", "buttons that agree", "Approve"),
    row("deny", "buttons that refuse", "-"),
    row("cancel", "buttons that leave", "-"),
];

/// Every question on a line: key, what is asked, and what an empty line stands for.
pub(super) fn told() -> String {
    let line = |row: &Row| match row.default {
        "" => format!("{:<22} {}", row.key, row.asks),
        default => format!("{:<22} {} [{default}]", row.key, row.asks),
    };
    ALL.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What is wrong with a key to which an answer is given.
pub(super) fn objection(key: &str) -> Option<String> {
    let is_known = ALL.iter().any(|row| row.key == key);
    (!is_known).then(|| {
        let near = nearest(key, ALL.iter().map(|row| row.key)).join(", ");
        format!("there is no question \"{key}\"; the nearest are {near}; `bankproof init --questions` names them all")
    })
}
