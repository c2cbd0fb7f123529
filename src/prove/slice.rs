//! A permit with some of its conditions only.
//!
//! What a permit asks for beside a claim makes the question longer and never harder to meet: a permit with fewer conditions allows
//! whatever the whole one allows. So a claim that holds for a slice holds for the permit.

use crate::prove::claim::{Claim, written};
use cedar_policy::Policy;
use serde_json::Value;
use std::collections::BTreeSet;

/// The permit with those of its conditions that have to do with a claim; nothing if there is no such slice.
pub fn of(permit: &Policy, claim: &Claim) -> Option<Policy> {
    let mut whole = permit.to_json().ok()?;
    let claimed = Policy::parse(None, written([claim])).ok()?.to_json().ok()?;
    let claimed = words(&claimed["conditions"]);
    let conditions = whole["conditions"].as_array()?.clone();
    let likeness = |condition: &Value| {
        let own = words(condition);
        let common = own.intersection(&claimed).count();
        // In thousandths, so that the order is the same everywhere.
        common * 1_000 / own.union(&claimed).count().max(1)
    };
    let closest = (0..conditions.len()).max_by_key(|at| (likeness(&conditions[*at]), usize::MAX - at));
    let concerned = conditions.iter().enumerate();
    let concerned = concerned.filter(|(at, condition)| Some(*at) == closest || words(condition).is_subset(&claimed));
    whole["conditions"] = concerned.map(|(_, condition)| condition.clone()).collect();
    Policy::from_json(Some(permit.id().clone()), whole).ok()
}

/// Every name, id and text that is spoken of.
fn words(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(word) => BTreeSet::from([word.clone()]),
        Value::Array(parts) => parts.iter().flat_map(words).collect(),
        Value::Object(fields) => fields.values().flat_map(words).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}
