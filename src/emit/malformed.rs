//! The field of a request that does not have the shape of the contract, in a sentence for the enforcement point
//! that sent it.

use crate::emit::cedar::project;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The keys that a request may use in each record that has keys of its own; those of inputs with the shape of their
/// values.
pub type Keys = BTreeMap<String, BTreeSet<String>>;

/// What is wrong with the shape of a request, and where; `None` if it has the shape of the contract and names
/// known keys.
pub fn field(keys: &Keys, request: &Value) -> Option<String> {
    let projected = match project(request) {
        Ok(projected) => projected,
        Err(sentence) => return Some(sentence),
    };
    keys.iter().find_map(|(record, known)| {
        let given = projected.context.get(record)?.as_object()?;
        let unknown = given.keys().find(|key| !known.contains(*key))?;
        let name = match record.as_str() {
            "inputs" => unknown.rsplit_once(':').map_or(unknown.as_str(), |(name, _)| name),
            _ => unknown.as_str(),
        };
        Some(format!("`context.{record}` has an unknown field {name:?}"))
    })
}
