//! Which decisions depend on declarations that leave something unstated.

use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::facts::flow::graph::Flows;
use crate::facts::identity::becoming;
use crate::facts::unstated::{Matters, Subject, Unstated};
use crate::facts::{Facts, GroupId};
use crate::model::domain::ApprovalPlace;
use crate::model::{AgentId, DomainId, EnforcementId, IdentityId, Model, Party, PeopleQuorum, PersonId, RollbackId, SystemId, TeamId};
use std::collections::{BTreeMap, BTreeSet};

/// The paths through declarations that leave something unstated.
struct Paths<'a> {
    model: &'a Model,
    lacking: &'a BTreeMap<Subject, Vec<Unstated>>,
    /// For each domain the people to whom somebody hands on a function in it.
    heirs: BTreeMap<DomainId, Vec<PersonId>>,
    found: BTreeMap<Subject, (BTreeSet<&'static str>, BTreeSet<AtomId>)>,
}

/// For each of these declarations on which relevant decisions depend, or that leaves open what an agent
/// reaches: the clauses that matter for it, and the atoms that depend on it.
pub fn path(
    model: &Model,
    facts: &Facts,
    flows: &Flows,
    lacking: &BTreeMap<Subject, Vec<Unstated>>,
    relevant: &[bool],
) -> Vec<(Subject, Vec<Unstated>, Vec<AtomId>)> {
    if lacking.is_empty() {
        return Vec::new();
    }
    let mut paths = Paths {
        model,
        lacking,
        heirs: BTreeMap::new(),
        found: BTreeMap::new(),
    };
    for delegation in &model.delegations {
        for (handed, to) in delegation.functions.iter().zip(delegation.to.iter().cycle()) {
            paths.heirs.entry(handed.value.1).or_default().push(to.value);
        }
    }
    let mut of_group: BTreeMap<GroupId, Vec<AtomId>> = BTreeMap::new();
    let mut held: BTreeMap<_, Vec<AtomId>> = BTreeMap::new();
    for (index, atom) in facts.atoms.list.iter().enumerate().filter(|(index, _)| relevant[*index]) {
        let id = AtomId(index as u32);
        of_group.entry(facts.group_of[index]).or_default().push(id);
        held.entry((atom.system, atom.data)).or_default().push(id);
    }
    for (at, atoms) in &held {
        paths.system(at.0, Matters::Data, atoms);
        let writes: Vec<AtomId> = atoms.iter().copied().filter(|atom| facts.atoms.get(*atom).mutates(model)).collect();
        for arrival in flows.from(*at) {
            paths.system(arrival.at.0, Matters::Data, &writes);
        }
    }
    for (group, atoms) in &of_group {
        let group = &facts.groups[group.index()];
        for enforcement in &group.enforcements {
            paths.enforcement(*enforcement, atoms);
        }
        for domain in &group.domains {
            paths.domain(*domain, atoms);
        }
    }
    paths.approving(facts, relevant);
    paths.files();
    for (index, reach) in facts.reach.iter().enumerate() {
        let mine = reach.points.iter().map(|(atom, _)| *atom).filter(|atom| relevant[atom.index()]);
        paths.agent(AgentId(index as u32), &reach.identities, mine);
    }
    let found = paths.found.into_iter().map(|(subject, (words, atoms))| {
        let clauses = lacking[&subject].iter().copied().filter(|clause| words.contains(clause.word));
        (subject, clauses.collect(), atoms.into_iter().collect())
    });
    found.collect()
}

