//! The places where people count in the control statements of the files. People who count at the same places
//! are interchangeable.

use crate::facts::approval::Problem;
use crate::facts::circle::Circle;
use crate::facts::control::Formula;
use crate::model::PersonId;
use std::collections::BTreeMap;

impl Problem {
    /// Where each person counts in what the files state about control here. People who count at the same places
    /// are interchangeable.
    pub(super) fn places(&self) -> BTreeMap<PersonId, Vec<usize>> {
        let mut places = BTreeMap::new();
        let mut next = 0;
        for formula in self.seats.iter().flat_map(|seat| &seat.control_paths) {
            next += 1;
            place(formula, next, &mut next, &mut places);
        }
        places
    }

    /// Where a person counts in deciding who is in teams.
    pub(super) fn circle_places(&self, person: PersonId) -> &[usize] {
        let mut formulas = self.seats.iter().flat_map(|seat| &seat.control_paths);
        formulas.find_map(circle).map_or(&[], |circle| circle.places(person))
    }
}

/// Records for each person in a formula the threshold in which they count.
fn place(formula: &Formula, at: usize, next: &mut usize, places: &mut BTreeMap<PersonId, Vec<usize>>) {
    match formula {
        Formula::Never | Formula::Unknown | Formula::Left | Formula::Team(..) => {}
        Formula::Person(person) => places.entry(*person).or_default().push(at),
        Formula::Threshold(_, parts) => {
            *next += 1;
            let own = *next;
            parts.iter().for_each(|part| place(part, own, next, places));
        }
    }
}

/// The circle that a formula refers to; all formulas of one problem refer to the same circle.
fn circle(formula: &Formula) -> Option<&Circle> {
    match formula {
        Formula::Never | Formula::Unknown | Formula::Left | Formula::Person(_) => None,
        Formula::Team(_, circle) => Some(circle),
        Formula::Threshold(_, parts) => parts.iter().find_map(circle),
    }
}
