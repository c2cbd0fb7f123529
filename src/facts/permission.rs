//! Data that states who may do what: changing it changes what agents and people can do.

use crate::facts::atom::AtomId;
use crate::facts::flow::graph::{Arrival, Flows, Location};
use crate::facts::{AgentReach, Facts};
use crate::model::{DataId, Model, SystemId};
use crate::source::Span;
use std::collections::BTreeMap;

/// The leaves of the library's class of permissions, in order.
pub fn classes(model: &Model) -> &[DataId] {
    let class = model.data.iter().find(|data| &*data.meta.id == "std.access.access");
    class.map_or(&[], |class| &class.leaves)
}

/// A system whose permissions differ after a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub system: SystemId,
    /// The `feeds` clauses by which the change gets there, each with its target; empty where the change is
    /// made.
    pub way: Vec<(Span, SystemId)>,
}

/// For each atom that changes permissions, the systems whose permissions then differ: its own, and those it
/// flows to.
pub fn changed(model: &Model, facts: &Facts, flows: &Flows) -> BTreeMap<AtomId, Vec<Change>> {
    let classes = classes(model);
    let mut changed = BTreeMap::new();
    let mut arrivals: BTreeMap<Location, Vec<Arrival>> = BTreeMap::new();
    for (index, atom) in facts.atoms.list.iter().enumerate() {
        if atom.mutates(model) {
            // Data that is not a permission where it is written may become one where it arrives, by `as`.
            let on = arrivals
                .entry((atom.system, atom.data))
                .or_insert_with_key(|place| flows.from(*place));
            let on = on.iter().filter(|arrival| classes.binary_search(&arrival.at.1).is_ok());
            let here = classes.binary_search(&atom.data).is_ok().then(|| Change {
                system: atom.system,
                way: Vec::new(),
            });
            let there = on.map(|arrival| Change {
                system: arrival.at.0,
                way: arrival.way.iter().copied().zip(arrival.systems.iter().copied()).collect(),
            });
            let changes: Vec<Change> = here.into_iter().chain(there).collect();
            if !changes.is_empty() {
                changed.insert(AtomId(index as u32), changes);
            }
        }
    }
    changed
}

/// The changes among them that one agent reaches, in any way.
pub fn within<'a>(reach: &'a AgentReach, changed: &'a BTreeMap<AtomId, Vec<Change>>) -> impl Iterator<Item = (AtomId, &'a Vec<Change>)> {
    reach
        .points
        .iter()
        .filter_map(|(atom, _)| changed.get(atom).map(|changes| (*atom, changes)))
}
