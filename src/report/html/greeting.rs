//! What came over TLS alone as a line for a shell: no HTTP was spoken there, and `openssl` greets the host in the same way.

use crate::run::event::{CheckInfo, CheckResult, RatedPicture};

use super::curl::Words;

/// Words of a check's title, and what its greeting offers; the first that fits. Old versions and suites are offered only by
/// builds of OpenSSL that still have them.
const GREETINGS: [(&str, &str); 16] = [
    ("SSL 3.0", "-ssl3 -cipher ALL:@SECLEVEL=0"),
    ("TLS 1.0", "-tls1 -cipher ALL:@SECLEVEL=0"),
    ("TLS 1.1", "-tls1_1 -cipher ALL:@SECLEVEL=0"),
    ("RC4", "-tls1_2 -cipher RC4:@SECLEVEL=0"),
    ("3DES", "-tls1_2 -cipher 3DES:@SECLEVEL=0"),
    ("without encryption", "-tls1_2 -cipher eNULL:@SECLEVEL=0"),
    ("without authentication", "-tls1_2 -cipher aNULL:@SECLEVEL=0"),
    ("Export-grade", "-tls1_2 -cipher EXPORT:DES:@SECLEVEL=0"),
    ("RSA key transport", "-tls1_2 -cipher kRSA:@SECLEVEL=0"),
    ("static Diffie-Hellman", "-tls1_2 -cipher kECDHr:kECDHe:kDHr:kDHd:@SECLEVEL=0"),
    ("finite-field", "-tls1_2 -cipher kDHE:@SECLEVEL=0"),
    ("CBC", "-tls1_2 -cipher SHA1:SHA256:SHA384:@SECLEVEL=0"),
    ("compression", "-tls1_2 -comp"),
    ("Renegotiation", "-tls1_2"),
    ("keys of TLS 1.2", "-tls1_2"),
    ("certificate", "-showcerts"),
];

/// A line for each host that the finding of a check names, where the check has made no exchange.
pub(super) fn lines(info: &CheckInfo, result: &CheckResult, pictures: &[RatedPicture]) -> Vec<String> {
    if !result.exchanges.is_empty() || result.decisive.is_some() {
        return Vec::new();
    }
    let names = |picture: &&RatedPicture| result.actual.contains(&picture.picture.host);
    pictures.iter().filter(names).map(|picture| line(&info.title, &picture.picture.host)).collect()
}

fn line(title: &str, host: &str) -> String {
    let greeting = GREETINGS.iter().find(|(words, _)| title.contains(words)).map(|(_, options)| format!(" {options}"));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    // An address is no name that a server is asked for (RFC 6066 3).
    let is_address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok();
    let mut words = Words::default();
    let named = if is_address { String::new() } else { format!(" -servername {}", words.quoted(name)) };
    format!("openssl s_client -connect {}{named}{} </dev/null", words.quoted(host), greeting.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_greeted_as_the_check_greets_it() {
        for (title, host, expected) in [
            (
                "TLS 1.1 is refused",
                "127.0.0.1:8443",
                "-connect 127.0.0.1:8443 -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null",
            ),
            (
                "The certificate is for the host",
                "bank.example:443",
                "-connect bank.example:443 -servername bank.example -showcerts </dev/null",
            ),
            ("TLS 1.3 is spoken", "$(id):443", "-connect '$(id):443' -servername '$(id)' </dev/null"),
        ] {
            assert_eq!(line(title, host), format!("openssl s_client {expected}"));
        }
    }
}
