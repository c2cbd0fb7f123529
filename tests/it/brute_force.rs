//! Small random problems, answered a second time by brute force from the definitions of the meaning of the language.

use crate::random::Random;
use quorate::facts::approval::{By, Problem, SeatOf};
use quorate::facts::control::Formula;
use quorate::facts::verdict::ways;
use quorate::model::{FunctionId, PersonId, Quorum};
use std::collections::{BTreeMap, BTreeSet};

/// How many problems a run tries.
const MODELS: usize = 10_000;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_123;

/// Natural persons; the names above them are second names of one of these.
pub const PEOPLE: u32 = 5;

type People = BTreeSet<PersonId>;

/// A requirement: one quorum for each domain, over three functions.
pub struct Case {
    pub problem: Problem,
    pub quorums: Vec<Quorum>,
    /// The seat of each domain and function.
    pub seats: BTreeMap<(usize, usize), usize>,
}

fn quorum(random: &mut Random, depth: u32) -> Quorum {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0..=2 => Quorum::Seat(1, FunctionId(random.below(3) as u32)),
        3 => Quorum::Seat(1 + random.below(2) as u32, FunctionId(random.below(3) as u32)),
        4 if random.below(10) == 0 => Quorum::None,
        _ => {
            let parts: Vec<Quorum> = (0..1 + random.below(3)).map(|_| quorum(random, depth - 1)).collect();
            Quorum::Threshold(1 + random.below(parts.len()) as u32, parts)
        }
    }
}

fn formula(random: &mut Random, depth: u32) -> Formula {
    match random.below(if depth == 0 { 6 } else { 8 }) {
        0 if random.below(3) == 0 => Formula::Unknown,
        0 | 1 => Formula::Never,
        2..=5 => Formula::Person(PersonId(random.below(PEOPLE as usize) as u32)),
        _ => {
            let parts: Vec<Formula> = (0..1 + random.below(3)).map(|_| formula(random, depth - 1)).collect();
            Formula::Threshold(1 + random.below(parts.len()) as u32, parts)
        }
    }
}

pub fn case(random: &mut Random) -> Case {
    let domains = 1 + random.below(2);
    let mut case = Case {
        problem: Problem::default(),
        quorums: Vec::new(),
        seats: BTreeMap::new(),
    };
    // Now and then two names are one person.
    for second in 0..random.below(3) as u32 * random.below(2) as u32 {
        case.problem
            .behind
            .insert(PersonId(PEOPLE + second), PersonId(random.below(PEOPLE as usize) as u32));
    }
    let names = PEOPLE as usize + case.problem.behind.len();
    case.problem.ways.push(BTreeMap::new());
    for domain in 0..domains {
        case.problem.same_person.push(random.below(3) == 0);
        let own = quorum(random, 2);
        for function in own.functions() {
            let eligible = (0..[0, 1, 1, 2, 2, 3][random.below(6)])
                .map(|_| PersonId(random.below(names) as u32))
                .collect();
            let control_paths = (0..random.below(2)).map(|_| formula(random, 1)).collect();
            case.seats.insert((domain, function.index()), case.problem.seats.len());
            case.problem.seats.push(SeatOf {
                domain,
                function: function.index(),
                eligible,
                control_paths,
            });
        }
        let options = ways(&own).expect("small quorums have few ways");
        let before = std::mem::take(&mut case.problem.ways);
        for way in &before {
            for option in &options {
                let mut joined = way.clone();
                joined.extend(
                    option
                        .iter()
                        .map(|(function, count)| (case.seats[&(domain, function.index())], *count)),
                );
                case.problem.ways.push(joined);
            }
        }
        case.quorums.push(own);
    }
    case
}

