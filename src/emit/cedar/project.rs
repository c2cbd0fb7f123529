//! The projection of a request into Cedar: total, pure, and the same for every policy.
//!
//! | in the request | in Cedar |
//! |---|---|
//! | `subject.id` | the principal, a `Gov::Agent` |
//! | `subject.properties.principal` | `context.principal` |
//! | `action.name` | the action, a `Gov::Action`; `Gov::Action::"unknown action"` if the schema does not declare it |
//! | `resource.id` | the resource, a `Gov::Asset` |
//! | `context.task` | `context.task`, a `Gov::Task` |
//! | `purpose`, `now`, `revision`, `binding`, `credential`, `evidence`, `rollback` | unchanged |
//! | `approvals` | unchanged, except that each `by` is a `Gov::Person` |
//! | `inputs` | each under its name with the type of its value: `records` becomes `records:integer`; the types are `integer`, `boolean`, `text`, and `money` with `amount` and `currency` |
//! | `totals` | unchanged, and the totals of the request's own task a second time under `task/…` |
//! | `requested_by`, `on_behalf_of`, `emergency.declared_by` | a `Gov::Person` each; if the request lacks `on_behalf_of` or `emergency`, Cedar's request does too |
//! | `via` | `context.hops`, a set with `caller>callee>*` for each call, and `caller>agent>task` for the last caller. A `>`, `*` or `\` in a name has a `\` before it |
//! | `via` | also `context.callers`, a `Gov::Caller` for each caller, keyed by its position; `1` is the first caller |
//! | `subject.id`, `action.name`, `resource.id` | `context.delegation`, a `Gov::Delegation` with the id `agent>action>resource`, escaped as in `hops` |

use crate::emit::cedar::entities::reference;
use crate::emit::cedar::limits::OWN_TASK;
use crate::emit::cedar::shape::{integer, object, one_of, string, taken};
use crate::emit::cedar::tree::Kind;
use crate::emit::policy::{CONTRACT, MOST_CALLERS, OUTSIDER, SCHEDULE};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A request in Cedar's JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Projected {
    /// `{ "type", "id" }`
    pub principal: Value,
    /// `{ "type", "id" }`
    pub action: Value,
    /// `{ "type", "id" }`
    pub resource: Value,
    /// The context.
    pub context: Value,
}

/// Projects a request. The error for a request without the shape of the contract is a sentence that names the
/// place.
pub fn project(request: &Value) -> Result<Projected, String> {
    let top = object("the request", request, &["subject", "action", "resource", "context"], &[])?;
    let subject = object("`subject`", taken(top, "subject"), &["type", "id", "properties"], &[])?;
    one_of("`subject.type`", taken(subject, "type"), "agent")?;
    let agent = string("`subject.id`", taken(subject, "id"))?;
    let properties = object("`subject.properties`", taken(subject, "properties"), &["principal"], &[])?;
    let principal = string("`subject.properties.principal`", taken(properties, "principal"))?;
    let action = object("`action`", taken(top, "action"), &["name"], &[])?;
    let action = string("`action.name`", taken(action, "name"))?;
    let resource = object("`resource`", taken(top, "resource"), &["type", "id"], &[])?;
    one_of("`resource.type`", taken(resource, "type"), "data")?;
    let resource = string("`resource.id`", taken(resource, "id"))?;
    let mut context = context(agent, taken(top, "context"))?;
    context.insert("principal".to_owned(), json!(principal));
    context.insert(
        "delegation".to_owned(),
        reference(Kind::Delegation, &delegation(agent, action, resource)),
    );
    let name = |kind: Kind, id: &str| json!({ "type": kind.name(), "id": id });
    Ok(Projected {
        principal: name(Kind::Agent, agent),
        action: name(Kind::Action, action),
        resource: name(Kind::Asset, resource),
        context: Value::Object(context),
    })
}

const REQUIRED: [&str; 12] = [
    "task",
    "purpose",
    "inputs",
    "now",
    "revision",
    "binding",
    "approvals",
    "credential",
    "totals",
    "evidence",
    "rollback",
    "requested_by",
];

fn context(agent: &str, value: &Value) -> Result<Map<String, Value>, String> {
    if value.as_object().is_some_and(|given| !given.contains_key("requested_by")) {
        return Err(format!(
            "`context` has no `requested_by`: since version {CONTRACT} of the contract every request says who asked, a person, `{SCHEDULE}` or `{OUTSIDER}`"
        ));
    }
    let given = object("`context`", value, &REQUIRED, &["via", "on_behalf_of", "emergency"])?;
    let task = string("`context.task`", taken(given, "task"))?;
    let mut projected = Map::new();
    let mut put = |name: &str, value: Value| {
        projected.insert(name.to_owned(), value);
    };
    put("task", reference(Kind::Task, task));
    for name in ["purpose", "revision", "binding"] {
        put(name, json!(string(name, taken(given, name))?));
    }
    let now = integer("`context.now`", taken(given, "now"))?;
    if now < 0 {
        return Err("`context.now` is negative".to_owned());
    }
    put("now", json!(now));
    put("inputs", each("`context.inputs`", taken(given, "inputs"), input)?);
    put(
        "approvals",
        each("`context.approvals`", taken(given, "approvals"), |key, value| {
            Ok((key.to_owned(), approval(key, value)?))
        })?,
    );
    let credential = object(
        "`context.credential`",
        taken(given, "credential"),
        &["issued_at", "expires_at"],
        &[],
    )?;
    let time = |name: &str| integer(name, taken(credential, name));
    put(
        "credential",
        json!({ "issued_at": time("issued_at")?, "expires_at": time("expires_at")? }),
    );
    put("totals", totals(task, taken(given, "totals"))?);
    for name in ["evidence", "rollback"] {
        put(
            name,
            each(name, taken(given, name), |key, value| Ok((key.to_owned(), check(key, value)?)))?,
        );
    }
    for name in ["on_behalf_of", "requested_by"] {
        if let Some(person) = given.get(name) {
            put(name, reference(Kind::Person, string(name, person)?));
        }
    }
    if let Some(value) = given.get("emergency") {
        put("emergency", emergency(value)?);
    }
    let via = callers(given.get("via"))?;
    put("hops", json!(hops(agent, task, &via)));
    let callers = via
        .iter()
        .enumerate()
        .map(|(index, caller)| ((index + 1).to_string(), reference(Kind::Caller, caller)));
    put("callers", callers.collect::<Map<_, _>>().into());
    Ok(projected)
}

