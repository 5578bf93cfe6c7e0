//! An HTTP proxy that connects by CONNECT (RFC 9110 9.3.6), and whom it is not asked for.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use url::Url;

/// A proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    credentials: Option<(String, String)>,
}

impl Proxy {
    /// From its URL. A name and password in it are taken only where `may_name_user`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str, may_name_user: bool) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| "is no URL".to_owned())?;
        if url.scheme() != "http" {
            return Err("is no http URL: only proxies that are spoken to by http:// can be used".into());
        }
        let named = !url.username().is_empty() || url.password().is_some();
        if named && !may_name_user {
            return Err("names a user".into());
        }
        let decoded = |part: &str| {
            url::form_urlencoded::parse(part.replace('+', "%2B").as_bytes()).next().map(|(name, _)| name.into_owned())
        };
        let credentials = named.then(|| {
            (decoded(url.username()).unwrap_or_default(), url.password().and_then(decoded).unwrap_or_default())
        });
        let host = url.host_str().ok_or("names no host")?.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: url.port_or_known_default().unwrap_or(80), credentials })
    }

    /// With that name and password.
    pub(super) fn with_user(self, user: &str, password: &str) -> Self {
        Self { credentials: Some((user.to_owned(), password.to_owned())), ..self }
    }

    /// The value of `Proxy-Authorization` (RFC 7617): a secret.
    pub fn authorization(&self) -> Option<String> {
        let (user, password) = self.credentials.as_ref()?;
        Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// Its URL with name and password in it: a secret.
    pub fn url(&self) -> Option<Url> {
        let mut url = Url::parse(&self.to_string()).ok()?;
        if let Some((user, password)) = &self.credentials {
            url.set_username(user).ok()?;
            url.set_password(Some(password)).ok()?;
        }
        Some(url)
    }

    /// The password, which must never be recorded.
    pub fn password(&self) -> Option<&str> {
        self.credentials.as_ref().map(|(_, password)| password.as_str())
    }
}

impl fmt::Display for Proxy {
    /// Its URL, without name and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "http://[{}]:{}", self.host, self.port),
            false => write!(f, "http://{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// A host is named by one of these: itself, an ending that begins with a dot, or `*` for all.
pub(super) fn is_exempt(host: &str, exempt: &[String]) -> bool {
    exempt.iter().map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| match entry.strip_prefix('.') {
        Some(ending) => host == ending || host.ends_with(&entry),
        None => entry == "*" || host == entry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_never_shows_its_password() {
        let proxy = Proxy::parse("http://user:p%40ss@Proxy.example:3128", true).unwrap();
        assert_eq!(proxy.to_string(), "http://proxy.example:3128");
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy.example:3128)");
        assert_eq!(proxy.authorization().unwrap(), format!("Basic {}", STANDARD.encode("user:p@ss")));
        assert_eq!(proxy.url().unwrap().as_str(), "http://user:p%40ss@proxy.example:3128/");
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        for text in
            ["proxy:3128", "https://proxy.example", "socks5://proxy.example", "http://me@proxy.example", "http://"]
        {
            assert!(Proxy::parse(text, false).is_err(), "{text}");
        }
        assert_eq!(Proxy::parse("http://[::1]:3128", false).unwrap().to_string(), "http://[::1]:3128");
    }

    #[test]
    fn a_host_or_an_ending_is_exempt() {
        let exempt = |host: &str, entries: &[&str]| {
            is_exempt(host, &entries.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        assert!(exempt("auth.bank.example", &["api.bank.example", "auth.bank.example"]));
        assert!(exempt("auth.bank.example", &[".Bank.example"]));
        assert!(exempt("bank.example", &[".bank.example"]));
        assert!(exempt("auth.bank.example", &["*"]));
        assert!(!exempt("auth.bank.example", &["bank.example", ".nk.example"]));
    }
}
