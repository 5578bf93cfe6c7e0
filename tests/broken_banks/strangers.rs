//! Banks whose metadata, links and pages lead to a host that the target file does not name. It shows a good certificate
//! and would answer everything: only our own guard keeps us away from it. It counts whoever comes, and what they bring.

use std::{
    fs,
    net::SocketAddr,
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bankproof::{
    evidence::{operation::Operation, recorder::Recorder},
    targets,
    tpp::{
        first_look,
        probe::{self, Knock},
        session::Session,
        tls_picture,
        transport::Call,
    },
};
use futures::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use super::{
    AT_ONCE, BOUND, answers,
    answers::{field, form, html, is, metadata_with, redirect},
    cases::Places,
    support::{self, Bank, CODE, Judged, PASSWORD, TOKEN, USERNAME, judge},
};

/// Of a TPP that authenticates by one: it goes wherever the token endpoint is taken to be.
const SECRET: &str = "unmistakable-client-secret-83b1c6";
const BY_SECRET: &str = "client_authentication = \"client_secret_post\"\n\
                         client_secret = \"unmistakable-client-secret-83b1c6\"";

/// What brings a customer of a payment back.
const BACK: &str = "redirect_uri=https://tpp-a.example/callback&state=s";

type Answers = fn(&Request, &Places, &str) -> Option<ResponseTemplate>;

/// One way in which a bank leads elsewhere.
#[derive(Clone, Copy)]
struct Lead {
    name: &'static str,
    /// What differs from the lawful bank; the last is where the stranger is.
    answers: Answers,
    /// The first of them cannot be told, and says why.
    checks: &'static [&'static str],
    payments: bool,
    capabilities: &'static [&'static str],
    authentication: &'static str,
    /// What the doctor calls it, where the metadata alone shows it.
    finding: &'static str,
    /// Its verdict where the file calls the stranger the bank's own.
    named: &'static str,
    /// The link is never followed, and the check passes in any case.
    is_idle: bool,
}

const METADATA: Lead = Lead {
    name: "",
    answers: |_, _, _| None,
    checks: &["FLOW-002", "TOKEN-005", "TOKEN-006", "TLS-001"],
    payments: false,
    capabilities: &[],
    authentication: "",
    finding: "other-hosts",
    named: "pass",
    is_idle: false,
};
const TOKEN_ELSEWHERE: Lead = Lead {
    name: "a token endpoint elsewhere",
    answers: |request, places, stranger| {
        metadata_with(request, places, &[("token_endpoint", json!(format!("{stranger}/token")))])
    },
    authentication: BY_SECRET,
    ..METADATA
};
const PAGE: Lead = Lead { checks: &["FLOW-001"], finding: "", ..METADATA };
const LINK: Lead = Lead {
    checks: &["BG-024"],
    payments: true,
    capabilities: &["explicit-authorisation"],
    finding: "",
    named: "",
    ..METADATA
};

