//! How the TPP says that it is the client that it is.

use std::sync::OnceLock;

use cucumber::{given, then, when};
use openssl::{
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    nid::Nid,
    pkey::{Id, PKey, Private},
    rsa::Rsa,
};
use serde_json::json;
use time::OffsetDateTime;

use super::{Judged, Prepared, World};
use crate::{
    evidence::{operation::Operation, speaker::Speaker},
    judge::client_authentication as judge,
    targets::{Identity, Method},
    tpp::{
        Trouble, documents,
        oauth::{
            assertion::{Draft, Signature},
            client_authentication::{self as client, Authenticated, Shown},
            form::{Form, form},
            token,
        },
        session::Session,
    },
};

/// The TPP of the target file that authenticates in such a way.
fn that_has(world: &World, such: impl Fn(Method) -> bool) -> Result<Identity, Trouble> {
    let session = world.session()?;
    let found = session.target.that_authenticates(such).cloned();
    found.ok_or_else(|| Trouble::Prerequisite("no TPP of the target file authenticates in that way".into()))
}

pub(super) fn with_assertions(world: &World) -> Result<Identity, Trouble> {
    that_has(world, |method| method == Method::PrivateKeyJwt)
}

/// A token request of that TPP that the bank would grant, were it not for who says so: without a customer where that is
/// offered.
async fn grantable(world: &mut World, identity: &Identity) -> Result<Form, Trouble> {
    let capabilities = world.session()?.capabilities();
    if !["client-credentials", "authorization"].iter().any(|one| capabilities.contains(*one)) {
        return Err(Trouble::DoesNotApply("there is nothing that the TPP could ask a token for".into()));
    }
    if capabilities.contains("client-credentials") {
        return Ok(form(&[("grant_type", "client_credentials"), ("client_id", &identity.client_id)]));
    }
    by_customer(world, identity).await
}

/// The same with a customer.
async fn by_customer(world: &mut World, identity: &Identity) -> Result<Form, Trouble> {
    let request = world.request_as(identity).await?;
    world.need_code(request).await?;
    world.last_authorization()?.redemption(identity)
}

async fn ask(world: &mut World, identity: &Identity, authenticated: &Authenticated, purpose: &str) -> Prepared {
    ask_and_see(world, identity, authenticated, purpose).await.map(|_| ())
}

/// Whether the bank knows the TPP and bars it from the grant.
async fn ask_and_see(
    world: &mut World,
    identity: &Identity,
    authenticated: &Authenticated,
    purpose: &str,
) -> Result<bool, Trouble> {
    let session = world.session()?;
    let (check, own) = (world.check(), session.client(identity));
    match token::attempt_as(&session, &check, own, authenticated, purpose).await? {
        Ok(reply) => {
            world.take(&reply);
            return Ok(token::is_barred(&reply));
        }
        Err(none) => world.last = Some(none.exchange),
    }
    Ok(false)
}

#[when("the TPP asks for a token with a right assertion")]
async fn with_right_assertion(world: &mut World) -> Prepared {
    with_assertion(world, "as it should be").await
}

#[when("the TPP asks for a token with a right assertion, whose clock is eight seconds ahead")]
async fn with_fast_clock(world: &mut World) -> Prepared {
    with_assertion(world, "its clock is eight seconds ahead").await
}

#[when(regex = r"^the TPP asks for a token with an assertion that is wrong: (.+)$")]
async fn with_wrong_assertion(world: &mut World, flaw: String) -> Prepared {
    with_assertion(world, &flaw).await
}

async fn with_assertion(world: &mut World, flaw: &str) -> Prepared {
    let identity = with_assertions(world)?;
    let fields = grantable(world, &identity).await?;
    let session = world.session()?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let draft = bent(Draft::new(&session, &identity, &identity.client_id, url)?, &session, &identity, flaw)?;
    let authenticated = client::by_assertion(&session, &fields, &draft)?;
    ask(world, &identity, &authenticated, &format!("ask for a token with an assertion: {flaw}")).await
}

