//! Forms as a browser reads them, from whatever HTML a bank sends.

mod pass;

use std::ops::Range;

use scraper::ElementRef;
use url::Url;

use super::encoding::Encoding;
use crate::{
    evidence::page::{self, Bound, TooMuch},
    tpp::Trouble,
};
use pass::{Part, Pass};

/// A form of a page.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// Where it goes.
    pub(super) action: Url,
    /// It is sent by POST.
    pub(super) post: bool,
    /// How it is packed.
    pub(super) encoding: Encoding,
    /// Its fields and what they hold.
    pub(super) fields: Vec<(String, String)>,
    /// Radio buttons and boxes that are not chosen, by name.
    pub(super) choices: Vec<String>,
    /// Its buttons.
    pub(super) buttons: Vec<Button>,
}

/// A button of a form, or a link that looks like one.
#[derive(Clone, Debug)]
pub(super) struct Button {
    /// What pressing it adds to the form.
    pub(super) field: Option<(String, String)>,
    /// Where it sends its form, if not where the form says.
    pub(super) action: Option<Url>,
    /// Whether it sends its form by POST, if it says so.
    pub(super) post: Option<bool>,
    /// How its form is packed, if it says so.
    pub(super) encoding: Option<Encoding>,
    /// All that it can be known by: value, name, id, caption.
    names: Vec<String>,
    /// Where it leads by itself, if it is a link.
    pub(super) link: Option<Url>,
}

/// What a page offers.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Its forms, in order.
    pub(super) forms: Vec<Form>,
    /// Its links.
    pub(super) links: Vec<Button>,
    /// Where it leads by itself (`<meta http-equiv="refresh">`).
    pub(super) refresh: Option<Url>,
    /// What it says of the `Referer` (`<meta name="referrer">`), in order.
    pub(super) referrer_policies: Vec<String>,
}

impl Button {
    /// It is known by one of these names, in any case.
    pub(super) fn is_one_of(&self, names: &[String]) -> bool {
        self.names.iter().any(|own| names.iter().any(|name| own.eq_ignore_ascii_case(name)))
    }
}

impl Form {
    /// The address that it leads to with what its fields hold.
    pub(super) fn sent(&self) -> Url {
        let mut url = self.action.clone();
        url.query_pairs_mut().extend_pairs(&self.fields);
        url
    }

    /// It has a field of that name.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|(name, _)| name == field) || self.choices.iter().any(|name| name == field)
    }
}

/// Reads a page that was fetched from `at`.
///
/// # Errors
/// It has more of something than any honest page.
pub(super) fn read(html: &str, at: &Url) -> Result<Page, TooMuch> {
    let document = page::read(html)?;
    let pass = Pass::over(&document)?;
    let mut reader = Reader { at, base: at.clone(), text: &pass.text, written: 0 };
    if let Some(base) = pass.base.and_then(|base| at.join(base).ok()) {
        reader.base = base;
    }
    let mut forms = Vec::with_capacity(pass.forms.len());
    for form in &pass.forms {
        forms.push(reader.form(*form)?);
    }
    let mut of_nobody = Vec::new();
    for part in &pass.parts {
        match pass.owner(part) {
            Some(owner) => {
                if let Some(form) = &mut forms[owner] {
                    reader.fill(form, part)?;
                }
            }
            None => of_nobody.push(part),
        }
    }
    let mut forms: Vec<Form> = forms.into_iter().flatten().collect();
    if let [only] = &mut forms[..]
        && only.is_empty()
    {
        // A form that begins inside a table ends there for the parser; a browser still gives it what follows.
        for part in of_nobody {
            reader.fill(only, part)?;
        }
    }
    let mut links = Vec::new();
    for (link, caption) in &pass.links {
        links.extend(reader.link(*link, caption)?);
    }
    let refresh = pass.metas.iter().find_map(|meta| read_refresh(*meta, at));
    let is_policy = |meta: &ElementRef<'_>| meta.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("referrer"));
    let policies = pass.metas.iter().filter(|meta| is_policy(meta)).filter_map(|meta| meta.attr("content"));
    let referrer_policies = policies.map(str::to_owned).collect();
    Ok(Page { forms, links, refresh, referrer_policies })
}

/// What becomes of a customer before such a page.
pub(super) fn not_readable(at: &Url, too_much: TooMuch) -> Trouble {
    Trouble::Prerequisite(format!("the page {} cannot be read: {too_much}, and no honest page has", at.path()))
}

impl Form {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.choices.is_empty() && self.buttons.is_empty()
    }
}

/// Makes forms and links of elements.
struct Reader<'a> {
    at: &'a Url,
    base: Url,
    /// What the whole page says.
    text: &'a str,
    /// So many octets of captions and addresses so far.
    written: usize,
}

