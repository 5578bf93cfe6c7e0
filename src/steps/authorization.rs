//! The authorization request, the customer, and what comes back.

use cucumber::{given, then, when};
use url::Url;

use super::{Judged, Prepared, World, berlin_group::authorisations::facts_of_walk, quoted, token::redeem};
use crate::{
    judge::authorization as judge,
    tpp::{
        Trouble,
        api::{Intent, request},
        oauth::{
            authorization::{Authorization, AuthorizationRequest, Way},
            pkce::{ProofKey, random},
        },
        psu::Behaviour,
    },
};

#[given("the PSU has authorised the TPP")]
#[given("the PSU has authorised the TPP a second time")]
async fn has_authorised(world: &mut World) -> Prepared {
    let request = world.request().await?;
    world.need_code(request).await
}

#[given(expr = "the PSU has authorised the TPP with a code_verifier of {int} characters")]
async fn has_authorised_with_length(world: &mut World, characters: usize) -> Prepared {
    let request = world.request().await?.with_proof_key(ProofKey::of_length(characters));
    world.need_code(request).await
}

#[given(regex = r"^the PSU has authorised the TPP with a code_verifier that holds (.+)$")]
async fn has_authorised_with_forbidden(world: &mut World, what: String) -> Prepared {
    let forbidden = match what.as_str() {
        "a space" => " ",
        "a plus sign" => "+",
        "a slash" => "/",
        "an equals sign" => "=",
        "a percent sign" => "%",
        "a letter beyond ASCII" => "é",
        _ => "!*é",
    };
    let request = world.request().await?.with_proof_key(ProofKey::of(format!("{}{forbidden}A", random(40))));
    world.need_code(request).await
}

async fn goes(world: &mut World, behaviour: Behaviour) -> Prepared {
    let request = world.request().await?;
    world.authorize(request, behaviour).await
}

#[when("the PSU authorises the TPP")]
async fn authorises(world: &mut World) -> Prepared {
    goes(world, Behaviour::Approve).await
}

/// Where the TPP gets a code all the same and nobody has seen the PSU deny, it may not have.
#[given("the PSU has denied the TPP")]
async fn has_denied(world: &mut World) -> Prepared {
    goes(world, Behaviour::Deny).await?;
    match world.last_authorization()? {
        Authorization { unsure: Some(hint), walk_end, .. } if walk_end.returned("code").is_some() => {
            Err(Trouble::Prerequisite(format!("{walk_end}: {hint}")))
        }
        _ => Ok(()),
    }
}

#[when("the PSU denies the TPP")]
async fn denies(world: &mut World) -> Prepared {
    goes(world, Behaviour::Deny).await
}

#[when("the PSU cancels")]
async fn cancels(world: &mut World) -> Prepared {
    goes(world, Behaviour::Cancel).await
}

#[when("the PSU mistypes the credentials until the bank ends the session")]
async fn mistypes(world: &mut World) -> Prepared {
    goes(world, Behaviour::MistypeAlways).await
}

#[when(expr = "the PSU mistypes the one-time code {int} times and then types it right")]
async fn mistypes_code(world: &mut World, times: usize) -> Prepared {
    goes(world, Behaviour::MistypeOneTimeCode(times)).await
}

#[when(expr = "the PSU walks away for {int} seconds and then goes on")]
async fn walks_away(world: &mut World, seconds: u64) -> Prepared {
    goes(world, Behaviour::WalkAway(seconds)).await
}

async fn authorises_with_changed(world: &mut World, parameter: &str, value: Option<&str>) -> Prepared {
    let request = world.request().await?.set(parameter, value);
    world.authorize(request, Behaviour::Approve).await
}

#[when(expr = "the PSU authorises the TPP, which sends the state {string}")]
async fn authorises_with_state(world: &mut World, state: String) -> Prepared {
    authorises_with_changed(world, "state", Some(&state)).await
}

#[when(expr = "the PSU authorises the TPP, which sends a state of {int} characters")]
async fn authorises_with_long_state(world: &mut World, characters: usize) -> Prepared {
    let mut state = random(characters);
    state.truncate(characters);
    authorises_with_changed(world, "state", Some(&state)).await
}

