//! The TLS of each host: whether its chain leads to a trust anchor, for whom its certificate is, and whose it asks for.

use time::OffsetDateTime;

use super::{Case, Finding, Layer, certificates, route};
use crate::{
    evidence::tls::{HostPicture, Presented, Trust},
    pki::inspect,
    tpp::tls_picture,
};

/// What is wrong with the TLS of the hosts that the target file names.
pub(super) async fn look(case: &Case) -> Vec<Finding> {
    at(case, &route::of_the_file(&case.target)).await
}

/// What is wrong with the TLS at those addresses, each host once.
pub(super) async fn at(case: &Case, urls: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for picture in tls_picture::handshakes(&case.target, urls).await {
        if case.is_new(&format!("TLS of {}", picture.host)) {
            findings.extend(of(case, &picture));
        }
    }
    route::merged(findings)
}

fn of(case: &Case, picture: &HostPicture) -> Option<Finding> {
    let host = &picture.host;
    let Some(presented) = picture.certified().next() else {
        let reason = picture.presented.iter().find_map(|presented| presented.failure.clone()).unwrap_or_default();
        let cause = format!("{host} accepts connections, and no TLS handshake comes about: {reason}");
        let mend = "is that the port of https, and does the server speak TLS 1.2 or 1.3? `openssl s_client -connect` shows more";
        return Some(Finding::error(Layer::Gateway, "tls-fails", cause, mend));
    };
    validity(host, presented, case.now)
        .or_else(|| name(host, presented))
        .or_else(|| chain(case, host, presented))
        .or_else(|| whom_it_asks_for(host, presented, picture))
}

fn validity(host: &str, presented: &Presented, now: OffsetDateTime) -> Option<Finding> {
    let leaf = presented.leaf()?;
    let (name, when) = match () {
        () if leaf.not_after < now => ("server-certificate-expired", format!("expired on {}", leaf.not_after)),
        () if leaf.not_before > now => {
            ("server-certificate-not-yet-valid", format!("does not hold before {}", leaf.not_before))
        }
        () => return None,
    };
    let cause = format!("the certificate of {host} {when}");
    let mend = format!("the bank has to renew it; or this machine's clock is wrong: it says {now}");
    Some(Finding::error(Layer::Gateway, name, cause, mend))
}

fn name(host: &str, presented: &Presented) -> Option<Finding> {
    let leaf = presented.leaf().filter(|_| !presented.is_for_host)?;
    let cause = format!("the certificate of {host} is for {}", listed(&leaf.names));
    let mend = "write the address with one of those names, or have the bank add this one to its certificate";
    Some(Finding::error(Layer::Gateway, "server-name-wrong", cause, mend))
}

fn chain(case: &Case, host: &str, presented: &Presented) -> Option<Finding> {
    let (leaf, last) = (presented.leaf()?, presented.chain.last()?);
    let anchors: Vec<String> = case
        .target
        .trust_anchors_of(name_of(host))
        .iter()
        .flat_map(|pem| certificates::ders(pem))
        .filter_map(|der| Some(inspect::facts(&der).ok()?.subject))
        .collect();
    match &presented.trust {
        Trust::Anchored => None,
        Trust::Unclear { reason } if reason.contains("BadSignature") => {
            let cause = format!(
                "`trust_anchors` has a CA with the name of one in the chain of {host}, and it has not signed that: it has another key"
            );
            let mend = "was the CA made anew? Put its present certificate into `trust_anchors`; if not, somebody else has answered";
            Some(Finding::error(Layer::Gateway, "issuer-unknown", cause, mend))
        }
        Trust::Unclear { reason } => {
            let cause = format!("the chain of {host} cannot be verified: {reason}");
            let mend = "look at it with `openssl s_client -showcerts`, and have the bank mend it";
            Some(Finding::error(Layer::Gateway, "chain-unclear", cause, mend))
        }
        Trust::UnknownIssuer if presented.chain.len() == 1 && leaf.issuer != leaf.subject => {
            let cause = format!(
                "{host} sends only its own certificate, without that of its issuer \"{}\", which `trust_anchors` does not have either",
                leaf.issuer
            );
            let mend = format!(
                "have the gateway send the intermediate certificate \"{}\" too; until then add it to `trust_anchors`",
                leaf.issuer
            );
            Some(Finding::error(Layer::Gateway, "intermediate-missing", cause, mend))
        }
        Trust::UnknownIssuer => {
            let cause = format!(
                "the chain of {host} ends at \"{}\", and `trust_anchors` has {}",
                last.issuer,
                listed(&anchors)
            );
            let mend =
                "if that is the bank's CA, add its certificate to `trust_anchors`; if not, somebody else has answered";
            Some(Finding::error(Layer::Gateway, "issuer-unknown", cause, mend))
        }
    }
}

/// The authorities that a server names are those whose certificates it takes (RFC 8446 4.2.4).
fn whom_it_asks_for(host: &str, presented: &Presented, picture: &HostPicture) -> Option<Finding> {
    let (wanted, own) = (&presented.authorities, &picture.own_authorities);
    let fits = wanted.is_empty() || !picture.own_authorities_known || own.iter().any(|name| wanted.contains(name));
    (presented.asks_for_certificate && !fits).then(|| {
        let cause =
            format!("{host} asks for certificates of {}, and the TPP's comes from {}", listed(wanted), listed(own));
        let mend = "use a certificate of one of those CAs, or have the bank add the TPP's CA to those that it trusts";
        Finding::warning(Layer::Gateway, "client-ca-not-asked-for", cause, mend)
    })
}

/// The first few of a list, in quotes.
fn listed(names: &[String]) -> String {
    const FEW: usize = 4;
    let some: Vec<String> = names.iter().take(FEW).map(|name| format!("\"{name}\"")).collect();
    match (names.len(), names.len().saturating_sub(FEW)) {
        (0, _) => "nobody".into(),
        (_, 0) => some.join(", "),
        (_, left) => format!("{} and {left} more", some.join(", ")),
    }
}

/// The host of a host and port.
fn name_of(authority: &str) -> &str {
    authority.rsplit_once(':').map_or(authority, |(name, _)| name.trim_matches(['[', ']']))
}
