//! Agents, people, tasks, calls and what is governed as Cedar entities: data that grows without the policies growing.

use crate::emit::cedar::limits::{attribute, limit_key};
use crate::emit::cedar::project::{hop, last_hop};
use crate::emit::cedar::quorum::window_tags;
use crate::emit::cedar::tree::Kind;
use crate::emit::policy::{Agent, Policy, Task, Window};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The attribute of an asset that holds the actions on it which a domain governs.
pub const GOVERNED: &str = "governed";

/// The entities of a policy, as JSON.
pub fn entities(policy: &Policy) -> Value {
    let mut windows: BTreeMap<&str, Map<String, Value>> = policy.people.keys().map(|id| (id.as_str(), Map::new())).collect();
    for (domain, function, person, list) in seats(policy) {
        let tags = windows.entry(person).or_default();
        for (tag, window) in window_tags(domain, function, list.len()).into_iter().zip(list) {
            tags.insert(tag, json!({ "starts": window.starts, "ends": window.ends }));
        }
    }
    let known = |id: &str| json!({ "known": policy.people.contains_key(id) });
    let mut all: Vec<Value> = policy.agents.iter().map(|(id, agent)| of_agent(id, agent)).collect();
    all.extend(windows.into_iter().map(|(id, tags)| entity(Kind::Person, id, known(id), tags)));
    all.extend(policy.tasks.iter().map(|(id, task)| of_task(id, task)));
    all.extend(assets(policy));
    all.push(entity(
        Kind::Workspace,
        &policy.workspace,
        json!({ "calls": hops(policy) }),
        Map::new(),
    ));
    Value::Array(all)
}

fn seats(policy: &Policy) -> impl Iterator<Item = (&str, &str, &str, &Vec<Window>)> {
    policy.domains.iter().flat_map(|(domain, of)| {
        of.seats.iter().flat_map(move |(function, people)| {
            people
                .iter()
                .map(move |(person, windows)| (domain.as_str(), function.as_str(), person.as_str(), windows))
        })
    })
}

fn of_agent(id: &str, agent: &Agent) -> Value {
    let acts_for: Vec<Value> = agent.acts_for.iter().map(|person| reference(Kind::Person, person)).collect();
    let tags = agent
        .principals
        .iter()
        .filter_map(|(name, ttl)| ttl.map(|ttl| (name.clone(), json!({ "ttl": ttl }))))
        .collect();
    entity(Kind::Agent, id, json!({ "acts_for": acts_for, "source": agent.source }), tags)
}

fn of_task(id: &str, task: &Task) -> Value {
    let mut limits: BTreeMap<&str, BTreeMap<String, i64>> =
        BTreeMap::from([(attribute(None), BTreeMap::new()), (attribute(Some(0)), BTreeMap::new())]);
    for limit in &task.limits {
        let most = limits
            .entry(attribute(limit.per))
            .or_default()
            .entry(limit_key(limit))
            .or_insert(limit.most);
        *most = (*most).min(limit.most);
    }
    let mut attributes = Map::new();
    attributes.insert("agent".to_owned(), reference(Kind::Agent, &task.agent));
    attributes.insert("starts".to_owned(), json!(task.window.starts));
    attributes.insert("ends".to_owned(), json!(task.window.ends));
    attributes.extend(task.purpose.iter().map(|purpose| ("purpose".to_owned(), json!(purpose))));
    attributes.extend(limits.into_iter().map(|(name, of)| (name.to_owned(), json!(of))));
    attributes.insert("source".to_owned(), json!(task.source));
    let assets = |resources: &BTreeSet<String>| resources.iter().map(|resource| reference(Kind::Asset, resource)).collect();
    let tags = task
        .scope
        .iter()
        .map(|(action, resources)| (action.clone(), assets(resources)))
        .collect();
    entity(Kind::Task, id, Value::Object(attributes), tags)
}

/// Everything that a domain governs, with the actions on it.
fn assets(policy: &Policy) -> Vec<Value> {
    let mut governed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for group in &policy.groups {
        for resource in &group.resources {
            governed
                .entry(resource)
                .or_default()
                .extend(group.actions.iter().map(String::as_str));
        }
    }
    let asset = |(id, actions): (&str, BTreeSet<&str>)| {
        let actions: Vec<Value> = actions.into_iter().map(|action| reference(Kind::Action, action)).collect();
        entity(Kind::Asset, id, json!({ GOVERNED: actions }), Map::new())
    };
    governed.into_iter().map(asset).collect()
}

/// Every legal hop, as a projected request has them.
fn hops(policy: &Policy) -> BTreeSet<String> {
    policy
        .calls
        .iter()
        .flat_map(|(caller, callee, task)| [hop(caller, callee), last_hop(caller, callee, task)])
        .collect()
}

fn entity(kind: Kind, id: &str, attributes: Value, tags: Map<String, Value>) -> Value {
    json!({ "uid": { "type": kind.name(), "id": id }, "attrs": attributes, "parents": [], "tags": tags })
}

/// An entity as a value.
pub fn reference(kind: Kind, id: &str) -> Value {
    json!({ "__entity": { "type": kind.name(), "id": id } })
}