#[when(regex = r"^the PSU (authorises|denies) the TPP, which sends a state with (.+)$")]
async fn goes_with_state(world: &mut World, does: String, what: String) -> Prepared {
    let state = match what.as_str() {
        // RFC 6749 A.5
        "every character that it may have" => (' '..='~').collect(),
        "spaces at both ends" => format!("  {}  ", random(12)),
        "what HTML escapes" => format!("{}<a>&\"'&amp;", random(12)),
        "letters of both cases" => format!("aAbBcCzZ{}", random(12)),
        "percent signs" => format!("100%25%2E%zz%{}", random(12)),
        "JSON" => format!(r#"{{"id":["{}"],"next":"/a?b=c&d=e#f"}}"#, random(12)),
        other => return Err(Trouble::Harness(format!("nobody knows a state with {other}"))),
    };
    let request = world.request().await?.set("state", Some(&state));
    let behaviour = if does == "denies" { Behaviour::Deny } else { Behaviour::Approve };
    world.authorize(request, behaviour).await
}

#[when("the PSU authorises the TPP, which sends no state")]
async fn authorises_without_state(world: &mut World) -> Prepared {
    authorises_with_changed(world, "state", None).await
}

#[when("the PSU authorises the TPP, which also sends an unknown parameter")]
async fn authorises_with_unknown(world: &mut World) -> Prepared {
    authorises_with_changed(world, "bankproof_unknown", Some("1")).await
}

#[when("the PSU authorises the TPP through its redirect_uri with a query")]
async fn authorises_through_query(world: &mut World) -> Prepared {
    let tpp = world.tpp()?;
    let uri = tpp.redirect_uri_with_query();
    let uri = uri.ok_or_else(|| Trouble::Prerequisite("no registered redirect_uri has a query".into()))?;
    authorises_with_changed(world, "redirect_uri", Some(uri)).await
}

#[when(expr = "the TPP asks for authorization without {string}")]
async fn asks_without(world: &mut World, parameter: String) -> Prepared {
    let request = world.request().await?;
    let request = match parameter.as_str() {
        "code_challenge" => request.without_pkce(),
        _ => request.set(&parameter, None),
    };
    world.authorize(request, Behaviour::Approve).await
}

#[when(expr = "the TPP asks for authorization with {string} set to {string}")]
async fn asks_with(world: &mut World, parameter: String, value: String) -> Prepared {
    let mut request = world.request().await?.set(&parameter, Some(&value));
    if value == "plain" {
        // By the plain method the verifier is its own challenge.
        let verifier = request.proof_key.verifier.clone();
        request = request.set("code_challenge", Some(&verifier));
    }
    if parameter == "client_id" {
        // Nobody can authenticate as a client that is not registered, and so push its request.
        request = request.by(Way::Plain);
    }
    world.authorize(request, Behaviour::Approve).await
}

#[when(
    regex = r"^the TPP asks for authorization with (no response_type|an unknown response_type|a repeated scope|no scope|an unknown scope)$"
)]
async fn asks_wrongly(world: &mut World, what: String) -> Prepared {
    let request = world.request().await?;
    let scope = request.get("scope").unwrap_or_default().to_owned();
    let request = match what.as_str() {
        "no response_type" => request.set("response_type", None),
        "an unknown response_type" => request.set("response_type", Some("unknown")),
        "no scope" => request.set("scope", None),
        // OpenID Connect wants its own scope in each request, whatever else is asked for.
        "an unknown scope" if scope.split(' ').any(|one| one == "openid") => {
            request.set("scope", Some("openid bankproof-unknown"))
        }
        "an unknown scope" => request.set("scope", Some("bankproof-unknown")),
        _ => request.repeat("scope", &scope),
    };
    world.authorize(request, Behaviour::Approve).await
}

#[when(expr = "the TPP asks for authorization with {string} sent twice")]
async fn asks_twice(world: &mut World, parameter: String) -> Prepared {
    let request = world.request().await?;
    let value = request.get(&parameter).unwrap_or_default().to_owned();
    world.authorize(request.repeat(&parameter, &value), Behaviour::Approve).await
}

#[when(expr = "the TPP asks for authorization with the redirect_uri {string}")]
async fn asks_with_redirect_uri(world: &mut World, uri: String) -> Prepared {
    authorises_with_changed(world, "redirect_uri", Some(&uri)).await
}

#[when(expr = "the TPP asks for authorization with the redirect_uri {string} and an unknown response_type")]
async fn asks_with_redirect_uri_and_error(world: &mut World, uri: String) -> Prepared {
    let request = world.request().await?.set("redirect_uri", Some(&uri)).set("response_type", Some("unknown"));
    // Whoever sends a customer on such a link pushes nothing.
    let request = request.by(Way::Plain);
    world.authorize(request, Behaviour::Approve).await
}

