//! A page as the browser shows it, and what the customer does next on it.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{
    targets::Psu,
    tpp::psu::{Behaviour, conduct},
};

/// What tells the page: a script that returns a [`Page`].
pub(super) const LOOK: &str = include_str!("page.js");

/// What a page offers, as the browser shows it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Page {
    /// What can be filled in and pressed, in order.
    pub(super) parts: Vec<Part>,
    /// Where it is, with its fragment.
    pub(super) url: String,
    /// When its document was begun: another document was born at another time.
    pub(super) born: f64,
    /// Everything that its HTML names has come.
    pub(super) is_whole: bool,
    /// It has script, or leads on by itself: it can become another page without anybody's doing.
    pub(super) is_moving: bool,
    /// What it says.
    pub(super) text: String,
}

/// Something that can be filled in or pressed.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// All that it can be known by: name, id, value, caption, label.
    names: Vec<String>,
    /// Which form it belongs to, by number.
    form: Option<usize>,
    /// The value that a choice stands for.
    pub(super) value: String,
    /// A choice that has been made.
    pub(super) chosen: bool,
    link: Option<String>,
    /// The driver's word for it.
    pub(super) element: Value,
}

/// What a part is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// Typed into.
    Field,
    /// A box or a radio button.
    Choice,
    Select,
    Button,
    Link,
}

/// What the customer does next.
#[derive(Debug, PartialEq)]
pub(super) struct Choice {
    /// The part that is pressed, or the field in which Enter is.
    pub(super) part: usize,
    /// It is what the behaviour is about.
    pub(super) acts: bool,
    /// Nothing in the target file says that this is the way on.
    pub(super) is_guess: bool,
}

impl Part {
    fn is_one_of(&self, names: &[String]) -> bool {
        self.names.iter().any(|own| names.iter().any(|name| own.eq_ignore_ascii_case(name)))
    }

    /// It is known by that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    fn is_pressed(&self) -> bool {
        matches!(self.kind, Kind::Button | Kind::Link)
    }

    /// It is filled in before the other is pressed.
    pub(super) fn goes_with(&self, pressed: &Self) -> bool {
        !self.is_pressed() && (self.form == pressed.form || self.form.is_none() || pressed.form.is_none())
    }

    fn leads(&self) -> Option<Url> {
        Url::parse(self.link.as_deref()?).ok()
    }
}

impl Page {
    /// What tells this page from others: a customer who meets it again and again gets nowhere.
    pub(super) fn mark(&self) -> String {
        let names = self.parts.iter().map(|part| part.names.first().map_or("", String::as_str));
        format!("{} {}", self.url.split(['?', '#']).next().unwrap_or_default(), names.collect::<Vec<_>>().join(" "))
    }

    /// It still shows what it showed then.
    pub(super) fn is_still(&self, earlier: &Self) -> bool {
        self.born == earlier.born && self.mark() == earlier.mark() && self.text == earlier.text
    }

    /// It has a button or a link that agrees.
    pub(super) fn asks_for_decision(&self, psu: &Psu) -> bool {
        self.parts.iter().any(|part| part.is_pressed() && part.is_one_of(&psu.buttons.approve))
    }

    /// What the customer does on this page; `None` where it offers nothing. `is_answer` tells an answer to the TPP.
    pub(super) fn choose(
        &self,
        psu: &Psu,
        behaviour: Behaviour,
        has_acted: bool,
        is_answer: impl Fn(&Url) -> bool,
    ) -> Option<Choice> {
        let names = &psu.buttons;
        let neutral = |part: &Part| {
            part.kind == Kind::Button && conduct::is_neutral(names, behaviour, |names| part.is_one_of(names))
        };
        let named = |names: &[String]| self.position(|part| part.is_pressed() && part.is_one_of(names));
        if let Some(part) = named(conduct::wanted(names, behaviour)) {
            return Some(Choice { part, acts: true, is_guess: false });
        }
        let way_back = || self.position(|part| part.leads().is_some_and(|url| is_answer(&url)));
        // Whoever is done takes the way back first, whoever is not takes it last.
        let step = named(&names.go_on).or_else(|| self.with_known_field(psu, neutral));
        let step = step.or_else(|| has_acted.then(way_back).flatten());
        let is_guess = step.is_none();
        let part = step.or_else(|| self.position(neutral)).or_else(way_back)?;
        Some(Choice { part, acts: false, is_guess })
    }

