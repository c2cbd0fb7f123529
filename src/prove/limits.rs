//! Which limits the data contain for the tasks that may do something: no request can exceed a limit that no
//! such task has.

use crate::emit::cedar::limits::attribute;
use crate::emit::cedar::tree::Kind;
use crate::prove::pieces::{Parts, negated};
use cedar_policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What one task may do, and the limits it has.
#[derive(Clone, Debug)]
struct Task {
    /// The tags, each an action, with the data that they are about.
    scope: Vec<(String, BTreeSet<String>)>,
    /// The attribute and the key of each limit.
    limits: BTreeSet<(String, String)>,
}

/// The tasks of `entities.json`.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    tasks: Vec<Task>,
}

impl Limits {
    /// Reads the entities.
    pub fn of(entities: &[Value]) -> Limits {
        let id = |asset: &Value| asset["__entity"]["id"].as_str().map(str::to_owned);
        let one = |task: &Value| Task {
            scope: fields(&task["tags"])
                .map(|(tag, assets)| (tag.clone(), assets.as_array().into_iter().flatten().filter_map(id).collect()))
                .collect(),
            limits: attributes()
                .flat_map(|name| fields(&task["attrs"][name]).map(move |(key, _)| (name.to_owned(), key.clone())))
                .collect(),
        };
        let tasks = entities.iter().filter(|entity| entity["uid"]["type"] == Kind::Task.name());
        Limits {
            tasks: tasks.map(one).collect(),
        }
    }

    /// Each limit that a policy mentions and that no task with this action on any of these data has, as a part
    /// that holds.
    pub fn absent(&self, action: &str, resources: &BTreeSet<String>, policy: &Policy) -> Result<Parts, String> {
        let written = policy.to_json().map_err(|error| error.to_string())?;
        let mut asked = BTreeSet::new();
        spoken(&written["conditions"], &mut asked);
        let able = |task: &&Task| task.scope.iter().any(|(tag, of)| tag == action && !of.is_disjoint(resources));
        let held: BTreeSet<&(String, String)> = self.tasks.iter().filter(able).flat_map(|task| &task.limits).collect();
        Ok(asked.iter().filter(|limit| !held.contains(limit)).map(without).collect())
    }
}

fn attributes() -> impl Iterator<Item = &'static str> {
    [None, Some(0)].into_iter().map(attribute)
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Every limit of the task of a request that an expression tests.
fn spoken(value: &Value, into: &mut BTreeSet<(String, String)>) {
    for name in attributes() {
        if let (true, Some(key)) = (value["has"]["left"] == of_task(name), value["has"]["attr"].as_str()) {
            into.insert((name.to_owned(), key.to_owned()));
        }
    }
    match value {
        Value::Array(parts) => parts.iter().for_each(|part| spoken(part, into)),
        Value::Object(fields) => fields.values().for_each(|part| spoken(part, into)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn task() -> Value {
    json!({ ".": { "left": { "Var": "context" }, "attr": "task" } })
}

fn of_task(attribute: &str) -> Value {
    json!({ ".": { "left": task(), "attr": attribute } })
}

/// The condition that the task of a request has no such limit.
fn without((attribute, key): &(String, String)) -> Value {
    let there = json!({ "has": { "left": task(), "attr": attribute } });
    let has = json!({ "has": { "left": of_task(attribute), "attr": key } });
    json!({ "if-then-else": { "if": there, "then": negated(&has), "else": { "Value": true } } })
}
