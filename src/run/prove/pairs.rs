//! Pairs of habits that one bank can have, drawn at random and again in the same way by the same seed.

use std::collections::BTreeSet;

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::Pairs;
use crate::bank::habits::{Habit, contradict};

/// Each round draws a partner for every habit, so that none is left out; after so many there are no new pairs.
const ROUNDS: usize = 200;

/// As many different pairs as wanted, or as many as there are.
pub(super) fn draw(habits: &[&'static Habit], wanted: Pairs) -> Vec<[&'static Habit; 2]> {
    let mut random = StdRng::seed_from_u64(wanted.seed);
    let mut order = habits.to_vec();
    let (mut known, mut drawn) = (BTreeSet::new(), Vec::new());
    for _ in 0..ROUNDS {
        order.shuffle(&mut random);
        for pair in order.chunks_exact(2) {
            let mut pair = [pair[0], pair[1]];
            pair.sort_by_key(|habit| habit.id);
            let ids = pair.map(|habit| habit.id);
            if drawn.len() < wanted.count && contradict(ids[0], ids[1]).is_none() && known.insert(ids) {
                drawn.push(pair);
            }
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::habits::all;

    fn ids(seed: u64, count: usize) -> Vec<[&'static str; 2]> {
        draw(&all(), Pairs { count, seed }).into_iter().map(|pair| pair.map(|habit| habit.id)).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_pairs_and_no_pair_twice() {
        let pairs = ids(7, 100);
        assert_eq!((pairs.len(), &pairs), (100, &ids(7, 100)));
        assert_ne!(pairs, ids(8, 100));
        assert_eq!(pairs.iter().collect::<BTreeSet<_>>().len(), 100);
        assert!(pairs.iter().all(|[one, other]| one != other && contradict(one, other).is_none()));
    }

    #[test]
    fn every_habit_is_in_some_pair() {
        let drawn: BTreeSet<&str> = ids(7, 150).into_iter().flatten().collect();
        assert_eq!(drawn.len(), all().len());
    }
}
