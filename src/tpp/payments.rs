//! Payment initiation as Berlin Group NextGenPSD2 1.3 spells it.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{
    Trouble, made_seals,
    probe::{self, Knock},
    session::Session,
    signing::{How, Outgoing},
    transport::{Call, Client, NoReply, Reply},
};
use crate::{
    evidence::exchange::Exchange,
    target::{
        Identity, KeyPair, Payment, Signing,
        requests::{self, Operation},
    },
};

/// The customer's address as the TPP reports it: one of the block for documentation (RFC 5737).
const PSU_IP_ADDRESS: &str = "192.0.2.10";

/// A payment initiation, as bent as the check wants it.
#[derive(Clone)]
pub struct Initiation {
    /// `sepa-credit-transfers`.
    pub product: String,
    /// Header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Value,
    /// Who signs it: the name of an identity.
    pub signer: String,
    /// How it is signed.
    pub signature: How,
}

/// A payment that the bank has created.
#[derive(Clone)]
pub struct Initiated {
    /// The bank's id for it.
    pub payment_id: String,
    /// `_links` by name.
    pub links: Value,
    /// The `transactionStatus` that it was created with.
    pub status: Option<String>,
    /// Its resource.
    pub url: String,
    /// Where a PSU is sent who fails, if the TPP asked for another place than on success.
    pub nok_redirect_uri: Option<String>,
    /// Where a PSU is sent who succeeds.
    pub redirect_uri: String,
}

/// An authorisation that the TPP has started itself.
#[derive(Clone)]
pub struct Started {
    /// Where the customer authorises at the bank's own pages.
    pub sca_redirect: Option<String>,
    /// The metadata of the authorization server where the customer authorises by OAuth.
    pub sca_oauth: Option<String>,
    /// Where its status is told.
    pub sca_status: Option<String>,
}

impl Initiated {
    /// Where authorisations are started.
    pub fn authorisations(&self) -> String {
        let link = self.links["startAuthorisation"]["href"].as_str().map(str::to_owned);
        link.unwrap_or_else(|| format!("{}/authorisations", self.url))
    }

    /// The bank has fixed no authorisation: the TPP has to start one first, also where it has not asked for that.
    pub fn leaves_the_start_to_the_tpp(&self) -> bool {
        let has =
            |prefix: &str| self.links.as_object().is_some_and(|all| all.keys().any(|name| name.starts_with(prefix)));
        has("startAuthorisation") && !has("sca")
    }

    /// Where the customer goes on from here, and where that is told.
    pub fn take_links_of(&mut self, started: &Started) {
        let links = [("scaOAuth", &started.sca_oauth), ("scaStatus", &started.sca_status)];
        for (name, link) in links {
            if let Some(link) = link {
                self.links[name] = json!({ "href": link });
            }
        }
    }
}

impl Initiation {
    /// A correct single SEPA credit transfer.
    pub fn new(payment: &Payment, identity: &Identity) -> Self {
        let mut body = json!({
            "debtorAccount": { "iban": payment.debtor_iban.value() },
            "instructedAmount": { "currency": payment.currency, "amount": payment.amount },
            "creditorAccount": { "iban": payment.creditor_iban.value() },
            "creditorName": payment.creditor_name,
            "endToEndIdentification": format!("BP-{}", &Uuid::new_v4().simple().to_string()[..20]),
            "remittanceInformationUnstructured": "Bankproof conformance check",
        });
        let headers = [
            ("Content-Type", "application/json".into()),
            ("Accept", "application/json".into()),
            ("X-Request-ID", Uuid::new_v4().to_string()),
            ("PSU-IP-Address", PSU_IP_ADDRESS.into()),
            ("TPP-Redirect-Preferred", "true".into()),
            ("TPP-Redirect-URI", identity.redirect_uri().into()),
        ];
        let own = payment.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
        let mut headers = headers.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(own).collect();
        requests::change_headers(&payment.changes, Operation::Initiation, &mut headers, None);
        requests::change_body(&payment.changes, &mut body);
        Self { product: payment.product.clone(), headers, body, signer: identity.name.clone(), signature: How::AsUsual }
    }