const LEADS: &[Lead] = &[
    Lead {
        name: "metadata of another issuer, with endpoints there",
        answers: |request, places, stranger| {
            let at = |path: &str| json!(format!("{stranger}{path}"));
            let aliases = json!({ "token_endpoint": at("/token"), "revocation_endpoint": at("/revoke") });
            let all = [
                ("issuer", json!(stranger)),
                ("authorization_endpoint", at("/authorize")),
                ("token_endpoint", at("/token")),
                ("introspection_endpoint", at("/introspect")),
                ("pushed_authorization_request_endpoint", at("/par")),
                ("jwks_uri", at("/jwks")),
                ("mtls_endpoint_aliases", aliases),
            ];
            metadata_with(request, places, &all)
        },
        checks: &["FLOW-001", "FLOW-002", "TOKEN", "INTRO", "PAR", "META-008", "TLS-001"],
        capabilities: &["introspection"],
        authentication: BY_SECRET,
        finding: "issuer-mismatch",
        // Whoever's host it is: such metadata must not be used (RFC 8414 3.3).
        named: "inconclusive",
        ..METADATA
    },
    TOKEN_ELSEWHERE,
    Lead {
        name: "an authorization endpoint elsewhere",
        answers: |request, places, stranger| {
            metadata_with(request, places, &[("authorization_endpoint", json!(format!("{stranger}/authorize")))])
        },
        checks: &["FLOW-001", "AUTHZ-006", "TLS-001"],
        ..METADATA
    },
    Lead {
        name: "an alias for mutual TLS elsewhere",
        answers: |request, places, stranger| {
            let aliases = json!({ "token_endpoint": format!("{stranger}/token") });
            metadata_with(request, places, &[("mtls_endpoint_aliases", aliases)])
        },
        ..METADATA
    },
    Lead {
        name: "a revocation endpoint elsewhere",
        answers: |request, places, stranger| {
            metadata_with(request, places, &[("revocation_endpoint", json!(format!("{stranger}/revoke")))])
        },
        checks: &["REVOKE-010", "REVOKE", "TLS-001"],
        capabilities: &["revocation"],
        named: "",
        ..METADATA
    },
    Lead {
        name: "an introspection endpoint elsewhere",
        answers: |request, places, stranger| {
            metadata_with(request, places, &[("introspection_endpoint", json!(format!("{stranger}/introspect")))])
        },
        checks: &["INTRO-002", "INTRO", "TLS-001"],
        capabilities: &["introspection"],
        named: "",
        ..METADATA
    },
    Lead {
        name: "a key set elsewhere",
        answers: |request, places, stranger| {
            metadata_with(request, places, &[("jwks_uri", json!(format!("{stranger}/jwks")))])
        },
        checks: &["META-008", "META-012"],
        named: "",
        ..METADATA
    },
    Lead {
        name: "requests to be pushed elsewhere",
        answers: |request, places, stranger| {
            let endpoint = ("pushed_authorization_request_endpoint", json!(format!("{stranger}/par")));
            metadata_with(request, places, &[endpoint, ("require_pushed_authorization_requests", json!(true))])
        },
        checks: &["FLOW-001", "PAR"],
        named: "",
        ..METADATA
    },
    Lead {
        name: "a redirect",
        answers: |request, _, stranger| {
            let query = request.url.query().unwrap_or_default();
            is(request, "/authorize").then(|| redirect(&format!("{stranger}/authorize?{query}")))
        },
        ..PAGE
    },
    Lead {
        name: "a form",
        answers: |request, _, stranger| page(request, form(request, &format!("{stranger}/login"))),
        ..PAGE
    },
    Lead {
        name: "a form that is sent by GET",
        answers: |request, _, stranger| {
            let by_get = form(request, &format!("{stranger}/login")).replacen("method=post", "method=get", 1);
            page(request, by_get)
        },
        named: "",
        ..PAGE
    },
    Lead {
        name: "a button",
        answers: |request, _, stranger| {
            let button = format!("<button formaction=\"{stranger}/login\" ");
            page(request, form(request, "/login").replacen("<button ", &button, 1))
        },
        ..PAGE
    },
    Lead {
        name: "a form by the base of its page",
        answers: |request, _, stranger| {
            page(request, format!("<head><base href=\"{stranger}/\"></head>{}", form(request, "login")))
        },
        ..PAGE
    },
    Lead {
        name: "a link",
        answers: |request, _, stranger| {
            let query = request.url.query().unwrap_or_default().replace('&', "&amp;");
            page(request, format!("<a href=\"{stranger}/authorize?{query}\">login</a>"))
        },
        ..PAGE
    },
    Lead {
        name: "a meta refresh",
        answers: |request, _, stranger| {
            let query = request.url.query().unwrap_or_default().replace('&', "&amp;");
            page(request, format!("<meta http-equiv=refresh content=\"0;url={stranger}/authorize?{query}\">"))
        },
        ..PAGE
    },
    Lead {
        name: "a link to start an authorisation",
        answers: |request, places, stranger| {
            let href = format!("{stranger}/v1/payments/sepa-credit-transfers/p-1/authorisations");
            created(request, places, json!({ "startAuthorisation": { "href": href } }))
        },
        ..LINK
    },
    Lead {
        name: "a link without scheme",
        answers: |request, places, stranger| {
            let href = format!("{}/authorisations", stranger.trim_start_matches("https:"));
            created(request, places, json!({ "startAuthorisation": { "href": href } }))
        },
        ..LINK
    },
    Lead {
        name: "a link for the customer",
        answers: |request, _, stranger| started(request, &format!("{stranger}/authorize?{BACK}"), "/status"),
        checks: &["BG-025"],
        ..LINK
    },
    Lead {
        name: "a link to the scaStatus",
        answers: |request, places, stranger| {
            started(request, &format!("{}/authorize?{BACK}", places.base), &format!("{stranger}/status"))
        },
        checks: &["BG-025"],
        named: "",
        ..LINK
    },
    Lead {
        name: "links that nobody need follow, and a Location",
        answers: |request, places, stranger| {
            let links = ["self", "status", "scaOAuth", "scaStatus"].map(|name| {
                (name.to_owned(), json!({ "href": format!("{stranger}/v1/payments/sepa-credit-transfers/p-1/{name}") }))
            });
            let links = Value::Object(links.into_iter().collect());
            created(request, places, links).map(|answer| answer.insert_header("Location", stranger))
        },
        checks: &["BG-012", "BG-001"],
        is_idle: true,
        ..LINK
    },
];

