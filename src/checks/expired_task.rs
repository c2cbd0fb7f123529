//! A task that has ended, or has no end.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::model::TaskId;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV303"),
    page: include_str!("../../docs/codes/expired-task.md"),
    looks_at: |context| context.model.tasks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, task) in model.tasks.iter().enumerate() {
        let agent = task.agent;
        if super::write_without_task::without(context, agent) {
            continue;
        }
        let (at, message, label, help) = match task.until {
            None => {
                let message = format!("the task {} has no end", task.meta.name);
                (
                    task.meta.span,
                    message,
                    "a scope is approved for a time, so this one counts for nothing".to_owned(),
                    "until …  with the last day it is needed".to_owned(),
                )
            }
            Some(until) if until.value < model.as_of => {
                let message = format!("the task {} ended on {}", task.meta.name, until.value);
                (
                    until.span,
                    message,
                    format!("{} may not act on it any more", model.agents[agent.index()].meta.name),
                    "approve it anew with a later `until`, or take the task and its access out".to_owned(),
                )
            }
            Some(_) => continue,
        };
        let mut finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
        finding = finding.extent(match task.until {
            Some(until) => Extent::new().day(Some(until.value)),
            None => Mark::NoEnd.into(),
        });
        let atoms = context.facts.scope(TaskId(index as u32));
        finding.finding.operations = context.operations(atoms);
        finding.finding.decision_points = atoms.len();
        finding.finding.decision = atoms.first().map(|atom| context.decision(agent, *atom));
        out.push(finding.help(help));
    }
}
