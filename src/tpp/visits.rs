//! Several visits under one certificate: on one connection, or on connections that go on with the same TLS session.

use super::{Trouble, session::Session, tls, transport::Client};
use crate::evidence::speaker::Speaker;
use crate::targets::KeyPair;

/// The connections of one certificate.
pub struct Visits {
    /// Keeps its connection open between requests.
    pub client: Client,
    name: Speaker,
    pair: KeyPair,
    config: rustls::ClientConfig,
}

impl Visits {
    /// No connection yet.
    ///
    /// # Errors
    /// The certificate or its key cannot be used.
    pub fn new(session: &Session, name: &Speaker, pair: &KeyPair) -> Result<Self, Trouble> {
        let config = tls::config_for(&session.target, Some(pair))?;
        let client = Client::over(&session.target, name, pair, &session.recorder, config.clone())?;
        Ok(Self { client, name: name.clone(), pair: pair.clone(), config })
    }

    /// Another connection, which goes on with the TLS session of an earlier one where the bank lets it.
    ///
    /// # Errors
    /// No HTTP client could be built.
    pub fn another_connection(&self, session: &Session) -> Result<Client, Trouble> {
        let how = self.name.how.as_deref().map_or_else(|| "resumed".to_owned(), |how| format!("{how}, resumed"));
        let name = Speaker::of(&self.name.name, &how);
        Client::over(&session.target, &name, &self.pair, &session.recorder, self.config.clone())
    }
}
