//! Approving sets: whether there is one, the smallest, the smallest coalition that can forge one, and how many people
//! may be away.
//!
//! Exact, by search. The problem is coNP-hard in general (Li, Tripunitara, Bizri, "On mutually exclusive roles and
//! separation-of-duty", ACM TISSEC 2007); real quorums are small, people with the same seats are interchangeable, and
//! each distinct requirement is solved once.

mod cut;
mod places;
mod search;

use crate::facts::control::Formula;
use crate::model::PersonId;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The search takes at most this many steps; beyond them a result is not known. Steps and not a clock: the same
/// files always have the same answer.
const MOST_STEPS: usize = 10_000_000;

/// One of the seats that a requirement mentions: a function in a domain, as a place in [`Problem::seats`].
pub type SeatId = usize;

/// A seat.
#[derive(Clone, Debug)]
pub struct SeatOf {
    /// Which of the governing domains.
    pub domain: usize,
    /// Which function; equal numbers are the same function.
    pub function: usize,
    /// Who can approve there, each under the name in the files.
    pub eligible: BTreeSet<PersonId>,
    /// Who can make an approval appear there.
    pub control_paths: Vec<Formula>,
}

/// How many different people of each seat.
pub type Way = BTreeMap<SeatId, u32>;

/// A requirement in one cell.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The seats.
    pub seats: Vec<SeatOf>,
    /// For each domain whether one person may stand for several functions.
    pub same_person: Vec<bool>,
    /// The natural person behind a name, where that is another name: a person with two names can fill two
    /// slots.
    pub behind: BTreeMap<PersonId, PersonId>,
    /// The minimal ways to meet it, over all domains together.
    pub ways: Vec<Way>,
    /// Grips that depend on software in a seat, each as its seat and its number there. Software in a seat is a
    /// separate fault. So a result without software comes first: fixing that fault would not fix the result.
    pub software: BTreeSet<(SeatId, usize)>,
    /// How many steps the search has taken.
    pub steps: Cell<usize>,
}

/// Which parts of a control path count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// What the files state, without software that holds a seat.
    Apart,
    /// What the files state.
    Said,
    /// What cannot be ruled out.
    Possible,
}

/// What fills a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// A person under this name.
    Name(PersonId),
    /// Forged, by the control path with this number.
    ControlPath(usize),
}

impl By {
    fn name(self) -> Option<PersonId> {
        match self {
            By::Name(person) => Some(person),
            By::ControlPath(_) => None,
        }
    }
}

/// People assigned to the slots of one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// Which way.
    pub way: usize,
    /// Each slot and who fills it.
    pub slots: Vec<(SeatId, By)>,
    /// How many people it takes.
    pub people: usize,
}

/// The smallest coalition behind an approving set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coalition {
    /// How many people it takes.
    pub size: usize,
    /// What they stand behind.
    pub filling: Filling,
    /// Those of the people who have names.
    pub people: BTreeSet<PersonId>,
}

impl Problem {
    /// Whether the search took the maximum of steps, so that something it did not find may exist.
    pub fn exhausted(&self) -> bool {
        self.steps.get() >= MOST_STEPS
    }

    fn slots(&self, way: &Way) -> Vec<SeatId> {
        way.iter()
            .flat_map(|(seat, count)| std::iter::repeat_n(*seat, *count as usize))
            .collect()
    }

    /// The natural person behind a name.
    pub fn human(&self, name: PersonId) -> PersonId {
        self.behind.get(&name).copied().unwrap_or(name)
    }

    /// The natural persons in a filling, control paths left out.
    pub fn people(&self, filling: &Filling) -> BTreeSet<PersonId> {
        filling
            .slots
            .iter()
            .filter_map(|(_, by)| by.name())
            .map(|name| self.human(name))
            .collect()
    }

    /// Whether one name may not fill both slots (`docs/glossary.md`, *Approving set*).
    fn conflict(&self, one: SeatId, two: SeatId) -> bool {
        let (left, right) = (&self.seats[one], &self.seats[two]);
        match left.function == right.function {
            true => left.domain == right.domain,
            false => !(self.same_person[left.domain] && self.same_person[right.domain]),
        }
    }

    /// The smallest filling of one way in which somebody fills each slot in their own name, or the slot was
    /// forged beforehand.
    fn fill(
        &self,
        index: usize,
        allowed: &dyn Fn(PersonId) -> bool,
        forged: &dyn Fn(SeatId) -> Option<usize>,
        at_most: usize,
    ) -> Option<Filling> {
        let slots = search::fill(self, allowed, forged, self.slots(&self.ways[index]), at_most)?;
        let mut filling = Filling {
            way: index,
            slots,
            people: 0,
        };
        filling.people = self.people(&filling).len();
        Some(filling)
    }

    /// The smallest approving set while some people are away, if there is one.
    pub fn least(&self, away: &BTreeSet<PersonId>) -> Option<Filling> {
        let mut best: Option<Filling> = None;
        for index in 0..self.ways.len() {
            let at_most = best.as_ref().map_or(usize::MAX, |best| best.people.saturating_sub(1));
            if best.as_ref().is_some_and(|best| best.people == 0) {
                break;
            }
            if let Some(filling) = self.fill(index, &|person| !away.contains(&person), &|_| None, at_most) {
                best = Some(filling);
            }
        }
        best
    }

