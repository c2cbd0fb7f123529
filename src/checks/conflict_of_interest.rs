//! The person who answers for the lawful basis reports to another approver of the same decision.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, Witness, catalogue};
use crate::facts::GroupId;
use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::facts::eligible::{Holder, eligible, holders};
use crate::model::{DomainId, FunctionId, Model, PersonId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV117"),
    page: include_str!("../../docs/codes/conflict-of-interest.md"),
    looks_at: |context| context.facts.groups.iter().filter(|group| !group.domains.is_empty()).count(),
    run,
};

/// Somebody who can approve: where, as which function, and why.
type Approver = (DomainId, FunctionId, Holder);

/// For each domain the finding, its atoms, and the pairs already reported: who reports, and to whom.
type Found = BTreeMap<DomainId, (Diagnostic, Vec<AtomId>, BTreeSet<(PersonId, PersonId)>)>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = Found::new();
    let groups = || {
        let groups = context.facts.groups.iter().enumerate();
        let groups = groups.map(|(index, group)| (&group.domains[..], context.atoms(GroupId(index as u32))));
        groups.filter(|(_, atoms)| !atoms.is_empty())
    };
    // Findings of today come before findings of days ahead.
    for (domains, atoms) in groups() {
        look(context, domains, atoms, context.model.as_of, &mut found);
    }
    for (domains, atoms) in groups() {
        for day in beginnings(context, domains) {
            look(context, domains, atoms, day, &mut found);
        }
    }
    for (mut finding, mut atoms, _) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// The days within the horizon from which another person can approve.
fn beginnings(context: &Context<'_>, domains: &[DomainId]) -> BTreeSet<Date> {
    let model = context.model;
    let applicable = domains
        .iter()
        .flat_map(|domain| named_functions(model, *domain).into_iter().map(|function| (*domain, function)));
    let starts = applicable
        .flat_map(|(domain, function)| holders(model, domain, function))
        .filter_map(|holder| holder.starts);
    starts.filter(|day| *day > model.as_of && *day <= context.horizon()).collect()
}

/// Who reports to another approver on a day. Today this covers everybody; on a later day it covers only pairs
/// in which one person begins on that day.
fn look(context: &Context<'_>, domains: &[DomainId], atoms: &[AtomId], day: Date, found: &mut Found) {
    let model = context.model;
    let approvers = approvers(model, domains, day);
    let mut others: BTreeMap<PersonId, &Approver> = BTreeMap::new();
    for other in approvers.iter().filter(|(_, function, _)| !lawful(model, *function)) {
        others.entry(other.2.person).or_insert(other);
    }
    for low in approvers.iter().filter(|(_, function, _)| lawful(model, *function)) {
        let Some((high, path)) = above(model, low, &others) else {
            continue;
        };
        if day > model.as_of && low.2.starts != Some(day) && high.2.starts != Some(day) {
            continue;
        }
        let pair = (low.2.person, high.2.person);
        match found.get_mut(&low.0) {
            None => {
                let finding = say(context, low, high, &path, day).magnitude(ids(model, low, high));
                found.insert(low.0, (finding, atoms.to_vec(), BTreeSet::from([pair])));
            }
            Some((finding, points, told)) => {
                points.extend(atoms);
                if told.insert(pair) {
                    let more = std::mem::replace(finding, Diagnostic::unplaced(""));
                    let pair_ids = ids(model, low, high);
                    let (low, high) = (name(model, low), name(model, high));
                    let when = when(context, day);
                    *finding = more.related(path[0].1, format!("{when}{low} reports to {high}, who can approve as well"));
                    // A finding of days ahead names its people. It becomes another finding once the day has
                    // come.
                    if day == model.as_of {
                        finding.finding.magnitude.insert(pair_ids);
                    }
                }
            }
        }
    }
}

fn when(context: &Context<'_>, day: Date) -> String {
    match day > context.model.as_of {
        true => format!("from {day} "),
        false => String::new(),
    }
}

