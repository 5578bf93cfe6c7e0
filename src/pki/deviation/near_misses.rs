//! The table of near misses: what looks odd and is valid.

use super::{Row, issue, make, recipe, roles};
use crate::pki::key_kind::KeyKind;
use crate::pki::oid;
use crate::pki::organization_identifier::OrganizationIdentifier;
use crate::pki::qc::PdsLocation;
use crate::pki::qc_recipe::{Semantics, other};
use crate::pki::recipe::{Recipe, Validity};
use crate::pki::subject::Text;
use crate::pki::{PkiError, tables};

pub(super) const ROWS: &[Row] = &[
    // Roles
    recipe("role-order", "PSP_PI is not the first of its roles", "TS 119 495 GEN-5.2.2-1", |recipe| {
        let own = recipe.qc_statements.as_ref().and_then(|qc| qc.psd2.as_ref()).map(|psd2| psd2.roles.clone());
        let others = own.unwrap_or_default().into_iter().filter(|role| role != "PSP_PI").collect::<Vec<_>>();
        let others = if others.is_empty() { vec!["PSP_AI".to_owned()] } else { others };
        Ok(recipe.with_psd2(|psd2| psd2.roles = others.into_iter().chain(["PSP_PI".to_owned()]).collect()))
    }),
    recipe("all-roles", "it has all four roles of banks and third parties", "TS 119 495 GEN-5.2.2-1", |recipe| {
        roles(recipe, &["PSP_PI", "PSP_AS", "PSP_AI", "PSP_IC"])
    }),
    recipe(
        "new-role",
        "it has a role beside PSP_PI that somebody else has registered",
        "TS 119 495 GEN-5.2.2-4",
        |recipe| roles(recipe, &["PSP_PI", "PSP_NEW"]),
    ),
    recipe(
        "payee-role",
        "it has a role for the verification of payees beside PSP_PI",
        "TS 119 495 GEN-5.2.2-3B",
        |recipe| roles(recipe, &["PSP_PI", "VOP_RS"]),
    ),
    // QcStatements
    recipe("statement-order", "its PSD2 statement comes first", "RFC 3739 §3.2.6", |recipe| {
        Ok(recipe.with_qc(|qc| qc.bent.psd2_first = true))
    }),
    recipe("retention-period", "it says for how long records are kept", "EN 319 412-5 §4.3.3", |recipe| {
        Ok(recipe.with_qc(|qc| qc.retention_years = Some(10)))
    }),
    recipe("semantics", "it says that its identifiers are a legal person's", "EN 319 412-1 §5.1.4", |recipe| {
        Ok(recipe.with_qc(|qc| qc.semantics = Some(Semantics::default())))
    }),
    recipe("unknown-statement", "it has a statement that nobody knows", "RFC 3739 §3.2.6", |recipe| {
        let statement = other(&[2, 999, 19495], None)?;
        Ok(recipe.with_qc(|qc| qc.bent.more.push(statement)))
    }),
    recipe("disclosures", "it has disclosure statements in several languages", "EN 319 412-5 §4.3.4", |recipe| {
        let pds = |language: &str| PdsLocation {
            url: format!("https://qtsp.example/pds/{language}"),
            language: language.into(),
        };
        Ok(recipe.with_qc(|qc| qc.pds = ["de", "en", "fr"].map(pds).to_vec()))
    }),
    // Names
    recipe("printable-strings", "its subject is in PrintableString", "X.520 DirectoryString", |recipe| {
        let mut recipe = recipe;
        recipe.subject.write_as(Text::Printable);
        Ok(recipe)
    }),
    recipe("long-name", "its organization has a name of 120 characters", "EN 319 412-3 LEG-4.2.1-9", |recipe| {
        let long = "Gesellschaft fuer die Ausloesung und Abwicklung elektronischer Zahlungen im Handel ";
        Ok(recipe.organization(format!("{long}{}", "und im Gewerbe mbH & Co. KG auf Aktien")))
    }),
    recipe("letters-of-many-lands", "its organization's name is not ASCII", "EN 319 412-3 LEG-4.2.1-5", |recipe| {
        Ok(recipe.organization("Müller & Søn Płatności Ελλάς"))
    }),
    recipe("several-names", "it has several DNS names", "RFC 5280 §4.2.1.6", |recipe| {
        let names =
            recipe.names.iter().cloned().chain(["api.tpp.example".into(), "callback.tpp.example".into()]).collect();
        Ok(Recipe { names, ..recipe })
    }),
    // Who it is
    recipe("hyphens-in-the-number", "its authorisation number has hyphens", "TS 119 495 GEN-5.2.1-3", |recipe| {
        another_number(recipe, "1234567-8-9")
    }),
    recipe(
        "spaces-in-the-number",
        "its authorisation number has spaces and a slash",
        "TS 119 495 GEN-5.2.1-3",
        |recipe| another_number(recipe, "A 12345/6"),
    ),
    recipe("french-authority", "it was authorised in France", "TS 119 495 GEN-5.2.3-2", |recipe| {
        from(recipe, "FR-ACPR", "FR-ACPR")
    }),
    recipe("maltese-authority", "it was authorised in Malta", "TS 119 495 GEN-5.2.3-2", |recipe| {
        from(recipe, "MT-MFSA", "MT-MFSA")
    }),
    recipe("former-authority", "its authority is named as in earlier lists", "TS 119 495 Annex D", |recipe| {
        from(recipe, "HR-HNB", "HR-CNB")
    }),
    recipe(
        "authority-in-its-own-language",
        "its authority is named in its own language",
        "TS 119 495 GEN-5.2.3-1",
        |recipe| {
            let id = recipe.qc_statements.as_ref().and_then(|qc| qc.psd2.as_ref()).map(|psd2| psd2.nca_id.clone());
            Ok(recipe.nca("Bundesanstalt fuer Finanzdienstleistungsaufsicht", id.unwrap_or_default()))
        },
    ),
    recipe("trade-register", "it is known by its trade register", "EN 319 412-1 §5.1.4", |recipe| {
        Ok(recipe.organization_identifier("NTRDE-HRB 123456"))
    }),
    recipe("vat-number", "it is known by its VAT number", "EN 319 412-1 §5.1.4", |recipe| {
        Ok(recipe.organization_identifier("VATDE-123456789"))
    }),
    recipe("legal-entity-identifier", "it is known by its LEI", "EN 319 412-1 §5.1.4", |recipe| {
        Ok(recipe.organization_identifier("LEIXG-529900T8BM49AURSDO55"))
    }),
    recipe(
        "national-scheme",
        "it is known by a register of its country's own",
        "EN 319 412-3 LEG-5.1.4-05",
        |recipe| {
            let semantics = Semantics { name_registration_authorities: vec!["https://register.example".to_owned()] };
            Ok(recipe.organization_identifier("SI:DE-55 66/77-8").with_qc(|qc| qc.semantics = Some(semantics)))
        },
    ),
    // Key, policy, time
    recipe("rsa-key", "its key is RSA of 2048 bits", "ETSI TS 119 312 §8", |recipe| {
        Ok(Recipe { key: KeyKind::Rsa2048, ..recipe.key_usage(&["digitalSignature", "keyEncipherment"]) })
    }),
    recipe("p384-key", "its key is EC on P-384", "ETSI TS 119 312 §8", |recipe| Ok(recipe.key(KeyKind::P384))),
    recipe("qncp-policy", "its policy is QNCP-w", "TS 119 495 OVR-6.1-3", |recipe| {
        with_policies(recipe, &["0.4.0.194112.1.5", "0.4.0.19495.3.1"])
    }),
    recipe("general-qncp-policy", "its policy is QNCP-w-gen", "EN 319 411-2 §5.3", |recipe| {
        with_policies(recipe, &["0.4.0.194112.1.6"])
    }),
    recipe("no-psd2-policy", "it has no policy for PSD2", "TS 119 495 OVR-6.1-3", |recipe| {
        with_policies(recipe, &["0.4.0.194112.1.4"])
    }),
    recipe("two-years", "it is valid for two years", "TS 119 495 OVR-6.1-3", |recipe| Ok(recipe.validity(-1, 730))),
    recipe("last-day", "it ends tomorrow", "RFC 5280 §4.1.2.5", |recipe| {
        let days = recipe.validity.days;
        Ok(Recipe { validity: Validity { starts_in_days: 1 - days, days }, ..recipe })
    }),
    issue("longer-chain", "there is another CA between it and ours", "RFC 5280 §6.1", make::with_a_longer_chain),
];

fn with_policies(recipe: Recipe, policies: &[&str]) -> Result<Recipe, PkiError> {
    Ok(Recipe { policies: policies.iter().map(|policy| (*policy).to_owned()).collect(), ..recipe })
}

/// Another TPP of the same authority.
fn another_number(recipe: Recipe, number: &str) -> Result<Recipe, PkiError> {
    let own =
        recipe.subject.get(oid::ORGANIZATION_IDENTIFIER).and_then(|own| own.parse::<OrganizationIdentifier>().ok());
    let nca = own.and_then(|own| own.nca_id()).unwrap_or_else(|| "DE-BAFIN".to_owned());
    Ok(recipe.organization_identifier(format!("PSD{nca}-{number}")))
}

/// Another TPP, of another authority, which its certificate may know by another identifier.
fn from(recipe: Recipe, authority: &str, spelled: &str) -> Result<Recipe, PkiError> {
    let authority = tables::competent_authority(authority)?;
    let (country, _) = spelled.split_once('-').unwrap_or_default();
    let recipe = recipe.nca(authority.name.clone(), spelled).country(country);
    Ok(recipe.organization_identifier(format!("PSD{spelled}-123456")))
}
