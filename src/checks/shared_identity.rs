//! Two agents run as one identity.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::model::{AgentId, IdentityId, Model};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV201"),
    page: include_str!("../../docs/codes/shared-identity.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (identity, agents) in shared(context) {
        out.push(say(context, identity, agents));
    }
}

/// An agent that can act as an identity, and the clauses that lead there.
type User = (AgentId, Vec<Span>);

/// Identities that two or more agents can act as, each once. An identity is left out if it is shared only
/// because another shared identity can become it.
pub(super) fn shared<'a>(context: &'a Context<'_>) -> Vec<(IdentityId, &'a [User])> {
    let set = |identity: IdentityId| -> Vec<AgentId> {
        context
            .users
            .get(&identity)
            .map_or(Vec::new(), |users| users.iter().map(|(agent, _)| *agent).collect())
    };
    let mut found = Vec::new();
    for (identity, users) in context.users.iter().filter(|(_, users)| users.len() >= 2) {
        let own = set(*identity);
        let because_of = before(context.model, *identity).into_iter().filter(|other| set(*other) == own);
        // In a cycle of identities that can become each other, the first one represents all.
        let follows = because_of
            .into_iter()
            .any(|other| !before(context.model, other).contains(identity) || other < *identity);
        let own_runner = users.iter().any(|(_, steps)| steps.len() == 1);
        if !follows || (own_runner && users.iter().filter(|(_, steps)| steps.len() == 1).count() >= 2) {
            found.push((*identity, &users[..]));
        }
    }
    found
}

/// The identities that can become this one, in any number of steps.
pub(super) fn before(model: &Model, identity: IdentityId) -> Vec<IdentityId> {
    let mut found: Vec<IdentityId> = Vec::new();
    let mut next = vec![identity];
    while let Some(at) = next.pop() {
        for (index, other) in model.identities.iter().enumerate() {
            let other_id = IdentityId(index as u32);
            let becomes = other.can_assume.known().into_iter().flatten().any(|assumed| assumed.value == at);
            if becomes && other_id != identity && !found.contains(&other_id) {
                found.push(other_id);
                next.push(other_id);
            }
        }
    }
    found.sort_unstable();
    found
}

fn say(context: &Context<'_>, id: IdentityId, agents: &[(AgentId, Vec<Span>)]) -> Diagnostic {
    let model = context.model;
    let identity = &model.identities[id.index()];
    let mut names: Vec<&str> = agents.iter().map(|(agent, _)| &*model.agents[agent.index()].meta.name).collect();
    names.sort_unstable();
    let direct = agents.iter().all(|(_, steps)| steps.len() == 1);
    let message = match direct {
        true => format!("{} share one identity, {}", listed(&names), identity.meta.name),
        false => format!("{} can all use one identity, {}", listed(&names), identity.meta.name),
    };
    let at = identity.meta.span;
    let label = format!(
        "revoking it stops {}, and a log cannot tell which of them acted",
        if names.len() == 2 {
            "both".to_owned()
        } else {
            format!("all {}", names.len())
        }
    );
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
        .label(at, label);
    points(context, &mut finding, id, agents);
    for (agent, steps) in agents {
        for (number, span) in steps.iter().enumerate() {
            let name = &model.agents[agent.index()].meta.name;
            let text = match number {
                0 => format!("{name} runs as it here"),
                _ => format!("by which {name} can become it"),
            };
            let text = if steps.len() > 1 && number == 0 {
                format!("{name} runs as this")
            } else {
                text
            };
            finding = finding.related(*span, text);
        }
    }
    finding.help("give each agent its own identity of kind workload")
}

/// Counts what the agents that share an identity can do with it.
pub(super) fn points(context: &Context<'_>, finding: &mut Diagnostic, identity: IdentityId, agents: &[(AgentId, Vec<Span>)]) {
    let model = context.model;
    let mut atoms: Vec<_> = model.identities[identity.index()]
        .access
        .iter()
        .flat_map(|grant| crate::facts::atom::expand(model, grant))
        .collect();
    atoms.sort_unstable();
    atoms.dedup();
    let ids = agents.iter().map(|(agent, _)| model.agents[agent.index()].meta.id.to_string());
    finding.finding.magnitude.extend(ids.map(|id| Magnitude::new().id(&id)));
    // Changes to records come first: the first is shown.
    atoms.sort_by_key(|atom| !atom.mutates(model));
    let agents: Vec<AgentId> = agents.iter().map(|(agent, _)| *agent).collect();
    context.points_of(finding, &agents, atoms);
}
