//! What a certificate says, in plain words.

use std::fmt;

use time::OffsetDateTime;

use super::CertificateFacts;
use crate::pki::qc::QcType;

/// Explains the certificate to a person, one `label: value` line for each fact, as of now.
impl fmt::Display for CertificateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [
            ("Kind", Some(self.kind().to_owned())),
            ("Subject", Some(self.subject.clone())),
            ("Organization", self.organization.clone()),
            ("Identifier", self.organization_identifier.clone()),
            ("Issuer", Some(self.issuer.clone())),
            ("Serial", Some(self.serial.clone())),
            ("Valid", Some(self.validity(OffsetDateTime::now_utc()))),
            ("Authority", self.authority()),
            ("Roles", self.roles()),
            ("QcStatements", self.qc_error.as_ref().map(|error| format!("broken: {error}"))),
            ("Key", Some(format!("{}, {} bits", self.key.kind, self.key.bits))),
            ("Key usage", list(&self.key_usage)),
            ("Made for", list(&self.extended_key_usage)),
            ("Names", list(&self.names)),
            ("Policies", list(&self.policies)),
            ("x5t#S256", Some(self.thumbprint.clone())),
        ];
        for (label, value) in lines.into_iter().filter_map(|(label, value)| Some((label, value?))) {
            writeln!(f, "{:<14}{}", format!("{label}:"), printable(&value))?;
        }
        Ok(())
    }
}

impl CertificateFacts {
    fn kind(&self) -> &'static str {
        match (self.is_ca, self.qualified, self.qc_type) {
            (true, _, _) => "certification authority",
            (_, true, Some(QcType::Web)) => "QWAC: qualified certificate for TLS connections",
            (_, true, Some(QcType::Eseal)) => "QSealC: qualified certificate for the seals of an organization",
            (_, true, Some(QcType::Esign)) => "qualified certificate for the signatures of a person",
            (_, true, None) => "qualified certificate that does not say what it is for",
            (_, false, _) => "ordinary certificate, not a qualified one",
        }
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
        Some(format!("{} ({})", self.nca_name.as_ref()?, self.nca_id.as_ref()?))
    }

    fn roles(&self) -> Option<String> {
        let psd2 = match self.qc_statements.as_ref().map(|qc| qc.psd2()) {
            Some(Some(psd2)) => psd2,
            Some(None) => return Some("none: there is no PSD2 statement, so it allows nothing at a bank".to_owned()),
            None => return None,
        };
        let each = psd2.roles.iter().map(|spelled| match spelled.role() {
            Some(role) => format!("{role} (may {})", role.allows()),
            None => format!("{} {} (name and object identifier do not agree on a role)", spelled.name, spelled.oid),
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
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
