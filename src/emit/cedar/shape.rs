//! The shape of JSON: objects without unknown keys, strings, and whole numbers that every engine can hold.

use serde_json::{Map, Value};

/// The largest whole number of a request, from RFC 7493 (section 2.2); the smallest is its negative. Every JSON
/// reader represents it exactly, and none that rounds reads a larger number as this one.
pub const LARGEST: i64 = (1 << 53) - 1;

static NOTHING: Value = Value::Null;

/// An object with all of the required keys and no unknown key.
pub fn object<'a>(place: &str, value: &'a Value, required: &[&str], optional: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let Value::Object(entries) = value else {
        return Err(format!("{place} is not an object"));
    };
    if let Some(missing) = required.iter().find(|key| !entries.contains_key(**key)) {
        return Err(format!("{place} has no `{missing}`"));
    }
    match entries
        .keys()
        .find(|key| !required.contains(&key.as_str()) && !optional.contains(&key.as_str()))
    {
        Some(unknown) => Err(format!("{place} has an unknown field {unknown:?}")),
        None => Ok(entries),
    }
}

/// A value that is known to exist; otherwise null, which every other function here refuses.
pub fn taken<'a>(entries: &'a Map<String, Value>, key: &str) -> &'a Value {
    entries.get(key).unwrap_or(&NOTHING)
}

/// A string.
pub fn string<'a>(place: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("{place} is not a text"))
}

/// Exactly this string.
pub fn one_of(place: &str, value: &Value, only: &str) -> Result<(), String> {
    if string(place, value)? == only {
        Ok(())
    } else {
        Err(format!("{place} is not `{only}`"))
    }
}

/// A whole number between -2^53 and 2^53. `5.0` is one: JSON does not distinguish it from `5`.
pub fn integer(place: &str, value: &Value) -> Result<i64, String> {
    let whole = match value.as_i64() {
        Some(whole) => Some(whole),
        None => value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() <= LARGEST as f64)
            .map(|number| number as i64),
    };
    match whole {
        Some(whole) if (-LARGEST..=LARGEST).contains(&whole) => Ok(whole),
        Some(_) | None => Err(format!("{place} is not a whole number below 2^53")),
    }
}
