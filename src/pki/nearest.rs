//! What somebody may have meant: the names of a table that look most like a word.

/// The three names that look most like this one, each in quotes.
pub fn nearest<'a>(asked: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<_> = names.map(|name| (distance(asked, name), name)).collect();
    names.sort_unstable();
    names.into_iter().take(3).map(|(_, name)| format!("\"{name}\"")).collect()
}

/// How many letters must be added, dropped or changed to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut above_left = line;
        let mut left = line + 1;
        for (cell, other) in row.iter_mut().zip(std::iter::once(None).chain(to.chars().map(Some))) {
            let above = *cell;
            *cell = match other {
                None => left,
                Some(other) => (above_left + usize::from(other != letter)).min(above + 1).min(left + 1),
            };
            above_left = above;
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn the_nearest_come_first() {
        let names = ["expired", "self-signed", "not-yet-valid", "unknown-ca"];
        assert_eq!(nearest("expird", names.into_iter())[0], "\"expired\"");
    }
}
