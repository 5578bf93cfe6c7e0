//! Habits that no one bank can have together, each with the reason: of such a pair nothing is said.

/// Any two of the habits contradict each other, and why.
struct Contradiction {
    habits: &'static [&'static str],
    because: &'static str,
}

const CONTRADICTIONS: &[Contradiction] = &[
    Contradiction {
        habits: &[
            "callback-by-302",
            "returns-by-meta-refresh",
            "returns-by-form",
            "returns-by-link",
            "leaves-by-two-redirects",
        ],
        because: "the customer is sent back in one way",
    },
    Contradiction {
        habits: &["client-auth-private-key-jwt", "client-auth-self-signed"],
        because: "TPPs authenticate in one way",
    },
    Contradiction {
        habits: &["client-auth-self-signed", "assertions-for-its-issuer-alone"],
        because: "who authenticates by certificate sends no assertion",
    },
    Contradiction {
        habits: &["assertions-for-its-issuer-alone", "assertions-for-each-endpoint"],
        because: "an assertion is for one of the two",
    },
    Contradiction {
        habits: &["client-auth-self-signed", "assertions-for-each-endpoint"],
        because: "who authenticates by certificate sends no assertion",
    },
    Contradiction {
        habits: &["refresh-tokens-rotate", "no-refresh-tokens", "refresh-token-told-again"],
        because: "a refresh gives a new refresh token, the old one or none",
    },
    Contradiction { habits: &["opaque-access-tokens", "encrypted-access-tokens"], because: "a token is of one kind" },
    Contradiction {
        habits: &["long-codes-and-lives", "tokens-live-two-minutes"],
        because: "a token has one length of life",
    },
    Contradiction {
        habits: &["tokens-not-recalled", "revoked-tokens-linger"],
        because: "what is not taken back does not linger",
    },
    Contradiction {
        habits: &["few-features", "tokens-not-recalled"],
        because: "who has no revocation does not refuse it",
    },
    Contradiction {
        habits: &["sandbox-approves-at-once", "sandbox-takes-hint", "sandbox-magic-users", "sca-decoupled"],
        because: "the customer is asked in one way",
    },
    Contradiction {
        habits: &["sandbox-approves-at-once", "three-attempts"],
        because: "nobody attempts anything where nobody is asked",
    },
    Contradiction {
        habits: &["sandbox-magic-users", "one-time-code-first"],
        because: "such a user is known by name and password, on the first page",
    },
    Contradiction {
        habits: &["explicit-start-alone", "implicit-start-alone", "sca-exempted"],
        because: "an authorisation is started by one of the two, or by nobody",
    },
    Contradiction {
        habits: &["few-features", "explicit-start-alone"],
        because: "TPPs that start each authorisation can start authorisations",
    },
    Contradiction {
        habits: &["redirect-alone", "explicit-start-alone"],
        because: "the one leads to its own pages alone and the other to OAuth",
    },
    Contradiction {
        habits: &["redirect-alone", "sca-decoupled", "sca-exempted", "explicit-start-alone"],
        because: "a payment is authorised by one approach, or by none",
    },
    Contradiction {
        habits: &["few-features", "cancellation-by-psu"],
        because: "nobody authorises cancellations where there are none",
    },
    Contradiction { habits: &["problem-reports", "bare-errors"], because: "an error has a body or none" },
    Contradiction {
        habits: &["accepted-profile-before-sca", "technical-checks-first"],
        because: "a status has one code",
    },
    Contradiction { habits: &["relative-links", "api-below-a-path"], because: "links are written in one way" },
    Contradiction {
        habits: &[
            "certificates-judged-in-http",
            "certificates-refused-with-400",
            "roles-judged-in-tls",
            "strangers-hung-up-on",
        ],
        because: "a certificate is judged in one place",
    },
    Contradiction {
        habits: &["no-metadata", "openid-connect"],
        because: "OpenID Connect publishes metadata (OpenID Connect Discovery 4)",
    },
    Contradiction {
        habits: &["no-metadata", "few-features"],
        because: "the bank that has nothing to tell is not told of",
    },
];

/// Why no bank has both habits; `None` where one may.
pub fn contradict(one: &str, other: &str) -> Option<&'static str> {
    let names = |row: &&Contradiction| row.habits.contains(&one) && row.habits.contains(&other);
    CONTRADICTIONS.iter().find(names).map(|row| row.because)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::habits::find;

    #[test]
    fn only_habits_that_there_are_contradict_each_other_and_each_says_why() {
        for row in CONTRADICTIONS {
            assert!(row.habits.len() > 1 && !row.because.is_empty());
            for id in row.habits {
                assert!(find(id).is_some(), "there is no habit {id}");
            }
        }
        assert!(contradict("problem-reports", "bare-errors").is_some());
        assert!(contradict("problem-reports", "slow-answers").is_none());
    }
}
