//! What flows from system to system, step by step, and the flags that travel with it.

use crate::model::{DataId, Feed, Flags, Holds, Model, SystemId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A class in a system.
pub type Location = (SystemId, DataId);

/// One step: a leaf class in a system, and the class that it becomes in the next system.
#[derive(Clone, Copy, Debug)]
pub struct Step<'m> {
    /// From where.
    pub from: Location,
    /// To where.
    pub to: Location,
    /// The clause.
    pub feed: &'m Feed,
    /// Whether nobody can be identified from it once it has arrived.
    pub anonymised: bool,
}

/// Every step of every feed.
pub fn steps(model: &Model) -> Vec<Step<'_>> {
    let mut all: Vec<Step<'_>> = Vec::new();
    for (index, system) in model.systems.iter().enumerate() {
        for feed in system.feeds.known().into_iter().flatten() {
            for carried in &feed.carries {
                for leaf in &model.data[carried.data.index()].leaves {
                    let arrives = match carried.data == carried.arrives {
                        true => vec![*leaf],
                        false => becomes(model, feed.to, carried.arrives),
                    };
                    all.extend(arrives.into_iter().map(|other| Step {
                        from: (SystemId(index as u32), *leaf),
                        to: (feed.to, other),
                        feed,
                        anonymised: carried.anonymised.is_some(),
                    }));
                }
            }
        }
    }
    // Data that a system does not hold, and that nothing brings there, does not flow on from it. A line for
    // which all of its data is missing is a fault of its own. Until somebody fixes it, nobody knows what flows.
    let brought: BTreeSet<Location> = all.iter().map(|step| step.to).collect();
    let is_there = |step: &Step<'_>| holds(model, step.from.0, step.from.1) || brought.contains(&step.from);
    let sound: BTreeSet<Span> = all.iter().filter(|step| is_there(step)).map(|step| step.feed.span).collect();
    all.retain(|step| is_there(step) || !sound.contains(&step.feed.span));
    all
}

/// The flags of classes that come with what flows there, and that the class itself lacks: data about people is
/// about people under whatever name it arrives. An anonymised flow brings none.
pub fn arrived(model: &Model) -> BTreeMap<Location, Flags> {
    let mut onward: BTreeMap<Location, Vec<Location>> = BTreeMap::new();
    for step in steps(model).into_iter().filter(|step| !step.anonymised) {
        onward.entry(step.from).or_default().push(step.to);
    }
    let of = |(_, class): Location| model.data[class.index()].flags;
    let travels = |flags: Flags| Flags {
        personal: flags.personal,
        restricted: flags.restricted,
        ..Flags::default()
    };
    let mut arrived: BTreeMap<Location, Flags> = BTreeMap::new();
    let mut open: Vec<Location> = onward.keys().copied().collect();
    while let Some(place) = open.pop() {
        let flags = travels(of(place).and(arrived.get(&place).copied().unwrap_or_default()));
        for next in onward.get(&place).into_iter().flatten() {
            let own = of(*next).and(arrived.get(next).copied().unwrap_or_default());
            if own.and(flags) != own {
                let more = arrived.entry(*next).or_default();
                *more = more.and(flags);
                open.push(*next);
            }
        }
    }
    arrived
}

/// The classes that arrive if a flow declares this class: the parts of the class that the system holds. If the
/// system holds none of the parts, nobody knows which of them arrives.
fn becomes(model: &Model, system: SystemId, class: DataId) -> Vec<DataId> {
    let leaves = &model.data[class.index()].leaves;
    let held: Vec<DataId> = leaves.iter().copied().filter(|leaf| holds(model, system, *leaf)).collect();
    match held.is_empty() {
        true => leaves.clone(),
        false => held,
    }
}

/// Whether a system holds a leaf class. A system without `holds` may hold anything.
pub fn holds(model: &Model, system: SystemId, leaf: DataId) -> bool {
    match &model.systems[system.index()].holds {
        Holds::Any | Holds::Unstated => true,
        Holds::Leaves(leaves) => leaves.binary_search(&leaf).is_ok(),
    }
}
