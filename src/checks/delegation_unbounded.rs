//! A delegation without an end, for too long, over, or of a function that the giver does not hold.

use crate::checks::waivers::{domains, in_force};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::facts::eligible::{eligible_for_changes, holders, own_holders};
use crate::model::{At, Delegation, DomainId, FunctionId, Model, PersonId, Task};
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

mod adding_up;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV113"),
    page: include_str!("../../docs/codes/delegation-unbounded.md"),
    looks_at: |context| context.model.delegations.len(),
    run,
};

/// The most days that a delegation may last. Somebody who acts for longer is a deputy or an owner.
const MOST: i64 = 90;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let atoms = context.facts.atoms_of_domains();
    for (index, delegation) in context.model.delegations.iter().enumerate() {
        let days = window(context, delegation)
            .or_else(|| continued(context, index))
            .or_else(|| adding_up::found(context, index));
        for mut finding in days
            .filter(|_| !(over(context, delegation) && borne(context, index)))
            .into_iter()
            .chain(giver(context, delegation))
        {
            let mut spoken_of: Vec<AtomId> = delegation
                .functions
                .iter()
                .flat_map(|at| atoms.get(&at.value.1).into_iter().flatten().copied())
                .filter(|atom| context.facts.points_of[atom.index()].0 > 0)
                .collect();
            spoken_of.sort_unstable();
            spoken_of.dedup();
            context.points(&mut finding, &spoken_of);
            out.push(finding.magnitudes(handed(context, delegation)));
        }
    }
}

/// What is wrong with the days.
fn window(context: &Context<'_>, delegation: &Delegation) -> Option<Diagnostic> {
    let model = context.model;
    let name = &delegation.meta.name;
    let at = delegation.until_span.unwrap_or(delegation.meta.span);
    let begins = delegation.starts.unwrap_or(model.as_of);
    let days = |until: Date| i64::from((until - begins).get_days()) + 1;
    let (message, label, help) = match delegation.until {
        None => (
            format!("the delegation {name} has no end"),
            "the function is never given back".to_owned(),
            format!("until {}  in delegation {name}", begins.saturating_add(14.days())),
        ),
        Some(until) if delegation.starts.is_some_and(|starts| until < starts) => (
            format!("the delegation {name} ends before it begins"),
            format!("it would begin on {begins}, so it never takes effect"),
            format!("until …  with a day after {begins}, in delegation {name}"),
        ),
        Some(until) if until < model.as_of => (
            format!("the delegation {name} ended on {until}"),
            "it no longer lets anybody approve, and it is still in the files".to_owned(),
            format!("remove the delegation {name}, or give it a new end"),
        ),
        Some(until) if days(until) > MOST => (
            format!("the delegation {name} lasts {} days", days(until)),
            format!("a delegation is for an absence; after {MOST} days nobody can say who holds the function"),
            format!("until {}  or name a deputy", begins.saturating_add((MOST - 1).days())),
        ),
        Some(_) if delegation.starts.is_none() => (
            format!("the delegation {name} has no beginning"),
            "it takes effect at once, and nobody can tell since when".to_owned(),
            format!("starts …  with the first day of the absence, in delegation {name}"),
        ),
        Some(_) => return None,
    };
    let at = match delegation.starts.is_none() && delegation.until.is_some_and(|until| until >= model.as_of && days(until) <= MOST) {
        true => delegation.meta.span,
        false => at,
    };
    let mut finding = context
        .finding(&CHECK, Kind::Delegation, &delegation.meta, at, message)
        .label(at, label);
    finding.finding.selector = "until".to_owned();
    let fault = match delegation.until {
        None => Mark::NoEnd,
        Some(until) if delegation.starts.is_some_and(|starts| until < starts) => Mark::Backwards,
        Some(until) if until < model.as_of => Mark::Over,
        Some(until) if days(until) > MOST => Mark::Long,
        Some(_) => Mark::NoBeginning,
    };
    Some(finding.magnitude(days_of(fault, delegation)).help(help))
}

/// What is handed from whom to whom, for a fingerprint.
fn handed(context: &Context<'_>, delegation: &Delegation) -> Vec<Magnitude> {
    let model = context.model;
    let party = |mark: Mark, person: Option<At<PersonId>>| match person {
        Some(person) => Magnitude::from(mark).id(&model.people[person.value.index()].meta.id),
        None => Magnitude::from(mark).mark(Mark::Nobody),
    };
    let parties = party(Mark::From, delegation.from).and(party(Mark::To, delegation.to));
    let functions = delegation.functions.iter().map(|at| {
        let (function, domain) = (at.value.0.index(), at.value.1.index());
        Magnitude::new()
            .id(&model.functions[function].meta.id)
            .id(&model.domains[domain].meta.id)
    });
    std::iter::once(parties).chain(functions).collect()
}

