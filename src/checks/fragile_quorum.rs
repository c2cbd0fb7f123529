//! A decision that too few absences bring to a halt.

use crate::checks::approvals::{Case, cases};
use crate::checks::requirements::{because, listed};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::model::{Domain, DomainId, FunctionId, Model, Party, PersonId, Quorum, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV116"),
    page: include_str!("../../docs/codes/fragile-quorum.md"),
    looks_at: |context| cases(context).iter().filter(|case| !case.emergency).count(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (usize, Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context).iter().filter(|case| !case.emergency) {
        // What nobody can decide in the first place is another check's.
        let Some(resilience) = case.answer.resilience else {
            continue;
        };
        for (asked, atoms) in asked(context, case, resilience) {
            let short = short(context, case);
            let domain = short.map_or(case.domain, |(_, domain)| domain);
            let entry = found
                .entry(domain)
                .or_insert_with(|| (resilience, say(context, case, asked, domain, short), Vec::new()));
            if resilience < entry.0 {
                (entry.0, entry.1) = (resilience, say(context, case, asked, domain, short));
            }
            entry.2.extend(atoms);
        }
    }
    for (_, mut finding, mut atoms) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// The rules that ask for more absences than a decision bears.
fn asked(context: &Context<'_>, case: &Case<'_>, resilience: usize) -> Vec<(Asked, Vec<AtomId>)> {
    let mut rules = case.rules(context);
    rules
        .retain(|(asked, _)| matches!(asked.rule(context.model).requirement, Requirement::Absence(wanted) if resilience < wanted as usize));
    rules
}

fn say(context: &Context<'_>, case: &Case<'_>, asked: Asked, subject: DomainId, short: Option<(FunctionId, DomainId)>) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[subject.index()];
    let at = case.span_in(context, subject);
    let names = names(model, &case.answer.needed);
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!(
        "nobody can decide {}{} while {} {verb} away",
        domain.meta.name,
        case.circumstance(),
        listed(&names)
    );
    let label = match short {
        Some((function, domain)) => {
            let able = eligible(model, domain, function, model.as_of);
            let mut able: Vec<PersonId> = able.iter().map(|holder| holder.person).collect();
            able.sort_unstable();
            able.dedup();
            let able = self::names(model, &able);
            format!(
                "only {} can approve as {}",
                listed(&able),
                model.functions[function.index()].meta.name
            )
        }
        None => "those who are left are too few different people".to_owned(),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    if let Some((function, domain)) = short {
        let seats = model.domains[domain.index()].seats.iter().filter(|seat| seat.function == function);
        for seat in seats {
            finding = finding.related(seat.span, "named here");
        }
    }
    because(context, finding, asked).help(help(model, domain, short))
}

fn names<'a>(model: &'a Model, people: &[PersonId]) -> Vec<&'a str> {
    people.iter().map(|person| &*model.people[person.index()].meta.name).collect()
}

/// The first function for which too few are left when those who are needed are away.
fn short(context: &Context<'_>, case: &Case<'_>) -> Option<(FunctionId, DomainId)> {
    let model = context.model;
    let group = &context.facts.groups[case.group.index()];
    for (governing, tier) in group.domains.iter().zip(&case.cell.cell.tiers) {
        let quorum: &Quorum = &model.domains[governing.index()].tiers[(*tier)?].quorum;
        for function in quorum.functions() {
            let left = eligible(model, *governing, function, model.as_of)
                .into_iter()
                .map(|holder| holder.person)
                .filter(|person| !case.answer.needed.contains(person))
                .collect::<std::collections::BTreeSet<_>>()
                .len();
            if left < quorum.most(function) as usize {
                return Some((function, *governing));
            }
        }
    }
    None
}

/// The seat to widen.
fn help(model: &Model, first: &Domain, short: Option<(FunctionId, DomainId)>) -> String {
    let Some((function, domain)) = short else {
        return format!("owner … deputy …  with people who hold nothing else, in domain {}", first.meta.name);
    };
    let own = &model.domains[domain.index()];
    let name = &model.functions[function.index()].meta.name;
    let seat = own.seats.iter().find(|seat| seat.function == function);
    match seat.map(|seat| (seat.owner.value, seat.deputies.is_empty())) {
        Some((Party::Person(person), true)) => {
            let owner = &model.people[person.index()].meta.name;
            format!("owner {name} {owner} deputy …  in domain {}", own.meta.name)
        }
        Some((Party::Team(team), true)) => format!("members …  with one more person, in team {}", model.teams[team.index()].meta.name),
        Some(_) | None => format!("owner {name} … deputy …  with one more person, in domain {}", own.meta.name),
    }
}
