//! What a record says of the certificate that a client presents.

use std::sync::Arc;

use crate::{
    evidence::exchange::{Presented, Text, TlsFacts},
    pki::inspect,
    targets::KeyPair,
};

/// The subject of a client certificate, and what tells it from others of that subject.
#[derive(Clone, Default)]
pub(super) struct Certificate {
    subject: Option<Text>,
    presented: Option<Arc<Presented>>,
}

impl Certificate {
    /// Of a pair, if there is one, and it can be read.
    pub(super) fn of(pair: Option<&KeyPair>) -> Self {
        let facts = pair.and_then(|pair| inspect::facts(pair.certificate_pem.as_bytes()).ok());
        let Some(facts) = facts else { return Self::default() };
        let presented = Presented {
            thumbprint: facts.thumbprint,
            roles: facts.psd2_roles.iter().map(|role| role.name().to_owned()).collect(),
            not_before: facts.not_before.date().to_string(),
            not_after: facts.not_after.date().to_string(),
        };
        Self { subject: Some(facts.subject.into()), presented: Some(Arc::new(presented)) }
    }

    /// How a connection was secured over which it was presented.
    pub(super) fn tls(&self, version: String, alert: Option<String>) -> TlsFacts {
        TlsFacts { version, client_subject: self.subject.clone(), client_certificate: self.presented.clone(), alert }
    }
}
