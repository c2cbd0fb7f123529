//! The document that the module reads: every name and number of a policy, indexed so that a decision looks at its own
//! domains only.

use crate::emit::fidelity::Target;
use crate::emit::loss::Loss;
use crate::emit::mention::mentions;
use crate::emit::obligation::{Obligation, owed};
use crate::emit::policy::{
    self, Agent, CHECKED_WITHIN, Domain, Group, Limit, MOST_CALLERS, Person, Policy, Quorum, Task, slots, ways, window_text,
};
use crate::emit::rego::condition::clauses;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The most minimal ways that one quorum may have.
const WAYS: usize = 1_024;

/// The most joint choices, one way in each domain of a group.
const CHOICES: usize = 4_096;

type Operations<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

/// The document, and what could not be put into it.
pub fn of(policy: &Policy) -> (Value, Vec<Loss>) {
    let domains: BTreeMap<&str, Value> = policy
        .domains
        .iter()
        .filter_map(|(id, domain)| Some((id.as_str(), domain_of(id, domain)?)))
        .collect();
    let losses: Vec<Option<String>> = policy.groups.iter().map(|group| loss(policy, &domains, group)).collect();
    let document = json!({ "quorate": {
        "workspace": policy.workspace,
        "revision": policy.revision,
        "checked_within": CHECKED_WITHIN,
        "operations": operations(policy, &losses),
        "groups": policy.groups.iter().map(|group| json!({ "id": group.id, "domains": group.domains, "tells_slots": policy.tells_slots(group) })).collect::<Vec<_>>(),
        "domains": domains,
        "agents": policy.agents.iter().map(|(id, agent)| (id.clone(), agent_of(agent))).collect::<Map<_, _>>(),
        "tasks": policy.tasks.iter().map(|(id, task)| (id.clone(), task_of(id, task))).collect::<Map<_, _>>(),
        "people": policy.people.iter().map(|(id, person)| (id.clone(), person_of(person))).collect::<Map<_, _>>(),
        "most_callers": MOST_CALLERS,
        "calls": calls(policy),
        "inputs": set(&policy.inputs),
        "slots": set(policy.domains.iter().flat_map(|(id, domain)| domain.slots(id)).map(|(slot, _)| slot)),
        "totals": set(totals(policy)),
        "ledgers": set(policy.domains.values().filter_map(|domain| domain.evidence.as_ref())),
        "rollbacks": set(policy.domains.values().flat_map(|domain| &domain.rollbacks)),
    } });
    let losses = policy.groups.iter().zip(losses).filter_map(|(group, sentence)| {
        Some(Loss {
            target: Target::Rego,
            group: Some(group.id.clone()),
            sentence: sentence?,
        })
    });
    (document, losses.collect())
}

/// The group of each operation. An operation that two groups claim has none.
fn operations<'a>(policy: &'a Policy, losses: &[Option<String>]) -> Operations<'a> {
    let mut claims: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (number, group) in policy.groups.iter().enumerate() {
        for action in &group.actions {
            for resource in &group.resources {
                claims.entry((action, resource)).or_default().push(number);
            }
        }
    }
    let mut operations = Operations::new();
    for ((action, resource), numbers) in claims {
        if let [number] = numbers[..]
            && losses[number].is_none()
        {
            operations.entry(action).or_default().insert(resource, number);
        }
    }
    operations
}

/// Why a group's operations must be denied, if they must be.
fn loss(policy: &Policy, domains: &BTreeMap<&str, Value>, group: &Group) -> Option<String> {
    if group.domains.is_empty() {
        return Some(format!("group `{}` is denied: no domain governs it", group.id));
    }
    if let Some(domain) = group.domains.iter().find(|domain| !domains.contains_key(domain.as_str())) {
        let why = if policy.domains.contains_key(domain) {
            "takes more ways or conditions than can be written out"
        } else {
            "is not there"
        };
        return Some(format!("group `{}` is denied: domain `{domain}` {why}", group.id));
    }
    let governing = group.domains.iter().filter_map(|id| policy.domains.get(id));
    let most = |domain: &Domain| {
        domain
            .quorums()
            .filter_map(|quorum| ways(quorum, WAYS))
            .map(|ways| ways.len())
            .max()
            .unwrap_or(0)
    };
    let choices = governing.map(most).fold(1, usize::saturating_mul);
    (choices > CHOICES).then(|| {
        format!(
            "group `{}` is denied: its domains together can be satisfied in {choices} ways, at most {CHOICES} can be tried",
            group.id
        )
    })
}

fn domain_of(id: &str, domain: &Domain) -> Option<Value> {
    let mut tiers = Vec::new();
    for tier in &domain.tiers {
        let mut entry = quorum_of(id, &tier.quorum)?;
        entry.insert("when".to_owned(), json!(clauses(tier.condition.as_ref())?));
        entry.insert("text".to_owned(), json!(tier.text));
        entry.insert("source".to_owned(), json!(tier.source));
        tiers.push(entry);
    }
    let emergency = match &domain.emergency {
        Some(emergency) => {
            let mut entry = quorum_of(id, &emergency.quorum)?;
            entry.insert("lasts".to_owned(), json!(emergency.lasts));
            entry.insert("source".to_owned(), json!(emergency.source));
            Value::Object(entry)
        }
        None => Value::Null,
    };
    Some(json!({
        "id": id,
        "title": domain.title,
        "source": domain.source,
        "controls": domain.controls,
        "seats": domain.seats,
        "tiers": tiers,
        "emergency": emergency,
        "same_person": domain.same_person,
        "valid": domain.valid,
        "owed": { "usual": owed_to(id, domain, false), "emergency": owed_to(id, domain, true) },
        "inputs": domain.inputs,
        "limits": limits(id, &domain.limits),
        "any_purpose": domain.purposes.is_none(),
        "purposes": set(domain.purposes.iter().flatten()),
        "ledgers": domain.evidence.iter().collect::<Vec<_>>(),
        "rollbacks": domain.rollbacks,
    }))
}

