//! How few people it takes to change the governance files themselves.

use crate::facts::approval::{By, Problem, SeatOf};
use crate::facts::as_of::teams_of_seats;
use crate::facts::control::{Control, ControlPath};
use crate::facts::eligible::{Holder, eligible_for_changes};
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
    pub held: Vec<(FunctionId, ControlPath)>,
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
    let mut seats: Vec<(Vec<Holder>, Vec<ControlPath>)> = Vec::new();
    let control = Control::of(model, day, teams_of_seats(model, &workspace.seats));
    for function in &functions {
        let holders = eligible_for_changes(model, *function, day);
        let control_paths = control.on_seats(&workspace.seats, *function);
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
            control_paths: control_paths.iter().map(|control_path| control_path.formula.clone()).collect(),
        });
        seats.push((holders, control_paths));
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
        let (holders, control_paths) = &seats[*seat];
        let behind = match by {
            By::Name(name) => Behind::Holder(holders.iter().find(|holder| holder.named == *name)?.clone()),
            By::ControlPath(control_path) => Behind::ControlPath(control_paths[*control_path].clone()),
        };
        Some((functions[*seat], behind))
    });
    let (alone, unnamed) = match found.size {
        1 => problem.alone(),
        _ => Default::default(),
    };
    let mut coalitions: Vec<BTreeSet<PersonId>> = alone.iter().map(|person| BTreeSet::from([*person])).collect();
    coalitions.extend(unnamed.then(BTreeSet::new));
    let control_paths = functions
        .iter()
        .zip(&seats)
        .flat_map(|(function, (_, control_paths))| control_paths.iter().map(|control_path| (*function, control_path)));
    let held = control_paths.filter(|(_, control_path)| coalitions.iter().any(|coalition| control_path.formula.holds(coalition)));
    let held = held.map(|(function, control_path)| (function, control_path.clone())).collect();
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
