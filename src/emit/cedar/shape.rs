//! The shape of JSON: objects without unknown keys, strings, and whole numbers that every engine can hold.

use serde_json::{Map, Value};

/// The largest whole number of a request, as RFC 7493 (section 2.2) has it; the smallest is its negative. Every JSON reader keeps it,
/// and none that rounds takes a larger one for it.
pub const LARGEST: i64 = (1 << 53) - 1;

static NOTHING: Value = Value::Null;

/// An object with all of the required keys and no key that is not known.
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
        Some(unknown) => Err(format!("{place} has {unknown:?}, which no request has")),
        None => Ok(entries),
    }
}

/// A value that is known to be there; null otherwise, which no other function here takes.
pub fn taken<'a>(entries: &'a Map<String, Value>, key: &str) -> &'a Value {
    entries.get(key).unwrap_or(&NOTHING)
}

/// A string.
pub fn string<'a>(place: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("{place} is not a text"))
}

/// This very string.
pub fn one_of(place: &str, value: &Value, only: &str) -> Result<(), String> {
    if string(place, value)? == only {
        Ok(())
    } else {
        Err(format!("{place} is not `{only}`"))
    }
}

/// A whole number below 2^53 either way. `5.0` is one: JSON does not tell it from `5`.
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
