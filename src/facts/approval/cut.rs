//! The fewest people without whom no approving set remains.

use crate::facts::approval::Problem;
use crate::model::PersonId;
use std::collections::{BTreeSet, HashSet};

/// Takes people away until no approving set is left, keeping the smallest number. People of one type are
/// interchangeable, and while as many of a type are left as there are slots, taking some of them changes nothing.
pub(super) struct Cut<'a> {
    pub(super) problem: &'a Problem,
    pub(super) types: Vec<Vec<PersonId>>,
    pub(super) most: usize,
    pub(super) seen: HashSet<Vec<usize>>,
    pub(super) best: usize,
    pub(super) away: BTreeSet<PersonId>,
}

impl Cut<'_> {
    pub(super) fn branch(&mut self, taken: Vec<usize>, total: usize) {
        if total >= self.best || !self.seen.insert(taken.clone()) {
            return;
        }
        let away = self
            .types
            .iter()
            .zip(&taken)
            .flat_map(|(people, count)| people[..*count].iter().copied());
        let away: BTreeSet<PersonId> = away.collect();
        let Some(filling) = self.problem.least(&away) else {
            self.best = total;
            self.away = away;
            return;
        };
        let people = self.problem.people(&filling);
        for index in 0..self.types.len() {
            if !self.types[index].iter().any(|person| people.contains(person)) {
                continue;
            }
            let left = self.types[index].len() - taken[index];
            let step = left.saturating_sub(self.most.saturating_sub(1)).max(1);
            let mut more = taken.clone();
            more[index] += step.min(left);
            self.branch(more, total + step.min(left));
        }
    }
}
