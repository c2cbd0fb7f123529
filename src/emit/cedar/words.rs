//! The texts in the comments of a policy: places, durations and quorums in plain words.

use crate::emit::policy::Quorum;
use crate::words::list;
use std::collections::BTreeSet;

/// A sentence and where it is written: up to three places, then how many more.
pub fn cited<'a>(sentence: &str, sources: impl IntoIterator<Item = &'a str>) -> String {
    let sources: BTreeSet<&str> = sources.into_iter().collect();
    if sources.is_empty() {
        return sentence.to_owned();
    }
    let mut shown = sources.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    if sources.len() > 3 {
        shown = format!("{shown} and {} more", sources.len() - 3);
    }
    format!("{sentence} ({shown})")
}

/// Every source once, in order.
pub fn sources<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    all.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// A quorum in words.
pub fn quorum(quorum: &Quorum) -> String {
    match quorum {
        Quorum::None => "nobody".to_owned(),
        Quorum::Seat(1, function) => function.clone(),
        Quorum::Seat(need, function) => format!("{need} {function}"),
        Quorum::Threshold(need, parts) => {
            let inner: Vec<String> = parts.iter().map(part).collect();
            let inner = inner.iter().map(String::as_str);
            match *need as usize {
                need if need == parts.len() => list(inner, "and"),
                1 => list(inner, "or"),
                need => format!("{need} of ({})", inner.collect::<Vec<_>>().join(", ")),
            }
        }
    }
}

fn part(inner: &Quorum) -> String {
    match inner {
        Quorum::Threshold(need, parts) if *need as usize == parts.len() || *need == 1 => {
            format!("({})", quorum(inner))
        }
        Quorum::None | Quorum::Seat(..) | Quorum::Threshold(..) => quorum(inner),
    }
}

/// `two different people`.
pub fn different_people(count: usize) -> String {
    match count {
        2 => "two different people".to_owned(),
        3 => "three different people".to_owned(),
        many => format!("{many} different people"),
    }
}
