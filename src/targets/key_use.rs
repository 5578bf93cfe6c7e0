//! Which kinds of keys can be used for what: one that cannot would look like a fault of the bank, or leave checks undecided.

use openssl::{
    nid::Nid,
    pkey::{PKeyRef, Private},
};

use super::signing::{Form, Signing};
use crate::pki::{self, PrivateKeyKind};

/// What a key of the target file is for.
#[derive(Clone, Copy)]
pub(super) enum KeyUse<'a> {
    /// TLS connections as a client.
    Tls,
    /// Signatures on messages, in the forms of that table where there is one.
    Seal(Option<&'a Signing>),
    /// Issuing certificates.
    TestCa,
}

/// `openssl ecparam` calls P-256 so.
const NEW_KEY: &str = "openssl ecparam -name prime256v1 -genkey -noout -out new.key";

impl KeyUse<'_> {
    /// What the key is and cannot do, and how to mend it; `None` where it can.
    pub(super) fn objection(self, key: &PKeyRef<Private>) -> Option<(String, String)> {
        let kind = PrivateKeyKind::of(key);
        let (can, what, kinds) = match self {
            Self::Tls => (does_tls(kind), "which TLS here does not speak".to_owned(), TLS_KINDS),
            Self::Seal(None) => (seals(kind), "which signs no messages here".to_owned(), SEAL_KINDS),
            // What cannot be signed in the other forms is left out with its reason.
            Self::Seal(Some(Signing { form, .. })) => {
                let what = format!("which does not sign in the form \"{}\"", form_name(*form));
                (form_takes(*form, kind), what, form_kinds(*form))
            }
            Self::TestCa => {
                let pem = key.private_key_to_pem_pkcs8().ok().and_then(|pem| String::from_utf8(pem).ok());
                (
                    pem.is_some_and(|pem| pki::can_issue_with(&pem)),
                    "with which nothing is issued here".to_owned(),
                    CA_KINDS,
                )
            }
        };
        let size = if kind == PrivateKeyKind::Rsa { format!(" of {} bits", key.bits()) } else { String::new() };
        (!can).then(|| (format!("{}{size}, {what}", kind.in_words()), mend(kind, kinds)))
    }
}

const TLS_KINDS: &str = "RSA, EC on P-256, P-384 or P-521, or Ed25519";
const SEAL_KINDS: &str = "RSA, or EC on a named curve";
const CA_KINDS: &str = "RSA of 2048 bits or more, EC on P-256 or P-384, or Ed25519";

fn does_tls(kind: PrivateKeyKind) -> bool {
    use PrivateKeyKind::{Curve, Ed25519, Rsa};
    matches!(kind, Rsa | Ed25519 | Curve(Nid::X9_62_PRIME256V1 | Nid::SECP384R1 | Nid::SECP521R1))
}

/// A seal without a form signs assertions at most, whose algorithms are looked at where they are named.
fn seals(kind: PrivateKeyKind) -> bool {
    matches!(kind, PrivateKeyKind::Rsa | PrivateKeyKind::Curve(_) | PrivateKeyKind::Ed25519)
}

fn form_takes(form: Form, kind: PrivateKeyKind) -> bool {
    match form {
        Form::BerlinGroup => matches!(kind, PrivateKeyKind::Rsa | PrivateKeyKind::Curve(_)),
        Form::UkJws => kind == PrivateKeyKind::Rsa,
        Form::Rfc9421 => matches!(kind, PrivateKeyKind::Rsa | PrivateKeyKind::Curve(Nid::X9_62_PRIME256V1)),
    }
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::BerlinGroup => "berlin-group",
        Form::UkJws => "uk-jws",
        Form::Rfc9421 => "rfc9421",
    }
}

fn form_kinds(form: Form) -> &'static str {
    match form {
        Form::BerlinGroup => SEAL_KINDS,
        Form::UkJws => "RSA",
        Form::Rfc9421 => "RSA, or EC on P-256",
    }
}

fn mend(kind: PrivateKeyKind, kinds: &str) -> String {
    match kind {
        PrivateKeyKind::Parameters => format!(
            "write it with its named curve, `openssl ec -in OLD.key -param_enc named_curve -out NEW.key`, or take a certificate for another key: {kinds}"
        ),
        _ => format!("take a certificate for another key: {kinds}; `{NEW_KEY}` makes one"),
    }
}
