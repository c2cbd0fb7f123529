//! Data that says who may do what: to change it is to change what agents and people can do.

use crate::facts::atom::AtomId;
use crate::facts::spread::Flows;
use crate::facts::{AgentReach, Facts};
use crate::model::{DataId, Model, SystemId};
use crate::source::Span;
use std::collections::BTreeMap;

/// The leaves of the library's class of permissions, in order.
pub fn classes(model: &Model) -> &[DataId] {
    let class = model.data.iter().find(|data| &*data.meta.id == "std.access.access");
    class.map_or(&[], |class| &class.leaves)
}

/// A system in which permissions are others after a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub system: SystemId,
    /// The `feeds` clauses by which the change gets there, each with where it leads; none where it is made.
    pub way: Vec<(Span, SystemId)>,
}

/// For each atom by which permissions are changed, the systems in which they then are others: its own, and where it flows on to.
pub fn changed(model: &Model, facts: &Facts, flows: &Flows) -> BTreeMap<AtomId, Vec<Change>> {
    let classes = classes(model);
    let mut changed = BTreeMap::new();
    for (index, atom) in facts.atoms.list.iter().enumerate() {
        if atom.mutates(model) && classes.binary_search(&atom.data).is_ok() {
            let on = flows.from((atom.system, atom.data));
            let on = on.iter().filter(|arrival| classes.binary_search(&arrival.at.1).is_ok());
            let here = Change {
                system: atom.system,
                way: Vec::new(),
            };
            let there = on.map(|arrival| Change {
                system: arrival.at.0,
                way: arrival.way.iter().copied().zip(arrival.systems.iter().copied()).collect(),
            });
            changed.insert(AtomId(index as u32), std::iter::once(here).chain(there).collect());
        }
    }
    changed
}

/// What of it one agent reaches, in any way.
pub fn within<'a>(reach: &'a AgentReach, changed: &'a BTreeMap<AtomId, Vec<Change>>) -> impl Iterator<Item = (AtomId, &'a Vec<Change>)> {
    reach
        .points
        .iter()
        .filter_map(|(atom, _)| changed.get(atom).map(|changes| (*atom, changes)))
}
