//! Who is let in by certificate.

use cucumber::{then, when};

use super::{Judged, Prepared, World};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    judge::{certificate as judge, payment},
    pki::{Defect, NearMiss, PkiError},
    targets::{Identity, KeyPair, Method},
    tpp::{
        Trouble,
        api::{Draft, request},
        doors,
        oauth::token,
    },
};

#[when(regex = r"^(the token endpoint|the payment API) is approached with the TPP's certificate$")]
async fn with_own(world: &mut World, endpoint: String) -> Prepared {
    let tpp = world.tpp()?;
    approach(world, &endpoint, &tpp, &Speaker::named(&tpp.name), Some(&tpp.qwac)).await
}

#[when(regex = r"^(the token endpoint|the payment API) is approached with the second TPP's certificate$")]
async fn with_second(world: &mut World, endpoint: String) -> Prepared {
    let second = world.session()?.second_tpp()?.clone();
    approach(world, &endpoint, &second, &Speaker::named(&second.name), Some(&second.qwac)).await
}

#[when(regex = r"^(the token endpoint|the payment API) is approached with a new certificate of the test CA$")]
async fn with_new(world: &mut World, endpoint: String) -> Prepared {
    let (tpp, pair) = (world.tpp()?, world.session()?.fresh_certificate()?);
    let name = Speaker::of(&tpp.name, "from the test CA");
    approach(world, &endpoint, &tpp, &name, Some(&pair)).await
}

#[when(regex = r"^(the token endpoint|the payment API) is approached without a certificate$")]
async fn without(world: &mut World, endpoint: String) -> Prepared {
    let tpp = world.tpp()?;
    approach(world, &endpoint, &tpp, &Speaker::without_certificate(), None).await
}

#[when(regex = r"^(the token endpoint|the payment API) is approached with a certificate that is defective: (.+)$")]
async fn with_defect(world: &mut World, endpoint: String, defect: String) -> Prepared {
    let (name, pair) = defective(world, &defect)?;
    let tpp = world.tpp()?;
    approach(world, &endpoint, &tpp, &name, Some(&pair)).await
}

/// A certificate with that defect, and who comes with it.
pub(super) fn defective(world: &World, defect: &str) -> Result<(Speaker, KeyPair), Trouble> {
    let defect: Defect = defect.parse().map_err(|error: PkiError| Trouble::Harness(error.to_string()))?;
    Ok((Speaker::of(&world.tpp()?.name, defect.name()), world.session()?.bad_certificate(defect)?))
}

#[when(regex = r"^every door is approached with a certificate that is defective: (.+)$")]
async fn with_defect_everywhere(world: &mut World, defect: String) -> Prepared {
    let (name, pair) = defective(world, &defect)?;
    let tpp = world.tpp()?;
    approach(world, "the payment API", &tpp, &name, Some(&pair)).await?;
    at_the_other_doors(world, (&name, &pair)).await
}

#[when("the second TPP comes to every endpoint for clients in the TPP's name")]
async fn in_anothers_name(world: &mut World) -> Prepared {
    let (session, tpp) = (world.session()?, world.tpp()?);
    let second = session.second_tpp()?.clone();
    let request = world.request_as(&tpp).await?;
    let certificate = (&Speaker::named(&second.name), &second.qwac);
    world.doors = doors::knock_at_each(&session, &world.check(), Some(&request), &tpp, certificate).await?;
    if world.doors.is_empty() {
        return Err(Trouble::DoesNotApply("the bank has no endpoint for clients".into()));
    }
    // Nothing is asked after the first: only a revocation, which comes later, shows in what the TPP is told afterwards.
    world.last = Some(world.doors.remove(0).exchange);
    Ok(())
}

/// Goes to the endpoints for clients too, unless the certificate was refused in the handshake, which is the same at each.
pub(super) async fn at_the_other_doors(world: &mut World, certificate: (&Speaker, &KeyPair)) -> Prepared {
    let tpp = world.tpp()?;
    if world.last.as_ref().is_none_or(|exchange| exchange.response().is_none())
        || tpp.credentials.method != Method::TlsClientAuth
    {
        return Ok(());
    }
    let (session, last) = (world.session()?, world.last.clone());
    // A bank without OAuth for payments has nothing that could be pushed.
    let request = world.request_as(&tpp).await.ok();
    world.doors = doors::knock_at_each(&session, &world.check(), request.as_ref(), &tpp, certificate).await?;
    world.last = last;
    Ok(())
}

#[when(regex = r"^(the token endpoint|the payment API) is approached with a certificate that is unusual: (.+)$")]
async fn with_near_miss(world: &mut World, endpoint: String, kind: String) -> Prepared {
    let near_miss: NearMiss = kind.parse().map_err(|error: PkiError| Trouble::Harness(error.to_string()))?;
    let pair = world.session()?.near_miss(near_miss)?;
    let tpp = world.tpp()?;
    let name = Speaker::of(&tpp.name, near_miss.name());
    approach(world, &endpoint, &tpp, &name, Some(&pair)).await
}

/// With a request that is served to whoever is let in: what is not served has been refused.
pub(super) async fn approach(
    world: &mut World,
    endpoint: &str,
    tpp: &Identity,
    name: &Speaker,
    pair: Option<&KeyPair>,
) -> Prepared {
    let session = world.session()?;
    if endpoint == "the payment API" {
        let draft = Draft::new(&session, tpp)?;
        world.last = Some(request::initiate_under(&session, &world.check(), &draft, (name, pair)).await?);
        return Ok(());
    }
    let request = world.request_as(tpp).await?;
    world.need_code(request).await?;
    let form = world.last_authorization()?.redemption(tpp)?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let purpose = "redeem the authorization code";
    world.last =
        Some(token::knock(&session, &world.check(), (Operation::Token, url), &form, (name, pair), purpose).await?);
    Ok(())
}

#[when("the TPP that is licensed for account information alone initiates a payment")]
async fn ais_only_initiates(world: &mut World) -> Prepared {
    let session = world.session()?;
    let missing = || Trouble::Prerequisite("the target file has no TPP with account information alone".into());
    let tpp = session.target.ais_only_tpp().ok_or_else(missing)?;
    let draft = Draft::new(&session, tpp)?;
    let client = session.client(tpp);
    world.last = Some(request::attempt_to_initiate(&session, &world.check(), client, &draft).await?);
    Ok(())
}

#[then("the certificate is let in")]
fn let_in(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::let_in(exchange, words))
}

#[then("the approach is refused")]
#[then("nobody is authenticated at any of them")]
fn refused(world: &mut World) -> Judged {
    let (words, doors) = (world.words(), std::mem::take(&mut world.doors));
    world.judge_last(|exchange| {
        let doors = doors.iter().map(|door| (&*door.exchange, door.after.as_deref()));
        judge::refused_at_each(doors.chain([(exchange, None)]), words)
    })
}

#[then("the initiation is refused")]
#[then("the cancellation is refused")]
fn request_refused(world: &mut World) -> Judged {
    world.judge_last(payment::refused)
}
