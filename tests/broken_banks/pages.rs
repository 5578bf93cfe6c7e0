//! Pages made to take a reader's time and memory: each is told by the bound that it passes, and accuses nobody.

use std::time::Duration;

use futures::{StreamExt, stream};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

use super::{
    AT_ONCE, answers,
    cases::Places,
    support::{self, Bank, judge},
};

/// Far more than such a page takes, and far less than it took, in seconds and in kB.
const HANG: Duration = Duration::from_secs(60);
const MEMORY: u64 = 400_000;

/// What a page is made of, how it is made, and the bound that is named; none where an honest page could be so.
type Hostile = (&'static str, fn(&str) -> String, Option<&'static str>);

fn numbered(count: usize, piece: &str) -> String {
    (0..count).map(|number| piece.replace('#', &number.to_string())).collect()
}

const HOSTILE: [Hostile; 19] = [
    (
        "forms of one id, and fields for each",
        |_| "<form id=a></form>".repeat(9_000) + &"<input form=a name=b>".repeat(9_000),
        Some("1000 forms"),
    ),
    ("as many as may be", |login| login.to_owned() + &forms_and_fields(900, 9_000), None),
    ("attributes of one tag", |login| format!("{login}<p{}>", numbered(50_000, " a#")), Some("500 attributes")),
    (
        "attributes of an end tag behind a quoted >",
        |login| format!("{login}</p x='>'{}>", numbered(50_000, " a#")),
        Some("500 attributes"),
    ),
    (
        "attributes behind what is no text inside of a picture",
        |login| format!("{login}<svg><title><p{}>", numbered(50_000, " a#")),
        Some("500 attributes"),
    ),
    (
        "attributes of many tags",
        |login| login.to_owned() + &format!("<p{}>", numbered(400, " a#")).repeat(400),
        Some("100000 attributes"),
    ),
    ("elements inside each other", |login| login.to_owned() + &"<div>".repeat(100_000), Some("1000 elements")),
    (
        "table cells inside each other, in a picture",
        |login| format!("{login}<svg>{}", "<td>".repeat(100_000)),
        Some("1000 elements"),
    ),
    (
        "end tags of what is not open",
        |login| login.to_owned() + &"<x>".repeat(900) + &"</y>".repeat(150_000),
        Some("5000000 elements"),
    ),
    ("bold paragraphs", |login| login.to_owned() + &numbered(15_000, "<b x=#><p>"), Some("100000 nodes")),
    (
        "bold text that is opened again in each paragraph",
        |login| {
            format!("{login}<p>{}</p>{}", numbered(9_000, "<b x=#><svg><desc></b></desc></svg>"), "<p>x".repeat(9_000))
        },
        Some("1000 elements"),
    ),
    (
        "links inside each other, with text in the innermost",
        |login| format!("{login}{}{}", "<a href=x><object>".repeat(200), "word ".repeat(100_000)),
        Some("8388608 octets of captions"),
    ),
    ("links", |login| login.to_owned() + &"<a href=x>y</a>".repeat(15_000), Some("5000 links")),
    (
        "a long base, and links",
        |login| format!("<base href=\"/{}/\">{login}{}", "x".repeat(300_000), "<a href=y>z</a>".repeat(4_000)),
        Some("8388608 octets of captions and addresses"),
    ),
    (
        "radio buttons of one name",
        |login| login.to_owned() + &"<input type=radio name=r>".repeat(15_000),
        Some("10000 fields"),
    ),
    (
        "selects of the same form",
        |login| login.to_owned() + &"<select name=s form=f></select>".repeat(11_000),
        Some("10000 fields"),
    ),
    ("options", |login| format!("{login}<select name=s>{}</select>", "<option>a".repeat(60_000)), Some("40000 tags")),
    ("half a million links that end at once", |login| login.to_owned() + &"<a>".repeat(300_000), Some("40000 tags")),
    ("text in a table", |login| format!("{login}<table>{}", "x<tr>y".repeat(15_000)), None),
];

/// Beside the form that is meant, so that the customer finds through.
fn forms_and_fields(forms: usize, fields: usize) -> String {
    "<form id=a action=/elsewhere></form>".repeat(forms) + &"<input form=a name=b>".repeat(fields)
}

async fn try_out((name, make, bound): Hostile) -> Vec<String> {
    let server = MockServer::start().await;
    let (door, base) = support::listener().await;
    support::terminate(door, *server.address());
    let places = Places { base: base.clone(), raw: String::new(), elsewhere: String::new(), plain: String::new() };
    let page = move |request: &Request| answers::html(make(&answers::form(request, "/login")));
    Mock::given(method("GET")).and(path("/authorize")).respond_with(page).mount(&server).await;
    let lawful = move |request: &Request| -> ResponseTemplate { answers::lawful(request, &places) };
    Mock::given(wiremock::matchers::any()).respond_with(lawful).mount(&server).await;
    let turn = AT_ONCE.acquire().await.unwrap();
    let judged = judge(&Bank::new(&base), &["FLOW-001", "AUTHZ-006", "AUTHZ-014", "AUTHZ-015"], HANG).await;
    drop(turn);
    let mut problems = judged.defects.clone();
    let flow = (judged.exit, judged.verdict("FLOW-001"), judged.reason("FLOW-001"));
    match bound {
        None if flow.1 != "pass" => problems.push(format!("{flow:?}")),
        Some(bound) if (flow.0, &*flow.1) != (3, "inconclusive") || !flow.2.contains(bound) => {
            problems.push(format!("expected inconclusive for more than {bound}: {flow:?} {}", judged.said));
        }
        _ => {}
    }
    if judged.accusing().iter().any(|check| check.starts_with("FLOW") || check == "AUTHZ-006") {
        problems.push(format!("it is accused by {:?}", judged.accusing()));
    }
    if judged.peak > MEMORY {
        problems.push(format!("it took {} kB", judged.peak));
    }
    problems.into_iter().map(|problem| format!("{name}: {problem:.900}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_pages() {
    let tried = stream::iter(HOSTILE.map(|hostile| tokio::spawn(try_out(hostile)))).buffer_unordered(HOSTILE.len());
    let problems: Vec<String> = tried.map(Result::unwrap).flat_map(stream::iter).collect().await;
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