impl Reader<'_> {
    fn form(&mut self, form: ElementRef<'_>) -> Result<Option<Form>, TooMuch> {
        let action = match form.attr("action").unwrap_or_default() {
            "" => Some(self.at.clone()),
            action => self.join(action)?,
        };
        self.writes(action.as_ref().map_or(0, |action| action.as_str().len()))?;
        // A form that a script sends goes nowhere without one.
        let action = action.filter(|url| matches!(url.scheme(), "https" | "http"));
        let (post, fields, choices, buttons) = (is_post(form.attr("method")), vec![], vec![], vec![]);
        let encoding = Encoding::of(form.attr("enctype").unwrap_or_default());
        Ok(action.map(|action| Form { action, post, encoding, fields, choices, buttons }))
    }

    fn fill(&mut self, form: &mut Form, part: &Part<'_>) -> Result<(), TooMuch> {
        let element = part.element;
        if element.attr("disabled").is_some() {
            return Ok(());
        }
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        match (element.value().name(), kind.as_str()) {
            ("button", "" | "submit") | ("input", "submit" | "image") => form.buttons.push(self.button(part)?),
            ("button", _) | ("input", "button" | "reset" | "file") => {}
            ("input", "checkbox" | "radio") if element.attr("checked").is_none() => {
                form.choices.extend(element.attr("name").map(str::to_owned));
            }
            _ => form.fields.extend(self.field(part, &kind)?),
        }
        Ok(())
    }

    fn field(&mut self, part: &Part<'_>, kind: &str) -> Result<Option<(String, String)>, TooMuch> {
        let element = part.element;
        let Some(name) = element.attr("name") else { return Ok(None) };
        let value = match (element.value().name(), kind) {
            ("input", "checkbox" | "radio") => element.attr("value").unwrap_or("on").to_owned(),
            ("select", _) => match part.chosen() {
                None => return Ok(None),
                Some((option, caption)) => match option.attr("value") {
                    Some(value) => value.to_owned(),
                    None => self.caption(caption)?,
                },
            },
            ("textarea", _) => self.said(&part.text)?.to_owned(),
            _ => element.attr("value").unwrap_or_default().to_owned(),
        };
        Ok(Some((name.to_owned(), value)))
    }

    fn button(&mut self, part: &Part<'_>) -> Result<Button, TooMuch> {
        let element = part.element;
        let attribute = |name| element.attr(name).unwrap_or_default().to_owned();
        let field = element.attr("name").map(|name| (name.to_owned(), attribute("value")));
        let names = [attribute("value"), attribute("name"), attribute("id"), self.caption(&part.text)?];
        Ok(Button {
            field,
            action: element.attr("formaction").map_or(Ok(None), |action| self.join(action))?,
            post: element.attr("formmethod").map(|method| is_post(Some(method))),
            encoding: element.attr("formenctype").map(Encoding::of),
            names: names.into_iter().filter(|name| !name.is_empty()).collect(),
            link: None,
        })
    }

    fn link(&mut self, link: ElementRef<'_>, caption: &Range<usize>) -> Result<Option<Button>, TooMuch> {
        let target = self.join(link.attr("href").unwrap_or_default())?.filter(|url| url.scheme() == "https");
        let names = [link.attr("id").unwrap_or_default().to_owned(), self.caption(caption)?];
        let names = names.into_iter().filter(|name| !name.is_empty()).collect();
        Ok(target.map(|target| Button {
            field: None,
            action: None,
            post: None,
            encoding: None,
            names,
            link: Some(target),
        }))
    }

    fn join(&mut self, address: &str) -> Result<Option<Url>, TooMuch> {
        let url = self.base.join(address).ok();
        self.writes(url.as_ref().map_or(0, |url| url.as_str().len()))?;
        Ok(url)
    }

    fn said(&mut self, range: &Range<usize>) -> Result<&str, TooMuch> {
        self.writes(range.len())?;
        Ok(self.text.get(range.clone()).unwrap_or_default())
    }

    /// The same with single spaces.
    fn caption(&mut self, range: &Range<usize>) -> Result<String, TooMuch> {
        Ok(self.said(range)?.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn writes(&mut self, octets: usize) -> Result<(), TooMuch> {
        self.written += octets;
        Bound::WrittenOut.holds(self.written)
    }
}

fn is_post(method: Option<&str>) -> bool {
    method.is_some_and(|method| method.eq_ignore_ascii_case("post"))
}

/// `3; url='/next'`; without an address the page leads to itself.
fn read_refresh(meta: ElementRef<'_>, at: &Url) -> Option<Url> {
    meta.attr("http-equiv").filter(|kind| kind.eq_ignore_ascii_case("refresh"))?;
    let content = meta.attr("content")?;
    let Some((_, target)) = content.split_once([';', ',']) else { return Some(at.clone()) };
    let target = target.trim();
    let named = target.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("url"));
    let target = if named { target[3..].trim_start().strip_prefix('=').unwrap_or(target) } else { target };
    at.join(target.trim().trim_matches(['"', '\''])).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, in its helpers too")]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        tried(html).unwrap_or_default()
    }

    fn tried(html: &str) -> Result<Page, TooMuch> {
        Url::parse("https://bank.example/login").map_or_else(|_| Ok(Page::default()), |at| read(html, &at))
    }

    #[test]
    fn reads_fields_buttons_and_links_as_a_browser_does() {
        let page = page(
            r#"<form method=POST action="/next"><input name=u value=a><input type=checkbox name=c>
            <input type=hidden name=h value="&quot;x"><select name=s><option value=1>one<option value=2 selected>two</select>
            <button name=go value=yes>Go  on</button><input type=submit id=no value=No></form><a id=out href="/out">Leave</a>"#,
        );
        let form = &page.forms[0];
        assert!(form.post && form.action.path() == "/next");
        let fields = [("u", "a"), ("h", "\"x"), ("s", "2")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(form.fields, fields);
        assert!(form.buttons[0].is_one_of(&["go on".into()]) && form.buttons[1].is_one_of(&["no".into()]));
        assert!(page.links[0].is_one_of(&["leave".into()]));
    }

    #[test]
    fn reads_what_browsers_also_know() {
        let page = page(
            r#"<base href="https://bank.example/sca/"><meta http-equiv=Refresh content="5; URL='later?x=1'">
            <form id=f action=next><input name=a value=1 disabled><input type=radio name=r value=1>
            <button formaction=/other formmethod=post>Agree</button><button type=button>Decoy</button></form>
            <input form=f name=b value=2><table><tr><td><button form=f name=c>Far</button></table>"#,
        );
        let form = &page.forms[0];
        assert_eq!((form.action.path(), form.post), ("/sca/next", false));
        assert_eq!(form.fields, [("b".to_owned(), "2".to_owned())]);
        assert!(form.has("r") && !form.has("a"));
        assert_eq!(form.buttons.len(), 2);
        assert_eq!(form.buttons[0].action.as_ref().map(Url::path), Some("/other"));
        assert_eq!(page.refresh.map(String::from), Some("https://bank.example/later?x=1".to_owned()));
    }

    #[test]
    fn a_form_in_a_table_keeps_its_fields() {
        let page = page("<table><form action=/a><tr><td><input name=u><button>Go</button></td></tr></form></table>");
        assert!(page.forms[0].has("u") && page.forms[0].buttons.len() == 1);
    }

    #[test]
    fn a_part_belongs_to_the_first_form_of_the_id_that_it_names() {
        let page = page(
            "<input form=b name=1><form id=a action=/1></form><form id=a action=/2><input form=a name=2><input name=3>\
             <input form=c name=4></form><form id=b action=/3><form id=b><button form=a>5</button>",
        );
        let names = |form: &Form| form.fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(page.forms.iter().map(names).collect::<Vec<_>>(), [vec!["2"], vec!["3"], vec!["1"]]);
        assert_eq!(page.forms[0].buttons.len(), 1);
    }

    #[test]
    fn captions_are_told_to_whatever_they_are_inside_of() {
        let page = page("<a href=/x>a <object><a href=/y>b</a></object> c</a><form><button>d<i> e</i></button></form>");
        assert!(page.links[0].is_one_of(&["a b c".into()]) && page.links[1].is_one_of(&["b".into()]));
        assert!(page.forms[0].buttons[0].is_one_of(&["d e".into()]));
    }

    #[test]
    fn what_is_far_beyond_an_honest_page_is_not_read() {
        let links = format!("{}{}", "<a href=x><object>".repeat(200), "word ".repeat(100_000));
        let base = format!("<base href='/{}/'>{}", "x".repeat(300_000), "<a href=y>".repeat(100));
        for (page, bound) in [
            ("<form id=a></form>".repeat(1_001), Bound::Forms),
            ("<input type=radio name=r>".repeat(10_001), Bound::Parts),
            ("<a href=x>".repeat(5_001), Bound::Links),
            (links, Bound::WrittenOut),
            (base, Bound::WrittenOut),
        ] {
            assert_eq!(tried(&page).err(), Some(TooMuch(bound)), "{page:.50}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_html_makes_it_panic(html in "(<(form|input|button|select|a)[^>]{0,30}>|[^<]{0,10}|</form>){0,20}") {
            page(&html);
        }
    }
}
