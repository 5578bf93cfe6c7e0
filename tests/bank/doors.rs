//! The bank's doors: nobody keeps a place at them by saying nothing, and no other site sends anybody in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bankproof::bank::{self, Bank, Patience, Settings};
use bankproof::pki::{Issued, TestPki};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use super::world::{World, client};

/// What the bank of a test waits for anything.
const PATIENCE: Duration = Duration::from_millis(400);
/// Nobody waits longer for the end of a connection.
const HANG: Duration = Duration::from_secs(30);

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

#[derive(Clone, Copy, Debug)]
enum Door {
    Pages,
    Api,
    Trust,
}

struct Doors {
    pki: TestPki,
    bank: Bank,
}

impl Doors {
    async fn open(faults: &[&str]) -> Self {
        let pki = TestPki::fresh().unwrap();
        let patience = Patience { handshake: PATIENCE, head: PATIENCE, idle: PATIENCE, request: PATIENCE };
        let faults = faults.iter().map(|id| (*id).to_owned()).collect();
        let bank = bank::start(&pki, Settings { patience, faults, ..Settings::default() }).await.unwrap();
        Self { pki, bank }
    }

    async fn tcp(&self, door: Door) -> TcpStream {
        let base = match door {
            Door::Pages => &self.bank.issuer,
            Door::Api => &self.bank.api,
            Door::Trust => &self.bank.trust_service,
        };
        let address: SocketAddr = base.rsplit('/').next().unwrap().parse().unwrap();
        TcpStream::connect(address).await.unwrap()
    }

    /// As far as a client gets before it says anything.
    async fn wire(&self, door: Door) -> Box<dyn Wire> {
        let tcp = self.tcp(door).await;
        let identity = match door {
            Door::Trust => return Box::new(tcp),
            Door::Pages => None,
            Door::Api => self.pki.tpp("tpp-a").map(|tpp| &tpp.qwac),
        };
        let name = ServerName::try_from("127.0.0.1").unwrap();
        Box::new(connector(&self.pki, identity).connect(name, tcp).await.unwrap())
    }
}

fn connector(pki: &TestPki, identity: Option<&Issued>) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pki.root.certificate_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(own) => {
            let chain = CertificateDer::pem_slice_iter(own.chain_pem.as_bytes()).collect::<Result<_, _>>().unwrap();
            config.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(own.key_pem.as_bytes()).unwrap()).unwrap()
        }
    };
    TlsConnector::from(Arc::new(config))
}

/// What comes until the other end hangs up, and whether it does.
async fn until_the_end(wire: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut said = Vec::new();
    timeout(HANG, wire.read_to_end(&mut said)).await.ok()?.ok();
    Some(String::from_utf8_lossy(&said).into_owned())
}

