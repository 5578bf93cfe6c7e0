//! A recipe put into the terms of the library that issues.

use rcgen::string::PrintableString;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};
use yasna::models::ObjectIdentifier;
use yasna::{DERWriterSeq, Tag};

use super::PkiError;
use super::oid::{self, Oid};
use super::qc::{Psd2Statement, QcStatement, QcStatements, RoleOfPsp};
use super::recipe::{QcRecipe, Recipe, Status, Subject, Validity};

const KEY_USAGES: [(&str, KeyUsagePurpose); 7] = [
    ("digitalSignature", KeyUsagePurpose::DigitalSignature),
    ("contentCommitment", KeyUsagePurpose::ContentCommitment),
    ("keyEncipherment", KeyUsagePurpose::KeyEncipherment),
    ("dataEncipherment", KeyUsagePurpose::DataEncipherment),
    ("keyAgreement", KeyUsagePurpose::KeyAgreement),
    ("keyCertSign", KeyUsagePurpose::KeyCertSign),
    ("cRLSign", KeyUsagePurpose::CrlSign),
];

const EXTENDED_KEY_USAGES: [(&str, ExtendedKeyUsagePurpose); 3] = [
    ("serverAuth", ExtendedKeyUsagePurpose::ServerAuth),
    ("clientAuth", ExtendedKeyUsagePurpose::ClientAuth),
    ("OCSPSigning", ExtendedKeyUsagePurpose::OcspSigning),
];

/// The parameters of the certificate that a recipe describes.
pub(super) fn params(recipe: &Recipe) -> Result<CertificateParams, PkiError> {
    let mut params = CertificateParams::new(recipe.names.clone())?;
    params.distinguished_name = subject(&recipe.subject)?;
    (params.not_before, params.not_after) = period(&recipe.validity)?;
    params.key_usages = look_up_all("key usage", &recipe.key_usage, &KEY_USAGES)?;
    params.extended_key_usages = look_up_all("extended key usage", &recipe.extended_key_usage, &EXTENDED_KEY_USAGES)?;
    params.is_ca = match &recipe.certificate_authority {
        Some(ca) => IsCa::Ca(BasicConstraints::Constrained(ca.path_length)),
        None => IsCa::ExplicitNoCa,
    };
    params.use_authority_key_identifier_extension = true;
    let crl = ascii(&recipe.status.crl)?;
    params.crl_distribution_points =
        crl.map(|uri| CrlDistributionPoint { uris: vec![uri.to_owned()] }).into_iter().collect();
    params.custom_extensions = extensions(recipe)?;
    Ok(params)
}

fn subject(subject: &Subject) -> Result<DistinguishedName, PkiError> {
    let mut name = DistinguishedName::new();
    // RFC 5280 appendix A: countryName is a PrintableString.
    name.push(DnType::CountryName, DnValue::PrintableString(PrintableString::try_from(subject.country.as_str())?));
    name.push(DnType::OrganizationName, &subject.organization);
    if let Some(identifier) = &subject.organization_identifier {
        name.push(DnType::CustomDnType(oid::ORGANIZATION_IDENTIFIER.to_vec()), identifier);
    }
    name.push(DnType::CommonName, &subject.common_name);
    Ok(name)
}

fn period(validity: &Validity) -> Result<(OffsetDateTime, OffsetDateTime), PkiError> {
    let day = |from: OffsetDateTime, days: i32| {
        // RFC 5280 §4.1.2.5 can write no other years, and the writer panics on those before year 1.
        from.checked_add(Duration::days(days.into())).filter(|date| (1950..=9999).contains(&date.year())).ok_or_else(
            || PkiError::BadRecipe {
                reason: "validity: the dates are not between 1950 and 9999; give fewer days".to_owned(),
            },
        )
    };
    let start = day(OffsetDateTime::now_utc(), validity.starts_in_days)?;
    Ok((start, day(start, validity.days)?))
}

fn look_up_all<T: Clone>(kind: &'static str, names: &[String], table: &[(&str, T)]) -> Result<Vec<T>, PkiError> {
    names.iter().map(|name| PkiError::lookup(kind, name, table)).collect()
}

/// The extensions that the library does not know.
fn extensions(recipe: &Recipe) -> Result<Vec<CustomExtension>, PkiError> {
    let mut extensions = Vec::new();
    if !recipe.policies.is_empty() {
        extensions.push(CustomExtension::from_oid_content(oid::CERTIFICATE_POLICIES, policies(&recipe.policies)?));
    }
    if recipe.status.ca_issuers.is_some() || recipe.status.ocsp.is_some() {
        extensions.push(CustomExtension::from_oid_content(oid::AUTHORITY_INFO_ACCESS, access(&recipe.status)?));
    }
    if let Some(qc) = &recipe.qc_statements {
        extensions.push(CustomExtension::from_oid_content(oid::QC_STATEMENTS, qc_statements(qc)?.encode()?));
    }
    Ok(extensions)
}

fn policies(policies: &[String]) -> Result<Vec<u8>, PkiError> {
    let policies: Vec<Oid> = policies.iter().map(|policy| policy.parse()).collect::<Result<_, _>>()?;
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|list| {
            for policy in &policies {
                list.next().write_sequence(|parts| parts.next().write_oid(&policy.to_yasna()));
            }
        });
    }))
}

fn access(status: &Status) -> Result<Vec<u8>, PkiError> {
    let (ca_issuers, ocsp) = (ascii(&status.ca_issuers)?, ascii(&status.ocsp)?);
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|list| {
            access_description(list, oid::CA_ISSUERS, ca_issuers);
            access_description(list, oid::OCSP, ocsp);
        });
    }))
}

fn access_description(list: &mut DERWriterSeq<'_>, method: &[u64], url: Option<&str>) {
    let Some(url) = url else { return };
    list.next().write_sequence(|parts| {
        parts.next().write_oid(&ObjectIdentifier::from_slice(method));
        // GeneralName: uniformResourceIdentifier [6]
        parts.next().write_tagged_implicit(Tag::context(6), |name| name.write_ia5_string(url));
    });
}

/// A URL that can be written as IA5String; the writer asserts as much.
fn ascii(url: &Option<String>) -> Result<Option<&str>, PkiError> {
    match url.as_deref() {
        Some(url) if !url.is_ascii() => Err(PkiError::BadRecipe {
            reason: format!("status: the URL \"{url}\" is not ASCII; write it percent-encoded"),
        }),
        url => Ok(url),
    }
}

fn qc_statements(recipe: &QcRecipe) -> Result<QcStatements, PkiError> {
    let kind = Oid::try_from(recipe.kind.arcs())?;
    let mut statements = vec![QcStatement::Compliance, QcStatement::Type(vec![kind])];
    if !recipe.pds.is_empty() {
        statements.push(QcStatement::Pds(recipe.pds.clone()));
    }
    if let Some(psd2) = &recipe.psd2 {
        statements.push(QcStatement::Psd2(Psd2Statement {
            roles: psd2.roles.iter().map(|role| RoleOfPsp::try_from(*role)).collect::<Result<_, _>>()?,
            nca_name: psd2.nca_name.clone(),
            nca_id: psd2.nca_id.clone(),
        }));
    }
    Ok(QcStatements(statements))
}
