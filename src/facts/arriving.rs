//! What the standards in force ask of a change for what it becomes where it flows on to.

use crate::facts::Facts;
use crate::facts::asked::Asked;
use crate::facts::atom::{Atom, AtomId};
use crate::facts::evidence::keeps;
use crate::facts::landing::Landings;
use crate::facts::spread::{Flows, Held};
use crate::model::{DomainId, Model};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that speaks of a change where it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// The rule.
    pub asked: Asked,
    /// The nearest place where it speaks of what arrives.
    pub at: Held,
}

/// For each atom, the rules that speak of what a change of it arrives as, and not of the atom itself. Who makes a change has made what
/// becomes of it: an agent that can write what flows on has to be stopped, bound and undone as one that writes there.
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
        // The evidence of what is done comes about by its being done: it is no change of records that somebody has to undo.
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
