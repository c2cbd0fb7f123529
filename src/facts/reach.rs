//! What each agent reaches: the scope of its tasks and the access of its credentials, separately, and what it
//! reaches through others.

use crate::facts::atom::{Atom, AtomId, Atoms, expand};
use crate::facts::identity;
use crate::model::{ActsFor, Agent, AgentId, Grant, IdentityId, Model, Party, TaskId};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How an agent reaches an atom; several may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    /// A current task of its own allows it.
    pub scope: bool,
    /// A credential that it can get allows it.
    pub access: bool,
    /// An agent that it calls can.
    pub through: bool,
    /// One of its tasks that has not begun allows it. The policies emitted today allow it from that day on, so
    /// it is checked today.
    pub coming: bool,
}

impl Routes {
    /// Whether it can today.
    pub fn now(self) -> bool {
        self.scope || self.access || self.through
    }

    /// Whether it can, or will, without starting another agent.
    pub fn itself(self) -> bool {
        self.scope || self.access || self.coming
    }
}

/// What one agent reaches.
#[derive(Clone, Debug, Default)]
pub struct AgentReach {
    /// Every atom it reaches, in order, and how.
    pub points: Vec<(AtomId, Routes)>,
    /// Tasks that are current.
    pub current: Vec<TaskId>,
    /// The identities it can act as, its own first.
    pub identities: Vec<IdentityId>,
    /// What it can start in other agents.
    pub called: Calls,
}

/// A task of another agent that an agent can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// The task.
    pub task: TaskId,
    /// The agent that is called for it.
    pub agent: AgentId,
    /// The one that calls.
    pub by: AgentId,
}

/// The tasks of others that an agent can start. The chains that lead there share their beginnings, so they are
/// kept as steps.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Each task once, the nearest first.
    pub tasks: Vec<Called>,
    /// For each called agent the one that calls it on the shortest way.
    before: BTreeMap<AgentId, AgentId>,
}

impl Calls {
    /// The chain of agents that leads to a task, the first caller left out.
    pub fn path(&self, called: &Called) -> Vec<AgentId> {
        let mut path = vec![called.agent];
        let mut at = called.by;
        while let Some(before) = self.before.get(&at) {
            path.push(at);
            at = *before;
        }
        path.reverse();
        path
    }
}

impl AgentReach {
    /// The atoms its credentials let it touch.
    pub fn access(&self) -> impl Iterator<Item = AtomId> {
        self.points.iter().filter(|(_, routes)| routes.access).map(|(atom, _)| *atom)
    }

    /// The atoms it reaches today, and how.
    pub fn now(&self) -> impl Iterator<Item = (AtomId, Routes)> {
        self.points.iter().copied().filter(|(_, routes)| routes.now())
    }

    /// The atoms its own current tasks allow.
    pub fn scope(&self) -> impl Iterator<Item = AtomId> {
        self.points.iter().filter(|(_, routes)| routes.scope).map(|(atom, _)| *atom)
    }
}

/// The atoms, the scope of every task, and the reach of every agent.
pub fn reach(model: &Model) -> (Atoms, Vec<Vec<AtomId>>, Vec<AgentReach>) {
    let mut atoms = Atoms::default();
    let scopes: Vec<Vec<Atom>> = model.tasks.par_iter().map(|task| all(model, &task.scope)).collect();
    let access: Vec<Vec<Atom>> = model.identities.par_iter().map(|identity| all(model, &identity.access)).collect();
    let mut intern = |list: &[Atom]| {
        let mut ids: Vec<AtomId> = list.iter().map(|atom| atoms.intern(*atom)).collect();
        ids.sort_unstable();
        ids
    };
    let scopes: Vec<Vec<AtomId>> = scopes.iter().map(|list| intern(list)).collect();
    let access: Vec<Vec<AtomId>> = access.iter().map(|list| intern(list)).collect();
    let delegated: Vec<Option<Vec<AtomId>>> = model
        .agents
        .iter()
        .map(|agent| delegated(model, agent).map(|list| intern(&list)))
        .collect();
    let reach = (0..model.agents.len())
        .into_par_iter()
        .map(|agent| reach_of(model, AgentId(agent as u32), &scopes, &access, &delegated[agent]));
    let reach = reach.collect();
    (atoms, scopes, reach)
}

fn all(model: &Model, grants: &[Grant]) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = grants.iter().flat_map(|grant| expand(model, grant)).collect();
    atoms.sort_unstable();
    atoms.dedup();
    atoms
}

