//! The control relation: who can make an approval appear in somebody else's name (`docs/glossary.md`, *Control*).

use crate::facts::circle::Circle;
use crate::model::domain::ApprovalPlace;
use crate::model::{
    AgentId, At, DomainId, EnforcementId, FunctionId, IdentityId, Model, Party, PeopleQuorum, PersonId, Said, Seat, SystemId, TeamId,
};
use crate::source::Span;
use jiff::civil::Date;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which coalitions can do something. If a coalition can, every larger one can.
#[derive(Clone, Debug)]
pub enum Formula {
    /// No coalition.
    Never,
    /// The files name nobody, so it may be anyone.
    Unknown,
    /// Everybody named has left. Somebody still does it, and it may be anyone.
    Left,
    /// Every coalition with this natural person.
    Person(PersonId),
    /// Whoever decides who is in this team.
    Team(TeamId, Arc<Circle>),
    /// At least this many of these.
    Threshold(u32, Vec<Formula>),
}

impl Formula {
    /// Whether a coalition can. Anybody in it may be the unknown person.
    pub fn holds(&self, coalition: &BTreeSet<PersonId>) -> bool {
        self.met(coalition, true, &Cell::new(0))
    }

    /// Whether a coalition can according to the files, without the unknown person.
    pub fn known(&self, coalition: &BTreeSet<PersonId>) -> bool {
        self.met(coalition, false, &Cell::new(0))
    }

    /// Whether a coalition can. With `possible`, anybody in it may be the unknown person. Each step is counted.
    pub fn met(&self, coalition: &BTreeSet<PersonId>, possible: bool, steps: &Cell<usize>) -> bool {
        steps.set(steps.get() + 1);
        match self {
            Formula::Never => false,
            Formula::Unknown | Formula::Left => possible,
            Formula::Person(person) => coalition.contains(person),
            Formula::Team(team, circle) => circle.opens(*team, coalition, possible, steps),
            Formula::Threshold(need, parts) => {
                let mut met = parts.iter().filter(|part| part.met(coalition, possible, steps));
                (0..*need).all(|_| met.next().is_some())
            }
        }
    }

    /// The persons in it.
    pub fn people(&self, into: &mut BTreeSet<PersonId>) {
        match self {
            Formula::Never | Formula::Unknown | Formula::Left => {}
            Formula::Person(person) => {
                into.insert(*person);
            }
            Formula::Team(team, circle) => circle.people(*team, into),
            Formula::Threshold(_, parts) => parts.iter().for_each(|part| part.people(into)),
        }
    }
}

/// How somebody stands behind an approval that is not theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Deciding who is in a team that holds the function.
    Team(TeamId),
    /// Administering the system that keeps the approvals of the domain.
    Place(SystemId),
    /// The files do not state where the approvals of the domain are kept.
    UnstatedPlace(DomainId),
    /// Changing what the enforcement point in front of the system lets through.
    Enforcement(EnforcementId),
    /// Changing what each of several enforcement points in front of the system lets through, one after the
    /// other: the first two, and how many more.
    Series(EnforcementId, EnforcementId, usize),
    /// Owning an agent that holds the function.
    Agent(AgentId),
    /// Issuing the identity of an agent that holds the function.
    Issuer(AgentId),
    /// Owning or issuing an identity that holds the function.
    Identity(IdentityId),
}

impl Means {
    /// Whether it depends on software that holds a seat.
    pub fn is_software(self) -> bool {
        match self {
            Means::Agent(_) | Means::Issuer(_) | Means::Identity(_) => true,
            Means::Team(_) | Means::Place(_) | Means::UnstatedPlace(_) | Means::Enforcement(_) | Means::Series(..) => false,
        }
    }
}

/// A way to stand behind a slot.
#[derive(Clone, Debug)]
pub struct ControlPath {
    /// How.
    pub means: Means,
    /// Who can.
    pub formula: Formula,
    /// The clause that states it, or the place where the clause should be.
    pub span: Span,
    /// Where the seat is written, if the control path is on one seat.
    pub seat: Option<Span>,
    /// The control paths that are all needed, one on each of several things.
    pub parts: Vec<ControlPath>,
}

/// What control depends on, on one day.
pub struct Control<'a> {
    model: &'a Model,
    day: Date,
    circle: Arc<Circle>,
}

