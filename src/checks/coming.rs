//! Tasks that begin within the horizon, with the agents that will do or start them.

use crate::checks::Context;
use crate::checks::calling::chain;
use crate::facts::reach::{Calls, called_on};
use crate::model::{AgentId, Call, Model, TaskId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A task that begins within the horizon, as an agent comes to it.
#[derive(Clone, Debug)]
pub struct Coming<'a> {
    /// The task.
    pub task: TaskId,
    /// Its first day.
    pub day: Date,
    /// The calls by which the agent starts the task; empty if it is a task of its own.
    pub calls: Vec<&'a Call>,
}

/// All coming tasks, worked out once for all agents: the tasks in order, each with the agents that come to it.
#[derive(Debug)]
pub struct ComingTasks<'a> {
    of: BTreeMap<AgentId, Vec<Coming<'a>>>,
}

impl<'a> ComingTasks<'a> {
    /// The coming tasks of a model.
    pub fn of(context: &Context<'a>) -> ComingTasks<'a> {
        let model = context.model;
        let mut of: BTreeMap<AgentId, Vec<Coming<'a>>> = BTreeMap::new();
        let callers = Callers::of(model);
        // What an agent calls on a day is the same for every task that begins on it.
        let mut called: BTreeMap<(AgentId, Date), Calls> = BTreeMap::new();
        for (task, day) in context.beginning() {
            let own = model.tasks[task.index()].agent;
            let calls = Vec::new();
            of.entry(own).or_default().push(Coming { task, day, calls });
            for agent in callers.of_task(task, own) {
                let calls = called.entry((agent, day)).or_insert_with(|| called_on(model, agent, day));
                let Some(found) = calls.tasks.iter().find(|found| found.task == task) else {
                    continue;
                };
                let calls = chain(model, agent, &calls.path(found), task);
                if !calls.is_empty() {
                    of.entry(agent).or_default().push(Coming { task, day, calls });
                }
            }
        }
        ComingTasks { of }
    }

    /// The coming tasks that an agent does or starts, in the order of the tasks.
    pub fn of_agent(&self, agent: AgentId) -> &[Coming<'a>] {
        self.of.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// Every agent with the coming tasks that it does or starts.
    pub fn all(&self) -> impl Iterator<Item = (AgentId, &Coming<'a>)> {
        self.of.iter().flat_map(|(agent, all)| all.iter().map(|coming| (*agent, coming)))
    }
}

/// Who calls whom, in reverse.
struct Callers {
    of_agent: BTreeMap<AgentId, Vec<AgentId>>,
    /// The callers that name a task.
    by_name: BTreeMap<TaskId, Vec<AgentId>>,
    /// The callers for any task of an agent.
    for_any: BTreeMap<AgentId, Vec<AgentId>>,
}

impl Callers {
    fn of(model: &Model) -> Callers {
        let (mut of_agent, mut by_name, mut for_any) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (index, agent) in model.agents.iter().enumerate() {
            let id = AgentId(index as u32);
            for call in agent.calls.known().into_iter().flatten() {
                of_agent.entry(call.agent).or_insert_with(Vec::new).push(id);
                match call.task {
                    Some(task) => by_name.entry(task).or_insert_with(Vec::new).push(id),
                    None => for_any.entry(call.agent).or_insert_with(Vec::new).push(id),
                }
            }
        }
        Callers {
            of_agent,
            by_name,
            for_any,
        }
    }

    /// Whoever may come to a task of an agent by calls, in order.
    fn of_task(&self, task: TaskId, own: AgentId) -> BTreeSet<AgentId> {
        let named = self.by_name.get(&task).into_iter().flatten();
        let mut next: Vec<AgentId> = named.chain(self.for_any.get(&own).into_iter().flatten()).copied().collect();
        let mut found = BTreeSet::new();
        while let Some(agent) = next.pop() {
            if found.insert(agent) {
                next.extend(self.of_agent.get(&agent).into_iter().flatten());
            }
        }
        found
    }
}