    /// The button of a form that asks for something that the customer knows; where it has none, the field itself.
    fn with_known_field(&self, psu: &Psu, neutral: impl Fn(&Part) -> bool) -> Option<usize> {
        let known = |part: &Part| psu.fields.keys().chain(psu.secrets.keys()).any(|name| part.is(name));
        let field = self.position(|part| !part.is_pressed() && known(part))?;
        let form = self.parts[field].form;
        let button = self.position(|part| part.form == form && neutral(part));
        let has_buttons = || self.parts.iter().any(|part| part.form == form && part.kind == Kind::Button);
        button.or_else(|| (self.parts[field].kind == Kind::Field && !has_buttons()).then_some(field))
    }

    fn position(&self, is: impl Fn(&Part) -> bool) -> Option<usize> {
        self.parts.iter().position(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(parts: &[(&str, &str, Option<usize>)]) -> Page {
        let part = |(kind, name, form): &(&str, &str, Option<usize>)| {
            let link = (*kind == "link").then(|| format!("https://tpp.example/{name}"));
            serde_json::json!({ "kind": kind, "names": [name], "form": form, "value": "", "chosen": false,
                "link": link, "element": null })
        };
        let parts: Vec<Value> = parts.iter().map(part).collect();
        let page = serde_json::json!({ "parts": parts, "url": "https://bank.example/login?s=1", "born": 1.5,
            "is_whole": true, "is_moving": true, "text": "" });
        serde_json::from_value(page).unwrap_or_else(|error| panic!("{error}"))
    }

    fn psu() -> Psu {
        let text = "fields = { user = \"max\" }\nsecrets = { pin = \"12345\" }\n[buttons]\ncontinue = [\"next\"]\n\
                    approve = [\"yes\"]\ndeny = [\"no\"]\ncancel = [\"leave\"]\n";
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn chosen(page: &Page, behaviour: Behaviour) -> Option<(usize, bool, bool)> {
        let choice = page.choose(&psu(), behaviour, false, |url| url.path() == "/back")?;
        Some((choice.part, choice.acts, choice.is_guess))
    }

    #[test]
    fn the_wanted_button_comes_first_then_the_way_on_then_a_form_that_is_known() {
        let decision = page(&[("button", "Next", None), ("button", "NO", None), ("button", "Yes", None)]);
        assert_eq!(chosen(&decision, Behaviour::Approve), Some((2, true, false)));
        assert_eq!(chosen(&decision, Behaviour::Deny), Some((1, true, false)));
        assert_eq!(chosen(&decision, Behaviour::Cancel), Some((0, false, false)));
        let login = page(&[("button", "Search", Some(0)), ("field", "pin", Some(1)), ("button", "Go", Some(1))]);
        assert_eq!(chosen(&login, Behaviour::Approve), Some((2, false, false)));
        let enter = page(&[("field", "pin", None)]);
        assert_eq!(chosen(&enter, Behaviour::Approve), Some((0, false, false)));
    }

    #[test]
    fn what_nobody_named_is_a_guess_and_a_way_out_is_never_guessed() {
        assert_eq!(chosen(&page(&[("button", "Continue", None)]), Behaviour::Approve), Some((0, false, true)));
        assert_eq!(chosen(&page(&[("button", "leave", None)]), Behaviour::Approve), None);
        assert_eq!(chosen(&page(&[("button", "yes", None)]), Behaviour::Deny), None);
        assert_eq!(
            chosen(&page(&[("link", "help", None), ("link", "back", None)]), Behaviour::Deny),
            Some((1, false, true))
        );
    }
}
