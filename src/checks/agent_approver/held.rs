//! The software that holds a seat, and how it comes to hold it.

use crate::diagnostic::{Magnitude, Mark};
use crate::facts::software::Entered;
use crate::model::{At, Model, Party, PersonId, Team};
use crate::source::Span;
use std::collections::BTreeMap;

/// Software that stands in a seat.
pub(super) struct Software {
    /// `the agent campaign`, with how it comes to hold the seat.
    pub(super) name: String,
    /// The same for a fingerprint.
    pub(super) magnitude: Magnitude,
    /// The clause that shows it to be software, or a member, and the text for that place.
    pub(super) said: Option<(Span, String)>,
    /// What to do about it, where the edit does not go into the seat.
    pub(super) edit: Option<String>,
    /// What to do where it is not software after all.
    pub(super) otherwise: Option<String>,
}

/// Everything that is software in a person, a team, an agent or an identity.
pub(super) fn software(model: &Model, entered: &BTreeMap<PersonId, Entered>, party: Party) -> Vec<Software> {
    match party {
        Party::Agent(_) | Party::Identity(_) => plain(model, party).into_iter().collect(),
        Party::Person(person) => as_person(model, entered, person).into_iter().collect(),
        Party::Team(team) => in_team(model, entered, &model.teams[team.index()]),
    }
}

/// The agents and identities that a team names.
pub(super) fn named(model: &Model, team: &Team) -> Vec<Software> {
    let name = &team.meta.name;
    let member = |at: &At<Party>| {
        let own = plain(model, at.value)?;
        Some(Software {
            name: format!("{}, a member of {name},", own.name),
            magnitude: own.magnitude.id(&team.meta.id),
            said: Some((at.span, format!("it is in {name} here"))),
            edit: Some(format!("remove {} from team {name}", at.value.meta(model).name)),
            otherwise: None,
        })
    };
    team.software.iter().filter_map(member).collect()
}

/// Everything that is software in a team.
fn in_team(model: &Model, entered: &BTreeMap<PersonId, Entered>, team: &Team) -> Vec<Software> {
    let name = &team.meta.name;
    let people = team.everybody().into_iter().filter_map(|at| {
        let own = as_person(model, entered, at.value)?;
        let person = &model.people[at.value.index()].meta.name;
        Some(Software {
            name: format!("{} and a member of {name},", own.name.trim_end_matches(',')),
            magnitude: own.magnitude.id(&team.meta.id),
            edit: Some(format!("remove {person} from team {name}")),
            ..own
        })
    });
    named(model, team).into_iter().chain(people).collect()
}

fn plain(model: &Model, party: Party) -> Option<Software> {
    let id = &party.meta(model).id;
    let (what, mark) = match party {
        Party::Person(_) | Party::Team(_) => return None,
        Party::Agent(_) => ("agent", Mark::Agent),
        Party::Identity(_) => ("identity", Mark::Identity),
    };
    Some(Software {
        name: format!("the {what} {}", party.meta(model).name),
        magnitude: Magnitude::from(mark).id(id),
        said: None,
        edit: None,
        otherwise: None,
    })
}

fn as_person(model: &Model, entered: &BTreeMap<PersonId, Entered>, person: PersonId) -> Option<Software> {
    let entry = entered.get(&person)?;
    let own = plain(model, Party::Identity(entry.identity))?;
    let meta = &model.people[person.index()].meta;
    let identity = &Party::Identity(entry.identity).meta(model).name;
    Some(Software {
        name: format!("{}, entered as the person {},", own.name, meta.name),
        magnitude: own.magnitude.id(&meta.id),
        said: Some((
            entry.account,
            format!("{} lists the principal of {identity} as an account", meta.name),
        )),
        edit: None,
        otherwise: Some(format!("if {} is a person, give {identity} a separate principal", meta.name)),
    })
}
