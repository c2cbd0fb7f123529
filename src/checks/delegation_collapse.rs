//! A delegation gives one person two functions of one decision, so that fewer people suffice.

use crate::checks::approvals::{Case, alone, steps, witness};
use crate::checks::requirements::because;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::GroupId;
use crate::facts::as_of::{AsOf, days};
use crate::facts::atom::AtomId;
use crate::facts::eligible::Holder;
use crate::facts::verdict::{Answer, Behind, Filled, Group, Verdict, solve_at};
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV112"),
    page: include_str!("../../docs/codes/delegation-collapse.md"),
    looks_at: |context| context.model.delegations.len(),
    run,
};

/// Where the edit goes: a domain, and the delegation.
type Place = (DomainId, usize);

/// By place: the first day with the fewest people on it, the finding, its atoms.
type Found = BTreeMap<Place, ((Date, usize), Diagnostic, Vec<AtomId>)>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = Found::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        let id = GroupId(index as u32);
        if !context.atoms(id).is_empty() && !context.facts.verdicts[index].too_large && delegated(context, group, None).next().is_some() {
            look(context, id, &mut found);
        }
    }
    for (_, mut finding, mut atoms) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// The delegations that concern a decision; with a day, only those that run on that day.
fn delegated<'a>(context: &'a Context<'_>, group: &'a Group, day: Option<Date>) -> impl Iterator<Item = usize> + 'a {
    let all = context.model.delegations.iter().enumerate();
    let these = all.filter(move |(_, delegation)| {
        let runs = |day: Date| delegation.starts.is_none_or(|starts| starts <= day) && delegation.until.is_none_or(|until| day <= until);
        day.is_none_or(runs) && delegation.functions.iter().any(|at| group.domains.contains(&at.value.1))
    });
    these.map(|(index, _)| index)
}

fn look(context: &Context<'_>, id: GroupId, found: &mut Found) {
    let model = context.model;
    let group = &context.facts.groups[id.index()];
    let last = model.as_of.saturating_add(context.horizon.days());
    for day in std::iter::once(model.as_of).chain(days(model, group, last)) {
        let without: Vec<usize> = delegated(context, group, Some(day)).collect();
        if without.is_empty() {
            continue;
        }
        let with = solve_at(model, group, &AsOf::of(day));
        let less = solve_at(model, group, &AsOf { day, without });
        for (cell, answer, before, emergency) in paired(&with, &less) {
            let case = Case {
                group: id,
                domain: group.domains[0],
                cell,
                answer,
                emergency,
                atoms: context.atoms(id),
            };
            let Some((filled, now, once)) = fewer(answer, before) else {
                continue;
            };
            for (delegation, holder, slot, other) in in_one_hand(filled) {
                let place = (case.domain, delegation);
                let collapse = Collapse {
                    day,
                    filled,
                    now,
                    once,
                    delegation,
                    holder,
                    slot,
                    other,
                };
                let entry = found
                    .entry(place)
                    .or_insert_with(|| ((day, now), say(context, &case, &collapse), Vec::new()));
                // The first day, and on it the fewest people.
                if (day, now) < entry.0 {
                    let own = std::mem::take(&mut entry.1.finding.magnitude);
                    let kept = if day == entry.0.0 { own } else { Default::default() };
                    (entry.0, entry.1) = ((day, now), say(context, &case, &collapse).magnitudes(kept));
                }
                if day == entry.0.0 {
                    let person = &model.people[holder.person.index()].meta.id;
                    let magnitude = case.magnitude(context, Magnitude::new().id(person).count(now).mark(Mark::Of).count(once));
                    entry.1.finding.magnitude.insert(magnitude);
                    if now == 1 {
                        alone(context, &case, &mut entry.1, &answer.alone, answer.unnamed);
                        entry.1.finding.alone.insert(person.to_string());
                    }
                }
                entry.2.extend(case.atoms);
            }
        }
    }
}

/// The answers with delegations beside those without.
fn paired<'a>(
    with: &'a Verdict,
    less: &'a Verdict,
) -> impl Iterator<Item = (&'a crate::facts::verdict::CellVerdict, &'a Answer, &'a Answer, bool)> {
    with.cells.iter().zip(&less.cells).flat_map(|(cell, before)| {
        let urgent = cell.emergency.as_ref().zip(before.emergency.as_ref());
        std::iter::once((cell, &cell.normal, &before.normal, false)).chain(urgent.map(|(now, before)| (cell, now, before, true)))
    })
}

