//! A decision that a few absences block.

use crate::checks::approvals::{Case, cases};
use crate::checks::requirements::because;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::model::{Domain, DomainId, FunctionId, Model, Party, PersonId, Quorum, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
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
        // Another check reports a decision that nobody can take even if everybody is there.
        let Some(resilience) = case.answer.resilience else {
            continue;
        };
        for (applicable, atoms) in applicable(context, case, resilience) {
            let short = short(context, case);
            let domain = short.map_or(case.domain, |(_, domain)| domain);
            let entry = found
                .entry(domain)
                .or_insert_with(|| (resilience, say(context, case, applicable, domain, short), Vec::new()));
            if resilience < entry.0 {
                let magnitude = std::mem::take(&mut entry.1.finding.magnitude);
                (entry.0, entry.1) = (resilience, say(context, case, applicable, domain, short).magnitudes(magnitude));
            }
            entry.1.finding.magnitude.insert(magnitude(context, case, domain, resilience));
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

/// How many people may be away, and without whom nobody can decide: the only holders of a function that every
/// way asks for.
fn magnitude(context: &Context<'_>, case: &Case<'_>, domain: DomainId, resilience: usize) -> Magnitude {
    let model = context.model;
    let alone = alone(context, case, domain).into_iter().map(|(of, person)| {
        let person = &model.people[person.index()].meta.id;
        (person, &model.functions[of.index()].meta.id)
    });
    let mut alone: Vec<_> = alone.collect();
    alone.sort_unstable();
    let away = Magnitude::from(Mark::Away).count(resilience);
    case.magnitude(
        context,
        alone
            .into_iter()
            .fold(away, |away, (person, function)| away.id(person).id(function)),
    )
}

/// The rules that ask for more absences than a decision can bear.
fn applicable(context: &Context<'_>, case: &Case<'_>, resilience: usize) -> Vec<(ApplicableRule, Vec<AtomId>)> {
    let mut rules = case.rules(context);
    rules
        .retain(|(applicable, _)| matches!(applicable.rule(context.model).requirement, Requirement::Absence(wanted) if resilience < wanted as usize));
    rules
}

fn say(
    context: &Context<'_>,
    case: &Case<'_>,
    applicable: ApplicableRule,
    subject: DomainId,
    short: Option<(FunctionId, DomainId)>,
) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[subject.index()];
    let at = case.span_in(context, subject);
    let alone = alone(context, case, subject);
    let away = away(model, &alone, &case.answer.needed);
    let message = format!("nobody can decide {}{} while {away} away", domain.meta.name, case.circumstance());
    let label = why(model, &alone, short);
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let mut thin: Vec<(FunctionId, DomainId)> = short.into_iter().collect();
    for (of, _) in &alone {
        if !thin.iter().any(|(function, _)| function == of) {
            thin.push((*of, subject));
        }
    }
    thin.sort_by_key(|(of, _)| alone.iter().position(|(function, _)| function == of));
    for (of, domain) in &thin {
        for seat in model.domains[domain.index()].seats.iter().filter(|seat| seat.function == *of) {
            finding = finding.related(seat.span, "named here");
        }
    }
    // If nobody can decide without the person who asks, GOV105 reports that instead.
    finding.finding.follows = vec!["GOV105"];
    if left(model, domain, short) {
        finding.finding.follows.push("GOV115");
    }
    let finding = because(context, finding, applicable);
    match thin.is_empty() {
        true => finding.help(help(model, domain, None)),
        false => thin
            .into_iter()
            .fold(finding, |finding, short| finding.help(help(model, domain, Some(short)))),
    }
}

/// `maria or dana is`, where either suffices; `dana and li are`, where both have to be.
fn away(model: &Model, alone: &[(FunctionId, PersonId)], needed: &[PersonId]) -> String {
    let mut people: Vec<PersonId> = alone.iter().map(|(_, person)| *person).collect();
    people.dedup();
    match (alone.len(), &names(model, &people)[..], &names(model, needed)[..]) {
        (2.., [first @ .., last], _) if !first.is_empty() => format!("{} or {last} is", first.join(", ")),
        (_, _, [one]) => format!("{one} is"),
        (_, _, all) => format!("{} are", listed(all)),
    }
}

/// Who is the only holder of which function.
fn why(model: &Model, alone: &[(FunctionId, PersonId)], short: Option<(FunctionId, DomainId)>) -> String {
    let function = |function: FunctionId| &*model.functions[function.index()].meta.name;
    let name = |person: PersonId| &*model.people[person.index()].meta.name;
    match (short, alone) {
        (_, [(of, person), rest @ ..]) if !rest.is_empty() => {
            let first = format!("only {} can approve as {}", name(*person), function(*of));
            let others = rest
                .iter()
                .map(|(of, person)| format!("only {} as {}", name(*person), function(*of)));
            listed(&std::iter::once(first).chain(others).collect::<Vec<_>>())
        }
        (None, [(of, person)]) => format!(
            "only {} can approve as {}, and too few people are left for the rest",
            name(*person),
            function(*of)
        ),
        (Some((of, domain)), _) => {
            let able = eligible(model, domain, of, model.as_of);
            let mut able: Vec<PersonId> = able.iter().map(|holder| holder.person).collect();
            able.sort_unstable();
            able.dedup();
            format!("only {} can approve as {}", listed(&names(model, &able)), function(of))
        }
        (None, _) => "too few different people are left".to_owned(),
    }
}

/// Each function that every way to meet a domain's quorum asks for and that only one person can stand for, with that
/// person.
fn alone(context: &Context<'_>, case: &Case<'_>, domain: DomainId) -> Vec<(FunctionId, PersonId)> {
    let model = context.model;
    let governing = &context.facts.groups[case.group.index()].domains;
    let place = governing.iter().position(|other| *other == domain);
    let tier = place.and_then(|place| case.cell.cell.tiers.get(place).copied().flatten());
    let Some(quorum) = tier.map(|tier| &model.domains[domain.index()].tiers[tier].quorum) else {
        return Vec::new();
    };
    let needed = |of: FunctionId| !quorum.met(&|function| if function == of { 0 } else { quorum.most(function) });
    let functions = quorum.functions().into_iter().filter(|of| needed(*of));
    let only = functions.filter_map(|of| {
        let able = eligible(model, domain, of, model.as_of);
        let mut people: Vec<PersonId> = able.into_iter().map(|holder| holder.person).collect();
        people.sort_unstable();
        people.dedup();
        match people[..] {
            [one] => Some((of, one)),
            _ => None,
        }
    });
    only.collect()
}

fn names<'a>(model: &'a Model, people: &[PersonId]) -> Vec<&'a str> {
    people.iter().map(|person| &*model.people[person.index()].meta.name).collect()
}

/// The first function that has too few people when the people without whom nothing works are away.
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

/// Whether the short function names somebody who has left.
fn left(model: &Model, domain: &Domain, short: Option<(FunctionId, DomainId)>) -> bool {
    let mut seats = domain
        .seats
        .iter()
        .filter(|seat| short.is_none_or(|(function, _)| seat.function == function));
    seats.any(|seat| {
        std::iter::once(&seat.owner).chain(&seat.deputies).any(|party| match party.value {
            Party::Person(person) => !model.people[person.index()].active(model.as_of),
            Party::Team(_) | Party::Agent(_) | Party::Identity(_) => false,
        })
    })
}

/// The seat that needs more people.
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
