//! A customer who walks through the bundled bank's pages over HTTP, without any code of the agents.

use std::{future::Future, path::Path};

use bankproof::tpp::tls;
use reqwest::{Client, redirect::Policy};
use toml::Value;
use url::{Url, form_urlencoded};

/// What the bundled bank's customer knows.
pub(crate) struct Customer {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) code: String,
    ca: String,
}

impl Customer {
    /// The customer of that target file.
    pub(crate) fn of(target: &Path) -> Self {
        let file: Value = toml::from_str(&std::fs::read_to_string(target).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (psu, anchors) = (&file["psu"], &file["server"]["trust_anchors"]);
        let ca = target.parent().unwrap().join(text(&anchors[0]));
        Self {
            username: text(&psu["fields"]["username"]),
            password: text(&psu["secrets"]["password"]),
            code: text(&psu["secrets"]["otp"]),
            ca: std::fs::read_to_string(ca).unwrap(),
        }
    }

    /// Goes to the bank by that link and does that; `pause` is what happens before the decision. The address at which the
    /// customer came back, or nothing.
    pub(crate) async fn play<F: Future<Output = ()>>(
        &self,
        link: &str,
        deed: &Deed,
        pause: impl FnOnce() -> F,
    ) -> Option<String> {
        let config = tls::client_config(std::slice::from_ref(&self.ca), None).unwrap();
        let browser = Client::builder().tls_backend_preconfigured(config).cookie_store(true).redirect(Policy::none());
        let browser = browser.no_proxy().build().unwrap();
        let (mut at, mut form): (Url, Option<Vec<(&str, String)>>) = (link.parse().unwrap(), None);
        let (mut wrong, mut pause) = (0, Some(pause));
        loop {
            let request = match form.take() {
                Some(form) => browser
                    .post(at.clone())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .body(form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()),
                None => browser.get(at.clone()),
            };
            let response = request.send().await.unwrap();
            if let Some(location) = response.headers().get("location") {
                at = at.join(location.to_str().unwrap()).unwrap();
                if at.host_str() == Some("tpp-a.example") {
                    return Some(at.into());
                }
                continue;
            }
            let page = response.text().await.unwrap();
            let csrf = page.split("name=\"csrf\" value=\"").nth(1)?.split('"').next().unwrap().to_owned();
            let path = page.split("action=\"").nth(1)?.split('"').next().unwrap();
            let mistypes = path == "/sca" && wrong < deed.mistypes;
            wrong += usize::from(mistypes);
            if path == "/consent"
                && let (true, Some(pause)) = (deed.pauses, pause.take())
            {
                pause().await;
            }
            let action = match path {
                "/consent" => deed.decision,
                _ if deed.cancels => "cancel",
                _ => "go",
            };
            form = Some(vec![
                ("csrf", csrf),
                ("username", self.username.clone()),
                ("password", self.password.clone()),
                ("otp", if mistypes { "0".into() } else { self.code.clone() }),
                ("action", action.into()),
            ]);
            at = at.join(path).unwrap();
        }
    }
}

/// What the customer does.
pub(crate) struct Deed {
    decision: &'static str,
    cancels: bool,
    pauses: bool,
    mistypes: usize,
}

impl Deed {
    pub(crate) const APPROVE: Self = Self { decision: "approve", cancels: false, pauses: false, mistypes: 0 };
    pub(crate) const DENY: Self = Self { decision: "deny", ..Self::APPROVE };
    pub(crate) const CANCEL: Self = Self { cancels: true, ..Self::APPROVE };
    pub(crate) const PAUSE: Self = Self { pauses: true, ..Self::APPROVE };

    pub(crate) const fn mistype(times: usize) -> Self {
        Self { mistypes: times, ..Self::APPROVE }
    }
}
