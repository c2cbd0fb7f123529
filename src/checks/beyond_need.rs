//! A task that reads what its purpose does not need.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{AtomId, leaves};
use crate::model::{DataId, PurposeId, Task, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{few, listed};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV313"),
    page: include_str!("../../docs/codes/beyond-need.md"),
    looks_at: |context| context.model.tasks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, task) in model.tasks.iter().enumerate().filter(|(_, task)| !task.ended(model.as_of)) {
        let Some(purpose) = task.purpose.map(|purpose| purpose.value) else {
            continue;
        };
        let needed = leaves(model, &model.purposes[purpose.index()].needs, &[]);
        let scope = context.facts.scope(TaskId(index as u32)).iter().copied();
        let beyond: Vec<AtomId> = scope
            .filter(|atom| {
                let atom = context.facts.atoms.get(*atom);
                !atom.mutates(model) && needed.binary_search(&atom.data).is_err()
            })
            .collect();
        if !beyond.is_empty() {
            out.push(say(context, task, purpose, &beyond));
        }
    }
}

fn say(context: &Context<'_>, task: &Task, purpose: PurposeId, atoms: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let classes: BTreeSet<DataId> = atoms.iter().map(|atom| context.facts.atoms.get(*atom).data).collect();
    let names: Vec<&str> = classes.iter().map(|class| &*model.data[class.index()].meta.name).collect();
    let own = &model.purposes[purpose.index()];
    let message = format!("{} reads {}, which {} does not need", task.meta.name, few(&names), own.meta.name);
    let lines = lines(context, task, &classes);
    let at = lines.first().copied().unwrap_or(task.meta.span);
    let mut finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message);
    for line in lines {
        finding = finding.label(line, "more than the purpose needs");
    }
    let said = match own.needs.is_empty() {
        true => format!("{} does not list a class that it needs", own.meta.name),
        false => format!("this line lists what {} needs", own.meta.name),
    };
    finding = finding.related(own.meta.span, said);
    context.points_by(&mut finding, task.agent, atoms);
    finding
        .help(format!(
            "remove {} from the task and from the access of its identity",
            listed(&names)
        ))
        .help(format!(
            "needs … {}  in the purpose {}, if the purpose needs it",
            names.join(", "),
            own.meta.name
        ))
}

/// The lines of a task that read these classes.
fn lines(context: &Context<'_>, task: &Task, classes: &BTreeSet<DataId>) -> Vec<Span> {
    let model = context.model;
    let reads = task.scope.iter().filter(|grant| {
        let actions = &model.actions[grant.action.index()].leaves;
        actions.iter().any(|action| !model.actions[action.index()].flags.mutates)
    });
    reads
        .filter(|grant| leaves(model, &grant.data, &grant.except).iter().any(|leaf| classes.contains(leaf)))
        .map(|grant| grant.span)
        .collect()
}
