//! Software that holds a function, or to which somebody hands a function.

use crate::checks::agent_approver::held::{Software, software};
use crate::checks::approvals::by_domain;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::facts::as_of::named_functions;
use crate::facts::software::{Entered, entered};
use crate::model::{AgentId, DomainId, Meta, Party, PersonId, Seat};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

mod held;
mod unseated;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV108"),
    page: include_str!("../../docs/codes/agent-approver.md"),
    looks_at: |context| {
        let seats: usize = context.model.domains.iter().map(|domain| domain.seats.len()).sum();
        seats + context.model.delegations.len() + context.model.teams.len() + context.model.people.len()
    },
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let atoms = by_domain(context);
    let entered = entered(model);
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        if let Some(mut finding) = seats(context, &entered, (Kind::Domain, &domain.meta), &domain.seats) {
            if all_act(context, &entered, id) {
                finding.finding.follows = vec!["GOV107"];
            }
            let atoms = atoms.get(&id).map_or(&[][..], |atoms| atoms);
            context.points(&mut finding, atoms);
            out.push(finding);
        }
    }
    if let Some(workspace) = &model.workspace {
        out.extend(seats(context, &entered, (Kind::Workspace, &workspace.meta), &workspace.seats));
    }
    unseated::run(context, &entered, out);
    for delegation in &model.delegations {
        let person = delegation.to.map(|to| (to.span, Party::Person(to.value)));
        let Some((span, to)) = delegation.to_software.map(|to| (to.span, to.value)).or(person) else {
            continue;
        };
        let Some(to) = software(model, &entered, to).into_iter().next() else {
            continue;
        };
        let what: Vec<String> = delegation
            .functions
            .iter()
            .map(|at| {
                let (function, domain) = at.value;
                let function = &model.functions[function.index()].meta.name;
                format!("{function} in {}", model.domains[domain.index()].meta.name)
            })
            .collect();
        let message = format!(
            "{} hands {} to {}",
            delegation.meta.name,
            listed(&what),
            to.name.trim_end_matches(',')
        );
        let finding = context
            .finding(&CHECK, Kind::Delegation, &delegation.meta, span, message)
            .label(span, "only a person can approve, because only a person can be held accountable");
        let finding = finding.magnitudes(delegation.functions.iter().map(|at| {
            let (function, domain) = at.value;
            let function = &model.functions[function.index()].meta.id;
            Magnitude::new().id(function).id(&model.domains[domain.index()].meta.id)
        }));
        let finding = finding.magnitude(to.magnitude);
        let finding = to.said.into_iter().fold(finding, |finding, (at, text)| finding.related(at, text));
        let finding = finding.help(format!("from … to …  with a person, in delegation {}", delegation.meta.name));
        out.push(finding);
    }
}

/// Whether all the software in the seats of a domain approves what it does itself. That is the more severe
/// fault.
fn all_act(context: &Context<'_>, entered: &BTreeMap<PersonId, Entered>, domain: DomainId) -> bool {
    let named = named_functions(context.model, domain);
    let does = |agent: AgentId| {
        let mut points = context.facts.reach[agent.index()].points.iter();
        points.any(|(atom, _)| context.facts.group(*atom).domains.contains(&domain))
    };
    context.model.domains[domain.index()].seats.iter().all(|seat| {
        std::iter::once(&seat.owner).chain(&seat.deputies).all(|party| match party.value {
            Party::Person(_) | Party::Team(_) => software(context.model, entered, party.value).is_empty(),
            Party::Agent(agent) => named.contains(&seat.function) && does(agent),
            Party::Identity(identity) => {
                let mut users = context.users.get(&identity).into_iter().flatten();
                named.contains(&seat.function) && users.any(|(agent, _)| does(*agent))
            }
        })
    })
}

/// One finding for all the seats of a declaration.
fn seats(context: &Context<'_>, entered: &BTreeMap<PersonId, Entered>, (kind, meta): (Kind, &Meta), seats: &[Seat]) -> Option<Diagnostic> {
    let model = context.model;
    let mut held: Vec<(Span, Software, String, &str)> = Vec::new();
    let mut magnitudes: Vec<Magnitude> = Vec::new();
    for seat in seats {
        let function = &model.functions[seat.function.index()].meta.name;
        let owner = std::iter::once((&seat.owner, "owner"));
        for (party, role) in owner.chain(seat.deputies.iter().map(|deputy| (deputy, "deputy"))) {
            for software in software(model, entered, party.value) {
                let id = &model.functions[seat.function.index()].meta.id;
                magnitudes.push(software.magnitude.clone().word(role).id(id));
                held.push((party.span, software, function.to_string(), role));
            }
        }
    }
    let (span, first, function, role) = held.first()?;
    let message = format!("{} is {role} as {function} in {}", first.name, meta.name);
    let mut finding = context
        .finding(&CHECK, kind, meta, *span, message)
        .label(*span, "only a person can approve, because only a person can be held accountable");
    for magnitude in magnitudes {
        finding = finding.magnitude(magnitude);
    }
    for (number, (span, software, function, role)) in held.iter().enumerate() {
        if number > 0 {
            finding = finding.related(*span, format!("{} is {role} as {function}", software.name));
        }
        if let Some((at, text)) = &software.said {
            finding = finding.related(*at, text.clone());
        }
    }
    // Each seat is a line of its own. The finding is gone only once people hold all of the seats.
    let mut functions: Vec<(&str, Vec<&str>)> = Vec::new();
    for (_, _, function, role) in held.iter().filter(|(_, software, ..)| software.edit.is_none()) {
        match functions.iter_mut().find(|(own, _)| own == role) {
            Some((_, of)) if of.contains(&&**function) => {}
            Some((_, of)) => of.push(function),
            None => functions.push((role, vec![function])),
        }
    }
    let edits = functions.iter().map(|(role, of)| {
        let several = held
            .iter()
            .filter(|(_, software, _, own)| own == role && software.edit.is_none())
            .count()
            > 1;
        let people = if several { "people" } else { "a person" };
        format!("{role} …  with {people}, for {}", listed(of))
    });
    let mut edits: Vec<String> = edits.collect();
    if let Some(last) = edits.last_mut() {
        *last += &format!(" in {} {}", kind.word(), meta.name);
    }
    let apart: BTreeSet<&String> = held.iter().filter_map(|(_, software, ..)| software.edit.as_ref()).collect();
    edits.extend(apart.into_iter().cloned());
    let otherwise: BTreeSet<&String> = held.iter().filter_map(|(_, software, ..)| software.otherwise.as_ref()).collect();
    let finding = finding.help(edits.join(";  "));
    Some(otherwise.into_iter().fold(finding, |finding, edit| finding.help(edit.clone())))
}
