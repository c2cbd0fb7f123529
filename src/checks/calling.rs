//! Chains of calls between agents, as findings cite them.

use crate::checks::Context;
use crate::diagnostic::Diagnostic;
use crate::facts::atom::AtomId;
use crate::model::{AgentId, Call, Model, TaskId};

/// The calls along a chain of agents that starts a task. The last call names the task, or names none, which may
/// mean any task.
pub(super) fn chain<'a>(model: &'a Model, from: AgentId, path: &[AgentId], task: TaskId) -> Vec<&'a Call> {
    let mut calls = Vec::new();
    let mut at = from;
    for (place, to) in path.iter().enumerate() {
        let last = place + 1 == path.len();
        let own = || {
            model.agents[at.index()]
                .calls
                .known()
                .into_iter()
                .flatten()
                .filter(|call| call.agent == *to)
        };
        let named = own().find(|call| call.task.is_some_and(|other| !last || other == task));
        calls.extend(named.or_else(|| own().find(|call| call.task.is_none())));
        at = *to;
    }
    calls
}

/// Cites a chain of calls, each at its place.
pub(super) fn cited(context: &Context<'_>, mut finding: Diagnostic, from: AgentId, calls: &[&Call]) -> Diagnostic {
    let name = |agent: AgentId| &context.model.agents[agent.index()].meta.name;
    let mut at = from;
    for call in calls {
        finding = finding.related(call.span, format!("{} calls {}", name(at), name(call.agent)));
        at = call.agent;
    }
    finding
}

/// Cites the calls by which an agent reaches an atom that neither its own tasks nor its own credentials let it
/// touch.
pub(super) fn by_call(context: &Context<'_>, finding: Diagnostic, agent: AgentId, atom: AtomId) -> Diagnostic {
    cited(context, finding, agent, &calls_to(context, agent, atom))
}

/// The calls by which an agent reaches an atom that neither its own tasks nor its own credentials let it touch;
/// empty if they do.
pub(super) fn calls_to<'a>(context: &Context<'a>, agent: AgentId, atom: AtomId) -> Vec<&'a Call> {
    let reach = &context.facts.reach[agent.index()];
    let routes = reach.points.binary_search_by_key(&atom, |(atom, _)| *atom);
    if routes.is_ok_and(|place| reach.points[place].1.itself()) {
        return Vec::new();
    }
    let mut called = reach.called.tasks.iter();
    let called = called.find(|called| context.facts.scope(called.task).binary_search(&atom).is_ok());
    called.map_or_else(Vec::new, |called| {
        chain(context.model, agent, &reach.called.path(called), called.task)
    })
}