/// The days that are written, for a fingerprint.
fn days_of(fault: Mark, delegation: &Delegation) -> Magnitude {
    Magnitude::from(fault).day(delegation.starts).day(delegation.until)
}

/// Whether its last day has passed.
fn over(context: &Context<'_>, delegation: &Delegation) -> bool {
    delegation.until.is_some_and(|until| until < context.model.as_of)
}

/// Whether the approval of a task's scope or of a waiver that still counts depends on it: without the
/// delegation that approval would count for nothing.
fn borne(context: &Context<'_>, index: usize) -> bool {
    borne_by_task(context, index) || borne_by_waiver(context, index)
}

/// The signer of a waiver may sign by any domain that is concerned, or by the files. No waiver depends on a
/// delegation in a domain that has nothing to do with what the waiver relieves.
fn borne_by_waiver(context: &Context<'_>, index: usize) -> bool {
    let model = context.model;
    let delegation = &model.delegations[index];
    let by_it = |concerned: &BTreeSet<DomainId>, function: FunctionId, person: PersonId, day: Date| {
        let human = model.people[person.index()].human;
        let all = |domain: DomainId| {
            let holders = holders(model, domain, function).into_iter();
            holders.filter(move |holder| holder.person == human && holder.on(day))
        };
        let by_files = eligible_for_changes(model, function, day)
            .iter()
            .any(|holder| holder.person == human);
        let mut handed = delegation.functions.iter().filter(|at| at.value.0 == function);
        let in_domain = |domain: DomainId| {
            let mut ways = all(domain).peekable();
            ways.peek().is_some() && ways.all(|holder| holder.delegation == Some(index))
        };
        !by_files && handed.any(|at| concerned.contains(&at.value.1) && in_domain(at.value.1))
    };
    let mut standing = model.waivers.iter().filter(|waiver| in_force(model, waiver));
    standing.any(|waiver| {
        let day = waiver.granted.map_or(model.as_of, |granted| granted.value);
        let mut given = waiver.approved.iter().flat_map(|approval| &approval.given);
        let waived = waiver.waives.iter();
        let concerned: BTreeSet<DomainId> = waived
            .flat_map(|waived| domains(context, waived.kind.word(), &waived.subject))
            .collect();
        given.any(|(function, person, _)| by_it(&concerned, *function, *person, day))
    })
}

fn borne_by_task(context: &Context<'_>, index: usize) -> bool {
    let model = context.model;
    let delegation = &model.delegations[index];
    let by_it = |task: &Task, function: FunctionId, person: PersonId, day: Option<Date>| {
        let human = model.people[person.index()].human;
        let handed = delegation.functions.iter().filter(|at| at.value.0 == function);
        let mut domains = handed.map(|at| at.value.1).filter(|domain| governs(context, task, *domain));
        domains.any(|domain| {
            let holders = holders(model, domain, function).into_iter();
            let mut ways = holders
                .filter(|holder| holder.person == human && day.is_some_and(|day| holder.on(day)))
                .peekable();
            ways.peek().is_some() && ways.all(|holder| holder.delegation == Some(index))
        })
    };
    let mut tasks = model.tasks.iter().filter(|task| !task.ended(model.as_of));
    tasks.any(|task| {
        let mut given = task.approved.iter().flat_map(|one| one.given.iter().map(|given| (given, one.on)));
        given.any(|((function, person, _), day)| by_it(task, *function, *person, day))
    })
}

/// Whether a domain decides something that a task may do.
fn governs(context: &Context<'_>, task: &Task, domain: DomainId) -> bool {
    let mut atoms = task.scope.iter().flat_map(|grant| expand(context.model, grant));
    atoms.any(|atom| {
        let atom = context.facts.atoms.find(atom);
        atom.is_some_and(|atom| context.facts.group(atom).domains.contains(&domain))
    })
}

