//! No eligible people satisfy what is asked for.

use crate::checks::approvals::{Case, cases, counted};
use crate::checks::requirements::listed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::model::{DomainId, FunctionId, Party, PersonId, Quorum, Seat};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

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
        // Tiers that leave a request out are ambiguous-tier; a domain without any is this check's.
        let group = &context.facts.groups[case.group.index()];
        let left_out =
            |(domain, tier): (&DomainId, &Option<usize>)| tier.is_none() && !context.model.domains[domain.index()].tiers.is_empty();
        if group.domains.iter().zip(&case.cell.cell.tiers).any(left_out) {
            continue;
        }
        let entry = found.entry(case.domain).or_insert_with(|| (say(context, &case), Vec::new()));
        entry.0.finding.extent.insert(case.extent(context, "nobody"));
        entry.1.extend(case.atoms);
    }
    counted(context, found.into_values(), out);
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
            return context
                .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
                .label(at, "no tier takes it, so it can never be approved")
                .help("approve business and security otherwise");
        };
        let empty = own.tiers[*tier]
            .quorum
            .functions()
            .into_iter()
            .filter(|function| eligible(model, *governing, *function, model.as_of).is_empty());
        let names: Vec<&str> = empty.map(|function| &*model.functions[function.index()].meta.name).collect();
        if !names.is_empty() {
            let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
            let label = format!("nobody can approve as {} on {}", listed(&names), model.as_of);
            let software = |seat: &Seat| {
                let mut parties = std::iter::once(&seat.owner).chain(&seat.deputies);
                names.contains(&&*model.functions[seat.function.index()].meta.name)
                    && parties.any(|party| matches!(party.value, Party::Agent(_) | Party::Identity(_)))
            };
            let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message);
            if own.seats.iter().any(software) {
                finding.finding.follows = vec!["GOV107", "GOV108"];
            }
            return finding.label(at, label).help(format!(
                "owner {} …  with a person who is there, in domain {}",
                names[0], own.meta.name
            ));
        }
    }
    let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
    let label = too_few(context, case);
    context
        .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
        .label(at, label)
        .help(format!("owner …  with one more person, in domain {}", domain.meta.name))
}

/// `only rosa can approve as business and security, and it takes more people than that`
fn too_few(context: &Context<'_>, case: &Case<'_>) -> String {
    let model = context.model;
    let group = &context.facts.groups[case.group.index()];
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    let mut functions: BTreeSet<FunctionId> = BTreeSet::new();
    for (domain, tier) in group.domains.iter().zip(&case.cell.cell.tiers) {
        let quorum = tier.map(|tier| &model.domains[domain.index()].tiers[tier].quorum);
        for function in quorum.into_iter().flat_map(Quorum::functions) {
            people.extend(eligible(model, *domain, function, model.as_of).iter().map(|holder| holder.person));
            functions.insert(function);
        }
    }
    let people: Vec<&str> = people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let functions: Vec<&str> = functions
        .iter()
        .map(|function| &*model.functions[function.index()].meta.name)
        .collect();
    match people.len() {
        1..=4 => format!(
            "only {} can approve as {}, and it takes more different people than that",
            listed(&people),
            listed(&functions)
        ),
        _ => "it takes more different people than there are".to_owned(),
    }
}
