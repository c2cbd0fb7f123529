//! Tasks: their agents, times, purposes and limits, who may start them, and what they include.

use crate::emit::cedar::entities::ended;
use crate::emit::cedar::limits::attribute;
use crate::emit::cedar::tree::Kind;
use crate::emit::policy::{OUTSIDER, SCHEDULE};
use crate::prove::against::data::entities::{Entities, Entity, ids};
use crate::prove::against::data::windows::{beyond, told};
use crate::words::day;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A sentence for each thing that is wider.
pub fn wider(today: &Entities, earlier: &Entities) -> Vec<String> {
    let mut sentences = Vec::new();
    for (id, task) in today.all(Kind::Task) {
        let Some(before) = earlier.get(Kind::Task, id) else {
            sentences.push(format!("the task `{id}` is new"));
            continue;
        };
        let agent = |task: &Entity| task.attribute("agent")["__entity"]["id"].as_str().unwrap_or_default().to_owned();
        if agent(task) != agent(before) {
            let (now, then) = (agent(task), agent(before));
            sentences.push(format!("the task `{id}` is of `{now}` now, and was of `{then}`"));
        }
        let more = beyond(&[task.span()], &[before.span()]);
        if !more.is_empty() {
            sentences.push(format!("the task `{id}` is current {}, and was not before", told(&more)));
        }
        let purpose = |task: &Entity| {
            let purpose = task.attribute("purpose").as_str();
            purpose.map_or("not said".to_owned(), |purpose| format!("`{purpose}`"))
        };
        if purpose(task) != purpose(before) {
            let (now, then) = (purpose(task), purpose(before));
            sentences.push(format!("the purpose of the task `{id}` is {now}, and was {then}"));
        }
        sentences.extend(limits(id, task, before));
        sentences.extend(starters(id, task, before));
        sentences.extend(scope(id, task, before));
    }
    sentences
}

fn limits(id: &str, task: &Entity, before: &Entity) -> Vec<String> {
    let mut sentences = Vec::new();
    for name in [None, Some(0)].map(attribute) {
        for (key, most) in before.attribute(name).as_object().into_iter().flatten() {
            let limit = key.rsplit_once(':').map_or(key.as_str(), |(limit, _)| limit);
            match (task.attribute(name)[key].as_i64(), most.as_i64()) {
                (None, _) => sentences.push(format!("the task `{id}` no longer limits {limit}; before, it was {most}")),
                (Some(now), Some(then)) if now <= then => {}
                (Some(now), _) => sentences.push(format!("the task `{id}` is limited in {limit} to {now}, and was to {most}")),
            }
        }
    }
    sentences
}

fn starters(id: &str, task: &Entity, before: &Entity) -> Vec<String> {
    let anybody = |task: &Entity| task.attribute("anybody") == true;
    let mut sentences = Vec::new();
    if anybody(task) && !anybody(before) {
        sentences.push(format!("any person may start the task `{id}` now"));
    }
    let new = &task.ids("started_by") - &before.ids("started_by");
    // A person who may start it is not new if anybody could start it before.
    let new = new
        .iter()
        .filter(|id| !anybody(before) || [SCHEDULE, OUTSIDER].contains(&id.as_str()));
    sentences.extend(new.map(|starter| format!("`{starter}` may start the task `{id}` now, and could not before")));
    sentences
}

/// What a task includes, and the last second if only a waiver allows it.
fn operations(task: &Entity) -> BTreeMap<(String, String), i64> {
    let mut operations: BTreeMap<(String, String), i64> = BTreeMap::new();
    let each = |tag: &str, assets: &Value| -> Vec<(String, String)> { ids(assets).into_iter().map(|id| (tag.to_owned(), id)).collect() };
    for (tag, assets) in task.tags().filter(|(tag, _)| ended(tag).is_none()) {
        operations.extend(each(tag, assets).into_iter().map(|operation| (operation, i64::MAX)));
    }
    for (tag, assets) in task.tags() {
        let Some((action, ends)) = ended(tag) else { continue };
        for operation in each(action, assets) {
            operations.entry(operation).and_modify(|until| *until = ends.min(*until));
        }
    }
    operations
}

fn scope(id: &str, task: &Entity, before: &Entity) -> Vec<String> {
    let held = operations(before);
    let mut new: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut longer = Vec::new();
    for ((action, data), until) in operations(task) {
        match held.get(&(action.clone(), data.clone())) {
            None => drop(new.entry(action).or_default().insert(format!("`{data}`"))),
            Some(then) if until <= *then => {}
            Some(then) => {
                let now = match until {
                    i64::MAX => "without an end".to_owned(),
                    until => format!("before {}", day(until)),
                };
                let then = day(*then);
                longer.push(format!(
                    "the task `{id}` may do {action} of `{data}` {now}, and could only before {then}"
                ));
            }
        }
    }
    let new = new.into_iter().map(|(action, data)| {
        let data: Vec<String> = data.into_iter().collect();
        format!("the task `{id}` includes {action} of {} now, and did not before", data.join(", "))
    });
    new.chain(longer).collect()
}
