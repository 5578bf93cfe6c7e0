//! What somebody may have meant: the names of a table that look most like a word.

/// The three names that look most like this one, each in quotes.
pub fn nearest<'a>(asked: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<_> = names.map(|name| (distance(asked, name), name)).collect();
    names.sort_unstable();
    names.into_iter().take(3).map(|(_, name)| format!("\"{name}\"")).collect()
}

/// The three phrases that look most like this one, by their words first and by their letters then.
pub fn nearest_phrases<'a>(asked: &str, phrases: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let words = |phrase: &str| phrase.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let asked_words = words(asked);
    let rank = |phrase: &'a str| (edits(&asked_words, &words(phrase)), distance(asked, phrase), phrase);
    let mut ranked: Vec<_> = phrases.map(rank).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, _, phrase)| phrase).collect()
}

/// How many letters must be added, dropped or changed to get from one word to the other (Levenshtein).
pub fn distance(from: &str, to: &str) -> usize {
    edits(&from.chars().collect::<Vec<_>>(), &to.chars().collect::<Vec<_>>())
}

fn edits<T: PartialEq>(from: &[T], to: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, item) in from.iter().enumerate() {
        let mut above_left = line;
        let mut left = line + 1;
        for (cell, other) in row.iter_mut().zip(std::iter::once(None).chain(to.iter().map(Some))) {
            let above = *cell;
            *cell = match other {
                None => left,
                Some(other) => (above_left + usize::from(other != item)).min(above + 1).min(left + 1),
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
    fn phrases_are_compared_by_words() {
        let phrases = ["the PSU denies the payment", "the TPP cancels the payment", "a payment is seen"];
        assert_eq!(nearest_phrases("the TPP cancls the payment", phrases.into_iter())[0], phrases[1]);
        assert_eq!(nearest_phrases("the TPP then cancels a payment", phrases.into_iter())[0], phrases[1]);
    }

    #[test]
    fn the_nearest_come_first() {
        let names = ["expired", "self-signed", "not-yet-valid", "unknown-ca"];
        assert_eq!(nearest("expird", names.into_iter())[0], "\"expired\"");
    }
}