/// The people who suffice now, how many they are, and how many it took before; `None` if it did not take more.
fn fewer<'a>(now: &'a Answer, before: &Answer) -> Option<(&'a [Filled], usize, usize)> {
    let less = |now: Option<usize>, before: Option<usize>| now.zip(before).filter(|(now, before)| now < before);
    let effective = less(now.effective, before.effective).map(|(few, many)| (&now.coalition[..], few, many));
    effective.or_else(|| less(now.nominal, before.nominal).map(|(few, many)| (&now.least[..], few, many)))
}

/// Slots that a delegate fills, each paired with a slot of another function that the same person can fill or
/// control.
fn in_one_hand(filled: &[Filled]) -> Vec<(usize, &Holder, &Filled, &Filled)> {
    let mut found: Vec<(usize, &Holder, &Filled, &Filled)> = Vec::new();
    for slot in filled {
        let Behind::Holder(holder) = &slot.behind else {
            continue;
        };
        let Some(delegation) = holder.delegation else {
            continue;
        };
        let same = |other: &&Filled| {
            other.function != slot.function
                && match &other.behind {
                    Behind::Holder(other) => other.person == holder.person,
                    Behind::ControlPath(_) => true,
                }
        };
        if let Some(other) = filled.iter().find(same)
            && !found.iter().any(|(known, ..)| *known == delegation)
        {
            found.push((delegation, holder, slot, other));
        }
    }
    found
}

struct Collapse<'a> {
    day: Date,
    filled: &'a [Filled],
    now: usize,
    once: usize,
    delegation: usize,
    holder: &'a Holder,
    slot: &'a Filled,
    other: &'a Filled,
}

fn say(context: &Context<'_>, case: &Case<'_>, collapse: &Collapse<'_>) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let delegation = &model.delegations[collapse.delegation];
    let holder = collapse.holder;
    let to = &model.people[holder.named.index()].meta.name;
    let function = |slot: &Filled| &*model.functions[slot.function.index()].meta.name;
    let later = collapse.day > model.as_of;
    let when = match later {
        true => format!("from {} ", collapse.day),
        false => String::new(),
    };
    let (decided, few) = (&domain.meta.name, collapse.now);
    let subject = match few {
        1 => format!("{to} alone suffices"),
        _ => format!("{few} people suffice"),
    };
    let message = format!(
        "{when}{subject} for {decided}{}, because of {}",
        case.circumstance(),
        delegation.meta.name
    );
    let verb = match &collapse.other.behind {
        Behind::Holder(_) => "holds",
        Behind::ControlPath(_) => "controls",
    };
    let label = format!(
        "hands {} to {to}, who {verb} {} already; without it, it takes {} people",
        function(collapse.slot),
        function(collapse.other),
        collapse.once
    );
    let mut finding = context
        .finding(&CHECK, Kind::Domain, &domain.meta, holder.span, message)
        .label(holder.span, label);
    finding.level = if later { Level::Warning } else { Level::Error };
    witness(model, &mut finding, collapse.filled);
    let together = if few > 1 { &case.answer.together[..] } else { &[] };
    for (span, text) in steps(context, collapse.filled, to, together) {
        finding = finding.step(span, text);
    }
    let more = |requirement: &Requirement| matches!(requirement, Requirement::Approvers(count) if *count as usize > few);
    let mut rules = case.rules(context).into_iter().map(|(applicable, _)| applicable);
    if let Some(applicable) = rules.find(|applicable| more(&applicable.rule(model).requirement)) {
        finding = because(context, finding, applicable);
    }
    finding.finding.selector = delegation.meta.id.to_string();
    finding = finding.help(format!(
        "from {} to …  with somebody who holds nothing else there, in delegation {}",
        delegation.from.map_or("…", |from| &*model.people[from.value.index()].meta.name),
        delegation.meta.name
    ));
    match domain.same_person {
        Some(_) => finding.help(format!("remove `same_person allowed` from domain {}", domain.meta.name)),
        None => finding,
    }
}
