//! Rules that hold at every operation of an API, each tried at each of them.
//!
//! First somebody asks who must not be served, or with what must not be accepted; then the TPP itself asks for the same
//! thing, so that a refusal shows something.

use std::{sync::Arc, time::Duration};

use cucumber::{given, then, when};

use super::{
    Judged, Prepared, World,
    berlin_group::authorisations::has_initiated_explicitly,
    certificates::defective,
    lag,
    revoked_certificates::{holds_token, issue, revoked, watched},
    roles,
    token::holds_access_token,
    uk_open_banking::{draft_of_order, has_ordered},
    world::own_client,
};
use crate::{
    evidence::{exchange::Exchange, operation::Operation, speaker::Speaker},
    judge::payment as judge,
    targets::{KeyPair, Method},
    tpp::{
        Trouble,
        api::{
            Draft,
            request::{self, Ask},
        },
        signing::{self, How},
        transport::Client,
    },
};

/// What is wrong with a request.
enum Bent {
    Nothing,
    Header(String, Option<String>),
    Signature(How),
    Product(String),
    Member(String, Option<String>),
    Token(String),
}

/// An operation by its name in the catalogue.
fn operation(name: &str) -> Result<Operation, Trouble> {
    serde_json::from_value(name.into()).map_err(|error| Trouble::Harness(error.to_string()))
}

#[given(regex = r"^the TPP can ask for ([a-z-]+)$")]
async fn can_ask(world: &mut World, name: String) -> Prepared {
    match operation(&name)? {
        Operation::Initiation => Ok(()),
        Operation::Payment if !takes_customers_token(world)? => {
            let draft = world.draft()?;
            world.need_lodged(&draft).await
        }
        Operation::Payment | Operation::FundsConfirmation | Operation::Order => holds_access_token(world).await,
        Operation::OrderStatus | Operation::OrderDetails => {
            holds_access_token(world).await?;
            has_ordered(world).await
        }
        Operation::Authorisation => has_initiated_explicitly(world).await,
        _ => {
            let draft = world.draft()?;
            world.need_lodged(&draft).await
        }
    }
}

/// Whether a payment is read by the token that the customer's approval gives.
///
/// # Errors
/// Nobody approves anything there, by OAuth or otherwise.
fn takes_customers_token(world: &World) -> Result<bool, Trouble> {
    let session = world.session()?;
    let capabilities = session.capabilities();
    match ["oauth-sca", "psu-redirect", "psu-decoupled"].iter().find(|way| capabilities.contains(**way)) {
        Some(way) => Ok(*way == "oauth-sca"),
        None => {
            let why = "no customer's approval gives the TPP a token to read a payment with";
            Err(Trouble::DoesNotApply(why.into()))
        }
    }
}

/// Asks for that operation on what was prepared, as that client; whatever comes of it.
async fn ask(world: &World, operation: Operation, client: &Client, bent: Bent) -> Result<Arc<Exchange>, Trouble> {
    match operation {
        Operation::Initiation => {
            let session = world.session()?;
            send(world, Draft::new(&session, session.identity(client.identity()))?, client, bent).await
        }
        Operation::Order => send(world, draft_of_order(world)?, client, bent).await,
        _ => ask_about(world, operation, client, bent).await,
    }
}

/// Sends a payment, or its order.
async fn send(world: &World, draft: Draft, client: &Client, bent: Bent) -> Result<Arc<Exchange>, Trouble> {
    let draft = match bent {
        Bent::Nothing => draft,
        Bent::Header(name, value) => draft.header(&name, value.as_deref()),
        Bent::Signature(how) => draft.signed(how),
        Bent::Product(product) => draft.of_product(&product),
        Bent::Member(path, value) => draft.at_path(&path, value.as_deref()),
        Bent::Token(token) => draft.bearing(&token),
    };
    request::attempt_to_initiate(&*world.session()?, &world.check(), client, &draft).await
}

/// Asks about what was sent.
async fn ask_about(world: &World, operation: Operation, client: &Client, bent: Bent) -> Result<Arc<Exchange>, Trouble> {
    let (session, purpose, customers) = (world.session()?, purpose(operation), world.access_token().ok());
    let (mut url, mut shown) = (url_of(world, operation)?, String::new());
    match &bent {
        Bent::Product(product) => {
            let api = session.api()?;
            url = url.replacen(&api.payments_path(None), &api.payments_path(Some(product)), 1);
        }
        Bent::Token(token) => shown.clone_from(token),
        _ => {}
    }
    let asked = Ask::new(operation, &url, &purpose).with(customers.as_deref());
    let asked = match bent {
        Bent::Nothing | Bent::Product(_) | Bent::Member(..) => asked,
        Bent::Header(name, value) => asked.header(&name, value.as_deref()),
        Bent::Signature(how) => asked.signed(how),
        Bent::Token(_) => asked.under("Bearer", &shown),
    };
    request::attempt(&session, &world.check(), client, asked).await
}

fn url_of(world: &World, operation: Operation) -> Result<String, Trouble> {
    match operation {
        Operation::OrderStatus | Operation::OrderDetails => super::uk_open_banking::url_of_order(world, operation),
        _ => world.url_of(operation),
    }
}

