//! The TLS of the bank's hosts.

use cucumber::{then, when};

use super::{Judged, Prepared, World};
use crate::{
    evidence::{operation::Operation, speaker::Speaker, tls::Offer},
    judge::{
        Finding,
        tls::{self as judge, certificate, http},
    },
    tpp::{
        Trouble,
        api::request::{self, Ask},
        probe::{Knock, knock},
        tls_picture,
        transport::Call,
    },
};

#[when("the TPP looks at the TLS of every host of the bank")]
async fn looks(world: &mut World) -> Prepared {
    world.pictures = tls_picture::of(&*world.session()?).await;
    Ok(())
}

#[when("every host of the bank is asked without TLS")]
async fn asks_in_the_clear(world: &mut World) -> Prepared {
    world.answers = tls_picture::ask_in_the_clear(&*world.session()?, &world.check()).await;
    Ok(())
}

/// Nothing that is sent so is a secret, and none of it is right: what can be learned is who answers.
#[when(regex = "^the (.+) is asked without TLS$")]
async fn asks_there_in_the_clear(world: &mut World, door: String) -> Prepared {
    let session = world.session()?;
    let endpoints = session.endpoints();
    let (name, url, form) = match door.as_str() {
        "token endpoint" => ("token_endpoint", &endpoints.token, "grant_type=urn%3Aexample%3Aunknown"),
        "revocation endpoint" => ("revocation_endpoint", &endpoints.revocation, "token=unknown"),
        "introspection endpoint" => ("introspection_endpoint", &endpoints.introspection, "token=unknown"),
        "endpoint for pushed requests" => {
            ("pushed_authorization_request_endpoint", &endpoints.pushed_requests, "response_type=code")
        }
        _ => {
            let url = session.api()?.url(&request::unknown(&session)?, Operation::Status)?;
            world.answers = tls_picture::ask_there_in_the_clear(&session, &world.check(), &door, &url, None).await;
            return Ok(());
        }
    };
    let url = session.endpoint(name, url.as_ref())?;
    world.answers = tls_picture::ask_there_in_the_clear(&session, &world.check(), &door, url, Some(form)).await;
    Ok(())
}

#[when("somebody without a certificate comes to the endpoints for TPPs")]
async fn comes_without_certificate(world: &mut World) -> Prepared {
    let session = world.session()?;
    let by_certificate = session.target.tpp().credentials.method.is_by_certificate();
    let token = session.endpoints().token.clone().filter(|_| by_certificate);
    world.answers.clear();
    if token.is_none() && session.api().is_err() {
        return Err(Trouble::DoesNotApply(
            "no endpoint that the target names is for TPPs with certificates alone".into(),
        ));
    }
    if let Some(url) = &token {
        let request = Knock {
            operation: Operation::Other,
            identity: Speaker::without_certificate(),
            pair: None,
            method: "GET".into(),
            url: session.endpoint("token endpoint", Some(url))?.to_owned(),
            headers: vec![("X-Request-ID".into(), uuid::Uuid::new_v4().to_string())],
            body: String::new(),
            purpose: "come to the token endpoint without a certificate".into(),
        };
        world.answers.push(knock(&session.target, &session.recorder, &world.check(), request).await?);
    }
    if let Ok(api) = session.api() {
        let url = api.url(&request::unknown(&session)?, Operation::Status)?;
        let ask = Ask::new(Operation::Status, &url, "come to the payment API without a certificate");
        world.answers.push(request::without_certificate(&session, &world.check(), ask).await?);
    }
    Ok(())
}

#[when("somebody without a certificate comes to an endpoint for TPPs with a TLS session of another host")]
async fn comes_with_session(world: &mut World) -> Prepared {
    world.carried = Some(tls_picture::resumption::carry(&*world.session()?, &world.check()).await?);
    Ok(())
}

