//! Codes and tokens of other kinds, and endpoints that there need not be.

use josekit::jwe::{self, Dir, JweHeader};
use openssl::sha::sha256;

use super::Habit;
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
        id: "few-features",
        says: "has neither revocation, introspection, a key set, client credentials nor the iss parameter, and lets TPPs \
               neither cancel nor start authorisations: all of it is optional (RFC 8414 2, RFC 9207 3)",
    },
];

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
