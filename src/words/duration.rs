//! How long something lasts.

/// Units with their length in seconds, the longest first. One day is 24 hours, because approvals and credentials count hours.
const UNITS: &[(i64, i64, &str)] = &[
    (31_536_000, 31_536_000, "year"),
    (86_400, 172_800, "day"),
    (3_600, 3_600, "hour"),
    (60, 60, "minute"),
];

/// `30 minutes`, `24 hours`, `2 days`, `1 year`: whole units, the longest that divides the number of seconds.
pub fn duration(seconds: i64) -> String {
    let fits = |(length, least, _): &&(i64, i64, &str)| seconds >= *least && seconds % length == 0;
    let (count, unit) = match UNITS.iter().find(fits) {
        Some((length, _, unit)) => (seconds / length, *unit),
        None => (seconds, "second"),
    };
    match count {
        1 => format!("1 {unit}"),
        _ => format!("{count} {unit}s"),
    }
}