    /// With another value for a header, or without it.
    pub fn header(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    /// Without a field of the body.
    pub fn without(mut self, field: &str) -> Self {
        if let Some(members) = self.body.as_object_mut() {
            members.remove(field);
        }
        self
    }

    /// Signed in another way than usual.
    pub fn signed(self, signature: How) -> Self {
        Self { signature, ..self }
    }

    /// As it goes out, signed.
    fn outgoing(&self, session: &Session) -> Result<Outgoing, Trouble> {
        let (method, url) = ("POST".to_owned(), self.url(session)?);
        let mut outgoing = Outgoing { method, url, headers: self.headers.clone(), body: self.body.to_string() };
        session.sign(&mut outgoing, &self.signer, &self.signature)?;
        Ok(outgoing)
    }

    fn url(&self, session: &Session) -> Result<String, Trouble> {
        Ok(format!("{}/v1/payments/{}", api(session)?, self.product))
    }
}

/// Initiates a payment as that client.
///
/// # Errors
/// No response came.
pub async fn initiate(
    session: &Session,
    check: &str,
    client: &Client,
    initiation: &Initiation,
) -> Result<Reply, Trouble> {
    initiate_as_sent(session, check, client, initiation).await.map(|(_, reply)| reply)
}

/// The same, where whatever comes of it is wanted, a broken connection too.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn attempt(
    session: &Session,
    check: &str,
    client: &Client,
    initiation: &Initiation,
) -> Result<Arc<Exchange>, Trouble> {
    session.may_move_money()?;
    let call = Call::of(&initiation.outgoing(session)?, "initiate a payment")?;
    let outcome = client.send(check, call).await;
    Ok(outcome.map_or_else(|none| none.exchange, |reply| reply.exchange))
}

/// The same, with the request as it went out.
///
/// # Errors
/// No response came.
pub async fn initiate_as_sent(
    session: &Session,
    check: &str,
    client: &Client,
    initiation: &Initiation,
) -> Result<(Outgoing, Reply), Trouble> {
    session.may_move_money()?;
    let outgoing = initiation.outgoing(session)?;
    let call = Call::of(&outgoing, "initiate a payment")?;
    let reply = client.send(check, call).await.map_err(|none: NoReply| none.trouble())?;
    Ok((outgoing, reply))
}

/// Initiates a payment over a fresh connection under that certificate, or under none.
///
/// # Errors
/// Only what is wrong on our side.
pub async fn knock(
    session: &Session,
    check: &str,
    initiation: &Initiation,
    certificate: (&str, Option<&KeyPair>),
) -> Result<Arc<Exchange>, Trouble> {
    session.may_move_money()?;
    let outgoing = match (certificate.1, &session.target.signing, &initiation.signature) {
        (Some(pair), Some(signing), How::AsUsual) => {
            let how = as_that_tpp(session, signing, pair)?;
            initiation.clone().signed(how).outgoing(session)?
        }
        _ => initiation.outgoing(session)?,
    };
    let knock = Knock {
        identity: certificate.0.to_owned(),
        pair: certificate.1,
        method: "POST",
        url: outgoing.url,
        headers: outgoing.headers,
        body: outgoing.body,
        purpose: "initiate a payment".into(),
    };
    probe::knock(&session.target, &session.recorder, check, knock).await
}

/// Signed by whoever that QWAC says; not at all where nobody can make such a seal and the bank asks for none.
fn as_that_tpp(session: &Session, signing: &Signing, qwac: &KeyPair) -> Result<How, Trouble> {
    match made_seals::beside(&session.target, qwac) {
        Ok(None) => Ok(How::AsUsual),
        Ok(Some(seal)) => Ok(How::Varied { form: signing.form, variation: String::new(), seal: Some(Arc::new(seal)) }),
        Err(_) if !signing.required => Ok(How::Not),
        Err(trouble) => Err(trouble),
    }
}

/// What the bank made of an initiation.
///
/// # Errors
/// It did not create a payment.
pub fn created(session: &Session, initiation: &Initiation, reply: &Reply) -> Result<Initiated, Trouble> {
    let json = reply.json();
    let Some(payment_id) = json["paymentId"].as_str().filter(|_| reply.status == 201) else {
        return Err(Trouble::Prerequisite(format!("no payment was created: the bank answered {}", reply.status)));
    };
    if let Some(status @ ("RJCT" | "CANC")) = json["transactionStatus"].as_str() {
        let why = format!("the bank answered {status} at once: are the accounts and the amount under [payment] good?");
        return Err(Trouble::Prerequisite(why));
    }
    if is_exempted(&json) {
        let reason = "the bank exempted the payment from strong customer authentication (RTS Art. 13 to 18)";
        return Err(Trouble::DoesNotApply(reason.into()));
    }
    let header = |name: &str| initiation.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Ok(Initiated {
        url: format!("{}/{payment_id}", initiation.url(session)?),
        payment_id: payment_id.to_owned(),
        links: json["_links"].clone(),
        status: json["transactionStatus"].as_str().map(str::to_owned),
        redirect_uri: header("TPP-Redirect-URI").unwrap_or_default(),
        nok_redirect_uri: header("TPP-Nok-Redirect-URI"),
    })
}

