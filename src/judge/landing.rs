//! Whether the customer brought the TPP its answer where and how the request said (RFC 6749 4.1.2, RFC 9700 4.1.3), and whether
//! the answer says one thing.

use std::fmt::Write;

use url::Url;

use crate::evidence::walk_end::{AuthorizationFacts, Component, WalkEnd};

/// What an answer of the code flow may say once, and at most once. Of a code that is there twice another check speaks.
const ONCE: [&str; 5] = ["state", "iss", "error", "error_description", "error_uri"];
/// What other flows answer with; beside a code that was asked for alone it has no place.
const OF_OTHER_FLOWS: [&str; 4] = ["access_token", "token_type", "refresh_token", "id_token"];

/// What is wrong with how the TPP was called back: where that was, and in which component. `None` where nothing is, and where
/// nobody was called back.
pub(super) fn defect(facts: &AuthorizationFacts) -> Option<String> {
    let WalkEnd::CalledBack { url, component, .. } = &facts.walk_end else { return None };
    if !wanted(facts).iter().any(|uri| is_at(url, uri)) {
        let place = url.split(['?', '#']).next().unwrap_or_default();
        return Some(format!("the PSU was sent to {place}"));
    }
    match component {
        Component::Query => None,
        Component::Fragment => Some("the answer stands in the fragment, not in the query".into()),
        Component::Body => Some("the answer is posted as a form, not in the query".into()),
    }
}

/// How often a code came, where that is more than once (RFC 6749 3.1).
pub(super) fn codes(facts: &AuthorizationFacts) -> Option<String> {
    let times = facts.walk_end.all_returned("code").count();
    (times > 1).then(|| format!("code stands in the answer {times} times"))
}

/// What an answer to a TPP says twice, or against itself: a parameter more than once (RFC 6749 3.1), a code beside an error
/// (4.1.2.1), what other flows answer with beside what a request for a code alone is answered with. What the redirection URI
/// has of its own does not count.
pub(super) fn contradiction(told: &[(String, String)], own: &Url, asks_for_code: bool) -> Option<String> {
    let of_answer = |name: &str| {
        let all = told.iter().filter(|(key, value)| key == name && !value.is_empty()).count();
        all.saturating_sub(own.query_pairs().filter(|(key, _)| key == name).count())
    };
    if let Some(name) = ONCE.into_iter().find(|name| of_answer(name) > 1) {
        return Some(format!("{name} stands in the answer {} times", of_answer(name)));
    }
    let granted = ["code", "access_token"].into_iter().find(|name| of_answer(name) > 0);
    if let Some(name) = granted.filter(|_| of_answer("error") > 0) {
        return Some(format!("{name} stands beside an error"));
    }
    let strange = OF_OTHER_FLOWS.into_iter().find(|name| asks_for_code && of_answer(name) > 0);
    strange.map(|name| format!("{name} stands in the answer of a request for a code"))
}

/// The landing in words, with what is wrong with it.
pub(super) fn in_words(facts: &AuthorizationFacts) -> String {
    let mut words = facts.walk_end.to_string();
    if let Some(defect) = defect(facts).or_else(|| codes(facts)) {
        _ = write!(words, ", but {defect}");
    }
    words
}

/// Where the answer has to go: the redirect_uri that was sent, or one that the TPP has registered where none of its own was.
fn wanted(facts: &AuthorizationFacts) -> Vec<&str> {
    match facts.sent("redirect_uri") {
        Some(sent) if facts.own.is_empty() || facts.own.iter().any(|own| own == sent) => vec![sent],
        _ => facts.own.iter().map(String::as_str).collect(),
    }
}