    /// Every way that people can fill, each with its smallest filling.
    pub fn fillable(&self) -> Vec<Filling> {
        (0..self.ways.len())
            .filter_map(|way| self.fill(way, &|_| true, &|_| None, usize::MAX))
            .collect()
    }

    fn control_paths(&self, seat: SeatId, path: usize, coalition: &BTreeSet<PersonId>, reading: Reading) -> bool {
        let formula = &self.seats[seat].control_paths[path];
        match reading {
            Reading::Apart => !self.software.contains(&(seat, path)) && formula.met(coalition, false, &self.steps),
            Reading::Said => formula.met(coalition, false, &self.steps),
            Reading::Possible => formula.met(coalition, true, &self.steps),
        }
    }

    /// The first control path of each seat that a coalition has.
    fn first_control_paths(&self, coalition: &BTreeSet<PersonId>, reading: Reading) -> Vec<Option<usize>> {
        let first =
            |seat: SeatId| (0..self.seats[seat].control_paths.len()).find(|path| self.control_paths(seat, *path, coalition, reading));
        (0..self.seats.len()).map(first).collect()
    }

    /// The smallest coalition that stands behind every slot of some approving set, and how. An unnamed person
    /// counts as one.
    pub fn effective(&self, nominal: usize) -> Option<Coalition> {
        if nominal == 0 {
            let filling = self.least(&BTreeSet::new())?;
            let people = BTreeSet::new();
            return Some(Coalition { size: 0, filling, people });
        }
        let mut controllers = BTreeSet::new();
        self.seats
            .iter()
            .flat_map(|seat| &seat.control_paths)
            .for_each(|path| path.people(&mut controllers));
        // People with the same seats and the same control are tried in order, so that no coalition is tried
        // twice under other names.
        let places = self.places();
        let mut last: BTreeMap<_, (PersonId, usize)> = BTreeMap::new();
        let mut candidates: Vec<(PersonId, Option<PersonId>)> = Vec::new();
        let mut plain: BTreeMap<Vec<Vec<bool>>, BTreeSet<PersonId>> = BTreeMap::new();
        for person in self.everybody().into_iter().filter(|person| !controllers.contains(person)) {
            plain.entry(self.signature(person)).or_default().insert(person);
        }
        let plain = plain.into_values().flatten();
        for person in controllers.iter().copied().chain(plain) {
            let kind = (
                self.signature(person),
                places.get(&person).cloned().unwrap_or_default(),
                self.circle_places(person),
            );
            let before = last.get(&kind).copied();
            let count = before.map_or(0, |(_, count)| count);
            if count < nominal {
                candidates.push((person, before.map(|(person, _)| person)));
                last.insert(kind, (person, count + 1));
            }
        }
        for size in 1..=nominal {
            // Named people come first: a path with names is more useful than one of somebody unknown.
            let apart = (!self.software.is_empty()).then_some(Reading::Apart);
            for reading in apart.into_iter().chain([Reading::Said, Reading::Possible]) {
                let mut coalition = BTreeSet::new();
                if let Some((filling, people)) = self.coalition(&candidates, 0, size, &mut coalition, reading) {
                    return Some(Coalition { size, filling, people });
                }
                if self.exhausted() {
                    return None;
                }
            }
        }
        None
    }

    /// Somebody who can approve nothing here and alone makes every approval of some way appear, and how; the
    /// person is `None` if unnamed.
    pub fn forged(&self) -> Option<(Option<PersonId>, Filling)> {
        let mut controllers = BTreeSet::new();
        self.seats
            .iter()
            .flat_map(|seat| &seat.control_paths)
            .for_each(|path| path.people(&mut controllers));
        let everybody = self.everybody();
        let alone = |coalition: &BTreeSet<PersonId>, reading: Reading| {
            let control_paths = self.first_control_paths(coalition, reading);
            let filled = |way| self.fill(way, &|_| false, &|seat| control_paths[seat], usize::MAX);
            (0..self.ways.len()).find_map(filled).filter(|filling| !filling.slots.is_empty())
        };
        let outsiders = || {
            controllers
                .iter()
                .filter(|person| !everybody.contains(person))
                .take_while(|_| !self.exhausted())
        };
        let one = |reading| outsiders().find_map(|person| Some((Some(*person), alone(&BTreeSet::from([*person]), reading)?)));
        let unnamed = || alone(&BTreeSet::new(), Reading::Possible).map(|filling| (None, filling));
        // The person who is known to control the rest may also control something unstated.
        one(Reading::Apart)
            .or_else(|| one(Reading::Said))
            .or_else(unnamed)
            .or_else(|| one(Reading::Possible))
    }

