//! A rollback that nobody has tested, or not recently.

use crate::checks::changes;
use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::slow_rollback::fast_ones;
use crate::checks::stating::of_rollback;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{Model, Requirement, RollbackId};
use crate::syntax::vocabulary::Kind;
use crate::words::duration;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV403"),
    page: include_str!("../../docs/codes/untested-rollback.md"),
    looks_at: |context| context.model.rollbacks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<RollbackId> = PerSubject::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Rollback(within, tested) => Some((within, tested)),
        _ => None,
    });
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, (_, most), _)| most.unwrap_or(i64::MAX));
    for (applicable, (within, most), atoms) in rules {
        let mut untested: BTreeMap<RollbackId, BTreeSet<AtomId>> = BTreeMap::new();
        for change in changes::of(context, atoms) {
            for ways in fast_ones(context, &change, Some(applicable), within) {
                let latest = ways.into_iter().max_by_key(|rollback| tried(model, *rollback));
                if let Some(rollback) = latest.filter(|rollback| !lately(model, *rollback, most)) {
                    untested.entry(rollback).or_default().extend(change.atoms.iter().copied());
                }
            }
        }
        for (id, atoms) in untested {
            let atoms: Vec<AtomId> = atoms.into_iter().collect();
            if found.more(&id, &atoms) {
                continue;
            }
            let finding = because_of(context, say(context, id, most), applicable, &atoms);
            found.add(id, finding, atoms);
        }
    }
    // This applies to all data, even where no standard asks: a rollback that nobody has tested is a guess.
    let mut untried: BTreeMap<RollbackId, BTreeSet<AtomId>> = BTreeMap::new();
    for change in changes::of(context, changed(context)) {
        for ways in change.ways_back(context, None) {
            let latest = ways.into_iter().max_by_key(|rollback| tried(model, *rollback));
            if let Some(rollback) = latest.filter(|rollback| !lately(model, *rollback, None)) {
                untried.entry(rollback).or_default().extend(change.atoms.iter().copied());
            }
        }
    }
    for (id, atoms) in untried {
        if !found.has(&id) {
            found.add(id, say(context, id, None), atoms);
        }
    }
    found.counted(context, out);
}

/// What is wrong with the date of the last test of a rollback.
fn say(context: &Context<'_>, id: RollbackId, most: Option<i64>) -> Diagnostic {
    let model = context.model;
    let rollback = &model.rollbacks[id.index()];
    let name = &rollback.meta.name;
    let at = rollback.tested.map_or(rollback.meta.span, |tested| tested.span);
    let (message, label) = match (rollback.tested, most) {
        (Some(tested), _) if tested.value > model.as_of => (
            format!("{name} will be tested on {}; nobody has tested it yet", tested.value),
            "this date is in the future".to_owned(),
        ),
        (Some(tested), Some(most)) => (
            format!("{name} was last tested on {}", tested.value),
            format!("longer ago than the {} allowed", duration(most)),
        ),
        (Some(_), None) | (None, _) => (format!("{name} has no `tested`"), "nobody knows whether it works".to_owned()),
    };
    let mut finding = context.finding(&CHECK, Kind::Rollback, &rollback.meta, at, message);
    if rollback.tested.is_some_and(|tested| tested.value > model.as_of) {
        finding = finding.magnitude(Mark::Future);
    }
    let last = Magnitude::new().day(tried(model, id));
    finding
        .label(at, label)
        .magnitude(last)
        .help(of_rollback(model, rollback, "tested …  with the day of the next test,"))
}

/// The day on which a rollback was last tested; a day in the future does not count.
fn tried(model: &Model, rollback: RollbackId) -> Option<Date> {
    let tested = model.rollbacks[rollback.index()].tested.map(|tested| tested.value);
    tested.filter(|day| *day <= model.as_of)
}

/// Whether a rollback was tested as recently as required.
pub(super) fn lately(model: &Model, rollback: RollbackId, most: Option<i64>) -> bool {
    let Some(day) = tried(model, rollback) else {
        return false;
    };
    most.is_none_or(|most| i64::from((model.as_of - day).get_days()) * DAY <= most)
}