/// Every minimal way to satisfy the quorums, straight from truth: numbers of different people for each seat that meet every
/// quorum, and of which none can be one less.
fn minimal(case: &Case) -> Vec<Vec<u32>> {
    let most: Vec<u32> = case
        .problem
        .seats
        .iter()
        .map(|seat| case.quorums[seat.domain].most(FunctionId(seat.function as u32)))
        .collect();
    let meets = |counts: &[u32]| {
        case.quorums
            .iter()
            .enumerate()
            .all(|(domain, quorum)| quorum.met(&|function| case.seats.get(&(domain, function.index())).map_or(0, |seat| counts[*seat])))
    };
    let mut all = vec![Vec::new()];
    for most in most {
        all = all
            .iter()
            .flat_map(|counts: &Vec<u32>| (0..=most).map(|count| [&counts[..], &[count]].concat()))
            .collect();
    }
    all.retain(|counts| {
        let fewer = (0..counts.len()).filter(|seat| counts[*seat] > 0).map(|seat| {
            let mut fewer = counts.clone();
            fewer[seat] -= 1;
            fewer
        });
        meets(counts) && !fewer.collect::<Vec<_>>().iter().any(|fewer| meets(fewer))
    });
    all
}

/// Every way to put somebody to each slot: a name, or a control path that the coalition holds.
fn fillings(case: &Case, slots: &[usize], able: &People, forging: bool) -> Vec<Vec<Option<PersonId>>> {
    let mut all: Vec<Vec<Option<PersonId>>> = vec![Vec::new()];
    for seat in slots {
        let own = &case.problem.seats[*seat];
        let named = own
            .eligible
            .iter()
            .filter(|name| able.contains(&case.problem.human(**name)))
            .map(|name| Some(*name));
        let forged = (forging && own.control_paths.iter().any(|control_path| control_path.holds(able))).then_some(None);
        let choices: Vec<Option<PersonId>> = named.chain(forged).collect();
        all = all
            .iter()
            .flat_map(|filled| choices.iter().map(|choice| [&filled[..], &[*choice]].concat()))
            .collect();
    }
    all.retain(|filled| {
        (0..filled.len()).all(|one| {
            (0..one).all(|two| {
                let (left, right) = (&case.problem.seats[slots[one]], &case.problem.seats[slots[two]]);
                let different = match left.function == right.function {
                    true => left.domain == right.domain,
                    false => !(case.problem.same_person[left.domain] && case.problem.same_person[right.domain]),
                };
                !different || filled[one].is_none() || filled[one] != filled[two]
            })
        })
    });
    all
}

fn slots(counts: &[u32]) -> Vec<usize> {
    counts
        .iter()
        .enumerate()
        .flat_map(|(seat, count)| std::iter::repeat_n(seat, *count as usize))
        .collect()
}

/// The size of the smallest approving set among some people.
fn least(case: &Case, minimal: &[Vec<u32>], able: &People) -> Option<usize> {
    let all = minimal.iter().flat_map(|counts| fillings(case, &slots(counts), able, false));
    let people = |filled: Vec<Option<PersonId>>| {
        filled
            .into_iter()
            .flatten()
            .map(|name| case.problem.human(name))
            .collect::<People>()
            .len()
    };
    all.map(people).min()
}

fn groups() -> Vec<People> {
    let mut all: Vec<People> = (0..1_u32 << PEOPLE)
        .map(|mask| (0..PEOPLE).filter(|person| mask & (1 << person) != 0).map(PersonId).collect())
        .collect();
    all.sort_by_key(BTreeSet::len);
    all
}

/// The size of the smallest coalition behind every slot of some approving set; a coalition of nobody named is one person who is not.
fn effective(case: &Case, minimal: &[Vec<u32>]) -> Option<usize> {
    let able = |coalition: &&People| {
        minimal
            .iter()
            .any(|counts| !fillings(case, &slots(counts), coalition, true).is_empty())
    };
    groups().iter().find(able).map(|coalition| coalition.len().max(1))
}

/// How many people may be away, whoever they are.
fn resilience(case: &Case, minimal: &[Vec<u32>]) -> Option<usize> {
    let everybody: People = (0..PEOPLE).map(PersonId).collect();
    least(case, minimal, &everybody)?;
    let fatal = groups()
        .into_iter()
        .filter(|away| least(case, minimal, &everybody.difference(away).copied().collect()).is_none())
        .map(|away| away.len())
        .min();
    Some(fatal.map_or(usize::MAX, |fatal| fatal - 1))
}

