//! Evidence that can be changed without a trace.

use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::short_retention::ledgers;
use crate::checks::stating::{of_ledger, only_if};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::alone::alone;
use crate::facts::atom::AtomId;
use crate::model::{LedgerId, Requirement, SystemId};
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV502"),
    page: include_str!("../../docs/codes/mutable-evidence.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<LedgerId> = PerSubject::new();
    for (applicable, (), atoms) in by_rule(context, |rule| {
        matches!(rule.requirement, Requirement::Evidence(_, true)).then_some(())
    }) {
        let mut by_ledger: BTreeMap<LedgerId, Vec<AtomId>> = BTreeMap::new();
        for atom in atoms {
            for domain in &context.facts.group(atom).domains {
                if let Some(ledger) = model.domains[domain.index()].evidence {
                    by_ledger.entry(ledger.value).or_default().push(atom);
                }
            }
        }
        for (id, atoms) in by_ledger {
            let ledger = &model.ledgers[id.index()];
            let said_so = ledger.tamper_evident.as_ref();
            if said_so.is_some_and(|how| &*how.value != "none") || found.more(&id, &atoms) {
                continue;
            }
            let at = said_so.map_or(ledger.meta.span, |how| how.span);
            let message = format!("{} can be changed without a trace", ledger.meta.name);
            let label = match said_so {
                Some(_) => "nobody would notice if somebody rewrote a record",
                None => "the ledger has no `tamper_evident`, so nobody may notice if somebody rewrites a record",
            };
            let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message).label(at, label);
            let mut finding = because_of(context, finding, applicable, &atoms);
            finding = finding.magnitude(match said_so {
                Some(how) => Magnitude::new().word(&how.value),
                None => Mark::Unstated.into(),
            });
            found.add(id, finding.help(of_ledger(model, ledger, "tamper_evident hash_chain")), atoms);
        }
    }
    // A missing clause, and who runs the ledger, are two faults. Somebody who accepts one has not accepted the
    // other.
    let mut silent: PerSubject<LedgerId> = PerSubject::new();
    for (id, atoms) in ledgers(context, &changed(context)) {
        if found.has(&id) {
            continue;
        }
        let ledger = &model.ledgers[id.index()];
        if ledger.tamper_evident.is_none() {
            let at = ledger.meta.span;
            let message = format!(
                "nobody may notice if somebody rewrites a record of {}: it has no `tamper_evident`",
                ledger.meta.name
            );
            let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message);
            let mut finding = finding.label(at, "says no `tamper_evident`").magnitude(Mark::Unstated);
            finding.level = Level::Warning;
            let help = of_ledger(model, ledger, "tamper_evident hash_chain");
            silent.add(id, finding.help(help), atoms.iter().copied());
        }
        if let Some(finding) = one_hand(context, id) {
            found.add(id, finding, atoms);
        }
    }
    found.counted(context, out);
    silent.counted(context, out);
}

/// A ledger whose operator also runs every system in which it keeps its records.
fn one_hand(context: &Context<'_>, id: LedgerId) -> Option<Diagnostic> {
    let model = context.model;
    let ledger = &model.ledgers[id.index()];
    let systems: BTreeSet<SystemId> = ledger.keeps.iter().flat_map(|(_, systems)| systems.iter().copied()).collect();
    // A copy that somebody else keeps shows a rewrite of the others.
    let places = systems.iter().map(|system| &model.systems[system.index()].managed_by);
    let managed: Vec<_> = std::iter::once(&ledger.managed_by).chain(places).collect();
    let people = match systems.is_empty() {
        true => Vec::new(),
        false => alone(model, &managed),
    };
    let person = &model.people[people.first()?.index()];
    let names: Vec<&str> = systems.iter().map(|system| &*model.systems[system.index()].meta.name).collect();
    let name = &ledger.meta.name;
    let at = ledger.managed_by.known().map_or(ledger.meta.span, |managers| managers.span);
    let message = format!(
        "{} alone runs {name} and {}, where it keeps its records",
        person.meta.name,
        few(&names)
    );
    let label = "anyone who runs both can rewrite the records and hide the change";
    let mut finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message).label(at, label);
    for system in &systems {
        let system = &model.systems[system.index()];
        let at = system.managed_by.known().map_or(system.meta.span, |managers| managers.span);
        finding = finding.related(at, format!("{} runs {} here", person.meta.name, system.meta.name));
    }
    finding.level = Level::Warning;
    finding.finding.selector = "one hand".to_owned();
    let magnitudes = people
        .iter()
        .map(|person| Magnitude::from(Mark::OneHand).id(&model.people[person.index()].meta.id));
    let finding = finding.magnitudes(magnitudes);
    let edit = format!("managed_by 2 of (…, …)  in ledger {name}, or in the system that keeps its records");
    Some(finding.help(only_if(model, &edit, None)))
}