fn lawful(model: &Model, function: FunctionId) -> bool {
    model.functions[function.index()]
        .decides
        .iter()
        .any(|question| &**question == "lawful_basis")
}

/// Everybody who can approve on a day, owners first.
fn approvers(model: &Model, domains: &[DomainId], day: Date) -> Vec<Approver> {
    let mut found: Vec<Approver> = Vec::new();
    for domain in domains {
        for function in named_functions(model, *domain) {
            let holders = eligible(model, *domain, function, day);
            found.extend(holders.into_iter().map(|holder| (*domain, function, holder)));
        }
    }
    found.sort_by_key(|(domain, _, holder)| (holder.because != "owner", *domain, holder.span));
    found
}

/// The nearest approver of another function above somebody, with the steps that lead there.
fn above<'a>(model: &Model, low: &Approver, others: &BTreeMap<PersonId, &'a Approver>) -> Option<(&'a Approver, Vec<(PersonId, Span)>)> {
    let mut path = Vec::new();
    let mut seen = BTreeSet::from([low.2.person]);
    let mut at = low.2.named;
    loop {
        let superior = model.people[at.index()].reports_to.known().copied().flatten()?;
        path.push((at, superior.span));
        let human = model.people[superior.value.index()].human;
        if !seen.insert(human) {
            return None;
        }
        if let Some(high) = others.get(&human) {
            return Some((high, path));
        }
        at = superior.value;
    }
}

fn ids(model: &Model, low: &Approver, high: &Approver) -> Magnitude {
    let id = |approver: &Approver| &*model.people[approver.2.person.index()].meta.id;
    Magnitude::new().id(id(low)).mark(Mark::Below).id(id(high))
}

fn name<'a>(model: &'a Model, approver: &Approver) -> &'a str {
    &model.people[approver.2.named.index()].meta.name
}

fn say(context: &Context<'_>, low: &Approver, high: &Approver, path: &[(PersonId, Span)], day: Date) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[low.0.index()];
    let (weak, strong) = (name(model, low), name(model, high));
    let function = |approver: &Approver| &*model.functions[approver.1.index()].meta.name;
    let by_way = match path.len() {
        1 => "reports to",
        _ => "reports, by way of others, to",
    };
    let message = format!(
        "{}{weak}, who answers for lawful basis in {}, {by_way} {strong}, who approves as {}",
        when(context, day),
        domain.meta.name,
        function(high)
    );
    let at = low.2.span;
    let label = format!("{weak} can approve as {} and has {strong} above", function(low));
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    for (person, span) in path {
        let superior = model.people[person.index()].reports_to.known().copied().flatten();
        let above = superior.map_or("nobody", |superior| &*model.people[superior.value.index()].meta.name);
        finding = finding.step(*span, format!("{} reports to {above}", model.people[person.index()].meta.name));
    }
    finding = finding.step(
        high.2.span,
        format!(
            "{strong} can approve as {} in {} ({})",
            function(high),
            model.domains[high.0.index()].meta.name,
            high.2.because
        ),
    );
    for approver in [low, high] {
        finding.finding.witness.push(Witness {
            person: model.people[approver.2.person.index()].meta.id.to_string(),
            name: model.people[approver.2.person.index()].meta.shown().to_owned(),
            stands_for: function(approver).to_owned(),
            because: approver.2.because.clone(),
            span: approver.2.span,
        });
    }
    // Where one of them is only a deputy, another deputy can act.
    let instead = |approver: &Approver, who: String| {
        let delegation = &model.delegations[approver.2.delegation?];
        let from = &model.people[delegation.from?.value.index()].meta.name;
        Some(format!("from {from} to …  with {who}, in delegation {}", delegation.meta.name))
    };
    let below = format!("a person who does not report to {strong}");
    let above = format!("a person to whom {weak} does not report");
    let owner = format!("owner {} …  with {below}, in domain {}", function(low), domain.meta.name);
    finding.help(instead(low, below).or_else(|| instead(high, above)).unwrap_or(owner))
}
