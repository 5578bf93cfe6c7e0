//! A recipe put into the terms of the library that issues.

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose, SerialNumber,
};
use time::{Duration, OffsetDateTime};
use yasna::models::ObjectIdentifier;
use yasna::{DERWriterSeq, Tag};

use super::oid::{self, Oid};
use super::recipe::{Recipe, Status, Validity};
use super::{OrganizationIdentifier, PkiError};

/// cabfOrganizationIdentifier (CA/Browser Forum EV guidelines §9.8.2).
const CABF_ORGANIZATION_IDENTIFIER: &[u64] = &[2, 23, 140, 3, 1];
/// An identifier from the arc for examples: nobody knows what it means.
const UNKNOWN_EXTENSION: &[u64] = &[2, 999, 119495];

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
    // Not the library's own choice, which is the key's digest: certificates that share a key would share it too.
    let mut serial: [u8; 19] = rand::random();
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.distinguished_name = recipe.subject.distinguished_name()?;
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
    if let Some(identifier) = cabf_organization_identifier(recipe) {
        extensions.push(CustomExtension::from_oid_content(CABF_ORGANIZATION_IDENTIFIER, identifier));
    }
    if let Some(qc) = &recipe.qc_statements {
        let mut extension = CustomExtension::from_oid_content(oid::QC_STATEMENTS, qc.statements()?.encode()?);
        extension.set_criticality(qc.bent.critical);
        extensions.extend(std::iter::repeat_n(extension, if qc.bent.extension_twice { 2 } else { 1 }));
    }
    if recipe.unknown_critical_extension {
        let mut extension = CustomExtension::from_oid_content(UNKNOWN_EXTENSION, vec![0x05, 0x00]);
        extension.set_criticality(true);
        extensions.push(extension);
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

/// None where the subject has no organizationIdentifier that can be taken apart.
fn cabf_organization_identifier(recipe: &Recipe) -> Option<Vec<u8>> {
    let identifier =
        recipe.subject.get(oid::ORGANIZATION_IDENTIFIER).filter(|_| recipe.cabf_organization_identifier)?;
    let OrganizationIdentifier { scheme, country, authority, reference } = identifier.parse().ok()?;
    // The colon of a national scheme is PrintableString too.
    let reference = authority.map_or(reference.clone(), |authority| format!("{authority}-{reference}"));
    Some(yasna::construct_der(|writer| {
        writer.write_sequence(|parts| {
            parts.next().write_printable_string(&scheme);
            parts.next().write_printable_string(&country);
            parts.next().write_utf8_string(&reference);
        });
    }))
}
