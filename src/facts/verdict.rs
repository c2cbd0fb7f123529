//! What it takes to decide: for each decision, in each cell, in the normal path and in an emergency.

use crate::facts::approval::{By, Filling, Problem, SeatOf, Way};
use crate::facts::as_of::{AsOf, teams_behind};
use crate::facts::atom::{Atom, Atoms};
use crate::facts::cell::{Cell, cells};
use crate::facts::control::{Control, ControlPath, Means};
use crate::facts::eligible::{Holder, eligible_at};
use crate::facts::one_function;
use crate::model::ways::MOST_WAYS;
use crate::model::{DataId, DomainId, EnforcementId, FunctionId, Model, PersonId, Quorum};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::model::ways::ways;

/// Which decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

impl GroupId {
    /// The place in the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The same governing domains behind the same enforcements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The governing domains, in order of their ids; undecided if none.
    pub domains: Vec<DomainId>,
    /// What stands in front of the system.
    pub enforcements: Vec<EnforcementId>,
}

impl Group {
    /// The decision of an atom.
    pub fn of(model: &Model, atom: &Atom, domains: Vec<DomainId>) -> Group {
        let mut enforcements: Vec<EnforcementId> = model.systems[atom.system.index()].enforced_by.iter().map(|at| at.value).collect();
        enforcements.sort_unstable();
        enforcements.dedup();
        Group { domains, enforcements }
    }
}

/// Why somebody stands behind a slot.
#[derive(Clone, Debug)]
pub enum Behind {
    /// In the person's own name.
    Holder(Holder),
    /// By control of something.
    ControlPath(ControlPath),
}

/// A slot and who stands behind it.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The domain.
    pub domain: DomainId,
    /// The function.
    pub function: FunctionId,
    /// Who and why.
    pub behind: Behind,
}

/// A way that people can fill.
#[derive(Clone, Debug)]
pub struct Possible {
    /// How many people of each function it takes: the largest number that one of the domains asks for.
    pub functions: BTreeMap<FunctionId, u32>,
    /// The fewest people it takes.
    pub people: usize,
    /// Such people.
    pub filled: Vec<Filled>,
}

/// The holders of one function, who together control what the approvals of the others depend on.
#[derive(Clone, Debug)]
pub struct OneFunction {
    /// Which.
    pub function: FunctionId,
    /// A minimal set of such people: none of them could be left out.
    pub people: Vec<PersonId>,
    /// Everybody who holds that function, and no other here, and has a part in that control.
    pub able: BTreeSet<PersonId>,
    /// What they stand behind, slot by slot.
    pub filled: Vec<Filled>,
}

/// What is required in one cell, in one path.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Every minimal way that people can fill.
    pub possible: Vec<Possible>,
    /// The collusion number; none if nobody can decide.
    pub nominal: Option<usize>,
    /// Such people.
    pub least: Vec<Filled>,
    /// The effective collusion number.
    pub effective: Option<usize>,
    /// Such a coalition, slot by slot.
    pub coalition: Vec<Filled>,
    /// Those in it who are named.
    pub together: Vec<PersonId>,
    /// How many people may be away; `usize::MAX` where nobody is needed.
    pub resilience: Option<usize>,
    /// The fewest people without whom nobody can decide.
    pub needed: Vec<PersonId>,
    /// Everybody without whom nobody can decide, under whatever name: what they ask for, or have done for them, nobody
    /// can approve.
    pub indispensable: BTreeSet<PersonId>,
    /// How one person without any function here makes every approval appear, slot by slot; empty if nobody can.
    pub forged: Vec<Filled>,
    /// That person, if named.
    pub forger: Option<PersonId>,
    /// Everybody who can bring it about alone, according to the files; empty if it takes more people.
    pub alone: BTreeSet<PersonId>,
    /// Whether an unnamed person may do so.
    pub unnamed: bool,
    /// Everybody who, according to the files, can make every approval appear without holding a function here.
    pub forgers: BTreeSet<PersonId>,
    /// How the holders of one function, and of no other here, stand behind every slot by control of something.
    pub one_function: Vec<OneFunction>,
    /// The search reached its limit of steps, so there may be a smaller coalition, or more people who can.
    pub unfinished: bool,
}

/// What is required in one cell.
#[derive(Clone, Debug)]
pub struct CellVerdict {
    /// The cell.
    pub cell: Cell,
    /// In the normal path.
    pub normal: Answer,
    /// In an emergency, where a governing domain has one.
    pub emergency: Option<Answer>,
}

