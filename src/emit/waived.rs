//! What is allowed only while a waiver is in force: the operations behind findings that would have stopped the
//! build.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::lower::day;
use crate::facts::Facts;
use crate::facts::atom::{Atom, AtomId};
use crate::model::{AgentId, Meta, Model, TaskId};
use std::collections::{BTreeMap, BTreeSet};

/// When waivers end, by what depends on them.
#[derive(Clone, Debug, Default)]
pub struct Waived {
    ends: Vec<End>,
    /// Ids of the tasks whose unapproved scope is waived.
    scopes: BTreeSet<String>,
}

/// One finding that is waived.
#[derive(Clone, Debug)]
struct End {
    /// One past the last second.
    ends: i64,
    about: About,
    /// Each by the ids of action, data and system; if empty, everything that the finding is about.
    operations: BTreeSet<[String; 3]>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// These agents.
    Agents(BTreeSet<AgentId>),
    /// What a domain decides, whichever agent does it.
    Domain(String),
    /// What happens in a system, whichever agent does it.
    System(String),
    /// Everything: nothing limits the finding.
    Everything,
}

impl Waived {
    /// What the waivers of a compilation relieve.
    pub fn of(compilation: &Compilation) -> Waived {
        let Some(meaning) = &compilation.meaning else {
            return Waived::default();
        };
        let stopping = |finding: &&Diagnostic| finding.finding.built_in.unwrap_or(finding.level) == Level::Error;
        let ends = compilation.findings.iter().filter(stopping).filter_map(|finding| {
            let until = finding.finding.waived_until?;
            Some(End {
                ends: day(until) + 86_400,
                about: about(&meaning.model, finding),
                operations: finding.finding.operations.bounded().iter().cloned().collect(),
            })
        });
        let of_scopes = compilation.findings.iter().filter(stopping).filter(|finding| {
            let scope = finding.code.is_some_and(|code| code.id == "GOV311");
            scope && finding.finding.waived_until.is_some()
        });
        Waived {
            ends: ends.collect(),
            scopes: of_scopes.map(|finding| finding.finding.subject.clone()).collect(),
        }
    }

    /// Whether a waiver relieves the unapproved scope of a task. The task then exists for as long as the
    /// waiver.
    pub fn of_scope(&self, task: &Meta) -> bool {
        self.scopes.contains(&*task.id)
    }

    /// When an agent's task may no longer do an operation, if that depends on a waiver.
    pub fn until(&self, model: &Model, facts: &Facts, task: TaskId, atom: AtomId) -> Option<i64> {
        let agent = model.tasks[task.index()].agent;
        let concerns = |end: &&End| end.about.takes_in(model, facts, agent, atom) && end.names(model, facts.atoms.get(atom));
        self.ends.iter().filter(concerns).map(|end| end.ends).min()
    }
}

impl End {
    fn names(&self, model: &Model, atom: Atom) -> bool {
        let (action, data, system) = atom.metas(model);
        self.operations.is_empty()
            || self
                .operations
                .contains(&[&action.id, &data.id, &system.id].map(|id| id.to_string()))
    }
}

impl About {
    fn takes_in(&self, model: &Model, facts: &Facts, agent: AgentId, atom: AtomId) -> bool {
        match self {
            About::Agents(agents) => agents.contains(&agent),
            About::Domain(id) => {
                let mut domains = facts.group(atom).domains.iter();
                domains.any(|domain| *model.domains[domain.index()].meta.id == **id)
            }
            About::System(id) => *model.systems[facts.atoms.get(atom).system.index()].meta.id == **id,
            About::Everything => true,
        }
    }
}

/// The agents and operations that a finding is about, by its subject. Its operations apply to every agent that
/// does them, unless the finding is about certain agents.
fn about(model: &Model, finding: &Diagnostic) -> About {
    let own = &finding.finding;
    let agents: BTreeSet<AgentId> = match &*own.subject_kind {
        "agent" => place(&own.subject, model.agents.iter().map(|agent| &agent.meta))
            .map(|index| AgentId(index as u32))
            .into_iter()
            .collect(),
        "task" => {
            let task = place(&own.subject, model.tasks.iter().map(|task| &task.meta));
            task.map(|index| model.tasks[index].agent).into_iter().collect()
        }
        "identity" => {
            let users = crate::facts::identity::users(model);
            let of = users
                .into_iter()
                .filter(|(identity, _)| *model.identities[identity.index()].meta.id == *own.subject);
            of.flat_map(|(_, agents)| agents).map(|(agent, _)| agent).collect()
        }
        _ => BTreeSet::new(),
    };
    match (agents.is_empty(), own.operations.bounded().is_empty(), &*own.subject_kind) {
        (false, true, _) => About::Agents(agents),
        (false, false, _) => About::Agents(with_called(model, agents)),
        (true, false, _) => About::Everything,
        (true, true, "domain") => About::Domain(own.subject.clone()),
        (true, true, "system") => About::System(own.subject.clone()),
        (true, true, _) => About::Everything,
    }
}

fn place<'m>(id: &str, mut metas: impl Iterator<Item = &'m Meta>) -> Option<usize> {
    metas.position(|meta| *meta.id == *id)
}

/// Agents, and the agents that they start: if an agent works through another one, the other agent carries out
/// the operation.
fn with_called(model: &Model, mut agents: BTreeSet<AgentId>) -> BTreeSet<AgentId> {
    let mut next: Vec<AgentId> = agents.iter().copied().collect();
    while let Some(agent) = next.pop() {
        for call in model.agents[agent.index()].calls.known().into_iter().flatten() {
            if agents.insert(call.agent) {
                next.push(call.agent);
            }
        }
    }
    agents
}

/// For each action and resource of a task that is only allowed while a waiver holds, the end.
pub type Ends = BTreeMap<String, BTreeMap<String, i64>>;
