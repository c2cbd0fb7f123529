//! Evidence that is deleted before the time for which it may be required.

use crate::checks::requirements::{PerSubject, because_of, by_rule, changed};
use crate::checks::stating::of_ledger;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{LedgerId, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::duration;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV503"),
    page: include_str!("../../docs/codes/short-retention.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: PerSubject<LedgerId> = PerSubject::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Evidence(retention, _) => Some(retention),
        _ => None,
    });
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, least, _)| std::cmp::Reverse(*least));
    for (applicable, least, atoms) in rules {
        for (id, atoms) in ledgers(context, &atoms) {
            let ledger = &context.model.ledgers[id.index()];
            let name = &ledger.meta.name;
            let (at, message, label) = match (ledger.retention, least) {
                (Some(kept), Some(least)) if kept.value < least => (
                    kept.span,
                    format!(
                        "{name} keeps its records for {}, shorter than the {} required",
                        duration(kept.value),
                        duration(least)
                    ),
                    "after that nobody can show who authorised what",
                ),
                (Some(_), _) => continue,
                (None, _) => (
                    ledger.meta.span,
                    format!("{name} does not say how long it keeps its records"),
                    "they may be gone when an auditor asks",
                ),
            };
            if !found.more(&id, &atoms) {
                let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message).label(at, label);
                let said = Magnitude::new().known(ledger.retention.map(|retention| retention.value));
                let finding = because_of(context, finding, applicable, &atoms).magnitude(said);
                let edit = match least {
                    Some(least) if least % 31_536_000 == 0 => format!("retention {}y", least / 31_536_000),
                    Some(least) => format!("retention {}d", (least + 86_399).div_euclid(86_400)),
                    None => "retention …".to_owned(),
                };
                let finding = finding.help(of_ledger(context.model, ledger, &edit));
                found.add(id, finding, atoms);
            }
        }
    }
    for (id, atoms) in ledgers(context, &changed(context)) {
        let ledger = &context.model.ledgers[id.index()];
        if ledger.retention.is_none() && !found.has(&id) {
            let at = ledger.meta.span;
            let message = format!("{} does not say how long it keeps its records", ledger.meta.name);
            let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message);
            let mut finding = finding.label(at, "they may be gone when an auditor asks").magnitude(Mark::Unstated);
            finding.level = Level::Warning;
            found.add(
                id,
                finding.help(of_ledger(context.model, ledger, "retention …  with how long you keep them,")),
                atoms,
            );
        }
    }
    found.counted(context, out);
}

/// The ledgers that keep evidence of some decisions.
pub(super) fn ledgers(context: &Context<'_>, atoms: &[AtomId]) -> BTreeMap<LedgerId, Vec<AtomId>> {
    let mut by_ledger: BTreeMap<LedgerId, Vec<AtomId>> = BTreeMap::new();
    for atom in atoms {
        let domains = context.facts.group(*atom).domains.iter();
        let kept: BTreeSet<LedgerId> = domains
            .filter_map(|domain| context.model.domains[domain.index()].evidence)
            .map(|at| at.value)
            .collect();
        for ledger in kept {
            by_ledger.entry(ledger).or_default().push(*atom);
        }
    }
    by_ledger
}