fn page(request: &Request, body: String) -> Option<ResponseTemplate> {
    is(request, "/authorize").then(|| html(body))
}

fn created(request: &Request, places: &Places, links: Value) -> Option<ResponseTemplate> {
    is(request, "/v1/payments/sepa-credit-transfers").then(|| answers::created(places, json!({ "_links": links })))
}

fn started(request: &Request, sca: &str, status: &str) -> Option<ResponseTemplate> {
    let links = json!({ "scaRedirect": { "href": sca }, "scaStatus": { "href": status } });
    let body = json!({ "scaStatus": "received", "authorisationId": "a-1", "_links": links });
    request.url.path().ends_with("/authorisations").then(|| ResponseTemplate::new(201).set_body_json(body))
}

struct Play(Lead, Arc<Places>, String);

impl Respond for Play {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        (self.0.answers)(request, &self.1, &self.2).unwrap_or_else(|| answers::lawful(request, &self.1))
    }
}

/// A host that plays the lawful bank, whoever asks.
struct Lawful(Arc<Places>);

impl Respond for Lawful {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let is_query = !field(request, "redirect_uri").is_empty();
        match is(request, "/login") && request.method.as_str() == "GET" && is_query {
            true => html(form(request, "/login")),
            false => answers::lawful(request, &self.0),
        }
    }
}

/// A bank and the stranger that it leads to.
struct World {
    /// Kept alive.
    _bank: MockServer,
    stranger: MockServer,
    /// Connections to the stranger, whatever came of them.
    visits: Arc<AtomicUsize>,
    /// The stranger's authority.
    authority: String,
    file: Bank,
}

impl World {
    /// The stranger is at another host, or at another port of the bank's.
    async fn new(lead: Lead, is_other_host: bool) -> Self {
        let (bank, stranger) = (MockServer::start().await, MockServer::start().await);
        let (door, base) = support::listener().await;
        support::terminate(door, *bank.address());
        let (back, _) = support::listener().await;
        let inside = back.local_addr().unwrap();
        support::terminate(back, *stranger.address());
        let (front, elsewhere) = support::listener().await;
        let visits = counted(front, inside);
        let elsewhere = if is_other_host { elsewhere.replace("localhost", "127.0.0.1") } else { elsewhere };
        let places = Arc::new(Places { base, raw: String::new(), elsewhere: String::new(), plain: String::new() });
        let play = Play(lead, places.clone(), elsewhere.clone());
        Mock::given(any()).respond_with(play).mount(&bank).await;
        Mock::given(any()).respond_with(Lawful(places.clone())).mount(&stranger).await;
        let file = Bank {
            api: lead.payments.then(|| places.base.clone()),
            capabilities: lead.capabilities,
            authentication: lead.authentication,
            ..Bank::new(&places.base)
        };
        let authority = elsewhere.trim_start_matches("https://").to_owned();
        Self { _bank: bank, stranger, visits, authority, file }
    }

