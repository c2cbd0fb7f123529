//! A change that nothing undoes.

use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::stating::said_by;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV401"),
    page: include_str!("../../docs/codes/no-rollback.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<DomainId> = PerSubject::new();
    for (applicable, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Rollback(..)).then_some(())) {
        for (domain, atoms) in without(context, &atoms, |domain| !model.domains[domain.index()].rollbacks.is_empty()) {
            if found.more(&domain, &atoms) {
                continue;
            }
            let own = &model.domains[domain.index()];
            let at = own.meta.span;
            let message = format!("no rollback undoes a change under {}", own.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Domain, &own.meta, at, message)
                .label(at, "names no rollback");
            let finding = because_of(context, finding, applicable, &atoms);
            found.add(
                domain,
                finding.help(said_by("rollback …  with one that restores these classes,", "security")),
                atoms,
            );
        }
    }
    for (domain, atoms) in without(context, &changed(context), |domain| {
        !model.domains[domain.index()].rollbacks.is_empty()
    }) {
        // If a change is irreversible and has no compensation, another finding covers the same missing line.
        let lasting = |atom: &AtomId| context.facts.atoms.get(*atom).flags(model).irreversible;
        if found.has(&domain) || atoms.iter().any(lasting) {
            continue;
        }
        let own = &model.domains[domain.index()].meta;
        let message = format!("no rollback is named for changes under {}", own.name);
        let finding = context.finding(&CHECK, Kind::Domain, own, own.span, message);
        let mut finding = finding.label(own.span, "names no rollback").magnitude(Mark::Unstated);
        finding.level = Level::Warning;
        // If the change also spreads unnoticed, that finding includes this one.
        finding.finding.follows = vec!["GOV603"];
        found.add(
            domain,
            finding.help(said_by("rollback …  with one that restores these classes,", "security")),
            atoms,
        );
    }
    found.counted(context, out);
}

/// The atoms for which no governing domain provides this, listed by the first governing domain.
pub(super) fn without(context: &Context<'_>, atoms: &[AtomId], provides: impl Fn(DomainId) -> bool) -> BTreeMap<DomainId, Vec<AtomId>> {
    let mut lacking: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for atom in atoms {
        let domains = &context.facts.group(*atom).domains;
        if let Some(first) = domains.first().filter(|_| !domains.iter().any(|domain| provides(*domain))) {
            lacking.entry(*first).or_default().push(*atom);
        }
    }
    lacking
}
