//! Judges of the metadata document and the key set.

use super::{answered, endless, error, json, table_of_answers};
use crate::judge::metadata;

#[test]
fn served_as_json() {
    let of_kind = |kind: &str, body: &str| answered(200, &[("content-type", kind)], body);
    table_of_answers(
        metadata::served_as_json,
        [
            (json(200, "{}"), "holds"),
            (of_kind("Application/JSON; charset=utf-8", "{}"), "holds"),
            (of_kind("text/plain", "{}"), "broken"),
            (answered(200, &[], "{}"), "broken"),
            (json(200, "[]"), "broken"),
            (json(200, "<html>"), "broken"),
            (json(404, "{}"), "broken"),
            (json(200, &"[".repeat(1000)), "unclear"),
            (endless(200, "{"), "unclear"),
        ],
    );
}

#[test]
fn issuer_is() {
    table_of_answers(
        |exchange| metadata::issuer_is(exchange, "https://bank.example"),
        [
            (json(200, r#"{"issuer":"https://bank.example"}"#), "holds"),
            (json(200, r#"{"issuer":"https://bank.example/"}"#), "broken"),
            (json(200, r#"{"issuer":"https://BANK.example"}"#), "broken"),
            (json(200, "{}"), "broken"),
            // That there is no document is said once, by another.
            (json(404, r#"{"issuer":"https://bank.example"}"#), "unclear"),
            (json(200, "[]"), "unclear"),
        ],
    );
}

#[test]
fn list_holds() {
    for (wanted, with, without) in [(true, "holds", "broken"), (false, "broken", "holds")] {
        table_of_answers(
            |exchange| metadata::list_holds(exchange, "grant_types_supported", "password", wanted),
            [
                (json(200, r#"{"grant_types_supported":["code","password"]}"#), with),
                (json(200, r#"{"grant_types_supported":["code"]}"#), without),
                (json(200, r#"{"grant_types_supported":["passwords"]}"#), without),
                (json(200, r#"{"grant_types_supported":"password"}"#), without),
                (json(200, "{}"), without),
                (error(500, "server_error"), "unclear"),
            ],
        );
    }
}

#[test]
fn names() {
    table_of_answers(
        |exchange| metadata::names(exchange, "revocation_endpoint"),
        [
            (json(200, r#"{"revocation_endpoint":"https://a/"}"#), "holds"),
            (json(200, r#"{"revocation_endpoint":null}"#), "broken"),
            (json(200, r#"{"revocation_endpoint":["https://a/"]}"#), "broken"),
            (json(200, r#"{"revocation_endpoints":"https://a/"}"#), "broken"),
        ],
    );
}

#[test]
fn no_private_keys() {
    table_of_answers(
        metadata::no_private_keys,
        [
            (json(200, r#"{"keys":[{"kty":"EC","x":"1","y":"2"}]}"#), "holds"),
            (json(200, r#"{"keys":[]}"#), "holds"),
            (json(200, r#"{"keys":[{"kty":"EC","d":null}]}"#), "holds"),
            (json(200, r#"{"keys":[{"kty":"RSA","n":"1"},{"kty":"EC","d":"3"}]}"#), "broken"),
            (json(200, r#"{"keys":[{"kty":"oct","k":"3"}]}"#), "broken"),
            (json(200, r#"{"keys":{}}"#), "broken"),
            (json(200, "[]"), "broken"),
        ],
    );
}

#[test]
fn without_fragments() {
    table_of_answers(
        metadata::without_fragments,
        [
            (json(200, r#"{"authorization_endpoint":"https://a/x?tenant=1"}"#), "holds"),
            (json(200, r##"{"authorization_endpoint":"https://a/x#y"}"##), "broken"),
            (json(200, r##"{"token_endpoint":"https://a/x#"}"##), "broken"),
            (json(200, r##"{"service_documentation":"https://a/x#y"}"##), "holds"),
        ],
    );
}

#[test]
fn without_empty_lists() {
    table_of_answers(
        metadata::without_empty_lists,
        [
            (json(200, r#"{"scopes_supported":["payments"]}"#), "holds"),
            (json(200, r#"{"scopes_supported":[]}"#), "broken"),
            (json(200, r#"{"scopes_supported":null,"x":""}"#), "holds"),
            (error(500, "server_error"), "unclear"),
        ],
    );
}

#[test]
fn algorithms_are_listed() {
    let (algorithms, methods) =
        ("token_endpoint_auth_signing_alg_values_supported", "token_endpoint_auth_methods_supported");
    table_of_answers(
        |exchange| metadata::algorithms_are_listed(exchange, algorithms, methods),
        [
            (json(200, &format!(r#"{{"{methods}":["private_key_jwt"],"{algorithms}":["ES256"]}}"#)), "holds"),
            (json(200, &format!(r#"{{"{methods}":["tls_client_auth","client_secret_jwt"]}}"#)), "broken"),
            (json(200, &format!(r#"{{"{methods}":["private_key_jwt"],"{algorithms}":[]}}"#)), "broken"),
            (json(200, &format!(r#"{{"{methods}":["tls_client_auth"]}}"#)), "holds"),
            (json(200, "{}"), "holds"),
        ],
    );
}

#[test]
fn announces_the_issuer() {
    let issuers = ["https://bank.example".to_owned()];
    let name = "authorization_response_iss_parameter_supported";
    let rows = || {
        [json(200, &format!(r#"{{"{name}":true}}"#)), json(200, "{}"), json(200, &format!(r#"{{"{name}":"true"}}"#))]
    };
    let judge = |exchange: &_| metadata::announces_the_issuer(exchange, &issuers);
    table_of_answers(judge, rows().into_iter().zip(["holds", "broken", "broken"]));
    let judge = |exchange: &_| metadata::announces_the_issuer(exchange, &[]);
    table_of_answers(judge, rows().into_iter().zip(["beside"; 3]));
}

#[test]
fn uses_are_told() {
    table_of_answers(
        metadata::uses_are_told,
        [
            (json(200, r#"{"keys":[{"kty":"EC"},{"kty":"RSA"}]}"#), "holds"),
            (json(200, r#"{"keys":[{"kty":"EC","use":"sig"},{"kty":"RSA","use":"enc"}]}"#), "holds"),
            (json(200, r#"{"keys":[{"kty":"EC"},{"kty":"RSA","use":"enc"}]}"#), "broken"),
            (json(200, r#"{"keys":[{"kty":"EC"},{"kty":"RSA","use":"sig"}]}"#), "holds"),
            // That there is none is for another check.
            (json(200, "[]"), "unclear"),
        ],
    );
}
