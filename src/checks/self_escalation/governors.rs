//! What governs an agent: the enforcement points in front of it, and the teams that decide, directly or by what
//! they run.

use crate::checks::Context;
use crate::facts::Group;
use crate::model::domain::ApprovalPlace;
use crate::model::{AgentId, DomainId, EnforcementId, Party, PeopleQuorum, SystemId, TeamId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How a team governs indirectly: the line, and what the team does there, as in `runs spire`.
pub type By = Option<(Span, String)>;

/// What governs an agent.
#[derive(Default)]
pub struct Governors {
    /// The enforcement points in front of what it reaches.
    pub enforcements: BTreeSet<EnforcementId>,
    /// Teams that decide about it, stop it or change what its enforcement lets through; teams that run what
    /// keeps or issues one of these; and so on.
    pub teams: BTreeMap<TeamId, By>,
    /// The teams among them whose membership has not been followed yet.
    waiting: BTreeSet<TeamId>,
}

/// What governs an agent.
pub fn of(context: &Context<'_>, id: AgentId) -> Governors {
    let model = context.model;
    let reach = &context.facts.reach[id.index()];
    let mut found = Governors::default();
    let mut domains: BTreeSet<DomainId> = BTreeSet::new();
    let groups: BTreeSet<_> = reach.points.iter().map(|(atom, _)| context.facts.group_of[atom.index()]).collect();
    for group in groups {
        let group = &context.facts.groups[group.index()];
        found.enforcements.extend(group.enforcements.iter().copied());
        domains.extend(group.domains.iter().copied());
    }
    found.seats(context, &domains);
    if let Some(stop) = &model.agents[id.index()].stop {
        found.party(stop.by, None);
    }
    found.checking(context);
    let issuers = reach
        .identities
        .iter()
        .filter_map(|identity| model.identities[identity.index()].issued_by);
    issuers.for_each(|system| found.running(context, system));
    found.recording(context, &domains);
    for seat in model.workspace.iter().flat_map(|workspace| &workspace.seats) {
        for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
            found.party(party.value, Some((party.span, "can change these files".to_owned())));
        }
    }
    found.further(context);
    found
}

/// What governs everything that falls under a decision.
pub fn of_group(context: &Context<'_>, group: &Group) -> Governors {
    let mut found = Governors::default();
    let domains: BTreeSet<DomainId> = group.domains.iter().copied().collect();
    found.enforcements.extend(group.enforcements.iter().copied());
    found.seats(context, &domains);
    found.checking(context);
    found.recording(context, &domains);
    found.further(context);
    found
}

/// What governs the agents that a party stops.
pub fn of_stop(context: &Context<'_>, by: Party) -> Governors {
    let mut found = Governors::default();
    found.party(by, None);
    found.further(context);
    found
}

/// What governs the agents whose identity a system issues.
pub fn of_issuer(context: &Context<'_>, system: SystemId) -> Governors {
    let mut found = Governors::default();
    found.running(context, system);
    found.further(context);
    found
}

impl Governors {
    /// The teams that hold seats in some domains.
    fn seats(&mut self, context: &Context<'_>, domains: &BTreeSet<DomainId>) {
        for seat in domains.iter().flat_map(|domain| &context.model.domains[domain.index()].seats) {
            std::iter::once(&seat.owner)
                .chain(&seat.deputies)
                .for_each(|party| self.party(party.value, None));
        }
    }

    /// The teams that can change what the enforcements let through.
    fn checking(&mut self, context: &Context<'_>) {
        for enforcement in self.enforcements.clone() {
            let own = &context.model.enforcements[enforcement.index()];
            if let Some(managers) = own.managed_by.known() {
                self.managing(&managers.value, None);
            }
            let consoles = own.configured_in.known().into_iter().flatten();
            consoles.for_each(|system| self.running(context, system.value));
        }
    }

    fn team(&mut self, team: TeamId, by: By) {
        self.teams.entry(team).or_insert_with(|| {
            self.waiting.insert(team);
            by
        });
    }

    fn party(&mut self, party: Party, by: By) {
        match party {
            Party::Team(team) => self.team(team, by),
            Party::Person(_) | Party::Agent(_) | Party::Identity(_) => {}
        }
    }

    fn managing(&mut self, quorum: &PeopleQuorum, by: By) {
        match quorum {
            PeopleQuorum::None | PeopleQuorum::Person(..) => {}
            PeopleQuorum::Team(_, team, _) => self.team(*team, by),
            PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| self.managing(part, by.clone())),
        }
    }

    /// The teams that run a system.
    fn running(&mut self, context: &Context<'_>, system: SystemId) {
        let own = &context.model.systems[system.index()];
        if let Some(managers) = own.managed_by.known() {
            self.managing(&managers.value, Some((managers.span, format!("runs {}", own.meta.name))));
        }
    }

    /// The teams that can change the records of the approvals and the changes of some domains.
    fn recording(&mut self, context: &Context<'_>, domains: &BTreeSet<DomainId>) {
        let model = context.model;
        let ledgers: BTreeSet<_> = domains
            .iter()
            .filter_map(|domain| model.domains[domain.index()].evidence.map(|at| at.value))
            .collect();
        for ledger in ledgers {
            let own = &model.ledgers[ledger.index()];
            if let Some(managers) = own.managed_by.known() {
                self.managing(&managers.value, Some((managers.span, format!("runs {}", own.meta.name))));
            }
            if let Some(ApprovalPlace::In(system)) = own.approvals.known().map(|place| place.value) {
                self.running(context, system);
            }
            let kept: BTreeSet<SystemId> = own.keeps.iter().flat_map(|(_, systems)| systems.iter().copied()).collect();
            kept.into_iter().for_each(|system| self.running(context, system));
        }
    }

    /// Whoever decides who is in one of these teams, and so on.
    fn further(&mut self, context: &Context<'_>) {
        let model = context.model;
        while let Some(team) = self.waiting.pop_first() {
            let own = &model.teams[team.index()];
            if let Some(managers) = own.managed_by.known() {
                let by = format!("decides who is in {}", own.meta.name);
                self.managing(&managers.value, Some((managers.span, by)));
            }
            let keepers = own.kept_in.known().into_iter().flatten();
            keepers.for_each(|system| self.running(context, system.value));
        }
    }
}
