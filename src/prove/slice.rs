//! A permit with some of its conditions only.
//!
//! Conditions that are unrelated to a claim only make the question longer. A permit with fewer conditions
//! allows everything that the whole permit allows. So a claim that holds for a slice holds for the permit.

use crate::prove::claim::{Claim, written};
use cedar_policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The permit with only the conditions that are related to a claim; `None` if there is no such slice.
pub fn of(permit: &Policy, claim: &Claim) -> Option<Policy> {
    let claimed = Policy::parse(None, written([claim])).ok()?;
    towards(permit, &claimed)
}

/// The policy with only the conditions that are related to those of another policy; `None` if there is no such
/// slice.
pub fn towards(policy: &Policy, other: &Policy) -> Option<Policy> {
    let mut whole = policy.to_json().ok()?;
    let claimed = words(&other.to_json().ok()?["conditions"]);
    let conditions = whole["conditions"].as_array()?.clone();
    let likeness = |condition: &Value| {
        let own = words(condition);
        let common = own.intersection(&claimed).count();
        // In thousandths, so that the order is the same everywhere.
        common * 1_000 / own.union(&claimed).count().max(1)
    };
    let closest = (0..conditions.len()).max_by_key(|at| (likeness(&conditions[*at]), usize::MAX - at));
    let concerned = conditions.iter().enumerate();
    let concerned = concerned.filter(|(at, condition)| Some(*at) == closest || is_place(condition) || words(condition).is_subset(&claimed));
    whole["conditions"] = concerned.map(|(_, condition)| condition.clone()).collect();
    let words = words(&whole["conditions"]);
    if !words.contains("action") && !words.contains("resource") && !claimed.contains("resource") {
        whole["action"] = json!({ "op": "All" });
        whole["resource"] = json!({ "op": "All" });
    }
    whole["annotations"] = json!({});
    Policy::from_json(Some(policy.id().clone()), whole).ok()
}

/// Whether a condition only says which data a policy is about.
pub fn is_place(condition: &Value) -> bool {
    let body = &condition["body"]["contains"];
    condition["kind"] == "when" && body["left"].get("Set").is_some() && body["right"]["Var"] == "resource"
}

/// Every name, id and text that the conditions mention.
pub fn words(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(word) => BTreeSet::from([word.clone()]),
        Value::Array(parts) => parts.iter().flat_map(words).collect(),
        Value::Object(fields) => fields.values().flat_map(words).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => BTreeSet::new(),
    }
}
