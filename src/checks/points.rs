//! Sets the decision points behind a finding. The first is shown and all are counted.

use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Point, Points};
use crate::facts::Facts;
use crate::facts::atom::{Atom, AtomId};
use crate::model::{AgentId, IdentityId, Meta, Model};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Names that all findings share, and for each atom the agents that reach it; worked out on first use.
#[derive(Default)]
pub(super) struct Shared {
    names: OnceLock<Names>,
    everybody: OnceLock<Everybody>,
}

struct Names {
    agents: Vec<Arc<str>>,
    actions: Vec<Arc<str>>,
    data: Vec<Arc<str>>,
    systems: Vec<Arc<str>>,
}

impl Names {
    fn of(model: &Model) -> Names {
        let id = |meta: &Meta| Arc::from(&*meta.id);
        Names {
            agents: model.agents.iter().map(|agent| id(&agent.meta)).collect(),
            actions: model.actions.iter().map(|action| Arc::from(&*action.meta.name)).collect(),
            data: model.data.iter().map(|data| id(&data.meta)).collect(),
            systems: model.systems.iter().map(|system| id(&system.meta)).collect(),
        }
    }
}

/// The agents that reach each atom, one after the other.
struct Everybody {
    /// For each atom, where its agents end in the list.
    ends: Vec<usize>,
    agents: Vec<AgentId>,
    /// For each atom the ids of its agents, once a finding names them.
    ids: Vec<OnceLock<Arc<[Arc<str>]>>>,
}

impl Everybody {
    fn of(facts: &Facts) -> Everybody {
        let mut next: Vec<usize> = Vec::with_capacity(facts.points_of.len());
        let mut all = 0;
        for (count, _) in &facts.points_of {
            next.push(all);
            all += count;
        }
        let mut agents = vec![AgentId(0); all];
        for (index, reach) in facts.reach.iter().enumerate() {
            for (atom, _) in &reach.points {
                let place = &mut next[atom.index()];
                agents[*place] = AgentId(index as u32);
                *place += 1;
            }
        }
        Everybody {
            ids: next.iter().map(|_| OnceLock::new()).collect(),
            ends: next,
            agents,
        }
    }

    fn at(&self, atom: AtomId) -> &[AgentId] {
        let start = atom.index().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.agents[start..self.ends[atom.index()]]
    }
}

impl Context<'_> {
    /// Sets all agents that reach some atoms. What agents reach today is shown first.
    pub fn points(&self, finding: &mut Diagnostic, atoms: &[AtomId]) {
        finding.finding.operations = self.operations(atoms);
        let everybody = self.all();
        let reached = |atom: &&AtomId| self.facts.points_of[atom.index()].0 > 0;
        let first = atoms.iter().filter(reached).find(|atom| !self.facts.begins.contains_key(atom));
        let mut seen = BTreeSet::new();
        let each = first.into_iter().chain(atoms).filter(|atom| seen.insert(**atom));
        let points = each.map(|atom| {
            let ids = everybody.ids[atom.index()].get_or_init(|| self.ids(everybody.at(*atom)));
            self.point(self.facts.atoms.get(*atom), ids.clone())
        });
        finding.finding.points = Points::new(points.collect());
    }

    /// The agents that reach an atom.
    pub fn everybody(&self, atom: AtomId) -> &[AgentId] {
        self.all().at(atom)
    }

    fn all(&self) -> &Everybody {
        self.shared.everybody.get_or_init(|| Everybody::of(self.facts))
    }

    /// Sets what the agents that can act as an identity can do with it at some atoms.
    pub fn points_as(&self, finding: &mut Diagnostic, identity: IdentityId, atoms: &[AtomId]) {
        let agents = self.users.get(&identity).map_or(&[][..], |users| &users[..]);
        let agents: Vec<AgentId> = agents.iter().map(|(agent, _)| *agent).collect();
        self.points_of(finding, &agents, atoms.iter().map(|atom| self.facts.atoms.get(*atom)));
    }

    /// The operations of one agent at some atoms; the one to show comes first.
    pub fn points_by<'i>(&self, finding: &mut Diagnostic, agent: AgentId, atoms: impl IntoIterator<Item = &'i AtomId>) {
        let atoms = atoms.into_iter().map(|atom| self.facts.atoms.get(*atom));
        self.points_of(finding, &[agent], atoms);
    }

    /// The operations of each of some agents; the one to show comes first.
    pub fn points_of(&self, finding: &mut Diagnostic, agents: &[AgentId], atoms: impl IntoIterator<Item = Atom>) {
        let mut seen = BTreeSet::new();
        let atoms: Vec<Atom> = atoms.into_iter().filter(|atom| seen.insert(*atom)).collect();
        finding.finding.operations = self.operations_of(atoms.iter().copied());
        let ids = self.ids(agents);
        let points = atoms.into_iter().map(|atom| self.point(atom, ids.clone()));
        finding.finding.points = Points::new(points.collect());
    }

    /// Some agents, each with its operations; the one to show comes first.
    pub fn points_each(&self, finding: &mut Diagnostic, pairs: impl IntoIterator<Item = (AgentId, AtomId)>) {
        let points = self.pairs(pairs);
        finding.finding.operations = self.operations(points.iter().map(|(atom, _)| atom));
        finding.finding.points = self.each(&points);
    }

    /// The same, where the finding has more operations behind it than these.
    pub fn points_among(&self, finding: &mut Diagnostic, pairs: impl IntoIterator<Item = (AgentId, AtomId)>) {
        finding.finding.points = self.each(&self.pairs(pairs));
    }

    fn pairs(&self, pairs: impl IntoIterator<Item = (AgentId, AtomId)>) -> Vec<(AtomId, Vec<AgentId>)> {
        let mut place: BTreeMap<AtomId, usize> = BTreeMap::new();
        let mut seen: BTreeSet<(AgentId, AtomId)> = BTreeSet::new();
        let mut points: Vec<(AtomId, Vec<AgentId>)> = Vec::new();
        for (agent, atom) in pairs.into_iter().filter(|pair| seen.insert(*pair)) {
            let at = *place.entry(atom).or_insert_with(|| {
                points.push((atom, Vec::new()));
                points.len() - 1
            });
            points[at].1.push(agent);
        }
        points
    }

    fn each(&self, points: &[(AtomId, Vec<AgentId>)]) -> Points {
        let each = points
            .iter()
            .map(|(atom, agents)| self.point(self.facts.atoms.get(*atom), self.ids(agents)));
        Points::new(each.collect())
    }

    fn ids(&self, agents: &[AgentId]) -> Arc<[Arc<str>]> {
        let names = &self.names().agents;
        agents.iter().map(|agent| names[agent.index()].clone()).collect()
    }

    fn names(&self) -> &Names {
        self.shared.names.get_or_init(|| Names::of(self.model))
    }

    fn point(&self, atom: Atom, agents: Arc<[Arc<str>]>) -> Point {
        let names = self.names();
        Point {
            action: names.actions[atom.action.index()].clone(),
            data: names.data[atom.data.index()].clone(),
            system: names.systems[atom.system.index()].clone(),
            from: self.facts.atoms.find(atom).and_then(|atom| self.from(atom)),
            agents,
        }
    }
}
