//! The scope of a task as one value that people approve: its digest, and whether they approved it.

use crate::facts::Facts;
use crate::facts::atom::AtomId;
use crate::facts::written::{constant, duration};
use crate::model::agent::Starter;
use crate::model::{Model, TaskId};

pub use crate::source::digest::sha256;

/// The lines that the digest covers: what the task may do, for what, on what basis, how much (semantics, *Scope approval*).
pub fn statement(model: &Model, facts: &Facts, task: TaskId) -> String {
    let own = &model.tasks[task.index()];
    let mut lines: Vec<String> = facts.scope(task).iter().map(|atom| line(model, facts, *atom)).collect();
    lines.sort_unstable();
    lines.insert(0, format!("task {}", own.meta.id));
    lines.insert(1, format!("agent {}", model.agents[own.agent.index()].meta.id));
    lines.push(format!(
        "purpose {}",
        own.purpose
            .as_ref()
            .map_or("unsaid", |purpose| &model.purposes[purpose.value.index()].meta.id)
    ));
    lines.push(format!("basis {}", own.basis.as_ref().map_or("unsaid", |basis| &basis.value)));
    let mut limits: Vec<String> = own
        .limits
        .iter()
        .map(|limit| {
            let per = limit.per.map_or(String::new(), |per| format!(" per {}", duration(per)));
            format!("limit {} {}{per}", limit.input, constant(&limit.most))
        })
        .collect();
    limits.sort_unstable();
    lines.extend(limits);
    // Of a task that says nothing the digest is the one that its approvers may have signed before there was anything to say.
    let mut starters: Vec<String> = own
        .started_by
        .iter()
        .map(|starter| match starter.value {
            Starter::Schedule => "started_by schedule".to_owned(),
            Starter::Outsider => "started_by outsider".to_owned(),
            Starter::People(party) => format!("started_by {}", party.meta(model).id),
        })
        .collect();
    starters.sort_unstable();
    lines.extend(starters);
    lines.join("\n") + "\n"
}

fn line(model: &Model, facts: &Facts, atom: AtomId) -> String {
    let (action, data, system) = facts.atoms.get(atom).metas(model);
    format!("may {} {} in {}", action.id, data.id, system.id)
}

/// `sha256:…` of the statement.
pub fn digest(model: &Model, facts: &Facts, task: TaskId) -> String {
    sha256(statement(model, facts, task).as_bytes())
}
