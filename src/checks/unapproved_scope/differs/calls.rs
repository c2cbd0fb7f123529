//! Other agents that the agent calls.

use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::scope::{Statement, UNSAID, call_line, call_lines};
use crate::model::{AgentId, Call, Model, TaskId};

/// Which agent, and for which task.
type Pair = (AgentId, Option<TaskId>);

/// The scope without one call, with one more, with one for another task, with none, and with no `calls` clause.
pub(super) fn others<'a>(model: &'a Model, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let agent = &model.agents[model.tasks[task.index()].agent.index()];
    let own = agent.calls.known().map_or(&[][..], |calls| calls);
    let pair = |call: &Call| (call.agent, call.task);
    let with = move |out: Option<Pair>, new: Option<Pair>| {
        let left = own.iter().map(pair).filter(move |own| Some(*own) != out);
        let mut other = today.clone();
        other.calls = call_lines(left.chain(new).map(|(agent, task)| call_line(model, agent, task)));
        other
    };
    let name = &*agent.meta.name;
    let unstated = std::iter::once_with(move || {
        let mut other = today.clone();
        other.calls = vec![format!("calls {UNSAID}")];
        (other, format!("the approved scope did not state whom {name} calls"))
    });
    let none = std::iter::once_with(move || {
        let mut other = today.clone();
        other.calls = call_lines(std::iter::empty());
        (other, format!("the approved scope had `calls none` for {name}"))
    });
    let fewer = own.iter().map(pair).map(move |out| {
        let told = told(model, out);
        (with(Some(out), None), format!("the approved scope did not have {told} for {name}"))
    });
    let another = own.iter().map(pair).flat_map(move |out| {
        let others = pairs(model, out.0).filter(move |new| *new != out);
        others.map(move |new| {
            let told = told(model, new);
            (with(Some(out), Some(new)), format!("the approved scope had {told} for {name}"))
        })
    });
    let agents = (0..model.agents.len()).map(|agent| AgentId(agent as u32));
    let more = agents.flat_map(move |agent| pairs(model, agent)).map(move |new| {
        let told = told(model, new);
        (with(None, Some(new)), format!("the approved scope had {told} for {name} as well"))
    });
    unstated.chain(none).chain(fewer).chain(another).chain(more)
}

/// An agent with each of its tasks, and with none.
fn pairs(model: &Model, agent: AgentId) -> impl Iterator<Item = Pair> {
    let tasks = model.agents[agent.index()].tasks.iter().map(|task| Some(*task));
    tasks.chain([None]).map(move |task| (agent, task))
}

/// `` `calls enrichment doing complete_profiles` ``
fn told(model: &Model, (agent, task): Pair) -> String {
    let agent = &model.agents[agent.index()].meta.name;
    match task {
        Some(task) => format!("`calls {agent} doing {}`", model.tasks[task.index()].meta.name),
        None => format!("`calls {agent}`"),
    }
}
