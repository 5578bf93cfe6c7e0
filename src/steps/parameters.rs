//! Parameters that stand twice, or without a value, at each endpoint of the authorization server.

use cucumber::when;
use reqwest::Method;

use super::{
    Prepared, World,
    pushed_requests::push,
    revocation::{introspect, revoke},
    token::{redeem, redemption, refresh},
    world::own_client,
};
use crate::{
    targets::Method as ClientMethod,
    tpp::{
        Trouble,
        oauth::{
            authorization::AuthorizationRequest,
            form::{Form, form, with},
            pkce::{ProofKey, random},
        },
        psu::Behaviour,
    },
};

/// What a parameter says where it says something else than it should.
fn other(world: &World, parameter: &str, right: &str) -> Result<String, Trouble> {
    Ok(match parameter {
        "response_type" => "token".to_owned(),
        "code_challenge" => ProofKey::fresh().challenge,
        "code_challenge_method" => "plain".to_owned(),
        "redirect_uri" => format!("{right}/other"),
        "scope" => "accounts".to_owned(),
        "grant_type" => "password".to_owned(),
        "token_type_hint" => "refresh_token".to_owned(),
        "client_id" => {
            let session = world.session()?;
            session.second_tpp().map_or_else(|_| format!("{right}-other"), |second| second.client_id.clone())
        }
        _ => random(32),
    })
}

/// The values under which a parameter is sent, in order.
fn values(world: &World, parameter: &str, right: &str, how: &str) -> Result<[String; 2], Trouble> {
    let (right, other) = (right.to_owned(), other(world, parameter, right)?);
    Ok(match how {
        "with the same value" => [right.clone(), right],
        "with another value behind it" => [right, other],
        _ => [other, right],
    })
}

/// The request with that parameter twice; the client's name in the browser's address, for whoever pushes is known by then.
fn repeated(
    world: &World,
    request: AuthorizationRequest,
    parameter: &str,
    how: &str,
) -> Result<AuthorizationRequest, Trouble> {
    let right = request.get(parameter).map(str::to_owned).ok_or_else(|| not_sent(parameter))?;
    let [first, second] = values(world, parameter, &right, how)?;
    let request = request.set(parameter, Some(&first));
    Ok(match parameter {
        "client_id" => request.repeat_in_address(parameter, &second),
        _ => request.repeat(parameter, &second),
    })
}

fn not_sent(parameter: &str) -> Trouble {
    Trouble::DoesNotApply(format!("the TPP sends no {parameter} there"))
}

/// The form with that parameter twice. A client that shows its secret in the header names itself there.
fn repeated_in(world: &World, fields: Form, parameter: &str, how: &str) -> Result<Form, Trouble> {
    let is_in_header = world.tpp()?.credentials.method == ClientMethod::ClientSecretBasic;
    let right = fields.iter().find(|(name, _)| name == parameter).map(|(_, value)| value.clone());
    let right = right.filter(|_| !(parameter == "client_id" && is_in_header)).ok_or_else(|| not_sent(parameter))?;
    let [first, second] = values(world, parameter, &right, how)?;
    let set = |(name, value)| if name == parameter { (name, first.clone()) } else { (name, value) };
    Ok(fields.into_iter().map(set).chain([(parameter.to_owned(), second)]).collect())
}

#[when(regex = r#"^the TPP asks for authorization with "([a-z_]+)" twice, (with .+)$"#)]
async fn asks_with_twice(world: &mut World, parameter: String, how: String) -> Prepared {
    let request = world.request().await?;
    let request = repeated(world, request, &parameter, &how)?;
    world.authorize(request, Behaviour::Approve).await
}

#[when(regex = r#"^the TPP asks for authorization with "([a-z_]+)" without a value$"#)]
async fn asks_with_empty(world: &mut World, parameter: String) -> Prepared {
    let request = world.request().await?.set(&parameter, Some(""));
    world.authorize(request, Behaviour::Approve).await
}

