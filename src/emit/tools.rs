//! `tools.json`: for each tool call, the evaluations it needs. A tool that is not listed is denied.

use crate::emit::lower::action_name;
use crate::facts::tool::does;
use crate::model::{Model, SystemId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Every declared tool with its evaluations: leaf action and resource. Each must be asked for, and all must be
/// allowed.
///
/// A tool is left out, and so denied, if nobody has classified it, or if something that it does has no
/// operation that could be asked for: it would otherwise pass without a decision. A name that is left out for
/// one system is left out for all, because a call has only the name.
pub fn tools(model: &Model) -> Value {
    let mut tools: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    for (index, system) in model.systems.iter().enumerate() {
        for tool in &system.tools {
            let evaluations = tools.entry(&tool.name).or_default();
            let mut known = tool.classified;
            for grant in &tool.does {
                let atoms = does(model, SystemId(index as u32), grant);
                known &= !atoms.is_empty();
                evaluations.extend(atoms.into_iter().map(|atom| {
                    let (action, data, system) = atom.metas(model);
                    (action_name(action), format!("{}/{}", system.id, data.id))
                }));
            }
            if !known {
                unknown.insert(&tool.name);
            }
        }
    }
    tools.retain(|name, _| !unknown.contains(name));
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
