//! The bundled bank's pages by a person's keyboard alone: Tab, typing and Enter in a real browser. The person is the one of
//! the agent `manual`.

use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, key::Key, wd::Capabilities};
use serde_json::json;

use super::{bank_played_by, browser::settings, by_hand::Session, customer::Customer, sessions::Desk};

/// No page has more stations of the Tab key.
const STATIONS: usize = 20;

struct Keyboard(Client);

impl Keyboard {
    /// What has the focus: its name and value.
    async fn focus(&self) -> (String, String) {
        let script = "const on = document.activeElement; return [on.name || '', on.value || ''];";
        serde_json::from_value(self.0.execute(script, Vec::new()).await.unwrap()).unwrap()
    }

    async fn press(&self, keys: &str) {
        self.0.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Tabs on until that has the focus; a page may give it to begin with.
    async fn tab_to(&self, name: &str, value: Option<&str>) {
        for _ in 0..STATIONS {
            let (own_name, own_value) = self.focus().await;
            if own_name == name && value.is_none_or(|value| value == own_value) {
                return;
            }
            self.press(&Key::Tab.to_string()).await;
        }
        panic!("no Tab leads to {name} {value:?}");
    }

    async fn fill(&self, name: &str, value: &str) {
        self.tab_to(name, None).await;
        self.press(value).await;
    }

    /// Enter on that button, and the next page.
    async fn push(&self, action: &str) {
        self.tab_to("action", Some(action)).await;
        let born = self.born().await;
        self.press(&Key::Enter.to_string()).await;
        let until = Instant::now() + Duration::from_secs(30);
        while self.born().await == born && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn born(&self) -> Option<serde_json::Value> {
        self.0.execute("return performance.timeOrigin", Vec::new()).await.ok()
    }

    async fn heading(&self) -> String {
        let script = "return document.querySelector('h1').innerText";
        self.0.execute(script, Vec::new()).await.unwrap().as_str().unwrap().to_owned()
    }
}

/// Walks with the keys alone; where the customer came back.
async fn walk(keyboard: &Keyboard, customer: &Customer, link: &str, decision: &str) -> String {
    keyboard.0.goto(link).await.unwrap();
    if decision == "cancel" {
        keyboard.push("cancel").await;
        return keyboard.0.current_url().await.unwrap().into();
    }
    keyboard.fill("username", &customer.username).await;
    keyboard.fill("password", "wrong").await;
    keyboard.press(&Key::Enter.to_string()).await;
    assert_eq!(keyboard.heading().await, "Log in", "a wrong password leads back, by Enter in the field");
    keyboard.fill("username", &customer.username).await;
    keyboard.fill("password", &customer.password).await;
    keyboard.push("login").await;
    keyboard.fill("otp", &customer.code).await;
    keyboard.push("confirm").await;
    assert!(keyboard.heading().await.contains("do you approve"));
    keyboard.push(decision).await;
    keyboard.0.current_url().await.unwrap().into()
}

async fn open(url: &str, profile: &std::path::Path, chromium: &str) -> Keyboard {
    let mut wanted = Capabilities::new();
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--remote-debugging-pipe",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "about:blank",
        &profile,
    ];
    wanted.insert("goog:chromeOptions".into(), json!({ "args": arguments, "binary": chromium }));
    // The bank's CA is a minute old, and it is this machine's: what the person does is the matter here.
    wanted.insert("acceptInsecureCerts".into(), json!(true));
    let http = hyper_util::client::legacy::connect::HttpConnector::new();
    Keyboard(ClientBuilder::new(http).capabilities(wanted).connect(url).await.unwrap())
}

/// A chromedriver of the test's own.
struct Driver(std::process::Child, String);

impl Driver {
    fn start(binary: &str) -> Self {
        use std::io::{BufRead, BufReader};
        let mut command = std::process::Command::new(binary);
        let mut child = command.arg("--port=0").stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned())
        });
        Self(child, format!("http://127.0.0.1:{}", port.unwrap()))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_banks_pages_are_walked_with_the_keyboard_alone() {
    let Some(settings) = settings() else { return };
    let named = |key: &str| {
        let line = settings.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")));
        line.unwrap().trim_end_matches('"').to_owned()
    };
    let desk = Desk::new();
    let _bank = bank_played_by(&desk, "[\"manual\"]", "");
    let customer = Customer::of(&desk.path("t.toml"));
    let (profile, driver) = (tempfile::tempdir().unwrap(), Driver::start(&named("driver")));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let keyboard = runtime.block_on(open(&driver.1, profile.path(), &named("binary")));
    let mut session = Session::begin(&desk.path(""), &["t.toml", "FLOW-001", "AUTHZ-006", "PSU-001"]);
    while let Some(asked) = session.asked() {
        let decision = match asked.task.as_str() {
            task if task.contains("refuse") => "deny",
            task if task.contains("cancel") => "cancel",
            _ => "approve",
        };
        let landed = runtime.block_on(walk(&keyboard, &customer, &asked.link, decision));
        session.say(&landed);
    }
    let ended = session.end();
    runtime.block_on(keyboard.0.close()).unwrap();
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(desk.last_run().with("pass").len(), desk.last_run().verdicts().len(), "{}", ended.stdout);
}
