//! How a scope differs from the one that was approved. Only the digest of the approved scope is known. So the
//! search undoes one change after another until the digest is the signed one.

mod agent;
mod allowed;
mod calls;
mod limits;
mod starters;
mod tools;
mod versions;
mod words;

use crate::checks::Context;
use crate::facts::scope::Statement;
use crate::model::TaskId;
use std::cell::Cell;

/// The most digests that are tried for one task.
const MOST: usize = 60_000;

/// The most digests that are tried for all tasks together, so that the time does not grow with the number of
/// changes.
pub const IN_ALL: usize = 1_000_000;

/// A scope that may have been approved, and what to change back for it, as a sentence.
type Tried = (Statement, String);

/// What to change back, as a sentence, so that the scope has this digest; `None` where no single change gives
/// it.
///
/// `left` counts how many digests may still be tried.
pub fn what(context: &Context<'_>, task: TaskId, signed: &str, left: &Cell<usize>) -> Option<String> {
    let model = context.model;
    let today = &Statement::of(model, context.facts, task);
    // The largest group comes last.
    let all = allowed::added(context, task, today)
        .chain(words::others(model, today))
        .chain(agent::others(model, task, today))
        .chain(starters::others(model, task, today))
        .chain(calls::others(model, task, today))
        .chain(versions::others(model, task, today))
        .chain(limits::others(context, task, today))
        .chain(tools::others(context, task, today))
        .chain(allowed::gone(context, task, today));
    let mut all = all.take(MOST.min(left.get()));
    let same = |(statement, _): &Tried| {
        left.set(left.get() - 1);
        statement.digest() == signed
    };
    all.find(same).map(|(_, what)| what)
}