#[when(regex = r"^the TPP asks for authorization with its redirect_uri changed: (.+)$")]
async fn asks_with_changed_redirect_uri(world: &mut World, change: String) -> Prepared {
    let registered = match change.as_str() {
        "its query goes on" => {
            let with_query = world.tpp()?.redirect_uri_with_query().map(str::to_owned);
            with_query.ok_or_else(|| Trouble::DoesNotApply("no registered redirect_uri has a query".into()))?
        }
        _ => world.tpp()?.redirect_uri().to_owned(),
    };
    let uri = match change.as_str() {
        "that of another TPP" => world.session()?.second_tpp()?.redirect_uri().to_owned(),
        other => changed(&registered, other)?,
    };
    if uri == registered || world.tpp()?.redirect_uris.contains(&uri) {
        return Err(Trouble::DoesNotApply(format!("with {change} the registered redirect_uri stays as it is")));
    }
    authorises_with_changed(world, "redirect_uri", Some(&uri)).await
}

/// The registered URI with that change.
fn changed(registered: &str, change: &str) -> Result<String, Trouble> {
    let url = Url::parse(registered).map_err(|error| Trouble::Harness(error.to_string()))?;
    let (host, path) = (url.host_str().unwrap_or_default(), url.path());
    Ok(match change {
        "a trailing slash" => format!("{registered}/"),
        "an extra path" => format!("{registered}/extra"),
        "an extra query" => format!("{registered}?extra=1"),
        "a path in capitals" => registered.replace(path, &path.to_uppercase()),
        "another port" => format!("https://{host}:8443{path}"),
        "a climbing path" => format!("{registered}/../elsewhere"),
        "the right host as user name" => format!("https://{host}@attacker.example{path}"),
        "the right host as a subdomain" => format!("https://{host}.attacker.example{path}"),
        "the right URI inside the query" => format!("https://attacker.example/callback?to={registered}"),
        "a fragment" => format!("{registered}#fragment"),
        "a percent-encoded letter" => match path.char_indices().nth(1) {
            Some((at, letter)) => {
                registered.replacen(path, &format!("{}%{:02x}{}", &path[..at], u32::from(letter), &path[at + 1..]), 1)
            }
            None => registered.to_owned(),
        },
        "the host in capitals" => registered.replacen(host, &host.to_uppercase(), 1),
        "the usual port" => registered.replacen(host, &format!("{host}:443"), 1),
        "a dot after the host" => registered.replacen(host, &format!("{host}."), 1),
        "a host below it" => registered.replacen(host, &format!("www.{host}"), 1),
        "its query goes on" => format!("{registered}&next=https://attacker.example"),
        "a path parameter" => format!("{registered};next=attacker"),
        "a space behind it" => format!("{registered} "),
        "a doubled slash" => registered.replacen(path, &format!("/{path}"), 1),
        "an encoded slash" => format!("{registered}%2F..%2Felsewhere"),
        "a backslash" => registered.replacen(path, &path.replacen('/', "\\", 1), 1),
        "a user name" => registered.replacen(host, &format!("user@{host}"), 1),
        "the scheme in capitals" => registered.replacen("https", "HTTPS", 1),
        "a dot segment" => registered.replacen(path, &format!("/.{path}"), 1),
        "plain http" => registered.replacen("https://", "http://", 1),
        other => return Err(Trouble::Harness(format!("no such change: {other}"))),
    })
}

#[when("the TPP asks for authorization of a payment that does not exist")]
async fn asks_for_unknown_payment(world: &mut World) -> Prepared {
    let session = world.session()?;
    let (target, unknown) = (&session.target, request::unknown(&session)?);
    let what = session.api()?.intent(target, &unknown);
    names(&what, &unknown.id)?;
    let request = AuthorizationRequest::of(target, &world.tpp()?, &what);
    world.authorize(request, Behaviour::Approve).await
}

/// A scope that says nothing of a payment asks for none in particular, whosever it is.
fn names(what: &Intent, id: &str) -> Prepared {
    match what {
        Intent::Scope(scope) if !scope.contains(id) => {
            Err(Trouble::DoesNotApply("the scope does not name the payment".into()))
        }
        _ => Ok(()),
    }
}

#[when("the TPP asks for authorization of the same payment again")]
async fn asks_again(world: &mut World) -> Prepared {
    world.last_is_named(names)?;
    let request = world.request_for_last(&world.tpp()?)?;
    world.authorize(request, Behaviour::Approve).await
}

#[when("the second TPP asks for authorization of that payment")]
async fn second_asks(world: &mut World) -> Prepared {
    world.last_is_named(names)?;
    let second = world.session()?.second_tpp()?.clone();
    let request = world.request_for_last(&second)?;
    world.authorize(request, Behaviour::Approve).await
}

#[when("the TPP asks for authorization without \"code_challenge\" and redeems the code with a code_verifier")]
async fn downgrades(world: &mut World) -> Prepared {
    let request = world.request().await?.without_pkce();
    authorize_and_redeem(world, request).await
}