    /// What came to the stranger, in words.
    async fn came(&self) -> Vec<String> {
        let mut came = Vec::new();
        for request in self.stranger.received_requests().await.unwrap() {
            let whole = format!("{request:?} {}", String::from_utf8_lossy(&request.body));
            let secrets = [PASSWORD, CODE, TOKEN, SECRET, USERNAME, "code=", "client_assertion="];
            let brought: Vec<&str> = secrets.into_iter().filter(|secret| whole.contains(secret)).collect();
            came.push(format!("{} {} with {brought:?}", request.method, request.url.path()));
        }
        match self.visits.load(Ordering::Relaxed) {
            0 => came,
            visits => [vec![format!("{visits} connections")], came].concat(),
        }
    }
}

/// Counts the connections to a port, and hands them on.
fn counted(listener: TcpListener, to: SocketAddr) -> Arc<AtomicUsize> {
    let visits: Arc<AtomicUsize> = Arc::default();
    let count = visits.clone();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                if let Ok(mut inside) = TcpStream::connect(to).await {
                    let _ = copy_bidirectional(&mut tcp, &mut inside).await;
                }
            });
        }
    });
    visits
}

async fn run(world: &World, lead: Lead) -> Judged {
    let turn = AT_ONCE.acquire().await.unwrap();
    let judged = judge(&world.file, lead.checks, BOUND).await;
    drop(turn);
    judged
}

/// What the binary's doctor says, as JSON.
async fn doctor(world: &World) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let target = world.file.write(folder.path());
    let turn = AT_ONCE.acquire().await.unwrap();
    let output = bankproof(&["doctor", target.to_str().unwrap(), "--format", "json"]).await;
    drop(turn);
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

async fn bankproof(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    command.args(arguments).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Nobody comes to a stranger, and whoever needs it is told where to name it.
async fn stays_away(lead: Lead, is_other_host: bool) -> Vec<String> {
    let world = World::new(lead, is_other_host).await;
    let judged = run(&world, lead).await;
    let mut problems = judged.defects.clone();
    problems.extend(world.came().await.into_iter().map(|came| format!("the run came: {came}")));
    let (check, verdict) = (lead.checks[0], if lead.is_idle { "pass" } else { "inconclusive" });
    let (actual, reason) = (judged.verdict(check), judged.reason(check));
    if actual != verdict {
        problems.push(format!("{check} is \"{actual}\": {reason}"));
    }
    let of_another = lead.finding == "issuer-mismatch";
    let told = if of_another { "RFC 8414" } else { &world.authority };
    if !lead.is_idle && !reason.contains(told) {
        problems.push(format!("{check} does not say {told}: {reason}"));
    }
    let told = doctor(&world).await;
    problems.extend(world.came().await.into_iter().map(|came| format!("the doctor came: {came}")));
    let findings = told["findings"].as_array().cloned().unwrap_or_default();
    let finding = findings.iter().find(|finding| finding["name"] == lead.finding);
    if !lead.finding.is_empty() && finding.is_none_or(|found| !found.to_string().contains(&world.authority)) {
        problems.push(format!("the doctor does not say {}: {told:#}", lead.finding));
    }
    problems.iter().map(|problem| format!("{} ({}): {problem}", lead.name, world.authority)).collect()
}

/// Where the file calls it the bank's own, it is asked.
async fn is_asked_when_named(lead: Lead) -> Vec<String> {
    let mut world = World::new(lead, true).await;
    world.file.hosts = vec![world.authority.clone()];
    let judged = run(&world, lead).await;
    let check = lead.checks[0];
    let (verdict, came) = (judged.verdict(check), world.came().await);
    let mut problems = Vec::new();
    if !lead.named.is_empty() && verdict != lead.named {
        problems.push(format!("{check} is \"{verdict}\": {}", judged.reason(check)));
    }
    if came.is_empty() != (lead.is_idle || lead.named == "inconclusive") {
        problems.push(format!("came: {came:?}: {}", judged.said));
    }
    problems.iter().map(|problem| format!("{}, named: {problem}", lead.name)).collect()
}

/// A sandbox that was set up from production leads there. Production's own file says whose that is, and no list undoes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_productions_is_never_asked() {
    let world = World::new(TOKEN_ELSEWHERE, true).await;
    let folder = tempfile::tempdir().unwrap();
    let path = world.file.write(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let there = |text: &str| text.replace(&world.file.issuer, &format!("https://{}", world.authority));
    let production = there(&text).replace("environment = \"test\"", "environment = \"production\"");
    fs::write(folder.path().join("production.toml"), production).unwrap();
    let named = text.replace("environment = ", "production_file = \"production.toml\"\nenvironment = ");
    fs::write(&path, &named).unwrap();
    let told = bankproof(&["doctor", path.to_str().unwrap(), "--format", "json"]).await;
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let cause = told["findings"][0]["cause"].as_str().unwrap();
    assert!(cause.contains(&world.authority) && cause.contains("production's by `production_file`"), "{told:#}");
    let listed = named.replace("timeout_seconds", &format!("hosts = [\"{}\"]\ntimeout_seconds", world.authority));
    for (what, text) in [("server.hosts", listed), ("server.issuer", there(&named))] {
        fs::write(&path, text).unwrap();
        let output = bankproof(&["run", path.to_str().unwrap(), "FLOW-001"]).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("`{what}` is at {}, which is production's", world.authority)), "{said}");
    }
    assert_eq!(world.came().await, [""; 0]);
}

