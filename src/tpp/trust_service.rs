//! Certificates of the test CA whose status its trust service tells, and what it is told to say of them.

use reqwest::Method;
use uuid::Uuid;

use super::{Trouble, bad_certificates, kept, session::Session, transport::Call};
use crate::{
    evidence::{check_row::CheckRow, operation::Operation},
    pki::{
        Authority, Recipe, Role, inspect,
        status::{CrlEntry, OcspAnswer, Statement},
    },
    targets::{KeyPair, Target},
};

/// Where a certificate says that its status is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By a CRL alone.
    Crl,
    /// By an OCSP responder alone.
    Ocsp,
    /// By both.
    Both,
}

impl Source {
    /// From the words of the feature files.
    pub fn from_words(words: &str) -> Self {
        match words {
            "CRL" => Self::Crl,
            "OCSP" => Self::Ocsp,
            _ => Self::Both,
        }
    }

    /// What revokes a certificate there.
    pub fn revocation(self) -> Statement {
        Statement {
            crl: if self == Self::Ocsp { CrlEntry::Unlisted } else { CrlEntry::Listed },
            ocsp: if self == Self::Crl { OcspAnswer::Good } else { OcspAnswer::Revoked },
            ..Statement::default()
        }
    }
}

/// A certificate that the test CA has just issued: no bank has seen it before, or holds anything that was said of it.
#[derive(Clone)]
pub struct Watched {
    /// The certificate and its key.
    pub pair: KeyPair,
    /// Who tells its status.
    pub source: Source,
    serial: String,
    /// How long an answer that was given before the last statement may still count, in seconds.
    pub seconds: u64,
}

/// The TPP's certificate, with its status told there.
///
/// # Errors
/// The target has no test CA with a trust service.
pub fn certificate(session: &Session, source: Source) -> Result<Watched, Trouble> {
    issue(session, bad_certificates::recipe(&session.target)?, source)
}

/// The certificate of a TPP that nobody has heard of; the same name brings another certificate of the same TPP.
///
/// # Errors
/// The target has no test CA with a trust service.
pub fn strangers_certificate(session: &Session, name: &str, source: Source) -> Result<Watched, Trouble> {
    issue(session, stranger(name), source)
}

/// What the certificate of another company has in common with the TPP's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// CN.
    CommonName,
    /// O.
    Organization,
    /// The beginning of its organizationIdentifier.
    IdentifierPrefix,
}

/// The certificate of a company that is not the TPP, and is like it in that one thing.
///
/// # Errors
/// The target has no test CA.
pub fn certificate_of_other_company(session: &Session, alike: Alike) -> Result<KeyPair, Trouble> {
    let (facts, other) = (&session.target.tpp().facts, stranger("900001"));
    let own = |value: &Option<String>| value.clone().unwrap_or_default();
    let recipe = match alike {
        Alike::CommonName => other.common_name(own(&facts.common_name)),
        Alike::Organization => other.organization(own(&facts.organization)),
        Alike::IdentifierPrefix => other.organization_identifier(format!("{}9", own(&facts.organization_identifier))),
    };
    let pair = bad_certificates::issue(&session.target, &recipe)?;
    kept::keep_key_secret(&pair, &session.recorder);
    Ok(pair)
}

/// A TPP that is licensed for payments, and known to no bank.
fn stranger(name: &str) -> Recipe {
    let host = format!("tpp-{}.example", name.to_lowercase());
    Recipe::qwac()
        .organization(format!("Stranger {name} Payments GmbH"))
        .organization_identifier(format!("PSDDE-BAFIN-{name}"))
        .common_name(&host)
        .dns_name(&host)
        .roles([Role::PspPi])
}

fn issue(session: &Session, recipe: Recipe, source: Source) -> Result<Watched, Trouble> {
    let target = &session.target;
    let (ca, url) = authority(target)?;
    let at = |path: &str| Some(format!("{url}/{path}"));
    // A list of its own: whoever wants it must fetch it.
    let crl = at(&format!("crl/{}.crl", Uuid::new_v4().simple())).filter(|_| source != Source::Ocsp);
    let ocsp = at("ocsp").filter(|_| source != Source::Crl);
    let issuer = Authority::from_pem(&ca.certificate_pem, &ca.key_pem)?;
    let issued = issuer.issue(&recipe.status_at(at("issuing.cer"), ocsp, crl))?;
    let serial = inspect::facts(issued.certificate_pem.as_bytes())?.serial;
    let pair = KeyPair { certificate_pem: issued.chain_pem, key_pem: issued.key_pem };
    kept::keep_key_secret(&pair, &session.recorder);
    Ok(Watched { pair, source, serial, seconds: 0 })
}

/// Tells the trust service what to say of a certificate from now on.
///
/// # Errors
/// It does not answer, or does not accept that.
pub async fn say(
    session: &Session,
    check: &CheckRow,
    watched: &mut Watched,
    statement: Statement,
    purpose: &str,
) -> Result<(), Trouble> {
    let (_, url) = authority(&session.target)?;
    let url = format!("{url}/certificates/{}", watched.serial);
    let body = serde_json::to_value(statement).map_err(|error| Trouble::Harness(error.to_string()))?;
    let call = Call::new(Operation::TrustService, Method::PUT, &url, purpose)
        .header("Content-Type", "application/json")
        .body(&body.to_string());
    let reply = session.public().send(check, call).await.map_err(|none| none.trouble())?;
    if reply.status != 200 {
        return Err(Trouble::Environment(format!("the trust service answered {}", reply.status)));
    }
    let json = reply.json();
    let seconds = |name: &str| json[name].as_u64().unwrap_or_default();
    watched.seconds = match watched.source {
        Source::Crl => seconds("crl_seconds"),
        Source::Ocsp => seconds("ocsp_seconds"),
        Source::Both => seconds("crl_seconds").max(seconds("ocsp_seconds")),
    };
    Ok(())
}

fn authority(target: &Target) -> Result<(&KeyPair, &str), Trouble> {
    let missing = || Trouble::Prerequisite("the target file has no test CA with a trust service".into());
    target.test_ca.as_ref().zip(target.trust_service.as_deref()).ok_or_else(missing)
}
