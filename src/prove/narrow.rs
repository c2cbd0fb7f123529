//! A schema with only those attributes that a question mentions, so that a solver needs less time.
//!
//! A proof over it holds over the whole schema: without the attributes that no policy of the question names, a
//! request gets the same decisions. Attributes are left out of entities, and of records that a request has
//! exactly once. Two values of such a record are never compared, so only the name of an attribute can reach it.

use crate::prove::slice::words;
use cedar_policy::{Policy, Schema, SchemaFragment};
use serde_json::Value;
use std::collections::BTreeSet;

/// The records of a request whose attributes can be left out.
const RECORDS: [&str; 6] = ["Request", "Approvals", "Evidence", "Rollback", "Inputs", "Totals"];

/// A schema that can be narrowed.
pub struct Narrow {
    whole: Value,
}

impl Narrow {
    /// Reads a schema.
    pub fn new(text: &str) -> Result<Narrow, String> {
        let (fragment, _) = SchemaFragment::from_cedarschema_str(text).map_err(|error| error.to_string())?;
        let whole = fragment.to_json_value().map_err(|error| error.to_string())?;
        Ok(Narrow { whole })
    }

    /// Reads two schemas and admits what either does. Where they differ about an attribute, the first counts.
    pub fn both(text: &str, other: &str) -> Result<Narrow, String> {
        let (mut both, other) = (Narrow::new(text)?, Narrow::new(other)?);
        add(&mut both.whole, other.whole);
        Ok(both)
    }

    /// The schema for a question about these policies.
    pub fn of<'p>(&self, policies: impl IntoIterator<Item = &'p Policy>) -> Result<Schema, String> {
        let mut named = BTreeSet::new();
        for policy in policies {
            named.extend(words(&policy.to_json().map_err(|error| error.to_string())?));
        }
        let mut schema = self.whole.clone();
        for namespace in schema.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            for record in RECORDS {
                narrow(&mut namespace["commonTypes"][record], &named);
            }
            let entities = namespace["entityTypes"].as_object_mut();
            for entity in entities.into_iter().flat_map(|entities| entities.values_mut()) {
                if entity.get("shape").is_some() {
                    narrow(&mut entity["shape"], &named);
                }
            }
        }
        Schema::from_json_value(schema).map_err(|error| error.to_string())
    }
}

/// Adds what only the other has.
fn add(one: &mut Value, other: Value) {
    if let (Value::Object(one), Value::Object(other)) = (one, other) {
        for (name, value) in other {
            match one.get_mut(&name) {
                Some(own) => add(own, value),
                None => drop(one.insert(name, value)),
            }
        }
    }
}

fn narrow(record: &mut Value, named: &BTreeSet<String>) {
    if let Some(attributes) = record.get_mut("attributes").and_then(Value::as_object_mut) {
        attributes.retain(|name, _| named.contains(name));
    }
}
