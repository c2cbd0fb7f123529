//! An agent, or a rollback, that runs as nothing, or as an identity that states its holder instead of its
//! workload.

use crate::checks::requirements::mild;
use crate::checks::stating::{of_agent, of_identity};
use crate::checks::{Check, Context, changes};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::identity::becoming;
use crate::model::{AgentId, At, Identity, IdentityId, IdentityKind, RollbackId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV210"),
    page: include_str!("../../docs/codes/no-workload-identity.md"),
    looks_at: |context| context.model.agents.len() + context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (index, agent) in context.model.agents.iter().enumerate() {
        if agent.runs_as.is_empty() {
            out.push(without(context, AgentId(index as u32)));
        }
    }
    for (id, users) in context.users {
        let identity = &context.model.identities[id.index()];
        if let Some((at, (magnitude, fault), label, help)) = fault(identity, "agent") {
            let names: Vec<&str> = users
                .iter()
                .map(|(agent, _)| &*context.model.agents[agent.index()].meta.name)
                .collect();
            let message = format!("{} {} as {}, {fault}", few(&names), runs(users), identity.meta.name);
            let finding = say(context, *id, users, message, at, label).magnitude(magnitude);
            let agents = users.iter().map(|(agent, _)| &context.model.agents[agent.index()].meta.id);
            out.push(finding.ids(agents).help(of_identity(context.model, identity, &help)));
        }
    }
    for (id, (rollbacks, atoms)) in ways_back(context) {
        let identity = &context.model.identities[id.index()];
        if let Some((at, (magnitude, fault), label, help)) = fault(identity, "rollback") {
            let metas: Vec<_> = rollbacks.iter().map(|id| &context.model.rollbacks[id.index()].meta).collect();
            let names: Vec<&str> = metas.iter().map(|meta| &*meta.name).collect();
            let runs = match (rollbacks.iter().all(|rollback| own(context, *rollback) == Some(id)), names.len()) {
                (true, 1) => "runs",
                (true, _) => "run",
                (false, _) => "can act",
            };
            let message = format!("{} {runs} as {}, {fault}", few(&names), identity.meta.name);
            let finding = context.finding(&CHECK, Kind::Identity, &identity.meta, at, message);
            let mut finding = finding.label(at, label).magnitude(magnitude);
            mild(context, id, &mut finding);
            context.points(&mut finding, &atoms.into_iter().collect::<Vec<AtomId>>());
            out.push(
                finding
                    .ids(metas.iter().map(|meta| &meta.id))
                    .help(of_identity(context.model, identity, &help)),
            );
        }
    }
}

fn own(context: &Context<'_>, rollback: RollbackId) -> Option<IdentityId> {
    context.model.rollbacks[rollback.index()].runs_as.map(|own| own.value)
}

/// The identities that rollbacks can act as and agents cannot, each with the rollbacks that undo some change,
/// and with what is changed.
fn ways_back(context: &Context<'_>) -> BTreeMap<IdentityId, (BTreeSet<RollbackId>, BTreeSet<AtomId>)> {
    let mut changed: BTreeMap<RollbackId, BTreeSet<AtomId>> = BTreeMap::new();
    for change in changes::all(context) {
        for rollback in &change.rollbacks {
            changed.entry(*rollback).or_default().extend(change.atoms.iter().copied());
        }
    }
    let mut found: BTreeMap<IdentityId, (BTreeSet<RollbackId>, BTreeSet<AtomId>)> = BTreeMap::new();
    for (rollback, atoms) in changed {
        let reached = own(context, rollback).map(|own| becoming(context.model, own, |_| true));
        let reached = reached.into_iter().flatten().map(|(identity, _)| identity);
        for identity in reached.filter(|identity| !context.users.contains_key(identity)) {
            let (rollbacks, behind) = found.entry(identity).or_default();
            rollbacks.insert(rollback);
            behind.extend(atoms.iter().copied());
        }
    }
    found
}

fn without(context: &Context<'_>, id: AgentId) -> Diagnostic {
    let agent = &context.model.agents[id.index()];
    let at = agent.meta.span;
    let message = format!("{} has no identity of its own", agent.meta.name);
    let label = "the agent has no `runs_as`, so systems cannot tell it from others and nobody can revoke its access";
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    let points = &context.facts.reach[id.index()].points;
    context.points_by(&mut finding, id, points.iter().map(|(atom, _)| atom));
    finding.help(of_agent(
        context.model,
        agent,
        "runs_as …  with an identity of kind workload that no other agent runs as,",
    ))
}

/// An agent that can act as an identity, and the clauses that lead there.
type User = (AgentId, Vec<Span>);

fn runs(users: &[User]) -> &'static str {
    let direct = users.iter().all(|(_, steps)| steps.len() == 1);
    match (direct, users.len()) {
        (true, 1) => "runs",
        (true, _) => "run",
        (false, _) => "can act",
    }
}

fn say(context: &Context<'_>, id: IdentityId, users: &[User], message: String, at: Span, label: String) -> Diagnostic {
    let identity = &context.model.identities[id.index()];
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
        .label(at, label);
    context.points_as(&mut finding, id, &context.access_of[id.index()]);
    // One place is enough to find it. The check of shared identities lists all agents that run as one.
    for (agent, steps) in users.iter().take(3) {
        let name = &context.model.agents[agent.index()].meta.name;
        let words = match steps.len() {
            1 => format!("{name} runs as it here"),
            _ => format!("by which {name} can become it"),
        };
        if let Some(step) = steps.last() {
            finding = finding.related(*step, words);
        }
    }
    finding
}

/// Where the fault is, what it is, what follows, what to write.
fn fault(identity: &Identity, user: &str) -> Option<(Span, (Magnitude, String), String, String)> {
    let header = identity.meta.span;
    let own = "kind workload  with a principal of its own and a credential that is issued for the task,".to_owned();
    let named = identity
        .principal
        .as_ref()
        .is_some_and(|principal| !principal.value.trim().is_empty());
    let nameless = "systems do not know it by a name, so a log cannot show it".to_owned();
    match identity.kind {
        Some(At {
            value: IdentityKind::ApiKey,
            span,
        }) => Some((
            span,
            (Mark::Key.into(), "a key".to_owned()),
            format!("a key proves possession, not which workload uses it; anyone who copies it can act as the {user}"),
            own,
        )),
        None if named => Some((
            header,
            (Mark::Unstated.into(), "which may be anything".to_owned()),
            "the identity has no `kind`, so it may be a key or a person's account".to_owned(),
            own,
        )),
        None => Some((
            header,
            (
                Magnitude::from(Mark::Nameless).mark(Mark::Unstated),
                "which has no name and may be anything".to_owned(),
            ),
            format!("the identity has no `kind`, and {nameless}"),
            own,
        )),
        Some(At {
            value: IdentityKind::Workload | IdentityKind::Delegated | IdentityKind::ServiceAccount | IdentityKind::User,
            ..
        }) => (!named).then(|| {
            let at = identity.principal.as_ref().map_or(header, |principal| principal.span);
            let help = "principal …  with the name under which systems know it,".to_owned();
            (at, (Mark::Nameless.into(), "which has no name".to_owned()), nameless, help)
        }),
    }
}
