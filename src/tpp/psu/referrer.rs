//! What a browser tells of the page that its customer comes from, as that page's policy has it (W3C Referrer Policy 8.3, Fetch 3.2).

use url::Url;

/// A page, and what it lets be told of itself.
#[derive(Clone, Debug)]
pub(super) struct Referrer {
    page: Url,
    policy: Policy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    NoReferrer,
    NoReferrerWhenDowngrade,
    Origin,
    OriginWhenCrossOrigin,
    SameOrigin,
    StrictOrigin,
    StrictOriginWhenCrossOrigin,
    UnsafeUrl,
}

impl Referrer {
    /// That page; `policies` are what its headers and then its `<meta>`s say, of which the last that is known counts.
    pub(super) fn new(page: &Url, policies: impl IntoIterator<Item = String>) -> Self {
        let words = policies.into_iter().flat_map(|line| line.split(',').filter_map(policy).collect::<Vec<_>>());
        Self { page: page.clone(), policy: words.last().unwrap_or(Policy::StrictOriginWhenCrossOrigin) }
    }

    /// The `Referer` of a request to `to`, where there is one.
    pub(super) fn told_to(&self, to: &Url) -> Option<String> {
        let same = self.page.origin() == to.origin();
        let downgrade = self.page.scheme() == "https" && to.scheme() != "https";
        let (whole, origin) = (Some(self.whole()), Some(self.origin() + "/"));
        match self.policy {
            Policy::NoReferrer => None,
            Policy::NoReferrerWhenDowngrade => whole.filter(|_| !downgrade),
            Policy::Origin => origin,
            Policy::OriginWhenCrossOrigin => {
                if same {
                    whole
                } else {
                    origin
                }
            }
            Policy::SameOrigin => whole.filter(|_| same),
            Policy::StrictOrigin => origin.filter(|_| !downgrade),
            Policy::StrictOriginWhenCrossOrigin if same => whole,
            Policy::StrictOriginWhenCrossOrigin => origin.filter(|_| !downgrade),
            Policy::UnsafeUrl => whole,
        }
    }

    /// The `Origin` of a form that is posted to `to`.
    pub(super) fn origin_for(&self, to: &Url) -> String {
        let same = self.page.origin() == to.origin();
        let downgrade = self.page.scheme() == "https" && to.scheme() != "https";
        let hidden = match self.policy {
            Policy::NoReferrer => true,
            Policy::SameOrigin => !same,
            Policy::NoReferrerWhenDowngrade | Policy::StrictOrigin | Policy::StrictOriginWhenCrossOrigin => downgrade,
            Policy::Origin | Policy::OriginWhenCrossOrigin | Policy::UnsafeUrl => false,
        };
        if hidden { "null".into() } else { self.origin() }
    }

    fn origin(&self) -> String {
        self.page.origin().ascii_serialization()
    }

    /// Without what a browser strips: user, password and fragment.
    fn whole(&self) -> String {
        let mut page = self.page.clone();
        page.set_fragment(None);
        // Both fail for addresses that cannot have them alone.
        let _ = (page.set_username(""), page.set_password(None));
        page.into()
    }
}

fn policy(word: &str) -> Option<Policy> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "no-referrer" | "never" => Policy::NoReferrer,
        "no-referrer-when-downgrade" | "default" => Policy::NoReferrerWhenDowngrade,
        "origin" => Policy::Origin,
        "origin-when-cross-origin" => Policy::OriginWhenCrossOrigin,
        "same-origin" => Policy::SameOrigin,
        "strict-origin" => Policy::StrictOrigin,
        "strict-origin-when-cross-origin" => Policy::StrictOriginWhenCrossOrigin,
        "unsafe-url" | "always" => Policy::UnsafeUrl,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_of_as_its_policy_has_it() {
        let url = |text| Url::parse(text).unwrap_or_else(|_| unreachable!());
        let page = url("https://u:p@bank.example/login?x=1#f");
        let (here, there) = (url("https://bank.example/next"), url("https://sca.example/next"));
        let plain = url("http://bank.example/");
        let (whole, origin) = (Some("https://bank.example/login?x=1"), Some("https://bank.example/"));
        for (policies, to_here, to_there, to_plain, posts) in [
            (&[][..], whole, origin, None, "https://bank.example"),
            (&["no-referrer"], None, None, None, "null"),
            (&["no-referrer, from-the-future"], None, None, None, "null"),
            (&["no-referrer", "same-origin"], whole, None, None, "https://bank.example"),
            (&["origin"], origin, origin, origin, "https://bank.example"),
            (&["UNSAFE-URL"], whole, whole, whole, "https://bank.example"),
            (&["strict-origin"], origin, origin, None, "https://bank.example"),
        ] {
            let referrer = Referrer::new(&page, policies.iter().map(|policy| (*policy).to_owned()));
            let told = [&here, &there, &plain].map(|to| referrer.told_to(to));
            assert_eq!(told, [to_here, to_there, to_plain].map(|told| told.map(str::to_owned)), "{policies:?}");
            assert_eq!(referrer.origin_for(&here), posts, "{policies:?}");
        }
    }
}
