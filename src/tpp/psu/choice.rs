//! What the customer does next on a page, by what the target file says of its buttons and fields.

use url::Url;

use super::{
    Behaviour, conduct,
    form::{Button, Form, Page},
};
use crate::targets::Psu;

/// What the customer does next.
pub(super) struct Choice {
    /// How.
    pub(super) step: Step,
    /// It is what the behaviour is about.
    pub(super) acts: bool,
    /// Nothing in the target file says that this is the way on.
    pub(super) is_guess: bool,
}

/// A step from a page.
pub(super) enum Step {
    /// Goes where a link or the page itself leads.
    Follow(Url),
    /// Fills in a form and sends it, by that button.
    Send(Box<Form>, Option<Button>),
}

impl Choice {
    /// What tells this step from others: a customer who takes it again and again gets nowhere.
    pub(super) fn mark(&self) -> String {
        match &self.step {
            Step::Follow(url) => url.to_string(),
            Step::Send(form, _) => {
                format!("{} {:?}", form.action.path(), form.fields.iter().map(|(name, _)| name).collect::<Vec<_>>())
            }
        }
    }
}

/// What the customer does on that page; `None` where it offers nothing. `is_way_out` tells an answer to the TPP.
pub(super) fn of(
    page: &Page,
    psu: &Psu,
    behaviour: Behaviour,
    has_acted: bool,
    is_way_out: impl Fn(&Url) -> bool,
) -> Option<Choice> {
    let names = &psu.buttons;
    let chooser = Chooser { page, psu, behaviour };
    let wanted =
        chooser.named(conduct::wanted(names, behaviour)).map(|step| Choice { step, acts: true, is_guess: false });
    wanted.or_else(|| {
        let way_back = || chooser.way_back(&is_way_out);
        // Whoever is done takes the way back first, whoever is not takes it last.
        let step = chooser.named(&names.go_on).or_else(|| chooser.with_known_field());
        let step = step.or_else(|| has_acted.then(way_back).flatten());
        let is_guess = step.is_none();
        let step = step.or_else(|| chooser.with_any_button()).or_else(way_back);
        let step = step.or_else(|| page.refresh.clone().map(Step::Follow)).or_else(|| chooser.only_form())?;
        Some(Choice { step, acts: false, is_guess })
    })
}

struct Chooser<'a> {
    page: &'a Page,
    psu: &'a Psu,
    behaviour: Behaviour,
}

impl Chooser<'_> {
    /// A button or a link of one of these names.
    fn named(&self, names: &[String]) -> Option<Step> {
        let buttons = self.page.forms.iter().flat_map(|form| form.buttons.iter().map(move |button| (form, button)));
        let button = buttons.into_iter().find(|(_, button)| button.is_one_of(names));
        let link = || self.page.links.iter().find(|link| link.is_one_of(names)).and_then(|link| link.link.clone());
        button
            .map(|(form, button)| Step::Send(Box::new(form.clone()), Some(button.clone())))
            .or_else(|| link().map(Step::Follow))
    }

    /// A form that asks for something that the customer knows, and its first button that says neither yes nor no.
    fn with_known_field(&self) -> Option<Step> {
        let known: Vec<&String> = self.psu.fields.keys().chain(self.psu.secrets.keys()).collect();
        let form = self.page.forms.iter().find(|form| known.iter().any(|field| form.has(field)))?;
        let button = form.buttons.iter().find(|button| self.is_neutral(button));
        (button.is_some() || form.buttons.is_empty()).then(|| Step::Send(Box::new(form.clone()), button.cloned()))
    }

    fn with_any_button(&self) -> Option<Step> {
        let buttons = self.page.forms.iter().flat_map(|form| form.buttons.iter().map(move |button| (form, button)));
        let (form, button) = buttons.into_iter().find(|(_, button)| self.is_neutral(button))?;
        Some(Step::Send(Box::new(form.clone()), Some(button.clone())))
    }

    fn is_neutral(&self, button: &Button) -> bool {
        conduct::is_neutral(&self.psu.buttons, self.behaviour, |names| button.is_one_of(names))
    }

    /// A link or a form that leads back to the TPP.
    fn way_back(&self, is_way_out: &impl Fn(&Url) -> bool) -> Option<Step> {
        let mut links = self.page.links.iter().filter_map(|link| link.link.as_ref());
        let link = links.find(|url| is_way_out(url)).cloned().map(Step::Follow);
        let form = || self.page.forms.iter().find(|form| is_way_out(&form.sent()));
        link.or_else(|| form().map(|form| Step::Send(Box::new(form.clone()), form.buttons.first().cloned())))
    }

    /// A page that sends its only form by script has no button for it.
    fn only_form(&self) -> Option<Step> {
        match &self.page.forms[..] {
            [form] if form.buttons.is_empty() => Some(Step::Send(Box::new(form.clone()), None)),
            _ => None,
        }
    }
}
