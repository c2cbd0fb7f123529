//! A write with no policy check in its path.

use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::stating::of_system;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{Requirement, SystemId};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV406"),
    page: include_str!("../../docs/codes/unenforced.md"),
    looks_at: |context| context.model.systems.len(),
    run,
};

const EDIT: &str = "enforced_by …  with the gateway that calls to it pass through,";

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<SystemId> = PerSubject::new();
    for (applicable, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Enforcement).then_some(())) {
        let mut by_system: BTreeMap<SystemId, Vec<AtomId>> = BTreeMap::new();
        for atom in atoms {
            by_system.entry(context.facts.atoms.get(atom).system).or_default().push(atom);
        }
        for (id, atoms) in by_system {
            let system = &model.systems[id.index()];
            if !system.enforced_by.is_empty() || found.more(&id, &atoms) {
                continue;
            }
            let at = system.meta.span;
            let changes = atoms.iter().any(|atom| {
                let action = context.facts.atoms.get(*atom).action;
                model.actions[action.index()].flags.mutates
            });
            let does = if changes { "changes" } else { "uses" };
            let message = format!("no gateway checks the policies before an agent {does} {}", system.meta.name);
            let finding = context
                .finding(&CHECK, Kind::System, &system.meta, at, message)
                .label(at, "says no `enforced_by`");
            let finding = because_of(context, finding, applicable, &atoms);
            found.add(id, finding.help(of_system(model, system, EDIT)), atoms);
        }
    }
    let mut by_system: BTreeMap<SystemId, Vec<AtomId>> = BTreeMap::new();
    for atom in changed(context) {
        by_system.entry(context.facts.atoms.get(atom).system).or_default().push(atom);
    }
    for (id, atoms) in by_system {
        let system = &model.systems[id.index()];
        if !system.enforced_by.is_empty() || found.has(&id) {
            continue;
        }
        let at = system.meta.span;
        let message = format!(
            "the files do not say which gateway checks the policies before an agent changes {}",
            system.meta.name
        );
        let finding = context.finding(&CHECK, Kind::System, &system.meta, at, message);
        let mut finding = finding.label(at, "says no `enforced_by`").magnitude(Mark::Unstated);
        finding.level = Level::Warning;
        found.add(id, finding.help(of_system(model, system, EDIT)), atoms);
    }
    found.counted(context, out);
}
