//! What the data of a build hold that those of an earlier one did not, and that can let a request through.
//!
//! Read from `entities.json`, which is what the policies are evaluated with. Sets are compared as sets and times as times: renaming a bound, or
//! cutting a window in two, changes nothing.

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

/// A sentence for each thing, in order.
pub fn wider(today: &str, earlier: &str) -> Result<Vec<String>, String> {
    let (today, earlier) = (Entities::read(today)?, Entities::read(earlier)?);
    let mut sentences = agents::wider(&today, &earlier);
    sentences.extend(people::wider(&today, &earlier));
    sentences.extend(delegations::wider(&today, &earlier));
    sentences.extend(tasks::wider(&today, &earlier));
    sentences.extend(calls(&today, &earlier));
    Ok(sentences)
}

/// Whether what a sentence says lets no request through by itself: an agent without a task, a person without a seat. Tasks and seats have
/// sentences of their own.
pub fn is_idle(sentence: &str) -> bool {
    sentence.ends_with("` is new among the people") || (sentence.starts_with("the agent `") && sentence.ends_with("` is new"))
}

/// The task that a sentence says is new, where it says that of one.
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
            Some(pair) => format!("the call {pair} is on the way to others now, and was not"),
            None => format!("the call {call} is legal now, and was not"),
        })
        .collect()
}
