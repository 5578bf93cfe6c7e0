//! Codes and tokens of other kinds, and endpoints that there need not be.

use axum::http::header::CONTENT_TYPE;
use josekit::jwe::{self, Dir, JweHeader};
use openssl::sha::sha256;

use serde_json::{Value, json};

use super::Habit;
use super::answers::Answer;
use crate::bank::http::Incoming;
use crate::bank::model::world::World;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "opaque-access-tokens",
        says: "issues access tokens that mean something to itself alone, in every character that a token may have \
               (RFC 6749 1.4, RFC 6750 2.1), and names no scope that was granted as asked for (RFC 6749 5.1)",
    },
    Habit { id: "encrypted-access-tokens", says: "encrypts its access tokens, which are JWTs, to itself (RFC 9068 4)" },
    Habit {
        id: "long-codes-and-lives",
        says: "issues codes and refresh tokens of many hundred characters, odd ones among them (RFC 6749 A.11, A.17); codes \
               live for a minute and access tokens for a day (RFC 6749 4.1.2, 5.1)",
    },
    Habit {
        id: "codes-live-a-minute",
        says: "lets an authorization code live for no longer than a minute (RFC 6749 4.1.2, FAPI 2.0 Security Profile 5.3.2.1)",
    },
    Habit {
        id: "tokens-not-recalled",
        says: "cannot take access tokens back and does not tell how long they live: only refresh tokens must be revocable \
               (RFC 7009 2), and the rest is advice (RFC 6749 4.1.2, 5.1)",
    },
    Habit {
        id: "tokens-live-two-minutes",
        says: "gives access tokens that live for two minutes (RFC 9700 2.2.2, RFC 6749 5.1)",
    },
    Habit {
        id: "revoked-tokens-linger",
        says: "needs a second until all its servers know that a token was revoked (RFC 7009 2.1 foresees the delay)",
    },
    Habit {
        id: "introspection-in-one-word",
        says: "says of a token whether it is active and nothing else (RFC 7662 2.2: every other member is optional)",
    },
    Habit {
        id: "introspection-without-iat",
        says: "does not say of a token when it was issued (RFC 7662 2.2: optional)",
    },
    Habit {
        id: "scope-with-openid",
        says: "grants openid and offline_access beside whatever is asked for, and says so (RFC 6749 3.3)",
    },
    Habit {
        id: "introspects-access-tokens-alone",
        says: "says of every refresh token that it is inactive (RFC 7662 2.2 leaves it to each server what that means)",
    },
    Habit {
        id: "takes-the-first-of-two",
        says: "takes the first of a parameter that is sent twice, which no client may do (RFC 6749 3.1)",
    },
    Habit {
        id: "revocation-says-more",
        says: "has a body in its answers to revocations, which clients ignore (RFC 7009 2.2)",
    },
    Habit {
        id: "oauth-errors-with-more",
        says: "puts what its framework knows beside each error of OAuth, and describes it in its own language (RFC 6749 8.5)",
    },
    Habit {
        id: "scripts-let-in-where-they-may",
        says: "lets scripts of all sites in, without credentials, where clients in browsers ask directly (RFC 9700 2.6)",
    },
    Habit {
        id: "pushed-requests-of-five-minutes",
        says: "keeps pushed requests for five minutes, under names of its own (RFC 9126 2.2)",
    },
    Habit {
        id: "unregistered-uris-when-pushed",
        says: "takes requests only where they are pushed, and there addresses that were not registered, as long as they are \
               of https and have no fragment (RFC 9126 2.4)",
    },
    Habit {
        id: "refresh-token-told-again",
        says: "names the old refresh token in the answer to each refresh (RFC 6749 6)",
    },
    Habit {
        id: "few-features",
        says: "has neither revocation, introspection, a key set, client credentials nor the iss parameter, and lets TPPs \
               neither cancel nor start authorisations: all of it is optional (RFC 8414 2, RFC 9207 3)",
    },
];

/// RFC 7662 2.2: nothing but `active` must be there.
pub(super) fn in_one_word(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path == "/introspect"
        && let Some(active) = answer.json().and_then(|json| json.get("active").cloned())
    {
        answer.say(&json!({ "active": active }));
    }
}

