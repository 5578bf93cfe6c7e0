//! Whether a page can be read in time: a parser of HTML takes the square of its depth, and pages are foreign.

use std::collections::HashMap;

/// No honest page has more elements.
const TAGS: usize = 20_000;
/// No honest page has more elements open inside each other.
const DEPTH: usize = 2_000;
/// The same for [`FORMATTING`].
const FORMATTING_DEPTH: usize = 50;
/// Elements that a parser opens again in every paragraph until they are closed.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that never hold others, or end where the next one begins, so that their depth says nothing.
const SHALLOW: [&str; 32] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp",
    "html", "head", "body",
];
/// Elements that hold text alone, whatever it looks like.
const TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// The page is neither too large nor too deeply nested.
pub(super) fn is_readable(html: &str) -> bool {
    let (mut tags, mut depth, mut formatting) = (0_usize, 0_usize, 0_usize);
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut inside_text: Option<String> = None;
    for (closes, name) in html.split('<').skip(1).filter_map(tag) {
        if inside_text.as_ref().is_some_and(|text| !closes || *text != name) {
            continue;
        }
        inside_text = (!closes && TEXT.contains(&name.as_str())).then(|| name.clone());
        tags += usize::from(!closes);
        if SHALLOW.contains(&name.as_str()) || TEXT.contains(&name.as_str()) {
            continue;
        }
        let depth = if FORMATTING.contains(&name.as_str()) { &mut formatting } else { &mut depth };
        let count = open.entry(name).or_default();
        match closes {
            true if *count > 0 => (*count, *depth) = (*count - 1, *depth - 1),
            true => {}
            false => (*count, *depth) = (*count + 1, *depth + 1),
        }
        if *depth > DEPTH || formatting > FORMATTING_DEPTH {
            return false;
        }
    }
    tags <= TAGS
}

/// Whether a tag closes, and its name, from what stands behind its `<`.
fn tag(text: &str) -> Option<(bool, String)> {
    let (closes, text) = text.strip_prefix('/').map_or((false, text), |text| (true, text));
    let end = text.find(|character: char| character.is_ascii_whitespace() || matches!(character, '>' | '/'));
    let name = &text[..end.unwrap_or(text.len())];
    name.starts_with(|first: char| first.is_ascii_alphabetic()).then(|| (closes, name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_readable_and_bombs_are_not() {
        let countries = "<option>Land<li>x<p>y<br><img src=a>".repeat(1_000);
        let script = format!("<SCRIPT>{}</SCRIPT>", "for(;i<b.length;)a<i;".repeat(10_000));
        assert!(is_readable(&format!("<html><body>{script}<div><b>x</b></div>{countries}</body>")));
        assert!(is_readable(&"<div><b>x</b></div>".repeat(5_000)));
        assert!(is_readable("1 < 2 <> </ > <!-- <"));
        for bomb in ["<div>", "<b class=x><p>", "</b><b>x<i>", "<form><button>x</button></form>", "<br>"] {
            assert!(!is_readable(&bomb.repeat(30_000)), "{bomb}");
        }
    }
}
