//! Fuzzing of the reader of forms, for a bounded time: pages of `tests/corpus/pages` are mutated, and those that read in a
//! new way are mutated further. `BANKPROOF_FUZZ_SECONDS` says for how long (one second unless set); `BANKPROOF_FUZZ_SEED`
//! repeats a session.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;

/// No input grows over this, in octets, and so many are kept.
const LARGEST: usize = 20_000;
const KEPT: usize = 400;
/// What parsers stumble over.
const PIECES: [&str; 40] = [
    "<form>",
    "</form>",
    "<form id=a>",
    "<form action=/x>",
    "<input name=a form=a>",
    "<input type=radio name=r>",
    "<button>",
    "</button>",
    "<button formaction=y>",
    "<select name=s>",
    "<option>",
    "<option selected>",
    "</select>",
    "<textarea name=t>",
    "</textarea>",
    "<a href=z>",
    "</a>",
    "<base href=//b>",
    "<table>",
    "<tr><td>",
    "</table>",
    "<b x=1>",
    "</b>",
    "<p>",
    "<svg>",
    "<title>",
    "</title>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<template>",
    "</template>",
    "'",
    "\"",
    "=",
    ">",
    "&#x3C;",
];

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/pages");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// How a page reads: the numbers of what it has. Whatever it is, each part belongs to one form, and all is from the page.
fn target(html: &str) -> Vec<usize> {
    let at = Url::parse("https://bank.example/login?x=1").unwrap();
    let Ok(page) = read(html, &at) else { return Vec::new() };
    let of_forms = |count: fn(&Form) -> usize| page.forms.iter().map(count).sum::<usize>();
    let fields = of_forms(|form| form.fields.len() + form.choices.len() + form.buttons.len());
    assert!(fields <= html.matches('<').count(), "a part belongs to several forms");
    assert!(page.forms.iter().all(|form| matches!(form.action.scheme(), "https" | "http")));
    assert!(page.links.iter().all(|link| link.link.as_ref().is_some_and(|url| url.scheme() == "https")));
    let written = page.forms.iter().flat_map(|form| &form.buttons).chain(&page.links).flat_map(|button| &button.names);
    assert!(written.map(String::len).sum::<usize>() <= 16 * 1024 * 1024);
    let posts = page.forms.iter().filter(|form| form.post).count();
    vec![page.forms.len(), posts, fields, page.links.len(), page.refresh.iter().len()]
}

fn mutate(random: &mut StdRng, input: &mut String, other: &str) {
    let place = |random: &mut StdRng, text: &str| {
        let at = random.random_range(0..=text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let (a, b) = (place(random, input), place(random, input));
    let (from, until) = (a.min(b), a.max(b).min(a.min(b) + 60));
    let until = (from..=until).rev().find(|at| input.is_char_boundary(*at)).unwrap_or(from);
    match random.random_range(0..6) {
        0 | 1 => input.insert_str(from, PIECES[random.random_range(0..PIECES.len())]),
        2 => input.replace_range(from..until, ""),
        3 => input.insert(from, random.random()),
        4 => {
            let copy = input[from..until].repeat(random.random_range(1..40));
            input.insert_str(from, &copy);
        }
        _ => {
            let at = place(random, other);
            input.insert_str(from, &other[at..]);
        }
    }
    let end = (0..=LARGEST.min(input.len())).rev().find(|at| input.is_char_boundary(*at)).unwrap_or(0);
    input.truncate(end);
}

#[test]
fn no_page_makes_the_reader_panic_for_a_while() {
    let seed = number("BANKPROOF_FUZZ_SEED").unwrap_or_else(rand::random);
    let mut random = StdRng::seed_from_u64(seed);
    let mut inputs = corpus();
    assert!(inputs.len() >= 5, "the corpus is gone");
    let mut seen: HashSet<Vec<usize>> = inputs.iter().map(|input| target(input)).collect();
    let end = Instant::now() + Duration::from_secs(number("BANKPROOF_FUZZ_SECONDS").unwrap_or(1));
    let mut count = 0_u64;
    while Instant::now() < end {
        let mut input = inputs[random.random_range(0..inputs.len())].clone();
        let other = inputs[random.random_range(0..inputs.len())].clone();
        (0..random.random_range(1..6)).for_each(|_| mutate(&mut random, &mut input, &other));
        let read = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let read = read.unwrap_or_else(|_| panic!("seed {seed}: this page panics: {input:?}"));
        count += 1;
        if inputs.len() < KEPT && seen.insert(read) {
            inputs.push(input);
        }
    }
    assert!(count > 0 && seen.len() > 5, "seed {seed}: {count} pages, and {} ways to read them", seen.len());
}
