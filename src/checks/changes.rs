//! Changes that agents can make, with every place that a change reaches and what undoes it there.

use crate::checks::Context;
use crate::checks::calling::by_call;
use crate::checks::requirements::arrival;
use crate::diagnostic::{Diagnostic, Magnitude};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::{AtomId, expand, holds};
use crate::facts::evidence::keeps;
use crate::facts::flow::graph::Location;
use crate::model::{DomainId, IdentityId, Meta, Model, RollbackId, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{duration, listed};
use std::collections::{BTreeMap, BTreeSet};

/// More places than this are counted, not named.
const NAMED: usize = 5;

/// Changes of one class in one system under the same domains.
pub struct Change {
    /// What is changed.
    pub held: Location,
    /// The domains that decide it, in order.
    pub domains: Vec<DomainId>,
    /// The rollbacks these domains name.
    pub rollbacks: Vec<RollbackId>,
    /// What is changed, then everywhere that it flows to, nearest first.
    pub places: Vec<Location>,
    /// The atoms.
    pub atoms: Vec<AtomId>,
}

/// Of some atoms, the changes that a domain decides. Another finding reports what no domain decides.
pub fn of(context: &Context<'_>, atoms: impl IntoIterator<Item = AtomId>) -> Vec<Change> {
    let facts = context.facts;
    let mut found: BTreeMap<(Location, &[DomainId]), Vec<AtomId>> = BTreeMap::new();
    for id in atoms {
        let atom = facts.atoms.get(id);
        let domains = &facts.group(id).domains;
        if atom.mutates(context.model) && !domains.is_empty() {
            found.entry(((atom.system, atom.data), domains)).or_default().push(id);
        }
    }
    let mut flows: BTreeMap<Location, Vec<Location>> = BTreeMap::new();
    let changes = found.into_iter().map(|((held, domains), atoms)| {
        let further = flows.entry(held).or_insert_with(|| context.flows.places(held));
        let named = domains
            .iter()
            .flat_map(|domain| &context.model.domains[domain.index()].rollbacks)
            .map(|at| at.value);
        Change {
            held,
            domains: domains.to_vec(),
            rollbacks: named.collect::<BTreeSet<_>>().into_iter().collect(),
            places: std::iter::once(held).chain(further.iter().copied()).collect(),
            atoms,
        }
    });
    changes.collect()
}

/// Every change that some agent can make.
pub fn all(context: &Context<'_>) -> Vec<Change> {
    of(context, context.atoms_of.iter().flatten().copied())
}

/// Whether a rollback restores a class in a system.
pub fn restores(model: &Model, rollback: RollbackId, (system, data): Location) -> bool {
    let own = &model.rollbacks[rollback.index()];
    own.restores.iter().any(|(classes, systems)| {
        let here = systems.is_empty() || systems.contains(&system);
        here && classes
            .iter()
            .any(|class| model.data[class.index()].leaves.binary_search(&data).is_ok())
    })
}

/// Whether the access of an identity lets it change a class in a system.
pub fn writes(model: &Model, identity: IdentityId, (system, data): Location) -> bool {
    let mut atoms = model.identities[identity.index()]
        .access
        .iter()
        .flat_map(|grant| expand(model, grant));
    atoms.any(|atom| atom.mutates(model) && (atom.system, atom.data) == (system, data))
}

/// Where the edit goes that fixes what happens after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mend {
    /// In the rollback that is meant to undo it.
    Rollback(RollbackId),
    /// In the domain, which names none.
    Domain(DomainId),
}

impl Mend {
    /// The declaration, and its line that lists what is restored.
    pub fn place(self, model: &Model) -> (Kind, &Meta, Span) {
        match self {
            Mend::Rollback(id) => {
                let own = &model.rollbacks[id.index()];
                (
                    Kind::Rollback,
                    &own.meta,
                    own.restores_spans.first().copied().unwrap_or(own.meta.span),
                )
            }
            Mend::Domain(id) => {
                let own = &model.domains[id.index()];
                (Kind::Domain, &own.meta, own.meta.span)
            }
        }
    }
}

impl Change {
    /// Where the edit goes: in the rollback that restores what was changed, else in the first, else in the first
    /// domain.
    pub fn mend(&self, model: &Model) -> Mend {
        let restoring = self.rollbacks.iter().find(|rollback| restores(model, **rollback, self.held));
        let rollback = restoring.or(self.rollbacks.first()).copied();
        rollback.map_or(Mend::Domain(self.domains[0]), Mend::Rollback)
    }

    /// The places that none of its rollbacks restores. The places where the change writes evidence of its
    /// domains do not count: taking evidence back would destroy it.
    pub fn unrestored(&self, model: &Model) -> Vec<Location> {
        let restored = |place: &Location| self.rollbacks.iter().any(|rollback| restores(model, *rollback, *place));
        let evidence = |place: &Location| *place != self.held && self.domains.iter().any(|domain| keeps(model, *domain, *place));
        let places = self.places.iter().copied();
        places.filter(|place| !restored(place) && !evidence(place)).collect()
    }

    /// The places to which a rule applies: all of them, or, if the rule is about what the data becomes, that
    /// place and those after it.
    fn places_under(&self, context: &Context<'_>, applicable: Option<ApplicableRule>) -> Vec<Location> {
        match applicable.and_then(|applicable| arrival(context, applicable, &self.atoms)) {
            Some((_, at)) => std::iter::once(at).chain(context.flows.places(at)).collect(),
            None => self.places.clone(),
        }
    }

