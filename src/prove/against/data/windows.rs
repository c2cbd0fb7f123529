//! Compares times: the parts of some that lie outside the others.

use crate::emit::policy::FOREVER;
use crate::words::day;

/// First second, and one past the last.
pub type Span = (i64, i64);

/// The parts of today's times that are in none of the earlier ones.
pub fn beyond(today: &[Span], earlier: &[Span]) -> Vec<Span> {
    let mut earlier: Vec<Span> = earlier.to_vec();
    earlier.sort_unstable();
    let mut left = Vec::new();
    for (starts, ends) in joined(today) {
        let mut from = starts;
        for (start, end) in earlier.iter().filter(|(start, end)| *end > starts && *start < ends) {
            if *start > from {
                left.push((from, *start));
            }
            from = from.max(*end);
        }
        if from < ends {
            left.push((from, ends));
        }
    }
    left
}

/// The same times, merged where they overlap or touch.
fn joined(spans: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.iter().copied().filter(|(starts, ends)| starts < ends).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (starts, ends) in spans {
        match joined.last_mut() {
            Some(last) if starts <= last.1 => last.1 = last.1.max(ends),
            Some(_) | None => joined.push((starts, ends)),
        }
    }
    joined
}

/// Times in words.
pub fn told(spans: &[Span]) -> String {
    let one = |(starts, ends): &Span| match (*starts > 0, *ends < FOREVER) {
        (false, false) => "at any time".to_owned(),
        (true, false) => format!("from {} on", day(*starts)),
        (false, true) => format!("before {}", day(*ends)),
        (true, true) => format!("from {} until before {}", day(*starts), day(*ends)),
    };
    let words: Vec<String> = spans.iter().map(one).collect();
    words.join(", ")
}