impl Paths<'_> {
    /// Records that decisions depend on a declaration, if one of `matters` applies.
    fn hang(&mut self, subject: Subject, matters: &[Matters], atoms: &[AtomId]) {
        if !atoms.is_empty() {
            self.note(subject, matters, atoms);
        }
    }

    fn note(&mut self, subject: Subject, matters: &[Matters], atoms: &[AtomId]) {
        let Some(clauses) = self.lacking.get(&subject) else {
            return;
        };
        let words: Vec<&'static str> = clauses
            .iter()
            .filter(|clause| matters.contains(&clause.matters))
            .map(|clause| clause.word)
            .collect();
        if !words.is_empty() {
            let (all, behind) = self.found.entry(subject).or_default();
            all.extend(words);
            behind.extend(atoms);
        }
    }

    fn system(&mut self, system: SystemId, how: Matters, atoms: &[AtomId]) {
        self.hang(Subject::System(system), &[Matters::Always, how], atoms);
        self.managers(
            &self.model.systems[system.index()].managed_by.known().map(|at| at.value.clone()),
            atoms,
        );
    }

    fn enforcement(&mut self, enforcement: EnforcementId, atoms: &[AtomId]) {
        self.hang(Subject::Enforcement(enforcement), &[Matters::Always], atoms);
        let own = &self.model.enforcements[enforcement.index()];
        self.managers(&own.managed_by.known().map(|at| at.value.clone()), atoms);
    }

    fn domain(&mut self, id: DomainId, atoms: &[AtomId]) {
        let domain = &self.model.domains[id.index()];
        for person in self.heirs.get(&id).cloned().unwrap_or_default() {
            self.party(Party::Person(person), atoms);
        }
        for seat in &domain.seats {
            for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
                self.party(party.value, atoms);
            }
        }
        for rollback in &domain.rollbacks {
            self.hang(Subject::Rollback(rollback.value), &[Matters::Always], atoms);
            self.restoring(rollback.value, atoms);
        }
        if let Some(ledger) = domain.evidence {
            self.hang(Subject::Ledger(ledger.value), &[Matters::Always], atoms);
            let own = &self.model.ledgers[ledger.value.index()];
            let kept = own.keeps.iter().flat_map(|(_, systems)| systems.iter().copied());
            let place = own.approvals.known().and_then(|at| match at.value {
                ApprovalPlace::Signed => None,
                ApprovalPlace::In(system) => Some(system),
            });
            for system in kept.chain(place).collect::<Vec<_>>() {
                self.system(system, Matters::Always, atoms);
            }
            self.managers(&own.managed_by.known().map(|at| at.value.clone()), atoms);
        }
    }

    /// What a rollback runs as, and what issues that identity: whoever gets hold of it can do what an agent
    /// can.
    fn restoring(&mut self, rollback: RollbackId, atoms: &[AtomId]) {
        let own = self.model.rollbacks[rollback.index()].runs_as;
        let reached = own.map(|own| becoming(self.model, own.value, |_| true));
        for (identity, _) in reached.into_iter().flatten() {
            self.hang(Subject::Identity(identity), &[Matters::Always, Matters::Reach], atoms);
            if let Some(issuer) = self.model.identities[identity.index()].issued_by {
                self.hang(Subject::System(issuer), &[Matters::Always], atoms);
            }
        }
    }

    /// For data that is only read with an approval: who decides who approves, and who could change its records.
    fn approving(&mut self, facts: &Facts, relevant: &[bool]) {
        let mut of_domain: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
        for (index, group) in facts.group_of.iter().enumerate() {
            if !relevant[index] && facts.points_of[index].0 > 0 {
                for domain in &facts.groups[group.index()].domains {
                    of_domain.entry(*domain).or_default().push(AtomId(index as u32));
                }
            }
        }
        of_domain.retain(|domain, _| !named_functions(self.model, *domain).is_empty());
        for (id, atoms) in of_domain {
            let domain = &self.model.domains[id.index()];
            for seat in &domain.seats {
                for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
                    self.seated(party.value, &atoms);
                }
            }
            if let Some(ledger) = domain.evidence {
                self.hang(Subject::Ledger(ledger.value), &[Matters::Always], &atoms);
                let place = self.model.ledgers[ledger.value.index()].approvals.known();
                if let Some(ApprovalPlace::In(system)) = place.map(|at| at.value) {
                    self.hang(Subject::System(system), &[Matters::Always], &atoms);
                }
            }
        }
    }

    /// Whoever chooses the members of a team that holds a function for the files can change everything in them.
    fn files(&mut self) {
        for seat in self.model.workspace.iter().flat_map(|workspace| &workspace.seats) {
            for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
                if let Party::Team(team) = party.value {
                    self.note(Subject::Team(team), &[Matters::Always], &[]);
                }
            }
        }
    }

    fn seated(&mut self, party: Party, atoms: &[AtomId]) {
        if let Party::Team(team) = party {
            self.hang(Subject::Team(team), &[Matters::Always], atoms);
        }
    }

    fn party(&mut self, party: Party, atoms: &[AtomId]) {
        match party {
            Party::Person(person) => self.hang(Subject::Person(person), &[Matters::Always, Matters::Approving], atoms),
            Party::Team(team) => {
                self.hang(Subject::Team(team), &[Matters::Always], atoms);
                for person in self.model.teams[team.index()].everybody() {
                    self.hang(Subject::Person(person.value), &[Matters::Always, Matters::Approving], atoms);
                }
            }
            // If one of these holds a function, that is a fault of its own.
            Party::Agent(_) | Party::Identity(_) => {}
        }
    }

    /// The people who administer something: who they are in a log matters, and whom they report to does not.
    fn managers(&mut self, quorum: &Option<PeopleQuorum>, atoms: &[AtomId]) {
        match quorum {
            None | Some(PeopleQuorum::None) => {}
            Some(PeopleQuorum::Person(person, _)) => self.hang(Subject::Person(*person), &[Matters::Always], atoms),
            Some(PeopleQuorum::Team(_, team, _)) => self.team(*team, atoms),
            Some(PeopleQuorum::Threshold(_, parts)) => {
                for part in parts {
                    self.managers(&Some(part.clone()), atoms);
                }
            }
        }
    }

    /// A team that does not approve: its membership matters, and who the members are in a log.
    fn team(&mut self, team: TeamId, atoms: &[AtomId]) {
        self.hang(Subject::Team(team), &[Matters::Always], atoms);
        for person in self.model.teams[team.index()].everybody() {
            self.hang(Subject::Person(person.value), &[Matters::Always], atoms);
        }
    }

    /// Something that an agent is or runs as. If it leaves open what the agent reaches, the path may be any.
    fn used(&mut self, subject: Subject, atoms: &[AtomId]) {
        let open = self
            .lacking
            .get(&subject)
            .is_some_and(|clauses| clauses.iter().any(|clause| clause.opens()));
        if open || !atoms.is_empty() {
            self.note(subject, &[Matters::Always, Matters::Reach], atoms);
        }
    }

    fn agent(&mut self, id: AgentId, identities: &[IdentityId], atoms: impl Iterator<Item = AtomId>) {
        let agent = &self.model.agents[id.index()];
        // Those who stop it, and those on whose behalf it acts.
        let people = agent
            .stop
            .iter()
            .map(|stop| stop.by)
            .chain(agent.acts_for.iter().map(|acts| acts.principal));
        let people: Vec<Party> = people.collect();
        let lacks = |subject: Subject| self.lacking.contains_key(&subject);
        let issuers = identities
            .iter()
            .filter_map(|identity| self.model.identities[identity.index()].issued_by);
        let issuers: BTreeSet<SystemId> = issuers.filter(|system| lacks(Subject::System(*system))).collect();
        let concerned = lacks(Subject::Agent(id))
            || !people.is_empty()
            || !issuers.is_empty()
            || identities.iter().any(|identity| lacks(Subject::Identity(*identity)));
        if !concerned {
            return;
        }
        let atoms: Vec<AtomId> = atoms.collect();
        let own = identities.iter().map(|identity| Subject::Identity(*identity));
        for subject in own.chain([Subject::Agent(id)]) {
            self.used(subject, &atoms);
        }
        for system in issuers {
            self.hang(Subject::System(system), &[Matters::Always], &atoms);
        }
        for party in people {
            match party {
                Party::Person(person) => self.hang(Subject::Person(person), &[Matters::Always], &atoms),
                Party::Team(team) => self.team(team, &atoms),
                Party::Agent(_) | Party::Identity(_) => {}
            }
        }
    }
}
