//! How few people it takes to change the governance files themselves.

use crate::facts::approval::{By, Problem, SeatOf};
use crate::facts::control::{Control, Grip};
use crate::facts::eligible::{Holder, eligible_for_changes};
use crate::facts::moment::teams_of_seats;
use crate::facts::verdict::{Behind, ways};
use crate::model::{FunctionId, Model, PersonId};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What it takes to change the files.
pub struct Takes {
    /// How many people the files ask for.
    pub nominal: usize,
    /// The size of the smallest coalition.
    pub people: usize,
    /// What they stand behind, and why.
    pub slots: Vec<(FunctionId, Behind)>,
    /// Those of the people who have names.
    pub together: Vec<PersonId>,
    /// If one person suffices, everybody named who does.
    pub alone: BTreeSet<PersonId>,
    /// The search ran out of steps, so fewer people may suffice.
    pub unfinished: bool,
    /// Everything that one of these people, or somebody unnamed, stands behind without holding it.
    pub held: Vec<(FunctionId, Grip)>,
}

/// What it takes on a day; `None` if nobody named can change the files.
pub fn takes(model: &Model, day: Date) -> Option<Takes> {
    let workspace = model.workspace.as_ref()?;
    let quorum = &workspace.changes.as_ref()?.value;
    let functions = quorum.functions();
    let mut problem = Problem {
        same_person: vec![false],
        ..Problem::default()
    };
    let mut seats: Vec<(Vec<Holder>, Vec<Grip>)> = Vec::new();
    let control = Control::of(model, day, teams_of_seats(model, &workspace.seats));
    for function in &functions {
        let holders = eligible_for_changes(model, *function, day);
        let grips = control.on_seats(&workspace.seats, *function);
        problem.behind.extend(
            holders
                .iter()
                .filter(|holder| holder.named != holder.person)
                .map(|holder| (holder.named, holder.person)),
        );
        problem.seats.push(SeatOf {
            domain: 0,
            function: function.index(),
            eligible: holders.iter().map(|holder| holder.named).collect(),
            grips: grips.iter().map(|grip| grip.formula.clone()).collect(),
        });
        seats.push((holders, grips));
    }
    let place = |function| functions.iter().position(|other| *other == function).unwrap_or(0);
    let ways = ways(quorum)?
        .into_iter()
        .map(|way| way.into_iter().map(|(function, count)| (place(function), count)).collect());
    problem.ways = ways.collect();
    let nominal = problem.least(&BTreeSet::new())?;
    let found = problem.effective(nominal.people);
    if problem.exhausted() && found.is_none() {
        return Some(Takes {
            nominal: nominal.people,
            people: nominal.people,
            slots: Vec::new(),
            together: Vec::new(),
            alone: BTreeSet::new(),
            unfinished: true,
            held: Vec::new(),
        });
    }
    let found = found?;
    let slots = found.filling.slots.iter().filter_map(|(seat, by)| {
        let (holders, grips) = &seats[*seat];
        let behind = match by {
            By::Name(name) => Behind::Holder(holders.iter().find(|holder| holder.named == *name)?.clone()),
            By::Grip(grip) => Behind::Grip(grips[*grip].clone()),
        };
        Some((functions[*seat], behind))
    });
    let (alone, unnamed) = match found.size {
        1 => problem.alone(),
        _ => Default::default(),
    };
    let mut coalitions: Vec<BTreeSet<PersonId>> = alone.iter().map(|person| BTreeSet::from([*person])).collect();
    coalitions.extend(unnamed.then(BTreeSet::new));
    let grips = functions
        .iter()
        .zip(&seats)
        .flat_map(|(function, (_, grips))| grips.iter().map(|grip| (*function, grip)));
    let held = grips.filter(|(_, grip)| coalitions.iter().any(|coalition| grip.formula.holds(coalition)));
    let held = held.map(|(function, grip)| (function, grip.clone())).collect();
    Some(Takes {
        nominal: nominal.people,
        people: found.size,
        slots: slots.collect(),
        together: found.people.into_iter().collect(),
        alone,
        unfinished: problem.exhausted(),
        held,
    })
}
