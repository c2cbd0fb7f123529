//! A task that has ended, or has no end.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::scope_approval::{Verdict, judge_by};
use crate::model::{Approval, TaskId};
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;

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
                    "a scope is approved for a limited time, so this approval does not count".to_owned(),
                    "until …  with the last day it is needed".to_owned(),
                )
            }
            Some(until) if until.value < model.as_of => {
                let message = format!("the task {} ended on {}", task.meta.name, until.value);
                (
                    until.span,
                    message,
                    format!("{} may not act on it any more", model.agents[agent.index()].meta.name),
                    "have it approved again with a later `until`, or remove the task and its access".to_owned(),
                )
            }
            Some(until) => match approved_for_good(context, TaskId(index as u32), until.value) {
                Some((day, days)) => {
                    let since = match task.approved.is_empty() {
                        true => "it can begin",
                        false => "it was approved",
                    };
                    let message = format!("the task {} ends on {}, {days} days after {since}", task.meta.name, until.value);
                    let label = "in all that time nobody decides again whether the task is still needed";
                    let last = a_year_after(day);
                    (
                        until.span,
                        message,
                        label.to_owned(),
                        match last < model.as_of {
                            true => "have the whole task approved again, or remove the task and its access".to_owned(),
                            false => format!("until {last}  at the latest, and then have it approved again"),
                        },
                    )
                }
                None => continue,
            },
        };
        let mut finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
        if task.until.is_some_and(|until| until.value >= model.as_of) {
            finding.level = Level::Warning;
        }
        finding = finding.magnitude(match task.until {
            Some(until) => Magnitude::new().day(Some(until.value)),
            None => Mark::NoEnd.into(),
        });
        let atoms = context.facts.scope(TaskId(index as u32));
        context.points_by(&mut finding, agent, atoms);
        out.push(finding.help(help));
    }
}

/// The last day on which a scope approved on `day` may end: an approval holds for a year.
fn a_year_after(day: Date) -> Date {
    day.saturating_add(1.year())
}

/// The day on which a task was approved, and how many days it runs after that day, if that is more than a year.
/// A task without an approval counts from the day on which it can begin, or from the day of the model if it
/// does not state one.
///
/// Only an approval of the whole scope counts again: the last day from which the later signers are enough by
/// themselves. A single later signature, or one dated in the future, renews nothing. Another finding reports a
/// scope that was never approved as a whole.
fn approved_for_good(context: &Context<'_>, id: TaskId, until: Date) -> Option<(Date, i64)> {
    let (model, today) = (context.model, context.model.as_of);
    let task = &model.tasks[id.index()];
    let mut days: Vec<Date> = task
        .approved
        .iter()
        .filter_map(|approval| approval.on)
        .filter(|on| *on <= today)
        .collect();
    days.sort_unstable();
    days.dedup();
    let whole = |since: &&Date| {
        let signed = |approval: &Approval| approval.on.is_some_and(|on| on >= **since && on <= today);
        judge_by(model, context.facts, id, signed) == Verdict::Approved
    };
    let approved = match days.len() {
        0 | 1 => days.first(),
        _ => days.iter().rev().find(whole).or(days.last()),
    };
    let approved = approved.copied();
    let day = approved.or(task.starts.map(|starts| starts.value)).unwrap_or(today);
    let days = i64::from((until - day).get_days());
    (until > a_year_after(day)).then_some((day, days))
}