#[when("the TPP asks for authorization with a hexadecimal code_challenge and redeems the code with its code_verifier")]
async fn hexadecimal(world: &mut World) -> Prepared {
    let request = world.request().await?;
    let challenge = request.proof_key.hexadecimal();
    authorize_and_redeem(world, request.set("code_challenge", Some(&challenge))).await
}

/// Where no code comes, there is nothing to redeem, and the bank has refused in time.
async fn authorize_and_redeem(world: &mut World, request: AuthorizationRequest) -> Prepared {
    world.send_to_bank(request, Behaviour::Approve).await?;
    world.last = None;
    let authorization = world.last_authorization()?.clone();
    if authorization.walk_end.returned("code").is_none() {
        return Ok(());
    }
    // Of several codes nobody knows which is meant.
    let form = authorization.redemption(&world.tpp()?)?;
    redeem(world, form, "redeem the authorization code").await
}

#[then("the TPP receives an authorization code")]
fn receives_code(world: &mut World) -> Judged {
    world.judge_authorization(judge::code_received)
}

#[then("an authorization code is issued")]
fn code_issued(world: &mut World) -> Judged {
    world.judge_authorization(judge::code_issued)
}

#[then("no authorization code is issued")]
fn no_code(world: &mut World) -> Judged {
    world.judge_authorization(judge::no_code)
}

#[then("the authorization request is refused")]
fn refused(world: &mut World) -> Judged {
    world.judge_authorization(judge::refused)
}

#[then(regex = r"^the refusal of the authorization request is named (.+)$")]
fn refusal_named(world: &mut World, codes: String) -> Judged {
    world.judge_authorization(|facts| judge::refusal_named(facts, &quoted(&codes)))
}

#[then("the PSU is not sent to that redirect_uri")]
fn not_sent(world: &mut World) -> Judged {
    world.judge_authorization(judge::not_sent_to_requested)
}

#[then(expr = "the TPP is told {string}")]
fn told(world: &mut World, error: String) -> Judged {
    world.judge_authorization(|facts| judge::told(facts, &error))
}

#[then("the TPP is told of an error, with its state")]
fn told_of_an_error(world: &mut World) -> Judged {
    world.judge_authorization(judge::told_of_an_error)
}

#[then("the TPP is told of an error, with its state, if the session has run out")]
fn told_of_timeout(world: &mut World) -> Judged {
    world.judge_authorization(judge::told_of_an_error_unless_still_open)
}

#[then("the state comes back unchanged")]
fn state_unchanged(world: &mut World) -> Judged {
    world.judge_authorization(judge::state_unchanged)
}

#[then("the state comes back unchanged, if the TPP is called back at all")]
fn state_unchanged_if_called_back(world: &mut World) -> Judged {
    world.judge_authorization(judge::state_unchanged_if_called_back)
}

#[then("the code_challenge cannot be read out of the code")]
fn challenge_not_exposed(world: &mut World) -> Judged {
    let is_exposed = world.last_authorization().ok().and_then(|last| last.exposes_challenge());
    world.judge_authorization(|facts| judge::challenge_not_exposed(facts, is_exposed))
}

#[then("no state comes back")]
fn no_state(world: &mut World) -> Judged {
    world.judge_authorization(judge::no_state)
}

#[then("the issuer comes back as \"iss\"")]
fn issuer_returned(world: &mut World) -> Judged {
    let issuer = world.session().map(|session| session.target.issuer.clone()).unwrap_or_default();
    world.judge_authorization(|facts| judge::issuer_returned(facts, &issuer))
}

#[then("the query of the redirect_uri is still there")]
fn query_kept(world: &mut World) -> Judged {
    world.judge_authorization(judge::query_kept)
}

#[then("the redirect to the TPP makes the browser drop the form")]
fn form_dropped(world: &mut World) -> Judged {
    world.judge_authorization(judge::form_dropped)
}

#[then("every page shown to the PSU forbids framing")]
fn framing_forbidden(world: &mut World) -> Judged {
    world.judge_authorization(judge::framing_forbidden)
}

#[then("every page shown to the PSU suppresses the referrer")]
fn referrer_suppressed(world: &mut World) -> Judged {
    world.judge_authorization(judge::referrer_suppressed)
}

#[then("the pages have shown the amount and the payee")]
fn amount_and_payee(world: &mut World) -> Judged {
    let (amount, payee) = world.payment().map(|payment| (payment.amount, payment.creditor_name)).unwrap_or_default();
    match facts_of_walk(world) {
        Some(facts) => world.judge(judge::amount_and_payee_shown(&facts, &amount, &payee)),
        None => world.judge_authorization(|facts| judge::amount_and_payee_shown(facts, &amount, &payee)),
    }
}
