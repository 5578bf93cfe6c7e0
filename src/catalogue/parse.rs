//! From a feature file to checks.

use std::path::Path;

use cucumber::{
    feature::Ext,
    gherkin::{self, GherkinEnv},
};

use super::{CatalogueError, Check, Level, Row};

/// The checks of one feature file.
pub(super) fn feature(path: &Path, text: &str) -> Result<Vec<Check>, CatalogueError> {
    let problem = |line, problem: String| CatalogueError { path: path.to_owned(), line, problem };
    let mut feature = gherkin::Feature::parse(text, GherkinEnv::default())
        .map_err(|error| not_understood(path, &error.to_string()))?;
    if let Some(background) = &feature.background {
        let mend = "a Background is not supported: write its steps in each scenario, which is shown whole in reports";
        return Err(problem(Some(background.position.line), mend.into()));
    }
    if let Some(rule) = feature.rules.first() {
        let mend = "a Rule is not supported: write its scenarios in the feature itself";
        return Err(problem(Some(rule.position.line), mend.into()));
    }
    feature.path = Some(path.to_owned());
    let scenarios = std::mem::take(&mut feature.scenarios);
    scenarios.into_iter().map(|scenario| check(&feature, scenario, path)).collect()
}

/// `Error at 3:5: {"…"}` is all that the parser says.
fn not_understood(path: &Path, error: &str) -> CatalogueError {
    let place = error.strip_prefix("Error at ").and_then(|rest| rest.split_once(": "));
    let line = place.and_then(|(place, _)| place.split(':').next()?.parse().ok());
    let mut expected: Vec<&str> = place.map_or(Vec::new(), |(_, list)| list.split('"').skip(1).step_by(2).collect());
    expected.sort_unstable();
    let expected = if expected.is_empty() { error.to_owned() } else { format!("expected {}", expected.join(" or ")) };
    let mend =
        "write a Feature with Scenarios, each of Given, When and Then, as `bankproof explain PKCE-003` shows one";
    CatalogueError { path: path.to_owned(), line, problem: format!("is no Gherkin: {expected}\n  mend: {mend}") }
}

fn check(feature: &gherkin::Feature, scenario: gherkin::Scenario, path: &Path) -> Result<Check, CatalogueError> {
    let line = scenario.position.line;
    let problem =
        |problem: &str| CatalogueError { path: path.to_owned(), line: Some(line), problem: problem.to_owned() };
    let tags: Vec<String> = feature.tags.iter().chain(&scenario.tags).cloned().collect();
    let id = tags.iter().find(|tag| is_id(tag)).cloned();
    let id = id.ok_or_else(|| problem("the scenario has no id: add a tag such as @PKCE-003"))?;
    let levels: Vec<Level> = tags.iter().filter_map(|tag| level(tag)).collect();
    let [own_level] = levels[..] else {
        return Err(problem("the scenario needs exactly one level: add one of @must, @should, @may"));
    };
    let raised =
        tags.iter().filter_map(|tag| tag.split_once(':')).filter_map(|(word, by)| Some((level(word)?, by.to_owned())));
    Ok(Check {
        id,
        title: scenario.name.split(": <").next().unwrap_or_default().to_owned(),
        description: in_one_line(scenario.description.as_deref().unwrap_or_default()),
        level: own_level,
        raised: raised.collect(),
        feature: feature.name.clone(),
        path: path.to_string_lossy().into_owned(),
        line,
        own: false,
        steps: scenario.steps.iter().map(|step| format!("{} {}", step.keyword.trim(), step.value)).collect(),
        rows: rows(feature, scenario, path)?,
        tags: tags.into_iter().filter(|tag| !is_template(tag)).collect(),
    })
}

