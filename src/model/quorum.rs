//! Quorums: how many people, and of whom.

use crate::model::{FunctionId, PersonId, TeamId};
use crate::source::Span;

/// A quorum over functions: Boolean logic in which one approval makes every mention of its function true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quorum {
    /// Nobody, stated explicitly.
    None,
    /// This many different people of a function.
    Seat(u32, FunctionId),
    /// At least this many of these.
    Threshold(u32, Vec<Quorum>),
}

impl Quorum {
    /// The functions in it, each once, in order.
    pub fn functions(&self) -> Vec<FunctionId> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    fn collect(&self, all: &mut Vec<FunctionId>) {
        match self {
            Quorum::None => {}
            Quorum::Seat(_, function) if all.contains(function) => {}
            Quorum::Seat(_, function) => all.push(*function),
            Quorum::Threshold(_, parts) => parts.iter().for_each(|part| part.collect(all)),
        }
    }

    /// Whether the quorum is met when this many different people have approved as each function.
    pub fn met(&self, count: &dyn Fn(FunctionId) -> u32) -> bool {
        match self {
            Quorum::None => true,
            Quorum::Seat(need, function) => count(*function) >= *need,
            Quorum::Threshold(need, parts) => parts.iter().filter(|part| part.met(count)).count() >= *need as usize,
        }
    }

    /// The largest number of people that any mention of a function asks for.
    pub fn most(&self, function: FunctionId) -> u32 {
        match self {
            Quorum::None => 0,
            Quorum::Seat(need, other) if *other == function => *need,
            Quorum::Seat(..) => 0,
            Quorum::Threshold(_, parts) => parts.iter().map(|part| part.most(function)).max().unwrap_or(0),
        }
    }
}

/// A quorum over people: who together can change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleQuorum {
    /// Nobody can.
    None,
    /// This person.
    Person(PersonId, Span),
    /// This many members of a team; whoever decides who is in it can act as well.
    Team(u32, TeamId, Span),
    /// At least this many of these.
    Threshold(u32, Vec<PeopleQuorum>),
}
