//! What lets agents change evidence, their own or that of other agents.

use crate::checks::Context;
use crate::checks::evidence_in_reach::{EvidenceAccess, line};
use crate::diagnostic::{Level, Magnitude, Mark};
use crate::facts::atom::AtomId;
use crate::facts::governed::{Comparing, Governed, groups_of};
use crate::facts::permission::changed;
use crate::model::{AgentId, IdentityId, LedgerId, Model, SystemId, TaskId};
use crate::source::digest::sha256;
use std::collections::{BTreeMap, BTreeSet};

/// What lets an agent change evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Giver {
    /// An identity that the agent can act as.
    Identity(IdentityId),
    /// A task, where nothing else gives the access.
    Task(TaskId),
    /// What an agent may do for others, where its identity gives it nothing of its own.
    Delegated(AgentId),
}

/// What one giver lets agents change.
pub struct Given {
    /// Each atom, with the most severe access that it makes possible.
    pub atoms: BTreeMap<AtomId, EvidenceAccess>,
    /// The ledgers that keep the evidence.
    pub ledgers: BTreeSet<LedgerId>,
    /// The agents that can change it.
    pub agents: BTreeSet<AgentId>,
    /// The severity.
    pub level: Level,
    /// Where it is the evidence of other agents: the first of them, and how many more there are.
    others: Option<(AgentId, usize)>,
    /// All of these agents, for a fingerprint.
    pub governed: BTreeSet<Magnitude>,
}

impl Given {
    fn new(level: Level) -> Given {
        Given {
            atoms: BTreeMap::new(),
            ledgers: BTreeSet::new(),
            agents: BTreeSet::new(),
            level,
            others: None,
            governed: BTreeSet::new(),
        }
    }

    fn add(&mut self, atom: AtomId, agent: AgentId, hit: &[(LedgerId, EvidenceAccess)]) {
        for (ledger, access) in hit {
            let worst = self.atoms.entry(atom).or_insert(*access);
            *worst = (*access).min(*worst);
            self.ledgers.insert(*ledger);
        }
        self.agents.insert(agent);
    }

    /// The agents whose evidence it is, if they are other agents.
    pub fn whom(&self, model: &Model) -> Option<String> {
        let (first, more) = self.others?;
        let first = &model.agents[first.index()].meta.name;
        Some(match more {
            0 => first.to_string(),
            1 => format!("{first} and 1 more agent"),
            more => format!("{first} and {more} more agents"),
        })
    }
}

/// What lets agents change kept records, with their own evidence apart from that of other agents.
pub fn all(context: &Context<'_>, kept: &BTreeMap<AtomId, Vec<(LedgerId, EvidenceAccess)>>) -> Vec<(Giver, Given)> {
    let (model, facts) = (context.model, context.facts);
    let mut given: BTreeMap<(Giver, bool), Given> = BTreeMap::new();
    let reaching = |agent: &AgentId| {
        let points = &facts.reach[agent.index()].points;
        points.iter().any(|(atom, _)| kept.contains_key(atom))
    };
    let agents: Vec<AgentId> = (0..model.agents.len())
        .map(|index| AgentId(index as u32))
        .filter(reaching)
        .collect();
    if agents.is_empty() {
        return Vec::new();
    }
    let (ledgers_of, governed) = governed(context);
    let digests: Vec<String> = governed.iter().map(|governed| digest(model, governed)).collect();
    let permissions = changed(model, facts, context.flows);
    let mut comparing = Comparing::of(model, facts);
    for agent in agents {
        let own = &ledgers_of[agent.index()];
        for (atom, routes) in &facts.reach[agent.index()].points {
            let Some(hit) = kept.get(atom) else {
                continue;
            };
            let (mine, others): (Vec<_>, Vec<_>) = hit.iter().copied().partition(|(ledger, _)| own.contains(ledger));
            let Some(giver) = giver(context, agent, *atom) else {
                continue;
            };
            if !mine.is_empty() {
                let given = given.entry((giver, false)).or_insert_with(|| Given::new(Level::Error));
                given.add(*atom, agent, &mine);
                // One edit removes the access to the evidence of others as well.
                continue;
            }
            // Where only an agent that it calls can change the evidence of others, the finding is about the
            // called agent.
            if !routes.itself() {
                continue;
            }
            for (ledger, access) in others {
                let governed = &governed[ledger.index()];
                let Some(whom) = governed.others(agent) else {
                    continue;
                };
                let given = given.entry((giver, true)).or_insert_with(|| Given::new(Level::Note));
                given.add(*atom, agent, &[(ledger, access)]);
                let group = comparing.group(*atom);
                let changes = permissions.get(atom).into_iter().flatten();
                let systems: BTreeSet<SystemId> = changes.map(|change| change.system).collect();
                let less = governed.above(agent, group, &mut comparing).is_some() || comparing.appoints(group, &systems);
                // A ledger without a location may keep its records elsewhere.
                let level = match (less, anywhere(model, ledger)) {
                    (true, true) => Level::Warning,
                    (true, false) => Level::Error,
                    (false, _) => Level::Note,
                };
                given.level = given.level.max(level);
                // The message gives the largest number of agents of one ledger.
                if given.others.is_none_or(|(_, more)| more < whom.1) {
                    given.others = Some(whom);
                }
                let magnitude = Magnitude::from(Mark::Agent).part(&digests[ledger.index()]);
                given.governed.insert(if less { magnitude.mark(Mark::Missing) } else { magnitude });
            }
        }
    }
    given.into_iter().map(|((giver, _), given)| (giver, given)).collect()
}

