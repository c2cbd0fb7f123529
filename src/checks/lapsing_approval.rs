//! Within the horizon a window closes, and a decision that can be taken today cannot be taken any more.

use crate::checks::approvals::Case;
use crate::checks::fragile_quorum::asked;
use crate::checks::requirements::{because, listed};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::GroupId;
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::eligible::holders;
use crate::facts::moment::{Moment, asked_of, days};
use crate::facts::verdict::{Verdict, solve_at};
use crate::model::DomainId;
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
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
        // The edit goes where a window closes; where only control changes hands, to the first domain.
        let closing = closing(context, id, day);
        let subject = closing.first().map_or(domain, |(domain, ..)| *domain);
        if let Some(finding) = worse(context, id, today, &then, &Lapse { day, subject, closing }) {
            return Some((day, subject, finding));
        }
    }
    None
}

/// A day, and what ends before it.
struct Lapse {
    day: Date,
    subject: DomainId,
    closing: Vec<Closing>,
}

/// A window that closes: in which domain, where that is written, and what it is.
type Closing = (DomainId, Span, String);

/// What can be decided today and not on a later day, or then bears fewer absences than the standard asks.
fn worse(context: &Context<'_>, id: GroupId, today: &Verdict, then: &Verdict, lapse: &Lapse) -> Option<Diagnostic> {
    let group = &context.facts.groups[id.index()];
    for (now, later) in today.cells.iter().zip(&then.cells) {
        let case = |emergency: bool| Case {
            group: id,
            domain: group.domains[0],
            cell: later,
            answer: later.emergency.as_ref().filter(|_| emergency).unwrap_or(&later.normal),
            emergency,
            atoms: context.atoms(id),
        };
        if now.normal.nominal.is_some() && later.normal.nominal.is_none() {
            return Some(say(context, &case(false), lapse, None));
        }
        let urgent = now.emergency.as_ref().zip(later.emergency.as_ref());
        if urgent.is_some_and(|(now, later)| now.nominal.is_some() && later.nominal.is_none()) {
            return Some(say(context, &case(true), lapse, None));
        }
        if let (Some(before), Some(after)) = (now.normal.resilience, later.normal.resilience) {
            let case = case(false);
            let fallen = asked(context, &case, after);
            let fine = asked(context, &case, before);
            let new = fallen.iter().find(|(rule, _)| !fine.iter().any(|(known, _)| known == rule));
            if let Some((rule, _)) = new {
                return Some(say(context, &case, lapse, Some(*rule)));
            }
        }
    }
    None
}

fn say(context: &Context<'_>, case: &Case<'_>, lapse: &Lapse, fragile: Option<Asked>) -> Diagnostic {
    let model = context.model;
    let day = lapse.day;
    let domain = &model.domains[lapse.subject.index()];
    let at = case.span_in(context, lapse.subject);
    let needed: Vec<&str> = case
        .answer
        .needed
        .iter()
        .map(|person| &*model.people[person.index()].meta.name)
        .collect();
    let circumstance = case.circumstance();
    let (message, label) = match fragile {
        None => (
            format!("from {day} nobody can decide {}{circumstance}", domain.meta.name),
            "today this can be met; from that day it cannot",
        ),
        Some(_) => (
            format!(
                "from {day} nobody can decide {}{circumstance} while {} {} away",
                domain.meta.name,
                listed(&needed),
                if needed.len() == 1 { "is" } else { "are" }
            ),
            "today this bears an absence; from that day it does not",
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let mut told = Vec::new();
    for (_, span, text) in &lapse.closing {
        if !told.contains(&text) {
            finding = finding.related(*span, text.clone());
            told.push(text);
        }
    }
    let finding = match fragile {
        Some(asked) => because(context, finding, asked),
        None => finding,
    };
    finding.help(format!(
        "name before {day} who can approve from then on: owner … deputy …  in domain {}",
        domain.meta.name
    ))
}

/// The windows of people who can approve that closed between today and a day.
fn closing(context: &Context<'_>, id: GroupId, day: Date) -> Vec<Closing> {
    let model = context.model;
    let group = &context.facts.groups[id.index()];
    let mut found = Vec::new();
    for domain in &group.domains {
        for function in asked_of(model, *domain) {
            for holder in holders(model, *domain, function) {
                let Some(until) = holder.until.filter(|until| holder.on(model.as_of) && *until < day) else {
                    continue;
                };
                let person = &model.people[holder.named.index()];
                let name = &model.functions[function.index()].meta.name;
                let by = holder.delegation.map(|delegation| &model.delegations[delegation]);
                match by.filter(|delegation| delegation.until == Some(until)) {
                    Some(delegation) => found.push((
                        *domain,
                        delegation.until_span.unwrap_or(delegation.meta.span),
                        format!(
                            "{} ends on {until}, by which {} approves as {name}",
                            delegation.meta.name, person.meta.name
                        ),
                    )),
                    None => found.push((
                        *domain,
                        person.until.map_or(person.meta.span, |until| until.span),
                        format!(
                            "{} leaves on {until}, and approves as {name} until then ({})",
                            person.meta.name, holder.because
                        ),
                    )),
                }
            }
        }
    }
    found
}
