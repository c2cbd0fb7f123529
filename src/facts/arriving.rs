//! What the standards in force ask of a change because of what it becomes where it flows on to.

use crate::facts::Facts;
use crate::facts::asked::Asked;
use crate::facts::atom::{Atom, AtomId};
use crate::facts::evidence::keeps;
use crate::facts::landing::Landings;
use crate::facts::spread::{Flows, Held};
use crate::model::{DomainId, Model};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that applies to a change where it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// The rule.
    pub asked: Asked,
    /// The nearest place where the rule applies to what arrives.
    pub at: Held,
}

/// For each atom, the rules that apply to what a change of it arrives as, and not to the atom itself. Whoever
/// makes a change also makes what it becomes. So the same rules about stops, bounds and rollbacks apply to an
/// agent whose writes flow there as to an agent that writes there directly.
pub fn arriving(model: &Model, facts: &Facts, flows: &Flows) -> Vec<Vec<Arriving>> {
    let mut places: BTreeMap<Held, Vec<Held>> = BTreeMap::new();
    for atom in &facts.atoms.list {
        if atom.mutates(model) {
            let held = (atom.system, atom.data);
            places.entry(held).or_insert_with(|| flows.places(held));
        }
    }
    places.retain(|_, arrive| !arrive.is_empty());
    let landings = Landings::of(model, places.values().flatten().copied());
    let list = facts.atoms.list.iter().enumerate();
    let arriving = list.map(|(index, atom)| {
        let arrive = places.get(&(atom.system, atom.data)).filter(|_| atom.mutates(model));
        let domains = &facts.group(AtomId(index as u32)).domains;
        arrive.map_or_else(Vec::new, |arrive| {
            arriving_of(model, (*atom, domains), arrive, (&facts.asked[index], &landings))
        })
    });
    arriving.collect()
}

fn arriving_of(
    model: &Model,
    (atom, domains): (Atom, &[DomainId]),
    places: &[Held],
    (own, landings): (&[Asked], &Landings),
) -> Vec<Arriving> {
    let mut known: BTreeSet<Asked> = own.iter().copied().collect();
    let mut found = Vec::new();
    for place in places {
        // Evidence is written by the action itself. It is not a change of records that somebody must undo.
        if domains.iter().any(|domain| keeps(model, *domain, *place)) {
            continue;
        }
        for (_, rules) in landings.arrives(atom.action, *place) {
            let new = rules.iter().filter(|rule| known.insert(**rule));
            found.extend(new.map(|rule| Arriving { asked: *rule, at: *place }));
        }
    }
    found.shrink_to_fit();
    found
}
