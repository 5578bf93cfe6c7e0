//! Certificates that were revoked: before the bank has seen them, or after.

use cucumber::{given, then, when};
use uuid::Uuid;

use super::{
    Judged, Prepared, World,
    certificates::{approach, at_the_other_doors},
    resource,
    token::refresh,
};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    judge::{certificate, revocation_status as judge},
    pki::status::{CrlEntry, OcspAnswer, Reason, Statement},
    targets::{Identity, KeyPair, Method},
    tpp::{
        Trouble,
        api::{Draft, request},
        clock,
        oauth::token,
        transport::Client,
        trust_service::{self, Source, Watched},
        visits::Visits,
    },
};

const REVOKE: &str = "revoke the certificate";

async fn say(world: &mut World, statement: Statement, purpose: &str) -> Prepared {
    let (session, check) = (world.session()?, world.check());
    let mut watched = watched(world)?;
    trust_service::say(&session, &check, &mut watched, statement, purpose).await?;
    world.watched = Some(watched);
    Ok(())
}

pub(super) fn watched(world: &World) -> Result<Watched, Trouble> {
    world.watched.clone().ok_or_else(|| Trouble::Prerequisite("no certificate has been issued".into()))
}

pub(super) fn issue(world: &mut World, source: &str) -> Prepared {
    world.watched = Some(trust_service::certificate(&*world.session()?, Source::from_words(source))?);
    Ok(())
}

/// The endpoint that needs least before it can be approached.
fn nearest_endpoint(world: &World) -> Result<&'static str, Trouble> {
    let target = world.session()?.target.clone();
    match target.dialect.has_payments() {
        true => Ok("the payment API"),
        false if target.tpp().credentials.method == Method::TlsClientAuth => Ok("the token endpoint"),
        false => Err(Trouble::DoesNotApply("no endpoint of the bank asks for a certificate of a CA".into())),
    }
}

async fn approach_under(world: &mut World, endpoint: &str, pair: &KeyPair, how: &str) -> Prepared {
    let tpp = world.tpp()?;
    approach(world, endpoint, &tpp, &Speaker::of(&tpp.name, how), Some(pair)).await
}

#[when(
    regex = r"^(the token endpoint|the payment API) is approached with a new certificate whose status is told by (CRL|OCSP)$"
)]
async fn with_good(world: &mut World, endpoint: String, source: String) -> Prepared {
    issue(world, &source)?;
    let pair = watched(world)?.pair;
    approach_under(world, &endpoint, &pair, &format!("good by {source}")).await
}

#[when(
    regex = r"^(the token endpoint|the payment API) is approached with a certificate that was revoked by (CRL|OCSP)$"
)]
async fn with_revoked(world: &mut World, endpoint: String, source: String) -> Prepared {
    let pair = revoked(world, &source).await?;
    approach_under(world, &endpoint, &pair, &format!("revoked by {source}")).await
}

/// A ready-made one where the target file has one.
pub(super) async fn revoked(world: &mut World, source: &str) -> Result<KeyPair, Trouble> {
    let ready = format!("revoked-by-{}", source.to_lowercase());
    if let Some(pair) = world.session()?.target.bad_certificates.get(&ready) {
        return Ok(pair.clone());
    }
    issue(world, source)?;
    let statement = Source::from_words(source).revocation();
    say(world, Statement { reason: Reason::KeyCompromise, ..statement }, REVOKE).await?;
    Ok(watched(world)?.pair)
}

#[when(regex = r"^every door is approached with a certificate that was revoked by (CRL|OCSP)$")]
async fn with_revoked_everywhere(world: &mut World, source: String) -> Prepared {
    let pair = revoked(world, &source).await?;
    let how = format!("revoked by {source}");
    approach_under(world, "the payment API", &pair, &how).await?;
    let name = Speaker::of(&world.tpp()?.name, &how);
    at_the_other_doors(world, (&name, &pair)).await
}

