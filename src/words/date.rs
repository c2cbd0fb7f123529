//! Days.

/// The day that begins at this second (counted from 1970, UTC), such as `2027-02-01`. If no day begins then, the second
/// itself.
pub fn day(second: i64) -> String {
    match jiff::Timestamp::from_second(second) {
        Ok(at) if second % 86_400 == 0 => at.strftime("%F").to_string(),
        Ok(_) | Err(_) => second.to_string(),
    }
}