    /// For each place to which a rule applies, or for each place if no rule applies, the rollbacks that restore
    /// it. If none restores any place, all rollbacks, since they are meant to.
    pub fn ways_back(&self, context: &Context<'_>, applicable: Option<ApplicableRule>) -> Vec<Vec<RollbackId>> {
        let model = context.model;
        let restoring = |place: &Location| -> Vec<RollbackId> {
            let named = self.rollbacks.iter().copied();
            named.filter(|rollback| restores(model, *rollback, *place)).collect()
        };
        if self.places.iter().all(|place| restoring(place).is_empty()) {
            return vec![self.rollbacks.clone()];
        }
        let places = self.places_under(context, applicable);
        let found: BTreeSet<Vec<RollbackId>> = places.iter().map(restoring).filter(|some| !some.is_empty()).collect();
        found.into_iter().collect()
    }

    /// The names of the class and the system that are changed.
    pub fn names<'a>(&self, model: &'a Model) -> (&'a str, &'a str) {
        names(model, self.held)
    }
}

/// A place as a fingerprint has it.
pub fn magnitude(model: &Model, (system, data): Location) -> Magnitude {
    Magnitude::new()
        .id(&model.data[data.index()].meta.id)
        .id(&model.systems[system.index()].meta.id)
}

/// The names of a class and the system it is in.
pub fn names(model: &Model, (system, data): Location) -> (&str, &str) {
    (&model.data[data.index()].meta.name, &model.systems[system.index()].meta.name)
}

/// Each place once, with the change that reaches it in the fewest steps; the nearest places first.
pub fn soonest<'a>(changes: impl Iterator<Item = (&'a Change, &'a [Location])>) -> Vec<(&'a Change, Location)> {
    let mut first: BTreeMap<Location, (usize, &Change)> = BTreeMap::new();
    for (change, missed) in changes {
        let mut missed = missed.iter().peekable();
        for (steps, place) in change.places.iter().enumerate() {
            if missed.next_if_eq(&place).is_some() {
                let soonest = first.entry(*place).or_insert((steps, change));
                if steps < soonest.0 {
                    *soonest = (steps, change);
                }
            }
        }
    }
    let mut places: Vec<(usize, Location, &Change)> = first.into_iter().map(|(place, (steps, change))| (steps, place, change)).collect();
    places.sort_by_key(|(steps, place, _)| (*steps, *place));
    places.into_iter().map(|(_, place, change)| (change, place)).collect()
}

/// `customer.consent in cdp and customer.consent in mail`
pub fn listed_places(model: &Model, places: &[(&Change, Location)]) -> String {
    let shown = places.iter().take(NAMED).map(|(_, place)| names(model, *place));
    let mut shown: Vec<String> = shown.map(|(class, system)| format!("{class} in {system}")).collect();
    if places.len() > NAMED {
        shown.push(format!("{} more", places.len() - NAMED));
    }
    listed(&shown)
}

/// `restores customer.consent in cdp, mail`
pub fn restoring(model: &Model, places: &[(&Change, Location)]) -> String {
    let mut by_class: Vec<(&str, Vec<&str>)> = Vec::new();
    for (class, system) in places.iter().take(NAMED).map(|(_, place)| names(model, *place)) {
        match by_class.iter_mut().find(|(other, _)| *other == class) {
            Some((_, systems)) => systems.push(system),
            None => by_class.push((class, vec![system])),
        }
    }
    // A system cannot restore what it does not hold, so it must hold the class first.
    let unheld = places
        .iter()
        .take(NAMED)
        .filter(|(_, (system, data))| !holds(model, *system, *data));
    let first = unheld.map(|(_, place)| {
        let (class, system) = names(model, *place);
        format!("holds {class}  in system {system}")
    });
    let lines: Vec<String> = first
        .chain(
            by_class
                .iter()
                .map(|(class, systems)| format!("restores {} in {}", class, systems.join(", "))),
        )
        .collect();
    match places.len() > NAMED {
        true => format!("{}  and whatever else is changed", lines.join("; ")),
        false => lines.join("; "),
    }
}

/// Adds the steps by which changes reach places: the calls by which an agent comes to the first change, then
/// the shortest way to each of the first places. Every step is added once.
pub fn path(context: &Context<'_>, mut finding: Diagnostic, places: &[(&Change, Location)]) -> Diagnostic {
    let name = |system: SystemId| &context.model.systems[system.index()].meta.name;
    // The decision that is shown is that of the first agent, which may reach it by calling another agent.
    if let Some(atom) = places.first().and_then(|(change, _)| change.atoms.first()) {
        let agent = context.facts.points_of[atom.index()].1;
        finding = by_call(context, finding, agent, *atom);
    }
    let mut said: BTreeSet<Span> = BTreeSet::new();
    for (change, place) in places.iter().take(NAMED) {
        let arrivals = context.flows.from(change.held);
        let Some(arrival) = arrivals.into_iter().find(|arrival| arrival.at == *place) else {
            continue;
        };
        let mut from = change.held.0;
        for (number, (span, to)) in arrival.way.iter().zip(&arrival.systems).enumerate() {
            let last = number + 1 == arrival.way.len();
            let within = arrival
                .within
                .filter(|_| last)
                .map_or(String::new(), |within| format!(", within {}", duration(within)));
            if said.insert(*span) {
                finding = finding.related(*span, format!("from {} it flows to {}{within}", name(from), name(*to)));
            }
            from = *to;
        }
    }
    finding
}

/// The atoms of several changes, each once.
pub fn atoms_of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Vec<AtomId> {
    let atoms: BTreeSet<AtomId> = changes.into_iter().flat_map(|change| change.atoms.iter().copied()).collect();
    atoms.into_iter().collect()
}
