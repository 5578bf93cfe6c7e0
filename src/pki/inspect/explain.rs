//! What a certificate says, in plain words.

use std::fmt;

use time::OffsetDateTime;

use super::CertificateFacts;
use super::names::named;
use crate::pki::qc::QcStatement;

/// Explains the certificate to a person, one `label: value` line for each fact, as of now.
impl fmt::Display for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&lines(self.in_words(OffsetDateTime::now_utc()).into_iter()))
    }
}

/// `label:  value`, a line each.
pub(super) fn lines(facts: impl Iterator<Item = (&'static str, String)>) -> String {
    facts.map(|(label, value)| format!("{:<18}{}\n", format!("{label}:"), printable(&value))).collect()
}

impl CertificateFacts {
    /// What the certificate says in plain words, as labels and values, as of that time. Nothing in it is escaped.
    pub fn in_words(&self, at: OffsetDateTime) -> Vec<(&'static str, String)> {
        let mut words = vec![
            ("Kind", Some(self.kind.in_words(self).to_owned())),
            ("Subject", Some(self.subject.clone())),
            ("Organization", self.organization.clone()),
            ("Identifier", self.organization_identifier.clone()),
            ("Issuer", Some(self.issuer.clone())),
            ("Serial", Some(self.serial.clone())),
            ("Valid", Some(self.validity(at))),
            ("Authority", self.authority()),
            ("Roles", self.roles()),
        ];
        words.extend(self.statements().into_iter().map(|statement| ("QcStatement", Some(statement))));
        words.extend([
            (
                "QcStatements",
                self.qc_error.as_ref().map(|error| format!("broken: {}", error.trim_start_matches("QcStatements: "))),
            ),
            ("Key", Some(format!("{}, {} bits", self.key.kind, self.key.bits))),
            ("Key usage", list(&self.key_usage)),
            ("Made for", list(&self.extended_key_usage)),
            ("Names", list(&self.names)),
        ]);
        words.extend(self.policies.iter().map(|policy| ("Policy", Some(named(policy)))));
        words.extend([
            ("OCSP", list(&self.ocsp)),
            ("Revocation list", list(&self.crls)),
            ("Issuer's file", list(&self.ca_issuers)),
            ("Signed with", Some(self.signature_algorithm.clone())),
            ("SHA-256", Some(self.fingerprint.clone())),
            ("x5t#S256", Some(self.thumbprint.clone())),
        ]);
        words.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }

    /// Whole days from then to its end, negative where it has ended.
    pub fn days_left(&self, at: OffsetDateTime) -> i64 {
        (self.not_after - at).whole_seconds().div_euclid(86_400)
    }

    /// Each statement but that of PSD2, which has lines of its own.
    fn statements(&self) -> Vec<String> {
        let all = self.qc_statements.iter().flat_map(|statements| &statements.0);
        all.filter_map(|statement| match statement {
            QcStatement::Psd2(_) => None,
            QcStatement::Type(types) => {
                let types: Vec<String> = types.iter().map(|kind| named(&kind.to_string())).collect();
                Some(format!("QcType: {}", types.join(", ")))
            }
            QcStatement::Pds(places) => {
                let places: Vec<String> =
                    places.iter().map(|place| format!("{} ({})", place.url, place.language)).collect();
                Some(format!("QcPDS: {}", places.join(", ")))
            }
            other => {
                let arcs: Vec<String> = other.arcs().iter().map(u64::to_string).collect();
                Some(named(&arcs.join(".")))
            }
        })
        .collect()
    }

    fn validity(&self, now: OffsetDateTime) -> String {
        let state = if now < self.not_before {
            format!("not yet: begins in {}", days((self.not_before - now).whole_days()))
        } else if now > self.not_after {
            format!("no longer: ended {} ago", days((now - self.not_after).whole_days()))
        } else {
            format!("{} remain", days((self.not_after - now).whole_days()))
        };
        format!("{} to {} ({state})", self.not_before.date(), self.not_after.date())
    }

    fn authority(&self) -> Option<String> {
        match (self.nca_name.as_deref()?, self.nca_id.as_deref()?) {
            ("NA", "NA") => Some("none (NA)".to_owned()),
            (name, id) => Some(format!("{name} ({id})")),
        }
    }

    fn roles(&self) -> Option<String> {
        let psd2 = match self.qc_statements.as_ref().map(|qc| qc.psd2()) {
            Some(Some(psd2)) => psd2,
            Some(None) => return Some("none: there is no PSD2 statement, so it allows nothing at a bank".to_owned()),
            None => return None,
        };
        let each = psd2.roles.iter().map(|spelled| match spelled.role() {
            Some(role) => format!("{role} (may {})", role.allows()),
            None if spelled.is_of_two_roles() => {
                format!("{} {} (name and object identifier do not agree on a role)", spelled.name, spelled.oid)
            }
            None => format!("{} {} (a role that TS 119 495 does not define)", spelled.name, spelled.oid),
        });
        Some(each.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty()).or_else(|| Some("none".to_owned()))
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

fn list(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| values.join(", "))
}

/// A certificate is written by others: nothing in it may steer the terminal.
fn printable(text: &str) -> String {
    let steers = |character: char| {
        character.is_control() || matches!(character, '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|character| if steers(character) { '\u{fffd}' } else { character }).collect()
}
