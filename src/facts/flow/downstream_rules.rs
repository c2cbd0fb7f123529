//! The rules of standards that apply to a change because of the data that it becomes by flowing on.

use crate::facts::Facts;
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::{Atom, AtomId};
use crate::facts::evidence::keeps;
use crate::facts::flow::downstream_domains::DownstreamDomains;
use crate::facts::flow::graph::{Flows, Location};
use crate::model::{DomainId, Model};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that applies to a change where it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DownstreamRule {
    /// The rule.
    pub applicable: ApplicableRule,
    /// The nearest place where the rule applies to what arrives.
    pub at: Location,
}

/// For each atom, the rules that apply to the data that a change of it becomes on arrival, and not to the atom
/// itself. Whoever makes a change also makes the data that the change becomes. So the same rules about stops,
/// bounds and rollbacks apply to an agent whose writes flow there as to an agent that writes there directly.
pub fn downstream_rules(model: &Model, facts: &Facts, flows: &Flows) -> Vec<Vec<DownstreamRule>> {
    let mut places: BTreeMap<Location, Vec<Location>> = BTreeMap::new();
    for atom in &facts.atoms.list {
        if atom.mutates(model) {
            let held = (atom.system, atom.data);
            places.entry(held).or_insert_with(|| flows.places(held));
        }
    }
    places.retain(|_, arrive| !arrive.is_empty());
    let downstream = DownstreamDomains::of(model, places.values().flatten().copied());
    let list = facts.atoms.list.iter().enumerate();
    let downstream_rules = list.map(|(index, atom)| {
        let arrive = places.get(&(atom.system, atom.data)).filter(|_| atom.mutates(model));
        let domains = &facts.group(AtomId(index as u32)).domains;
        arrive.map_or_else(Vec::new, |arrive| {
            downstream_rules_of(model, (*atom, domains), arrive, (&facts.applicable[index], &downstream))
        })
    });
    downstream_rules.collect()
}

fn downstream_rules_of(
    model: &Model,
    (atom, domains): (Atom, &[DomainId]),
    places: &[Location],
    (own, downstream): (&[ApplicableRule], &DownstreamDomains),
) -> Vec<DownstreamRule> {
    let mut known: BTreeSet<ApplicableRule> = own.iter().copied().collect();
    let mut found = Vec::new();
    for place in places {
        // Evidence is written by the action itself. It is not a change of records that somebody must undo.
        if domains.iter().any(|domain| keeps(model, *domain, *place)) {
            continue;
        }
        for (_, rules) in downstream.arrives(atom.action, *place) {
            let new = rules.iter().filter(|rule| known.insert(**rule));
            found.extend(new.map(|rule| DownstreamRule {
                applicable: *rule,
                at: *place,
            }));
        }
    }
    found.shrink_to_fit();
    found
}
