//! TLS as no bank should speak it any more. The bank's own TLS cannot be talked into any of this, so a fault takes the
//! greetings that it is about away from it: most to OpenSSL with its guard down, which really speaks what was offered,
//! and what OpenSSL has given up to a bare ServerHello, after which nothing comes.

mod hello;
mod openssl;
mod plain;
mod spoken;

use std::sync::Arc;
use std::time::Duration;

use ::openssl::ssl::SslContext;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bank::error::BankError;
use crate::bank::faults::Faults;
use crate::pki::TestPki;
use hello::Hello;
pub(in crate::bank) use plain::by_place;
use spoken::{SPOKEN, Way};

/// No greeting is longer, in octets.
const LONGEST: usize = 4096;
/// Before looking again at a greeting that has come in part.
const BREATH: Duration = Duration::from_millis(2);

/// What faults make of greetings.
#[derive(Clone)]
pub(in crate::bank) struct Legacy {
    faults: Faults,
    /// By the fault that needs one.
    contexts: Vec<(&'static str, Arc<SslContext>)>,
}

/// Who is to go on with a connection.
pub(in crate::bank) enum Turn {
    /// The bank's own TLS.
    Ordinary(TcpStream),
    /// The bank's own TLS, without TLS 1.3.
    WithoutTls13(TcpStream),
    /// Nobody: it was spoken in the clear, and goes on so.
    Plain(TcpStream),
    /// OpenSSL.
    OpenSsl(TcpStream, Arc<SslContext>),
    /// Nobody: everything has been said.
    Over(TcpStream),
}

impl Legacy {
    /// What the faults that are on make of greetings at that listener; `None` where they leave them alone, and nobody wants
    /// to know which they would have taken.
    pub(in crate::bank) fn of(
        faults: &Faults,
        pki: &TestPki,
        with_client_certificate: bool,
    ) -> Result<Option<Self>, BankError> {
        let mut contexts = Vec::new();
        let mut spoken = SPOKEN.iter().filter(|spoken| faults.may_be_on(spoken.fault)).peekable();
        if spoken.peek().is_none() && !plain::may_be_served(faults) && !faults.are_watched() {
            return Ok(None);
        }
        for spoken in spoken {
            if let Way::OpenSsl(settings) = &spoken.way {
                contexts.push((spoken.fault, Arc::new(openssl::context(settings, pki, with_client_certificate)?)));
            }
        }
        Ok(Some(Self { faults: faults.clone(), contexts }))
    }

    /// Looks at a greeting without taking it, and says who is to go on.
    pub(in crate::bank) async fn turn(&self, mut tcp: TcpStream) -> Turn {
        let Some(greeting) = peek(&tcp).await else { return Turn::Ordinary(tcp) };
        if !greeting.starts_with(&[22]) {
            let is_served = plain::is_served(&self.faults, &greeting);
            return if is_served { Turn::Plain(tcp) } else { Turn::Ordinary(tcp) };
        }
        let Some(hello) = Hello::read(&greeting) else { return Turn::Ordinary(tcp) };
        let mut taking = SPOKEN.iter().filter(|spoken| (spoken.takes)(&hello));
        let Some(spoken) = taking.find(|spoken| self.faults.on(spoken.fault)) else { return Turn::Ordinary(tcp) };
        match &spoken.way {
            Way::WithoutTls13 => Turn::WithoutTls13(tcp),
            Way::OpenSsl(_) => match self.contexts.iter().find(|(fault, _)| *fault == spoken.fault) {
                Some((_, context)) => Turn::OpenSsl(tcp, Arc::clone(context)),
                None => Turn::Over(tcp),
            },
            Way::Bare(bare) => {
                let mut taken = vec![0; greeting.len()];
                let _ = tcp.read_exact(&mut taken).await;
                let _ = tcp.write_all(&bare.server_hello(&hello)).await;
                Turn::Over(tcp)
            }
        }
    }
}

/// A whole greeting, still unread; `None` where none comes.
async fn peek(tcp: &TcpStream) -> Option<Vec<u8>> {
    let mut buffer = vec![0; LONGEST];
    loop {
        let count = tcp.peek(&mut buffer).await.ok().filter(|count| *count > 0)?;
        let wanted = if count < 5 && buffer[0] == 22 { Some(5) } else { hello::length(&buffer[..count]) };
        match wanted {
            Some(length) if length > LONGEST => return None,
            Some(length) if length > count => tokio::time::sleep(BREATH).await,
            Some(length) => return Some(buffer[..length].to_vec()),
            None => return Some(buffer[..count].to_vec()),
        }
    }
}
