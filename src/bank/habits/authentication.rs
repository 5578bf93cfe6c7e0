//! How TPPs authenticate and authorization requests get to the bank, and whether refresh tokens change or are there at all.

use super::Habit;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "client-auth-private-key-jwt",
        says: "authenticates TPPs by signed assertions (RFC 7523), and asks for their certificates only to bind tokens to \
               them",
    },
    Habit {
        id: "client-auth-self-signed",
        says: "authenticates TPPs by the very certificates that they have registered (RFC 8705 2.2), whoever issued them",
    },
    Habit {
        id: "refresh-tokens-rotate",
        says: "gives a new refresh token at each refresh and forgets the old one (RFC 6749 6)",
    },
    Habit { id: "no-refresh-tokens", says: "issues no refresh tokens, which RFC 6749 1.5 leaves to the bank" },
    Habit {
        id: "par-required",
        says: "takes authorization requests only where they are pushed (RFC 9126 5), and so refuses what is wrong in them \
               before any customer comes",
    },
    Habit {
        id: "assertions-for-its-issuer-alone",
        says: "takes a client's assertion only where it is for its issuer and for nobody else, as a string (RFC 7523 3, \
               FAPI 2.0 Security Profile 5.3.2.1)",
    },
    Habit {
        id: "assertions-for-each-endpoint",
        says: "takes a client's assertion at its endpoints for tokens only where it is for the very endpoint that is asked \
               (RFC 7523 3)",
    },
    Habit {
        id: "openid-connect",
        says: "speaks OpenID Connect: its metadata is at openid-configuration alone, every request asks for openid, and an \
               id_token comes with the access token",
    },
    Habit {
        id: "no-metadata",
        says: "publishes no metadata, which RFC 8414 1 does not ask of it, but tells TPPs its endpoints",
    },
];
