//! The texts in the comments of a policy: places, durations and quorums in plain words.

use crate::emit::policy::Quorum;
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

/// `24 hours`, `7 days`, `90 seconds`.
pub fn duration(seconds: i64) -> String {
    let (count, unit) = match seconds {
        days if days % 86_400 == 0 && days > 86_400 => (days / 86_400, "day"),
        hours if hours % 3_600 == 0 => (hours / 3_600, "hour"),
        minutes if minutes % 60 == 0 => (minutes / 60, "minute"),
        rest => (rest, "second"),
    };
    if count == 1 {
        format!("1 {unit}")
    } else {
        format!("{count} {unit}s")
    }
}

/// The day that begins at this second, as `2027-02-01`; the second itself where none does.
pub fn utc(second: i64) -> String {
    match jiff::Timestamp::from_second(second) {
        Ok(at) if second % 86_400 == 0 => at.strftime("%F").to_string(),
        Ok(_) | Err(_) => second.to_string(),
    }
}

/// `a, b and c`.
pub fn list<'a>(parts: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let parts: Vec<&str> = parts.into_iter().collect();
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
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
