//! Combinations of values: all of them if they are few; otherwise enough that any two values of two things occur
//! together.

use std::collections::BTreeSet;

/// For each thing the place of one of its values; `sizes` says how many values each has. Every combination if there are
/// at most `most`, and otherwise every pair. The second part says whether it is only pairs.
pub(super) fn combinations(sizes: &[usize], most: usize) -> (Vec<Vec<usize>>, bool) {
    if sizes.contains(&0) {
        return (Vec::new(), false);
    }
    let product = sizes.iter().fold(1, |product: usize, size| product.saturating_mul(*size));
    match product <= most {
        true => (every(sizes), false),
        false => (pairs(sizes), true),
    }
}

fn every(sizes: &[usize]) -> Vec<Vec<usize>> {
    sizes.iter().fold(vec![Vec::new()], |rows, size| {
        let longer = rows
            .iter()
            .flat_map(|row| (0..*size).map(move |value| [row.as_slice(), &[value]].concat()));
        longer.collect()
    })
}

/// The rows grow by one thing at a time. Each row takes the value that makes the most new pairs with it, and the
/// pairs that are still missing make further rows.
fn pairs(sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut rows = every(&sizes[..sizes.len().min(2)]);
    for next in 2..sizes.len() {
        let mut missing: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
        for (other, size) in sizes[..next].iter().enumerate() {
            missing.extend((0..*size).flat_map(|value| (0..sizes[next]).map(move |own| (own, other, value))));
        }
        for row in &mut rows {
            let new = |own: usize| {
                row.iter()
                    .enumerate()
                    .filter(|(other, value)| missing.contains(&(own, *other, **value)))
                    .count()
            };
            // The first of the values that make the most new pairs.
            let best = (0..sizes[next]).rev().max_by_key(|own| new(*own)).unwrap_or(0);
            for (other, value) in row.iter().enumerate() {
                missing.remove(&(best, other, *value));
            }
            row.push(best);
        }
        while let Some((own, other, value)) = missing.pop_first() {
            let mut row = vec![0; next];
            row[other] = value;
            // The other things of the row take values whose pair with this value is still missing.
            for (place, entry) in row.iter_mut().enumerate().filter(|(place, _)| *place != other) {
                let open = missing.range((own, place, 0)..(own, place + 1, 0)).next();
                *entry = open.map_or(0, |(_, _, value)| *value);
            }
            for (place, value) in row.iter().enumerate() {
                missing.remove(&(own, place, *value));
            }
            row.push(own);
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{combinations, pairs};

    #[test]
    fn few_are_all_taken() {
        let (rows, only_pairs) = combinations(&[2, 3, 2], 12);
        assert_eq!((rows.len(), only_pairs), (12, false));
        assert_eq!(combinations(&[], 12), (vec![Vec::new()], false));
        assert_eq!(combinations(&[2, 0], 12), (Vec::new(), false));
    }

    #[test]
    fn of_many_every_pair_is_there() {
        for sizes in [&[4, 3, 5, 2][..], &[9, 9, 9, 9, 9], &[1, 7, 1, 3], &[40, 3], &[6]] {
            let rows = pairs(sizes);
            for (one, count) in sizes.iter().enumerate() {
                for (other, others) in sizes.iter().enumerate().skip(one + 1) {
                    for pair in (0..*count).flat_map(|a| (0..*others).map(move |b| (a, b))) {
                        assert!(
                            rows.iter().any(|row| (row[one], row[other]) == pair),
                            "{sizes:?} {one} {other} {pair:?}"
                        );
                    }
                }
            }
            let product: usize = sizes.iter().product();
            assert!(rows.len() <= product && rows.iter().all(|row| row.len() == sizes.len()));
        }
        let (rows, only_pairs) = combinations(&[9, 9, 9, 9, 9], 1_000);
        assert!(only_pairs && rows.len() < 200, "{}", rows.len());
    }
}
