//! Within the horizon a window closes or opens, and a decision that is in order today is not any more.

use crate::checks::approvals::{Case, enough, people};
use crate::checks::requirements::{because, listed};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::GroupId;
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::eligible::holders;
use crate::facts::moment::{Moment, asked_of, days};
use crate::facts::verdict::{Possible, Verdict, solve_at};
use crate::model::{DomainId, Quorum, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV123"),
    page: include_str!("../../docs/codes/lapsing-approval.md"),
    looks_at: |context| context.facts.groups.iter().filter(|group| !group.domains.is_empty()).count(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Date, Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for index in 0..context.facts.groups.len() {
        let id = GroupId(index as u32);
        let Some((day, domain, finding)) = first(context, id) else {
            continue;
        };
        let entry = found.entry(domain).or_insert_with(|| (day, finding.clone(), Vec::new()));
        if day < entry.0 {
            (entry.0, entry.1) = (day, finding);
        }
        entry.2.extend(context.atoms(id));
    }
    for (_, mut finding, mut atoms) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// The first bad day of a decision.
fn first(context: &Context<'_>, id: GroupId) -> Option<(Date, DomainId, Diagnostic)> {
    let model = context.model;
    let group = &context.facts.groups[id.index()];
    let today = &context.facts.verdicts[id.index()];
    let domain = *group.domains.first()?;
    if context.atoms(id).is_empty() || today.too_large {
        return None;
    }
    let last = model.as_of.saturating_add(context.horizon.days());
    for day in days(model, group, last) {
        let then = solve_at(model, group, &Moment::of(day));
        if then.too_large {
            continue;
        }
        // The edit goes where a window closes or opens; where only control changes hands, to the first domain.
        let windows = windows(context, id, day);
        let subject = windows.first().map_or(domain, |(domain, ..)| *domain);
        if let Some(finding) = worse(context, id, today, &then, &Lapse { day, subject, windows }) {
            return Some((day, subject, finding));
        }
    }
    None
}

/// A day, and what ends or begins before it.
struct Lapse {
    day: Date,
    subject: DomainId,
    windows: Vec<Window>,
}

/// A window that closes or opens: in which domain, where that is written, what it is, and the code that speaks of it.
type Window = (DomainId, Span, String, Option<&'static str>);

/// What can be decided today and not on a later day, or then no longer as a standard asks.
fn worse(context: &Context<'_>, id: GroupId, today: &Verdict, then: &Verdict, lapse: &Lapse) -> Option<Diagnostic> {
    let group = &context.facts.groups[id.index()];
    for (now, later) in today.cells.iter().zip(&then.cells) {
        let case = |cell, answer, emergency| Case {
            group: id,
            domain: group.domains[0],
            cell,
            answer,
            emergency,
            atoms: context.atoms(id),
        };
        let normal = (case(now, &now.normal, false), case(later, &later.normal, false));
        let urgent = now.emergency.as_ref().zip(later.emergency.as_ref());
        let urgent = urgent.map(|(before, after)| (case(now, before, true), case(later, after, true)));
        for (before, after) in std::iter::once(normal).chain(urgent) {
            if before.answer.nominal.is_some() && after.answer.nominal.is_none() {
                return Some(say(context, &after, lapse, None));
            }
            let fine = broken(context, &before);
            if let Some(rule) = broken(context, &after).into_iter().find(|rule| !fine.contains(rule)) {
                return Some(say(context, &after, lapse, Some(rule)));
            }
        }
    }
    None
}

/// The rules about who decides that an answer does not keep.
fn broken(context: &Context<'_>, case: &Case<'_>) -> Vec<Asked> {
    let broken = |asked: &Asked| match &asked.rule(context.model).requirement {
        Requirement::Approvers(wanted) => case.answer.effective.is_some_and(|people| people < *wanted as usize),
        Requirement::Approval(quorum) => case.answer.possible.iter().any(|possible| !meets(possible, quorum)),
        Requirement::Absence(wanted) => !case.emergency && case.answer.resilience.is_some_and(|away| away < *wanted as usize),
        Requirement::Bound(_)
        | Requirement::Rollback(..)
        | Requirement::Evidence(..)
        | Requirement::Credential(..)
        | Requirement::Basis
        | Requirement::Stop(_)
        | Requirement::Enforcement
        | Requirement::Emergency(..)
        | Requirement::Waiver(_)
        | Requirement::Stated => false,
    };
    let mut rules: Vec<Asked> = case.rules(context).into_iter().map(|(asked, _)| asked).filter(broken).collect();
    // The one that asks for the most is the one to show.
    rules.sort_by_key(|asked| match &asked.rule(context.model).requirement {
        Requirement::Approval(quorum) => Reverse(quorum.functions().len()),
        _ => Reverse(0),
    });
    rules
}

fn meets(possible: &Possible, quorum: &Quorum) -> bool {
    quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0))
}

fn say(context: &Context<'_>, case: &Case<'_>, lapse: &Lapse, broken: Option<Asked>) -> Diagnostic {
    let model = context.model;
    let day = lapse.day;
    let domain = &model.domains[lapse.subject.index()];
    let at = case.span_in(context, lapse.subject);
    let needed = case.answer.needed.iter();
    let needed: Vec<&str> = needed.map(|person| &*model.people[person.index()].meta.name).collect();
    let circumstance = case.circumstance();
    let decide = format!("{}{circumstance}", domain.meta.name);
    let requirement = broken.map(|asked| &asked.rule(model).requirement);
    let (message, label) = match requirement {
        Some(Requirement::Absence(_)) => (
            format!(
                "from {day} nobody can decide {decide} while {} {} away",
                listed(&needed),
                if needed.len() == 1 { "is" } else { "are" }
            ),
            "today this bears an absence; from that day it does not".to_owned(),
        ),
        Some(Requirement::Approvers(wanted)) => (
            format!(
                "from {day} fewer people can decide {decide} than the {wanted} asked for: {}",
                case.answer.effective.unwrap_or(0)
            ),
            format!("from that day met by {}", people(model, &case.answer.coalition)),
        ),
        Some(Requirement::Approval(quorum)) => {
            let way = case.answer.possible.iter().find(|possible| !meets(possible, quorum));
            let by = way.map_or("nobody".to_owned(), |way| people(model, &way.filled));
            (
                format!("from {day} {decide} can be decided without all the functions asked for"),
                format!("from that day met by {by}"),
            )
        }
        Some(_) | None => (
            format!("from {day} nobody can decide {decide}"),
            "today this can be met; from that day it cannot".to_owned(),
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let requires = match requirement {
        None => "nobody can".to_owned(),
        Some(Requirement::Approval(_)) => "functions".to_owned(),
        Some(Requirement::Absence(_)) => format!("away {:?}", case.answer.resilience),
        Some(_) => format!("people {:?}", case.answer.effective),
    };
    finding = finding.extent(case.extent(context, format!("{day} {requires}")));
    let mut told = Vec::new();
    for (_, span, text, _) in &lapse.windows {
        if !told.contains(&text) {
            finding = finding.related(*span, text.clone());
            told.push(text);
        }
    }
    let codes: Vec<Option<&'static str>> = lapse.windows.iter().map(|(.., code)| *code).collect();
    if let Some(Some(first)) = codes.first().copied().filter(|first| codes.iter().all(|code| code == first)) {
        finding.finding.follows = vec![first];
    }
    let finding = match broken {
        Some(asked) => because(context, finding, asked),
        None => finding,
    };
    finding.help(match requirement {
        Some(Requirement::Approvers(_) | Requirement::Approval(_)) => {
            let enough = enough(context, case).unwrap_or_else(|| "approve …  with more people".to_owned());
            format!("{enough}  and no way round it, in domain {}", domain.meta.name)
        }
        Some(_) | None => format!(
            "name before {day} who can approve from then on: owner … deputy …  in domain {}",
            domain.meta.name
        ),
    })
}

/// The windows of people who can approve that closed or opened between today and a day.
fn windows(context: &Context<'_>, id: GroupId, day: Date) -> Vec<Window> {
    let model = context.model;
    let group = &context.facts.groups[id.index()];
    let mut found = Vec::new();
    for domain in &group.domains {
        for function in asked_of(model, *domain) {
            for holder in holders(model, *domain, function) {
                let person = &model.people[holder.named.index()];
                let name = &model.functions[function.index()].meta.name;
                // Somebody named in the domain in person, and not as one of a team.
                let direct = matches!(&*holder.because, "owner" | "deputy");
                let by = holder.delegation.map(|delegation| &model.delegations[delegation]);
                if let Some((starts, delegation)) = holder.starts.zip(by).filter(|(starts, _)| *starts > model.as_of && holder.on(day)) {
                    let text = format!(
                        "{} begins on {starts}, by which {} approves as {name}",
                        delegation.meta.name, person.meta.name
                    );
                    found.push((*domain, holder.span, text, Some("GOV112")));
                }
                let Some(until) = holder.until.filter(|until| holder.on(model.as_of) && *until < day) else {
                    continue;
                };
                match by.filter(|delegation| delegation.until == Some(until)) {
                    Some(delegation) => found.push((
                        *domain,
                        delegation.until_span.unwrap_or(delegation.meta.span),
                        format!(
                            "{} ends on {until}, by which {} approves as {name}",
                            delegation.meta.name, person.meta.name
                        ),
                        None,
                    )),
                    None => found.push((
                        *domain,
                        person.until.map_or(person.meta.span, |until| until.span),
                        format!(
                            "{} leaves on {until}, and approves as {name} until then ({})",
                            person.meta.name, holder.because
                        ),
                        direct.then_some("GOV115"),
                    )),
                }
            }
        }
    }
    found
}
