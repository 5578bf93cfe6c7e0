//! What no page lets a customer do, and what somebody does all the same: the customer itself, whoever sits at its desk, or
//! another site that its browser has open.

use std::collections::BTreeMap;

use url::Url;

use super::form::Form;
use crate::targets::Secret;

/// What the customer authenticates by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// What it knows: every secret that is no one-time code.
    Password,
    /// What its device shows.
    OneTimeCode,
}

/// What is sent in the place of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bent {
    /// Nothing, not even the field.
    LeftOut,
    /// The field, with nothing in it.
    Empty,
    /// All but its last character.
    Shortened,
    /// Another customer's.
    AnotherCustomers,
    /// Something that is wrong in each character.
    Wrong,
}

/// What a site that forges a form sends where only the bank's own page knows the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing, not even the field.
    LeftOut,
    /// The field, with nothing in it.
    Empty,
    /// What stood there in a session of its own.
    OfAnotherSession,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// A factor is sent otherwise, once; whatever else is asked for is right.
    Bends(Factor, Bent),
    /// A factor is sent wrong so many times, and then right.
    Guesses(Factor, usize),
    /// On the page that asks for a factor the form of the next page is sent.
    Skips(Factor),
    /// On the first page the form of the last one is sent.
    PostsAhead,
    /// Somebody has given the customer's browser the session id of a session of its own, and agrees in the customer's place.
    Fixes,
    /// Once the customer has agreed and is back at the TPP, its browser sends the last form again.
    Repeats,
    /// Of two payments in one browser the customer agrees to the one that it has opened first.
    Mixes,
    /// Another site sends the last form in the customer's name.
    Forges(Unknown),
}

impl Misdeed {
    /// Why nothing came of it, where no page gave it a chance.
    pub(super) fn had_no_place(self) -> &'static str {
        match self {
            Self::Bends(..) | Self::Guesses(..) => "no page of the bank asked for that",
            Self::Skips(_) => "no page of the bank asked for that alone, with another page to follow",
            Self::PostsAhead => "the bank asks for everything on one page",
            Self::Fixes => "nobody else could set a cookie of the bank, or know the address of its last page",
            Self::Forges(_) | Self::Mixes | Self::Repeats => {
                "no page of the bank has a form by which the customer agrees"
            }
        }
    }
}

impl Factor {
    /// Whether that secret is one of its.
    pub(super) fn is(self, name: &str, code: Option<&str>) -> bool {
        (Some(name) == code) == (self == Self::OneTimeCode)
    }
}

/// A form as it was sent on another walk: what can be known of it before its page is seen.
#[derive(Clone, Debug)]
pub struct Sent {
    /// With the fields as they went out, that of the button among them.
    pub(super) form: Form,
    /// It agreed to the payment.
    pub(super) agrees: bool,
    /// The page that it stood on.
    pub(super) page: Option<Url>,
}

impl Sent {
    /// It asked for one of these fields.
    pub(super) fn asks(&self, such: impl Fn(&str) -> bool) -> bool {
        self.form.fields.iter().any(|(name, _)| such(name))
    }

    /// The same form on the page that lies before the customer: what is secret is the customer's own, and what a page of the
    /// bank tells by a field of that name is what it tells now.
    pub(super) fn as_of(&self, page: &[Form], secrets: &BTreeMap<String, Secret>) -> Form {
        let mut form = self.form.clone();
        for (name, value) in &mut form.fields {
            let now = page.iter().flat_map(|form| &form.fields).find(|(field, _)| field == name);
            match (secrets.get(name.as_str()), now) {
                (Some(secret), _) => secret.value().clone_into(value),
                (None, Some((_, now))) => now.clone_into(value),
                (None, None) => {}
            }
        }
        form
    }

    /// The same form as another site has it, which has seen it in a session of its own and not what lies before the customer:
    /// whatever differs is what it cannot know.
    pub(super) fn forged(&self, seen: &Form, unknown: Unknown, secrets: &BTreeMap<String, Secret>) -> Form {
        let is_secret = |name: &str| secrets.contains_key(name);
        let is_known = |(name, value): &(String, String)| {
            let now = seen.fields.iter().find(|(field, _)| field == name);
            !is_secret(name) && now.is_none_or(|(_, now)| now == value)
        };
        let mut form = self.form.clone();
        match unknown {
            Unknown::LeftOut => form.fields.retain(is_known),
            Unknown::Empty => {
                form.fields.iter_mut().filter(|field| !is_known(field)).for_each(|(_, value)| value.clear());
            }
            // Nobody but the customer knows what it types.
            Unknown::OfAnotherSession => {
                form.fields.iter_mut().filter(|(name, _)| is_secret(name)).for_each(|(_, value)| value.clear());
            }
        }
        form
    }
}

