//! What an agent may do for each person on whose behalf it acts. Each person has a bound of their own; bounds
//! do not add up.

use crate::facts::atom::{Atom, expand};
use crate::model::{AgentId, Grant, Model, Party, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// For each person that any clause names, what an agent may do for that person: everything that is within the
/// clause and that the person may do. Without a bound in the clause, only what the person may do limits the
/// agent. A person without declared access has nothing.
pub fn bounds_of(model: &Model, id: AgentId) -> BTreeMap<PersonId, BTreeSet<Atom>> {
    let mut bounds: BTreeMap<PersonId, BTreeSet<Atom>> = BTreeMap::new();
    for acts in &model.agents[id.index()].acts_for {
        let within = all(model, &acts.within);
        for person in acts.principal.people(model) {
            let theirs = rights(model, person, acts.principal).into_iter();
            let may = theirs.filter(|atom| acts.within.is_empty() || within.contains(atom));
            bounds.entry(person).or_default().extend(may);
        }
    }
    bounds
}

/// What a person may do, alone or as a member of a team for which an agent acts.
fn rights(model: &Model, person: PersonId, named: Party) -> BTreeSet<Atom> {
    let mut rights = all(model, &model.people[person.index()].access);
    if let Party::Team(team) = named {
        rights.extend(all(model, &model.teams[team.index()].access));
    }
    rights
}

fn all(model: &Model, grants: &[Grant]) -> BTreeSet<Atom> {
    grants.iter().flat_map(|grant| expand(model, grant)).collect()
}