/// What it takes to decide.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// For each cell.
    pub cells: Vec<CellVerdict>,
    /// There are more cells or more ways than can be tried, so nothing is known.
    pub too_large: bool,
    /// Too many people and teams have a part in control to try everything.
    pub entangled: bool,
}

impl Verdict {
    /// The cell in which the fewest people suffice, emergencies among them, and that answer.
    pub fn weakest(&self) -> Option<(&CellVerdict, &Answer, bool)> {
        let normal = self.cells.iter().map(|cell| (cell, &cell.normal, false));
        let emergency = self
            .cells
            .iter()
            .filter_map(|cell| cell.emergency.as_ref().map(|answer| (cell, answer, true)));
        normal
            .chain(emergency)
            .filter(|(_, answer, _)| answer.nominal.is_some())
            .min_by_key(|(_, answer, emergency)| (answer.effective, answer.nominal, *emergency))
    }

    /// The smallest resilience over the cells; none if some cell cannot be decided at all.
    pub fn resilience(&self) -> Option<usize> {
        self.cells.iter().map(|cell| cell.normal.resilience).min().flatten()
    }
}

/// The governing domains of each atom: those whose `covers`, without `except`, includes it.
pub fn governing(model: &Model, atoms: &Atoms) -> Vec<Vec<DomainId>> {
    let mut by_data: BTreeMap<DataId, Vec<usize>> = BTreeMap::new();
    for (index, atom) in atoms.list.iter().enumerate() {
        by_data.entry(atom.data).or_default().push(index);
    }
    let mut governing: Vec<Vec<DomainId>> = vec![Vec::new(); atoms.list.len()];
    // Sorted by id, so that the first domain of a decision does not depend on the order of declarations.
    let mut order: Vec<DomainId> = (0..model.domains.len()).map(|index| DomainId(index as u32)).collect();
    order.sort_by_key(|id| &model.domains[id.index()].meta.id);
    for id in order {
        for grant in &model.domains[id.index()].covers {
            for leaf in crate::facts::atom::leaves(model, &grant.data, &grant.except) {
                for at in by_data.get(&leaf).into_iter().flatten() {
                    let atom = atoms.list[*at];
                    let system = grant.systems.is_empty() || grant.systems.contains(&atom.system);
                    let action = model.actions[grant.action.index()].leaves.binary_search(&atom.action).is_ok();
                    if system && action && governing[*at].last() != Some(&id) {
                        governing[*at].push(id);
                    }
                }
            }
        }
    }
    governing
}

/// Solves one decision.
pub fn solve(control: &Control<'_>, model: &Model, group: &Group) -> Verdict {
    solve_by(control, model, group, &AsOf::of(model.as_of))
}

/// Solves one decision as of one time.
pub fn solve_at(model: &Model, group: &Group, as_of: &AsOf) -> Verdict {
    let control = Control::of(model, as_of.day, teams_behind(model, group));
    solve_by(&control, model, group, as_of)
}

fn solve_by(control: &Control<'_>, model: &Model, group: &Group, as_of: &AsOf) -> Verdict {
    if group.domains.is_empty() {
        return Verdict::default();
    }
    let Some(cells) = cells(model, &group.domains) else {
        return Verdict {
            too_large: true,
            ..Verdict::default()
        };
    };
    let has_emergency = group.domains.iter().any(|domain| {
        model.domains[domain.index()]
            .emergency
            .as_ref()
            .is_some_and(|emergency| emergency.approve.is_some())
    });
    let mut known: BTreeMap<(Vec<Option<usize>>, bool), Option<Answer>> = BTreeMap::new();
    let mut verdict = Verdict::default();
    for cell in cells {
        let mut answer = |emergency: bool| {
            let key = (cell.tiers.clone(), emergency);
            known
                .entry(key)
                .or_insert_with(|| answer(control, model, group, as_of, &cell.tiers, emergency))
                .clone()
        };
        let normal = answer(false);
        let emergency = has_emergency.then(|| answer(true));
        let unfinished = |answer: &Option<Answer>| answer.as_ref().is_some_and(|answer| answer.unfinished);
        verdict.entangled |= unfinished(&normal) || emergency.as_ref().is_some_and(unfinished);
        verdict.too_large |= verdict.entangled || normal.is_none() || emergency.as_ref().is_some_and(Option::is_none);
        verdict.cells.push(CellVerdict {
            cell: cell.clone(),
            normal: normal.unwrap_or_default(),
            emergency: emergency.flatten(),
        });
    }
    verdict
}

