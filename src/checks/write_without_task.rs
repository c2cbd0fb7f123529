//! An agent whose credential can change records and that has no current task at all.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Related, catalogue};
use crate::facts::atom::AtomId;
use crate::model::AgentId;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV302"),
    page: include_str!("../../docs/codes/write-without-task.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, agent) in model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        if !without(context, id) {
            continue;
        }
        let atoms = mutating(context, id);
        let (action, data, system) = context.facts.atoms.get(atoms[0]).names(model);
        let at = agent.meta.span;
        let message = format!("{} can `{action}` {data} in {system} and has no current task", agent.meta.name);
        let mut finding = context
            .finding(&CHECK, Kind::Agent, &agent.meta, at, message)
            .label(at, "nobody has approved a change by it today");
        context.points_by(&mut finding, id, &atoms);
        for task in &agent.tasks {
            let task = &model.tasks[task.index()];
            let span = task.until.map_or(task.meta.span, |until| until.span);
            let message = match task.until {
                Some(until) => format!("{} ended on {}", task.meta.name, until.value),
                None => format!("{} has no end, so it never counts as current", task.meta.name),
            };
            let begun = task.starts.is_none_or(|starts| starts.value <= model.as_of);
            match begun {
                true => finding.related.push(Related {
                    code: Some(catalogue::get("GOV303")),
                    taken: None,
                    span,
                    message,
                }),
                false => finding = finding.related(task.meta.span, format!("{} has not begun", task.meta.name)),
            }
        }
        finding = finding.related(super::undecided::place(context, id, atoms[0]), "its credential allows it");
        out.push(finding.help(format!(
            "task … for {} {{ … until … }}  approved by the people who answer for it, or remove the access",
            agent.meta.name
        )));
    }
}

/// Whether an agent can change records and has no current task.
pub(super) fn without(context: &Context<'_>, agent: AgentId) -> bool {
    context.facts.reach[agent.index()].current.is_empty() && !mutating(context, agent).is_empty()
}

fn mutating(context: &Context<'_>, agent: AgentId) -> Vec<AtomId> {
    let access = context.facts.reach[agent.index()].access();
    let mut atoms: Vec<AtomId> = access
        .filter(|atom| context.facts.atoms.get(*atom).mutates(context.model))
        .collect();
    // The most severe comes first and is shown.
    atoms.sort_by_key(|atom| {
        let atom = context.facts.atoms.get(*atom);
        (atom.gravity(context.model), atom.names(context.model))
    });
    atoms
}
