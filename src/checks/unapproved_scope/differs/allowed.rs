//! Less or more than the task may do today.

use crate::checks::Context;
use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::atom::{Atom, expand, holds};
use crate::facts::scope::{Statement, line};
use crate::model::{ActionId, DataId, Model, SystemId, TaskId};
use std::collections::{BTreeMap, BTreeSet};

/// The scope without one of the things that the task may do today, and without everything that one grant
/// brings.
pub(super) fn added<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let model = context.model;
    let listed = listed(context, task);
    let less = move |out: &BTreeSet<Atom>| {
        let lines: Vec<String> = out.iter().map(|atom| line(model, *atom)).collect();
        let mut less = today.clone();
        less.may.retain(|line| !lines.contains(line));
        // A tool call that does nothing else of what the task may do is removed with it.
        let mut left = listed.clone();
        for place in out.iter().flat_map(|atom| context.facts.tools.doing(*atom)) {
            left.entry(*place).and_modify(|count| *count = count.saturating_sub(1));
        }
        if left.values().any(|count| *count == 0) {
            let places = left.iter().filter(|(_, count)| **count > 0).map(|(place, _)| *place).collect();
            less.tools = context.facts.tools.lines(model, &places);
        }
        less
    };
    let own = context.facts.scope(task);
    let one = own.iter().map(|atom| context.facts.atoms.get(*atom));
    let one = one.map(move |atom| (told(model, atom), BTreeSet::from([atom])));
    let grants = model.tasks[task.index()].scope.iter().map(move |grant| {
        let action = &model.actions[grant.action.index()].meta.name;
        let data: Vec<&str> = grant.data.iter().map(|data| &*model.data[data.index()].meta.name).collect();
        (
            format!("`{action} {}`", data.join(", ")),
            expand(model, grant).into_iter().collect(),
        )
    });
    one.chain(grants)
        .map(move |(told, out)| (less(&out), format!("the approved scope did not have {told}")))
}

/// The scope with one more thing that some agent could be allowed to do.
pub(super) fn gone<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let model = context.model;
    let listed = listed(context, task);
    possible(model).map(move |atom| {
        let mut more = today.clone();
        more.may.push(line(model, atom));
        more.may.sort_unstable();
        let doing = context.facts.tools.doing(atom);
        if doing.iter().any(|place| !listed.contains_key(place)) {
            let places = listed.keys().chain(doing).copied().collect();
            more.tools = context.facts.tools.lines(model, &places);
        }
        (more, format!("the approved scope had {} as well", told(model, atom)))
    })
}

/// The tool calls that do something that the task may do, and how much of that.
fn listed(context: &Context<'_>, task: TaskId) -> BTreeMap<usize, usize> {
    let mut listed = BTreeMap::new();
    let atoms = context.facts.scope(task).iter().map(|atom| context.facts.atoms.get(*atom));
    for place in atoms.flat_map(|atom| context.facts.tools.doing(atom)) {
        *listed.entry(*place).or_insert(0) += 1;
    }
    listed
}

/// Everything that can be done.
fn possible(model: &Model) -> impl Iterator<Item = Atom> {
    let actions = (0..model.actions.len()).filter(move |at| model.actions[*at].leaves.len() == 1);
    actions.flat_map(move |action| {
        let systems = (0..model.systems.len()).map(|system| SystemId(system as u32));
        systems.flat_map(move |system| {
            let data = (0..model.data.len()).map(|data| DataId(data as u32));
            let held = data.filter(move |data| model.data[data.index()].leaves == [*data] && holds(model, system, *data));
            held.map(move |data| Atom {
                action: ActionId(action as u32),
                data,
                system,
            })
        })
    })
}

/// `` `write.delete customer.consent in crm` ``
fn told(model: &Model, atom: Atom) -> String {
    let (action, data, system) = atom.names(model);
    format!("`{action} {data} in {system}`")
}