/// The approvals needed if each domain asks for one of its tiers, or for its emergency quorum. None if there are too
/// many ways.
fn answer(control: &Control<'_>, model: &Model, group: &Group, as_of: &AsOf, tiers: &[Option<usize>], emergency: bool) -> Option<Answer> {
    let mut quorums: Vec<&Quorum> = Vec::new();
    for (domain, tier) in group.domains.iter().zip(tiers) {
        let own = &model.domains[domain.index()];
        let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
        match (urgent.filter(|_| emergency), tier) {
            (Some(quorum), _) => quorums.push(&quorum.value),
            (None, Some(tier)) => quorums.push(&own.tiers[*tier].quorum),
            (None, None) => return Some(Answer::default()),
        }
    }
    let enforcements = control.on_enforcements(&group.enforcements);
    let mut builder = Building {
        control,
        model,
        as_of,
        problem: Problem::default(),
        holders: Vec::new(),
        control_paths: Vec::new(),
        seats: BTreeMap::new(),
    };
    builder.problem.ways.push(Way::new());
    for (place, (domain, quorum)) in group.domains.iter().zip(quorums).enumerate() {
        let own = &model.domains[domain.index()];
        builder.problem.same_person.push(own.same_person.is_some());
        builder.join(place, *domain, quorum, &enforcements)?;
    }
    Some(builder.answer(group))
}

/// A problem being built, with what its numbers stand for.
struct Building<'a> {
    control: &'a Control<'a>,
    model: &'a Model,
    as_of: &'a AsOf,
    problem: Problem,
    holders: Vec<Vec<Holder>>,
    control_paths: Vec<Vec<ControlPath>>,
    seats: BTreeMap<(usize, FunctionId), usize>,
}

