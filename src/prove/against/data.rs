//! The parts of a build's data that an earlier build did not have, and that can allow a request.
//!
//! Read from `entities.json`, with which the policies are evaluated. Sets are compared as sets and times as
//! times: renaming a bound, or splitting a window in two, changes nothing.

mod agents;
mod delegations;
mod entities;
mod humans;
mod people;
mod shape;
mod tasks;
mod windows;

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::entities::Entities;
use std::collections::BTreeSet;

/// A sentence for each new thing, in order.
pub fn wider(today: &str, earlier: &str) -> Result<Vec<String>, String> {
    let (today, earlier) = (Entities::read(today)?, Entities::read(earlier)?);
    let mut sentences = agents::wider(&today, &earlier);
    sentences.extend(people::wider(&today, &earlier));
    sentences.extend(delegations::wider(&today, &earlier));
    sentences.extend(tasks::wider(&today, &earlier));
    sentences.extend(calls(&today, &earlier));
    Ok(sentences)
}

/// Whether what a sentence reports allows no request by itself: an agent without a task, a person without a
/// seat. Tasks and seats have sentences of their own.
pub fn is_idle(sentence: &str) -> bool {
    sentence.ends_with("` is new among the people") || (sentence.starts_with("the agent `") && sentence.ends_with("` is new"))
}

/// The task that a sentence reports as new, if it reports one.
pub fn new_task(sentence: &str) -> Option<&str> {
    sentence.strip_prefix("the task `")?.strip_suffix("` is new")
}

fn calls(today: &Entities, earlier: &Entities) -> Vec<String> {
    let calls = |of: &Entities| -> BTreeSet<String> {
        of.all(Kind::Workspace)
            .flat_map(|(_, workspace)| workspace.texts("calls"))
            .collect()
    };
    let new = &calls(today) - &calls(earlier);
    new.iter()
        .map(|call| match call.strip_suffix(">*") {
            Some(pair) => format!("the call {pair} can now lead to other agents, and could not before"),
            None => format!("the call {call} is allowed now, and was not before"),
        })
        .collect()
}
