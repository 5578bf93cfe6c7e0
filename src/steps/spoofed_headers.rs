//! Headers that only a proxy may write.

use cucumber::when;

use super::{Prepared, World};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    targets::{Identity, KeyPair},
    tpp::{
        Trouble,
        api::{Draft, request},
        oauth::form::encoded,
        probe::{self, Knock},
        proxy_headers,
    },
};

#[when(regex = r"^a payment is initiated without a certificate, and with the TPP's in the header (\S+)$")]
async fn without_certificate(world: &mut World, header: String) -> Prepared {
    spoof(world, &header, (&Speaker::without_certificate(), None)).await
}

#[when(
    regex = r"^the TPP that is licensed for account information alone initiates a payment with the TPP's certificate in the header (\S+)$"
)]
async fn with_other_certificate(world: &mut World, header: String) -> Prepared {
    let session = world.session()?;
    let missing = || Trouble::Prerequisite("the target file has no TPP with account information alone".into());
    let spoofer: &Identity = session.target.ais_only_tpp().ok_or_else(missing)?;
    let name = Speaker::of(&spoofer.name, "pretends to be another");
    spoof(world, &header, (&name, Some(&spoofer.qwac))).await
}

async fn spoof(world: &mut World, header: &str, certificate: (&Speaker, Option<&KeyPair>)) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    let value = proxy_headers::certificate(header, &tpp.qwac)?;
    let mut draft = Draft::new(&session, &tpp)?.header(header, Some(&value));
    if certificate.1.is_some() {
        // Whoever has the certificate of another may have its token too: the connection alone is somebody else's.
        let own = request::own_token(&session, &world.check(), session.client(&tpp), Operation::Initiation).await?;
        draft = own.into_iter().fold(draft, |draft, token| draft.bearing(&token));
    }
    world.last = Some(request::initiate_under(&session, &world.check(), &draft, certificate).await?);
    Ok(())
}

#[when("the authorization code is redeemed without a certificate, and with the TPP's subject in headers")]
async fn redeemed_by_name(world: &mut World) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    let form = world.last_authorization()?.redemption(&tpp)?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let mut headers = proxy_headers::subject(&tpp.qwac)?;
    headers.push(("Content-Type".into(), "application/x-www-form-urlencoded".into()));
    headers.push(("Accept".into(), "application/json".into()));
    let knock = Knock {
        operation: Operation::Token,
        identity: Speaker::without_certificate(),
        pair: None,
        method: "POST".into(),
        url: url.to_owned(),
        headers,
        body: encoded(&form),
        purpose: "redeem the code without a certificate".to_owned(),
    };
    world.last = Some(probe::knock(&session.target, &session.recorder, &world.check(), knock).await?);
    Ok(())
}
