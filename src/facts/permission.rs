//! Data that says who may do what: to change it is to change what agents and people can do.

use crate::facts::atom::AtomId;
use crate::facts::spread::Flows;
use crate::facts::{AgentReach, Facts};
use crate::model::{DataId, Model, SystemId};
use std::collections::BTreeMap;

/// The leaves of the library's class of permissions, in order.
pub fn classes(model: &Model) -> &[DataId] {
    let class = model.data.iter().find(|data| &*data.meta.id == "std.access.access");
    class.map_or(&[], |class| &class.leaves)
}

/// For each atom by which permissions are changed, the systems in which they then are others: its own, and where it flows on to.
pub fn changed(model: &Model, facts: &Facts, flows: &Flows) -> BTreeMap<AtomId, Vec<SystemId>> {
    let classes = classes(model);
    let mut changed = BTreeMap::new();
    for (index, atom) in facts.atoms.list.iter().enumerate() {
        if atom.mutates(model) && classes.binary_search(&atom.data).is_ok() {
            let on = flows.from((atom.system, atom.data));
            let on = on.iter().filter(|arrival| classes.binary_search(&arrival.at.1).is_ok());
            let systems = std::iter::once(atom.system).chain(on.map(|arrival| arrival.at.0));
            changed.insert(AtomId(index as u32), systems.collect());
        }
    }
    changed
}

/// What of it one agent reaches, in any way.
pub fn within<'a>(
    reach: &'a AgentReach,
    changed: &'a BTreeMap<AtomId, Vec<SystemId>>,
) -> impl Iterator<Item = (AtomId, &'a Vec<SystemId>)> {
    reach
        .points
        .iter()
        .filter_map(|(atom, _)| changed.get(atom).map(|systems| (*atom, systems)))
}