/// Whether one person who can approve nothing, or somebody nobody has named, has a control path on every slot of some way.
fn forged(case: &Case, minimal: &[Vec<u32>]) -> bool {
    let insiders: People = case
        .problem
        .seats
        .iter()
        .flat_map(|seat| &seat.eligible)
        .map(|name| case.problem.human(*name))
        .collect();
    groups()
        .iter()
        .filter(|group| group.len() <= 1 && group.is_disjoint(&insiders))
        .any(|alone| {
            minimal.iter().any(|counts| {
                let slots = slots(counts);
                let gripped = |seat: &usize| {
                    case.problem.seats[*seat]
                        .control_paths
                        .iter()
                        .any(|control_path| control_path.holds(alone))
                };
                !slots.is_empty() && slots.iter().all(gripped)
            })
        })
}

#[test]
fn approving_sets_are_those_of_the_definition() {
    println!("seed {SEED}, {MODELS} problems");
    let mut random = Random::new(SEED);
    let everybody: People = (0..PEOPLE).map(PersonId).collect();
    let mut seen = BTreeMap::<&str, usize>::new();
    for number in 0..MODELS {
        let case = case(&mut random);
        let problem = &case.problem;
        let minimal = minimal(&case);
        let told = |what: &str| format!("problem {number} of seed {SEED}: {what}\n{:#?}\n{:#?}", case.quorums, problem);
        let of_ways: BTreeSet<Vec<u32>> = problem
            .ways
            .iter()
            .map(|way| (0..problem.seats.len()).map(|seat| way.get(&seat).copied().unwrap_or(0)).collect())
            .collect();
        assert_eq!(of_ways, minimal.iter().cloned().collect(), "{}", told("the minimal ways"));
        let found = problem.least(&BTreeSet::new());
        let nominal = least(&case, &minimal, &everybody);
        assert_eq!(
            found.as_ref().map(|filling| filling.people),
            nominal,
            "{}",
            told("the smallest approving set")
        );
        for filling in found.iter().chain(&problem.fillable()) {
            let way = slots(
                &(0..problem.seats.len())
                    .map(|seat| problem.ways[filling.way].get(&seat).copied().unwrap_or(0))
                    .collect::<Vec<_>>(),
            );
            let names: Vec<Option<PersonId>> = filling
                .slots
                .iter()
                .map(|(_, by)| if let By::Name(name) = by { Some(*name) } else { None })
                .collect();
            assert!(
                fillings(&case, &way, &everybody, false).contains(&names),
                "{}",
                told("a filling that is none")
            );
        }
        assert_eq!(
            problem.resilience(),
            resilience(&case, &minimal),
            "{}",
            told("how many may be away")
        );
        assert_eq!(
            problem.forged().is_some(),
            forged(&case, &minimal),
            "{}",
            told("whether one outsider suffices")
        );
        if let Some(nominal) = nominal.filter(|nominal| *nominal > 0) {
            let needed = problem.cut();
            let left = everybody.difference(&needed).copied().collect();
            assert_eq!(least(&case, &minimal, &left), None, "{}", told("who is needed"));
            assert_eq!(Some(needed.len() - 1), problem.resilience(), "{}", told("how many are needed"));
            let coalition = problem.effective(nominal).map(|found| found.size);
            assert_eq!(coalition, effective(&case, &minimal), "{}", told("the smallest coalition"));
            *seen
                .entry(if coalition < Some(nominal) {
                    "control counts"
                } else {
                    "names count"
                })
                .or_default() += 1;
        } else {
            *seen
                .entry(if nominal.is_none() { "unreachable" } else { "nobody is asked" })
                .or_default() += 1;
        }
    }
    println!("{seen:?}");
    assert!(
        seen.len() == 4 && seen.values().all(|count| *count > MODELS / 200),
        "the problems are too much alike: {seen:?}"
    );
}
