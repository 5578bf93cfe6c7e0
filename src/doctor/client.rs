//! Whether the bank knows the TPP: a token request with a made-up code tells a client that is known (`invalid_grant`) from
//! one that is not (`invalid_client`), and does no harm.

use super::{Case, Finding, Layer, finding::clean};
use crate::{
    evidence::{
        exchange::{Answer, Exchange, Failure, Layer as Failed, Response},
        operation::Operation,
        speaker::Speaker,
    },
    tpp::{
        Trouble,
        oauth::{form::form, token},
        session::Session,
    },
};

const HERE: Layer = Layer::AuthorizationServer;
/// No authorization code is so long and so plain.
const MADE_UP: &str = "bankproof-doctor-made-this-code-up";
/// A verifier of a legal form (RFC 7636 4.1).
const VERIFIER: &str = "bankproof-doctor-made-this-verifier-up-too-43";

/// Asks for a token with a code that nobody has issued.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    let Ok(session) = case.session().await else { return Vec::new() };
    if case.target.endpoints.as_ref().is_some_and(crate::targets::file::Endpoints::is_empty) {
        return Vec::new();
    }
    match ask(&session).await {
        Ok(exchange) => of(case, &exchange).into_iter().collect(),
        Err(trouble) => {
            let mend = "see the findings before this one";
            vec![Finding::error(HERE, "token-endpoint-unusable", trouble.to_string(), mend)]
        }
    }
}

async fn ask(session: &Session) -> Result<std::sync::Arc<Exchange>, Trouble> {
    let tpp = session.target.tpp();
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let request = form(&[
        ("grant_type", "authorization_code"),
        ("client_id", &tpp.client_id),
        ("code", MADE_UP),
        ("redirect_uri", tpp.redirect_uri()),
        ("code_verifier", VERIFIER),
    ]);
    let who = Speaker::named(&tpp.name);
    let certificate = (&who, Some(&tpp.qwac));
    token::knock(
        session,
        &"doctor".into(),
        (Operation::Token, url),
        &request,
        certificate,
        "ask whether the client is known",
    )
    .await
}

fn of(case: &Case, exchange: &Exchange) -> Option<Finding> {
    match &exchange.answer {
        Answer::Failure(failure) => Some(refused(case, exchange, failure)),
        Answer::Response(response) => answered(case, exchange, response),
    }
}

fn refused(case: &Case, exchange: &Exchange, failure: &Failure) -> Finding {
    let (url, name) = (&exchange.request.url, &case.target.tpp().name);
    match (failure.layer, exchange.tls.as_ref().and_then(|tls| tls.alert.as_ref())) {
        (Failed::Tls | Failed::Closed, Some(alert)) => {
            let cause = format!("{url} ended the handshake with {name}'s certificate by the alert {alert}");
            let mend = "the gateway does not take this certificate: is it registered there, does the gateway trust its CA, has it been revoked?";
            Finding::error(Layer::Gateway, "certificate-refused", cause, mend)
        }
        _ => {
            let cause = format!("{url} gave no answer to {name}: {}", failure.message);
            let mend =
                "ask the bank what its gateway says of this certificate; many close the connection without a word";
            Finding::error(Layer::Gateway, "no-answer", cause, mend)
        }
    }
}

fn answered(case: &Case, exchange: &Exchange, response: &Response) -> Option<Finding> {
    let tpp = case.target.tpp();
    let url = &exchange.request.url;
    let json = response.json().unwrap_or_default();
    let said = [&json["error"], &json["error_description"]].into_iter().filter_map(|text| text.as_str());
    let said = clean(&said.collect::<Vec<_>>().join(": "));
    let answer = format!("{url} answers {} {said}", response.status);
    match (json["error"].as_str(), response.status) {
        // Whatever else is wrong with the request, its client was let through.
        (Some("invalid_grant" | "invalid_request" | "unsupported_grant_type" | "invalid_scope"), _) => None,
        // It is known, and registered for something else than codes.
        (Some("unauthorized_client"), _) => {
            let cause = format!("{} is not registered for the authorization code grant: {answer}", tpp.name);
            let mend = "register it for that grant, or name the client that is, as `client_id`";
            Some(Finding::error(HERE, "grant-refused", cause, mend))
        }
        (Some("invalid_client"), _) => {
            let cause = format!("the bank does not know {} as \"{}\": {answer}", tpp.name, tpp.client_id);
            let mend = "register it, with this certificate, or correct `client_id`";
            Some(Finding::error(HERE, "client-unknown", cause, mend))
        }
        (_, 404 | 405) => {
            let mend = "correct `server.issuer` or [server.endpoints]";
            Some(Finding::error(HERE, "token-endpoint-missing", answer, mend))
        }
        (_, 401 | 403) => {
            let cause = format!("{answer}, without an error of OAuth: it may be the gateway that refuses {}", tpp.name);
            let mend = "if the customer's way does not work either, ask the bank which certificates its gateway takes, and whether it wants an API key or a header";
            // Some servers refuse a made-up code like that, and serve a real one.
            Some(Finding::warning(Layer::Gateway, "certificate-refused", cause, mend))
        }
        (_, 500..) => {
            let mend = "the bank's server fails on a request with a made-up code; ask the bank";
            Some(Finding::warning(HERE, "token-endpoint-fails", answer, mend))
        }
        _ => {
            let cause = format!("it cannot be told whether the client is known: {answer}");
            Some(Finding::note(HERE, "client-unclear", cause, "nothing, if the customer's way works"))
        }
    }
}
