//! The table of defects.

use super::statement::{self, LONGEST};
use super::{Row, country_of, issue, make, nca_id, of_type, recipe, roles};
use crate::pki::key_kind::KeyKind;
use crate::pki::oid;
use crate::pki::qc::{PdsLocation, QcType};
use crate::pki::qc_recipe::other;
use crate::pki::recipe::{CertificateAuthority, Recipe, Status};
use crate::pki::subject::COUNTRY;

pub(super) const ROWS: &[Row] = &[
    // Trust
    issue("unknown-ca", "signed by a CA that has the names of ours and other keys", "RFC 5280 §6.1", make::by_a_double),
    issue("self-signed", "signed with its own key", "RFC 5280 §6.1", make::by_itself),
    issue(
        "missing-intermediate",
        "from a CA below ours that nobody knows, and presented without it",
        "RFC 5280 §6.1",
        make::without_its_issuer,
    ),
    issue("altered", "changed after it was signed", "RFC 5280 §6.1.3", make::altered),
    issue(
        "key-of-another",
        "presented by somebody who does not have its key",
        "RFC 8446 §4.4.3",
        make::with_another_key,
    ),
    issue("sha1-signature", "signed over a SHA-1 digest", "ETSI TS 119 312 §5", make::with_sha1),
    // Validity
    recipe("expired", "ended yesterday", "RFC 5280 §4.1.2.5", |recipe| {
        let days = recipe.validity.days;
        Ok(recipe.validity(days.saturating_neg().saturating_sub(1), days))
    }),
    recipe("not-yet-valid", "begins in 30 days", "RFC 5280 §4.1.2.5", |recipe| {
        let days = recipe.validity.days;
        Ok(recipe.validity(30, days))
    }),
    // What it is for
    recipe("weak-key", "its key is RSA of 1024 bits", "ETSI TS 119 312 §8", |recipe| {
        Ok(Recipe { key: KeyKind::Rsa1024, ..recipe })
    }),
    recipe("ca-as-leaf", "it is the certificate of a CA", "RFC 5280 §4.2.1.9", |recipe| {
        let certificate_authority = Some(CertificateAuthority { path_length: 0 });
        Ok(Recipe { certificate_authority, ..recipe.key_usage(&["digitalSignature", "keyCertSign"]) })
    }),
    recipe("unknown-critical-extension", "it has a critical extension that nobody knows", "RFC 5280 §4.2", |recipe| {
        Ok(Recipe { unknown_critical_extension: true, ..recipe })
    }),
    recipe("server-only", "its extended key usage is serverAuth alone", "RFC 5280 §4.2.1.12", |recipe| {
        Ok(recipe.extended_key_usage(&["serverAuth"]))
    }),
    recipe("status-signing-only", "its extended key usage is OCSPSigning alone", "RFC 5280 §4.2.1.12", |recipe| {
        Ok(recipe.extended_key_usage(&["OCSPSigning"]))
    }),
    recipe("agreement-only", "its key may agree on keys, but not sign", "RFC 8446 §4.4.2.2", |recipe| {
        Ok(recipe.key_usage(&["keyAgreement"]))
    }),
    recipe("commitment-only", "its key may sign documents, but not handshakes", "RFC 8446 §4.4.2.2", |recipe| {
        Ok(recipe.key_usage(&["contentCommitment"]))
    }),
    recipe("seal-for-tls", "it is the TPP's certificate for seals", "EN 319 412-5 §4.2.3", |recipe| {
        let seal = Recipe::qsealc();
        let qc_statements = recipe.with_qc(|qc| qc.kind = Some(QcType::Eseal));
        let Recipe { key_usage, extended_key_usage, policies, .. } = seal;
        let cabf_organization_identifier = false;
        Ok(Recipe { key_usage, extended_key_usage, policies, cabf_organization_identifier, ..qc_statements })
    }),
    // QcStatements
    recipe("no-qc-statements", "it has no QcStatements, as any web server's", "EN 319 412-5 §4.1", |recipe| {
        Ok(Recipe { qc_statements: None, ..recipe })
    }),
    recipe("critical-qc-statements", "its QcStatements are marked critical", "EN 319 412-5 QCS-4.1-02", |recipe| {
        Ok(recipe.with_qc(|qc| qc.bent.critical = true))
    }),
    recipe("qc-statements-twice", "it has the extension QcStatements twice", "RFC 5280 §4.2", |recipe| {
        Ok(recipe.with_qc(|qc| qc.bent.extension_twice = true))
    }),
    recipe("no-qc-compliance", "it does not say that it is qualified", "EN 319 412-5 §4.2.1", |recipe| {
        Ok(recipe.with_qc(|qc| qc.compliance = false))
    }),
    recipe("qc-type-seal", "its QcType is that of seals", "EN 319 412-5 §4.2.3", |recipe| {
        of_type(recipe, Some(QcType::Eseal))
    }),
    recipe("qc-type-signature", "its QcType is that of natural persons", "EN 319 412-5 §4.2.3", |recipe| {
        of_type(recipe, Some(QcType::Esign))
    }),
    recipe("qc-type-missing", "it has no QcType", "EN 319 412-5 §4.2.3", |recipe| of_type(recipe, None)),
    recipe("psd2-statement-twice", "it has two PSD2 statements", "EN 319 412-5 QCS-4.1-02A", |recipe| {
        let mut more = recipe.clone();
        more = roles(more, &["PSP_AI"])?;
        let second = more.qc_statements.map(|qc| qc.statements()).transpose()?.unwrap_or_default();
        let second = second.0.into_iter().filter(|statement| statement.arcs() == oid::QC_PSD2);
        Ok(recipe.with_qc(|qc| qc.bent.more.extend(second)))
    }),
    // The PSD2 statement
    recipe("no-psd2-statement", "qualified, but not for PSD2", "TS 119 495 GEN-5.1-1", |recipe| {
        Ok(recipe.without_psd2_statement())
    }),
    recipe("psd2-bare", "its PSD2 statement says nothing at all", "TS 119 495 GEN-5.1-3", |recipe| {
        Ok(recipe.with_qc(|qc| qc.bent.psd2_bare = true))
    }),
    recipe("psd2-truncated", "its PSD2 statement breaks off", "TS 119 495 GEN-5.1-3", |recipe| {
        statement::bend(recipe, statement::truncated)
    }),
    recipe("psd2-trailing-octets", "octets follow its PSD2 statement", "TS 119 495 GEN-5.1-3", |recipe| {
        statement::bend(recipe, statement::with_trailing_octets)
    }),
    recipe("psd2-not-der", "its PSD2 statement is BER, but not DER", "TS 119 495 GEN-5.1-3", |recipe| {
        statement::bend(recipe, statement::with_long_length)
    }),
    recipe("roles-flattened", "its roles are no sequences of their own", "TS 119 495 Annex A", |recipe| {
        statement::bend(two_roles(recipe)?, statement::with_flat_roles)
    }),
    recipe("roles-unwrapped", "its roles are in no sequence together", "TS 119 495 Annex A", |recipe| {
        statement::bend(two_roles(recipe)?, statement::with_unwrapped_roles)
    }),
    recipe("roles-reversed", "its roles have the name before the identifier", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, statement::with_reversed_roles)
    }),
    recipe("roles-missing", "its PSD2 statement has no list of roles", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, |psd2| statement::without_field(psd2, 0))
    }),
    recipe("nca-name-missing", "its PSD2 statement has no nCAName", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, |psd2| statement::without_field(psd2, 1))
    }),
    recipe("nca-id-missing", "its PSD2 statement has no nCAId", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, |psd2| statement::without_field(psd2, 2))
    }),
    recipe("nca-name-empty", "its nCAName is empty", "TS 119 495 Annex A", |recipe| {
        statement::change(recipe, |psd2| psd2.nca_name.clear())
    }),
    recipe("nca-id-empty", "its nCAId is empty", "TS 119 495 Annex A", |recipe| {
        statement::change(recipe, |psd2| psd2.nca_id.clear())
    }),
    recipe("role-name-empty", "its roles have empty names", "TS 119 495 Annex A", |recipe| {
        statement::change(recipe, |psd2| psd2.roles.iter_mut().for_each(|role| role.name.clear()))
    }),
    recipe("nca-name-too-long", "its nCAName has 257 characters", "TS 119 495 Annex A", |recipe| {
        statement::change(recipe, |psd2| psd2.nca_name = "A".repeat(LONGEST + 1))
    }),
    recipe("nca-name-printable", "its nCAName is no UTF8String", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, statement::with_printable_authority)
    }),
    recipe("role-names-printable", "the names of its roles are no UTF8String", "TS 119 495 Annex A", |recipe| {
        statement::bend(recipe, statement::with_printable_roles)
    }),
    // Roles
    recipe("roles-empty", "its list of roles is empty", "TS 119 495 GEN-5.2.2-1", |recipe| roles(recipe, &[])),
    recipe("role-unspecified", "its only role is the unspecified one", "TS 119 495 GEN-5.2.2-1", |recipe| {
        roles(recipe, &["Unspecified"])
    }),
    recipe("role-accounts-only", "its only role is PSP_AI", "TS 119 495 GEN-5.2.2-2", |recipe| {
        roles(recipe, &["PSP_AI"])
    }),
    recipe("role-cards-only", "its only role is PSP_IC", "TS 119 495 GEN-5.2.2-2", |recipe| roles(recipe, &["PSP_IC"])),
    recipe("role-bank-only", "its only role is PSP_AS", "TS 119 495 GEN-5.2.2-2", |recipe| roles(recipe, &["PSP_AS"])),
    recipe("role-unknown-only", "its only role is none that there is", "TS 119 495 GEN-5.2.2-2", |recipe| {
        roles(recipe, &["PSP_NEW"])
    }),
    recipe("role-named-pi", "a role is called PSP_PI and identified as PSP_AI", "TS 119 495 REG-5.2.2-5", |recipe| {
        let role = statement::mixed("0.4.0.19495.1.3", "PSP_PI")?;
        statement::change(recipe, |psd2| psd2.roles = vec![role])
    }),
    recipe("role-named-ai", "a role is identified as PSP_PI and called PSP_AI", "TS 119 495 REG-5.2.2-5", |recipe| {
        let role = statement::mixed("0.4.0.19495.1.2", "PSP_AI")?;
        statement::change(recipe, |psd2| psd2.roles = vec![role])
    }),
    recipe("role-in-small-letters", "a role is called psp_pi", "TS 119 495 GEN-5.2.2-3", |recipe| {
        let role = statement::mixed("0.4.0.19495.1.2", "psp_pi")?;
        statement::change(recipe, |psd2| psd2.roles = vec![role])
    }),
    // The competent authority
    recipe("nca-id-underscore", "its nCAId has an underscore for the hyphen", "TS 119 495 GEN-5.2.3-2", |recipe| {
        nca_id(recipe, |id| id.replace('-', "_"))
    }),
    recipe("nca-id-small-letters", "its nCAId is in small letters", "TS 119 495 GEN-5.2.3-2", |recipe| {
        nca_id(recipe, str::to_lowercase)
    }),
    recipe("nca-id-without-country", "its nCAId has no country", "TS 119 495 GEN-5.2.3-2", |recipe| {
        nca_id(recipe, |id| id.split_once('-').map_or(id, |(_, authority)| authority).to_owned())
    }),
    recipe("nca-fields-swapped", "nCAName and nCAId are swapped", "TS 119 495 GEN-5.2.3-2", |recipe| {
        statement::change(recipe, |psd2| std::mem::swap(&mut psd2.nca_name, &mut psd2.nca_id))
    }),
    recipe(
        "authority-mismatch",
        "nCAId and organizationIdentifier name two authorities",
        "TS 119 495 §5.2",
        |recipe| nca_id(recipe, |id| format!("{}-OTHER", country_of(id))),
    ),
    recipe(
        "authority-country-mismatch",
        "nCAId and organizationIdentifier name two countries",
        "TS 119 495 §5.2",
        |recipe| nca_id(recipe, |id| if country_of(id) == "FR" { "NL-DNB" } else { "FR-ACPR" }.to_owned()),
    ),
    // The subject
    recipe("no-organization-identifier", "it has no organizationIdentifier", "TS 119 495 GEN-5.3-3", |recipe| {
        let mut recipe = recipe;
        recipe.subject.remove(oid::ORGANIZATION_IDENTIFIER);
        Ok(recipe)
    }),
    recipe(
        "identifier-without-hyphens",
        "its organizationIdentifier is PSDXX123",
        "TS 119 495 GEN-5.2.1-3",
        |recipe| Ok(recipe.organization_identifier("PSDXX123")),
    ),
    recipe(
        "identifier-small-letters",
        "its organizationIdentifier is in small letters",
        "TS 119 495 GEN-5.2.1-3",
        |recipe| {
            let own = recipe.subject.get(oid::ORGANIZATION_IDENTIFIER).unwrap_or_default().to_lowercase();
            Ok(recipe.organization_identifier(own))
        },
    ),
    recipe(
        "identifier-without-number",
        "its organizationIdentifier has no number",
        "TS 119 495 GEN-5.2.1-3",
        |recipe| Ok(recipe.organization_identifier("PSDDE-BAFIN-")),
    ),
    recipe(
        "country-mismatch",
        "its country is not that of its organizationIdentifier",
        "EN 319 412-3 LEG-4.2.1-4",
        |recipe| {
            let own = recipe.subject.get(COUNTRY).unwrap_or_default();
            let other = if own == "NL" { "SE" } else { "NL" };
            Ok(recipe.country(other))
        },
    ),
    // What only a linter sees
    recipe("qscd-in-qwac", "it says that its key is in a qualified device", "EN 319 412-5 §4.2.2", |recipe| {
        Ok(recipe.with_qc(|qc| qc.qscd = true))
    })
    .lint_only(),
    recipe("disclosure-over-http", "its disclosure statement is at an http URL", "EN 319 412-5 §4.3.4", |recipe| {
        Ok(recipe.with_qc(|qc| qc.pds = vec![pds("http://qtsp.example/pds", "en")]))
    })
    .lint_only(),
    recipe("disclosure-not-in-english", "it has no English disclosure statement", "EN 319 412-5 §4.3.4", |recipe| {
        Ok(recipe.with_qc(|qc| qc.pds = vec![pds("https://qtsp.example/pds", "de")]))
    })
    .lint_only(),
    recipe(
        "legislation-in-the-eu",
        "it names a legislation, as those from outside the EU do",
        "EN 319 412-5 §4.2.4",
        |recipe| {
            let info = yasna::construct_der(|writer| {
                writer.write_sequence(|list| list.next().write_printable_string("DE"));
            });
            let statement = other(&[0, 4, 0, 1862, 1, 7], Some(info))?;
            Ok(recipe.with_qc(|qc| qc.bent.more.push(statement)))
        },
    )
    .lint_only(),
    recipe("no-status", "it says neither where its issuer nor where its status is", "EN 319 412-2 §4.4.1", |recipe| {
        Ok(Recipe { status: Status::default(), ..recipe })
    })
    .lint_only(),
    recipe("no-names", "it has no subjectAltName", "EN 319 412-4 §4.1", |recipe| {
        Ok(Recipe { names: Vec::new(), ..recipe })
    })
    .lint_only(),
    recipe("policy-of-seals", "its policy is that of seals", "EN 319 412-5 QCS-5.2-2", |recipe| {
        Ok(Recipe { policies: vec!["0.4.0.194112.1.1".to_owned()], ..recipe })
    })
    .lint_only(),
];

fn pds(url: &str, language: &str) -> PdsLocation {
    PdsLocation { url: url.to_owned(), language: language.to_owned() }
}

/// With PSP_PI and at least one other role: one alone, flattened and unwrapped are the same.
fn two_roles(recipe: Recipe) -> Result<Recipe, crate::pki::PkiError> {
    roles(recipe, &["PSP_PI", "PSP_AI"])
}
