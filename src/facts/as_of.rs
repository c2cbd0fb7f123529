//! A day in the life of the model, and the days within the horizon on which the approvers or the people in
//! control change.

use crate::facts::control::Means;
use crate::facts::eligible::holders;
use crate::facts::verdict::Group;
use crate::model::domain::ApprovalPlace;
use crate::model::{At, DomainId, EnforcementId, FunctionId, Model, Party, PeopleQuorum, PersonId, Said, Seat, SystemId, TeamId};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A day, and what to leave out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf {
    /// The day.
    pub day: Date,
    /// Delegations that are left out, as indexes into the list of the model.
    pub without: Vec<usize>,
}

impl AsOf {
    /// A day with everything that is written.
    pub fn of(day: Date) -> AsOf {
        AsOf { day, without: Vec::new() }
    }
}

/// The functions that the quorums of a domain name, its emergency's among them.
pub fn named_functions(model: &Model, domain: DomainId) -> BTreeSet<FunctionId> {
    let own = &model.domains[domain.index()];
    let urgent = own.emergency.iter().filter_map(|emergency| emergency.approve.as_ref());
    let quorums = own.tiers.iter().map(|tier| &tier.quorum).chain(urgent.map(|at| &at.value));
    quorums.flat_map(|quorum| quorum.functions()).collect()
}

/// The last days of persons who control something behind a decision; after such a day other people have
/// control.
fn last_days_of_managers(model: &Model, group: &Group) -> BTreeSet<Date> {
    behind(model, group).days()
}

/// The teams that control something behind a decision, or decide who is in such a team, and so on.
pub fn teams_behind(model: &Model, group: &Group) -> BTreeSet<TeamId> {
    behind(model, group).seen
}

/// The teams that decide who holds some seats, or who is in such a team, and so on.
pub fn teams_of_seats(model: &Model, seats: &[Seat]) -> BTreeSet<TeamId> {
    let mut managers = Managers::of(model);
    managers.seats(seats);
    managers.follow();
    managers.seen
}

/// The people who control something behind a decision.
fn behind<'a>(model: &'a Model, group: &Group) -> Managers<'a> {
    let mut managers = Managers::of(model);
    for domain in &group.domains {
        let own = &model.domains[domain.index()];
        managers.seats(&own.seats);
        let place = own
            .evidence
            .and_then(|ledger| model.ledgers[ledger.value.index()].approvals.known());
        if let Some(ApprovalPlace::In(system)) = place.map(|place| place.value) {
            managers.system(Some(system));
        }
    }
    group.enforcements.iter().for_each(|enforcement| managers.enforcement(*enforcement));
    managers.follow();
    managers
}

struct Managers<'a> {
    model: &'a Model,
    seen: BTreeSet<TeamId>,
    systems_seen: BTreeSet<SystemId>,
    /// Teams to look at later: a chain of teams can be thousands long.
    waiting: Vec<TeamId>,
    people: BTreeSet<PersonId>,
}

/// The named people who control something that makes an approval appear without its approver.
pub fn managers_of(model: &Model, means: Means) -> BTreeSet<PersonId> {
    let mut managers = Managers::of(model);
    match means {
        Means::Team(team) => managers.team(team),
        Means::Place(system) => managers.system(Some(system)),
        Means::UnstatedPlace(_) => {}
        Means::Enforcement(enforcement) => managers.enforcement(enforcement),
        Means::Series(first, second, _) => [first, second].into_iter().for_each(|one| managers.enforcement(one)),
        Means::Agent(agent) | Means::Issuer(agent) => managers.party(Party::Agent(agent)),
        Means::Identity(identity) => managers.party(Party::Identity(identity)),
    }
    managers.follow();
    managers.people
}

