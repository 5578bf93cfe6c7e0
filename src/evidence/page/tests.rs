use super::*;

fn passed(html: &str) -> Option<Bound> {
    read(html).err().map(|TooMuch(bound)| bound)
}

#[test]
fn ordinary_pages_are_read_as_the_parser_reads_them_whole() {
    let script = format!("<SCRIPT>{}'</div ' + x</SCRIPT>", "for(;i<b.length;)a<i;\"=\n".repeat(10_000));
    let rows = "<tr><td>ä<p>y<li>x<option>Land<br><img src='a>b' alt=\"<b\">&amp;&lt".repeat(300);
    let svg = format!("<svg><title>a<b>c</title><path d='{}'/></svg>", "M 1 2 ".repeat(5_000));
    let prose = "1 < 2 <> </ > <!-- <a x=' --> <![CDATA[ <b ' ]]> <textarea> </title </textarea  x> &am".repeat(50);
    for page in [script, format!("<table>{rows}"), svg, prose, "ü<ä>é</ö>".into(), String::new(), "<a x='".into()] {
        let page = format!("<!doctype html><title>&eacute;</title><body>{page}<p>end");
        assert_eq!(read(&page).map(|html| html.html()), Ok(Html::parse_document(&page).html()), "{page:.200}");
    }
}

/// One attribute after the other, each with a name of its own.
fn attributes(count: usize) -> String {
    (0..count).map(|number| format!(" a{number}")).collect()
}

#[test]
fn attributes_are_counted_wherever_a_tag_may_hide() {
    let many = attributes(3_000);
    assert_eq!(passed(&format!("<p{}>", attributes(500))), None);
    for hidden in [
        "<p$>",
        "</p$>",
        "<p/$",
        "<script></script $>",
        "<title>x</TITLE$>",
        "<svg><title><b$>",
        "<svg><style><b$>",
        "<math><![CDATA[ <a x=\" ]]><b$ y=\">",
        "<!-- <a x=\"--><b$ y=\"z\">",
        "&am<a x='>'$>",
        "<textarea>&am</textarea x='>'$>",
        "<a x='<'$>",
        "<a b==\" $ c=\"d\">",
        "<a b= \n 'x'$>",
        "<a b='x'c$>",
        "<a<b$>",
        "<iframe></iframe$>",
    ] {
        let page = hidden.replace('$', &many);
        assert_eq!(passed(&page), Some(Bound::AttributesOfATag), "{hidden}");
    }
    assert_eq!(passed(&format!("<p{}>", attributes(400)).repeat(300)), Some(Bound::Attributes));
    // What only looks like a tag is none.
    for harmless in ["<script>a<b$;</script>", "<style>'</div$</style>", "<!--$-->", "x$<p>", "<p x='$'>"] {
        assert_eq!(passed(&harmless.replace('$', &many)), None, "{harmless}");
    }
}

#[test]
fn what_a_parser_takes_the_square_of_is_bounded_however_it_is_made() {
    let numbered = |tag: &str| (0..15_000).map(|number| tag.replace('#', &number.to_string())).collect::<String>();
    for (bomb, bound) in [
        ("<div>".repeat(30_000), Bound::Open),
        ("<svg>".to_owned() + &"<td>".repeat(30_000), Bound::Open),
        ("<svg><title>".to_owned() + &"<div>".repeat(30_000), Bound::Open),
        ("<x>".repeat(900) + &"</y>".repeat(200_000), Bound::Compared),
        (numbered("<b class=c#><p>"), Bound::Nodes),
        (numbered("</b><b x=#>x<i>"), Bound::Open),
        // `</b>` closes nothing inside of a `<desc>`: each is opened again in every paragraph.
        (format!("<p>{}</p>{}", numbered("<b x=#><svg><desc></b></desc></svg>"), "<p>x".repeat(9_000)), Bound::Open),
        (format!("<p>{}{}", &numbered("<b x=#>")[..5_000], "</p><p>x".repeat(9_000)), Bound::Open),
        (numbered("<table><b x=#><tr>"), Bound::Nodes),
        ("<form><button>x</button></form>".repeat(30_000), Bound::Tags),
        ("<br>".repeat(100_000), Bound::Tags),
        ("x".repeat(2 << 20), Bound::Octets),
    ] {
        assert_eq!(passed(&bomb), Some(bound), "{bomb:.100}");
    }
    assert_eq!(passed(&"<a href=x>y".repeat(9_000)), None);
    assert_eq!(passed(&"<div><b>x</b></div>".repeat(9_000)), None);
    assert_eq!(passed(&format!("<html>{}", numbered("<body a#=1>"))), None);
}

#[test]
fn a_bound_that_is_passed_is_named() {
    assert_eq!(TooMuch(Bound::AttributesOfATag).to_string(), "it has more than 500 attributes in one tag");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_as_the_parser_reads_it_whole(page in "(<[/!]?(a|b|p|svg|title|script|textarea|table|td|!--|!\\[CDATA\\[)[^>]{0,9}>?|[^<]{0,6}|-->|]]>|&[a-z#0-9]{0,4};?){0,30}") {
        if let Ok(html) = read(&page) {
            assert_eq!(html.html(), Html::parse_document(&page).html());
        }
    }
}