#[when(regex = r#"^the TPP pushes an authorization request with "([a-z_]+)" twice, (with .+)$"#)]
async fn pushes_with_twice(world: &mut World, parameter: String, how: String) -> Prepared {
    let request = world.request().await?;
    let request = repeated(world, request, &parameter, &how)?;
    push(world, request).await
}

#[when(regex = r#"^the TPP pushes an authorization request with "([a-z_]+)" without a value$"#)]
async fn pushes_with_empty(world: &mut World, parameter: String) -> Prepared {
    let request = world.request().await?.set(&parameter, Some(""));
    push(world, request).await
}

/// The token request of that grant.
fn request_of(world: &World, grant: &str) -> Result<Form, Trouble> {
    match grant {
        "redeems the authorization code" => redemption(world),
        _ => refresh(world),
    }
}

#[when(
    regex = r#"^the TPP (redeems the authorization code|refreshes its access token) with "([a-z_]+)" twice, (with .+)$"#
)]
async fn asks_token_with_twice(world: &mut World, grant: String, parameter: String, how: String) -> Prepared {
    let mut fields = request_of(world, &grant)?;
    if parameter == "scope" {
        let asked = world.last_authorization()?.request.get("scope").unwrap_or_default().to_owned();
        fields.extend(form(&[("scope", &asked)]));
    }
    let fields = repeated_in(world, fields, &parameter, &how)?;
    redeem(world, fields, &format!("send a token request with {parameter} twice")).await
}

#[when(
    regex = r#"^the TPP (redeems the authorization code|refreshes its access token) with "([a-z_]+)" without a value$"#
)]
async fn asks_token_with_empty(world: &mut World, grant: String, parameter: String) -> Prepared {
    let mut fields = request_of(world, &grant)?;
    fields.retain(|(name, _)| *name != parameter);
    fields.push((parameter.clone(), String::new()));
    redeem(world, fields, &format!("send a token request with {parameter} without a value")).await
}

#[when(regex = r#"^the TPP (revokes|introspects) its access token with "([a-z_]+)" twice, (with .+)$"#)]
async fn about_token_with_twice(world: &mut World, what: String, parameter: String, how: String) -> Prepared {
    let (client_id, token) = (world.tpp()?.client_id, world.access_token()?);
    let own = if what == "revokes" { vec![("client_id", client_id.as_str())] } else { Vec::new() };
    let fields = own.into_iter().chain([("token", token.as_str()), ("token_type_hint", "access_token")]);
    let fields = repeated_in(world, form(&fields.collect::<Vec<_>>()), &parameter, &how)?;
    let session = world.session()?;
    match what.as_str() {
        "revokes" => revoke(world, own_client(&session), &fields, Method::POST).await,
        _ => introspect(world, &fields).await,
    }
}

#[when(regex = r"^the TPP redeems the authorization code with a code_verifier that is (.+)$")]
async fn redeems_with_verifier(world: &mut World, what: String) -> Prepared {
    let right = world.last_authorization()?.request.proof_key.clone();
    let verifier = right.verifier.as_str();
    let half = verifier.len() / 2;
    let foreign = ProofKey::fresh();
    let (verifier, challenge) = match what.as_str() {
        "the first half of the right one" => (verifier.get(..half).unwrap_or_default(), None),
        "the second half of the right one" => (verifier.get(half..).unwrap_or_default(), None),
        "the code_challenge" => (right.challenge.as_str(), None),
        "empty" => ("", None),
        _ => (foreign.verifier.as_str(), Some(foreign.challenge.as_str())),
    };
    let mut fields = with(redemption(world)?, "code_verifier", Some(verifier));
    let session = world.session()?;
    session.recorder.secret("verifier", verifier);
    if let Some(challenge) = challenge {
        fields.extend(form(&[("code_challenge", challenge), ("code_challenge_method", "S256")]));
    }
    redeem(world, fields, &format!("redeem the code with a code_verifier that is {what}")).await
}