impl<'a> Managers<'a> {
    fn of(model: &'a Model) -> Managers<'a> {
        Managers {
            model,
            seen: BTreeSet::new(),
            systems_seen: BTreeSet::new(),
            waiting: Vec::new(),
            people: BTreeSet::new(),
        }
    }

    /// Whoever decides who is in the teams found so far, and so on.
    fn follow(&mut self) {
        while let Some(team) = self.waiting.pop() {
            let own = &self.model.teams[team.index()];
            self.managed(&own.managed_by);
            self.systems(&own.kept_in);
        }
    }

    fn enforcement(&mut self, enforcement: EnforcementId) {
        let own = &self.model.enforcements[enforcement.index()];
        self.managed(&own.managed_by);
        self.systems(&own.configured_in);
    }

    /// Their last days, where they have one.
    fn days(&self) -> BTreeSet<Date> {
        let until = |person: &PersonId| self.model.people[person.index()].until;
        self.people.iter().filter_map(until).map(|until| until.value).collect()
    }

    /// The people who control who holds the seats.
    fn seats(&mut self, seats: &[Seat]) {
        for party in seats.iter().flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies)) {
            self.party(party.value);
        }
    }

    fn party(&mut self, party: Party) {
        match party {
            Party::Person(_) => {}
            Party::Agent(agent) => {
                let own = &self.model.agents[agent.index()];
                own.owner.iter().for_each(|owner| self.person(owner.value));
                let issuers = own
                    .runs_as
                    .iter()
                    .map(|identity| self.model.identities[identity.value.index()].issued_by);
                issuers.for_each(|system| self.system(system));
            }
            Party::Team(team) => self.team(team),
            Party::Identity(identity) => {
                self.system(self.model.identities[identity.index()].issued_by);
                let users = self
                    .model
                    .agents
                    .iter()
                    .filter(|agent| agent.runs_as.iter().any(|at| at.value == identity));
                users.flat_map(|agent| &agent.owner).for_each(|owner| self.person(owner.value));
            }
        }
    }

    fn team(&mut self, team: TeamId) {
        if self.seen.insert(team) {
            self.waiting.push(team);
        }
    }

    fn systems(&mut self, kept: &Said<Vec<At<SystemId>>>) {
        kept.known()
            .into_iter()
            .flatten()
            .for_each(|system| self.system(Some(system.value)));
    }

    fn system(&mut self, system: Option<SystemId>) {
        if let Some(system) = system.filter(|system| self.systems_seen.insert(*system)) {
            self.managed(&self.model.systems[system.index()].managed_by);
        }
    }

    fn managed(&mut self, managed_by: &Said<At<PeopleQuorum>>) {
        if let Some(quorum) = managed_by.known() {
            self.quorum(&quorum.value);
        }
    }

    fn quorum(&mut self, quorum: &PeopleQuorum) {
        match quorum {
            PeopleQuorum::None => {}
            PeopleQuorum::Person(person, _) => self.person(*person),
            PeopleQuorum::Team(_, team, _) => {
                let everybody = self.model.teams[team.index()].everybody();
                everybody.into_iter().for_each(|person| self.person(person.value));
                self.team(*team);
            }
            PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| self.quorum(part)),
        }
    }

    fn person(&mut self, person: PersonId) {
        self.people.insert(person);
    }
}

/// The first days, after today and up to a last one, on which the answers of a decision may change.
pub fn days(model: &Model, group: &Group, last: Date) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = last_days_of_managers(model, group).into_iter().map(next).collect();
    for domain in &group.domains {
        for function in named_functions(model, *domain) {
            for holder in holders(model, *domain, function) {
                days.extend(holder.starts);
                days.extend(holder.until.map(next));
            }
        }
    }
    days.retain(|day| *day > model.as_of && *day <= last);
    days
}

/// The first days, after today and up to a last one, on which the people needed to change the governance files
/// may change.
pub fn days_of_changes(model: &Model, last: Date) -> BTreeSet<Date> {
    let seats = model.workspace.as_ref().map_or(&[][..], |workspace| &workspace.seats);
    let mut managers = Managers::of(model);
    managers.seats(seats);
    for party in seats.iter().flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies)) {
        party.value.people(model).into_iter().for_each(|person| managers.person(person));
    }
    managers.follow();
    let days = managers.days().into_iter().map(next);
    days.filter(|day| *day > model.as_of && *day <= last).collect()
}

/// The first days, after today and up to a last one, on which the people who can act as some functions in a
/// domain change.
pub fn days_of_functions(model: &Model, domain: DomainId, functions: &[FunctionId], last: Date) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for holder in functions.iter().flat_map(|function| holders(model, domain, *function)) {
        days.extend(holder.starts);
        days.extend(holder.until.map(next));
    }
    days.retain(|day| *day > model.as_of && *day <= last);
    days
}

fn next(day: Date) -> Date {
    day.saturating_add(1.day())
}
