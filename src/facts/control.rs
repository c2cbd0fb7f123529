//! The control relation: who can make an approval appear in somebody else's name (semantics, section 2, *Control*).

use crate::model::domain::ApprovalPlace;
use crate::model::{
    AgentId, At, DomainId, EnforcementId, FunctionId, IdentityId, Model, Party, PeopleQuorum, PersonId, Said, Seat, SystemId, TeamId,
};
use crate::source::Span;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Which coalitions can do something. It grows with the coalition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// No coalition.
    Never,
    /// Nobody said who, so it may be anyone.
    Unknown,
    /// Whoever was named has left; somebody does it still, and it may be anyone.
    Left,
    /// Every coalition with this natural person.
    Person(PersonId),
    /// So many of these.
    Threshold(u32, Vec<Formula>),
}

impl Formula {
    /// Whether a coalition can. What is unknown may be any of them.
    pub fn holds(&self, coalition: &BTreeSet<PersonId>) -> bool {
        match self {
            Formula::Never => false,
            Formula::Unknown | Formula::Left => true,
            Formula::Person(person) => coalition.contains(person),
            Formula::Threshold(need, parts) => parts.iter().filter(|part| part.holds(coalition)).count() >= *need as usize,
        }
    }

    /// Whether a coalition can by what has been said, the unknown left out.
    pub fn known(&self, coalition: &BTreeSet<PersonId>) -> bool {
        match self {
            Formula::Never | Formula::Unknown | Formula::Left => false,
            Formula::Person(person) => coalition.contains(person),
            Formula::Threshold(need, parts) => parts.iter().filter(|part| part.known(coalition)).count() >= *need as usize,
        }
    }

    /// The persons in it.
    pub fn people(&self, into: &mut BTreeSet<PersonId>) {
        match self {
            Formula::Never | Formula::Unknown | Formula::Left => {}
            Formula::Person(person) => {
                into.insert(*person);
            }
            Formula::Threshold(_, parts) => parts.iter().for_each(|part| part.people(into)),
        }
    }
}

/// By what somebody stands behind an approval that is not theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Deciding who is in a team that holds the function.
    Team(TeamId),
    /// Administering the system where the approvals of the domain are kept.
    Place(SystemId),
    /// Nobody said where the approvals of the domain are kept.
    UnsaidPlace(DomainId),
    /// Changing what an enforcement in front of the system lets through.
    Enforcement(EnforcementId),
    /// Owning an agent that holds the function.
    Agent(AgentId),
    /// Issuing what an agent runs as that holds the function.
    Issuer(AgentId),
    /// Owning or issuing an identity that holds the function.
    Identity(IdentityId),
}

impl Means {
    /// Whether it goes by way of software that holds a seat.
    pub fn is_software(self) -> bool {
        match self {
            Means::Agent(_) | Means::Issuer(_) | Means::Identity(_) => true,
            Means::Team(_) | Means::Place(_) | Means::UnsaidPlace(_) | Means::Enforcement(_) => false,
        }
    }
}

/// A way to stand behind a slot.
#[derive(Clone, Debug)]
pub struct Grip {
    /// By what.
    pub means: Means,
    /// Who can.
    pub formula: Formula,
    /// Where it is said, or where it should be.
    pub span: Span,
    /// Where the seat is given, if the grip is on one seat.
    pub seat: Option<Span>,
}

/// Who can change something that has `managed_by`.
fn managed(model: &Model, day: Date, managed_by: &Said<At<PeopleQuorum>>, visited: &mut Vec<TeamId>) -> Formula {
    match managed_by {
        Said::Nothing => Formula::Unknown,
        Said::This(quorum) if matches!(quorum.value, PeopleQuorum::None) => Formula::Never,
        Said::This(quorum) => {
            let formula = people(model, day, &quorum.value, visited);
            let mut everybody = BTreeSet::new();
            formula.people(&mut everybody);
            // Where some are left, the rule still keeps it from everybody else; where nobody is, somebody does it who is not named.
            match everybody.is_empty() && !formula.holds(&everybody) {
                true => Formula::Left,
                false => formula,
            }
        }
    }
}

