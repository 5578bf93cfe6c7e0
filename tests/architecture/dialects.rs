//! Which words are a dialect's own, and in which rooms they may stand.
//!
//! A room of a dialect is a file or folder that bears its name, or the `dialect.rs` of an area, which chooses by it.

use super::source::Source;

/// The words of a dialect as they go over the wire: looked for in literals, outside of comments and tests.
struct Dialect {
    name: &'static str,
    /// Folders and files that bear one of these are its rooms.
    rooms: &'static [&'static str],
    words: &'static [&'static str],
}

const DIALECTS: [Dialect; 3] = [
    Dialect {
        name: "Berlin Group",
        rooms: &["berlin_group"],
        words: &[
            "/v1",
            "PIS:",
            "Consent-ID",
            "PSU-ID",
            "TPP-Redirect-",
            "TPP-Explicit-Authorisation-",
            "TPP-Nok-Redirect-",
            "aspsp-sca-approach",
            "scaStatus",
            "sca-status",
            "scaRedirect",
            "scaOAuth",
            "startAuthorisation",
            "transactionStatus",
            "paymentId",
            "instructedAmount",
            "creditorAccount",
            "creditorName",
            "debtorAccount",
            "tppMessages",
            "sepa-credit-transfers",
            "psuAuthenticated",
            "FORMAT_ERROR",
            "CERTIFICATE_INVALID",
            "CERTIFICATE_REVOKED",
            "ROLE_INVALID",
            "SIGNATURE_INVALID",
            "PRODUCT_UNKNOWN",
            "PRODUCT_INVALID",
            "RESOURCE_UNKNOWN",
            "SERVICE_INVALID",
            "PAYMENT_FAILED",
        ],
    },
    Dialect {
        name: "UK Open Banking",
        rooms: &["uk_open_banking"],
        words: &[
            "/open-banking/",
            "x-fapi-",
            "x-idempotency-key",
            "UK.OBIE",
            "U002",
            "U004",
            "U015",
            "U021",
            "ErrorCode",
            "openbanking_intent_id",
            "domestic-payment-consents",
            "domestic-payments",
            "ConsentId",
            "DomesticPaymentId",
            "/Data/",
            "Data.Initiation",
            "Initiation",
            "InstructedAmount",
            "CreditorAccount",
            "DebtorAccount",
            "Risk",
            "AwaitingAuthorisation",
            "AWAU",
        ],
    },
    Dialect {
        name: "ISO 20022 as both dialects take it",
        rooms: &["berlin_group", "uk_open_banking"],
        words: &["RCVD", "PDNG", "ACTC", "ACCP", "ACFC", "ACSP", "ACSC", "ACCC", "PATC", "RJCT", "CANC"],
    },
];

/// Where one stands elsewhere all the same, and why.
const MAY_SAY: [(&str, &str, &str); 11] = [
    // Rows for people, of faults that both dialects share a table for: they say which clause is broken.
    ("src/bank/faults/authorization.rs", "TPP-Redirect-", "what a fault breaks"),
    ("src/bank/faults/identity.rs", "scaStatus", "what a fault breaks"),
    ("src/bank/faults/payments.rs", "TPP-Redirect-", "what a fault breaks"),
    ("src/bank/faults/payments.rs", "scaStatus", "what a fault breaks"),
    ("src/bank/faults/payments.rs", "transactionStatus", "what a fault breaks"),
    ("src/bank/faults/signatures.rs", "TPP-Redirect-", "what a fault breaks"),
    ("src/bank/habits/mod.rs", "PSU-ID", "what a bank wants"),
    ("src/cli/init/questions.rs", "/v1", "what a person is asked about a bank of that dialect"),
    ("src/targets/addresses.rs", "/v1", "what a key of that dialect may be"),
    ("src/targets/tolerances.rs", "scaStatus", "what is granted to a bank of that dialect"),
    ("src/cli/init/customer.rs", "scaOAuth", "what a person is asked about a bank of that dialect"),
];

/// Where a dialect is compared with one: it goes on compiling when there is another.
pub(crate) fn comparisons(source: &Source) -> Vec<String> {
    let compares =
        |line: &str| ["== Dialect::", "!= Dialect::", "== Self::BerlinGroup"].iter().any(|it| line.contains(it));
    let lines = source.code.lines().enumerate().filter(|(_, line)| compares(line));
    let mend = "match on it without `_`, or ask a method of it in a `dialect.rs`, so that a new dialect does not compile until \
                it has been thought of";
    lines.map(|(index, line)| format!("{}:{}: `{}`: {mend}", source.path, index + 1, line.trim())).collect()
}

/// What of a dialect stands outside of its rooms.
pub(crate) fn strays(source: &Source) -> Vec<String> {
    let dialects = DIALECTS.iter().filter(|dialect| !is_room(&source.path, dialect.rooms));
    let words = dialects.flat_map(|dialect| dialect.words.iter().map(|word| (dialect.name, *word)));
    let excused = |word: &str| MAY_SAY.iter().any(|(path, said, _)| *path == source.path && *said == word);
    let words: Vec<(&str, &str)> = words.filter(|(_, word)| !excused(word)).collect();
    let found = |(line, literal): &(usize, String)| {
        let said = words.iter().filter(|(_, word)| says(literal, word)).collect::<Vec<_>>();
        said.into_iter().map(|(dialect, word)| (*line, *dialect, *word)).collect::<Vec<_>>()
    };
    let complain = |(line, dialect, word): (usize, &str, &str)| {
        format!(
            "{}:{line}: \"{word}\" is a word of {dialect}; it belongs into a file or folder named after the dialect, or into \
             the `dialect.rs` of the area",
            source.path
        )
    };
    source.literals.iter().flat_map(found).map(complain).collect()
}

/// Exceptions that nothing needs any more.
pub(crate) fn idle_exceptions(sources: &[Source]) -> Vec<String> {
    let needed = |path: &str, word: &str| {
        let of_that = sources.iter().filter(|source| source.path == path);
        of_that.flat_map(|source| &source.literals).any(|(_, literal)| says(literal, word))
    };
    let idle = MAY_SAY.iter().filter(|(path, word, _)| !needed(path, word));
    idle.map(|(path, word, _)| format!("{path} has no \"{word}\" any more: take the exception away")).collect()
}

fn is_room(path: &str, rooms: &[&str]) -> bool {
    path.trim_end_matches(".rs").split('/').any(|part| rooms.contains(&part) || part == "dialect")
}

/// The word stands there, and is no part of a longer one. Names with hyphens are one word.
fn says(literal: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    literal.match_indices(word).any(|(at, _)| {
        let before = literal[..at].ends_with(joins) && word.starts_with(joins);
        let after = literal[at + word.len()..].starts_with(joins) && word.ends_with(|c: char| c.is_alphanumeric());
        !before && !after
    })
}

#[test]
fn a_word_is_known_among_others() {
    for (literal, word, there) in [
        ("/v1/payments", "/v1", true),
        ("/v10/payments", "/v1", false),
        ("the scaStatus is final", "scaStatus", true),
        ("role-unchecked-on-sca-status", "sca-status", false),
        ("{url}/sca-status", "sca-status", true),
        ("UK.OBIE.Field", "UK.OBIE", true),
        ("x-fapi-interaction-id", "x-fapi-", true),
        ("Initiation", "Initiation", true),
        ("Initiations", "Initiation", false),
        ("RCVD or ACTC", "ACTC", true),
    ] {
        assert_eq!(says(literal, word), there, "{literal} {word}");
    }
}