impl Building<'_> {
    fn seat(&mut self, place: usize, domain: DomainId, function: FunctionId, enforcements: &[ControlPath]) -> usize {
        if let Some(seat) = self.seats.get(&(place, function)) {
            return *seat;
        }
        let model = self.model;
        let holders = eligible_at(model, domain, function, self.as_of);
        let mut control_paths = self.control.on_seats(&model.domains[domain.index()].seats, function);
        control_paths.extend(self.control.on_place(domain));
        control_paths.extend(enforcements.iter().cloned());
        self.problem.seats.push(SeatOf {
            domain: place,
            function: function.index(),
            eligible: holders.iter().map(|holder| holder.named).collect(),
            control_paths: control_paths.iter().map(|control_path| control_path.formula.clone()).collect(),
        });
        let seat = self.problem.seats.len() - 1;
        let software = control_paths
            .iter()
            .enumerate()
            .filter(|(_, control_path)| control_path.means.is_software());
        self.problem.software.extend(software.map(|(number, _)| (seat, number)));
        let aliases = holders.iter().filter(|holder| holder.named != holder.person);
        self.problem.behind.extend(aliases.map(|holder| (holder.named, holder.person)));
        self.holders.push(holders);
        self.control_paths.push(control_paths);
        self.seats.insert((place, function), seat);
        seat
    }

    /// Takes the quorum of one more domain into every way.
    fn join(&mut self, place: usize, domain: DomainId, quorum: &Quorum, enforcements: &[ControlPath]) -> Option<()> {
        let options = ways(quorum)?;
        let before = std::mem::take(&mut self.problem.ways);
        if before.len().saturating_mul(options.len()) > MOST_WAYS {
            return None;
        }
        for way in &before {
            for option in &options {
                let mut joined = way.clone();
                for (function, count) in option {
                    let seat = self.seat(place, domain, *function, enforcements);
                    joined.insert(seat, *count);
                }
                self.problem.ways.push(joined);
            }
        }
        Some(())
    }

    /// The humans without whom nobody can decide.
    fn indispensable(&self, least: &Filling, needed: usize) -> BTreeSet<PersonId> {
        let problem = &self.problem;
        if needed != 1 && problem.behind.is_empty() {
            return BTreeSet::new();
        }
        let names: BTreeSet<PersonId> = problem.seats.iter().flat_map(|seat| seat.eligible.iter().copied()).collect();
        let mut humans = problem.people(least);
        humans.retain(|human| {
            let away = names.iter().copied().filter(|name| problem.human(*name) == *human);
            problem.least(&away.collect()).is_none()
        });
        humans
    }

    fn answer(&self, group: &Group) -> Answer {
        let problem = &self.problem;
        let nominal = problem.least(&BTreeSet::new());
        let effective = nominal.as_ref().and_then(|least| problem.effective(least.people));
        let forged = nominal.as_ref().and_then(|_| problem.forged());
        let (alone, unnamed) = match effective.as_ref().map(|found| found.size) {
            Some(1) => problem.alone(),
            Some(_) | None => Default::default(),
        };
        let forgers = forged.as_ref().map_or(BTreeSet::new(), |_| problem.forgers());
        let needed = nominal.as_ref().map_or(BTreeSet::new(), |_| problem.cut());
        let away = |least: &Filling| match least.slots.is_empty() {
            true => usize::MAX,
            false => needed.len().saturating_sub(1),
        };
        let possible = problem.fillable().into_iter().map(|filling| self.possible(group, &filling));
        Answer {
            possible: possible.collect(),
            nominal: nominal.as_ref().map(|least| least.people),
            least: nominal.as_ref().map_or(Vec::new(), |least| self.filled(group, least)),
            effective: effective.as_ref().map(|found| found.size),
            coalition: effective.as_ref().map_or(Vec::new(), |found| self.filled(group, &found.filling)),
            together: effective.map_or(Vec::new(), |found| found.people.into_iter().collect()),
            resilience: nominal.as_ref().map(away),
            indispensable: nominal
                .as_ref()
                .map_or(BTreeSet::new(), |least| self.indispensable(least, needed.len())),
            needed: needed.into_iter().collect(),
            forged: forged.as_ref().map_or(Vec::new(), |(_, filling)| self.filled(group, filling)),
            forger: forged.and_then(|(person, _)| person),
            alone,
            unnamed,
            forgers,
            one_function: self.one_function(group),
            unfinished: problem.exhausted(),
        }
    }

    fn one_function(&self, group: &Group) -> Vec<OneFunction> {
        let mut things: Vec<(Means, Vec<(usize, usize)>)> = Vec::new();
        for (seat, control_paths) in self.control_paths.iter().enumerate() {
            for (number, control_path) in control_paths
                .iter()
                .enumerate()
                .filter(|(_, control_path)| !control_path.means.is_software())
            {
                match things.iter_mut().find(|(means, _)| *means == control_path.means) {
                    Some((_, at)) => at.push((seat, number)),
                    None => things.push((control_path.means, vec![(seat, number)])),
                }
            }
        }
        let things: Vec<Vec<(usize, usize)>> = things.into_iter().map(|(_, at)| at).collect();
        let found = one_function::controlled(&self.problem, &things).into_iter().map(|one| {
            let filled = self.filled(group, &one.filling);
            let mut able = BTreeSet::new();
            for slot in &filled {
                match &slot.behind {
                    Behind::ControlPath(control_path) => control_path.formula.people(&mut able),
                    Behind::Holder(holder) => {
                        able.insert(holder.person);
                    }
                }
            }
            OneFunction {
                function: FunctionId(one.function as u32),
                people: one.people.into_iter().collect(),
                able: able.intersection(&one.holders).copied().collect(),
                filled,
            }
        });
        found.collect()
    }

    fn possible(&self, group: &Group, filling: &Filling) -> Possible {
        let mut functions: BTreeMap<FunctionId, u32> = BTreeMap::new();
        for (seat, count) in &self.problem.ways[filling.way] {
            let function = FunctionId(self.problem.seats[*seat].function as u32);
            let most = functions.entry(function).or_insert(0);
            *most = (*most).max(*count);
        }
        Possible {
            functions,
            people: filling.people,
            filled: self.filled(group, filling),
        }
    }

    fn filled(&self, group: &Group, filling: &Filling) -> Vec<Filled> {
        let slots = filling.slots.iter().map(|(seat, by)| {
            let own = &self.problem.seats[*seat];
            let behind = match by {
                By::Name(name) => Behind::Holder(self.holder(*seat, *name)),
                By::ControlPath(control_path) => Behind::ControlPath(self.control_paths[*seat][*control_path].clone()),
            };
            Filled {
                domain: group.domains[own.domain],
                function: FunctionId(own.function as u32),
                behind,
            }
        });
        slots.collect()
    }

    fn holder(&self, seat: usize, name: PersonId) -> Holder {
        let found = self.holders[seat].iter().find(|holder| holder.named == name);
        found.cloned().expect("whoever fills a seat is one of its holders")
    }
}
