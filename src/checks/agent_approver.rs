//! A function held by, or handed to, software.

use crate::checks::approvals::by_domain;
use crate::checks::requirements::listed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::facts::moment::asked_of;
use crate::model::{AgentId, At, DomainId, Meta, Model, Party, Seat};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV108"),
    page: include_str!("../../docs/codes/agent-approver.md"),
    looks_at: |context| context.model.domains.iter().map(|domain| domain.seats.len()).sum::<usize>() + context.model.delegations.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let atoms = by_domain(context);
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        if let Some(mut finding) = seats(context, Kind::Domain, &domain.meta, &domain.seats) {
            if all_act(context, id) {
                finding.finding.follows = vec!["GOV107"];
            }
            let atoms = atoms.get(&id).map_or(&[][..], |atoms| atoms);
            context.points(&mut finding, atoms);
            out.push(finding);
        }
    }
    if let Some(workspace) = &model.workspace {
        out.extend(seats(context, Kind::Workspace, &workspace.meta, &workspace.seats));
    }
    for delegation in &model.delegations {
        let Some((to, name)) = delegation.to_software.and_then(|to| Some((to, software(model, &to)?))) else {
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
        let message = format!("{} hands {} to {name}", delegation.meta.name, listed(&what));
        let finding = context
            .finding(&CHECK, Kind::Delegation, &delegation.meta, to.span, message)
            .label(to.span, "an approval is a person's; nothing else can answer for it");
        let finding = finding.extents(delegation.functions.iter().map(|at| {
            let (function, domain) = at.value;
            let function = &model.functions[function.index()].meta.id;
            Extent::new().id(function).id(&model.domains[domain.index()].meta.id)
        }));
        let finding = finding.extents(software_id(model, &to));
        let finding = finding.help(format!("from … to …  with a person, in delegation {}", delegation.meta.name));
        out.push(finding);
    }
}

/// Whether all the software in the seats of a domain approves what it does itself, which is the graver fault.
fn all_act(context: &Context<'_>, domain: DomainId) -> bool {
    let asked = asked_of(context.model, domain);
    let does = |agent: AgentId| {
        let mut points = context.facts.reach[agent.index()].points.iter();
        points.any(|(atom, _)| context.facts.group(*atom).domains.contains(&domain))
    };
    context.model.domains[domain.index()].seats.iter().all(|seat| {
        std::iter::once(&seat.owner).chain(&seat.deputies).all(|party| match party.value {
            Party::Person(_) | Party::Team(_) => true,
            Party::Agent(agent) => asked.contains(&seat.function) && does(agent),
            Party::Identity(identity) => {
                let mut users = context.users.get(&identity).into_iter().flatten();
                asked.contains(&seat.function) && users.any(|(agent, _)| does(*agent))
            }
        })
    })
}

/// One finding for all the seats of a declaration.
fn seats(context: &Context<'_>, kind: Kind, meta: &Meta, seats: &[Seat]) -> Option<Diagnostic> {
    let model = context.model;
    let mut held: Vec<(Span, String, String, &str)> = Vec::new();
    let mut extents: Vec<Extent> = Vec::new();
    for seat in seats {
        let function = &model.functions[seat.function.index()].meta.name;
        let owner = std::iter::once((&seat.owner, "owner"));
        for (party, role) in owner.chain(seat.deputies.iter().map(|deputy| (deputy, "deputy"))) {
            if let Some(name) = software(model, party) {
                held.push((party.span, name, function.to_string(), role));
                let id = &model.functions[seat.function.index()].meta.id;
                extents.extend(software_id(model, party).map(|extent| extent.word(role).id(id)));
            }
        }
    }
    let (span, name, function, role) = held.first()?;
    let message = format!("{name} is {role} as {function} in {}", meta.name);
    let mut finding = context
        .finding(&CHECK, kind, meta, *span, message)
        .label(*span, "an approval is a person's; nothing else can answer for it");
    for extent in extents {
        finding = finding.extent(extent);
    }
    for (span, name, function, role) in &held[1..] {
        finding = finding.related(*span, format!("{name} is {role} as {function}"));
    }
    // Each seat is a line of its own, and the finding is gone only once all of them are held by people.
    let mut functions: Vec<(&str, Vec<&str>)> = Vec::new();
    for (_, _, function, role) in &held {
        match functions.iter_mut().find(|(own, _)| own == role) {
            Some((_, of)) if of.contains(&&**function) => {}
            Some((_, of)) => of.push(function),
            None => functions.push((role, vec![function])),
        }
    }
    let edits = functions.iter().map(|(role, of)| {
        let several = held.iter().filter(|(.., own)| own == role).count() > 1;
        let people = if several { "people" } else { "a person" };
        format!("{role} …  with {people}, for {}", listed(of))
    });
    let edits: Vec<String> = edits.collect();
    Some(finding.help(format!("{} in {} {}", edits.join(";  "), kind.word(), meta.name)))
}

/// `the agent campaign`, if it is no person and no team.
fn software_id(model: &Model, party: &At<Party>) -> Option<Extent> {
    match party.value {
        Party::Person(_) | Party::Team(_) => None,
        Party::Agent(agent) => Some(Extent::from(Mark::Agent).id(&model.agents[agent.index()].meta.id)),
        Party::Identity(identity) => Some(Extent::from(Mark::Identity).id(&model.identities[identity.index()].meta.id)),
    }
}

fn software(model: &Model, party: &At<Party>) -> Option<String> {
    match party.value {
        Party::Person(_) | Party::Team(_) => None,
        Party::Agent(agent) => Some(format!("the agent {}", model.agents[agent.index()].meta.name)),
        Party::Identity(identity) => Some(format!("the identity {}", model.identities[identity.index()].meta.name)),
    }
}
