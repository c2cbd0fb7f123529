//! The search for a filling: one slot after another, by name or by a forged approval.

use super::{By, Problem, SeatId};
use crate::model::PersonId;
use std::collections::{BTreeSet, HashSet};

/// Who fills each of the slots, with the fewest people and at most `at_most`.
pub(super) fn fill(
    problem: &Problem,
    allowed: &dyn Fn(PersonId) -> bool,
    forged: &dyn Fn(SeatId) -> Option<usize>,
    slots: Vec<SeatId>,
    at_most: usize,
) -> Option<Vec<(SeatId, By)>> {
    let mut search = Search {
        problem,
        allowed,
        forged,
        slots,
        filled: Vec::new(),
        used: BTreeSet::new(),
        best: None,
        at_most,
    };
    search.next();
    search.best
}

/// Fills slots one by one, keeping the filling with the fewest people.
struct Search<'a> {
    problem: &'a Problem,
    allowed: &'a dyn Fn(PersonId) -> bool,
    forged: &'a dyn Fn(SeatId) -> Option<usize>,
    slots: Vec<SeatId>,
    filled: Vec<(SeatId, By)>,
    used: BTreeSet<PersonId>,
    best: Option<Vec<(SeatId, By)>>,
    at_most: usize,
}

impl Search<'_> {
    fn next(&mut self) {
        let steps = &self.problem.steps;
        steps.set(steps.get() + 1);
        if self.problem.exhausted() {
            return;
        }
        let Some(seat) = self.slots.get(self.filled.len()).copied() else {
            self.at_most = self.used.len().saturating_sub(1);
            self.best = Some(self.filled.clone());
            return;
        };
        if self.best.is_some() && self.used.len() > self.at_most {
            return;
        }
        let problem = self.problem;
        let candidates: Vec<PersonId> = problem.seats[seat]
            .eligible
            .iter()
            .copied()
            .filter(|name| (self.allowed)(problem.human(*name)))
            .collect();
        let known: Vec<PersonId> = candidates
            .iter()
            .copied()
            .filter(|name| self.used.contains(&problem.human(*name)))
            .collect();
        for name in known {
            self.put(seat, name);
        }
        if self.used.len() < self.at_most {
            let mut tried: HashSet<Vec<Vec<bool>>> = HashSet::new();
            for name in candidates {
                let person = problem.human(name);
                // A person with several names is not interchangeable with anybody: it matters which name fills
                // the slot.
                let alone = problem.behind.values().any(|human| *human == person);
                if !self.used.contains(&person) && (alone || tried.insert(problem.signature(person))) {
                    self.used.insert(person);
                    self.put(seat, name);
                    self.used.remove(&person);
                    if self.best.is_some() && self.used.len() + 1 > self.at_most {
                        break;
                    }
                }
            }
        }
        if let Some(path) = (self.forged)(seat) {
            self.filled.push((seat, By::ControlPath(path)));
            if self.best.is_none() {
                self.next();
            }
            self.filled.pop();
        }
    }

    fn put(&mut self, seat: SeatId, name: PersonId) {
        if self.best.is_some() && self.at_most == 0 && !self.used.is_empty() {
            return;
        }
        let clash = self
            .filled
            .iter()
            .any(|(other, by)| by.name() == Some(name) && self.problem.conflict(*other, seat));
        if !clash {
            self.filled.push((seat, By::Name(name)));
            self.next();
            self.filled.pop();
        }
    }
}