/// What goes to the bank with a request that another site makes a browser send: the cookies that are not kept from it by
/// `SameSite`. A cookie that does not say is kept by some browsers and not by others.
#[derive(Default)]
pub(super) struct Cookies(Vec<(Url, String)>);

impl Cookies {
    /// Notes what an answer from there sets.
    pub(super) fn note<'a>(&mut self, from: &Url, lines: impl Iterator<Item = &'a str>) {
        for line in lines {
            let name = line.split('=').next().unwrap_or_default().trim();
            self.0.retain(|(_, old)| old.split('=').next().unwrap_or_default().trim() != name);
            self.0.push((from.clone(), line.to_owned()));
        }
    }

    /// Those that somebody else can give a browser, as they were set: browsers take `__Host-` from its own host alone.
    pub(super) fn plantable(&self) -> impl Iterator<Item = &(Url, String)> {
        let is_free = |line: &str| !line.trim_start().to_ascii_lowercase().starts_with("__host-");
        let is_empty = |line: &str| line.split(';').next().unwrap_or_default().trim().ends_with('=');
        self.0.iter().filter(move |(_, line)| is_free(line) && !is_empty(line))
    }

    /// The header line; none where nothing goes along.
    pub(super) fn sent_from_elsewhere(&self, to: &Url) -> Option<String> {
        let goes = |(from, line): &&(Url, String)| {
            let attributes = || line.split(';').skip(1).map(|attribute| attribute.trim().to_ascii_lowercase());
            let stays = attributes().any(|it| it == "samesite=lax" || it == "samesite=strict");
            let path = attributes().find_map(|it| it.strip_prefix("path=").map(str::to_owned));
            let is_taken_back = attributes().any(|it| it == "max-age=0") || line.contains("01 Jan 1970");
            let is_there = from.host_str() == to.host_str()
                && path.is_none_or(|path| to.path().to_ascii_lowercase().starts_with(&path));
            is_there && !stays && !is_taken_back
        };
        let pairs: Vec<&str> =
            self.0.iter().filter(goes).map(|(_, line)| line.split(';').next().unwrap_or_default().trim()).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tpp::psu::encoding::Encoding;

    fn form(fields: &[(&str, &str)]) -> Form {
        Form {
            action: Url::parse("https://bank.example/consent").unwrap_or_else(|_| unreachable!()),
            post: true,
            encoding: Encoding::default(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            choices: Vec::new(),
            buttons: Vec::new(),
        }
    }

    #[test]
    fn another_site_knows_what_is_the_same_in_every_session() {
        let fields = |token, code| form(&[("token", token), ("otp", code), ("account", "1"), ("action", "approve")]);
        let own = Sent { agrees: true, page: None, form: fields("mine", "123456") };
        let seen = form(&[("token", "theirs"), ("otp", ""), ("account", "1")]);
        let secrets = [("otp".to_owned(), Secret::from("123456".to_owned()))].into();
        let sent = |unknown| own.forged(&seen, unknown, &secrets).fields;
        assert_eq!(sent(Unknown::LeftOut), form(&[("account", "1"), ("action", "approve")]).fields);
        assert_eq!(sent(Unknown::Empty), fields("", "").fields);
        assert_eq!(sent(Unknown::OfAnotherSession), fields("mine", "").fields);
    }

    #[test]
    fn what_another_host_cannot_set_is_not_planted() {
        let mut cookies = Cookies::default();
        let bank = Url::parse("https://bank.example/login").unwrap_or_else(|_| unreachable!());
        cookies.note(&bank, ["__Host-s=1; Path=/; Secure", "t=2; Path=/", "gone=; Max-Age=0"].into_iter());
        assert_eq!(cookies.plantable().map(|(_, line)| line.as_str()).collect::<Vec<_>>(), ["t=2; Path=/"]);
    }

    #[test]
    fn a_browser_keeps_cookies_from_other_sites_where_they_say_so() {
        let at = |url| Url::parse(url).unwrap_or_else(|_| unreachable!());
        let bank = at("https://bank.example/login");
        for (lines, sent) in [
            (&["s=1; Path=/; SameSite=Lax"][..], None),
            (&["s=1; samesite=STRICT"], None),
            (&["s=1; Secure; SameSite=None"], Some("s=1")),
            (&["s=1; HttpOnly"], Some("s=1")),
            (&["s=1", "t=2; SameSite=Lax", "s=3"], Some("s=3")),
            (&["s=1", "s=; Max-Age=0"], None),
            (&["s=1; Path=/sca"], None),
        ] {
            let mut cookies = Cookies::default();
            cookies.note(&bank, lines.iter().copied());
            assert_eq!(cookies.sent_from_elsewhere(&at("https://bank.example/consent")).as_deref(), sent, "{lines:?}");
            assert_eq!(cookies.sent_from_elsewhere(&at("https://other.example/consent")), None);
        }
    }
}
