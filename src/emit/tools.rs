//! `tools.json`: for each tool call, the evaluations it takes. A tool that is not in it is denied.

use crate::emit::lower::action_name;
use crate::facts::atom::expand;
use crate::model::{Grant, Model, SystemId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Every declared tool with its evaluations: leaf action and resource, each to be asked for and all to be allowed.
pub fn tools(model: &Model) -> Value {
    let mut tools: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
    for (index, system) in model.systems.iter().enumerate() {
        // What nobody has classified is an unknown tool, and is denied.
        for tool in system.tools.iter().filter(|tool| tool.classified) {
            let evaluations = tools.entry(&tool.name).or_default();
            for grant in &tool.does {
                // A tool acts in its own system unless it says otherwise.
                let placed = match grant.systems.is_empty() {
                    true => Grant {
                        systems: vec![SystemId(index as u32)],
                        ..grant.clone()
                    },
                    false => grant.clone(),
                };
                evaluations.extend(expand(model, &placed).into_iter().map(|atom| {
                    let (action, data, system) = atom.metas(model);
                    (action_name(action), format!("{}/{}", system.id, data.id))
                }));
            }
        }
    }
    let one = |evaluations: BTreeSet<(String, String)>| {
        let each = evaluations
            .into_iter()
            .map(|(action, resource)| json!({ "action": { "name": action }, "resource": { "type": "data", "id": resource } }));
        json!({ "evaluations": each.collect::<Vec<Value>>() })
    };
    let tools: serde_json::Map<String, Value> = tools
        .into_iter()
        .map(|(name, evaluations)| (name.to_owned(), one(evaluations)))
        .collect();
    json!({ "schema": "quorate/tools/1", "unknown_tool": "deny", "tools": tools })
}
