//! A delegation without an end, for too long, over, or of something that is not the giver's to hand on.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::{holders, own_holders};
use crate::model::{Delegation, DomainId, FunctionId};
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV113"),
    page: include_str!("../../docs/codes/delegation-unbounded.md"),
    looks_at: |context| context.model.delegations.len(),
    run,
};

/// So many days a delegation may last; who acts for longer is a deputy or an owner.
const MOST: i64 = 90;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let atoms = context.facts.atoms_of_domains();
    for delegation in &context.model.delegations {
        for mut finding in window(context, delegation).into_iter().chain(giver(context, delegation)) {
            let mut spoken_of: Vec<AtomId> = delegation
                .functions
                .iter()
                .flat_map(|at| atoms.get(&at.value.1).into_iter().flatten().copied())
                .filter(|atom| context.facts.points_of[atom.index()].0 > 0)
                .collect();
            spoken_of.sort_unstable();
            spoken_of.dedup();
            context.points(&mut finding, &spoken_of);
            out.push(finding);
        }
    }
}

/// What is wrong with the days.
fn window(context: &Context<'_>, delegation: &Delegation) -> Option<Diagnostic> {
    let model = context.model;
    let name = &delegation.meta.name;
    let at = delegation.until_span.unwrap_or(delegation.meta.span);
    let begins = delegation.starts.unwrap_or(model.as_of);
    let days = |until: jiff::civil::Date| i64::from((until - begins).get_days()) + 1;
    let (message, label, help) = match delegation.until {
        None => (
            format!("the delegation {name} has no end"),
            "what was lent for a time is never given back".to_owned(),
            format!("until {}  in delegation {name}", begins.saturating_add(14.days())),
        ),
        Some(until) if delegation.starts.is_some_and(|starts| until < starts) => (
            format!("the delegation {name} ends before it begins"),
            format!("it would begin on {begins}, so it never runs"),
            format!("until …  with a day after {begins}, in delegation {name}"),
        ),
        Some(until) if until < model.as_of => (
            format!("the delegation {name} ended on {until}"),
            "nobody can approve by it any more, and it still stands here".to_owned(),
            format!("take the delegation {name} out, or give it a new end"),
        ),
        Some(until) if days(until) > MOST => (
            format!("the delegation {name} lasts {} days", days(until)),
            format!("a delegation is for an absence; after {MOST} days nobody can say who holds the function"),
            format!("until {}  or name a deputy", begins.saturating_add((MOST - 1).days())),
        ),
        Some(_) => return None,
    };
    let mut finding = context
        .finding(&CHECK, Kind::Delegation, &delegation.meta, at, message)
        .label(at, label);
    finding.finding.selector = "until".to_owned();
    Some(finding.help(help))
}

/// What is wrong with what is handed on: it is not the giver's, or there is nothing or nobody.
fn giver(context: &Context<'_>, delegation: &Delegation) -> Option<Diagnostic> {
    let model = context.model;
    let (name, at) = (&delegation.meta.name, delegation.meta.span);
    let finding = |span, message: String, label: String| {
        let mut finding = context
            .finding(&CHECK, Kind::Delegation, &delegation.meta, span, message)
            .label(span, label);
        finding.finding.selector = "from".to_owned();
        finding
    };
    let taken = delegation.to.is_some() || delegation.to_software.is_some();
    let Some(from) = delegation.from.filter(|_| taken && !delegation.functions.is_empty()) else {
        let missing = match delegation.functions.is_empty() {
            true => "it does not say which function",
            false => "it does not say from whom to whom",
        };
        let finding = finding(at, format!("the delegation {name} hands nothing on"), missing.to_owned());
        return Some(finding.help(format!("from … to …  and  function … in …  in delegation {name}")));
    };
    let human = model.people[from.value.index()].human;
    let giver = &model.people[from.value.index()].meta.name;
    let words = |(function, domain): (FunctionId, DomainId)| {
        format!(
            "{} in {}",
            model.functions[function.index()].meta.name,
            model.domains[domain.index()].meta.name
        )
    };
    // By clause: what is not the giver's, and the delegation by which it came, if it was passed on.
    let mut faults: BTreeMap<crate::source::Span, Vec<(FunctionId, DomainId)>> = BTreeMap::new();
    for handed in &delegation.functions {
        let (function, domain) = handed.value;
        if !own_holders(model, domain, function).iter().any(|holder| holder.person == human) {
            faults.entry(handed.span).or_default().push(handed.value);
        }
    }
    let Some((span, what)) = faults.iter().next() else {
        return receiver(context, delegation);
    };
    let (function, domain) = what[0];
    let received = holders(model, domain, function)
        .into_iter()
        .find(|holder| holder.person == human && holder.delegation.is_some());
    let listed: Vec<String> = what.iter().map(|what| words(*what)).collect();
    let what = crate::checks::requirements::listed(&listed);
    let mut finding = match &received {
        Some(_) => finding(
            *span,
            format!("{giver} passes on {what}, which was only lent"),
            format!("nobody can approve by it: {giver} is neither owner nor deputy there"),
        ),
        None => finding(
            *span,
            format!("{giver} hands on {what} without holding it"),
            format!("nobody can approve by it: {giver} is neither owner nor deputy there"),
        ),
    };
    if let Some(received) = received {
        finding = finding.related(received.span, format!("{giver} received it here"));
    }
    for span in faults.keys().skip(1) {
        finding = finding.related(*span, format!("{giver} does not hold this either"));
    }
    Some(finding.help(format!("from …  with the owner or a deputy, in delegation {name}")))
}

/// A receiver who has left before it begins, or who is the giver.
fn receiver(context: &Context<'_>, delegation: &Delegation) -> Option<Diagnostic> {
    let model = context.model;
    let (from, to) = delegation.from.zip(delegation.to)?;
    let name = &delegation.meta.name;
    let (giver, taker) = (&model.people[from.value.index()], &model.people[to.value.index()]);
    let begins = delegation.starts.unwrap_or(model.as_of).max(model.as_of);
    let (message, label, gone) = match taker.until.filter(|until| until.value < begins) {
        Some(until) => (
            format!("{name} hands on to {}, whose last day is {}", taker.meta.name, until.value),
            "nobody can approve by it",
            Some(until.span),
        ),
        None if giver.human == taker.human => (
            format!("{name} hands on from {} to {}, one person", giver.meta.name, taker.meta.name),
            "it changes nothing: the one who is away is the one who stands in",
            None,
        ),
        None => return None,
    };
    let mut finding = context
        .finding(&CHECK, Kind::Delegation, &delegation.meta, to.span, message)
        .label(to.span, label);
    finding.finding.selector = "to".to_owned();
    if let Some(span) = gone {
        finding = finding.related(span, "the last day is here");
    }
    Some(finding.help(format!(
        "from {} to …  with somebody who is there, in delegation {name}",
        giver.meta.name
    )))
}