/// Whatever a scenario or an agent forgets to ask, nothing leaves by the doors themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_doors_are_shut() {
    let world = World::new(METADATA, true).await;
    let folder = tempfile::tempdir().unwrap();
    let target = Arc::new(targets::load(&world.file.write(folder.path())).unwrap());
    let recorder = Arc::new(Recorder::new(0, |_| {}));
    let session = Session::open(target.clone(), recorder.clone()).await.unwrap();
    let url = format!("https://{}/token", world.authority);
    let own_url = format!("{}/other-port", world.file.issuer.replace("localhost", "127.0.0.1"));
    for client in [session.public(), session.client(target.tpp()), &session.browser(&"psu".into()).unwrap()] {
        for url in [&url, &own_url] {
            let sent = client
                .send(&"x".into(), Call::new(Operation::Other, Method::POST, url, "forget to ask").body(PASSWORD))
                .await;
            let why = sent.err().unwrap().failure.message;
            assert!(why.starts_with("not sent: 127.0.0.1:"), "{why}");
        }
    }
    let knock = Knock {
        operation: Operation::Other,
        identity: "tpp-a".into(),
        pair: Some(&target.tpp().qwac),
        method: "POST".into(),
        url: url.clone(),
        headers: Vec::new(),
        body: PASSWORD.into(),
        purpose: "forget to ask".into(),
    };
    let exchange = probe::knock(&target, &recorder, &"x".into(), knock).await.unwrap();
    assert!(exchange.response().is_none());
    let port = world.authority.rsplit_once(':').unwrap().1.parse().unwrap();
    assert!(first_look::reach(&target, "127.0.0.1", port).await.is_err());
    let pictures = tls_picture::handshakes(&target, &[url]).await;
    assert!(pictures.iter().all(|picture| picture.certified().next().is_none()));
    assert_eq!(world.came().await, [""; 0]);
}

async fn try_all<F>(tries: impl Iterator<Item = F>)
where
    F: Future<Output = Vec<String>> + Send + 'static,
{
    let tries: Vec<_> = tries.map(tokio::spawn).collect();
    let bound = tries.len();
    let tried = stream::iter(tries).buffer_unordered(bound);
    let problems: Vec<String> = tried.map(Result::unwrap).flat_map(stream::iter).collect().await;
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_comes_to_another_host() {
    try_all(LEADS.iter().map(|lead| stays_away(*lead, true))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_comes_to_another_port_of_this_machine() {
    try_all(LEADS.iter().map(|lead| stays_away(*lead, false))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_file_names_is_asked() {
    try_all(LEADS.iter().map(|lead| is_asked_when_named(*lead))).await;
}
