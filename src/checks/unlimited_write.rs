//! A task without a limit on how many records it may change.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::domain::Limit;
use crate::model::{DomainId, InputKind, Task, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV309"),
    page: include_str!("../../docs/codes/unlimited-write.md"),
    looks_at: |context| context.model.tasks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, task) in model.tasks.iter().enumerate().filter(|(_, task)| !task.ended(model.as_of)) {
        let scope = context.facts.scope(TaskId(index as u32)).iter().copied();
        let free: Vec<AtomId> = scope
            .filter(|atom| context.facts.atoms.get(*atom).mutates(model) && !limited(context, task, *atom))
            .collect();
        if !free.is_empty() {
            out.push(say(context, task, &free));
        }
    }
}

/// Whether something bounds how much is changed: over a time, or in each request where each request needs its
/// own approval.
fn limited(context: &Context<'_>, task: &Task, atom: AtomId) -> bool {
    let domains = &context.facts.group(atom).domains;
    let mut limits = of(context, task, domains);
    if limits.clone().any(|limit| limit.per.is_some()) {
        return true;
    }
    let each = |domain: &DomainId| {
        let own = &context.model.domains[domain.index()];
        own.binds_action && !own.tiers.is_empty() && !own.tiers.iter().any(|tier| tier.quorum.met(&|_| 0))
    };
    limits.next().is_some() && domains.iter().any(each)
}

/// The limits on a task at some data: its own, and those of the governing domains.
fn of<'a>(context: &'a Context<'_>, task: &'a Task, domains: &'a [DomainId]) -> impl Iterator<Item = &'a Limit> + Clone {
    let governing = domains.iter().flat_map(|domain| &context.model.domains[domain.index()].limits);
    task.limits.iter().chain(governing)
}

fn say(context: &Context<'_>, task: &Task, atoms: &[AtomId]) -> Diagnostic {
    let (action, data, system) = context.facts.atoms.get(atoms[0]).names(context.model);
    let mut limits = of(context, task, &context.facts.group(atoms[0]).domains);
    let once: Option<Span> = limits.next().map(|limit| limit.span);
    let at = task.meta.span;
    let message = format!("no limit applies to how much {} may `{action}` {data} in {system}", task.meta.name);
    let label = match once {
        Some(_) => "there is a limit for one request, but no limit on the number of requests",
        None => "without a limit one mistake reaches every record",
    };
    let mut finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
    if let Some(span) = once {
        finding = finding.related(span, "for one request only, and one approval covers several requests");
    }
    finding = finding.magnitude(if once.is_some() { Mark::EachRequest } else { Mark::Nothing });
    context.points_by(&mut finding, task.agent, atoms);
    let input = counted(context, atoms[0]).unwrap_or("records");
    finding.help(format!("limit {input} … per 24h  with at most what a day's work needs"))
}

/// The input that states how much: the first amount or number that a governing domain declares.
fn counted<'c>(context: &'c Context<'_>, atom: AtomId) -> Option<&'c str> {
    let domains = context.facts.group(atom).domains.iter();
    let mut inputs = domains.flat_map(|domain| &context.model.domains[domain.index()].inputs);
    let much = |kind: &InputKind| matches!(kind, InputKind::Integer(..) | InputKind::Money(..));
    inputs.find(|input| much(&input.kind)).map(|input| &*input.name)
}