/// The right assertion with that flaw.
pub(super) fn bent(draft: Draft, session: &Session, identity: &Identity, flaw: &str) -> Result<Draft, Trouble> {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let other = || Some(json!(format!("{}-other", identity.client_id)));
    Ok(match flaw {
        "as it should be" => draft,
        "another key has signed it" => Draft { signature: by_another_key(&draft.signature)?, ..draft },
        "its algorithm is none" => unsigned(draft, Some("none")),
        "its algorithm is None" => unsigned(draft, Some("None")),
        "its algorithm is NONE" => unsigned(draft, Some("NONE")),
        "its algorithm is nOnE" => unsigned(draft, Some("nOnE")),
        "it names no algorithm" => unsigned(draft, None),
        "its signature is empty" => Draft { signature: Signature::None, ..draft },
        "its algorithm is HS256, under the public key" => by_public_key(draft),
        "it is for another server" => draft.claim("aud", Some(json!("https://other-bank.example"))),
        "it is for the token endpoint" => {
            let named = session.discovery().token_endpoint_named.as_ref();
            draft.claim("aud", Some(json!(session.endpoint("token_endpoint", named)?)))
        }
        "it is for the issuer in a list" => draft.claim("aud", Some(json!([session.target.issuer]))),
        "it begins in two minutes" => draft.claim("nbf", Some(json!(now + 120))).claim("exp", Some(json!(now + 180))),
        "it was made in two minutes" => draft.claim("iat", Some(json!(now + 120))).claim("exp", Some(json!(now + 180))),
        "its clock is eight seconds ahead" => draft
            .claim("iat", Some(json!(now + 8)))
            .claim("nbf", Some(json!(now + 8)))
            .claim("exp", Some(json!(now + 68))),
        "it has expired" => draft.claim("iat", Some(json!(now - 600))).claim("exp", Some(json!(now - 300))),
        "it never expires" => draft.claim("exp", None),
        "it is from somebody else" => draft.claim("iss", other()),
        "it is about somebody else" => draft.claim("sub", other()),
        other => return Err(Trouble::Harness(format!("no such flaw: {other}"))),
    })
}

fn unsigned(draft: Draft, algorithm: Option<&str>) -> Draft {
    let mut unsigned = Draft { signature: Signature::None, ..draft };
    unsigned.header.shift_remove("alg");
    unsigned.header.extend(algorithm.map(|algorithm| ("alg".to_owned(), json!(algorithm))));
    unsigned
}

fn by_public_key(draft: Draft) -> Draft {
    let signature = match &draft.signature {
        Signature::By(key, _) => Signature::Hmac(key.clone()),
        other => other.clone(),
    };
    let mut signed = Draft { signature, ..draft };
    signed.header.insert("alg".into(), json!("HS256"));
    signed
}

/// A key of the same kind that is no client's.
fn by_another_key(own: &Signature) -> Result<Signature, Trouble> {
    let Signature::By(key, algorithm) = own else { return Ok(Signature::None) };
    let new = || -> Result<PKey<Private>, ErrorStack> {
        match key.id() {
            Id::RSA => nobodys_rsa_key(),
            Id::ED25519 => PKey::generate_ed25519(),
            _ => {
                let curve = key.ec_key()?.group().curve_name().unwrap_or(Nid::X9_62_PRIME256V1);
                PKey::from_ec_key(EcKey::generate(&*EcGroup::from_curve_name(curve)?)?)
            }
        }
    };
    new().map(|key| Signature::By(key, algorithm)).map_err(|error| Trouble::Harness(error.to_string()))
}

/// The same for the life of the process: to make one takes longer than all else that a check does.
fn nobodys_rsa_key() -> Result<PKey<Private>, ErrorStack> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    if let Some(key) = KEY.get() {
        return Ok(key.clone());
    }
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    Ok(KEY.get_or_init(|| key).clone())
}

#[when("the TPP asks for a token twice with the same assertion")]
async fn with_same_assertion(world: &mut World) -> Prepared {
    let identity = with_assertions(world)?;
    let session = world.session()?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let draft = Draft::new(&session, &identity, &identity.client_id, url)?;
    for purpose in ["ask for a token with an assertion", "ask for a token with the same assertion again"] {
        let fields = grantable(world, &identity).await?;
        let authenticated = client::by_assertion(&session, &fields, &draft)?;
        ask(world, &identity, &authenticated, purpose).await?;
        if world.tokens.is_empty() {
            return Err(Trouble::Prerequisite("the bank gave no token for the assertion the first time".into()));
        }
    }
    Ok(())
}

