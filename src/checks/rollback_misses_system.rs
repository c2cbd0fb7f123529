//! A change that reaches a system where its rollback does not undo it, or that cannot be undone at all.

use crate::checks::changes::{self, Change, Mend, restores, writes};
use crate::checks::requirements::{because, by_rule};
use crate::checks::stating::{of_rollback, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::flow::downstream_domains::DownstreamDomains;
use crate::facts::flow::graph::Location;
use crate::facts::identity::becoming;
use crate::model::{IdentityId, Requirement, RollbackId};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV404"),
    page: include_str!("../../docs/codes/rollback-misses-system.md"),
    looks_at: |context| changes::all(context).iter().map(|change| change.places.len()).sum(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut applicable: BTreeMap<AtomId, ApplicableRule> = BTreeMap::new();
    for (rule, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Rollback(..)).then_some(())) {
        for atom in atoms {
            // Rules about the change itself are shown before rules about what it becomes.
            let own = |rule: &ApplicableRule| context.facts.applicable[atom.index()].contains(rule);
            let shown = applicable.entry(atom).or_insert(rule);
            if own(&rule) && !own(shown) {
                *shown = rule;
            }
        }
    }
    let mut missing: BTreeMap<RollbackId, Vec<(Change, Vec<Location>)>> = BTreeMap::new();
    let mut lasting: BTreeMap<Mend, Vec<Change>> = BTreeMap::new();
    for change in changes::all(context) {
        if let Some(mend) = uncompensated(context, &change, &applicable) {
            lasting.entry(mend).or_default().push(Change {
                atoms: irreversible(context, &change),
                domains: change.domains.clone(),
                rollbacks: change.rollbacks.clone(),
                places: change.places.clone(),
                ..change
            });
        }
        let missed = change.unrestored(model);
        match change.mend(model) {
            Mend::Rollback(rollback) if !missed.is_empty() => missing.entry(rollback).or_default().push((change, missed)),
            // Another check reports a domain without a rollback.
            Mend::Rollback(_) | Mend::Domain(_) => {}
        }
    }
    let downstream = DownstreamDomains::of(model, missing.values().flatten().flat_map(|(_, missed)| missed).copied());
    for (rollback, changes) in missing {
        let finding = misses(context, rollback, &changes, &applicable);
        out.push(match together(context, &downstream, &changes) {
            Some(help) => finding.help(help),
            None => finding,
        });
    }
    for index in 0..model.rollbacks.len() {
        out.extend(powerless(context, RollbackId(index as u32), &applicable));
    }
    for (mend, changes) in lasting {
        out.push(cannot(context, mend, &changes, &applicable));
    }
}

fn misses(
    context: &Context<'_>,
    id: RollbackId,
    changes: &[(Change, Vec<Location>)],
    applicable: &BTreeMap<AtomId, ApplicableRule>,
) -> Diagnostic {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let name = &rollback.meta.name;
    let places = changes::soonest(changes.iter().map(|(change, missed)| (change, &missed[..])));
    let (first, place) = places[0];
    let (class, system) = first.names(model);
    let (arrives, other) = changes::names(model, place);
    let message = match (place == first.held, class == arrives) {
        (true, _) => format!("{name} does not undo a change of {class} in {system}"),
        (false, true) => format!("a change of {class} in {system} reaches {other}, where {name} does not undo it"),
        (false, false) => format!("a change of {class} in {system} reaches {other} as {arrives}, which {name} does not undo"),
    };
    let at = rollback.restores_spans.first().copied().unwrap_or(rollback.meta.span);
    let left_out = changes::listed_places(model, &places);
    let label = match rollback.restores.is_empty() {
        true => format!("it does not list what it restores, and it must restore {left_out}"),
        false => format!("leaves out {left_out}"),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Rollback, &rollback.meta, at, message)
        .label(at, label);
    let atoms = changes::atoms_of(changes.iter().map(|(change, _)| change));
    if let Some(rule) = atoms.iter().find_map(|atom| applicable.get(atom)) {
        finding = because(context, finding, *rule);
    }
    finding = changes::path(context, finding, &places);
    finding.finding.selector.push_str(" everywhere");
    finding = finding.magnitudes(places.iter().map(|(_, place)| changes::magnitude(model, *place)));
    context.points(&mut finding, &atoms);
    finding.help(of_rollback(model, rollback, &changes::restoring(model, &places)))
}

