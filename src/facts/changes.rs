//! How few people it takes to change the governance files themselves.

use crate::facts::approval::{By, Problem, SeatOf};
use crate::facts::control::on_seats;
use crate::facts::eligible::eligible_for_changes;
use crate::facts::verdict::ways;
use crate::model::{Model, PersonId};
use std::collections::BTreeSet;

/// The size of the smallest coalition and its members by name; none if nobody named can.
pub fn takes(model: &Model) -> Option<(usize, Vec<PersonId>)> {
    let workspace = model.workspace.as_ref()?;
    let quorum = &workspace.changes.as_ref()?.value;
    let functions = quorum.functions();
    let mut problem = Problem {
        same_person: vec![false],
        ..Problem::default()
    };
    for function in &functions {
        let holders = eligible_for_changes(model, *function, model.as_of);
        let grips = on_seats(model, &workspace.seats, *function).into_iter().map(|grip| grip.formula);
        problem.behind.extend(
            holders
                .iter()
                .filter(|holder| holder.named != holder.person)
                .map(|holder| (holder.named, holder.person)),
        );
        let eligible = holders.iter().map(|holder| holder.named).collect();
        problem.seats.push(SeatOf {
            domain: 0,
            function: function.index(),
            eligible,
            grips: grips.collect(),
        });
    }
    let place = |function| functions.iter().position(|other| *other == function).unwrap_or(0);
    let ways = ways(quorum)?
        .into_iter()
        .map(|way| way.into_iter().map(|(function, count)| (place(function), count)).collect());
    problem.ways = ways.collect();
    let nominal = problem.least(&BTreeSet::new())?;
    let (size, filling) = problem.effective(nominal.people)?;
    let people = filling.slots.iter().filter_map(|(_, by)| match by {
        By::Name(name) => Some(problem.human(*name)),
        By::Grip(_) => None,
    });
    Some((size, people.collect::<BTreeSet<_>>().into_iter().collect()))
}
