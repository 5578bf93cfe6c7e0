//! Addresses in a target file that cannot be meant so: each is a slip that would look like a failure of the bank.

use std::ops::Range;

use url::Url;

use super::{Dialect, TargetFile, UkVersion};

/// What a metadata document is below (RFC 8615).
const WELL_KNOWN: &str = "/.well-known/";
/// Resources of a Berlin Group API: no base ends with one.
const RESOURCES: [&str; 5] = ["/payments", "/bulk-payments", "/periodic-payments", "/consents", "/accounts"];

/// Where in the file, what is wrong, and what to do.
pub(super) type Objection = (Range<usize>, String, String);

/// What is wrong with the addresses of the authorization server and the API.
pub(super) fn objection(file: &TargetFile) -> Option<Objection> {
    of_the_issuer(file).or_else(|| of_the_version(file)).or_else(|| of_the_api(file))
}

/// Spellings of one address: host names know no case, 443 is the port of https, and a slash at the end is easily lost.
pub(crate) fn are_one_but_for_spelling(one: &str, other: &str) -> bool {
    let plain = |text: &str| Some(Url::parse(text).ok()?.as_str().trim_end_matches('/').to_owned());
    plain(one).is_some() && plain(one) == plain(other)
}

/// RFC 8414 2: an issuer has neither query nor fragment, and its metadata document is elsewhere.
fn of_the_issuer(file: &TargetFile) -> Option<Objection> {
    let issuer = &file.server.issuer;
    let text = issuer.get_ref().as_str();
    if let Some((before, document)) = text.split_once(WELL_KNOWN) {
        let path = document.split_once('/').map_or("", |(_, path)| path);
        let own = if path.is_empty() { before.to_owned() } else { format!("{before}/{path}") };
        let problem = "`server.issuer` is the address of a metadata document, and no issuer".to_owned();
        return Some((issuer.span(), problem, format!("write the issuer that the document names, such as \"{own}\"")));
    }
    text.contains(['?', '#']).then(|| {
        let problem = "`server.issuer` has a query or a fragment, which no issuer has (RFC 8414 2)".to_owned();
        (issuer.span(), problem, "write the issuer that the metadata document names".to_owned())
    })
}

fn of_the_version(file: &TargetFile) -> Option<Objection> {
    let version = file.server.api_version.as_ref()?;
    if file.dialect.usual_version().is_none() {
        let problem = format!("`server.api_version` is not for the dialect \"{}\"", file.dialect.name());
        return Some((version.span(), problem, "leave it out: `server.api` is the whole base there".to_owned()));
    }
    let text = version.get_ref();
    let is_path = text.is_empty() || text.starts_with('/') && !text.ends_with('/') && !text.contains(['?', '#', ' ']);
    (!is_path).then(|| {
        let problem = "`server.api_version` is no path that begins with a slash and ends without one".to_owned();
        (version.span(), problem, "write for example \"/v1\", \"/berlin-group/v1.3\", or \"\" for none".to_owned())
    })
}

fn of_the_api(file: &TargetFile) -> Option<Objection> {
    let api = file.server.api.as_ref()?;
    let text = api.get_ref().trim_end_matches('/');
    if text.contains(['?', '#']) {
        let problem = "`server.api` has a query or a fragment, and nothing can be put behind it".to_owned();
        return Some((api.span(), problem, "write the base URL alone".to_owned()));
    }
    match file.dialect {
        Dialect::UkOpenBanking if UkVersion::of(api.get_ref()).is_none() => {
            let problem = format!("`server.api` is \"{}\", which names no version that is spoken here", api.get_ref());
            Some((api.span(), problem, UkVersion::MEND.to_owned()))
        }
        Dialect::BerlinGroup => of_berlin_groups_api(file, text).map(|(what, mend)| (api.span(), what, mend)),
        Dialect::UkOpenBanking | Dialect::None => None,
    }
}

fn of_berlin_groups_api(file: &TargetFile, text: &str) -> Option<(String, String)> {
    let version = file.server.api_version.as_ref().map(|own| own.get_ref().as_str());
    let version = version.or(file.dialect.usual_version()).unwrap_or_default();
    if !version.is_empty() && text.ends_with(version) {
        let base = text.strip_suffix(version).unwrap_or_default();
        let problem = format!("`server.api` ends with {version}, which is added");
        let mend = format!("leave it out: api = \"{base}\"; or write api_version = \"\" beside it");
        return Some((problem, mend));
    }
    let resource =
        RESOURCES.into_iter().find(|resource| text.ends_with(resource) || text.contains(&format!("{resource}/")))?;
    let problem = format!("`server.api` leads to {resource}, which is a resource of the API and not its base");
    let base = text.split(resource).next().unwrap_or_default();
    let base = base.strip_suffix(version).unwrap_or(base);
    Some((problem, format!("write the base alone: api = \"{base}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_told_from_others() {
        let own = "https://auth.bank.example/a";
        for same in ["https://auth.bank.example/a/", "https://AUTH.bank.example/a", "https://auth.bank.example:443/a"] {
            assert!(are_one_but_for_spelling(own, same), "{same}");
        }
        for other in ["https://auth.bank.example", "https://auth.bank.example/A", "https://other.example/a", "", "a"] {
            assert!(!are_one_but_for_spelling(own, other), "{other}");
        }
        assert!(!are_one_but_for_spelling("", ""), "what is no address is like no other");
    }
}