/// Nothing is left for the customer to authorise, and the payment goes its way all the same.
fn is_exempted(json: &Value) -> bool {
    let is_sca = |name: &String| name.starts_with("sca") || name.starts_with("startAuthorisation");
    let asks = json["_links"].as_object().is_some_and(|links| links.keys().any(is_sca));
    let goes_on = ["ACCP", "ACSP", "ACSC", "ACCC", "ACWC"].iter().any(|status| json["transactionStatus"] == *status);
    json["scaStatus"] == "exempted" || (goes_on && !asks)
}

/// A request about a payment.
pub struct About<'a> {
    /// `GET`, `POST` or `DELETE`.
    pub method: Method,
    /// A link of the bank, or below the payment's resource.
    pub url: &'a str,
    /// In the words of banks and TPPs.
    pub purpose: &'a str,
    /// Once the PSU has authorised it by OAuth, a bank may want to see the token.
    pub token: Option<&'a str>,
}

/// Sends a request about a payment.
///
/// # Errors
/// No response came, the link leads out of the bank, or the target file does not allow it on production.
pub async fn about(session: &Session, check: &str, client: &Client, about: About<'_>) -> Result<Reply, Trouble> {
    client.send(check, call_about(session, client, about)?).await.map_err(|none| none.trouble())
}

fn call_about(session: &Session, client: &Client, about: About<'_>) -> Result<Call, Trouble> {
    let About { method, url, purpose, token } = about;
    if method != Method::GET {
        session.may_move_money()?;
    }
    let call = Call::new(method.clone(), &absolute(session, url)?, purpose)
        .header("X-Request-ID", &Uuid::new_v4().to_string())
        .header("PSU-IP-Address", PSU_IP_ADDRESS)
        .header("Accept", "application/json");
    let call = if method == Method::POST { call.header("Content-Type", "application/json").body("{}") } else { call };
    let call = match token {
        Some(token) => call.header("Authorization", &format!("Bearer {token}")),
        None => call,
    };
    session.signed(client, call)
}

/// The same, where whatever comes of it is wanted, a refusal in TLS too.
///
/// # Errors
/// Only what is wrong on our side, and a link that leads out of the bank.
pub async fn attempt_about(
    session: &Session,
    check: &str,
    client: &Client,
    about: About<'_>,
) -> Result<Arc<Exchange>, Trouble> {
    let outcome = client.send(check, call_about(session, client, about)?).await;
    Ok(outcome.map_or_else(|none| none.exchange, |reply| reply.exchange))
}

/// Starts an authorisation of that payment. There is none to go on with where the bank did not create it.
///
/// # Errors
/// As for [`about`].
pub async fn start_authorisation(
    session: &Session,
    check: &str,
    client: &Client,
    payment: &Initiated,
) -> Result<(Reply, Option<Started>), Trouble> {
    let url = payment.authorisations();
    let request = About { method: Method::POST, url: &url, purpose: "start an authorisation", token: None };
    let reply = about(session, check, client, request).await?;
    let json = reply.json();
    let link = |name: &str| json["_links"][name]["href"].as_str().map(str::to_owned);
    let by_id = || Some(format!("{}/authorisations/{}", payment.url, json["authorisationId"].as_str()?));
    let started = Started {
        sca_redirect: link("scaRedirect"),
        sca_oauth: link("scaOAuth"),
        sca_status: link("scaStatus").or_else(by_id),
    };
    Ok((reply, Some(started).filter(|started| started.sca_redirect.is_some() || started.sca_oauth.is_some())))
}

/// The URL of a payment that does not exist.
///
/// # Errors
/// The target has no payment API.
pub fn unknown(session: &Session, payment: &Payment) -> Result<String, Trouble> {
    Ok(format!("{}/v1/payments/{}/{}", api(session)?, payment.product, Uuid::new_v4()))
}

/// A link of the bank, absolute or relative to the API (Berlin Group allows both), never leading out of TLS or to
/// somebody else.
///
/// # Errors
/// It is no URL, or not the bank's: nothing of the TPP must go there (RFC 6750 5.3).
pub fn absolute(session: &Session, link: &str) -> Result<String, Trouble> {
    let api = api(session)?;
    let base = Url::parse(&format!("{api}/")).map_err(|error| Trouble::Harness(error.to_string()))?;
    // Links from the root mean the root of the API, which is not always that of the host.
    let rooted = link.starts_with("/v1/").then(|| format!("{api}{link}"));
    let link = rooted.as_deref().unwrap_or(link);
    let url =
        base.join(link).map_err(|error| Trouble::Prerequisite(format!("the link \"{link}\" is no URL: {error}")))?;
    match session.target.network.own.hosts.objection(&url) {
        None => Ok(url.into()),
        Some(why) => Err(Trouble::Prerequisite(format!("the link \"{link}\" is not followed: {why}"))),
    }
}

fn api(session: &Session) -> Result<&str, Trouble> {
    session.target.api.as_deref().ok_or_else(|| Trouble::Prerequisite("the target has no payment API".into()))
}