#[when("the TPP refreshes its access token with a certificate that was revoked by OCSP")]
async fn refreshes_revoked(world: &mut World) -> Prepared {
    let pair = revoked(world, "OCSP").await?;
    let (session, form, name) = (world.session()?, refresh(world)?, world.tpp()?.name);
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let (who, purpose) = (Speaker::of(&name, "revoked by OCSP"), "refresh the access token");
    world.last = Some(
        token::knock(&session, &world.check(), (Operation::Token, url), &form, (&who, Some(&pair)), purpose).await?,
    );
    Ok(())
}

#[when(regex = r"^the bank is approached with a certificate that the CRL lists, and of which OCSP says: (.+)$")]
async fn with_contradiction(world: &mut World, ocsp: String) -> Prepared {
    let answer = match ocsp.as_str() {
        "nothing is known of it" => OcspAnswer::Unknown,
        "it was good yesterday" => OcspAnswer::Stale,
        "it is good, by a signature that is wrong" => OcspAnswer::Forged,
        "it is good, by a signer without OCSPSigning" => OcspAnswer::Undelegated,
        "try later" => OcspAnswer::TryLater,
        _ => OcspAnswer::Silent,
    };
    issue(world, "both")?;
    let statement = Statement { crl: CrlEntry::Listed, ocsp: answer, reason: Reason::KeyCompromise };
    say(world, statement, "revoke the certificate by CRL").await?;
    let (endpoint, pair) = (nearest_endpoint(world)?, watched(world)?.pair);
    approach_under(world, endpoint, &pair, &format!("revoked by CRL; OCSP: {ocsp}")).await
}

#[when("the bank is approached with a certificate that is suspended")]
async fn with_suspended(world: &mut World) -> Prepared {
    issue(world, "OCSP")?;
    let statement = Statement { reason: Reason::CertificateHold, ..Source::Ocsp.revocation() };
    say(world, statement, "suspend the certificate").await?;
    let (endpoint, pair) = (nearest_endpoint(world)?, watched(world)?.pair);
    approach_under(world, endpoint, &pair, "suspended").await
}

#[when("a TPP goes on with its new certificate after the old one was revoked")]
async fn goes_on_with_successor(world: &mut World) -> Prepared {
    world.strangers_may_come()?;
    let session = world.session()?;
    let name = Uuid::new_v4().simple().to_string()[..8].to_uppercase();
    let new = || trust_service::strangers_certificate(&session, &name, Source::Ocsp);
    let (old, successor) = (new()?, new()?);
    let mut stranger = world.tpp()?;
    stranger.name = format!("tpp-{}", name.to_lowercase());
    stranger.redirect_uris = vec![format!("https://{}.example/callback", stranger.name)];
    knock(world, &stranger, "with its new certificate", &successor.pair).await?;
    if world.last.as_ref().and_then(|exchange| exchange.status()) != Some(201) {
        return Err(Trouble::DoesNotApply("the bank serves no TPP that it has not seen before".into()));
    }
    world.watched = Some(old.clone());
    let statement = Statement { reason: Reason::Superseded, ..Source::Ocsp.revocation() };
    say(world, statement, "revoke the old certificate").await?;
    knock(world, &stranger, "with its old certificate", &old.pair).await?;
    knock(world, &stranger, "with its new certificate again", &successor.pair).await
}

async fn knock(world: &mut World, tpp: &Identity, how: &str, pair: &KeyPair) -> Prepared {
    let (session, name) = (world.session()?, Speaker::of(&tpp.name, how));
    let draft = Draft::new(&session, tpp)?;
    world.last = Some(request::initiate_under(&session, &world.check(), &draft, (&name, Some(pair))).await?);
    Ok(())
}

