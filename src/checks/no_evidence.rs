//! A decision without evidence.

use crate::checks::approvals::by_domain;
use crate::checks::no_rollback::without;
use crate::checks::requirements::{PerSubject, because_of, by_rule};
use crate::checks::stating::{of_ledger, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::{AtomId, Gravity};
use crate::model::{DomainId, LedgerId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV501"),
    page: include_str!("../../docs/codes/no-evidence.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

/// The edit. Until somebody chooses the ledger, nobody can say who runs it.
const EDIT: &str = "evidence …  with a ledger that keeps them,";

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<DomainId> = PerSubject::new();
    let mut placeless: BTreeMap<LedgerId, (ApplicableRule, BTreeSet<AtomId>)> = BTreeMap::new();
    for (applicable, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Evidence(..)).then_some(())) {
        for (domain, atoms) in without(context, &atoms, |domain| model.domains[domain.index()].evidence.is_some()) {
            if found.more(&domain, &atoms) {
                continue;
            }
            let own = &model.domains[domain.index()];
            let at = own.meta.span;
            let message = format!("no record is kept of decisions under {}", own.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Domain, &own.meta, at, message)
                .label(at, "names no ledger, so nobody can show who authorised what");
            let finding = because_of(context, finding, applicable, &atoms);
            found.add(domain, finding.help(said_by(EDIT, "security")), atoms);
        }
        // A ledger that keeps its records nowhere keeps none that anybody could look at.
        for atom in &atoms {
            for domain in &context.facts.group(*atom).domains {
                let ledger = model.domains[domain.index()].evidence.map(|at| at.value);
                if let Some(ledger) = ledger.filter(|ledger| model.ledgers[ledger.index()].keeps.is_empty()) {
                    placeless
                        .entry(ledger)
                        .or_insert_with(|| (applicable, BTreeSet::new()))
                        .1
                        .insert(*atom);
                }
            }
        }
    }
    unasked(context, &mut found);
    found.counted(context, out);
    for (ledger, (applicable, atoms)) in placeless {
        let own = &model.ledgers[ledger.index()];
        let name = &own.meta.name;
        let message = format!("{name} does not say where it keeps its records");
        let finding = context.finding(&CHECK, Kind::Ledger, &own.meta, own.meta.span, message).label(
            own.meta.span,
            "has no `keeps`, so nobody can check whether an agent can write there",
        );
        let atoms: Vec<AtomId> = atoms.into_iter().collect();
        let mut finding = because_of(context, finding, applicable, &atoms);
        context.points(&mut finding, &atoms);
        out.push(finding.help(of_ledger(model, own, &format!("keeps audit.record in …  in ledger {name},"))));
    }
}

/// Decisions without evidence where no standard asks for it: a warning where an agent changes or discloses
/// something, a note where it only reads.
fn unasked(context: &Context<'_>, found: &mut PerSubject<DomainId>) {
    let model = context.model;
    let asks = |atom: &AtomId| {
        let mut rules = context.facts.applicable[atom.index()].iter();
        rules.any(|applicable| matches!(applicable.rule(model).requirement, Requirement::Evidence(..)))
    };
    let keeps = |domain: DomainId| model.domains[domain.index()].evidence.is_some();
    for (domain, atoms) in by_domain(context) {
        let atoms: Vec<AtomId> = atoms.into_iter().filter(|atom| !asks(atom)).collect();
        if keeps(domain) || atoms.is_empty() || found.has(&domain) {
            continue;
        }
        let own = &model.domains[domain.index()];
        let at = own.meta.span;
        let message = format!("no record is kept of decisions under {}", own.meta.name);
        let mut finding = context
            .finding(&CHECK, Kind::Domain, &own.meta, at, message)
            .label(at, "names no ledger, so nobody can show who authorised what");
        // Where another domain also decides and keeps its own evidence, the decision has some evidence.
        let nothing = |atom: &AtomId| !context.facts.group(*atom).domains.iter().any(|domain| keeps(*domain));
        let grave = |atom: &AtomId| nothing(atom) && context.facts.atoms.get(*atom).gravity(model) < Gravity::Reads;
        finding.level = match atoms.iter().any(grave) {
            true => Level::Warning,
            false => Level::Note,
        };
        found.add(domain, finding.help(said_by(EDIT, "security")), atoms);
    }
}
