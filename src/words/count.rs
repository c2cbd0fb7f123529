//! Numbers of things.

/// `1 file`, `12,000 files`: for a word whose plural ends in `s`.
pub fn plural(count: usize, one: &str) -> String {
    counted(count, one, &format!("{one}s"))
}

/// `1 person`, `2 people`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", grouped(count)),
    }
}

/// `12,000`
pub fn grouped(count: usize) -> String {
    thousands(&count.to_string(), ",")
}

/// Decimal digits in groups of three.
pub(super) fn thousands(digits: &str, between: &str) -> String {
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.push(&digits[..first]);
    }
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.join(between)
}
