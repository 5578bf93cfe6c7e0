//! The last guard on the way to a bank on production: whatever a scenario, an agent or a user's own step wants, nothing
//! passes here that could move money, open a page or obtain a token, unless the target file allows it.

use url::form_urlencoded;

use crate::{
    evidence::exchange::{Failure, Layer},
    targets::Target,
};

/// Grants with which a TPP that asks for nothing real can be refused, and nothing else can happen to it: a password or a
/// code that was never given out, and a grant that nobody knows.
const OBTAINING: [&str; 5] = [
    "client_credentials",
    "refresh_token",
    "urn:openid:params:grant-type:ciba",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
];

/// What one client must not do.
pub(super) struct Restrained {
    why: Option<String>,
    /// It is the customer's browser.
    is_customer: bool,
}

impl Restrained {
    /// As the target file has it.
    pub(super) fn of(target: &Target, is_customer: bool) -> Self {
        Self { why: target.restraint.objection().map(str::to_owned), is_customer }
    }

    /// Why that request is not sent; `None` where it may be. Documents may be read, and forms may be sent that ask for no
    /// token, or for one that cannot be had.
    pub(super) fn objection(&self, method: &str, body: &str) -> Option<Failure> {
        let why = self.why.as_ref()?;
        let reads = matches!(method, "GET" | "HEAD" | "OPTIONS");
        let is_harmless = !self.is_customer && (reads || (method == "POST" && asks_for_nothing(body)));
        (!is_harmless).then(|| Failure { layer: Layer::Connect, message: format!("not sent: {why}") })
    }
}

/// A form without a grant (revocation and introspection of tokens that do not exist), or with one that gives nothing.
fn asks_for_nothing(body: &str) -> bool {
    let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    let grant = fields.iter().find(|(name, _)| name == "grant_type").map(|(_, grant)| grant.as_ref());
    let is_form = fields.iter().any(|(name, value)| !value.is_empty() && (name == "token" || name == "grant_type"));
    is_form && !body.trim_start().starts_with('{') && grant.is_none_or(|grant| !OBTAINING.contains(&grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_obtains_nothing_passes() {
        let tpp = Restrained { why: Some("it is production".into()), is_customer: false };
        for (method, body, passes) in [
            ("GET", "", true),
            ("POST", "grant_type=urn%3Aexample%3Aunknown&client_id=a", true),
            ("POST", "grant_type=authorization_code&code=never-issued", true),
            ("POST", "token=never-issued&client_id=a", true),
            ("POST", "grant_type=client_credentials&client_id=a", false),
            ("POST", "grant_type=refresh_token&refresh_token=a", false),
            ("POST", "client_id=a&response_type=code", false),
            ("POST", r#"{"instructedAmount":{"amount":"1"},"token=a":"&token=a"}"#, false),
            ("POST", "", false),
            ("PUT", "token=a", false),
            ("DELETE", "", false),
        ] {
            assert_eq!(tpp.objection(method, body).is_none(), passes, "{method} {body}");
        }
        let customer = Restrained { is_customer: true, ..tpp };
        assert!(customer.objection("GET", "").is_some());
        let free = Restrained { why: None, is_customer: true };
        assert!(free.objection("POST", "{}").is_none());
    }
}
