//! What an agent that acts for people has other agents do although those people may not do it themselves.

use super::{CHECK, all, beyond_label};
use crate::checks::Context;
use crate::checks::calling::{chain, cited};
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::atom::{Atom, AtomId};
use crate::model::{Agent, AgentId, Call, Model, TaskId};
use crate::syntax::vocabulary::Kind;
use crate::words::{few, listed};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// One finding for each task of another agent that goes beyond the bounds. Where `within` grants too much, the
/// finding is there. A call for no task has a finding of its own.
pub(super) fn beyond(context: &Context<'_>, id: AgentId) -> Vec<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let bounds = bounds(model, agent);
    let mut found = Vec::new();
    let reach = &context.facts.reach[id.index()].called;
    let now = reach.tasks.iter().map(|called| {
        let calls = chain(model, id, &reach.path(called), called.task);
        (called.task, calls, None)
    });
    let later = context.coming().of_agent(id).iter().filter(|coming| !coming.calls.is_empty());
    let later = later.map(|coming| (coming.task, coming.calls.clone(), Some(coming.day)));
    for (task, calls, begins) in now.chain(later) {
        let mut more: Vec<AtomId> = context.facts.scope(task).to_vec();
        let whose = &model.agents[model.tasks[task.index()].agent.index()];
        more.retain(|atom| !bounds.hold(whose, context.facts.atoms.get(*atom)));
        // Whatever other agents call further along, this agent starts it by a call of its own.
        if !more.is_empty() && calls.first().is_some_and(|call| call.task.is_some()) {
            more.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(model), *atom));
            found.push(say(context, id, (task, begins), &calls, &more));
        }
    }
    found
}

/// The calls of an agent that acts for nobody to agents that act for people: it chooses whose rights they use.
pub(super) fn for_nobody(context: &Context<'_>, id: AgentId) -> Vec<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let mut said = BTreeSet::new();
    let calls = agent.calls.known().into_iter().flatten().filter(|call| {
        let over = call.task.is_some_and(|task| model.tasks[task.index()].ended(model.as_of));
        agent.acts_for.is_empty() && !over && !model.agents[call.agent.index()].acts_for.is_empty() && said.insert(call.agent)
    });
    let found = calls.map(|call| {
        let callee = &model.agents[call.agent.index()];
        let others: Vec<&str> = callee.acts_for.iter().map(|acts| &*acts.principal.meta(model).name).collect();
        let (name, other, others) = (&agent.meta.name, &callee.meta.name, few(&others));
        let message = format!(
            "{name} does not act for a person, but calls {other}, which acts for {others}: the caller chooses whose rights are used"
        );
        let mut finding = context
            .finding(&CHECK, Kind::Agent, &agent.meta, call.span, message)
            .label(call.span, "the person whose rights are used never asked for it");
        for acts in &callee.acts_for {
            finding = finding.related(acts.span, format!("{other} acts for them here"));
        }
        finding.level = Level::Warning;
        finding.finding.selector = format!("calls for nobody {}", callee.meta.id);
        let tasks = call.task.map_or_else(|| callee.tasks.clone(), |task| vec![task]);
        let mut atoms: Vec<AtomId> = tasks.iter().flat_map(|task| context.facts.scope(*task)).copied().collect();
        atoms.sort_by_key(|atom| (!context.facts.atoms.get(*atom).mutates(model), *atom));
        atoms.dedup();
        context.points_by(&mut finding, id, &atoms);
        finding.help(format!(
            "acts_for … within {{ … }}  in agent {name}, with the people for whom it calls, or remove the call"
        ))
    });
    found.collect()
}

/// What an agent may have done for each person it acts for: what the person may do, and what the agent's bounds
/// allow.
pub(super) struct Bounds(Vec<BTreeSet<Atom>>);

pub(super) fn bounds(model: &Model, agent: &Agent) -> Bounds {
    Bounds(agent.acts_for.iter().map(|acts| all(model, &acts.within)).collect())
}

impl Bounds {
    /// Whether an operation is within the bounds where another agent does it. If that agent acts for people
    /// itself, a request names the person, and one bound is enough. If it acts for nobody, nothing names the
    /// person, so the operation must be within each bound.
    pub(super) fn hold(&self, callee: &Agent, atom: Atom) -> bool {
        let mut bounds = self.0.iter();
        match callee.acts_for.is_empty() {
            true => bounds.all(|bound| bound.contains(&atom)),
            false => bounds.any(|bound| bound.contains(&atom)),
        }
    }
}

fn say(context: &Context<'_>, id: AgentId, (task, begins): (TaskId, Option<Date>), calls: &[&Call], more: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let (own, first) = (&model.tasks[task.index()], calls[0]);
    let (action, class, system) = context.facts.atoms.get(more[0]).names(model);
    let first_atom = context.facts.atoms.get(more[0]);
    let without = agent.acts_for.iter().filter(|acts| !all(model, &acts.within).contains(&first_atom));
    let others: Vec<&str> = without.map(|acts| &*acts.principal.meta(model).name).collect();
    let (others, name) = (listed(&others), &agent.meta.name);
    let last = &model.agents[own.agent.index()].meta.name;
    let from = begins.map_or(String::new(), |day| format!(" from {day}"));
    let message = format!("{name} lets {last} `{action}` {class} in {system}{from}, which is beyond what it may do for {others}");
    let finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, first.span, message)
        .label(first.span, beyond_label(more.len()));
    let mut finding = match calls {
        [_] => finding,
        _ => cited(context, finding, id, calls),
    };
    finding = finding.related(own.meta.span, format!("what {last} does then"));
    for acts in &agent.acts_for {
        finding = finding.related(acts.span, format!("{name} acts within this"));
    }
    finding.finding.selector = format!("calls {}", own.meta.id);
    context.points_by(&mut finding, id, more);
    let callee = &model.agents[first.agent.index()].meta.name;
    let doing = first
        .task
        .map_or(String::new(), |task| format!(" doing {}", model.tasks[task.index()].meta.name));
    finding
        .help(format!("remove `calls {callee}{doing}` from agent {name}"))
        .help(format!(
            "{action} {class} in {system}  in the access of {others} and in `within`, if they may do it themselves"
        ))
}
