//! Reads a request from text, so that no other reader can understand it as another request.
//!
//! Readers of JSON differ: for a duplicate key one takes the first value and another the last; for
//! `10000.0000000000000001` one takes 10000 and another more. A request that two readers could understand
//! differently is refused here, before any decision.

use crate::emit::reference::shape::LARGEST;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt;

/// The most letters of a received key that a message repeats.
const SHOWN: usize = 80;

/// The most steps of a path that a message shows.
const STEPS: usize = 8;

/// Reads one request. The error names the malformed field.
///
/// ```
/// use quorate::emit::strict::read;
///
/// assert!(read(br#"{ "records": 1 }"#).is_ok());
/// let twice = read(br#"{ "inputs": { "records": 1, "records": 2 } }"#);
/// assert_eq!(twice, Err("`inputs.records` is given twice; give it once".to_owned()));
/// ```
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the text is not UTF-8; send it as UTF-8".to_owned())?;
    if text.starts_with('\u{feff}') {
        return Err("the text begins with a byte order mark; send it without one".to_owned());
    }
    // The end of a line does not count in columns.
    let text = text.trim_end_matches([' ', '\t', '\r', '\n']);
    let reading = RefCell::new(Reading::default());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&reading).deserialize(&mut deserializer);
    let value = value.map_err(|error| reading.borrow().sentence(&error))?;
    deserializer
        .end()
        .map_err(|_| "there is text after the end of the request; send only the request".to_owned())?;
    Ok(value)
}

/// Where the reader is, and what it found wrong there.
#[derive(Default)]
struct Reading {
    path: Vec<Step>,
    fault: Option<String>,
}

enum Step {
    Key(String),
    Place(usize),
}

impl Reading {
    /// Why it could not be read, with the field. The path keeps a step until the value behind the step has been
    /// read.
    fn sentence(&self, error: &serde_json::Error) -> String {
        if let Some(fault) = &self.fault {
            return fault.clone();
        }
        let said = error.to_string();
        if said.starts_with("recursion limit") {
            return "the request is nested too deeply; no field of a request needs that".to_owned();
        }
        let place = match self.path.is_empty() {
            true => format!("the text is not valid JSON at column {}", error.column()),
            false => format!("the text is not valid JSON at column {}, in {}", error.column(), self.shown(None)),
        };
        match said.contains("surrogate") || said.contains("hex escape") {
            true => format!("{place}: a `\\u` escape there is half a character; write the whole character"),
            false => place,
        }
    }

    /// `context.approvals."acme.consent/std.prelude.business".by`, in marks.
    fn shown(&self, last: Option<&str>) -> String {
        let mut path = String::new();
        let last = last.map(|key| Step::Key(key.to_owned()));
        let steps: Vec<&Step> = self.path.iter().chain(&last).collect();
        for step in steps.iter().take(STEPS) {
            match step {
                Step::Place(place) => path += &format!("[{place}]"),
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path += &named(key);
                }
            }
        }
        if steps.len() > STEPS {
            path += " …";
        }
        match path.is_empty() {
            true => "the request".to_owned(),
            false => format!("`{path}`"),
        }
    }
}

/// A key as it stands in a path.
fn named(key: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if !key.is_empty() && key.len() <= SHOWN && key.chars().all(plain) {
        return key.to_owned();
    }
    let cut: String = key.chars().take(SHOWN).collect();
    let more = if cut.len() < key.len() { "…" } else { "" };
    Value::String(cut + more).to_string()
}

/// Reads one value at the place where the reader is.
#[derive(Clone, Copy)]
struct Strict<'r>(&'r RefCell<Reading>);

impl Strict<'_> {
    fn refuse<E: Error>(self, fault: String) -> E {
        self.0.borrow_mut().fault = Some(fault);
        E::custom("malformed")
    }

    fn here(self) -> String {
        self.0.borrow().shown(None)
    }

    fn whole<E: Error>(self, number: Option<i64>) -> Result<Value, E> {
        match number.filter(|number| (-LARGEST..=LARGEST).contains(number)) {
            Some(number) => Ok(number.into()),
            None => Err(self.refuse(format!(
                "{} is too large to be exact in every reader; write a whole number from -{LARGEST} to {LARGEST}",
                self.here()
            ))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Bool(boolean))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        self.whole(Some(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.whole(i64::try_from(number).ok())
    }

    /// Everything that is not written in digits alone comes here: `1.0`, `1e3` and `-0`, and what is too long to be
    /// kept.
    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(self.refuse(format!(
            "{} is not a whole number written in digits alone, below 2^53; write it as `120`, not as `120.0`, `1.2e2` or `-0`",
            self.here()
        )))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            self.0.borrow_mut().path.push(Step::Place(values.len()));
            let next = sequence.next_element_seed(self)?;
            self.0.borrow_mut().path.pop();
            match next {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        // Keys are compared after their escapes are decoded.
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                let shown = self.0.borrow().shown(Some(&key));
                return Err(self.refuse(format!("{shown} is given twice; give it once")));
            }
            self.0.borrow_mut().path.push(Step::Key(key.clone()));
            let value = entries.next_value_seed(self)?;
            self.0.borrow_mut().path.pop();
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
