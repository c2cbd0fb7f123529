//! Agents that one thing governs, and whether a change of that thing asks for as much as the decisions about
//! these agents (rulings, R6).

use crate::facts::verdict::{Group, GroupId, ways};
use crate::facts::{AtomId, Facts};
use crate::model::domain::{ApprovalPlace, Domain};
use crate::model::{AgentId, At, DomainId, FunctionId, Model, Party, PeopleQuorum, Quorum, Said, SystemId, TeamId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ways for several domains to ask for something at once are tried. A result that is not
/// known counts as less.
const MOST_WAYS: usize = 1_000;

/// The agents that one thing governs.
#[derive(Clone, Debug, Default)]
pub struct Governed {
    /// Each agent once, in order.
    pub agents: Vec<AgentId>,
    /// The decisions about them, each with its one agent, or with `None` if several agents share it.
    groups: BTreeMap<GroupId, Option<AgentId>>,
}

impl Governed {
    /// Adds an agent and the decisions about it. Agents must come in their order.
    pub fn add(&mut self, agent: AgentId, groups: &BTreeSet<GroupId>) {
        if self.agents.last() == Some(&agent) {
            return;
        }
        self.agents.push(agent);
        for group in groups {
            let whose = self.groups.entry(*group).or_insert(Some(agent));
            *whose = whose.filter(|other| *other == agent);
        }
    }

    /// The first of these agents that is not this one, and how many more there are.
    pub fn others(&self, agent: AgentId) -> Option<(AgentId, usize)> {
        let first = self.agents.iter().find(|other| **other != agent)?;
        let own = usize::from(self.agents.binary_search(&agent).is_ok());
        Some((*first, self.agents.len() - own - 1))
    }

    /// The first decision about the others that asks for more than a change of an agent does.
    pub fn above(&self, agent: AgentId, change: GroupId, comparing: &mut Comparing<'_>) -> Option<GroupId> {
        let mut others = self.groups.iter().filter(|(_, whose)| **whose != Some(agent));
        others
            .find(|(group, _)| !comparing.as_much(change, **group))
            .map(|(group, _)| *group)
    }
}

/// The decisions about each agent.
pub fn groups_of(facts: &Facts, agent: AgentId) -> BTreeSet<GroupId> {
    let points = &facts.reach[agent.index()].points;
    points.iter().map(|(atom, _)| facts.group_of[atom.index()]).collect()
}

/// Where the people who decide something are chosen, and where the records that check them are kept.
#[derive(Clone, Debug, Default)]
struct Chosen {
    systems: BTreeSet<SystemId>,
    /// A system that the files do not name.
    unstated: bool,
    teams: BTreeSet<TeamId>,
    waiting: Vec<TeamId>,
}

/// Compares decisions with each other, each pair once.
pub struct Comparing<'a> {
    model: &'a Model,
    facts: &'a Facts,
    known: BTreeMap<(GroupId, GroupId), bool>,
    chosen: BTreeMap<GroupId, Chosen>,
}

impl<'a> Comparing<'a> {
    /// Without any comparison so far.
    pub fn of(model: &'a Model, facts: &'a Facts) -> Comparing<'a> {
        Comparing {
            model,
            facts,
            known: BTreeMap::new(),
            chosen: BTreeMap::new(),
        }
    }

    /// The decision about an atom.
    pub fn group(&self, atom: AtomId) -> GroupId {
        self.facts.group_of[atom.index()]
    }

    /// Whether a change of permissions in some systems decides who may approve that same change, or whether
    /// they have approved.
    pub fn appoints(&mut self, change: GroupId, systems: &BTreeSet<SystemId>) -> bool {
        let (model, facts) = (self.model, self.facts);
        let chosen = self
            .chosen
            .entry(change)
            .or_insert_with(|| Chosen::of(model, &facts.groups[change.index()]));
        chosen.unstated || !chosen.systems.is_disjoint(systems)
    }

    /// Whether one decision, in its least strict case, asks for at least what another one does in its
    /// strictest: every function, as many people, approvals that are valid for no longer and for no more. A
    /// condition that nobody checks requires nothing.
    pub fn as_much(&mut self, change: GroupId, governed: GroupId) -> bool {
        if let Some(known) = self.known.get(&(change, governed)) {
            return *known;
        }
        let [here, there] = [change, governed].map(|group| &self.facts.groups[group.index()]);
        let found = as_much(self.model, here, there);
        self.known.insert((change, governed), found);
        found
    }
}

