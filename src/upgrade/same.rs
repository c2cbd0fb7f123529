//! Checks that two models have the same meaning, apart from renamed ids.

use crate::model::Model;
use crate::model::canonical;
use serde_json::Value;
use std::collections::HashMap;

/// Returns a line for each part in which two models differ. `ids` maps the ids of the first model to those of the
/// second.
pub(super) fn differences(before: &Model, after: &Model, ids: &HashMap<String, String>) -> Vec<String> {
    let before = called(canonical::value(before), ids);
    let after = called(canonical::value(after), &HashMap::new());
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return vec!["the model would change".to_owned()];
    };
    let mut all = Vec::new();
    for (part, one) in &before {
        let two = after.get(part).unwrap_or(&Value::Null);
        if one == two {
            continue;
        }
        match (one, two) {
            (Value::Object(one), Value::Object(two)) => {
                let names = one.keys().chain(two.keys().filter(|name| !one.contains_key(*name)));
                let changed = names.filter(|name| one.get(*name) != two.get(*name));
                all.extend(changed.map(|name| format!("`{name}` under {part} would change")));
            }
            _ => all.push(format!("{part} would change")),
        }
    }
    all
}

/// Replaces the ids in a part of a model. Lists are sorted, because their order depended on the ids.
fn called(value: Value, ids: &HashMap<String, String>) -> Value {
    let text = |text: &str| -> String {
        let words = text.split(' ').map(|word| ids.get(word).map_or(word, |id| id));
        words.collect::<Vec<_>>().join(" ")
    };
    match value {
        Value::String(one) => text(&one).into(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(|item| called(item, ids)).collect();
            items.sort_by_cached_key(Value::to_string);
            items.into()
        }
        Value::Object(parts) => parts.into_iter().map(|(key, part)| (text(&key), called(part, ids))).collect(),
        other => other,
    }
}
