//! A credential that can do what no task allows.

use crate::checks::requirements::listed;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::model::{AgentId, Grant, IdentityId, Meta, Model, Party};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV301"),
    page: include_str!("../../docs/codes/access-beyond-scope.md"),
    looks_at: |context| context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (identity, users) in context.users {
        let own = &model.identities[identity.index()];
        let mut allowed: BTreeSet<AtomId> = BTreeSet::new();
        let mut said_elsewhere = true;
        for (agent, _) in users {
            let reach = &context.facts.reach[agent.index()];
            allowed.extend(reach.scope());
            // What an ended task would have allowed follows from its having ended.
            let ended = model.agents[agent.index()]
                .tasks
                .iter()
                .filter(|task| !reach.current.contains(task));
            allowed.extend(ended.flat_map(|task| context.facts.scope(*task).iter().copied()));
            said_elsewhere &= super::write_without_task::without(context, *agent);
        }
        if said_elsewhere {
            continue;
        }
        let beyond: Vec<AtomId> = context.access_of[identity.index()]
            .iter()
            .copied()
            .filter(|atom| !allowed.contains(atom))
            .collect();
        if !beyond.is_empty() {
            out.push(say(context, *identity, &own.meta, &beyond));
        }
    }
}

fn say(context: &Context<'_>, identity: IdentityId, meta: &Meta, beyond: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let mut order = beyond.to_vec();
    // What changes records comes first; it is the one to show.
    order.sort_by_key(|atom| (!context.facts.atoms.get(*atom).mutates(model), *atom));
    let (at, atom) = order
        .iter()
        .find_map(|atom| grant(context, identity, *atom).map(|span| (span, *atom)))
        .unwrap_or((meta.span, order[0]));
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    if let Some(agent) = delegated(context, identity) {
        return say_delegated(context, agent, (at, atom), &order);
    }
    let message = format!("{} can `{action}` {data} in {system}, which no task allows", meta.name);
    let label = match order.len() {
        1 => "no task of the agents that run as it asks for this".to_owned(),
        count => format!("no task of the agents that run as it asks for this, nor for {} more", count - 1),
    };
    let mut finding = context.finding(&CHECK, Kind::Identity, meta, at, message).label(at, label);
    context.points_as(&mut finding, identity, &order);
    finding.help(format!(
        "leave `{action} {data} in {system}` out of the access of {}, or approve a task that needs it",
        meta.name
    ))
}

/// The agent that has what it may do not from an identity but from those it acts for.
fn delegated(context: &Context<'_>, identity: IdentityId) -> Option<AgentId> {
    let own = &context.model.identities[identity.index()];
    let mut users = context.users.get(&identity)?.iter().map(|(agent, _)| *agent);
    let acts = |agent: &AgentId| !context.model.agents[agent.index()].acts_for.is_empty();
    users.find(acts).filter(|_| own.access.is_empty())
}

/// The same of what an agent may do for others: the edit goes into the bound, since the identity grants nothing.
fn say_delegated(context: &Context<'_>, id: AgentId, (at, atom): (Span, AtomId), order: &[AtomId]) -> Diagnostic {
    let agent = &context.model.agents[id.index()];
    let name = &agent.meta.name;
    let (action, data, system) = context.facts.atoms.get(atom).names(context.model);
    let whom = agent.acts_for.iter().map(|acts| &*acts.principal.meta(context.model).name);
    let whom = listed(&whom.collect::<Vec<&str>>());
    let message = format!("for {whom}, {name} can `{action}` {data} in {system}, which no task allows");
    let label = match order.len() {
        1 => "no task of it asks for this".to_owned(),
        count => format!("no task of it asks for this, nor for {} more", count - 1),
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    finding.finding.operations = context.operations(order);
    finding.finding.decision_points = order.len();
    finding.finding.decision = Some(context.decision(id, atom));
    finding.help(format!(
        "leave `{action} {data} in {system}` out of what {name} may do for {whom}, or approve a task that needs it"
    ))
}

/// The line that grants an atom to an identity.
fn grant(context: &Context<'_>, identity: IdentityId, atom: AtomId) -> Option<Span> {
    let model = context.model;
    let wanted = context.facts.atoms.get(atom);
    let in_grants = |grants: &[Grant]| {
        grants
            .iter()
            .find(|grant| expand(model, grant).contains(&wanted))
            .map(|grant| grant.span)
    };
    let own = in_grants(&model.identities[identity.index()].access);
    own.or_else(|| {
        let agents = context.users.get(&identity).into_iter().flatten();
        agents
            .flat_map(|(agent, _)| &model.agents[agent.index()].acts_for)
            .find_map(|acts| in_grants(&acts.within).or_else(|| in_grants(others(model, acts.principal))))
    })
}

fn others(model: &Model, party: Party) -> &[Grant] {
    match party {
        Party::Person(person) => &model.people[person.index()].access,
        Party::Team(team) => &model.teams[team.index()].access,
        Party::Agent(_) | Party::Identity(_) => &[],
    }
}
