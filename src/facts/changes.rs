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
    let seats = functions.iter().map(|function| SeatOf {
        domain: 0,
        function: function.index(),
        eligible: eligible_for_changes(model, *function, model.as_of).iter().map(|holder| holder.person).collect(),
        grips: on_seats(model, &workspace.seats, *function).into_iter().map(|grip| grip.formula).collect(),
    });
    let seats = seats.collect();
    let place = |function| functions.iter().position(|other| *other == function).unwrap_or(0);
    let ways = ways(quorum)?.into_iter().map(|way| way.into_iter().map(|(function, count)| (place(function), count)).collect());
    let problem = Problem { seats, same_person: vec![false], ways: ways.collect() };
    let nominal = problem.least(&BTreeSet::new())?;
    let (size, filling) = problem.effective(nominal.people)?;
    let people = filling.slots.iter().filter_map(|(_, by)| match by {
        By::Name(person) => Some(*person),
        By::Grip(_) => None,
    });
    Some((size, people.collect::<BTreeSet<_>>().into_iter().collect()))
}
