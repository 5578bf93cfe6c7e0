//! The driver of the browser: one that runs already, or one of our own that ends with the walk, and with us.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use fantoccini::{Client as Window, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStdout, Command},
};

use super::interceptor::Interceptor;
use crate::{targets::psu_agents::Browser, tpp::Trouble};

/// A driver that has not named its port by then does not work.
const START: Duration = Duration::from_secs(20);
/// A browser that is not there by then is not coming: the first start on a busy machine takes some seconds.
const OPEN: Duration = Duration::from_secs(60);
/// A driver says no more than this before it names its port, in bytes.
const WORDS: u64 = 16 * 1024;
/// Ends the driver as soon as its own standard input does: that happens whatever ends us, a kill too.
const GUARD: &str = r#"exec 3<&0; "$0" --port=0 </dev/null & driver=$!; cat <&3 >/dev/null; kill "$driver""#;
/// What keeps a browser to itself: no calls home, no other way out than the interceptor, no first questions. The pipe to the
/// driver makes it end where the driver ends.
const ARGUMENTS: [&str; 13] = [
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--window-size=1280,1000",
    "about:blank",
];

/// A driver, and what keeps it alive.
pub(super) struct Driver {
    url: String,
    /// Dropping them ends the driver, and with it the browser.
    _own: Option<(Child, BufReader<ChildStdout>)>,
}

impl Driver {
    /// Finds the driver that runs, or starts one.
    ///
    /// # Errors
    /// There is none, or it does not start; the text says what to do.
    pub(super) async fn start(settings: &Browser) -> Result<Self, Trouble> {
        if let Some(url) = &settings.webdriver {
            return Ok(Self { url: url.get_ref().clone(), _own: None });
        }
        let program = found(&settings.driver).ok_or_else(|| {
            Trouble::Prerequisite(format!(
                "there is no WebDriver \"{}\" to drive a browser with: install it (Debian: chromium-driver), or name it as \
                 `driver` under [psu.browser], or start one and name its address as `webdriver`",
                settings.driver
            ))
        })?;
        tokio::time::timeout(START, Self::own(&program)).await.unwrap_or_else(|_| Err(silent(&program)))
    }

    async fn own(program: &Path) -> Result<Self, Trouble> {
        let mut child = Command::new("/bin/sh")
            .args(["-c", GUARD])
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Trouble::Prerequisite(format!("{} cannot be started: {error}", program.display())))?;
        let mut words = BufReader::new(child.stdout.take().ok_or_else(|| silent(program))?);
        let mut lines = (&mut words).take(WORDS).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let port = line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port.and_then(|port| port.parse::<u16>().ok()) {
                return Ok(Self { url: format!("http://127.0.0.1:{port}"), _own: Some((child, words)) });
            }
        }
        Err(silent(program))
    }

    /// Opens a browser with no past, whose only way out is that interceptor.
    ///
    /// # Errors
    /// No browser opens; the text says what to do.
    pub(super) async fn open(
        &self,
        settings: &Browser,
        interceptor: &Interceptor<'_>,
        profile: &Path,
    ) -> Result<Window, Trouble> {
        let patience = interceptor.timeout().as_millis();
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".into(), options(settings, interceptor, profile));
        wanted.insert("pageLoadStrategy".into(), json!("eager"));
        wanted.insert("timeouts".into(), json!({ "pageLoad": patience, "script": patience }));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let opening = builder.capabilities(wanted).connect(&self.url);
        let told = match tokio::time::timeout(OPEN, opening).await {
            Ok(Ok(window)) => return Ok(window),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not open in time".into(),
        };
        let told: String = told.lines().next().unwrap_or_default().chars().take(300).collect();
        Err(Trouble::Prerequisite(format!(
            "no browser opens at {}: {told}; name it as `binary` under [psu.browser], and where it runs as root or in a \
             container, try arguments = [\"--no-sandbox\"]",
            self.url
        )))
    }
}

fn options(settings: &Browser, interceptor: &Interceptor<'_>, profile: &Path) -> serde_json::Value {
    let mut arguments: Vec<String> = ARGUMENTS.map(String::from).to_vec();
    arguments.extend(settings.headless.then(|| "--headless".to_owned()));
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--proxy-server=http://{}", interceptor.address()));
    // It trusts the key of the interceptor and no authority: the interceptor itself trusts the target's own CAs alone.
    arguments.push(format!("--ignore-certificate-errors-spki-list={}", interceptor.key_hash()));
    arguments.extend(settings.arguments.iter().cloned());
    let mut options = json!({ "args": arguments });
    if let Some(binary) = &settings.binary {
        options["binary"] = json!(binary);
    }
    options
}

/// The program of that name, or at that path.
fn found(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| path.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn silent(program: &Path) -> Trouble {
    Trouble::Prerequisite(format!("{} did not say at which port it listens: is it a chromedriver?", program.display()))
}
