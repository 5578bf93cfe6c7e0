//! Forms as a browser reads them, from whatever HTML a bank sends.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::size;

/// A form of a page.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// Where it goes.
    pub(super) action: Url,
    /// It is sent by POST.
    pub(super) post: bool,
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

/// Reads a page that was fetched from `at`; `None` where it is too large, or too deeply nested, to be read in time.
pub(super) fn read(html: &str, at: &Url) -> Option<Page> {
    if !size::is_readable(html) {
        return None;
    }
    let document = Html::parse_document(html);
    let base = select(&document, "base[href]").first().and_then(|base| at.join(base.attr("href")?).ok());
    let base = base.unwrap_or_else(|| at.clone());
    let mut forms: Vec<Form> =
        select(&document, "form").into_iter().filter_map(|form| read_form(&document, form, at, &base)).collect();
    if let [only] = &mut forms[..]
        && only.is_empty()
    {
        // A form that begins inside a table ends there for the parser; a browser still gives it what follows.
        only.fill(select(&document, PARTS), &base);
    }
    let links = select(&document, "a[href]").into_iter().filter_map(|link| read_link(link, &base)).collect();
    let refresh = select(&document, "meta[http-equiv][content]").into_iter().find_map(|meta| read_refresh(meta, at));
    Some(Page { forms, links, refresh })
}

const PARTS: &str = "input, select, textarea, button";

fn read_form(document: &Html, form: ElementRef<'_>, at: &Url, base: &Url) -> Option<Form> {
    let action = match form.attr("action").unwrap_or_default() {
        "" => at.clone(),
        // A form that a script sends goes nowhere without one.
        action => base.join(action).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?,
    };
    let mut read =
        Form { action, post: is_post(form.attr("method")), fields: vec![], choices: vec![], buttons: vec![] };
    let own = form.attr("id").filter(|id| !id.is_empty());
    let of_another = |part: &ElementRef<'_>| part.attr("form").is_some_and(|id| Some(id) != own);
    let mut parts = inside(form, PARTS);
    parts.retain(|part| !of_another(part));
    if let Some(id) = own {
        let by_name = select(document, "[form]").into_iter().filter(|part| part.attr("form") == Some(id));
        parts.extend(by_name.filter(|part| !part.ancestors().any(|above| above.id() == form.id())));
    }
    read.fill(parts, base);
    Some(read)
}

impl Form {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.choices.is_empty() && self.buttons.is_empty()
    }

    fn fill(&mut self, parts: Vec<ElementRef<'_>>, base: &Url) {
        for part in parts.into_iter().filter(|part| part.attr("disabled").is_none()) {
            let kind = part.attr("type").unwrap_or_default().to_ascii_lowercase();
            match (part.value().name(), kind.as_str()) {
                ("button", "" | "submit") | ("input", "submit" | "image") => self.buttons.push(button(part, base)),
                ("button", _) | ("input", "button" | "reset" | "file") => {}
                ("input", "checkbox" | "radio") if part.attr("checked").is_none() => {
                    self.choices.extend(part.attr("name").map(str::to_owned));
                }
                _ => self.fields.extend(field(part, &kind)),
            }
        }
    }
}

fn field(element: ElementRef<'_>, kind: &str) -> Option<(String, String)> {
    let name = element.attr("name")?.to_owned();
    let value = match (element.value().name(), kind) {
        ("input", "checkbox" | "radio") => element.attr("value").unwrap_or("on").to_owned(),
        ("select", _) => {
            let mut options = inside(element, "option");
            options.retain(|option| option.attr("disabled").is_none());
            let option = options.iter().find(|option| option.attr("selected").is_some()).or(options.first())?;
            option.attr("value").map_or_else(|| text(*option), str::to_owned)
        }
        ("textarea", _) => element.text().collect(),
        _ => element.attr("value").unwrap_or_default().to_owned(),
    };
    Some((name, value))
}

fn button(element: ElementRef<'_>, base: &Url) -> Button {
    let attribute = |name| element.attr(name).unwrap_or_default().to_owned();
    let field = element.attr("name").map(|name| (name.to_owned(), attribute("value")));
    let names = [attribute("value"), attribute("name"), attribute("id"), text(element)];
    Button {
        field,
        action: element.attr("formaction").and_then(|action| base.join(action).ok()),
        post: element.attr("formmethod").map(|method| is_post(Some(method))),
        names: names.into_iter().filter(|name| !name.is_empty()).collect(),
        link: None,
    }
}

fn is_post(method: Option<&str>) -> bool {
    method.is_some_and(|method| method.eq_ignore_ascii_case("post"))
}

fn read_link(link: ElementRef<'_>, base: &Url) -> Option<Button> {
    let target = base.join(link.attr("href")?).ok().filter(|url| url.scheme() == "https")?;
    let names = [link.attr("id").unwrap_or_default().to_owned(), text(link)];
    let names = names.into_iter().filter(|name| !name.is_empty()).collect();
    Some(Button { field: None, action: None, post: None, names, link: Some(target) })
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

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn select<'a>(document: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| document.select(&selector).collect()).unwrap_or_default()
}

fn inside<'a>(element: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(css).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        Url::parse("https://bank.example/login").ok().and_then(|at| read(html, &at)).unwrap_or_default()
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

    proptest::proptest! {
        #[test]
        fn no_html_makes_it_panic(html in "(<(form|input|button|select|a)[^>]{0,30}>|[^<]{0,10}|</form>){0,20}") {
            page(&html);
        }
    }
}
