//! What one function alone controls: its holders together, however many they are (rulings, R5).

use crate::facts::approval::{By, Filling, Problem, SeatId};
use crate::model::PersonId;
use std::collections::BTreeSet;

/// A control path: its seat, and its number there.
type GripAt = (SeatId, usize);

/// How the holders of one function stand behind every slot by control.
#[derive(Clone, Debug)]
pub struct Controlled {
    /// Which function, as in [`crate::facts::approval::SeatOf::function`].
    pub function: usize,
    /// A minimal set of them that was found; none of them could be left out.
    pub people: BTreeSet<PersonId>,
    /// Everybody who holds that function and no other one here.
    pub holders: BTreeSet<PersonId>,
    /// What they stand behind.
    pub filling: Filling,
}

/// For each function and each set of things whose control suffices: how the people who hold that function and
/// no other stand behind every slot. `things` numbers the things: control paths of one thing are in one list. What one
/// person alone can do is another finding.
pub fn controlled(problem: &Problem, things: &[Vec<GripAt>]) -> Vec<Controlled> {
    let functions: BTreeSet<usize> = problem.seats.iter().map(|seat| seat.function).collect();
    let mut found = Vec::new();
    for function in functions {
        let holders = holders(problem, function);
        if holders.len() < 2 || behind(problem, &holders, &[]).is_some() {
            continue;
        }
        let all: Vec<&Vec<GripAt>> = things.iter().collect();
        if behind(problem, &holders, &all).is_none() {
            continue;
        }
        let alone: Vec<Vec<&Vec<GripAt>>> = all
            .iter()
            .map(|thing| vec![*thing])
            .filter(|one| behind(problem, &holders, one).is_some())
            .collect();
        let sets = match alone.is_empty() {
            false => alone,
            true => {
                let mut needed = all;
                for index in (0..needed.len()).rev() {
                    let mut fewer = needed.clone();
                    fewer.remove(index);
                    if behind(problem, &holders, &fewer).is_some() {
                        needed = fewer;
                    }
                }
                vec![needed]
            }
        };
        for set in sets {
            let mut people = holders.clone();
            for person in holders.iter().rev() {
                people.remove(person);
                if behind(problem, &people, &set).is_none() {
                    people.insert(*person);
                }
            }
            if let Some(filling) = behind(problem, &people, &set).filter(|_| people.len() > 1) {
                found.push(Controlled {
                    function,
                    people,
                    holders: holders.clone(),
                    filling,
                });
            }
        }
    }
    found
}

/// The people who hold a function and no other one: somebody who holds two does not count for either.
fn holders(problem: &Problem, function: usize) -> BTreeSet<PersonId> {
    let of = |wanted: bool| {
        let seats = problem.seats.iter().filter(move |seat| (seat.function == function) == wanted);
        let names = seats.flat_map(|seat| &seat.eligible);
        names.map(|name| problem.human(*name)).collect::<BTreeSet<PersonId>>()
    };
    of(true).difference(&of(false)).copied().collect()
}

/// How some people stand behind every slot, in their own names or by what the files state about these things.
fn behind(problem: &Problem, people: &BTreeSet<PersonId>, things: &[&Vec<GripAt>]) -> Option<Filling> {
    let allowed: Vec<GripAt> = things.iter().flat_map(|thing| thing.iter().copied()).collect();
    let first = |seat: SeatId| {
        let mut control_paths = allowed.iter().filter(|(at, _)| *at == seat).map(|(_, control_path)| *control_path);
        control_paths.find(|control_path| problem.seats[seat].control_paths[*control_path].met(people, false, &problem.steps))
    };
    let control_paths: Vec<Option<usize>> = (0..problem.seats.len()).map(first).collect();
    let filling = problem.filled_by(people, &|seat| control_paths[seat])?;
    // Each slot that is not filled in somebody's own name is filled by control.
    let forged = filling.slots.iter().any(|(_, by)| matches!(by, By::ControlPath(_)));
    (forged || things.is_empty()).then_some(filling)
}
