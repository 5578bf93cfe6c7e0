//! A proxy on loopback that connects by CONNECT, writes down what it was asked for, and refuses when told to.

use std::{
    io::{Read, Write, copy},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What a proxy answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It connects everybody; whatever the name, to this machine.
    Connects,
    /// It connects whoever comes with these credentials, in base64.
    Knows(&'static str),
    /// It refuses with that status line.
    Refuses(&'static str),
    /// It refuses, and repeats the credentials: as they came, and in clear.
    Repeats(&'static str),
}

/// A running proxy; its threads end with the process.
pub(crate) struct ConnectProxy {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = asked.clone();
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let log = log.clone();
                thread::spawn(move || serve(tcp, manner, &log));
            }
        });
        Self { port, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The hosts and ports that it was asked to connect to.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut tcp: TcpStream, manner: Manner, log: &Mutex<Vec<String>>) {
    let Some(head) = head(&mut tcp) else { return };
    let authority = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let knows =
        |login: &str| head.to_ascii_lowercase().contains(&format!("authorization: basic {login}").to_ascii_lowercase());
    let refusal = match manner {
        Manner::Connects => None,
        Manner::Knows(login) if knows(login) => None,
        Manner::Knows(_) => Some("407 Proxy Authentication Required".to_owned()),
        Manner::Refuses(status) => Some(status.to_owned()),
        Manner::Repeats(clear) => {
            let came = head.lines().find(|line| line.to_ascii_lowercase().starts_with("proxy-authorization"));
            Some(format!("407 Who is {clear}, {}?", came.unwrap_or_default()))
        }
    };
    log.lock().unwrap().push(authority.clone());
    if !head.starts_with("CONNECT ") || refusal.is_some() {
        let refusal = refusal.unwrap_or_else(|| "405 Method Not Allowed".to_owned());
        let _ = tcp.write_all(format!("HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n").as_bytes());
        return;
    }
    let port: u16 = authority.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(0);
    let Ok(upstream) = TcpStream::connect(("127.0.0.1", port)) else {
        let _ = tcp.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        return;
    };
    if tcp.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").is_ok() {
        relay(tcp, upstream);
    }
}

/// Up to the empty line, octet by octet: what follows is for the other end.
fn head(tcp: &mut TcpStream) -> Option<String> {
    let (mut head, mut octet) = (Vec::new(), [0; 1]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
        tcp.read_exact(&mut octet).ok()?;
        head.push(octet[0]);
    }
    String::from_utf8(head).ok()
}

fn relay(client: TcpStream, server: TcpStream) {
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (mut from_server, mut to_client) = (server, client);
    let up = thread::spawn(move || {
        let _ = copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let _ = copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Write);
    let _ = up.join();
}