/// A rollback that runs as an identity which cannot change what the rollback declares to restore.
fn powerless(context: &Context<'_>, id: RollbackId, applicable: &BTreeMap<AtomId, ApplicableRule>) -> Option<Diagnostic> {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let runs_as = rollback.runs_as?;
    let identities = becoming(model, runs_as.value, |_| true);
    // An identity without declared access or assumptions may be able to.
    let unknown = |identity: IdentityId| {
        let own = &model.identities[identity.index()];
        !own.access_said || own.can_assume.known().is_none()
    };
    if identities.iter().any(|(identity, _)| unknown(*identity)) {
        return None;
    }
    let can = |held: &Location| identities.iter().any(|(identity, _)| writes(model, *identity, *held));
    let lacking = |change: &Change| -> Vec<Location> {
        let places = change.places.iter().copied();
        places.filter(|held| restores(model, id, *held) && !can(held)).collect()
    };
    let named = changes::all(context).into_iter().filter(|change| change.rollbacks.contains(&id));
    let changes: Vec<(Change, Vec<Location>)> = named
        .map(|change| {
            let held = lacking(&change);
            (change, held)
        })
        .collect();
    let places = changes::soonest(changes.iter().map(|(change, held)| (change, &held[..])));
    let (_, place) = *places.first()?;
    let own = &model.identities[runs_as.value.index()].meta;
    let (class, system) = changes::names(model, place);
    let name = &rollback.meta.name;
    let message = format!("{name} runs as {}, which cannot change {class} in {system}", own.name);
    let mut finding = context
        .finding(&CHECK, Kind::Rollback, &rollback.meta, runs_as.span, message)
        .label(runs_as.span, "it cannot restore this: its identity has no access to it");
    let atoms = changes::atoms_of(changes.iter().filter(|(_, held)| !held.is_empty()).map(|(change, _)| change));
    if let Some(rule) = atoms.iter().find_map(|atom| applicable.get(atom)) {
        finding = because(context, finding, *rule);
    }
    finding = finding.related(own.span, "this line says what the identity can do");
    finding.finding.selector.push_str(" runs_as");
    finding = finding
        .ids([&own.id])
        .magnitudes(places.iter().map(|(_, place)| changes::magnitude(model, *place)));
    context.points(&mut finding, &atoms);
    Some(finding.help(format!("write.update {class} in {system}  in the access of {}", own.name)))
}

/// The rollbacks with which the domains where the change arrives undo it there, named as the domain of the
/// change would name them. `None` unless they undo it in every place that is left out and one domain has all
/// the changes.
fn together(context: &Context<'_>, downstream: &DownstreamDomains, changes: &[(Change, Vec<Location>)]) -> Option<String> {
    let model = context.model;
    let domain = changes[0].0.domains[0];
    if changes.iter().any(|(change, _)| change.domains[0] != domain) {
        return None;
    }
    let mut named: Vec<RollbackId> = model.domains[domain.index()].rollbacks.iter().map(|at| at.value).collect();
    for place in changes.iter().flat_map(|(_, missed)| missed) {
        let domains = downstream.domains(*place);
        let theirs = domains.iter().flat_map(|domain| &model.domains[domain.index()].rollbacks);
        let theirs = theirs.map(|at| at.value).find(|rollback| restores(model, *rollback, *place))?;
        if !named.contains(&theirs) {
            named.push(theirs);
        }
    }
    let names: Vec<&str> = named.iter().map(|rollback| &*model.rollbacks[rollback.index()].meta.name).collect();
    let domain = &model.domains[domain.index()].meta.name;
    Some(format!("rollback {}  in domain {domain}", names.join(", ")))
}

fn irreversible(context: &Context<'_>, change: &Change) -> Vec<AtomId> {
    let atoms = change.atoms.iter().copied();
    atoms
        .filter(|atom| context.facts.atoms.get(*atom).flags(context.model).irreversible)
        .collect()
}

/// Where an irreversible change has no compensation: in the named rollback, or in the domain where none is
/// named. Where a standard asks for a rollback, another check reports a domain without one.
fn uncompensated(context: &Context<'_>, change: &Change, applicable: &BTreeMap<AtomId, ApplicableRule>) -> Option<Mend> {
    let model = context.model;
    let atoms = irreversible(context, change);
    let compensates = |rollback: &RollbackId| model.rollbacks[rollback.index()].method.as_deref() == Some("compensate");
    let ways = change.rollbacks.iter().filter(|rollback| restores(model, **rollback, change.held));
    if atoms.is_empty() || ways.clone().any(compensates) {
        return None;
    }
    match change.mend(model) {
        // A rollback that compensates and does not name the class has the fault of leaving the class out.
        Mend::Rollback(rollback) if ways.count() == 0 && compensates(&rollback) => None,
        Mend::Domain(_) if atoms.iter().any(|atom| applicable.contains_key(atom)) => None,
        mend @ (Mend::Rollback(_) | Mend::Domain(_)) => Some(mend),
    }
}

fn cannot(context: &Context<'_>, mend: Mend, changes: &[Change], applicable: &BTreeMap<AtomId, ApplicableRule>) -> Diagnostic {
    let model = context.model;
    let atoms = changes::atoms_of(changes);
    let (action, class, system) = context.facts.atoms.get(atoms[0]).names(model);
    let (kind, meta, line) = mend.place(model);
    let (at, good, label) = match mend {
        Mend::Rollback(id) => {
            let own = &model.rollbacks[id.index()];
            let label = match &own.method {
                Some(method) => format!("a {method} restores records, but not data that has left your systems"),
                None => "says no method".to_owned(),
            };
            let good = format!("{} does not compensate for it", own.meta.name);
            (own.method_span.unwrap_or(own.meta.span), good, label)
        }
        Mend::Domain(_) => (line, "no rollback compensates for it".to_owned(), "names no rollback".to_owned()),
    };
    let message = format!("nobody can undo `{action}` of {class} in {system}, and {good}");
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    if let Some(rule) = atoms.iter().find_map(|atom| applicable.get(atom)) {
        finding = because(context, finding, *rule);
    }
    finding.finding.selector.push_str(" irreversible");
    if let Mend::Rollback(id) = mend {
        finding = finding.magnitude(match &model.rollbacks[id.index()].method {
            Some(method) => Magnitude::new().word(method),
            None => Mark::Unstated.into(),
        });
    }
    context.points(&mut finding, &atoms);
    let edit = "method compensate  in a rollback that says what you do instead,";
    finding.help(match mend {
        Mend::Rollback(id) => of_rollback(model, &model.rollbacks[id.index()], edit),
        Mend::Domain(_) => said_by(edit, "security"),
    })
}