/// For each agent the ledgers that keep its evidence, and for each ledger the agents whose evidence it keeps.
fn governed(context: &Context<'_>) -> (Vec<BTreeSet<LedgerId>>, Vec<Governed>) {
    let (model, facts) = (context.model, context.facts);
    let mut governed = vec![Governed::default(); model.ledgers.len()];
    let of = (0..model.agents.len()).map(|index| {
        let agent = AgentId(index as u32);
        let groups = groups_of(facts, agent);
        let domains = groups.iter().flat_map(|group| &facts.groups[group.index()].domains);
        let ledgers: BTreeSet<LedgerId> = domains
            .filter_map(|domain| model.domains[domain.index()].evidence)
            .map(|at| at.value)
            .collect();
        for ledger in &ledgers {
            governed[ledger.index()].add(agent, &groups);
        }
        ledgers
    });
    let of = of.collect();
    (of, governed)
}

fn digest(model: &Model, governed: &Governed) -> String {
    let ids = governed.agents.iter().map(|agent| &*model.agents[agent.index()].meta.id);
    let all: Vec<&str> = ids.collect();
    sha256(all.join("\n").as_bytes())
}

/// Whether a ledger names no system for anything that it keeps.
fn anywhere(model: &Model, ledger: LedgerId) -> bool {
    model.ledgers[ledger.index()].keeps.iter().all(|(_, systems)| systems.is_empty())
        && crate::checks::evidence_in_reach::unsigned(&model.ledgers[ledger.index()]).is_none()
}

/// What lets an agent do something: an identity of its own or of the agent it calls, or what it may do for
/// others; otherwise a task.
fn giver(context: &Context<'_>, agent: AgentId, atom: AtomId) -> Option<Giver> {
    let reach = &context.facts.reach[agent.index()];
    let identity = |agent: AgentId| {
        let mut all = context.facts.reach[agent.index()].identities.iter();
        let found = all.find(|identity| context.access_of[identity.index()].binary_search(&atom).is_ok())?;
        let own = line(context.model, &context.model.identities[found.index()].access, context, atom).is_some();
        Some(if own { Giver::Identity(*found) } else { Giver::Delegated(agent) })
    };
    let called = reach.called.tasks.iter().map(|called| &called.task);
    let task = |task: &&TaskId| context.facts.scope(**task).contains(&atom);
    let callee = |task: &TaskId| identity(context.model.tasks[task.index()].agent);
    let called = called.clone().find(task).map(|task| callee(task).unwrap_or(Giver::Task(*task)));
    identity(agent)
        .or_else(|| reach.current.iter().find(task).map(|task| Giver::Task(*task)))
        .or(called)
}