    /// Everybody who alone can fill or control every slot of some way, according to the files; and whether an
    /// unnamed person may.
    pub fn alone(&self) -> (BTreeSet<PersonId>, bool) {
        let mut able = self.everybody();
        self.seats
            .iter()
            .flat_map(|seat| &seat.control_paths)
            .for_each(|path| path.people(&mut able));
        able.retain(|person| !self.exhausted() && self.behind(&BTreeSet::from([*person]), Reading::Said).is_some());
        (able, self.behind(&BTreeSet::new(), Reading::Possible).is_some())
    }

    /// Everybody who can approve nothing here and alone makes every approval of some way appear, by what the
    /// files state.
    pub fn forgers(&self) -> BTreeSet<PersonId> {
        let everybody = self.everybody();
        let mut able = BTreeSet::new();
        self.seats
            .iter()
            .flat_map(|seat| &seat.control_paths)
            .for_each(|path| path.people(&mut able));
        able.retain(|person| {
            let one = BTreeSet::from([*person]);
            let gripped = |seat: &SeatId| {
                self.seats[*seat]
                    .control_paths
                    .iter()
                    .any(|path| path.met(&one, false, &self.steps))
            };
            !self.exhausted() && !everybody.contains(person) && self.ways.iter().any(|way| !way.is_empty() && way.keys().all(gripped))
        });
        able
    }

    fn coalition(
        &self,
        candidates: &[(PersonId, Option<PersonId>)],
        from: usize,
        size: usize,
        coalition: &mut BTreeSet<PersonId>,
        reading: Reading,
    ) -> Option<(Filling, BTreeSet<PersonId>)> {
        // Smaller coalitions have failed already. A coalition without names is the one unknown person.
        if (coalition.len() == size || (coalition.is_empty() && size == 1))
            && let Some(filling) = self.behind(coalition, reading)
        {
            return Some((filling, coalition.clone()));
        }
        if coalition.len() == size || self.exhausted() {
            return None;
        }
        for index in from..candidates.len() {
            let (person, before) = candidates[index];
            if before.is_some_and(|before| !coalition.contains(&before)) {
                continue;
            }
            coalition.insert(person);
            let found = self.coalition(candidates, index + 1, size, coalition, reading);
            coalition.remove(&person);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// How a coalition fills or controls every slot of some way, in their own names as far as possible.
    fn behind(&self, coalition: &BTreeSet<PersonId>, reading: Reading) -> Option<Filling> {
        let mut control_paths = self.first_control_paths(coalition, reading);
        if reading == Reading::Possible {
            let known = self.first_control_paths(coalition, Reading::Said);
            control_paths
                .iter_mut()
                .zip(known)
                .for_each(|(path, known)| *path = known.or(*path));
        }
        self.filled_by(coalition, &|seat| control_paths[seat])
    }

    /// The filling of the first way that these people can fill in their own names, or that was forged beforehand.
    pub fn filled_by(&self, people: &BTreeSet<PersonId>, forged: &dyn Fn(SeatId) -> Option<usize>) -> Option<Filling> {
        (0..self.ways.len()).find_map(|way| self.fill(way, &|person| people.contains(&person), forged, usize::MAX))
    }

    /// The natural persons who can approve anything.
    fn everybody(&self) -> BTreeSet<PersonId> {
        self.seats
            .iter()
            .flat_map(|seat| &seat.eligible)
            .map(|name| self.human(*name))
            .collect()
    }

    /// The seats of a natural person, name by name; people with the same ones are interchangeable.
    fn signature(&self, person: PersonId) -> Vec<Vec<bool>> {
        let others = self.behind.iter().filter(|(_, human)| **human == person).map(|(name, _)| *name);
        let names = std::iter::once(person).chain(others.filter(|name| *name != person));
        let seats = |name: PersonId| self.seats.iter().map(|seat| seat.eligible.contains(&name)).collect::<Vec<bool>>();
        let mut seats: Vec<Vec<bool>> = names.map(seats).filter(|seats| seats.contains(&true)).collect();
        seats.sort_unstable();
        seats
    }

    /// The fewest people without whom no approving set remains; empty if there is none anyway.
    pub fn resilience(&self) -> Option<usize> {
        let first = self.least(&BTreeSet::new())?;
        match first.slots.is_empty() {
            true => Some(usize::MAX),
            false => Some(self.cut().len().saturating_sub(1)),
        }
    }

    /// The fewest people without whom no approving set remains; empty if there is none anyway.
    pub fn cut(&self) -> BTreeSet<PersonId> {
        let mut types: BTreeMap<Vec<Vec<bool>>, Vec<PersonId>> = BTreeMap::new();
        for person in self.everybody() {
            types.entry(self.signature(person)).or_default().push(person);
        }
        let types: Vec<Vec<PersonId>> = types.into_values().collect();
        let most = self.ways.iter().map(|way| self.slots(way).len()).max().unwrap_or(0);
        let mut cut = cut::Cut {
            problem: self,
            types,
            most,
            seen: HashSet::new(),
            best: usize::MAX,
            away: BTreeSet::new(),
        };
        let none = vec![0; cut.types.len()];
        cut.branch(none, 0);
        cut.away
    }
}
