//! A TLS session that was begun at a host that asks for no certificate, and carried to one that does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    ClientConfig, NamedGroup, SignatureScheme,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Resumption, Tls12ClientSessionValue,
        Tls13ClientSessionValue,
    },
    pki_types::ServerName,
    sign::CertifiedKey,
};

use crate::{
    evidence::{check_row::CheckRow, exchange::Exchange, operation::Operation, speaker::Speaker},
    tpp::{
        Trouble,
        probe::{Knock, knock_over},
        session::Session,
        tls,
    },
};

/// A visit without a certificate, and the same with a session of another host.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Without.
    pub before: Arc<Exchange>,
    /// With.
    pub after: Arc<Exchange>,
    /// The server asked for a certificate in the latter: it did not resume the session.
    pub asked_again: bool,
}

/// Begins a session where no certificate is asked for, and comes with it to the token endpoint.
///
/// # Errors
/// The check is not about this bank: it has no two such hosts, or nobody is turned away in TLS to begin with.
pub async fn carry(session: &Session, check: &CheckRow) -> Result<Carried, Trouble> {
    let url = session.endpoint("token_endpoint", session.endpoints().token.as_ref())?.to_owned();
    let pictures = super::of(session).await;
    let asks = |picture: &crate::evidence::tls::HostPicture| {
        picture.certified().next().map(|_| picture.presented.iter().any(|presented| presented.asks_for_certificate))
    };
    let open = pictures.iter().find(|picture| asks(picture) == Some(false));
    let open = open.ok_or_else(|| Trouble::DoesNotApply("every host of the bank asks for a certificate".into()))?;
    let before = visit(session, check, &Visitor::new(session, None)?, &url, "without a session").await?;
    if before.response().is_some() {
        return Err(Trouble::DoesNotApply("nobody is turned away in TLS at the token endpoint".into()));
    }
    // One visitor for both: the library resumes a session only with the settings that it was begun with.
    let visitor = Visitor::new(session, Some(Arc::new(AnyHost::default())))?;
    visit(session, check, &visitor, &format!("https://{}/", open.host), "begin a TLS session").await?;
    let purpose = format!("with a session of {}", open.host);
    let after = visit(session, check, &visitor, &url, &purpose).await?;
    Ok(Carried { before, after, asked_again: visitor.asked.0.load(Ordering::Relaxed) })
}

/// Somebody without a certificate.
struct Visitor {
    config: Arc<ClientConfig>,
    asked: Arc<Asked>,
}

impl Visitor {
    fn new(session: &Session, sessions: Option<Arc<AnyHost>>) -> Result<Self, Trouble> {
        let mut config = tls::config_for(&session.target, None)?;
        let asked = Arc::new(Asked::default());
        config.client_auth_cert_resolver = asked.clone();
        config.resumption = sessions.map_or_else(Resumption::disabled, |sessions| Resumption::store(sessions));
        Ok(Self { config: Arc::new(config), asked })
    }
}

async fn visit(
    session: &Session,
    check: &CheckRow,
    visitor: &Visitor,
    url: &str,
    purpose: &str,
) -> Result<Arc<Exchange>, Trouble> {
    let knock = Knock {
        operation: Operation::Other,
        identity: Speaker::without_certificate(),
        pair: None,
        method: "GET".into(),
        url: url.into(),
        headers: Vec::new(),
        body: String::new(),
        purpose: purpose.into(),
    };
    knock_over(visitor.config.clone(), &session.target, &session.recorder, check, knock).await
}

/// Takes note of being asked for a certificate, and has none.
#[derive(Debug, Default)]
struct Asked(AtomicBool);

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Keeps sessions of any host for any other, as no honest client would.
#[derive(Debug)]
struct AnyHost(ClientSessionMemoryCache, ServerName<'static>);

impl Default for AnyHost {
    fn default() -> Self {
        let name = ServerName::IpAddress(std::net::IpAddr::from([0, 0, 0, 0]).into());
        Self(ClientSessionMemoryCache::new(8), name)
    }
}

impl ClientSessionStore for AnyHost {
    fn set_kx_hint(&self, _: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(self.1.clone(), group);
    }

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.kx_hint(&self.1)
    }

    fn set_tls12_session(&self, _: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(self.1.clone(), value);
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls12_session(&self.1)
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.0.remove_tls12_session(&self.1);
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(self.1.clone(), value);
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.take_tls13_ticket(&self.1)
    }
}
