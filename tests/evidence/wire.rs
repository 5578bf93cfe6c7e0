//! What is recorded of a request is what came over the wire: the bank of this test writes down every octet that it reads.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;
use url::{Url, form_urlencoded};

use super::foreign::{Bank, CALLBACK, CODE, Client, PASSWORD, TOKEN, USERNAME, acceptor, judge, listener, serve};

/// What a browser of the bank is given, and gives back.
const SESSION: &str = "s7Kq0pLb-3fWmZsTn4RgQxVy";
const BOUND: Duration = Duration::from_secs(60);

/// A request as it came: its first line, the headers in their order, and the body.
#[derive(Clone, Debug)]
struct Received {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Reads requests of one connection and answers them, until it ends.
async fn play(mut stream: TlsStream<TcpStream>, base: Arc<str>, seen: Arc<Mutex<Vec<Received>>>) {
    let mut octets = Vec::new();
    loop {
        while let Some((received, length)) = parse(&octets) {
            octets.drain(..length);
            let answer = answer(&received, &base);
            seen.lock().unwrap().push(received);
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
        if !matches!(stream.read_buf(&mut octets).await, Ok(count) if count > 0) {
            return;
        }
    }
}

/// The first whole request of what was read, and how long it is.
fn parse(octets: &[u8]) -> Option<(Received, usize)> {
    let end = octets.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(octets[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers = lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.into(), value.into()));
    let received = Received { line, headers: headers.collect(), body: String::new() };
    let length = received.header("content-length").map_or(0, |length| length.parse::<usize>().unwrap());
    let body = octets.get(end + 4..end + 4 + length)?;
    Some((Received { body: String::from_utf8(body.to_vec()).unwrap(), ..received }, end + 4 + length))
}

fn answer(received: &Received, base: &str) -> String {
    let mut words = received.line.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let url = Url::parse(base).unwrap().join(path).unwrap();
    let fields: BTreeMap<String, String> = url
        .query_pairs()
        .chain(form_urlencoded::parse(received.body.as_bytes()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let has_session = received.header("cookie").is_some_and(|cookie| cookie.contains(SESSION));
    match (method, url.path()) {
        ("GET", "/.well-known/oauth-authorization-server") => json_of(&json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"), "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"], "code_challenge_methods_supported": ["S256"],
        })),
        ("GET", "/authorize") if field("redirect_uri") == CALLBACK => {
            let form = format!(
                "<form method=post action=\"/login\"><input name=username><input name=password type=password>\
                 <input name=otp><input type=hidden name=state value=\"{}\">\
                 <button name=do value=approve>Yes</button></form>",
                field("state")
            );
            let cookie = format!("Set-Cookie: session={SESSION}; Path=/; Secure; HttpOnly\r\n");
            response("200 OK", &format!("Content-Type: text/html\r\n{cookie}"), &form)
        }
        ("POST", "/login")
            if has_session && (field("username"), field("password")) == (USERNAME.into(), PASSWORD.into()) =>
        {
            let to = format!("{CALLBACK}?code={}&state={}", uuid::Uuid::new_v4(), field("state"));
            response("303 See Other", &format!("Location: {to}\r\n"), "")
        }
        ("POST", "/token") => json_of(&json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300 })),
        ("GET", "/resource") => json_of(&json!({ "accounts": [] })),
        _ => response("400 Bad Request", "", "not here"),
    }
}

fn json_of(body: &Value) -> String {
    response("200 OK", "Content-Type: application/json\r\nCache-Control: no-store\r\n", &body.to_string())
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// What was recorded is what came, but for what stands in the place of secrets.
fn is_of(recorded: &str, came: &str) -> bool {
    let Some((before, rest)) = recorded.split_once('‹') else { return recorded == came };
    let (_, after) = rest.split_once('›').unwrap();
    came.strip_prefix(before)
        .is_some_and(|came| came.char_indices().any(|(at, _)| is_of(after, &came[at..])) || after.is_empty())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Whether an exchange of the journal is that request, octet by octet.
fn records(exchange: &Value, received: &Received) -> bool {
    let request = &exchange["request"];
    let url = Url::parse(&text(&request["url"]).replace('‹', "%E2%80%B9").replace('›', "%E2%80%BA")).unwrap();
    let path =
        url[url::Position::BeforePath..url::Position::AfterQuery].replace("%E2%80%B9", "‹").replace("%E2%80%BA", "›");
    let line = format!("{} {path} HTTP/1.1", text(&request["method"]));
    let headers = request["headers"].as_array().unwrap();
    is_of(&line, &received.line)
        && is_of(text(&request["body"]), &received.body)
        && headers.len() == received.headers.len()
        && headers
            .iter()
            .zip(&received.headers)
            .all(|(own, (name, value))| text(&own[0]) == name && is_of(text(&own[1]), value))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_header_is_recorded_as_it_was_sent() {
    let (door, base) = listener().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (noted, own) = (seen.clone(), Arc::<str>::from(base.as_str()));
    serve(door, acceptor(Client::Anyone, rustls::ALL_VERSIONS, 2), move |stream| {
        play(stream, own.clone(), noted.clone())
    });
    let judged =
        judge(&Bank::new(&base), &["META-001", "STATE-00", "PKCE-00", "TOKEN-00", "CERT-00", "TLS-00"], BOUND).await;
    let received = seen.lock().unwrap().clone();
    let mut left = received.clone();
    let mut unlike = Vec::new();
    let is_sent = |exchange: &&Value| exchange["answer"]["kind"] == "response";
    for exchange in judged.exchanges.iter().filter(is_sent) {
        match left.iter().position(|received| records(exchange, received)) {
            Some(at) => _ = left.remove(at),
            None => unlike.push(exchange["request"].to_string()),
        }
    }
    assert!(
        unlike.is_empty(),
        "{} are not as they came:\n{}\n{left:#?}",
        unlike.len(),
        unlike[..unlike.len().min(5)].join("\n")
    );
    assert!(received.len() > 30, "{} requests", received.len());
    // Whoever answers a browser is told who it is, by a cookie whose value is hidden; and everybody, which run it is.
    let run = text(&judged.results["run_id"]);
    for (name, kind) in [("host", ""), ("accept", ""), ("content-length", ""), ("cookie", "‹cookie:")] {
        let is_it = |header: &&Value| text(&header[0]) == name && text(&header[1]).contains(kind);
        let headers = judged.exchanges.iter().flat_map(|exchange| exchange["request"]["headers"].as_array().unwrap());
        assert!(headers.clone().any(|header| is_it(&header)), "no exchange has a {name} with \"{kind}\"");
        assert!(!headers.clone().any(|header| text(&header[1]).contains(SESSION)), "the cookie shows");
    }
    let agent = format!("bankproof/{} (run {run})", env!("CARGO_PKG_VERSION"));
    let others: Vec<_> = received.iter().filter(|one| one.header("user-agent") != Some(agent.as_str())).collect();
    assert!(others.is_empty(), "not from \"{agent}\": {others:#?}");
    assert!(received.iter().any(|one| one.body.contains(CODE)), "nobody has logged in");
}
