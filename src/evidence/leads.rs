//! Where a page leads whoever looks at it: its links, its forms that are sent by GET, and itself.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::page;

/// Every absolute address that the page leads to, forms with what their hidden fields hold; none where it cannot be read.
pub fn of(html: &str) -> Vec<Url> {
    let Ok(page) = page::read(html) else { return Vec::new() };
    let links: Vec<Url> =
        all(&page, "a[href]").into_iter().filter_map(|link| Url::parse(link.attr("href")?).ok()).collect();
    let refreshes: Vec<Url> = all(&page, "meta[http-equiv=refresh i]").into_iter().filter_map(refresh).collect();
    let forms: Vec<Url> = all(&page, "form[action]").into_iter().filter_map(form).collect();
    [links, refreshes, forms].concat()
}

fn all<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    Selector::parse(selector).map(|selector| page.select(&selector).collect()).unwrap_or_default()
}

fn refresh(meta: ElementRef<'_>) -> Option<Url> {
    let (_, to) = meta.attr("content")?.split_once('=')?;
    Url::parse(to.trim().trim_matches(['"', '\''])).ok()
}

fn form(form: ElementRef<'_>) -> Option<Url> {
    let is_post = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    let mut to = Url::parse(form.attr("action")?).ok().filter(|_| !is_post)?;
    let hidden = Selector::parse("input[type=hidden i][name]").ok()?;
    // A form may stand inside another one's unclosed button: a field belongs to the nearest.
    let is_own = |field: &ElementRef<'_>| {
        let mut forms = field.ancestors().filter_map(ElementRef::wrap).filter(|around| around.value().name() == "form");
        forms.next() == Some(form)
    };
    let fields =
        form.select(&hidden).filter(is_own).filter_map(|field| Some((field.attr("name")?, field.attr("value")?)));
    to.query_pairs_mut().clear().extend_pairs(fields);
    Some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_forms_and_the_page_itself_lead_somewhere() {
        let html = r#"<meta http-equiv="Refresh" content="0; url='https://tpp.example/cb?code=1&amp;iss=i'">
            <a href="https://tpp.example/cb?error=x&amp;state=a%26b">back</a><a href="/help">help</a>
            <form action="https://tpp.example/cb?lost=1"><input type=hidden name=code value="a b"><button name=x></form>
            <form method=post action="https://bank.example/login"><input type=hidden name=csrf value=1></form>"#;
        let told: Vec<String> = of(html).into_iter().map(String::from).collect();
        let expected = [
            "https://tpp.example/cb?error=x&state=a%26b",
            "https://tpp.example/cb?code=1&iss=i",
            "https://tpp.example/cb?code=a+b",
        ];
        assert_eq!(told, expected);
        assert_eq!(of("no page at all"), []);
    }
}
