//! Policies in pieces: the parts of their conditions, and the cases that a choice makes of them.

use crate::prove::slice::words;
use cedar_policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// At most this many cases are distinguished.
const MOST_CASES: usize = 32;

/// The parts that make a policy apply to a request: all of them, in this order.
pub type Parts = Vec<Value>;

/// The parts of the conditions of a policy, in order. An `unless` condition is a part that does not hold.
pub fn parts(policy: &Policy) -> Result<Parts, String> {
    let written = policy.to_json().map_err(|error| error.to_string())?;
    let mut parts = Vec::new();
    for condition in written["conditions"].as_array().into_iter().flatten() {
        match condition["kind"] == "unless" {
            true => take(&negated(&condition["body"]), &mut parts),
            false => take(&condition["body"], &mut parts),
        }
    }
    Ok(parts)
}

/// The parts with every choice decided. They apply to a request exactly if one of the cases does.
pub fn cases(parts: &[Value]) -> Vec<Parts> {
    let mut all: Vec<Parts> = vec![Vec::new()];
    for part in parts {
        let each = decided(part);
        match all.len() * each.len() <= MOST_CASES {
            true => {
                let longer = all
                    .iter()
                    .flat_map(|case| each.iter().map(move |of| [case.as_slice(), of].concat()));
                all = longer.collect();
            }
            false => all.iter_mut().for_each(|case| case.push(part.clone())),
        }
    }
    // A case that is never true, or contains a part and its opposite, applies to nothing.
    all.retain(|case| !case.iter().any(|part| is(part, false) || case.contains(&negated(part))));
    all
}

/// The cases of one part.
fn decided(part: &Value) -> Vec<Parts> {
    let (choice, negate) = match part["!"]["arg"].get("if-then-else") {
        Some(choice) => (Some(choice), true),
        None => (part.get("if-then-else"), false),
    };
    let Some(choice) = choice else {
        return vec![vec![part.clone()]];
    };
    let branch = |condition: Value, name: &str| {
        let then = if negate { negated(&choice[name]) } else { choice[name].clone() };
        cases(&[flat(&condition), flat(&then)].concat())
    };
    let both = [branch(choice["if"].clone(), "then"), branch(negated(&choice["if"]), "else")];
    both.concat()
}

/// The parts of one expression.
pub fn flat(expression: &Value) -> Parts {
    let mut parts = Vec::new();
    take(expression, &mut parts);
    parts
}

fn take(expression: &Value, into: &mut Parts) {
    match expression.get("&&") {
        Some(both) => {
            take(&both["left"], into);
            take(&both["right"], into);
        }
        None if is(expression, true) => {}
        None => into.push(expression.clone()),
    }
}

fn is(expression: &Value, truth: bool) -> bool {
    expression["Value"] == json!(truth)
}

/// The opposite of an expression.
pub fn negated(expression: &Value) -> Value {
    match expression["!"].get("arg") {
        Some(inner) => inner.clone(),
        None if is(expression, true) => json!({ "Value": false }),
        None if is(expression, false) => json!({ "Value": true }),
        None => json!({ "!": { "arg": expression } }),
    }
}

/// Whether a part only names the data of a policy.
pub fn is_place(part: &Value) -> bool {
    let body = &part["contains"];
    body["left"].get("Set").is_some() && body["right"]["Var"] == "resource"
}

/// The data that a policy names, if it names any: in its head or in its first condition.
pub fn resources(policy: &Policy) -> Result<Option<BTreeSet<String>>, String> {
    let written = policy.to_json().map_err(|error| error.to_string())?;
    if let Some(id) = written["resource"]["entity"]["id"]
        .as_str()
        .filter(|_| written["resource"]["op"] == "==")
    {
        return Ok(Some(BTreeSet::from([id.to_owned()])));
    }
    let first = written["conditions"].get(0).filter(|condition| condition["kind"] == "when");
    let place = first.map(|condition| &condition["body"]).filter(|body| is_place(body));
    let id = |value: &Value| value["Value"]["__entity"]["id"].as_str().map(str::to_owned);
    let values = place.and_then(|place| place["contains"]["left"]["Set"].as_array());
    Ok(values.and_then(|values| values.iter().map(id).collect()))
}

/// The condition that a request is about one of these data.
pub fn among(resources: &BTreeSet<String>) -> Value {
    let values = resources
        .iter()
        .map(|id| json!({ "Value": { "__entity": { "type": "Gov::Asset", "id": id } } }));
    json!({ "contains": { "left": { "Set": values.collect::<Vec<_>>() }, "right": { "Var": "resource" } } })
}

/// A part after its related parts.
pub fn behind(before: &[Value], part: &Value) -> Parts {
    let own = words(part);
    let guards = before.iter().filter(|guard| words(guard).is_subset(&own));
    guards.chain([part]).cloned().collect()
}

/// The policy whose head a question takes: one that names nothing, if no part of the question mentions an
/// action or data.
pub fn head(policy: &Policy, words: &BTreeSet<String>) -> Policy {
    let anywhere = Policy::parse(None, "permit (principal, action, resource);").ok();
    let speaks = words.contains("action") || words.contains("resource");
    anywhere.filter(|_| !speaks).unwrap_or_else(|| policy.clone())
}

/// A policy with the head of another, and these parts.
pub fn headed(policy: &Policy, effect: &str, id: usize, parts: &[Value]) -> Result<Policy, String> {
    let mut written = policy.to_json().map_err(|error| error.to_string())?;
    written["effect"] = json!(effect);
    written["annotations"] = json!({});
    written["conditions"] = parts.iter().map(|body| json!({ "kind": "when", "body": body })).collect();
    let id = cedar_policy::PolicyId::new(id.to_string());
    Policy::from_json(Some(id), written).map_err(|error| error.to_string())
}

/// The key of a question about these policies, if its answer is the same for every action.
pub fn key<'p>(kind: &str, policies: impl IntoIterator<Item = &'p Policy>) -> Option<String> {
    let mut key = kind.to_owned();
    for policy in policies {
        let written = policy.to_json().ok()?;
        if written["action"]["op"] != "All" || spoken([&written["conditions"]]).contains("action") {
            return None;
        }
        key.push_str(&written.to_string());
    }
    Some(key)
}

/// Every word of several parts.
pub fn spoken<'v>(parts: impl IntoIterator<Item = &'v Value>) -> BTreeSet<String> {
    parts.into_iter().flat_map(words).collect()
}
