//! Which identities an agent can act as, and by which steps.

use crate::model::{Agent, AgentId, IdentityId, Meta, Model};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An identity that an agent can act as.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Which.
    pub identity: IdentityId,
    /// The clauses that lead there: `runs_as`, then each `can_assume`.
    pub steps: Vec<Span>,
}

/// The identities that an agent can act as, its own first, to the fixed point of `can_assume`, each by the
/// shortest way.
pub fn reached(model: &Model, agent: &Agent) -> Vec<Reached> {
    let mut found: Vec<Reached> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: VecDeque<Reached> = agent
        .runs_as
        .iter()
        .map(|own| Reached {
            identity: own.value,
            steps: vec![own.span],
        })
        .collect();
    while let Some(reached) = next.pop_front() {
        if !seen.insert(reached.identity) {
            continue;
        }
        for other in model.identities[reached.identity.index()].can_assume.known().into_iter().flatten() {
            let steps = reached.steps.iter().copied().chain([other.span]).collect();
            next.push_back(Reached {
                identity: other.value,
                steps,
            });
        }
        found.push(reached);
    }
    found
}

/// For each identity the agents that can act as it, each with the steps that lead there.
pub fn users(model: &Model) -> BTreeMap<IdentityId, Vec<(AgentId, Vec<Span>)>> {
    let mut users: BTreeMap<IdentityId, Vec<(AgentId, Vec<Span>)>> = BTreeMap::new();
    for (index, agent) in model.agents.iter().enumerate() {
        for reached in reached(model, agent) {
            users
                .entry(reached.identity)
                .or_default()
                .push((AgentId(index as u32), reached.steps));
        }
    }
    users
}

/// The identities that something running as `from` can become, as far as `through` lets them, each with the
/// step that leads there.
pub fn becoming(model: &Model, from: IdentityId, through: impl Fn(IdentityId) -> bool) -> Vec<(IdentityId, Option<Span>)> {
    let mut found = vec![(from, None)];
    let mut next = 0;
    while let Some((identity, _)) = found.get(next).copied() {
        for other in model.identities[identity.index()].can_assume.known().into_iter().flatten() {
            if through(other.value) && !found.iter().any(|(known, _)| *known == other.value) {
                found.push((other.value, Some(other.span)));
            }
        }
        next += 1;
    }
    found
}

/// For each identity the rollbacks that can act as it, each with the clause by which it runs as something.
/// Agents are known already.
pub fn restorers(model: &Model) -> BTreeMap<IdentityId, Vec<(&Meta, Option<Span>)>> {
    let mut restorers: BTreeMap<IdentityId, Vec<(&Meta, Option<Span>)>> = BTreeMap::new();
    for rollback in &model.rollbacks {
        let Some(own) = rollback.runs_as else { continue };
        for (identity, _) in becoming(model, own.value, |_| true) {
            restorers.entry(identity).or_default().push((&rollback.meta, Some(own.span)));
        }
    }
    restorers
}