fn as_much(model: &Model, here: &Group, there: &Group) -> bool {
    let domain = |id: &DomainId| &model.domains[id.index()];
    let asks = |domain: &&Domain| domain.tiers.iter().any(|tier| tier.quorum != Quorum::None);
    let mut wanted = there.domains.iter().map(domain).filter(asks).peekable();
    if wanted.peek().is_none() {
        return true;
    }
    let sources: Vec<&Domain> = here.domains.iter().map(domain).collect();
    if sources.is_empty() || here.enforcements.is_empty() {
        return false;
    }
    let Some(given) = lightest(&sources) else {
        return false;
    };
    wanted.all(|wanted| {
        let apart = wanted.same_person.is_some() || sources.iter().any(|own| own.same_person.is_none());
        let met = |quorum: &Quorum| {
            let mut ways = given.iter();
            ways.all(|way| quorum.met(&|function| way.get(&function).copied().unwrap_or(0)))
        };
        apart && sources.iter().all(|own| as_narrow(own, wanted)) && wanted.tiers.iter().all(|tier| met(&tier.quorum))
    })
}

/// Whether an approval in one domain is valid for no longer and for no more than in another one. A clause that
/// the other domain leaves to its default is not a requirement of that domain.
fn as_narrow(own: &Domain, wanted: &Domain) -> bool {
    let said = |own: &Option<Span>, wanted: &Option<Span>| own.is_some() || wanted.is_none();
    let short = own.valid <= wanted.valid && said(&own.valid_span, &wanted.valid_span);
    let bound = own.binds_action || !wanted.binds_action;
    short && bound && (said(&own.binds_span, &wanted.binds_span) || !wanted.binds_action)
}

/// Every way to meet what some domains ask for, in any tier of each and in an emergency; `None` if there are
/// too many.
fn lightest(domains: &[&Domain]) -> Option<Vec<BTreeMap<FunctionId, u32>>> {
    let mut together: Vec<Vec<Quorum>> = vec![Vec::new()];
    for domain in domains {
        let urgent = domain.emergency.iter().filter_map(|emergency| emergency.approve.as_ref());
        let quorums: BTreeSet<&Quorum> = domain
            .tiers
            .iter()
            .map(|tier| &tier.quorum)
            .chain(urgent.map(|at| &at.value))
            .collect();
        if together.len().saturating_mul(quorums.len()) > MOST_WAYS {
            return None;
        }
        let longer = together.iter().flat_map(|one| {
            quorums.iter().map(|quorum| {
                let mut one = one.clone();
                one.push((*quorum).clone());
                one
            })
        });
        together = longer.collect();
    }
    let mut all = Vec::new();
    for quorums in together {
        all.extend(ways(&Quorum::Threshold(quorums.len() as u32, quorums))?);
        if all.len() > MOST_WAYS {
            return None;
        }
    }
    Some(all)
}

impl Chosen {
    fn of(model: &Model, group: &Group) -> Chosen {
        let mut found = Chosen::default();
        for domain in &group.domains {
            let own = &model.domains[domain.index()];
            for party in own.seats.iter().flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies)) {
                match party.value {
                    Party::Team(team) => found.waiting.push(team),
                    Party::Person(_) => {}
                    // Software that approves is a fault of its own, and whoever issues its identity decides
                    // what it is.
                    Party::Agent(_) | Party::Identity(_) => found.unstated = true,
                }
            }
            let ledger = own.evidence.map(|at| &model.ledgers[at.value.index()]);
            match ledger.and_then(|ledger| ledger.approvals.known()).map(|place| place.value) {
                Some(ApprovalPlace::In(system)) => found.keeper(model, system),
                Some(ApprovalPlace::Signed) => {}
                None => found.unstated = true,
            }
        }
        for enforcement in &group.enforcements {
            let own = &model.enforcements[enforcement.index()];
            found.kept(model, &own.configured_in);
            found.managed(&own.managed_by);
        }
        while let Some(team) = found.waiting.pop() {
            if found.teams.insert(team) {
                let own = &model.teams[team.index()];
                found.kept(model, &own.kept_in);
                found.managed(&own.managed_by);
            }
        }
        found
    }

    fn kept(&mut self, model: &Model, kept: &Said<Vec<At<SystemId>>>) {
        match kept.known() {
            Some(systems) => systems.iter().for_each(|system| self.keeper(model, system.value)),
            None => self.unstated = true,
        }
    }

    fn keeper(&mut self, model: &Model, system: SystemId) {
        if self.systems.insert(system) {
            self.managed(&model.systems[system.index()].managed_by);
        }
    }

    fn managed(&mut self, managed_by: &Said<At<PeopleQuorum>>) {
        if let Some(quorum) = managed_by.known() {
            self.quorum(&quorum.value);
        }
    }

    fn quorum(&mut self, quorum: &PeopleQuorum) {
        match quorum {
            PeopleQuorum::None | PeopleQuorum::Person(..) => {}
            PeopleQuorum::Team(_, team, _) => self.waiting.push(*team),
            PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| self.quorum(part)),
        }
    }
}
