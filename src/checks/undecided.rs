//! A decision that an agent can reach and no domain covers.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::model::{AgentId, DataId, Grant, TaskId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV106"),
    page: include_str!("../../docs/codes/undecided.md"),
    looks_at: |context| context.facts.decision_points,
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut by_data: BTreeMap<DataId, Vec<AtomId>> = BTreeMap::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        if group.domains.is_empty() {
            for atom in &context.atoms_of[index] {
                by_data.entry(context.facts.atoms.get(*atom).data).or_default().push(*atom);
            }
        }
    }
    let coming = &context.facts.begins;
    for (data, atoms) in by_data {
        let grave = |atom: &AtomId| {
            let flags = context.facts.atoms.get(*atom).flags(model);
            flags.mutates || flags.personal
        };
        let (mut grave, light): (Vec<AtomId>, Vec<AtomId>) = atoms.into_iter().partition(grave);
        let level = if grave.is_empty() { Level::Note } else { Level::Error };
        // Changes to records come first: the first is shown.
        grave.sort_by_key(|atom| (coming.contains_key(atom), context.facts.atoms.get(*atom).gravity(model)));
        grave.extend(light);
        out.push(say(context, data, &grave, level, coming));
    }
}

fn say(context: &Context<'_>, data: DataId, atoms: &[AtomId], level: Level, coming: &BTreeMap<AtomId, TaskId>) -> Diagnostic {
    let model = context.model;
    let first = atoms[0];
    let task = coming.get(&first).map(|task| &model.tasks[task.index()]);
    let agent = task.map_or(context.facts.points_of[first.index()].1, |task| task.agent);
    let (action, name, system) = context.facts.atoms.get(first).names(model);
    let class = &model.data[data.index()];
    let who = &model.agents[agent.index()].meta.name;
    let wanted = context.facts.atoms.get(first);
    let at = match task {
        Some(task) => task.scope.iter().find(|grant| expand(model, grant).contains(&wanted)),
        None => None,
    };
    let at = at.map_or_else(|| place(context, agent, first), |grant| grant.span);
    let (begins, label) = match task.and_then(|task| task.starts) {
        Some(starts) => (format!(" from {}", starts.value), "reachable from then on, but no domain covers it"),
        None => (String::new(), "reachable here, but no domain covers it"),
    };
    let message = format!("no domain decides whether {who} may `{action}` {name} in {system}{begins}");
    let mut finding = context.finding(&CHECK, Kind::Data, &class.meta, at, message).label(at, label);
    finding.level = level;
    context.points(&mut finding, atoms);
    if let Some(task) = task {
        // The first is shown for the agent whose task begins, not for an agent that calls it.
        let each = atoms
            .iter()
            .flat_map(|atom| context.everybody(*atom).iter().map(|agent| (*agent, *atom)));
        context.points_each(&mut finding, std::iter::once((task.agent, first)).chain(each));
    }
    let top = action.split('.').next().unwrap_or(action);
    finding.help(format!("covers {top} {name}  in the domain that answers for it"))
}

/// The first grant that reaches an atom: of a task, otherwise of an identity, otherwise of a person the agent
/// acts for, otherwise the agent itself.
pub(super) fn place(context: &Context<'_>, agent: AgentId, atom: AtomId) -> Span {
    let model = context.model;
    let own = &model.agents[agent.index()];
    let reach = &context.facts.reach[agent.index()];
    let wanted = context.facts.atoms.get(atom);
    let find = |grants: &[Grant]| {
        grants
            .iter()
            .find(|grant| expand(model, grant).contains(&wanted))
            .map(|grant| grant.span)
    };
    let tasks = reach.current.iter().find_map(|task| find(&model.tasks[task.index()].scope));
    let identities = || {
        reach
            .identities
            .iter()
            .find_map(|identity| find(&model.identities[identity.index()].access))
    };
    let others = || own.acts_for.iter().find_map(|acts| find(&acts.within));
    let called = || {
        let mut called = reach.called.tasks.iter();
        called.find_map(|called| find(&model.tasks[called.task.index()].scope))
    };
    let coming = || {
        let tasks = own.tasks.iter().map(|task| &model.tasks[task.index()]);
        tasks.filter(|task| task.coming(model.as_of)).find_map(|task| find(&task.scope))
    };
    let today = tasks.or_else(identities).or_else(others).or_else(called);
    today.or_else(coming).unwrap_or(own.meta.span)
}
