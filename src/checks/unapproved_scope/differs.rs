//! What of a scope is another than what was approved. Of that only the digest is known, so one change after another is taken back until the
//! digest is the one that was signed.

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

/// So many digests are tried for one task.
const MOST: usize = 60_000;

/// So many are tried for all tasks together, so that the time does not grow with how many have changed.
pub const IN_ALL: usize = 1_000_000;

/// What may have been approved, and what one would have to change back for it, as a sentence.
type Tried = (Statement, String);

/// What one would have to change back, as a sentence, so that the scope has this digest; nothing where no single change gives it.
///
/// `left` says how many digests may still be tried.
pub fn what(context: &Context<'_>, task: TaskId, signed: &str, left: &Cell<usize>) -> Option<String> {
    let model = context.model;
    let today = &Statement::of(model, context.facts, task);
    // What there is most of comes last.
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