fn purpose(operation: Operation) -> String {
    format!("ask for {}", operation.name().replace('-', " "))
}

async fn bent(world: &mut World, name: &str, bent: Bent) -> Prepared {
    let session = world.session()?;
    world.last = Some(ask(world, operation(name)?, own_client(&session), bent).await?);
    Ok(())
}

#[when(regex = r"^the second TPP asks for ([a-z-]+)$")]
async fn second(world: &mut World, name: String) -> Prepared {
    let session = world.session()?;
    let client = session.client(session.second_tpp()?);
    world.last = Some(ask(world, operation(&name)?, client, Bent::Nothing).await?);
    Ok(())
}

#[when(regex = r"^a TPP with a certificate for (PSP_.+) alone asks for ([a-z-]+)$")]
async fn of_role(world: &mut World, words: String, name: String) -> Prepared {
    let client = roles::client(world, &words)?;
    world.last = Some(ask(world, operation(&name)?, &client, Bent::Nothing).await?);
    Ok(())
}

#[when(regex = r"^([a-z-]+) is asked for with a certificate that is defective: (.+)$")]
async fn with_defect(world: &mut World, name: String, defect: String) -> Prepared {
    let (speaker, pair) = defective(world, &defect)?;
    under(world, &name, (&speaker, &pair)).await
}

#[when(regex = r"^somebody with a certificate that was revoked by (CRL|OCSP) asks for ([a-z-]+)$")]
async fn under_revoked(world: &mut World, source: String, name: String) -> Prepared {
    let pair = revoked(world, &source).await?;
    let speaker = Speaker::of(&world.tpp()?.name, &format!("revoked by {source}"));
    under(world, &name, (&speaker, &pair)).await
}

/// Asks over a fresh connection under that certificate, by the probe, which sees how whoever is not let in is refused.
async fn under(world: &mut World, name: &str, certificate: (&Speaker, &KeyPair)) -> Prepared {
    let (session, check, operation) = (world.session()?, world.check(), operation(name)?);
    world.last = Some(match operation {
        Operation::Initiation => {
            let draft = world.draft()?;
            request::initiate_under(&session, &check, &draft, (certificate.0, Some(certificate.1))).await?
        }
        _ => {
            let (url, purpose) = (url_of(world, operation)?, purpose(operation));
            request::under(&session, &check, Ask::new(operation, &url, &purpose), certificate).await?
        }
    });
    Ok(())
}

#[when(regex = r#"^the TPP asks for ([a-z-]+) without the header "(.+)"$"#)]
async fn without_header(world: &mut World, name: String, header: String) -> Prepared {
    bent(world, &name, Bent::Header(header, None)).await
}

#[when(regex = r#"^the TPP asks for ([a-z-]+) with the header "(.+)" set to "(.+)"$"#)]
async fn with_header(world: &mut World, name: String, header: String, value: String) -> Prepared {
    bent(world, &name, Bent::Header(header, Some(value))).await
}

#[when(regex = r#"^the TPP asks for ([a-z-]+) of the product "(.+)"$"#)]
async fn of_product(world: &mut World, name: String, product: String) -> Prepared {
    bent(world, &name, Bent::Product(product)).await
}

#[when(regex = r#"^the TPP asks for ([a-z-]+) without the member "(.+)"$"#)]
async fn without_member(world: &mut World, name: String, path: String) -> Prepared {
    bent(world, &name, Bent::Member(path, None)).await
}

#[when(regex = r#"^the TPP asks for ([a-z-]+) with the member "(.+)" set to "(.+)"$"#)]
async fn with_member(world: &mut World, name: String, path: String, value: String) -> Prepared {
    bent(world, &name, Bent::Member(path, Some(value))).await
}

#[when(regex = r"^the TPP asks for ([a-z-]+) without a token$")]
async fn without_token(world: &mut World, name: String) -> Prepared {
    bent(world, &name, Bent::Header("Authorization".into(), None)).await
}

#[when(regex = r"^the TPP asks for ([a-z-]+) by a token that nobody has issued$")]
async fn by_foreign_token(world: &mut World, name: String) -> Prepared {
    bent(world, &name, Bent::Token(uuid::Uuid::new_v4().simple().to_string())).await
}

#[when(regex = r"^the TPP asks for ([a-z-]+) under a signature with one bit flipped$")]
async fn wrongly_signed(world: &mut World, name: String) -> Prepared {
    let session = world.session()?;
    let unsigned = || Trouble::DoesNotApply("the bank wants no signatures".into());
    let signing = session.target.signing.as_ref().ok_or_else(unsigned)?;
    let variation = "a signature with one bit flipped".to_owned();
    signing::applies(signing, signing.form, &variation)?;
    bent(world, &name, Bent::Signature(How::Varied { form: signing.form, variation, seal: None })).await
}

#[when(regex = r"^the TPP asks for ([a-z-]+) without a signature$")]
async fn unsigned(world: &mut World, name: String) -> Prepared {
    bent(world, &name, Bent::Signature(How::Not)).await
}

