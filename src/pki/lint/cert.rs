//! A certificate as the rules look at it.

use time::OffsetDateTime;
use x509_parser::asn1_rs::FromDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension, X509Extension};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::oids;
use super::{Issuers, Kind, Options, Purpose, Scope};
use crate::pki::Role;
use crate::pki::inspect::{self, CertificateFacts};
use crate::pki::kind::is_natural_person;
use crate::pki::oid;
use crate::pki::qc::{Psd2Statement, RoleOfPsp};
use crate::pki::statements::{Statement, Statements};

/// One certificate, taken apart as far as it can be.
pub(super) struct Cert<'a> {
    /// The certificate without what follows it.
    pub(super) der: &'a [u8],
    /// So many octets follow its end.
    pub(super) trailing: usize,
    pub(super) x509: X509Certificate<'a>,
    pub(super) facts: CertificateFacts,
    pub(super) statements: Option<Statements>,
    pub(super) kind: Kind,
    pub(super) purpose: Purpose,
    pub(super) at: OffsetDateTime,
    pub(super) issuers: &'a Issuers,
}

impl<'a> Cert<'a> {
    pub(super) fn read(bytes: &'a [u8], options: &'a Options) -> Result<Self, String> {
        let (rest, x509) = X509Certificate::from_der(bytes).map_err(|error| error.to_string())?;
        let der = &bytes[..bytes.len() - rest.len()];
        let facts = inspect::facts(der).map_err(|error| error.to_string())?;
        let statements = Statements::of(&x509);
        Ok(Self {
            der,
            trailing: rest.len(),
            x509,
            kind: options.kind.unwrap_or(facts.kind),
            facts,
            statements,
            purpose: options.purpose,
            at: options.at,
            issuers: &options.issuers,
        })
    }

    pub(super) fn is_in(&self, scope: Scope) -> bool {
        let is_ca = self.kind == Kind::Other && self.facts.is_ca;
        match scope {
            Scope::Any => true,
            Scope::Leaf => !is_ca,
            Scope::Ca => is_ca,
            Scope::Qualified => matches!(self.kind, Kind::Qwac | Kind::Qsealc),
            Scope::Qwac => self.kind == Kind::Qwac,
            Scope::Qsealc => self.kind == Kind::Qsealc,
            Scope::NotQwac => self.kind != Kind::Qwac,
            Scope::Person => self.kind == Kind::Person,
            Scope::Request => false,
            Scope::Website => self.kind == Kind::Qwac && !self.is_exempt_from_cabf(),
        }
    }