/// An object whose keys are ids, each entry projected.
fn each(place: &str, value: &Value, entry: impl Fn(&str, &Value) -> Result<(String, Value), String>) -> Result<Value, String> {
    let Value::Object(entries) = value else {
        return Err(format!("{place} is not an object"));
    };
    let entries: Map<String, Value> = entries.iter().map(|(key, value)| entry(key, value)).collect::<Result<_, _>>()?;
    Ok(Value::Object(entries))
}

fn input(name: &str, value: &Value) -> Result<(String, Value), String> {
    let (kind, value) = match value {
        Value::Bool(_) => ("boolean", value.clone()),
        Value::String(_) => ("text", value.clone()),
        Value::Number(_) => ("integer", json!(integer(name, value)?)),
        Value::Object(_) => {
            let money = object(name, value, &["amount", "currency"], &[])?;
            let currency = string("currency", taken(money, "currency"))?;
            (
                "money",
                json!({ "amount": integer("amount", taken(money, "amount"))?, "currency": currency }),
            )
        }
        Value::Null | Value::Array(_) => {
            return Err(format!("the input {name:?} is not a number, an amount, a text, or yes or no"));
        }
    };
    Ok(([name, ":", kind].concat(), value))
}

fn approval(key: &str, value: &Value) -> Result<Value, String> {
    let given = object(key, value, &["by", "at", "for"], &[])?;
    let by = reference(Kind::Person, string("by", taken(given, "by"))?);
    Ok(json!({ "by": by, "at": integer("at", taken(given, "at"))?, "for": string("for", taken(given, "for"))? }))
}

/// Totals under their keys, and those of the request's own task under a key that is the same for every task.
fn totals(task: &str, value: &Value) -> Result<Value, String> {
    let within = |key: &str, owner: &str| key.strip_prefix(owner).is_some_and(|rest| rest.starts_with('/'));
    let mut totals = each("`context.totals`", value, |key, value| match within(key, OWN_TASK) {
        true => Err(format!("{key:?} is not a total of a limit")),
        false => Ok((key.to_owned(), json!(integer(key, value)?))),
    })?;
    if let Value::Object(entries) = &mut totals {
        let own = entries.iter().filter(|(key, _)| within(key, task));
        let own = own.map(|(key, value)| ([OWN_TASK, &key[task.len()..]].concat(), value.clone()));
        let own: Vec<(String, Value)> = own.collect();
        entries.extend(own);
    }
    Ok(totals)
}

fn check(key: &str, value: &Value) -> Result<Value, String> {
    let given = object(key, value, &["ready", "checked_at"], &[])?;
    let Value::Bool(ready) = taken(given, "ready") else {
        return Err(format!("`ready` of {key:?} is not true or false"));
    };
    Ok(json!({ "ready": ready, "checked_at": integer("checked_at", taken(given, "checked_at"))? }))
}

fn emergency(value: &Value) -> Result<Value, String> {
    let given = object("`context.emergency`", value, &["declared_by", "at", "id"], &[])?;
    let by = reference(Kind::Person, string("declared_by", taken(given, "declared_by"))?);
    let id = string("id", taken(given, "id"))?;
    if id.is_empty() {
        return Err("`id` of `context.emergency` is empty; it names the emergency, such as the number of an incident".to_owned());
    }
    Ok(json!({ "declared_by": by, "at": integer("at", taken(given, "at"))?, "id": id }))
}

/// The agents of a call chain, in order.
fn callers(via: Option<&Value>) -> Result<Vec<&str>, String> {
    let Some(via) = via else {
        return Ok(Vec::new());
    };
    let Value::Array(callers) = via else {
        return Err("`context.via` is not a list".to_owned());
    };
    if callers.len() > MOST_CALLERS {
        return Err(format!("`context.via` has more than {MOST_CALLERS} agents"));
    }
    callers.iter().map(|caller| string("`context.via`", caller)).collect()
}

fn hops(agent: &str, task: &str, via: &[&str]) -> BTreeSet<String> {
    let mut hops: BTreeSet<String> = via.windows(2).map(|pair| hop(pair[0], pair[1])).collect();
    hops.extend(via.last().map(|last| last_hop(last, agent, task)));
    hops
}

/// What an agent does for others, as one name.
pub fn delegation(agent: &str, action: &str, resource: &str) -> String {
    [agent, action, resource].map(escaped).join(">")
}

/// One agent calling another, for any task.
pub fn hop(caller: &str, callee: &str) -> String {
    [&escaped(caller), ">", &escaped(callee), ">*"].concat()
}

/// One agent calling another for a task.
pub fn last_hop(caller: &str, callee: &str, task: &str) -> String {
    [&escaped(caller), ">", &escaped(callee), ">", &escaped(task)].concat()
}

/// A name escaped so that it cannot be read as several, nor as `*`.
fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('>', "\\>").replace('*', "\\*")
}
