//! A rollback that takes longer than the standard permits, or that does not state how long it takes.

use crate::checks::changes::{self, Change};
use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::stating::of_rollback;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::model::{Model, Requirement, RollbackId};
use crate::syntax::vocabulary::Kind;
use crate::words::{duration, literal};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV402"),
    page: include_str!("../../docs/codes/slow-rollback.md"),
    looks_at: |context| context.model.rollbacks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<RollbackId> = PerSubject::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Rollback(within, _) => Some(within),
        _ => None,
    });
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, most, _)| most.unwrap_or(i64::MAX));
    for (applicable, most, atoms) in rules {
        let mut slow: BTreeMap<RollbackId, BTreeSet<AtomId>> = BTreeMap::new();
        for change in changes::of(context, atoms) {
            for ways in change.ways_back(context, Some(applicable)) {
                if let Some(rollback) = fastest(model, &ways).filter(|rollback| !fast(model, *rollback, most)) {
                    slow.entry(rollback).or_default().extend(change.atoms.iter().copied());
                }
            }
        }
        for (id, atoms) in slow {
            let atoms: Vec<AtomId> = atoms.into_iter().collect();
            if found.more(&id, &atoms) {
                continue;
            }
            let rollback = &model.rollbacks[id.index()];
            let name = &rollback.meta.name;
            let at = rollback.within_span.unwrap_or(rollback.meta.span);
            let (message, label) = match (rollback.within, most) {
                (Some(within), Some(most)) => (
                    format!("{name} takes {}, longer than the {} allowed", duration(within), duration(most)),
                    "a mistake of an agent stays in the data for that long".to_owned(),
                ),
                (Some(_), None) | (None, None) => (format!("{name} does not say how long it takes"), "it may take any time".to_owned()),
                (None, Some(most)) => (
                    format!("{name} does not say how long it takes"),
                    format!("the standard allows at most {}", duration(most)),
                ),
            };
            let finding = context
                .finding(&CHECK, Kind::Rollback, &rollback.meta, at, message)
                .label(at, label);
            let said = Magnitude::new().known(rollback.within);
            let finding = because_of(context, finding, applicable, &atoms).magnitude(said);
            let finding = finding.help(match most {
                Some(most) => of_rollback(model, rollback, &format!("within {}", literal::duration(most))),
                None => of_rollback(model, rollback, "within …  with how long it takes,"),
            });
            found.add(id, finding, atoms);
        }
    }
    for (id, atoms) in unstated(context) {
        if !found.has(&id) {
            let rollback = &model.rollbacks[id.index()];
            let meta = &rollback.meta;
            let message = format!("{} does not say how long it takes", meta.name);
            let finding = context.finding(&CHECK, Kind::Rollback, meta, meta.span, message);
            let mut finding = finding
                .label(meta.span, "has no `within`, so it may take any time")
                .magnitude(Mark::Unstated);
            finding.level = Level::Warning;
            found.add(
                id,
                finding.help(of_rollback(model, rollback, "within …  with how long it takes,")),
                atoms,
            );
        }
    }
    found.counted(context, out);
}

/// The rollbacks that do not state how long they take, where none that restores the same states it. Each has
/// the changes that it undoes, whatever the data is and also where no standard asks.
fn unstated(context: &Context<'_>) -> BTreeMap<RollbackId, BTreeSet<AtomId>> {
    let model = context.model;
    let mut silent: BTreeMap<RollbackId, BTreeSet<AtomId>> = BTreeMap::new();
    for change in changes::of(context, changed(context)) {
        for ways in change.ways_back(context, None) {
            if let Some(rollback) = fastest(model, &ways).filter(|rollback| !fast(model, *rollback, None)) {
                silent.entry(rollback).or_default().extend(change.atoms.iter().copied());
            }
        }
    }
    silent
}

fn fastest(model: &Model, ways: &[RollbackId]) -> Option<RollbackId> {
    let seconds = |rollback: &RollbackId| model.rollbacks[rollback.index()].within.unwrap_or(i64::MAX);
    ways.iter().copied().min_by_key(seconds)
}

/// Whether a rollback states how fast it is and is as fast as required.
pub(super) fn fast(model: &Model, rollback: RollbackId, most: Option<i64>) -> bool {
    let within = model.rollbacks[rollback.index()].within;
    within.is_some_and(|within| most.is_none_or(|most| within <= most))
}

/// For each place of a change, the rollbacks that are fast enough. If a place has none, the ones that are too
/// slow.
pub(super) fn fast_ones(
    context: &Context<'_>,
    change: &Change,
    applicable: Option<ApplicableRule>,
    most: Option<i64>,
) -> Vec<Vec<RollbackId>> {
    let model = context.model;
    let mut ways = change.ways_back(context, applicable);
    for way in &mut ways {
        if way.iter().any(|rollback| fast(model, *rollback, most)) {
            way.retain(|rollback| fast(model, *rollback, most));
        }
    }
    ways
}
