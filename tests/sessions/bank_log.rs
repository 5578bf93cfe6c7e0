//! What the bank's own log tells of whoever it refused: who, what, and by which rule.

use crate::support::Desk;

/// What has to stand on one line, in this order.
type Line = &'static [&'static str];

const A: &str = "tpp=\"PSDDE-BAFIN-100001\"";
const NOBODY: &str = "tpp=\"no certificate\"";

/// Refused before the first word of HTTP, in whatever dialect.
const HANDSHAKES: [Line; 7] = [
    &[" api TLS handshake refused ", NOBODY, "rule=certificate_missing reason=\"no certificate was presented\""],
    &[" api TLS handshake refused ", A, "rule=expired "],
    &[" api TLS handshake refused ", A, "rule=not_yet_valid "],
    &[" api TLS handshake refused ", A, "rule=unknown_ca "],
    &[" api TLS handshake refused ", A, "rule=certificate_signature "],
    &[" api TLS handshake refused ", A, "rule=extended_key_usage "],
    &[" pages TLS handshake refused ", NOBODY, "rule=version_or_suite "],
];

/// Refused by the authorization server, in whatever dialect.
const OAUTH: [Line; 12] = [
    &[" pages GET /authorize 400 ", NOBODY, "rule=redirect_uri "],
    &[" pages GET /authorize 400 ", NOBODY, "rule=client_id "],
    &[" pages GET /authorize 400 ", NOBODY, "rule=request_uri reason=\"This request has expired.\""],
    &[" pages GET /authorize 303 ", NOBODY, "rule=authorization_request.code_challenge ", "(invalid_request)"],
    &[" pages POST /sca 200 ", NOBODY, "rule=credentials "],
    &[" pages POST /consent 303 ", NOBODY, "rule=customer reason=\"the customer has denied (access_denied)\""],
    &[" api POST /par 400 ", A, "rule=request_uri "],
    &[" api POST /token 400 ", A, "rule=authorization_code.pkce reason=\"code_verifier does not match"],
    &[" api POST /token 400 ", A, "rule=authorization_code.replay "],
    &[" api POST /token 400 ", A, "rule=refresh_token "],
    &[" api POST /token 400 ", A, "rule=grant_type "],
    &[" api POST /token 401 ", A, "rule=client_authentication ", "(invalid_client)"],
];

const BERLIN_GROUP: [Line; 12] = [
    &[" api POST /v1/payments/", " 400 ", A, "rule=request_id reason=\"the header is missing at X-Request-ID"],
    &[" api POST /v1/payments/", " 401 ", "tpp=\"PSD", "request=\"", "rule=role ", "(ROLE_INVALID)"],
    &[" api ", " /v1/payments/", " 401 ", "request=\"", "rule=unrevoked ", "has been revoked (CERTIFICATE_REVOKED)"],
    &[" api POST /v1/payments/", " 401 ", "request=\"", "rule=certificate reason=\"the certificate has no PSD2"],
    &[" api POST /v1/payments/", " 404 ", A, "request=\"", "rule=product ", "(PRODUCT_UNKNOWN)"],
    &[" api POST /v1/payments/", " 400 ", A, "request=\"", "rule=psu_ip_address "],
    &[" api POST /v1/payments/", " 400 ", A, "request=\"", "rule=tpp_uris ", "TPP-Redirect-URI"],
    &[" api POST /v1/payments/", " 400 ", A, "request=\"", "rule=initiation ", "creditorAccount.iban (FORMAT_ERROR)"],
    &[" api POST /v1/payments/", " 401 ", A, "request=\"", "rule=signature ", "(SIGNATURE_INVALID)"],
    &[" api GET /v1/payments/", " 401 ", A, "request=\"", "rule=payment_token.age ", "(TOKEN_EXPIRED)"],
    &[" api GET /v1/payments/", "/status 404 ", A, "request=\"", "rule=known_payment "],
    &[" api GET /v1/payments/", "/status 403 ", "tpp=\"PSD", "request=\"", "rule=owner "],
];

const UK: [Line; 12] = [
    &[" api POST /open-banking/", "/domestic-payment-consents 403 ", "tpp=\"PSD", "request=\"", "rule=role "],
    &[" api POST /open-banking/", "/domestic-payment-consents 400 ", A, "request=\"", "rule=initiation ", "Risk"],
    &[" api GET /open-banking/", "/domestic-payment-consents/", " 400 ", A, "request=\"", "rule=status "],
    &[" api GET /open-banking/", "/funds-confirmation 400 ", A, "request=\"", "rule=funds-confirmation "],
    &[" api GET /open-banking/", "/funds-confirmation 401 ", A, "request=\"", "rule=consent_token.age "],
    &[" api POST /open-banking/", "/domestic-payments 403 ", A, "request=\"", "rule=customers_token "],
    &[" api POST /open-banking/", "/domestic-payments 400 ", A, "request=\"", "rule=order ", "at Data.Initiation"],
    &[" api POST /open-banking/", " 400 ", A, "request=\"", "rule=idempotency_key ", "x-idempotency-key"],
    &[" api POST /open-banking/", " 400 ", A, "request=\"", "rule=signature_demanded "],
    &[" api POST /open-banking/", " 400 ", A, "request=\"", "rule=signature "],
    &[" api POST /open-banking/", " 415 ", A, "request=\"", "rule=media_type "],
    &[" api ", " /open-banking/", " 406 ", A, "request=\"", "rule=accepts_json "],
];

/// The log of a bank that everything was tried on.
fn log(arguments: &[&str]) -> String {
    let desk = Desk::new();
    let bank = desk.bank_with("t.toml", &[&["--log", "bank.log"], arguments].concat());
    let ended = desk.run(&["t.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    bank.end();
    desk.read("bank.log")
}

fn has(log: &str, line: Line) -> bool {
    log.lines().any(|told| {
        let mut rest = told;
        line.iter().all(|part| rest.split_once(part).inspect(|(_, after)| rest = after).is_some())
    })
}

fn tells(log: &str, lines: impl Iterator<Item = &'static Line>) {
    let missing: Vec<Line> = lines.copied().filter(|line| !has(log, line)).collect();
    assert!(missing.is_empty(), "no such lines: {missing:#?}\nin\n{log}");
    for line in log.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(words[0].len(), "2026-11-30T21:57:23.123456Z".len(), "{line}");
        assert!(["pages", "api"].contains(&words[1]) && line.contains(" tpp=\""), "{line}");
        let status: u16 = words[4].parse().unwrap_or(400);
        assert!(status < 400 || line.contains(" rule=") && !line.contains(" rule= "), "no rule: {line}");
    }
}

#[test]
fn the_log_of_a_berlin_group_bank_says_who_was_refused_and_by_which_rule() {
    tells(&log(&[]), HANDSHAKES.iter().chain(&OAUTH).chain(&BERLIN_GROUP));
}

#[test]
fn the_log_of_a_uk_bank_says_who_was_refused_and_by_which_rule() {
    tells(&log(&["--dialect", "uk-open-banking"]), HANDSHAKES.iter().chain(&OAUTH).chain(&UK));
}