#[when(regex = r"^a TPP with a certificate for (PSP_.+) alone asks for ([a-z-]+) by that token$")]
async fn of_role_by_token(world: &mut World, _words: String, name: String) -> Prepared {
    let client = world.licensed_otherwise.take();
    let client = client.ok_or_else(|| Trouble::Prerequisite("there is no such certificate".into()))?;
    world.last = Some(ask(world, operation(&name)?, &client, Bent::Nothing).await?);
    Ok(())
}

#[given(regex = r"^the TPP can ask for ([a-z-]+) under a new certificate whose status is told by OCSP$")]
async fn can_ask_under_new(world: &mut World, name: String) -> Prepared {
    if world.tpp()?.credentials.method == Method::SelfSignedTlsClientAuth {
        let why = "the TPP gets its tokens by the very certificate that it has registered (RFC 8705 2.2)";
        return Err(Trouble::DoesNotApply(why.into()));
    }
    match operation(&name)? {
        Operation::Payment if takes_customers_token(world)? => holds_token(world).await,
        Operation::FundsConfirmation | Operation::Order => holds_token(world).await,
        other => {
            issue(world, "OCSP")?;
            let (session, speaker) = (world.session()?, Speaker::of(&world.tpp()?.name, "good by OCSP at first"));
            let client = Client::new(&session.target, &speaker, Some(&watched(world)?.pair), &session.recorder)?;
            if matches!(other, Operation::Status | Operation::Payment) {
                let draft = world.draft()?;
                let reply = request::initiate(&session, &world.check(), &client, &draft).await?;
                world.lodged.push(draft.lodged(&session, &reply)?);
            } else {
                can_ask(world, name).await?;
            }
            world.other_token = request::own_token(&session, &world.check(), &client, other).await?;
            let served = ask(world, other, &client, with_own_token(world)).await?;
            match served.status() {
                Some(..300) => Ok(()),
                _ => Err(Trouble::Prerequisite("the bank did not let the certificate in while it was good".into())),
            }
        }
    }
}

/// With the token that the TPP got for itself, where it needs one.
fn with_own_token(world: &World) -> Bent {
    world.other_token.clone().map_or(Bent::Nothing, Bent::Token)
}

#[when(regex = r"^the TPP asks for ([a-z-]+) under that certificate$")]
async fn under_that_certificate(world: &mut World, name: String) -> Prepared {
    let session = world.session()?;
    let speaker = Speaker::of(&world.tpp()?.name, "revoked in the meantime");
    let pair = watched(world)?.pair;
    // The connection is a new one: only the token goes on.
    let client = Client::new(&session.target, &speaker, Some(&pair), &session.recorder)?;
    world.last = Some(ask(world, operation(&name)?, &client, with_own_token(world)).await?);
    Ok(())
}

/// The token that opens that operation: one that the TPP has got for itself, where the dialect has it so, or the customer's.
#[given(regex = r"^the TPP holds a token for ([a-z-]+) that has (been|not been) used there$")]
async fn holds_token_for(world: &mut World, name: String, whether: String) -> Prepared {
    let (session, operation) = (world.session()?, operation(&name)?);
    let own = request::own_token(&session, &world.check(), own_client(&session), operation).await?;
    let token = own.map_or_else(|| world.access_token(), Ok)?;
    world.other_token = Some(token.clone());
    if whether == "been" {
        let served = ask(world, operation, own_client(&session), Bent::Token(token)).await?;
        if served.status().is_none_or(|status| status >= 300) {
            return Err(Trouble::Prerequisite("the bank did not serve the token while it was good".into()));
        }
    }
    Ok(())
}

#[when(regex = r"^the TPP asks for ([a-z-]+) by the token that it has revoked$")]
async fn by_revoked_token(world: &mut World, name: String) -> Prepared {
    let session = world.session()?;
    let token = world.other_token.clone();
    let token = token.ok_or_else(|| Trouble::Prerequisite("there is no such token".into()))?;
    let operation = operation(&name)?;
    let again = async |world: &mut World| {
        world.last = Some(ask(world, operation, own_client(&session), Bent::Token(token.clone())).await?);
        Ok(())
    };
    let mut seconds = session.target.tolerances.token_revocation();
    // What makes something is asked for once, when nothing excuses the bank any more.
    if !operation.may_be_repeated() {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds = 0;
    }
    lag::until(world, seconds, again, |world| !world.last_was_served()).await
}

#[then("the revocation is noticed at the operation")]
fn revocation_noticed(world: &mut World) -> Judged {
    world.judge_last(judge::refused)
}

#[when(regex = r"^the TPP itself asks for ([a-z-]+)$")]
async fn itself(world: &mut World, name: String) -> Prepared {
    let session = world.session()?;
    world.own = Some(ask(world, operation(&name)?, own_client(&session), Bent::Nothing).await?);
    Ok(())
}

#[then("that is refused, and the TPP itself is served")]
fn refused(world: &mut World) -> Judged {
    let (own, words) = (world.own.clone(), world.words());
    world.judge_last(|exchange| match &own {
        Some(own) => judge::refused_beside(exchange, own, words),
        None => judge::refused(exchange),
    })
}
