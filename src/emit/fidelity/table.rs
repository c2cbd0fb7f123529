//! What happens to each clause of the language in a policy: the one table next to the vocabulary, with a row
//! for each of its rows.
//!
//! The status of a clause is the same in every target, since all have the same meaning. Only the part that
//! enforces it differs.

mod agents;
mod domains;
mod library;
mod people;
mod systems;
mod workspace;

use crate::emit::fidelity::Target;
use crate::syntax::vocabulary::{Clause, Place};

/// What happens to a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It decides requests.
    Enforced {
        /// What it means at request time.
        rule: &'static str,
        /// The fields of the request that the policies read.
        request: &'static str,
        /// The part of the Cedar policies that reads them.
        cedar: &'static str,
        /// The part of the Rego policy that reads them.
        rego: &'static str,
    },
    /// It decides no request; the compiler or the reports use it.
    Documented {
        /// What uses it.
        used: &'static str,
    },
    /// No policy can enforce it.
    Impossible {
        /// Why not.
        why: &'static str,
        /// Who must enforce it instead.
        instead: &'static str,
    },
}

impl Carried {
    /// The part of a target that enforces it; `None` for a clause that is not enforced.
    pub fn part(&self, target: Target) -> Option<&'static str> {
        match (self, target) {
            (Carried::Enforced { cedar, .. }, Target::Cedar) => Some(cedar),
            (Carried::Enforced { rego, .. }, Target::Rego) => Some(rego),
            (Carried::Documented { .. } | Carried::Impossible { .. }, _) => None,
        }
    }
}

/// A row: a clause by its word and its form, and its status.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The word it begins with.
    pub word: &'static str,
    /// What follows, as the vocabulary has it.
    pub signature: &'static str,
    /// Its status.
    pub carried: Carried,
}

/// A clause and what follows its word, in the spelling of the vocabulary.
const fn clause(word: &'static str, signature: &'static str) -> Row {
    let carried = Carried::Documented { used: "" };
    Row { word, signature, carried }
}

impl Row {
    const fn enforced(self, rule: &'static str, request: &'static str, cedar: &'static str, rego: &'static str) -> Row {
        let carried = Carried::Enforced {
            rule,
            request,
            cedar,
            rego,
        };
        Row { carried, ..self }
    }

    const fn documented(self, used: &'static str) -> Row {
        let carried = Carried::Documented { used };
        Row { carried, ..self }
    }

    const fn impossible(self, why: &'static str, instead: &'static str) -> Row {
        let carried = Carried::Impossible { why, instead };
        Row { carried, ..self }
    }
}

/// The rows of each place, in the order of the vocabulary; a grant is `grant` with the form `GRANT`.
pub fn rows() -> impl Iterator<Item = (Place, &'static Row)> {
    let tables = [
        workspace::TABLE,
        people::TABLE,
        systems::TABLE,
        agents::TABLE,
        domains::TABLE,
        library::TABLE,
    ];
    let places = tables.into_iter().flatten();
    places.flat_map(|(place, rows)| rows.iter().map(move |row| (*place, row)))
}

/// The status of a clause at its place.
pub fn carried(place: Place, clause: &Clause) -> Option<&'static Carried> {
    let own = |(at, row): &(Place, &'static Row)| *at == place && row.word == clause.word && row.signature == clause.signature;
    rows().find(own).map(|(_, row)| &row.carried)
}
