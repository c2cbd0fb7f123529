//! Every edit of one entry of an emitted `data.json`, computed from the document itself: left out, one more and one less, another word,
//! a quorum that takes nobody.

use serde_json::{Value, json};

/// An edit of one entry of the document.
pub struct Edit {
    /// What it is about, from the top.
    pub path: Vec<String>,
    /// In words.
    pub words: &'static str,
    /// What is replaced.
    place: Vec<String>,
    with: Value,
}

impl Edit {
    /// The document with the edit.
    pub fn of(&self, data: &Value) -> Value {
        let mut data = data.clone();
        let entry = self.place.iter().fold(&mut data, |entry, key| match entry {
            Value::Array(parts) => &mut parts[key.parse::<usize>().expect("a place in a list")],
            other => &mut other[key.as_str()],
        });
        *entry = self.with.clone();
        data
    }
}

/// Every edit of a document.
pub fn edits(data: &Value) -> Vec<Edit> {
    let mut found = Found { edits: Vec::new() };
    found.entry(data, &mut Vec::new());
    found.edits
}

struct Found {
    edits: Vec<Edit>,
}

impl Found {
    fn entry(&mut self, entry: &Value, path: &mut Vec<String>) {
        match entry {
            Value::Number(number) => {
                let number = number.as_i64().expect("a whole number");
                self.put(path, "one more", json!(number + 1));
                self.put(path, "one less", json!(number - 1));
            }
            Value::Bool(given) => self.put(path, "the other way round", json!(!given)),
            Value::String(text) => self.put(path, "another word", json!(format!("{text}!"))),
            Value::Null if path.last().is_some_and(|last| last == "emergency") => {
                let free = json!({ "ways": [{}], "named": {}, "asked": [], "lasts": 1_000_000 });
                self.put(path, "an emergency that takes nobody", free);
            }
            Value::Null => self.put(path, "a word", json!("!")),
            Value::Array(parts) => {
                for place in 0..parts.len() {
                    let mut rest = parts.clone();
                    rest.remove(place);
                    path.push(place.to_string());
                    self.edit(path, &path[..path.len() - 1], "left out", Value::Array(rest));
                    self.entry(&parts[place], path);
                    path.pop();
                }
                if path.last().is_some_and(|last| last == "ways") {
                    self.put(path, "a way that takes nobody", json!([{}]));
                }
            }
            Value::Object(fields) => {
                for (key, field) in fields {
                    let mut rest = fields.clone();
                    rest.shift_remove(key);
                    path.push(key.clone());
                    self.edit(path, &path[..path.len() - 1], "left out", Value::Object(rest));
                    self.entry(field, path);
                    path.pop();
                }
            }
        }
    }

    fn put(&mut self, path: &[String], words: &'static str, value: Value) {
        self.edit(path, path, words, value);
    }

    /// What stands at a place, replaced; `path` is what the edit is about.
    fn edit(&mut self, path: &[String], place: &[String], words: &'static str, with: Value) {
        self.edits.push(Edit {
            path: path.to_vec(),
            words,
            place: place.to_vec(),
            with,
        });
    }
}
