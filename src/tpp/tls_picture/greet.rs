//! One greeting over a fresh connection, and what comes back: bounded in size and time.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::{
    client_hello::{ClientHello, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3},
    host::Host,
    server_hello, suites,
};
use crate::{
    evidence::tls::{Answer, Hello, Offer},
    targets::network::Network,
    tpp::network,
};

/// What each offer is: versions, suites, compression methods.
fn offered(offer: Offer) -> (&'static [u16], &'static [u16], &'static [u8]) {
    const NONE: &[u8] = &[0];
    let suites_of_1_2 = |suites: &'static [u16]| (&[TLS_1_2][..], suites, NONE);
    match offer {
        Offer::Ssl30 => (&[SSL_3_0], &suites::BEFORE_1_2, NONE),
        Offer::Tls10 => (&[TLS_1_0], &suites::BEFORE_1_2, NONE),
        Offer::Tls11 => (&[TLS_1_1], &suites::BEFORE_1_2, NONE),
        Offer::Tls12 => suites_of_1_2(&suites::TLS_1_2),
        Offer::Tls13 => (&[TLS_1_3], &suites::TLS_1_3, NONE),
        Offer::Tls13And12 => (&[TLS_1_3, TLS_1_2], &BOTH, NONE),
        Offer::Compression => (&[TLS_1_2], &suites::TLS_1_2, &[1, 0]),
        Offer::Null => suites_of_1_2(&suites::NULL),
        Offer::Anonymous => suites_of_1_2(&suites::ANONYMOUS),
        Offer::Rc4 => suites_of_1_2(&suites::RC4),
        Offer::Below112Bits => suites_of_1_2(&suites::BELOW_112_BITS),
        Offer::Below128Bits => suites_of_1_2(&suites::BELOW_128_BITS),
        Offer::StaticRsa => suites_of_1_2(&suites::STATIC_RSA),
        Offer::StaticDh => suites_of_1_2(&suites::STATIC_DH),
        Offer::FiniteFieldDhe => suites_of_1_2(&suites::FINITE_FIELD_DHE),
        Offer::Cbc => suites_of_1_2(&suites::CBC),
    }
}

/// TLS 1.3 and the suites of TLS 1.2 that RFC 9325 4.2 recommends.
const BOTH: [u16; 7] = [0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030];

/// Greets a host with one offer.
pub(super) async fn greet(network: &Network, host: &Host, offer: Offer, limit: Duration) -> Hello {
    if let Some(reason) = network.lost.objection(&format!("https://{}", host.authority())) {
        return Hello { offer, answer: Answer::Unreachable { reason } };
    }
    let (versions, suites, compression) = offered(offer);
    let server_name = host.server_name();
    let hello = ClientHello { versions, suites, compression, server_name, random: rand::random() }.record();
    let _turn = network.pace.turn().await;
    let answer = timeout(limit, converse(network, host, &hello)).await.unwrap_or(Answer::Silent);
    Hello { offer, answer }
}

async fn converse(network: &Network, host: &Host, hello: &[u8]) -> Answer {
    let mut tcp = match network::connect(network, &host.name, host.port).await {
        Ok(tcp) => tcp,
        Err(error) => return Answer::Unreachable { reason: error.to_string() },
    };
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    // A server that closes at once may still have said why.
    let written = tcp.write_all(hello).await;
    loop {
        match tcp.read(&mut buffer).await {
            Ok(0) => return Answer::Closed,
            Ok(count) => received.extend_from_slice(&buffer[..count]),
            Err(error) => return broken_off(&error, written.is_err()),
        }
        if let Some(answer) = server_hello::read(&received) {
            return answer;
        }
    }
}

fn broken_off(error: &io::Error, unwritten: bool) -> Answer {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof => Answer::Closed,
        _ if unwritten => Answer::Closed,
        _ => Answer::Strange { what: error.to_string() },
    }
}
