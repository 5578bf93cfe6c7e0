//! How clients are registered to authenticate.

use crate::bank::dialect::Dialect;
use crate::bank::faults::Faults;
use crate::bank::habits::Habits;

/// How a client is registered to authenticate (`token_endpoint_auth_method` of RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientMethod {
    /// By a certificate with its subject (RFC 8705 §2.1).
    TlsClientAuth,
    /// By a certificate that it has registered (RFC 8705 §2.2).
    SelfSignedTlsClientAuth,
    /// By assertions that its seal has signed (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// By a secret in the Authorization header (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// By a secret in the form (RFC 6749 §2.3.1).
    ClientSecretPost,
}

impl ClientMethod {
    /// As metadata names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }

    /// The certificate of the connection authenticates.
    pub(in crate::bank) fn is_by_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    pub(in crate::bank) fn is_by_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// The method of every TPP whose registration says nothing else.
pub(in crate::bank) fn ordinary(dialect: Dialect, faults: &Faults, habits: &Habits) -> ClientMethod {
    match dialect {
        _ if habits.has("client-auth-private-key-jwt") => ClientMethod::PrivateKeyJwt,
        _ if habits.has("client-auth-self-signed") => ClientMethod::SelfSignedTlsClientAuth,
        _ if faults.on("secrets-authenticate-alone") => ClientMethod::ClientSecretBasic,
        _ if faults.on("secrets-in-forms-authenticate-alone") => ClientMethod::ClientSecretPost,
        Dialect::BerlinGroup => ClientMethod::TlsClientAuth,
        Dialect::UkOpenBanking => ClientMethod::PrivateKeyJwt,
    }
}

/// The methods that the bank offers, as its metadata names them.
pub(in crate::bank) fn offered(usual: ClientMethod) -> Vec<&'static str> {
    let more = [ClientMethod::PrivateKeyJwt, ClientMethod::ClientSecretBasic];
    let more = more.into_iter().filter(|method| *method != usual && !usual.is_by_secret());
    std::iter::once(usual).chain(more).map(ClientMethod::name).collect()
}