#[when("the TPP asks for a token with its client_secret")]
async fn with_right_secret(world: &mut World) -> Prepared {
    let identity = that_has(world, Method::is_by_secret)?;
    let fields = grantable(world, &identity).await?;
    let session = world.session()?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let authenticated = client::usual(&session, &Speaker::named(&identity.name), url, &fields)?;
    ask(world, &identity, &authenticated, "ask for a token with the client_secret").await
}

#[when("the TPP asks for a token with another client_secret")]
async fn with_wrong_secret(world: &mut World) -> Prepared {
    let identity = that_has(world, Method::is_by_secret)?;
    let shown = if identity.credentials.method == Method::ClientSecretBasic { Shown::Basic } else { Shown::Post };
    show(world, &identity, shown, true, "ask for a token with another client_secret").await
}

#[when("the TPP asks for a token with another client_secret in the Authorization header")]
async fn with_wrong_secret_in_header(world: &mut World) -> Prepared {
    let identity = that_has(world, |method| method == Method::ClientSecretBasic)?;
    show(world, &identity, Shown::Basic, true, "ask for a token with another client_secret").await
}

#[when("the TPP asks for a token with its client_secret in the address")]
async fn with_secret_in_address(world: &mut World) -> Prepared {
    let identity = that_has(world, Method::is_by_secret)?;
    show(world, &identity, Shown::Query, false, "ask for a token with the client_secret in the address").await
}

#[when("the TPP asks for a token with its client_secret in the Authorization header and in the form")]
async fn with_secret_twice(world: &mut World) -> Prepared {
    let identity = that_has(world, |method| method == Method::ClientSecretBasic)?;
    show(world, &identity, Shown::Twice, false, "ask for a token with the client_secret in two places").await
}

async fn show(world: &mut World, identity: &Identity, shown: Shown, wrong: bool, purpose: &str) -> Prepared {
    let fields = grantable(world, identity).await?;
    let own = client::secret_of(identity)?;
    let secret = if wrong { reversed(&own) } else { own };
    let session = world.session()?;
    let authenticated = client::by_secret(&session, identity, &fields, &secret, shown);
    let is_barred = ask_and_see(world, identity, &authenticated, purpose).await?;
    // A bank may offer a grant, and not to this TPP: then another must show what its secret is worth.
    if !is_barred || !session.capabilities().contains("authorization") {
        return Ok(());
    }
    let fields = by_customer(world, identity).await?;
    let authenticated = client::by_secret(&session, identity, &fields, &secret, shown);
    ask(world, identity, &authenticated, purpose).await
}

/// As long as the right one and of the same characters, and another.
fn reversed(secret: &str) -> String {
    let reversed: String = secret.chars().rev().collect();
    if reversed == secret { format!("{secret}x") } else { reversed }
}

#[given("how the TPP and others can authenticate")]
async fn looks_up(world: &mut World) -> Prepared {
    let session = world.session()?;
    if session.capabilities().contains("discovery") {
        world.last = Some(documents::fetch_metadata(&session, &world.check()).await?);
    }
    Ok(())
}

#[given(regex = r"^a TPP that authenticates by (assertions|a secret) holds an access token$")]
async fn holds_as(world: &mut World, by: String) -> Prepared {
    let identity = that_shows(world, &by)?;
    if !world.session()?.capabilities().contains("authorization") {
        return Err(Trouble::DoesNotApply("the bank has no customer who could give it a token".into()));
    }
    let fields = by_customer(world, &identity).await?;
    let session = world.session()?;
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?;
    let right = client::usual(&session, &Speaker::named(&identity.name), url, &fields)?;
    ask(world, &identity, &right, "redeem the authorization code").await?;
    world.access_token().map(|_| ())
}

fn that_shows(world: &World, by: &str) -> Result<Identity, Trouble> {
    if by == "assertions" { with_assertions(world) } else { that_has(world, Method::is_by_secret) }
}

