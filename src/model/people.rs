//! Functions, the people who hold them, teams, delegations.

use crate::model::{AgentId, At, DomainId, FunctionId, Grant, IdentityId, Meta, Model, PeopleQuorum, PersonId, Said, SystemId, TeamId};
use crate::source::Span;
use jiff::civil::Date;

/// A function that answers some of the questions of the guidance (point 1).
#[derive(Debug)]
pub struct Function {
    /// Its name and place.
    pub meta: Meta,
    /// The questions it answers, as `scope`.
    pub decides: Vec<Box<str>>,
}

/// A natural person.
#[derive(Debug)]
pub struct Person {
    /// Name and place.
    pub meta: Meta,
    /// Addresses.
    pub emails: Vec<At<Box<str>>>,
    /// The role in words.
    pub role: Option<Box<str>>,
    /// Names that a log may show.
    pub accounts: Said<Vec<At<Box<str>>>>,
    /// The person's manager; an explicit `none` is `This(None)`.
    pub reports_to: Said<Option<At<PersonId>>>,
    /// The last day.
    pub until: Option<At<Date>>,
    /// What this person may do.
    pub access: Vec<Grant>,
    /// The natural person behind this declaration: the first of those who share an address or an account.
    pub human: PersonId,
}

impl Person {
    /// Every address and account by which systems and logs know this person.
    pub fn names(&self) -> impl Iterator<Item = &At<Box<str>>> {
        self.emails.iter().chain(self.accounts.known().into_iter().flatten())
    }

    /// Whether this person can approve on a day.
    pub fn active(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until.value)
    }
}

/// Several persons who hold something together.
#[derive(Debug)]
pub struct Team {
    /// Name and place.
    pub meta: Meta,
    /// Who is accountable.
    pub lead: Option<At<PersonId>>,
    /// Everybody in it, without the lead unless named again.
    pub members: Vec<At<PersonId>>,
    /// Agents and identities named as its lead or members, a fault that a check reports. They count as nobody.
    pub software: Vec<At<Party>>,
    /// Whether its lead is software.
    pub led_by_software: bool,
    /// Who can change the membership.
    pub managed_by: Said<At<PeopleQuorum>>,
    /// The systems that keep the membership.
    pub kept_in: Said<Vec<At<SystemId>>>,
    /// What its members may do.
    pub access: Vec<Grant>,
}

impl Team {
    /// The lead and the members, each once.
    pub fn everybody(&self) -> Vec<At<PersonId>> {
        let mut all: Vec<At<PersonId>> = Vec::new();
        for person in self.lead.iter().chain(&self.members) {
            if !all.iter().any(|other| other.value == person.value) {
                all.push(*person);
            }
        }
        all
    }
}

/// Who can hold a seat: a person or a team, or, as a fault that a check reports, an agent or an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A natural person.
    Person(PersonId),
    /// A team.
    Team(TeamId),
    /// An agent.
    Agent(AgentId),
    /// An identity.
    Identity(IdentityId),
}

impl Party {
    /// Its name and place.
    pub fn meta(self, model: &Model) -> &Meta {
        match self {
            Party::Person(person) => &model.people[person.index()].meta,
            Party::Team(team) => &model.teams[team.index()].meta,
            Party::Agent(agent) => &model.agents[agent.index()].meta,
            Party::Identity(identity) => &model.identities[identity.index()].meta,
        }
    }

    /// The persons of the party, as declared: one, or everybody in a team. Software counts as nobody.
    pub fn people(self, model: &Model) -> Vec<PersonId> {
        match self {
            Party::Person(person) => vec![person],
            Party::Team(team) => model.teams[team.index()].everybody().iter().map(|at| at.value).collect(),
            Party::Agent(_) | Party::Identity(_) => Vec::new(),
        }
    }

    /// The day after which nobody of the party is active; `None` if somebody stays, or if nobody is known.
    pub fn last_day(self, model: &Model) -> Option<At<Date>> {
        let people = self.people(model);
        let last: Option<Vec<At<Date>>> = people.iter().map(|person| model.people[person.index()].until).collect();
        last?.into_iter().max_by_key(|until| until.value)
    }
}

/// A function that somebody hands on for a time.
#[derive(Debug)]
pub struct Delegation {
    /// Name and place.
    pub meta: Meta,
    /// Who hands it on.
    pub from: Option<At<PersonId>>,
    /// To whom.
    pub to: Option<At<PersonId>>,
    /// To which agent or identity, as a fault that a check reports.
    pub to_software: Option<At<Party>>,
    /// Which function in which domain.
    pub functions: Vec<At<(FunctionId, DomainId)>>,
    /// First day.
    pub starts: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Where the last day is written.
    pub until_span: Option<Span>,
}
