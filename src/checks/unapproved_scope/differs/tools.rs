//! Tool calls that did something else.

use crate::checks::Context;
use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::atom::Atom;
use crate::facts::scope::{Statement, sorted};
use crate::facts::tool::{ToolCall, does};
use crate::model::{ActionId, DataId, Grant, Model, TaskId};
use std::collections::BTreeSet;

/// Something else that a tool call could have done.
struct Besides {
    atoms: Vec<Atom>,
    told: String,
}

/// The scope without a tool call, without one thing that it does, and with another thing, added or in place of
/// one of its grants.
pub(super) fn others<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let model = context.model;
    let tools = &context.facts.tools;
    let scope: BTreeSet<Atom> = context
        .facts
        .scope(task)
        .iter()
        .map(|atom| context.facts.atoms.get(*atom))
        .collect();
    let inside = tools.inside(scope.iter().copied());
    let near: BTreeSet<_> = scope.iter().map(|atom| atom.system).collect();
    let places = (0..tools.list.len()).filter(move |place| inside.contains(place) || near.contains(&tools.list[*place].system));
    places.flat_map(move |place| {
        let call = &tools.list[place];
        let mut rest = tools.inside(scope.iter().copied());
        let listed = rest.remove(&place);
        let rest = tools.lines(model, &rest);
        let name = call.name(model);
        let with = |does: &BTreeSet<Atom>| {
            let mut other = today.clone();
            let own = does
                .iter()
                .filter(|_| !does.is_disjoint(&scope))
                .map(|atom| call.line(model, *atom));
            other.tools = sorted(rest.iter().cloned().chain(own));
            other
        };
        let all: BTreeSet<Atom> = call.does.iter().copied().collect();
        let mut tried: Vec<Tried> = Vec::new();
        if listed {
            let none = with(&BTreeSet::new());
            tried.push((none, format!("there was no tool call \"{name}\" for it in the approved scope")));
        }
        for atom in &call.does {
            let mut less = all.clone();
            less.remove(atom);
            let (action, data, system) = atom.names(model);
            let what = format!("in the approved scope the tool call \"{name}\" did not do `{action} {data} in {system}`");
            tried.push((with(&less), what));
        }
        let besides: Vec<Besides> = besides(model, call, &scope);
        let grants = &call.declared(model).does;
        let without = (0..grants.len()).map(|out| {
            let left = grants.iter().enumerate().filter(|(at, _)| *at != out);
            let left = left.flat_map(|(_, grant)| does(model, call.system, grant)).collect();
            (left, Some(&grants[out]))
        });
        for (base, out) in std::iter::once((all.clone(), None)).chain(without) {
            if let Some(out) = out {
                let action = &model.actions[out.action.index()].meta.name;
                let what = format!("in the approved scope the tool call \"{name}\" did nothing that `{action}` includes");
                tried.push((with(&base), what));
            }
            for besides in &besides {
                let mut other: BTreeSet<Atom> = base.clone();
                other.extend(&besides.atoms);
                let what = match out {
                    None => format!("in the approved scope the tool call \"{name}\" did {} as well", besides.told),
                    Some(_) => format!("in the approved scope the tool call \"{name}\" did {}", besides.told),
                };
                tried.push((with(&other), what));
            }
        }
        tried
    })
}

/// Every action on every class of the scope in the system of the tool call, and on all of them that a grant names.
fn besides(model: &Model, call: &ToolCall, scope: &BTreeSet<Atom>) -> Vec<Besides> {
    let held: BTreeSet<DataId> = scope
        .iter()
        .filter(|atom| atom.system == call.system)
        .map(|atom| atom.data)
        .collect();
    let actions = (0..model.actions.len()).map(|action| ActionId(action as u32));
    let grants = actions.flat_map(|action| {
        held.iter().map(move |data| Grant {
            action,
            data: vec![*data],
            except: Vec::new(),
            systems: vec![call.system],
            span: call.declared(model).span,
        })
    });
    let besides = grants.map(|grant| Besides {
        told: format!(
            "`{} {}`",
            model.actions[grant.action.index()].meta.name,
            model.data[grant.data[0].index()].meta.name
        ),
        atoms: does(model, call.system, &grant),
    });
    besides.collect()
}
