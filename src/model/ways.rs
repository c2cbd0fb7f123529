//! The ways to meet a quorum.

use crate::model::{FunctionId, Quorum};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ways to meet a requirement are tried.
pub const MOST_WAYS: usize = 5_000;

/// Every minimal way to meet a quorum; `None` if there are too many.
pub fn ways(quorum: &Quorum) -> Option<Vec<BTreeMap<FunctionId, u32>>> {
    type Way = BTreeMap<FunctionId, u32>;
    let all: BTreeSet<Way> = match quorum {
        Quorum::None => BTreeSet::from([Way::new()]),
        Quorum::Seat(count, function) => BTreeSet::from([Way::from([(*function, *count)])]),
        Quorum::Threshold(need, parts) => {
            let mut by_count: Vec<BTreeSet<Way>> = vec![BTreeSet::new(); *need as usize + 1];
            by_count[0].insert(Way::new());
            for (index, part) in parts.iter().enumerate() {
                let options = ways(part)?;
                // With fewer than that, too few parts are left.
                let least = (*need as usize + index).saturating_sub(parts.len());
                for count in (least..*need as usize).rev() {
                    let longer: Vec<Way> = by_count[count]
                        .iter()
                        .flat_map(|way| options.iter().map(|option| union(way, option)))
                        .collect();
                    by_count[count + 1].extend(longer);
                    if by_count[count + 1].len() > MOST_WAYS {
                        return None;
                    }
                }
            }
            by_count.swap_remove(*need as usize)
        }
    };
    let covers = |small: &Way, large: &Way| {
        small
            .iter()
            .all(|(function, count)| large.get(function).is_some_and(|more| more >= count))
    };
    Some(
        all.iter()
            .filter(|way| !all.iter().any(|other| other != *way && covers(other, way)))
            .cloned()
            .collect(),
    )
}

fn union(one: &BTreeMap<FunctionId, u32>, two: &BTreeMap<FunctionId, u32>) -> BTreeMap<FunctionId, u32> {
    let mut joined = one.clone();
    for (function, count) in two {
        let most = joined.entry(*function).or_insert(0);
        *most = (*most).max(*count);
    }
    joined
}
