//! An agent that runs as nothing, or as something that says who holds it instead of which workload it is.

use crate::checks::requirements::few;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::model::{AgentId, At, Identity, IdentityId, IdentityKind};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;

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
        if let Some((at, (extent, fault), label, help)) = fault(identity) {
            let names: Vec<&str> = users
                .iter()
                .map(|(agent, _)| &*context.model.agents[agent.index()].meta.name)
                .collect();
            let message = format!("{} {} as {}, {fault}", few(&names), runs(users), identity.meta.name);
            let finding = say(context, *id, users, message, at, label).extent(extent);
            let agents = users.iter().map(|(agent, _)| &context.model.agents[agent.index()].meta.id);
            out.push(finding.ids(agents).help(help));
        }
    }
}

fn without(context: &Context<'_>, id: AgentId) -> Diagnostic {
    let agent = &context.model.agents[id.index()];
    let at = agent.meta.span;
    let message = format!("{} has no identity of its own", agent.meta.name);
    let label = "nothing says what it runs as, so no system can tell it apart and nothing can be revoked";
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    let points = &context.facts.reach[id.index()].points;
    finding.finding.operations = context.operations(points.iter().map(|(atom, _)| atom));
    finding.finding.decision_points = points.len();
    finding.finding.decision = points.first().map(|(atom, _)| context.decision(id, *atom));
    finding.help("runs_as …  with an identity of kind workload that no other agent runs as")
}

/// An agent that can be an identity, and the clauses that lead there.
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
    // One place is enough to find it; those who run as a shared identity are listed by the check of that.
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
fn fault(identity: &Identity) -> Option<(Span, (Extent, String), String, String)> {
    let header = identity.meta.span;
    let own = "kind workload  with a principal of its own and a credential that is issued for the task".to_owned();
    let named = identity
        .principal
        .as_ref()
        .is_some_and(|principal| !principal.value.trim().is_empty());
    let nameless = "no system knows it by a name, so no log can show it".to_owned();
    match identity.kind {
        Some(At {
            value: IdentityKind::ApiKey,
            span,
        }) => Some((
            span,
            (Mark::Key.into(), "a key".to_owned()),
            "a key proves who holds it, not which workload it is; whoever copies it is the agent".to_owned(),
            own,
        )),
        None if named => Some((
            header,
            (Mark::Unsaid.into(), "which may be anything".to_owned()),
            "nothing says what kind of identity it is, so it may be a key or a person's account".to_owned(),
            own,
        )),
        None => Some((
            header,
            (
                Extent::from(Mark::Nameless).mark(Mark::Unsaid),
                "which has no name and may be anything".to_owned(),
            ),
            format!("nothing says what kind of identity it is, and {nameless}"),
            own,
        )),
        Some(At {
            value: IdentityKind::Workload | IdentityKind::Delegated | IdentityKind::ServiceAccount | IdentityKind::User,
            ..
        }) => (!named).then(|| {
            let at = identity.principal.as_ref().map_or(header, |principal| principal.span);
            let help = "principal …  with the name under which systems know it".to_owned();
            (at, (Mark::Nameless.into(), "which has no name".to_owned()), nameless, help)
        }),
    }
}