/// What an agent that acts for others may do: what the bound and the others' own access have in common. A
/// missing side bounds nothing.
fn delegated(model: &Model, agent: &Agent) -> Option<Vec<Atom>> {
    if agent.acts_for.is_empty() {
        return None;
    }
    let atoms: BTreeSet<Atom> = agent.acts_for.iter().flat_map(|acts| on_behalf(model, acts)).collect();
    Some(atoms.into_iter().collect())
}

/// What an agent may do for one of the parties it acts for.
pub fn on_behalf(model: &Model, acts: &ActsFor) -> Vec<Atom> {
    let within = all(model, &acts.within);
    let own = match acts.principal {
        Party::Person(person) => all(model, &model.people[person.index()].access),
        Party::Team(team) => all(model, &model.teams[team.index()].access),
        Party::Agent(_) | Party::Identity(_) => Vec::new(),
    };
    match (within.is_empty(), own.is_empty()) {
        (false, false) => within.into_iter().filter(|atom| own.binary_search(atom).is_ok()).collect(),
        (false, true) => within,
        (true, _) => own,
    }
}

fn reach_of(model: &Model, id: AgentId, scopes: &[Vec<AtomId>], access: &[Vec<AtomId>], delegated: &Option<Vec<AtomId>>) -> AgentReach {
    let agent = &model.agents[id.index()];
    let current: Vec<TaskId> = agent
        .tasks
        .iter()
        .copied()
        .filter(|task| model.tasks[task.index()].current(model.as_of))
        .collect();
    let identities: Vec<IdentityId> = identity::reached(model, agent)
        .into_iter()
        .map(|reached| reached.identity)
        .collect();
    let mut points: BTreeMap<AtomId, Routes> = BTreeMap::new();
    for task in &current {
        for atom in &scopes[task.index()] {
            points.entry(*atom).or_default().scope = true;
        }
    }
    let coming = agent.tasks.iter().filter(|task| model.tasks[task.index()].coming(model.as_of));
    for atom in coming.flat_map(|task| &scopes[task.index()]) {
        points.entry(*atom).or_default().coming = true;
    }
    for identity in &identities {
        let own = &access[identity.index()];
        match delegated {
            Some(delegated) if own.is_empty() => delegated.iter().for_each(|atom| points.entry(*atom).or_default().access = true),
            Some(delegated) => own
                .iter()
                .filter(|atom| delegated.binary_search(atom).is_ok())
                .for_each(|atom| points.entry(*atom).or_default().access = true),
            None => own.iter().for_each(|atom| points.entry(*atom).or_default().access = true),
        }
    }
    let called = called_on(model, id, model.as_of);
    for called in &called.tasks {
        for atom in &scopes[called.task.index()] {
            points.entry(*atom).or_default().through = true;
        }
    }
    AgentReach {
        points: points.into_iter().collect(),
        current,
        identities,
        called,
    }
}

/// The atoms that nobody reaches today, each with the task by which somebody first will.
pub fn begins(model: &Model, scopes: &[Vec<AtomId>], reach: &[AgentReach]) -> BTreeMap<AtomId, TaskId> {
    let now: BTreeSet<AtomId> = reach.iter().flat_map(AgentReach::now).map(|(atom, _)| atom).collect();
    let starts = |task: TaskId| model.tasks[task.index()].starts.map(|starts| starts.value);
    let mut begins: BTreeMap<AtomId, TaskId> = BTreeMap::new();
    for (index, _) in model.tasks.iter().enumerate().filter(|(_, task)| task.coming(model.as_of)) {
        let task = TaskId(index as u32);
        for atom in scopes[index].iter().filter(|atom| !now.contains(atom)) {
            let first = begins.entry(*atom).or_insert(task);
            if starts(task) < starts(*first) {
                *first = task;
            }
        }
    }
    begins
}

/// The tasks of others that an agent can start on a day. A call without a task may be for any task of the
/// called agent.
pub fn called_on(model: &Model, from: AgentId, day: Date) -> Calls {
    let mut found = Calls::default();
    let mut tasks = BTreeSet::new();
    let mut next = std::collections::VecDeque::from([from]);
    while let Some(agent) = next.pop_front() {
        for call in model.agents[agent.index()].calls.known().into_iter().flatten() {
            let set_going = match &call.task {
                Some(task) => std::slice::from_ref(task),
                None => &model.agents[call.agent.index()].tasks[..],
            };
            for task in set_going {
                if model.tasks[task.index()].current(day) && call.agent != from && tasks.insert(*task) {
                    found.tasks.push(Called {
                        task: *task,
                        agent: call.agent,
                        by: agent,
                    });
                }
            }
            if call.agent != from && !found.before.contains_key(&call.agent) {
                found.before.insert(call.agent, agent);
                next.push_back(call.agent);
            }
        }
    }
    found
}
