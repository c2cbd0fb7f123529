//! No eligible people satisfy what is asked for.

use crate::checks::approvals::{Case, cases};
use crate::checks::requirements::listed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::model::DomainId;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV105"),
    page: include_str!("../../docs/codes/unreachable-quorum.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        if case.emergency || case.answer.nominal.is_some() || context.facts.verdicts[case.group.index()].too_large {
            continue;
        }
        let entry = found.entry(case.domain).or_insert_with(|| (say(context, &case), Vec::new()));
        entry.1.extend(case.atoms);
    }
    for (mut finding, mut atoms) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

fn say(context: &Context<'_>, case: &Case<'_>) -> Diagnostic {
    let model = context.model;
    let group = &context.facts.groups[case.group.index()];
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    for (governing, tier) in group.domains.iter().zip(&case.cell.cell.tiers) {
        let own = &model.domains[governing.index()];
        let Some(tier) = tier else {
            let message = format!("{} says nothing about a request{}", own.meta.name, case.circumstance());
            return context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, "no tier takes it, so it can never be approved").help("approve business and security otherwise");
        };
        let empty = own.tiers[*tier].quorum.functions().into_iter().filter(|function| eligible(model, *governing, *function, model.as_of).is_empty());
        let names: Vec<&str> = empty.map(|function| &*model.functions[function.index()].meta.name).collect();
        if !names.is_empty() {
            let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
            let label = format!("nobody can approve as {} on {}", listed(&names), model.as_of);
            return context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label).help(format!("owner {} …  with a person who is there, in domain {}", names[0], own.meta.name));
        }
    }
    let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
    let label = "it takes more different people than there are";
    context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label).help(format!("owner …  with one more person, in domain {}", domain.meta.name))
}
