//! Agents, people, tasks, calls and governed assets as Cedar entities: data that grows while the policies do
//! not.

use crate::emit::cedar::limits::{attribute, limit_key};
use crate::emit::cedar::project::{delegation, hop, last_hop};
use crate::emit::cedar::quorum::window_tags;
use crate::emit::cedar::tree::Kind;
use crate::emit::policy::{Agent, Person, Policy, Principal, Task, Window};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The attribute of an asset that lists the actions on it which a domain governs.
pub const GOVERNED: &str = "governed";

/// The separator between an action and the time, in seconds, up to which it is allowed. No action has a space
/// in its name.
const UNTIL: &str = " until ";

/// The entities of a policy, as JSON.
pub fn entities(policy: &Policy) -> Value {
    let mut windows: BTreeMap<&str, Map<String, Value>> = policy.people.keys().map(|id| (id.as_str(), Map::new())).collect();
    for (domain, function, person, list) in seats(policy) {
        let tags = windows.entry(person).or_default();
        for (tag, window) in window_tags(domain, function, list.len()).into_iter().zip(list) {
            tags.insert(tag, json!({ "starts": window.starts, "ends": window.ends }));
        }
    }
    let mut bounds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (person, bound) in policy.agents.values().flat_map(|agent| &agent.acts_for) {
        bounds.entry(person).or_default().push(bound);
    }
    let person = |(id, person): (&String, &Person)| {
        let bounds = bounds.get(id.as_str()).map_or(&[][..], |bounds| bounds);
        let attributes = json!({ "human": person.human, "starts": person.window.starts, "ends": person.window.ends, "bounds": bounds });
        entity(Kind::Person, id, attributes, windows.get(id.as_str()).cloned().unwrap_or_default())
    };
    let mut all: Vec<Value> = policy.agents.iter().map(|(id, agent)| of_agent(id, agent)).collect();
    all.extend(policy.people.iter().map(person));
    all.extend(policy.tasks.iter().map(|(id, task)| of_task(id, task)));
    all.extend(callers(policy));
    all.extend(policy.agents.iter().flat_map(|(id, agent)| delegations(id, agent)));
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
    let tag = |(name, principal): (&String, &Principal)| {
        let mut tag = json!({ "ttl": principal.life? });
        if let Some(human) = &principal.human {
            tag["human"] = json!(human);
        }
        Some((name.clone(), tag))
    };
    let tags = agent.principals.iter().filter_map(tag).collect();
    let attributes = json!({ "acts_for": !agent.acts_for.is_empty(), "source": agent.source });
    entity(Kind::Agent, id, attributes, tags)
}

/// The agents that may call others, with the times at which they have a task of their own.
fn callers(policy: &Policy) -> Vec<Value> {
    let callers: BTreeSet<&String> = policy.calls.iter().map(|(caller, ..)| caller).collect();
    let known = callers.into_iter().filter_map(|id| policy.agents.get_key_value(id));
    let caller = |(id, agent): (&String, &Agent)| {
        let tags = agent.current.iter().enumerate().map(|(index, window)| {
            let tag = json!({ "starts": window.starts, "ends": window.ends });
            ((index + 1).to_string(), tag)
        });
        entity(Kind::Caller, id, json!({}), tags.collect())
    };
    known.map(caller).collect()
}

/// Each operation of an agent for others, with the bounds that include it.
fn delegations(id: &str, agent: &Agent) -> Vec<Value> {
    let mut bounds: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (name, bound) in &agent.bounds {
        for (action, resources) in bound {
            for resource in resources {
                bounds.entry((action, resource)).or_default().push(name);
            }
        }
    }
    let one = |((action, resource), bounds): ((&str, &str), Vec<&str>)| {
        let name = delegation(id, action, resource);
        entity(Kind::Delegation, &name, json!({ "bounds": bounds }), Map::new())
    };
    bounds.into_iter().map(one).collect()
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
    let starters = task.started_by.only.iter().flatten().chain(&task.started_by.words);
    let starters: Vec<Value> = starters.map(|starter| reference(Kind::Person, starter)).collect();
    attributes.insert("started_by".to_owned(), json!(starters));
    attributes.insert("anybody".to_owned(), json!(task.started_by.only.is_none()));
    let assets = |resources: &BTreeSet<String>| resources.iter().map(|resource| reference(Kind::Asset, resource)).collect();
    let scope = task.scope.iter().map(|(action, resources)| (action.clone(), assets(resources)));
    let waived = waived(task).into_iter().map(|(tag, resources)| (tag, assets(&resources)));
    let tags = scope.chain(waived).collect();
    entity(Kind::Task, id, Value::Object(attributes), tags)
}

/// What a task may do only while a waiver is in force, by the tag of its action and the end.
fn waived(task: &Task) -> BTreeMap<String, BTreeSet<String>> {
    let mut waived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (action, resources) in &task.waived {
        for (resource, ends) in resources {
            waived.entry(waived_tag(action, *ends)).or_default().insert(resource.clone());
        }
    }
    waived
}

/// The tag under which a task lists the data for which an action is allowed only up to a certain time.
pub fn waived_tag(action: &str, ends: i64) -> String {
    format!("{}{ends}", waived_mark(action))
}

/// The beginning of each such tag of an action.
pub fn waived_mark(action: &str) -> String {
    format!("{action}{UNTIL}")
}

/// The action and the time of such a tag.
pub fn ended(tag: &str) -> Option<(&str, i64)> {
    let (action, ends) = tag.rsplit_once(UNTIL)?;
    Some((action, ends.parse().ok()?))
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

/// Every legal hop, in the form of a projected request.
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