const POST: &str = "POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_more_is_hung_up_on() {
    let doors = Doors::open(&[]).await;
    let mut wrong = Vec::new();
    for door in [Door::Pages, Door::Api, Door::Trust] {
        for said in
            ["", "G", "GET / HTTP/1.1\r\nHost: ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", POST, &format!("{POST}abc")]
        {
            let said = match door {
                Door::Trust => {
                    said.replace("/token HTTP/1.1", "/ocsp HTTP/1.1\r\nContent-Type: application/ocsp-request")
                }
                _ => said.to_owned(),
            };
            let mut wire = doors.wire(door).await;
            let began = Instant::now();
            wire.write_all(said.as_bytes()).await.unwrap();
            match until_the_end(&mut wire).await {
                None => wrong.push(format!("{door:?}, after {said:?}: it stands")),
                Some(_) if began.elapsed() < PATIENCE / 2 => wrong.push(format!("{door:?}, after {said:?}: at once")),
                Some(answer) if said.starts_with("POST") && !answer.contains("408") => {
                    wrong.push(format!("{door:?}, after {said:?}: {answer}"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drip_is_no_sign_of_life() {
    let doors = Doors::open(&[]).await;
    for (door, beginning) in [(Door::Pages, "GET / HTTP/1.1\r\nX: "), (Door::Api, POST), (Door::Trust, "GET /")] {
        let (mut hears, mut says) = tokio::io::split(doors.wire(door).await);
        let drip = async {
            let _ = says.write_all(beginning.as_bytes()).await;
            while says.write_all(b"x").await.is_ok() && says.flush().await.is_ok() {
                sleep(PATIENCE / 4).await;
            }
        };
        let end = tokio::select! {
            end = until_the_end(&mut hears) => end,
            () = async { drip.await; sleep(HANG).await } => None,
        };
        assert!(end.is_some(), "{door:?} waits for ever");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answered_connection_is_kept_for_a_while_and_no_longer() {
    let doors = Doors::open(&[]).await;
    for (door, path) in [(Door::Pages, "/jwks"), (Door::Api, "/v1/x"), (Door::Trust, "/issuing.cer")] {
        let mut wire = doors.wire(door).await;
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        for _ in 0..2 {
            wire.write_all(request.as_bytes()).await.unwrap();
            let mut some = [0; 16];
            wire.read_exact(&mut some).await.unwrap();
            assert!(some.starts_with(b"HTTP/1.1"), "{door:?}");
            // The rest of the answer.
            sleep(PATIENCE / 4).await;
            let mut rest = vec![0; 64 * 1024];
            let _ = timeout(PATIENCE / 4, wire.read(&mut rest)).await;
        }
        assert!(until_the_end(&mut wire).await.is_some(), "{door:?} keeps it for ever");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_that_is_not_finished_is_given_up() {
    // With a fault of TLS the greeting is looked at by somebody else first.
    for faults in [&[][..], &["only-old-tls"], &["ssl-3-0-accepted"], &["plain-http-served"]] {
        let doors = Doors::open(faults).await;
        for said in [&b""[..], b"GET / HT", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
            let mut tcp = doors.tcp(Door::Pages).await;
            tcp.write_all(said).await.unwrap();
            assert!(until_the_end(&mut tcp).await.is_some(), "{faults:?} waits for ever after {said:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_silent_ones_leave_the_bank_serving() {
    let doors = Doors::open(&[]).await;
    let mut silent = Vec::new();
    for number in 0..400 {
        let door = [Door::Pages, Door::Api, Door::Trust][number % 3];
        let mut tcp = doors.tcp(door).await;
        tcp.write_all(&[b"GET / HTTP/1.1\r\nX: "[..].to_vec(), vec![0x16, 3, 1]][number % 2]).await.unwrap();
        silent.push(tcp);
    }
    let somebody = client(&doors.pki, doors.pki.tpp("tpp-a").map(|tpp| &tpp.qwac));
    for url in [format!("{}/jwks", doors.bank.issuer), format!("{}/issuing.cer", doors.bank.trust_service)] {
        assert_eq!(somebody.get(url).send().await.unwrap().status(), 200);
    }
    for tcp in &mut silent {
        assert!(until_the_end(tcp).await.is_some(), "a silent connection stands");
    }
}

/// Slower than any machine, and within what the bank waits for.
#[tokio::test]
async fn a_slow_client_that_goes_on_is_served() {
    let doors = Doors::open(&[]).await;
    let mut wire = doors.wire(Door::Api).await;
    for piece in [POST, "grant_type", ""] {
        let (first, second) = piece.split_at(piece.len() / 2);
        for half in [first, second] {
            wire.write_all(half.as_bytes()).await.unwrap();
            wire.flush().await.unwrap();
            sleep(PATIENCE / 8).await;
        }
    }
    let mut answer = [0; 12];
    wire.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}

#[tokio::test]
async fn no_other_site_moves_the_clock() {
    let world = World::new(&[]).await;
    let (clock, own) = (&world.bank.clock, &world.bank.issuer);
    let now = || async {
        let answer = world.nobody.get(clock).send().await.unwrap();
        serde_json::from_str::<serde_json::Value>(&answer.text().await.unwrap()).unwrap()["now"].as_i64().unwrap()
    };
    let before = now().await;
    for (name, value, expected) in [
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", "http://127.0.0.1", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Host", "rebind.example", 403),
        ("Host", "rebind.example:443", 403),
        ("Content-Type", "text/plain", 415),
        ("Content-Type", "application/x-www-form-urlencoded", 415),
    ] {
        let request = world.nobody.post(clock).version(reqwest::Version::HTTP_11).header(name, value);
        let request = if name == "Content-Type" { request } else { request.header("Content-Type", "application/json") };
        let answer = request.body("{\"advance_seconds\": 100000}").send().await.unwrap();
        assert_eq!(answer.status(), expected, "{name}: {value}");
    }
    assert_eq!(world.nobody.post(clock).body("{\"advance_seconds\": 100000}").send().await.unwrap().status(), 415);
    assert!(now().await - before < 1_000, "somebody moved the clock");
    let moved =
        world.nobody.post(clock).header("Origin", own).header("Content-Type", "application/json; charset=utf-8");
    assert_eq!(moved.body("{\"advance_seconds\": 100000}").send().await.unwrap().status(), 200);
    assert!(now().await - before >= 100_000);
}