/// Whether another delegation hands the same person one of its functions, whoever gives it.
fn alike(model: &Model, own: &Delegation, other: &Delegation) -> bool {
    let human = |person: Option<At<PersonId>>| person.map(|person| model.people[person.value.index()].human);
    let same = own.from.is_some() && own.to.is_some() && human(own.to) == human(other.to);
    // Nobody can approve by a function that the giver does not hold, so such a delegation extends nothing.
    let holds = |(function, domain): (FunctionId, DomainId)| {
        let holders = own_holders(model, domain, function);
        human(own.from) == human(other.from) || holders.iter().any(|holder| Some(holder.person) == human(other.from))
    };
    let both = |at: &At<(FunctionId, DomainId)>| own.functions.iter().any(|own| own.value == at.value) && holds(at.value);
    same && other.functions.iter().any(both)
}

/// A delegation that begins where another delegation of the same function to the same person ends; the givers
/// may differ. Somebody who acts for both periods together is a deputy whom nobody appointed.
fn continued(context: &Context<'_>, index: usize) -> Option<Diagnostic> {
    let model = context.model;
    let own = &model.delegations[index];
    let until = own.until.filter(|until| *until >= model.as_of)?;
    let begins = |delegation: &Delegation| delegation.starts.unwrap_or(model.as_of);
    let before: Vec<&Delegation> = model.delegations.iter().filter(|other| alike(model, own, other)).collect();
    let mut first = own;
    // The earliest delegation that leads here without a day between.
    loop {
        let leads_here = |other: &&&Delegation| {
            let meets = other.until.is_some_and(|until| until.saturating_add(1.day()) >= begins(first));
            meets && begins(other) < begins(first)
        };
        let earlier = before.iter().filter(leads_here).min_by_key(|other| (begins(other), &other.meta.id));
        match earlier {
            Some(earlier) => first = earlier,
            None => break,
        }
    }
    let days = i64::from((until - begins(first)).get_days()) + 1;
    if days <= MOST {
        return None;
    }
    let (name, earlier) = (&own.meta.name, &first.meta.name);
    let at = own.until_span.unwrap_or(own.meta.span);
    let message = format!("the delegation {name} continues {earlier}, {days} days in all");
    let label = format!("a delegation is for an absence; after {MOST} days nobody can say who holds the function");
    let last = begins(first).saturating_add((MOST - 1).days());
    let mut finding = context
        .finding(&CHECK, Kind::Delegation, &own.meta, at, message)
        .label(at, label)
        .related(first.meta.span, format!("{earlier} began on {}", begins(first)));
    finding.finding.selector = "until".to_owned();
    finding = finding
        .magnitude(days_of(Mark::First, first))
        .magnitude(days_of(Mark::Continued, own));
    Some(match last > begins(own) {
        true => finding.help(format!("until {last}  or name a deputy")),
        false => finding.help(format!("remove the delegation {name} and name a deputy")),
    })
}

/// What is wrong with what the delegation hands on: the giver does not hold it, or nothing or nobody is named.
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
        let finding = finding(at, format!("the delegation {name} does not pass anything on"), missing.to_owned());
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
    // By clause: what the giver does not hold, and the delegation by which the giver got it, if it was passed
    // on.
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
    let what = crate::words::listed(&listed);
    let mut finding = match &received {
        Some(_) => finding(
            *span,
            format!("{giver} passes on {what}, which {giver} only holds by delegation"),
            format!("it does not let anybody approve: {giver} is neither owner nor deputy there"),
        ),
        None => finding(
            *span,
            format!("{giver} passes on {what} without holding it"),
            format!("it does not let anybody approve: {giver} is neither owner nor deputy there"),
        ),
    };
    if let Some(received) = received {
        finding = finding.related(received.span, format!("{giver} received it here"));
    }
    for (function, domain) in faults.values().flatten() {
        let domain = &model.domains[domain.index()].meta.id;
        let function = &model.functions[function.index()].meta.id;
        finding = finding.magnitude(Magnitude::from(Mark::Missing).id(function).id(domain));
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
            format!("{name} passes a function to {}, whose last day is {}", taker.meta.name, until.value),
            "it does not let anybody approve",
            Some(until.span),
        ),
        None if giver.human == taker.human => (
            format!(
                "{name} passes a function from {} to {}, who are the same person",
                giver.meta.name, taker.meta.name
            ),
            "it has no effect: the person who is away is also the substitute",
            None,
        ),
        None => return None,
    };
    let mut finding = context
        .finding(&CHECK, Kind::Delegation, &delegation.meta, to.span, message)
        .label(to.span, label);
    finding.finding.selector = "to".to_owned();
    finding = finding.ids([&taker.meta.id]);
    if let Some(span) = gone {
        finding = finding.related(span, "the last day is here");
    }
    Some(finding.help(format!(
        "from {} to …  with an active person, in delegation {name}",
        giver.meta.name
    )))
}