    /// The first extension of that type.
    pub(super) fn extension(&self, arcs: &[u64]) -> Option<&X509Extension<'a>> {
        self.x509.iter_extensions().find(|extension| oid::is(&extension.oid, arcs))
    }

    pub(super) fn has(&self, arcs: &[u64]) -> bool {
        self.extension(arcs).is_some()
    }

    pub(super) fn is_critical(&self, arcs: &[u64]) -> bool {
        self.extension(arcs).is_some_and(|extension| extension.critical)
    }

    pub(super) fn parsed(&self, arcs: &[u64]) -> Option<&ParsedExtension<'a>> {
        self.extension(arcs).map(X509Extension::parsed_extension)
    }

    pub(super) fn has_policy(&self, policy: &str) -> bool {
        self.facts.policies.iter().any(|found| found == policy)
    }

    pub(super) fn has_usage(&self, usage: &str) -> bool {
        self.facts.key_usage.iter().any(|found| found == usage)
    }

    pub(super) fn is_for(&self, purpose: &str) -> bool {
        self.facts.extended_key_usage.iter().any(|found| found == purpose)
    }

    /// The subject's values of that attribute.
    pub(super) fn subject(&self, arcs: &[u64]) -> Vec<String> {
        values(&self.x509.tbs_certificate.subject, arcs)
    }

    /// The issuer's values of that attribute.
    pub(super) fn issuer(&self, arcs: &[u64]) -> Vec<String> {
        values(&self.x509.tbs_certificate.issuer, arcs)
    }

    pub(super) fn organization_identifier(&self) -> Option<String> {
        self.subject(oid::ORGANIZATION_IDENTIFIER).into_iter().next()
    }

    pub(super) fn alternative_names(&self) -> &[GeneralName<'a>] {
        match self.parsed(oids::SUBJECT_ALT_NAME) {
            Some(ParsedExtension::SubjectAlternativeName(names)) => &names.general_names,
            _ => &[],
        }
    }

    pub(super) fn dns_names(&self) -> impl Iterator<Item = &'a str> {
        self.alternative_names().iter().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(*name),
            _ => None,
        })
    }

    /// The URLs of that access method.
    pub(super) fn access(&self, method: &[u64]) -> Vec<&'a str> {
        let Some(ParsedExtension::AuthorityInfoAccess(access)) = self.parsed(oid::AUTHORITY_INFO_ACCESS) else {
            return Vec::new();
        };
        let of_method = access.iter().filter(|description| oid::is(&description.access_method, method));
        of_method.filter_map(|description| url(&description.access_location)).collect()
    }

    /// The URLs of the revocation lists.
    pub(super) fn crl_urls(&self) -> Vec<&'a str> {
        let Some(ParsedExtension::CRLDistributionPoints(points)) = self.parsed(oids::CRL_POINTS) else {
            return Vec::new();
        };
        let names = points.iter().filter_map(|point| match &point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(url).collect()
    }

    pub(super) fn statement(&self, arcs: &[u64]) -> Option<&Statement> {
        self.statements.as_ref()?.find(arcs)
    }

    /// The statements are a list, so that one that is not in it is missing.
    pub(super) fn has_statements(&self) -> bool {
        self.statements.as_ref().is_some_and(|statements| statements.broken.is_none())
    }

    pub(super) fn psd2(&self) -> Option<&Psd2Statement> {
        self.statement(oid::QC_PSD2)?.psd2()
    }

    /// It is, or says that it is, the certificate of a TPP.
    pub(super) fn claims_psd2(&self) -> bool {
        let is_authorised = |identifier: String| identifier.starts_with("PSD");
        self.statement(oid::QC_PSD2).is_some()
            || self.has_policy(oids::PSD2_POLICY)
            || self.organization_identifier().is_some_and(is_authorised)
    }

    /// QNCP-w-gen is for certificates that no browser is to take: of the CA/B forum's rules it has those alone that
    /// EN 319 412-4 WEB-4.1.3-4 names (EN 319 411-2 §5.3, TS 119 495 OVR-6.1-3B).
    pub(super) fn is_exempt_from_cabf(&self) -> bool {
        let is_for_browsers = |policy: &String| oids::BROWSER_POLICIES.contains(&policy.as_str());
        self.has_policy(oids::QNCP_W_GEN) && !self.facts.policies.iter().any(is_for_browsers)
    }

    /// One of its roles is of those that no competent authority authorises.
    pub(super) fn is_international(&self) -> bool {
        let is = |role: &RoleOfPsp| Role::from_oid(&role.oid).is_some_and(Role::is_international);
        self.psd2().is_some_and(|psd2| psd2.roles.iter().any(is))
    }

    pub(super) fn is_natural_person(&self) -> bool {
        is_natural_person(&self.x509)
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.x509.subject().as_raw() == self.x509.issuer().as_raw()
    }
}

fn values(name: &X509Name<'_>, arcs: &[u64]) -> Vec<String> {
    name.iter_attributes().filter(|attribute| oid::is(attribute.attr_type(), arcs)).map(text).collect()
}

/// The value as text, and where it is none, its octets with a number sign, as RFC 4514 writes them.
pub(super) fn text(attribute: &AttributeTypeAndValue<'_>) -> String {
    let hex = || format!("#{}", crate::pki::name::hex(attribute.as_slice()));
    attribute.as_str().map_or_else(|_| hex(), str::to_owned)
}

fn url<'a>(name: &GeneralName<'a>) -> Option<&'a str> {
    match name {
        GeneralName::URI(url) => Some(url),
        _ => None,
    }
}

/// `what` where the rule is broken.
pub(super) fn when(broken: bool, what: impl Into<String>) -> Option<String> {
    broken.then(|| what.into())
}

/// `none` where it is not there.
pub(super) fn missing(present: bool) -> Option<String> {
    when(!present, "none")
}

/// All of them, where there are any.
pub(super) fn any(found: &[String]) -> Option<String> {
    when(!found.is_empty(), found.join(", "))
}

/// It begins with one of the schemes.
pub(super) fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default();
    schemes.contains(&scheme.as_str())
}