/// The address is that one, whole: scheme, user name, host, port and path, and its own query is still there. What the answer
/// adds to the query does not count.
pub(super) fn is_at(landed: &str, wanted: &str) -> bool {
    let (Ok(landed), Ok(wanted)) = (Url::parse(landed), Url::parse(wanted)) else { return false };
    let place = |url: &Url| {
        let user = (url.username().to_owned(), url.password().map(str::to_owned));
        let port = url.port_or_known_default();
        (url.scheme().to_owned(), user, url.host_str().map(str::to_owned), port, url.path().to_owned())
    };
    let kept: Vec<_> = landed.query_pairs().collect();
    place(&landed) == place(&wanted) && wanted.query_pairs().all(|pair| kept.contains(&pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "https://tpp-a.example/callback";

    fn facts(url: &str, component: Component, sent: Option<&str>) -> AuthorizationFacts {
        let parameters = Url::parse(url).map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default();
        let sent = sent.map(|uri| ("redirect_uri".to_owned(), uri.to_owned()));
        AuthorizationFacts {
            registered: vec![SENT.into(), "https://tpp-b.example/callback".into()],
            own: vec![SENT.into(), format!("{SENT}?tenant=7")],
            sent: sent.into_iter().collect(),
            agent: "form-script",
            walk_end: WalkEnd::CalledBack { url: url.into(), parameters, component, status: 303 },
            worthless_code: false,
            has_acted: true,
            unsure: None,
            exchanges: Vec::new(),
        }
    }

    #[test]
    fn an_answer_lands_where_it_was_asked_for_or_says_what_is_wrong() {
        let query = Component::Query;
        for (url, component, sent, wrong) in [
            ("https://tpp-a.example/callback?code=c&state=s&iss=i", query, Some(SENT), None),
            ("https://TPP-A.example:443/callback?code=c", query, Some(SENT), None),
            ("https://tpp-a.example/callback?code=c", query, None, None),
            ("https://tpp-a.example/callback?code=c&session_state=x", query, Some(SENT), None),
            ("https://tpp-a.example/callback?error=access_denied&code=", query, Some(SENT), None),
            ("https://tpp-a.example/callback/?code=c", query, Some(SENT), Some("/callback/")),
            ("https://tpp-a.example/%63allback?code=c", query, Some(SENT), Some("/%63allback")),
            ("https://tpp-a.example/?code=c", query, Some(SENT), Some("tpp-a.example/")),
            ("http://tpp-a.example/callback?code=c", query, Some(SENT), Some("http://")),
            ("https://x@tpp-a.example/callback?code=c", query, Some(SENT), Some("x@")),
            ("https://tpp-a.example:8443/callback?code=c", query, Some(SENT), Some("8443")),
            ("https://tpp-b.example/callback?code=c", query, Some(SENT), Some("tpp-b")),
            ("https://tpp-b.example/callback?code=c", query, None, Some("tpp-b")),
            ("https://tpp-a.example/callback#code=c", Component::Fragment, Some(SENT), Some("fragment")),
            ("https://tpp-a.example/callback", Component::Body, Some(SENT), Some("posted")),
            ("https://tpp-a.example/callback?code=c&state=s&state=s", query, Some(SENT), None),
        ] {
            let said = defect(&facts(url, component, sent));
            assert_eq!(said.is_some(), wrong.is_some(), "{url}: {said:?}");
            assert!(said.unwrap_or_default().contains(wrong.unwrap_or_default()), "{url}");
        }
    }

    #[test]
    fn an_answer_says_one_thing_and_says_it_once() {
        for (query, own, asks_for_code, wrong) in [
            ("code=c&state=s&iss=i", SENT, true, None),
            ("error=e&code=&state=s", SENT, true, None),
            ("code=c&code=d", SENT, true, None),
            ("code=c&state=s&state=s", SENT, true, Some("state stands in the answer 2 times")),
            ("error=e&iss=i&iss=j", SENT, true, Some("iss")),
            ("error=e&error=f", SENT, true, Some("error")),
            ("error=e&code=c", SENT, true, Some("code stands beside an error")),
            ("code=c&access_token=t", SENT, true, Some("access_token")),
            ("code=c&access_token=t", SENT, false, None),
            ("error=e&access_token=t", SENT, false, Some("access_token stands beside an error")),
            ("state=own&code=c&state=s", "https://tpp-a.example/callback?state=own", true, None),
        ] {
            let told: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let said = contradiction(&told, &Url::parse(own).unwrap(), asks_for_code);
            assert_eq!(said.is_some(), wrong.is_some(), "{query}: {said:?}");
            assert!(said.unwrap_or_default().contains(wrong.unwrap_or_default()), "{query}");
        }
    }

    #[test]
    fn a_query_of_its_own_is_kept() {
        let sent = format!("{SENT}?tenant=7");
        assert_eq!(
            defect(&facts("https://tpp-a.example/callback?tenant=7&code=c", Component::Query, Some(&sent))),
            None
        );
        assert!(defect(&facts("https://tpp-a.example/callback?code=c", Component::Query, Some(&sent))).is_some());
    }
}