fn rows(feature: &gherkin::Feature, scenario: gherkin::Scenario, path: &Path) -> Result<Vec<Row>, CatalogueError> {
    let is_outline = !scenario.examples.is_empty();
    let (line, own_tags) = (scenario.position.line, scenario.tags.clone());
    let values = values(&scenario);
    let single = gherkin::Feature { scenarios: one_by_one(scenario), ..feature.clone() };
    let expanded = single.expand_examples().map_err(|error| CatalogueError {
        path: path.to_owned(),
        line: Some(line),
        problem: format!("the outline cannot be expanded: {error}"),
    })?;
    let own = |scenario: &gherkin::Scenario, index: usize, kind: &str| -> Vec<String> {
        let at_examples = scenario.tags.iter().skip(own_tags.len()).cloned();
        let filled = own_tags.iter().filter(|tag| is_template(tag)).map(|tag| fill_in(tag, values.get(index)));
        at_examples.chain(filled).filter_map(|tag| tag.strip_prefix(kind).map(str::to_owned)).collect()
    };
    let row = |(index, scenario): (usize, gherkin::Scenario)| Row {
        name: match scenario.name.split_once(": ") {
            Some((_, name)) if is_outline => name.to_owned(),
            _ => String::new(),
        },
        needs: own(&scenario, index, "needs:"),
        faults: own(&scenario, index, "fault:"),
        // Said of the check already: ten thousand rows need not say it each.
        scenario: gherkin::Scenario { description: None, examples: Vec::new(), ..scenario },
    };
    Ok(expanded.scenarios.into_iter().enumerate().map(row).collect())
}

/// An outline for each row: the engine copies all the rows of an outline for every one of them.
fn one_by_one(mut outline: gherkin::Scenario) -> Vec<gherkin::Scenario> {
    if outline.examples.is_empty() {
        return vec![outline];
    }
    let examples = std::mem::take(&mut outline.examples);
    examples
        .into_iter()
        .flat_map(with_one_row)
        .map(|row| gherkin::Scenario { examples: vec![row], ..outline.clone() })
        .collect()
}

fn with_one_row(mut examples: gherkin::Examples) -> Vec<gherkin::Examples> {
    let Some(table) = examples.table.take() else { return Vec::new() };
    let Some((header, rows)) = table.rows.split_first() else { return Vec::new() };
    let alone = |(index, row): (usize, &Vec<String>)| {
        let mut alone = examples.clone();
        alone.table = Some(gherkin::Table { rows: vec![header.clone(), row.clone()], ..table });
        // The engine counts from here which line a row is in.
        alone.position.line += index;
        alone
    };
    rows.iter().enumerate().map(alone).collect()
}

/// A tag that means another thing in each row of an outline: `needs:bad-certificate:<defect>`.
fn is_template(tag: &str) -> bool {
    tag.contains('<')
}

/// A row's values by the names of its columns.
type Values = Vec<(String, String)>;

/// The values of each row, in the order in which an outline is expanded.
fn values(outline: &gherkin::Scenario) -> Vec<Values> {
    let tables = outline.examples.iter().filter_map(|examples| examples.table.as_ref()?.rows.split_first());
    let rows =
        tables.flat_map(|(header, rows)| rows.iter().map(move |row| header.iter().cloned().zip(row.iter().cloned())));
    rows.map(Iterator::collect).collect()
}

fn fill_in(template: &str, values: Option<&Values>) -> String {
    let values = values.into_iter().flatten();
    values.fold(template.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

fn level(tag: &str) -> Option<Level> {
    match tag {
        "must" => Some(Level::Must),
        "should" => Some(Level::Should),
        "may" => Some(Level::May),
        _ => None,
    }
}

/// `PKCE-003`: capitals, a hyphen, digits.
fn is_id(tag: &str) -> bool {
    tag.split_once('-').is_some_and(|(area, number)| {
        !area.is_empty()
            && area.chars().all(|character| character.is_ascii_uppercase())
            && number.len() == 3
            && number.chars().all(|character| character.is_ascii_digit())
    })
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
