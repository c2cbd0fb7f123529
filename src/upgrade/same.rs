//! Whether two models say the same, apart from what things are called.

use crate::model::Model;
use crate::model::canonical;
use serde_json::Value;
use std::collections::HashMap;

/// Where two models differ, a line for each part. `ids` is what each id of the first is called in the second.
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

/// A part of a model with other ids. Lists are sorted, because their order was that of the ids.
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
