//! What one person can do alone where `managed_by` names who can: by name, as a member of a team, or by
//! choosing its members.

use crate::model::{At, Model, PeopleQuorum, PersonId, Said, TeamId};
use std::collections::BTreeSet;

/// The people who can each satisfy `managed_by` of all these things alone, as far as the files state it. In
/// order of their declarations.
pub fn alone(model: &Model, managed: &[&Said<At<PeopleQuorum>>]) -> Vec<PersonId> {
    let quorums: Option<Vec<&PeopleQuorum>> = managed.iter().map(|said| said.known().map(|at| &at.value)).collect();
    let Some(quorums) = quorums.filter(|quorums| !quorums.is_empty()) else {
        return Vec::new();
    };
    let mut teams: Vec<TeamId> = Vec::new();
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    quorums.iter().for_each(|quorum| named(model, quorum, &mut teams, &mut people));
    let mut next = 0;
    while let Some(team) = teams.get(next).copied() {
        if let Some(managers) = model.teams[team.index()].managed_by.known() {
            named(model, &managers.value, &mut teams, &mut people);
        }
        next += 1;
    }
    let can = |person: &PersonId| {
        let filled = filled(model, *person, &teams);
        quorums.iter().all(|quorum| met(model, *person, quorum, &filled))
    };
    people.into_iter().filter(can).collect()
}

/// The people and the teams that a quorum names; for a team, also everybody in it.
fn named(model: &Model, quorum: &PeopleQuorum, teams: &mut Vec<TeamId>, people: &mut BTreeSet<PersonId>) {
    let mut add = |person: PersonId| {
        let own = &model.people[person.index()];
        if own.active(model.as_of) {
            people.insert(own.human);
        }
    };
    match quorum {
        PeopleQuorum::None => {}
        PeopleQuorum::Person(person, _) => add(*person),
        PeopleQuorum::Team(_, team, _) => {
            model.teams[team.index()].everybody().iter().for_each(|at| add(at.value));
            if !teams.contains(team) {
                teams.push(*team);
            }
        }
        PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| named(model, part, teams, people)),
    }
}

/// The teams whose membership one person alone decides: those that the person manages, those that such a team
/// manages, and so on.
fn filled(model: &Model, person: PersonId, teams: &[TeamId]) -> BTreeSet<TeamId> {
    let mut filled = BTreeSet::new();
    loop {
        let new = teams.iter().filter(|team| !filled.contains(*team));
        let new = new.filter(|team| {
            let managers = model.teams[team.index()].managed_by.known();
            managers.is_some_and(|managers| met(model, person, &managers.value, &filled))
        });
        let new: Vec<TeamId> = new.copied().collect();
        if new.is_empty() {
            return filled;
        }
        filled.extend(new);
    }
}

/// Whether one person who decides the membership of some teams suffices.
fn met(model: &Model, person: PersonId, quorum: &PeopleQuorum, filled: &BTreeSet<TeamId>) -> bool {
    let is = |other: PersonId| {
        let other = &model.people[other.index()];
        other.human == person && other.active(model.as_of)
    };
    match quorum {
        PeopleQuorum::None => false,
        PeopleQuorum::Person(other, _) => is(*other),
        PeopleQuorum::Team(count, team, _) => {
            let everybody = model.teams[team.index()].everybody();
            filled.contains(team) || (*count == 1 && everybody.iter().any(|at| is(at.value)))
        }
        PeopleQuorum::Threshold(need, parts) => {
            let met = parts.iter().filter(|part| met(model, person, part, filled)).count();
            met >= *need as usize
        }
    }
}