#[when(
    regex = r"^the TPP that authenticates by (assertions|a secret) comes to the (.+) and shows (nothing|what is wrong)$"
)]
async fn comes_wrongly(world: &mut World, by: String, place: String, shown: String) -> Prepared {
    let identity = that_shows(world, &by)?;
    let offered = world.session()?.authentication_methods().map(<[String]>::to_vec).unwrap_or_default();
    if shown == "nothing" && offered.iter().any(|method| method.ends_with("tls_client_auth")) {
        return Err(Trouble::DoesNotApply("the certificate of the connection may be enough at this bank".into()));
    }
    let (operation, fields) = asked_at(world, &identity, &place).await?;
    let session = world.session()?;
    let endpoints = session.endpoints();
    let url = match operation {
        Operation::Token => session.endpoint("token_endpoint", endpoints.token.as_ref())?,
        Operation::Revocation => session.endpoint("revocation_endpoint", endpoints.revocation.as_ref())?,
        Operation::Introspection => session.endpoint("introspection_endpoint", endpoints.introspection.as_ref())?,
        _ => session.endpoint("pushed_authorization_request_endpoint", endpoints.pushed_requests.as_ref())?,
    };
    let mut authenticated = match (shown.as_str(), by.as_str()) {
        ("nothing", _) => client::Authenticated::by_nothing(&fields),
        (_, "assertions") => {
            let draft = Draft::new(&session, &identity, &identity.client_id, url)?;
            client::by_assertion(&session, &fields, &bent(draft, &session, &identity, "another key has signed it")?)?
        }
        _ => {
            let wrong = reversed(&client::secret_of(&identity)?);
            let is_basic = identity.credentials.method == Method::ClientSecretBasic;
            client::by_secret(&session, &identity, &fields, &wrong, if is_basic { Shown::Basic } else { Shown::Post })
        }
    };
    // A pushed request names its client whatever authenticates it (RFC 9126 2.1).
    if operation == Operation::PushedRequest && authenticated.form.iter().all(|(name, _)| name != "client_id") {
        authenticated.form.push(("client_id".into(), identity.client_id.clone()));
    }
    let purpose = format!("come to the {place} and show {shown}");
    let sent = token::post(&world.check(), session.client(&identity), (operation, url), &authenticated, &purpose).await;
    world.last = Some(sent.map_or_else(|none| none.exchange, |reply| reply.exchange));
    Ok(())
}

/// What an honest TPP asks there.
async fn asked_at(world: &mut World, identity: &Identity, place: &str) -> Result<(Operation, Form), Trouble> {
    let own = ("client_id", identity.client_id.as_str());
    Ok(match place {
        "client credentials grant" => (Operation::Token, form(&[own, ("grant_type", "client_credentials")])),
        "refresh grant" => {
            let token = world.refresh_token()?;
            (Operation::Token, form(&[own, ("grant_type", "refresh_token"), ("refresh_token", &token)]))
        }
        "revocation endpoint" => (Operation::Revocation, form(&[own, ("token", &world.access_token()?)])),
        "introspection endpoint" => (Operation::Introspection, form(&[own, ("token", &world.access_token()?)])),
        _ => (Operation::PushedRequest, world.request_as(identity).await?.parameters),
    })
}

#[then("the TPP is served nothing there")]
fn not_served(world: &mut World) -> Judged {
    world.judge_last(judge::not_served)
}

#[then("the client is authenticated")]
fn authenticated(world: &mut World) -> Judged {
    world.judge_last(judge::authenticated)
}

#[then("the client is not authenticated")]
fn not_authenticated(world: &mut World) -> Judged {
    world.judge_last(judge::not_authenticated)
}

#[then("the refusal names the scheme that the client has used")]
fn challenged(world: &mut World) -> Judged {
    world.judge_last(judge::challenged)
}

#[then("the TPP itself does it without a secret that the bank has too")]
fn is_without_secret(world: &mut World) -> Judged {
    let own = world.tpp().map(|tpp| tpp.credentials.method.name()).unwrap_or_default();
    world.judge(judge::without_secret(own))
}

#[then("it is possible without a secret that the bank has too")]
fn possible_without_secret(world: &mut World) -> Judged {
    let own = world.tpp().map(|tpp| tpp.credentials.method.name()).unwrap_or_default();
    let offered = world.session().ok().and_then(|session| session.authentication_methods().map(<[String]>::to_vec));
    world.judge(judge::possible_without_secret(own, offered.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_secret_is_never_the_same() {
        for secret in ["abc", "aa", "a", "level"] {
            assert_ne!(reversed(secret), secret);
        }
    }

    #[test]
    fn another_key_is_of_the_same_kind() {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let Signature::By(other, "PS256") = by_another_key(&Signature::By(key.clone(), "PS256")).unwrap() else {
            panic!("another signature")
        };
        assert!(other.id() == Id::RSA && !other.public_eq(&key));
    }
}
