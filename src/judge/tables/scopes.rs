//! Judges of the scope of every access token.

use std::sync::Arc;

use super::{
    error,
    every_answer::{numbered, of},
    json, table,
};
use crate::{evidence::exchange::Exchange, judge::every_answer};

fn asks(scope: &str) -> Arc<Exchange> {
    let url = format!("https://bank.example/authorize?client_id=a&scope={scope}");
    Arc::new(of("page", &url, "", json(200, "{}")))
}

fn pushes(scope: &str) -> Arc<Exchange> {
    Arc::new(of("pushed-request", "https://bank.example/par", &format!("client_id=a&scope={scope}"), json(201, "{}")))
}

/// What that form brings: a scope where one is told, and a refresh token where one comes.
fn token(form: &str, scope: Option<&str>, refresh_token: Option<&str>) -> Arc<Exchange> {
    let body = serde_json::json!({ "access_token": "t", "scope": scope, "refresh_token": refresh_token });
    Arc::new(of("token", "https://bank.example/token", form, json(200, &body.to_string())))
}

fn redeemed(scope: Option<&str>) -> Arc<Exchange> {
    token("grant_type=authorization_code&code=c", scope, Some("‹refresh_token:1›"))
}

fn refreshed(scope: Option<&str>) -> Arc<Exchange> {
    token("grant_type=refresh_token&refresh_token=‹refresh_token:1›", scope, None)
}

#[test]
fn refreshes_stay_within() {
    let narrowly = |told| token("grant_type=refresh_token&refresh_token=‹refresh_token:1›&scope=x", Some(told), None);
    let renewed =
        |told| token("grant_type=refresh_token&refresh_token=‹refresh_token:1›", told, Some("‹refresh_token:2›"));
    let again = |told| token("grant_type=refresh_token&refresh_token=‹refresh_token:2›", Some(told), None);
    table(
        |run: &Vec<Arc<Exchange>>| every_answer::refreshes_stay_within(&numbered(run)),
        [
            (vec![asks("a+b"), redeemed(Some("a b")), refreshed(Some("b a"))], "holds"),
            (vec![asks("a+b"), redeemed(Some("a b")), refreshed(Some("a"))], "holds"),
            (vec![asks("a+b"), redeemed(Some("a b")), refreshed(Some("a b c"))], "broken"),
            // What was told at first counts, and not what was asked for.
            (vec![asks("a+b"), redeemed(Some("a")), refreshed(Some("a b"))], "broken"),
            (vec![asks("PIS:1"), redeemed(Some("payment")), refreshed(Some("payment"))], "holds"),
            // Where nothing was told it is what was asked for, in whatever words.
            (vec![asks("a"), redeemed(None), refreshed(Some("a"))], "holds"),
            (vec![asks("a"), redeemed(None), refreshed(Some("a c"))], "broken"),
            (vec![pushes("a"), redeemed(None), refreshed(Some("a c"))], "broken"),
            (vec![asks("PIS:1"), redeemed(None), refreshed(Some("payment accounts"))], "holds"),
            (vec![redeemed(None), refreshed(Some("a"))], "holds"),
            // A refresh token that takes the place of another stands for the same grant.
            (vec![redeemed(Some("a")), renewed(Some("a")), again("a b")], "broken"),
            (vec![redeemed(Some("a b")), renewed(Some("a")), again("a b")], "holds"),
            // A request that asks for more has a check of its own.
            (vec![redeemed(Some("a")), narrowly("a x")], "beside"),
            (vec![redeemed(Some("a")), refreshed(None)], "beside"),
            (vec![refreshed(Some("a b"))], "beside"),
            (vec![redeemed(Some("a")), Arc::new(error(400, "invalid_grant"))], "beside"),
        ],
    );
}

#[test]
fn tokens_stay_within() {
    let own = |asked: &str, told| token(&format!("grant_type=client_credentials{asked}"), told, None);
    table(
        |run: &Vec<Arc<Exchange>>| every_answer::tokens_stay_within(&numbered(run)),
        [
            (vec![asks("a+b"), redeemed(Some("a b"))], "holds"),
            (vec![asks("a+b"), redeemed(Some("a"))], "holds"),
            (vec![asks("a+b"), redeemed(Some("a b c"))], "broken"),
            (vec![pushes("a"), redeemed(Some("a c"))], "broken"),
            // Two flows of one check may be under way at once.
            (vec![asks("a"), asks("b"), redeemed(Some("a b"))], "holds"),
            // Other words are no more than the same in other words.
            (vec![asks("PIS:1"), redeemed(Some("payment accounts"))], "holds"),
            (vec![own("&scope=payments", Some("payments"))], "holds"),
            (vec![own("&scope=payments", Some("payments accounts"))], "broken"),
            // Who the customer is, and a refresh token, open nothing more.
            (vec![asks("a+b"), redeemed(Some("a b openid offline_access"))], "holds"),
            (vec![own("&scope=payments", Some("openid payments"))], "holds"),
            (vec![asks("a+b"), redeemed(Some("openid a b c"))], "broken"),
            (vec![asks("a+b"), redeemed(Some("a b OpenID"))], "broken"),
            (vec![own("", Some("payments accounts"))], "beside"),
            (vec![asks("a"), redeemed(None)], "beside"),
            (vec![asks("a"), refreshed(Some("a b"))], "beside"),
        ],
    );
}