#[given(regex = r"^the bank has let in a new certificate whose status is told by (CRL|OCSP)$")]
async fn has_let_in(world: &mut World, source: String) -> Prepared {
    issue(world, &source)?;
    let session = world.session()?;
    let name = Speaker::of(&world.tpp()?.name, &format!("good by {source} at first"));
    world.visits = Some(Visits::new(&session, &name, &watched(world)?.pair)?);
    visit(world, None).await?;
    match world.last.as_ref().and_then(|exchange| exchange.status()) {
        Some(201) => Ok(()),
        _ if world.tpp()?.credentials.method == Method::SelfSignedTlsClientAuth
            && session.api()?.token_scope(Operation::Initiation).is_some() =>
        {
            let why = "the TPP gets its tokens by the very certificate that it has registered (RFC 8705 2.2)";
            Err(Trouble::DoesNotApply(why.into()))
        }
        _ => Err(Trouble::Prerequisite("the bank did not let the certificate in while it was good".into())),
    }
}

/// A request on the connection that is open, or on that client's.
async fn visit(world: &mut World, client: Option<&Client>) -> Prepared {
    let (session, draft) = (world.session()?, world.draft()?);
    let missing = || Trouble::Prerequisite("there is no connection".into());
    let client = match client {
        Some(client) => client,
        None => &world.visits.as_ref().ok_or_else(missing)?.client,
    };
    world.last = Some(request::attempt_to_initiate(&session, &world.check(), client, &draft).await?);
    Ok(())
}

#[given("the certificate has been revoked, and every earlier answer about it has run out")]
async fn has_been_revoked(world: &mut World) -> Prepared {
    let statement = watched(world)?.source.revocation();
    say(world, Statement { reason: Reason::KeyCompromise, ..statement }, REVOKE).await?;
    let session = world.session()?;
    let seconds = watched(world)?.seconds.saturating_add(session.target.tolerances.revocation_delay());
    clock::advance(&session, &world.check(), seconds).await
}

#[when("the bank is approached with that certificate again")]
async fn again(world: &mut World) -> Prepared {
    let (endpoint, pair) = (nearest_endpoint(world)?, watched(world)?.pair);
    approach_under(world, endpoint, &pair, "revoked in the meantime").await
}

#[when("the TPP sends another request on the same connection")]
async fn on_same_connection(world: &mut World) -> Prepared {
    visit(world, None).await
}

#[when("the TPP resumes the TLS session on another connection")]
async fn resumes(world: &mut World) -> Prepared {
    let session = world.session()?;
    let visits = world.visits.as_ref().ok_or_else(|| Trouble::Prerequisite("there is no connection".into()))?;
    let client = visits.another_connection(&session)?;
    visit(world, Some(&client)).await
}

#[given("the TPP holds an access token for a new certificate whose status is told by OCSP")]
pub(super) async fn holds_token(world: &mut World) -> Prepared {
    let request = world.request().await?;
    world.need_code(request).await?;
    issue(world, "OCSP")?;
    let (session, tpp) = (world.session()?, world.tpp()?);
    let name = Speaker::of(&tpp.name, "good by OCSP at first");
    let visits = Visits::new(&session, &name, &watched(world)?.pair)?;
    let form = world.last_authorization()?.redemption(&tpp)?;
    let purpose = "redeem the authorization code";
    let reply = token::request(&session, &world.check(), &visits.client, &form, purpose).await?;
    world.take(&reply);
    world.visits = Some(visits);
    world.access_token().map(|_| ())
}

#[when("the TPP uses the access token under that certificate")]
async fn uses_token(world: &mut World) -> Prepared {
    let token = world.access_token()?;
    // The connection is a new one: only the token goes on.
    let session = world.session()?;
    let name = Speaker::of(&world.tpp()?.name, "revoked in the meantime");
    let visits = Visits::new(&session, &name, &watched(world)?.pair)?;
    resource::use_as(world, &visits.client, &token).await
}

#[then("the revocation is noticed")]
fn noticed(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::noticed(exchange, words))
}

#[then("the token has gone with the certificate")]
fn token_worthless(world: &mut World) -> Judged {
    world.judge_last(judge::token_worthless)
}

#[then("the refusal says that the certificate was revoked")]
fn told_as_such(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| judge::told_as_such(exchange, words))
}

#[then("its new certificate is let in")]
fn successor_let_in(world: &mut World) -> Judged {
    let words = world.words();
    world.judge_last(|exchange| certificate::let_in(exchange, words))
}
