//! The HTML report in a real browser: no errors on its console, search, filters, keyboard, dark and print.
//!
//! `BANKPROOF_CHROMEDRIVER` and `BANKPROOF_CHROMIUM` may name other binaries; with `BANKPROOF_REQUIRE_BROWSER=1` a missing one fails.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that skips says so")]

#[allow(dead_code, reason = "each file of tests uses its part of the fixtures")]
mod fixtures;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bankproof::report::html;
use bankproof::run::event::RunRecord;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

/// A chromedriver of our own; it ends with the test.
struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    fn start(binary: &Path) -> Self {
        let mut process =
            Command::new(binary).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let started = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = started.expect("chromedriver names its port");
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser behind, so a test that fails asks it to close both first.
        if let Ok(mut connection) = TcpStream::connect(self.url.trim_start_matches("http://")) {
            let _ = connection.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = connection.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let _ = connection.read_to_end(&mut Vec::new());
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What WebDriver's standard does not have and chromedriver does.
#[derive(Debug)]
struct Chrome {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Chrome {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (hyper::Method, Option<String>) {
        (hyper::Method::POST, Some(self.body.to_string()))
    }
}

fn binary(variable: &str, usual: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(|path| vec![PathBuf::from(path)]);
    named.unwrap_or_else(|| usual.iter().map(PathBuf::from).collect()).into_iter().find(|path| path.exists())
}

/// The browser, or nothing where there is none and none is required.
fn binaries() -> Option<(PathBuf, PathBuf)> {
    let driver = binary("BANKPROOF_CHROMEDRIVER", &["/usr/bin/chromedriver", "/usr/local/bin/chromedriver"]);
    let browser =
        binary("BANKPROOF_CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]);
    let both = driver.zip(browser);
    let required = std::env::var("BANKPROOF_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(both.is_some() || !required, "BANKPROOF_REQUIRE_BROWSER is 1, but chromium or chromedriver is missing");
    if both.is_none() {
        eprintln!("skipped: no chromium and chromedriver here (set BANKPROOF_REQUIRE_BROWSER=1 to fail instead)");
    }
    both
}

async fn open(driver: &Driver, browser: &Path, profile: &Path) -> Client {
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1280,1000",
    ];
    let mut args: Vec<String> = flags.map(String::from).to_vec();
    args.push(format!("--user-data-dir={}", profile.display()));
    let mut wanted = Capabilities::new();
    wanted.insert("goog:chromeOptions".into(), json!({ "args": args, "binary": browser }));
    wanted.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
    ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
        .capabilities(wanted)
        .connect(&driver.url)
        .await
        .unwrap()
}

/// The fixture's report as a file that a browser may open, under the tests' own folder.
fn written(name: &str, record: &RunRecord) -> (PathBuf, String) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join(format!("{name}.html"));
    std::fs::write(&path, html::render(record).unwrap()).unwrap();
    let url = format!("file://{}", path.display());
    (dir, url)
}

async fn chrome(client: &Client, command: &str, params: Value) {
    let body = json!({ "cmd": command, "params": params });
    client.issue_cmd(Chrome { path: "goog/cdp/execute", body }).await.unwrap();
}

async fn media(client: &Client, media: &str, scheme: &str) {
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    chrome(client, "Emulation.setEmulatedMedia", json!({ "media": media, "features": features })).await;
}

/// The whole page, however long, at the given width.
async fn screenshot(client: &Client, width: u32, path: PathBuf) {
    let size = |height: u64| json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    chrome(client, "Emulation.setDeviceMetricsOverride", size(900)).await;
    let height = number(client, "return document.documentElement.scrollHeight").await;
    chrome(client, "Emulation.setDeviceMetricsOverride", size(height)).await;
    std::fs::write(path, client.screenshot().await.unwrap()).unwrap();
    chrome(client, "Emulation.clearDeviceMetricsOverride", json!({})).await;
}

async fn number(client: &Client, script: &str) -> u64 {
    client.execute(script, Vec::new()).await.unwrap().as_u64().unwrap()
}

async fn shown(client: &Client) -> u64 {
    number(client, "return document.querySelectorAll('[data-verdict]:not([hidden])').length").await
}

async fn console(client: &Client) -> Value {
    client.issue_cmd(Chrome { path: "se/log", body: json!({ "type": "browser" }) }).await.unwrap()
}

/// The positive control of an empty console: a page with a script that its policy forbids leaves a line there.
async fn a_forbidden_script_shows(client: &Client, dir: &Path) {
    let page = r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><script>1</script>"#;
    std::fs::write(dir.join("control.html"), page).unwrap();
    client.goto(&format!("file://{}", dir.join("control.html").display())).await.unwrap();
    assert!(console(client).await.to_string().contains("Content Security Policy"));
}

async fn loads_and_searches(client: &Client, url: &str) {
    client.goto(url).await.unwrap();
    assert!(client.title().await.unwrap().contains("conformance report"));
    assert_eq!(shown(client).await, 13);
    let search = client.find(Locator::Id("search")).await.unwrap();
    assert!(search.is_displayed().await.unwrap(), "the toolbar shows where script runs");
    search.send_keys("code_verifier GRAMMAR").await.unwrap();
    assert_eq!(shown(client).await, 1);
    assert_eq!(client.find(Locator::Id("shown")).await.unwrap().text().await.unwrap(), "1 of 13 checks shown");
    assert!(!client.find(Locator::Id("passed")).await.unwrap().is_displayed().await.unwrap());
}

/// No mouse: slash, typing, Escape, Tab, Space, Enter.
async fn works_with_the_keyboard(client: &Client, url: &str) {
    client.goto(url).await.unwrap();
    let press = async |keys: &str| client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    let tab = Key::Tab.to_string();
    press(&tab).await;
    assert_eq!(client.active_element().await.unwrap().text().await.unwrap(), "Skip to the verdict");
    press("/").await;
    press("PKCE-003").await;
    assert_eq!(shown(client).await, 1);
    press(&Key::Escape.to_string()).await;
    assert_eq!(shown(client).await, 13);
    press(&tab).await;
    press(&tab).await;
    press(" ").await;
    assert_eq!(shown(client).await, 3, "the first filter is for failures");
    press(&tab).await;
    press(" ").await;
    assert_eq!(shown(client).await, 4, "failures and warnings");
}

/// A link from the matrix unfolds the check that it names, though a filter hid it.
async fn links_unfold(client: &Client, url: &str) {
    client.goto(url).await.unwrap();
    client.find(Locator::Id("search")).await.unwrap().send_keys("PKCE-003").await.unwrap();
    client.execute("location.hash = 'BG-001'", Vec::new()).await.unwrap();
    let check = client.wait().for_element(Locator::Css("details#BG-001[open]")).await.unwrap();
    assert!(check.is_displayed().await.unwrap());
}

async fn nothing_overflows(client: &Client, width: u32) {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    chrome(client, "Emulation.setDeviceMetricsOverride", size).await;
    let overflow = number(client, "return Math.max(0, document.documentElement.scrollWidth - innerWidth)").await;
    assert_eq!(overflow, 0, "the page is wider than {width} pixels");
    chrome(client, "Emulation.clearDeviceMetricsOverride", json!({})).await;
}

async fn pictures(client: &Client, dir: &Path, url: &str, name: &str) {
    client.goto(url).await.unwrap();
    for (look, kind, scheme, width) in [
        ("light", "screen", "light", 1280),
        ("dark", "screen", "dark", 1280),
        ("narrow", "screen", "light", 400),
        ("print", "print", "light", 794),
    ] {
        media(client, kind, scheme).await;
        nothing_overflows(client, width).await;
        screenshot(client, width, dir.join(format!("{name}-{look}.png"))).await;
    }
    media(client, "screen", "dark").await;
    let ground = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(client.execute(ground, Vec::new()).await.unwrap(), json!("rgb(21, 23, 27)"));
    media(client, "screen", "light").await;
}

#[tokio::test]
async fn the_report_works_in_a_browser() {
    let Some((driver, browser)) = binaries() else { return };
    let profile = tempfile::tempdir().unwrap();
    let driver = Driver::start(&driver);
    let client = open(&driver, &browser, profile.path()).await;
    let (dir, url) = written("record", &fixtures::record());
    loads_and_searches(&client, &url).await;
    works_with_the_keyboard(&client, &url).await;
    links_unfold(&client, &url).await;
    pictures(&client, &dir, &url, "record").await;
    client.find(Locator::Id("unfold")).await.unwrap().click().await.unwrap();
    assert_eq!(number(&client, "return document.querySelectorAll('main details:not([open])').length").await, 0);
    screenshot(&client, 1280, dir.join("record-unfolded.png")).await;
    for (name, record) in
        [("clean", fixtures::clean()), ("interrupted", fixtures::interrupted()), ("full", fixtures::full_run(3))]
    {
        let (dir, url) = written(name, &record);
        pictures(&client, &dir, &url, name).await;
    }
    assert_eq!(console(&client).await, json!([]), "the console is not empty");
    a_forbidden_script_shows(&client, &dir).await;
    client.close().await.unwrap();
}