/// RFC 7009 2.2: whatever the body says is for nobody.
pub(super) fn with_a_body(_: &World, incoming: &Incoming, answer: &mut Answer) {
    if incoming.path == "/revoke" && answer.parts.status.is_success() {
        answer.lines(&CONTENT_TYPE, ["text/plain;charset=ISO-8859-1"]);
        answer.body = "OK\n".into();
    }
}

/// RFC 6749 6: a refresh may come with a refresh token, and it may be the old one.
pub(super) fn refresh_token_again(_: &World, incoming: &Incoming, answer: &mut Answer) {
    let form = incoming.form();
    let Some(mut json) = answer.json().filter(|_| incoming.path == "/token" && answer.parts.status.is_success()) else {
        return;
    };
    if let (Some("refresh_token"), Some(old)) = (form.get("grant_type"), form.get("refresh_token"))
        && json["refresh_token"].is_null()
    {
        json["refresh_token"] = json!(old);
        answer.say(&json);
    }
}

/// Words that mean something else elsewhere, in a sentence that tells nothing of the bank's inside.
const WORDS: &str = "Die Anfrage wurde abgelehnt. Select your account from the list, update it and set it again where it is \
                     wrong; our Service is there for you: https://bank.example/errors/format.html (version 2.1.0).";

/// What frameworks put beside the error of RFC 6749 5.2.
pub(super) fn errors_with_more(_: &World, incoming: &Incoming, answer: &mut Answer) {
    let Some(mut json) = answer.json().filter(|json| answer.is_error() && json["error"].is_string()) else { return };
    let status = answer.parts.status.as_u16();
    let more = [
        ("timestamp", json!("2026-11-30T09:30:00.000+00:00")),
        ("status", json!(status)),
        ("path", json!(incoming.path)),
        ("trace_id", Value::Null),
        ("errors", json!([{ "code": "E-4711" }])),
    ];
    if let Some(members) = json.as_object_mut() {
        members.extend(more.map(|(name, value)| (name.to_owned(), value)));
        members.insert("error_description".to_owned(), json!(WORDS));
    }
    answer.say(&json);
}

/// An access token as it is given away.
pub(in crate::bank) fn outward(world: &World, token: String) -> String {
    let habits = &world.habits;
    let opaque = habits.has("opaque-access-tokens");
    if !opaque && !habits.has("encrypted-access-tokens") {
        return token;
    }
    let sealed = seal(world, token.as_bytes()).unwrap_or_default();
    if opaque { format!("{}+/~==", sealed.replace('.', "/")) } else { sealed }
}

/// The access token that was given away so.
pub(in crate::bank) fn inward(world: &World, token: &str) -> Option<String> {
    let habits = &world.habits;
    let sealed = match () {
        () if habits.has("opaque-access-tokens") => token.strip_suffix("+/~==")?.replace('/', "."),
        () if habits.has("encrypted-access-tokens") => token.to_owned(),
        () => return Some(token.to_owned()),
    };
    let decrypter = Dir.decrypter_from_bytes(key(world)).ok()?;
    let (inner, _) = jwe::deserialize_compact(&sealed, &decrypter).ok()?;
    String::from_utf8(inner).ok()
}

fn seal(world: &World, token: &[u8]) -> Result<String, josekit::JoseError> {
    let mut header = JweHeader::new();
    header.set_token_type("at+jwt");
    header.set_content_encryption("A256GCM");
    jwe::serialize_compact(token, &header, &Dir.encrypter_from_bytes(key(world))?)
}

/// It lives as long as the bank, as its signing keys do.
fn key(world: &World) -> [u8; 32] {
    sha256(format!("{}{}", world.keys.kid(), world.subject).as_bytes())
}

/// A code or a refresh token, as long and odd as may be.
pub(in crate::bank) fn long(secret: &str) -> String {
    format!("eyJ4IjoxfQ.{}.{secret}!\"#%&'()*+,/:;<=>?@[]^`{{|}}~", "QmFua3Byb29m".repeat(48))
}