fn owed_to(id: &str, domain: &Domain, emergency: bool) -> Vec<Value> {
    owed(id, domain, emergency).iter().map(Obligation::json).collect()
}

/// A quorum: for decisions its `ways`, and for explanations the mentions that are `asked`, and every slot that
/// is `named`.
fn quorum_of(domain: &str, quorum: &Quorum) -> Option<Map<String, Value>> {
    let mut asked = Vec::new();
    for mention in mentions(quorum) {
        let unless: Vec<_> = mention.within.iter().map(|part| ways_of(domain, part)).collect::<Option<_>>()?;
        let slots = mention.function.map(|function| slots(domain, function, mention.count));
        asked.push(json!({ "function": mention.function, "slots": slots.unwrap_or_default(), "unless": unless }));
    }
    let named = quorum.functions().into_iter().flat_map(|function| {
        let slots = slots(domain, function, quorum.most(function)).into_iter();
        slots.map(move |slot| (slot, json!(function)))
    });
    let mut entry = Map::new();
    entry.insert("named".to_owned(), Value::Object(named.collect()));
    entry.insert("asked".to_owned(), Value::Array(asked));
    entry.insert("ways".to_owned(), json!(ways_of(domain, quorum)?));
    Some(entry)
}

/// Each minimal way as its slots, each with its function.
fn ways_of(domain: &str, quorum: &Quorum) -> Option<Vec<BTreeMap<String, String>>> {
    let places = |(function, count): (String, u32)| {
        slots(domain, &function, count)
            .into_iter()
            .map(move |slot| (slot, function.clone()))
    };
    Some(
        ways(quorum, WAYS)?
            .into_iter()
            .map(|way| way.into_iter().flat_map(places).collect())
            .collect(),
    )
}

/// An agent. A principal without a maximum credential life can do nothing, and is left out.
fn agent_of(agent: &Agent) -> Value {
    let principals = agent.principals.iter().filter_map(|(name, principal)| {
        let mut of = json!({ "life": principal.life? });
        if let Some(human) = &principal.human {
            of["human"] = json!(human);
        }
        Some((name.clone(), of))
    });
    json!({
        "principals": principals.collect::<Map<_, _>>(),
        "acts_for": agent.acts_for,
        "bounds": agent.bounds.iter().map(|(name, bound)| (name.clone(), operations_of(bound))).collect::<Map<_, _>>(),
        "current": agent.current,
        "source": agent.source,
    })
}

fn person_of(person: &Person) -> Value {
    json!({ "human": person.human, "starts": person.window.starts, "ends": person.window.ends })
}

fn operations_of(operations: &policy::Operations) -> Value {
    let of = operations.iter().map(|(action, resources)| (action.clone(), set(resources)));
    of.collect::<Map<_, _>>().into()
}

fn task_of(id: &str, task: &Task) -> Value {
    let starters = &task.started_by;
    json!({
        "agent": task.agent,
        "purpose": task.purpose,
        "window": task.window,
        "scope": operations_of(&task.scope),
        "waived": task.waived,
        "started_by": {
            "anybody": starters.only.is_none(),
            "only": set(starters.only.iter().flatten()),
            "words": set(&starters.words),
        },
        "limits": limits(id, &task.limits),
        "source": task.source,
    })
}

fn limits(owner: &str, limits: &[Limit]) -> Vec<Value> {
    let of = |limit: &Limit| json!({ "input": limit.input, "unit": limit.unit, "most": limit.most, "total": total(owner, limit), "source": limit.source });
    limits.iter().map(of).collect()
}

/// The key under which a request states the total so far in the window.
fn total(owner: &str, limit: &Limit) -> Option<String> {
    limit.per.map(|per| format!("{owner}/{}/{}", limit.input, window_text(per)))
}

fn totals(policy: &Policy) -> BTreeSet<String> {
    let tasks = policy.tasks.iter().map(|(id, task)| (id, &task.limits));
    let domains = policy.domains.iter().map(|(id, domain)| (id, &domain.limits));
    tasks
        .chain(domains)
        .flat_map(|(id, limits)| limits.iter().filter_map(|limit| total(id, limit)))
        .collect()
}

fn calls(policy: &Policy) -> BTreeMap<&str, BTreeMap<&str, Value>> {
    let mut calls: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for (caller, callee, task) in &policy.calls {
        let tasks = calls
            .entry(caller)
            .or_default()
            .entry(callee)
            .or_insert_with(|| Value::Object(Map::new()));
        tasks[task.as_str()] = Value::Bool(true);
    }
    calls
}

/// A set, as an object with `true` for each of its members.
fn set<Text: Into<String>>(members: impl IntoIterator<Item = Text>) -> Value {
    members
        .into_iter()
        .map(|member| (member.into(), Value::Bool(true)))
        .collect::<BTreeMap<String, Value>>()
        .into_iter()
        .collect::<Map<_, _>>()
        .into()
}
