//! Days.

/// The day that begins at this second since 1970 in UTC, as `2027-02-01`; the second itself where a day does not begin.
pub fn day(second: i64) -> String {
    match jiff::Timestamp::from_second(second) {
        Ok(at) if second % 86_400 == 0 => at.strftime("%F").to_string(),
        Ok(_) | Err(_) => second.to_string(),
    }
}