/// The systems that keep something, where the files name them.
fn keepers(kept: &Said<Vec<At<SystemId>>>) -> impl Iterator<Item = SystemId> + '_ {
    kept.known().into_iter().flatten().map(|system| system.value)
}

fn said_at<T>(said: &Said<At<T>>, otherwise: Span) -> Span {
    said.known().map_or(otherwise, |at| at.span)
}

impl<'a> Control<'a> {
    /// Control that involves these teams and the teams that decide about them.
    pub fn of(model: &'a Model, day: Date, teams: impl IntoIterator<Item = TeamId>) -> Control<'a> {
        let circle = Arc::new(Circle::of(model, day, teams));
        Control { model, day, circle }
    }

    /// Control of anything on the day of the model.
    pub fn of_all(model: &'a Model) -> Control<'a> {
        Control::of(model, model.as_of, (0..model.teams.len()).map(|index| TeamId(index as u32)))
    }

    /// Who can change something that has `managed_by`.
    fn managed(&self, managed_by: &Said<At<PeopleQuorum>>) -> Formula {
        match managed_by {
            Said::Nothing => Formula::Unknown,
            Said::This(quorum) if matches!(quorum.value, PeopleQuorum::None) => Formula::Never,
            Said::This(quorum) => {
                let formula = self.people(&quorum.value);
                let mut everybody = BTreeSet::new();
                formula.people(&mut everybody);
                // While some of the people named are left, the rule still keeps everybody else out. When nobody
                // is left, somebody unnamed does it.
                match everybody.is_empty() && !formula.holds(&everybody) {
                    true => Formula::Left,
                    false => formula,
                }
            }
        }
    }

    fn people(&self, quorum: &PeopleQuorum) -> Formula {
        let active = |person: PersonId| self.model.people[person.index()].active(self.day);
        match quorum {
            PeopleQuorum::None => Formula::Never,
            PeopleQuorum::Person(person, _) => match active(*person) {
                true => Formula::Person(self.model.people[person.index()].human),
                false => Formula::Never,
            },
            PeopleQuorum::Team(count, team, _) => {
                let everybody = self.model.teams[team.index()].everybody();
                let active = everybody.iter().filter(|person| active(person.value));
                let humans: BTreeSet<PersonId> = active.map(|person| self.model.people[person.value.index()].human).collect();
                let members = Formula::Threshold(*count, humans.into_iter().map(Formula::Person).collect());
                Formula::Threshold(1, vec![members, Formula::Team(*team, self.circle.clone())])
            }
            PeopleQuorum::Threshold(need, parts) => Formula::Threshold(*need, parts.iter().map(|part| self.people(part)).collect()),
        }
    }

    fn system(&self, system: SystemId) -> Formula {
        self.managed(&self.model.systems[system.index()].managed_by)
    }

    fn owner(&self, agent: AgentId) -> Formula {
        match self.model.agents[agent.index()].owner {
            Some(owner) if self.model.people[owner.value.index()].active(self.day) => {
                Formula::Person(self.model.people[owner.value.index()].human)
            }
            Some(_) => Formula::Left,
            None => Formula::Unknown,
        }
    }

    /// Who issues an identity.
    fn issuer(&self, identity: IdentityId) -> Formula {
        let issued_by = self.model.identities[identity.index()].issued_by;
        issued_by.map_or(Formula::Unknown, |system| self.system(system))
    }

    /// A control path by running the system that keeps something: whoever runs the directory decides who is in the
    /// team.
    fn by_keeper(&self, means: Means, system: SystemId, seat: Option<Span>) -> ControlPath {
        let own = &self.model.systems[system.index()];
        ControlPath {
            means,
            formula: self.system(system),
            span: said_at(&own.managed_by, own.meta.span),
            seat,
            parts: Vec::new(),
        }
    }

    /// The control paths on the seats of a function.
    pub fn on_seats(&self, seats: &[Seat], function: FunctionId) -> Vec<ControlPath> {
        let mut control_paths = Vec::new();
        for seat in seats.iter().filter(|seat| seat.function == function) {
            for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
                self.on_party(party, &mut control_paths);
            }
        }
        control_paths
    }

    fn on_party(&self, party: &At<Party>, control_paths: &mut Vec<ControlPath>) {
        let model = self.model;
        let control_path = |means: Means, formula: Formula, span: Span| ControlPath {
            means,
            formula,
            span,
            seat: Some(party.span),
            parts: Vec::new(),
        };
        match party.value {
            Party::Person(_) => {}
            Party::Team(id) => {
                let own = &model.teams[id.index()];
                let span = said_at(&own.managed_by, own.meta.span);
                control_paths.push(control_path(Means::Team(id), self.managed(&own.managed_by), span));
                control_paths.extend(keepers(&own.kept_in).map(|system| self.by_keeper(Means::Team(id), system, Some(party.span))));
            }
            Party::Agent(agent) => {
                let own = &model.agents[agent.index()];
                control_paths.push(control_path(Means::Agent(agent), self.owner(agent), own.meta.span));
                for identity in &own.runs_as {
                    let own = &model.identities[identity.value.index()];
                    let system = own.issued_by.map(|system| &model.systems[system.index()]);
                    let span = system.map_or(own.meta.span, |system| said_at(&system.managed_by, system.meta.span));
                    control_paths.push(control_path(Means::Issuer(agent), self.issuer(identity.value), span));
                }
            }
            Party::Identity(identity) => {
                let own = &model.identities[identity.index()];
                let mut parts: Vec<Formula> = Vec::new();
                for (index, agent) in model.agents.iter().enumerate() {
                    if agent.runs_as.iter().any(|at| at.value == identity) {
                        parts.push(self.owner(AgentId(index as u32)));
                    }
                }
                parts.push(self.issuer(identity));
                control_paths.push(control_path(Means::Identity(identity), Formula::Threshold(1, parts), own.meta.span));
            }
        }
    }

    /// The control paths on every slot of a domain: control of where its approvals are kept.
    pub fn on_place(&self, domain: DomainId) -> Vec<ControlPath> {
        let own = &self.model.domains[domain.index()];
        let unstated = |span: Span| ControlPath {
            means: Means::UnstatedPlace(domain),
            formula: Formula::Unknown,
            span,
            seat: None,
            parts: Vec::new(),
        };
        let Some(ledger) = own.evidence.map(|evidence| &self.model.ledgers[evidence.value.index()]) else {
            return vec![unstated(own.meta.span)];
        };
        match ledger.approvals.known().map(|place| place.value) {
            None => vec![unstated(ledger.meta.span)],
            Some(ApprovalPlace::Signed) => Vec::new(),
            Some(ApprovalPlace::In(system)) => vec![self.by_keeper(Means::Place(system), system, None)],
        }
    }

    /// The control paths on every slot of every domain: control of the enforcement points in front of the system.
    /// Several points stand one after the other, so it takes a control path on each.
    pub fn on_enforcements(&self, enforcements: &[EnforcementId]) -> Vec<ControlPath> {
        let mut each: Vec<Vec<ControlPath>> = enforcements.iter().map(|id| self.on_enforcement(*id)).collect();
        let [first, second, further @ ..] = enforcements else {
            return each.pop().unwrap_or_default();
        };
        let any_of = |ways: &Vec<ControlPath>| match &ways[..] {
            [one] => one.formula.clone(),
            ways => Formula::Threshold(1, ways.iter().map(|control_path| control_path.formula.clone()).collect()),
        };
        let all: Vec<Formula> = each.iter().map(any_of).collect();
        let formula = match all.iter().all(|one| matches!(one, Formula::Unknown)) {
            true => Formula::Unknown,
            false => Formula::Threshold(all.len() as u32, all),
        };
        vec![ControlPath {
            means: Means::Series(*first, *second, further.len()),
            formula,
            span: each[0][0].span,
            seat: None,
            parts: each.into_iter().flatten().collect(),
        }]
    }

    fn on_enforcement(&self, id: EnforcementId) -> Vec<ControlPath> {
        let own = &self.model.enforcements[id.index()];
        let managing = ControlPath {
            means: Means::Enforcement(id),
            formula: self.managed(&own.managed_by),
            span: said_at(&own.managed_by, own.meta.span),
            seat: None,
            parts: Vec::new(),
        };
        let consoles = keepers(&own.configured_in).map(|system| self.by_keeper(Means::Enforcement(id), system, None));
        std::iter::once(managing).chain(consoles).collect()
    }
}