#[when("a browser opens the authorization endpoint")]
async fn opens_authorization_endpoint(world: &mut World) -> Prepared {
    let session = world.session()?;
    let url = session.endpoint("authorization_endpoint", session.endpoints().authorization.as_ref())?;
    let reply = session
        .browser(&"psu".into())?
        .send(&world.check(), Call::get(Operation::Page, url, "open the authorization endpoint"))
        .await;
    world.last = Some(reply.map_err(|none| none.trouble())?.exchange);
    Ok(())
}

#[then("nothing is served without TLS")]
fn nothing_in_the_clear(world: &mut World) -> Judged {
    let finding = http::nothing_in_the_clear(&world.answers);
    world.judge(finding)
}

#[then("what is served there does not answer without TLS")]
fn silent_in_the_clear(world: &mut World) -> Judged {
    let finding = http::silent_in_the_clear(&world.answers);
    world.judge(finding)
}

#[then("whoever has no certificate is turned away")]
fn none_without_certificate(world: &mut World) -> Judged {
    let finding = http::none_without_certificate(&world.answers);
    world.judge(finding)
}

#[then("the session opens nothing")]
fn none_by_anothers_session(world: &mut World) -> Judged {
    let finding = match &world.carried {
        Some(carried) => http::none_by_anothers_session(&carried.before, &carried.after, carried.asked_again),
        None => Finding::Unclear("nobody has come".into()),
    };
    world.judge(finding)
}

#[then("the browser is told to come over TLS alone")]
fn strict_transport(world: &mut World) -> Judged {
    world.judge_last(http::strict_transport)
}

#[then(regex = r"^no host agrees to (.+)$")]
fn refused(world: &mut World, words: String) -> Judged {
    let finding = match Offer::of_words(&words) {
        Some(offer) => judge::refused(&world.pictures, offer),
        None => Finding::Unclear(format!("nothing is known of \"{words}\"")),
    };
    world.judge(finding)
}

#[then("every host speaks TLS 1.2 or TLS 1.3")]
fn modern(world: &mut World) -> Judged {
    world.judge(judge::modern(&world.pictures))
}

#[then("every host speaks TLS 1.3")]
fn has_tls_1_3(world: &mut World) -> Judged {
    world.judge(judge::has_tls_1_3(&world.pictures))
}

#[then("every host that speaks TLS 1.3 prefers it")]
fn prefers_tls_1_3(world: &mut World) -> Judged {
    world.judge(judge::prefers_tls_1_3(&world.pictures))
}

#[then("every host that speaks TLS 1.2 renegotiates securely")]
fn renegotiates_securely(world: &mut World) -> Judged {
    world.judge(judge::renegotiates_securely(&world.pictures))
}

#[then("every host that speaks TLS 1.2 derives its keys from the whole handshake")]
fn extended_master_secret(world: &mut World) -> Judged {
    world.judge(judge::derives_from_whole_handshake(&world.pictures))
}

#[then("every certificate is for its host")]
fn for_host(world: &mut World) -> Judged {
    world.judge(certificate::for_host(&world.pictures))
}

#[then("every certificate holds today")]
fn in_its_period(world: &mut World) -> Judged {
    world.judge(certificate::in_its_period(&world.pictures))
}

#[then("no certificate is about to end")]
fn not_about_to_end(world: &mut World) -> Judged {
    world.judge(certificate::not_about_to_end(&world.pictures))
}

#[then("every chain is complete")]
fn complete(world: &mut World) -> Judged {
    world.judge(certificate::complete(&world.pictures))
}

#[then("every chain is in order")]
fn in_order(world: &mut World) -> Judged {
    world.judge(certificate::in_order(&world.pictures))
}

#[then("every key is long enough")]
fn strong_key(world: &mut World) -> Judged {
    world.judge(certificate::strong_key(&world.pictures))
}

#[then("no certificate is signed with a broken hash")]
fn strong_signature(world: &mut World) -> Judged {
    world.judge(certificate::strong_signature(&world.pictures))
}

#[then("every host that says whose certificates it wants names the TPP's issuer")]
fn wants_ours(world: &mut World) -> Judged {
    world.judge(certificate::wants_ours(&world.pictures))
}