fn people(model: &Model, day: Date, quorum: &PeopleQuorum, visited: &mut Vec<TeamId>) -> Formula {
    match quorum {
        PeopleQuorum::None => Formula::Never,
        PeopleQuorum::Person(person, _) => match model.people[person.index()].active(day) {
            true => Formula::Person(model.people[person.index()].human),
            false => Formula::Never,
        },
        PeopleQuorum::Team(count, team, _) => {
            let everybody = model.teams[team.index()].everybody();
            let active = everybody.iter().filter(|person| model.people[person.value.index()].active(day));
            let humans: BTreeSet<PersonId> = active.map(|person| model.people[person.value.index()].human).collect();
            let members = Formula::Threshold(*count, humans.into_iter().map(Formula::Person).collect());
            Formula::Threshold(1, vec![members, team_formula(model, day, *team, visited)])
        }
        PeopleQuorum::Threshold(need, parts) => {
            Formula::Threshold(*need, parts.iter().map(|part| people(model, day, part, visited)).collect())
        }
    }
}

/// Who decides who is in a team.
fn team_formula(model: &Model, day: Date, team: TeamId, visited: &mut Vec<TeamId>) -> Formula {
    if visited.contains(&team) {
        return Formula::Never;
    }
    visited.push(team);
    let own = &model.teams[team.index()];
    let mut ways = vec![managed(model, day, &own.managed_by, visited)];
    ways.extend(keepers(&own.kept_in).map(|system| managed(model, day, &model.systems[system.index()].managed_by, visited)));
    visited.pop();
    match ways.len() {
        1 => ways.remove(0),
        _ => Formula::Threshold(1, ways),
    }
}

/// The systems that keep something, where they are said.
fn keepers(kept: &Said<Vec<At<SystemId>>>) -> impl Iterator<Item = SystemId> + '_ {
    kept.known().into_iter().flatten().map(|system| system.value)
}

/// A grip by running a system that keeps what is gripped: whoever runs the directory decides who is in the team.
fn by_keeper(model: &Model, day: Date, means: Means, system: SystemId, seat: Option<Span>) -> Grip {
    let own = &model.systems[system.index()];
    Grip {
        means,
        formula: system_formula(model, day, system),
        span: said_at(&own.managed_by, own.meta.span),
        seat,
    }
}

fn said_at<T>(said: &Said<At<T>>, otherwise: Span) -> Span {
    said.known().map_or(otherwise, |at| at.span)
}

fn team(model: &Model, day: Date, team: TeamId, seat: Span) -> Grip {
    let own = &model.teams[team.index()];
    Grip {
        means: Means::Team(team),
        formula: managed(model, day, &own.managed_by, &mut vec![team]),
        span: said_at(&own.managed_by, own.meta.span),
        seat: Some(seat),
    }
}

fn system_formula(model: &Model, day: Date, system: SystemId) -> Formula {
    managed(model, day, &model.systems[system.index()].managed_by, &mut Vec::new())
}

fn owner(model: &Model, day: Date, agent: AgentId) -> Formula {
    match model.agents[agent.index()].owner {
        Some(owner) if model.people[owner.value.index()].active(day) => Formula::Person(model.people[owner.value.index()].human),
        Some(_) => Formula::Left,
        None => Formula::Unknown,
    }
}

/// Who issues an identity.
fn issuer(model: &Model, day: Date, identity: IdentityId) -> Formula {
    let issued_by = model.identities[identity.index()].issued_by;
    issued_by.map_or(Formula::Unknown, |system| system_formula(model, day, system))
}

/// The grips on the seats of a function.
pub fn on_seats(model: &Model, seats: &[Seat], function: FunctionId) -> Vec<Grip> {
    on_seats_at(model, model.as_of, seats, function)
}

