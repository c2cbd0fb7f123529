//! Finds people and identities that were renamed: their accounts, email addresses or principal are the same, and
//! so is everything else.

use crate::diff::declared::Declared;
use crate::diff::{Change, Kind, Weight, short};
use serde_json::Value;
use std::collections::BTreeMap;

/// The new id of each old id.
pub(super) type Renamed = BTreeMap<String, String>;

/// Returns the people and identities that were renamed. Leaves out an entry that matches several others.
pub(super) fn found(old: &Value, new: &Value) -> Renamed {
    let mut renamed = Renamed::new();
    for (section, proof) in [("people", ["accounts", "emails"].as_slice()), ("identities", &["principal"])] {
        let (Some(before), Some(after)) = (old[section].as_object(), new[section].as_object()) else {
            continue;
        };
        let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
        for (id, value) in gone {
            let known = proof.iter().any(|clause| said(&value[*clause]));
            let mut same = after.iter().filter(|(other, own)| !before.contains_key(*other) && *own == value);
            if let (true, Some((other, _)), None) = (known, same.next(), same.next()) {
                renamed.insert(id.clone(), other.clone());
            }
        }
    }
    renamed
}

fn said(value: &Value) -> bool {
    match value {
        Value::String(text) => text != "unsaid",
        Value::Array(all) => !all.is_empty(),
        _ => false,
    }
}

/// Replaces the old names in a model with the new ones.
pub(super) fn applied(value: &mut Value, renamed: &Renamed) {
    match value {
        Value::String(text) => {
            // An approver is written as a function and a person.
            let (before, id) = text.rsplit_once(' ').map_or(("", &**text), |(before, id)| (before, id));
            if let Some(other) = renamed.get(id) {
                *text = format!("{before} {other}").trim_start().to_owned();
            }
        }
        Value::Array(all) => {
            all.iter_mut().for_each(|one| applied(one, renamed));
            // Lists are sorted by name. Tiers are not, but they contain no names of people.
            if all.iter().all(Value::is_string) {
                all.sort_by_cached_key(|one| one.as_str().map(str::to_owned));
            }
        }
        Value::Object(fields) => {
            for (old, new) in renamed {
                if let Some(own) = fields.remove(old) {
                    fields.insert(new.clone(), own);
                }
            }
            fields.values_mut().for_each(|own| applied(own, renamed));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns one change for each rename.
pub(super) fn changes(declared: &Declared) -> Vec<Change> {
    let told = declared.renamed.iter().map(|(old, new)| {
        let (section, word) = match declared.pair("people", new).1 {
            Some(_) => ("people", "person"),
            None => ("identities", "identity"),
        };
        Change {
            weight: Weight::Changed,
            kind: Kind::Clause,
            subject: format!("{word} {new}"),
            sentence: format!("{word} {} is called {} now", short(old), short(new)),
            detail: "everything else is the same".to_owned(),
            place: declared.place(section, new),
        }
    });
    told.collect()
}