/// The grips on the seats of a function on a day.
pub fn on_seats_at(model: &Model, day: Date, seats: &[Seat], function: FunctionId) -> Vec<Grip> {
    let mut grips = Vec::new();
    for seat in seats.iter().filter(|seat| seat.function == function) {
        for party in std::iter::once(&seat.owner).chain(&seat.deputies) {
            match party.value {
                Party::Person(_) => {}
                Party::Team(id) => {
                    grips.push(team(model, day, id, party.span));
                    let kept = keepers(&model.teams[id.index()].kept_in);
                    grips.extend(kept.map(|system| by_keeper(model, day, Means::Team(id), system, Some(party.span))));
                }
                Party::Agent(agent) => {
                    let own = &model.agents[agent.index()];
                    grips.push(Grip {
                        means: Means::Agent(agent),
                        formula: owner(model, day, agent),
                        span: own.meta.span,
                        seat: Some(party.span),
                    });
                    grips.extend(own.runs_as.iter().map(|identity| {
                        let own = &model.identities[identity.value.index()];
                        let system = own.issued_by.map(|system| &model.systems[system.index()]);
                        Grip {
                            means: Means::Issuer(agent),
                            formula: issuer(model, day, identity.value),
                            span: system.map_or(own.meta.span, |system| said_at(&system.managed_by, system.meta.span)),
                            seat: Some(party.span),
                        }
                    }));
                }
                Party::Identity(identity) => grips.push(identity_grip(model, day, identity, party.span)),
            }
        }
    }
    grips
}

fn identity_grip(model: &Model, day: Date, identity: IdentityId, seat: Span) -> Grip {
    let own = &model.identities[identity.index()];
    let mut parts: Vec<Formula> = Vec::new();
    for (index, agent) in model.agents.iter().enumerate() {
        if agent.runs_as.iter().any(|at| at.value == identity) {
            parts.push(owner(model, day, AgentId(index as u32)));
        }
    }
    parts.push(issuer(model, day, identity));
    Grip {
        means: Means::Identity(identity),
        formula: Formula::Threshold(1, parts),
        span: own.meta.span,
        seat: Some(seat),
    }
}

/// The grips on every slot of a domain on a day: where its approvals are kept.
pub fn on_place_at(model: &Model, day: Date, domain: DomainId) -> Vec<Grip> {
    let own = &model.domains[domain.index()];
    let unsaid = |span: Span| Grip {
        means: Means::UnsaidPlace(domain),
        formula: Formula::Unknown,
        span,
        seat: None,
    };
    let Some(ledger) = own.evidence.map(|evidence| &model.ledgers[evidence.value.index()]) else {
        return vec![unsaid(own.meta.span)];
    };
    match &ledger.approvals {
        Said::Nothing => vec![unsaid(ledger.meta.span)],
        Said::This(At {
            value: ApprovalPlace::Signed,
            ..
        }) => Vec::new(),
        Said::This(At {
            value: ApprovalPlace::In(system),
            ..
        }) => {
            let kept = &model.systems[system.index()];
            let span = said_at(&kept.managed_by, kept.meta.span);
            vec![Grip {
                means: Means::Place(*system),
                formula: system_formula(model, day, *system),
                span,
                seat: None,
            }]
        }
    }
}

/// The grips on every slot of every domain on a day: the enforcements in front of the system.
pub fn on_enforcements_at(model: &Model, day: Date, enforcements: &[EnforcementId]) -> Vec<Grip> {
    let grip = |id: &EnforcementId| {
        let own = &model.enforcements[id.index()];
        Grip {
            means: Means::Enforcement(*id),
            formula: managed(model, day, &own.managed_by, &mut Vec::new()),
            span: said_at(&own.managed_by, own.meta.span),
            seat: None,
        }
    };
    let configured = enforcements.iter().flat_map(|id| {
        let consoles = keepers(&model.enforcements[id.index()].configured_in);
        consoles.map(|system| by_keeper(model, day, Means::Enforcement(*id), system, None))
    });
    enforcements.iter().map(grip).chain(configured).collect()
}
