//! How few people decide, how many may be away and who can forge, in small random organisations as they are written, answered a second
//! time by trying every group of people.

use crate::coalitions::{Able, Asked, Counting, Group, asked};
use crate::in_process::model_on;
use crate::organisation::{MOST, Organisation, Quorum, Values, date};
use crate::random::Random;
use quorate::facts::verdict::{Answer, Behind, Verdict};
use quorate::facts::{Facts, derive};
use quorate::model::{FunctionId, Model, PersonId};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many organisations stand in one workspace, and how many workspaces a run tries.
const ORGANISATIONS: usize = 100;
const WORKSPACES: usize = 100;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_131;

/// How often each thing was seen, so that the organisations are not too much alike.
pub type Seen = BTreeMap<&'static str, usize>;

fn and(mut one: Seen, two: Seen) -> Seen {
    two.into_iter().for_each(|(what, count)| *one.entry(what).or_default() += count);
    one
}

/// What was compiled of one organisation: who is who, and what deciding takes.
pub struct Found<'a> {
    model: &'a Model,
    number: usize,
    /// For each governing domain its place among those that were drawn.
    domains: Vec<usize>,
    pub verdict: &'a Verdict,
}

impl<'a> Found<'a> {
    /// The one decision of an organisation, which its first agent's task takes.
    pub fn of(model: &'a Model, facts: &'a Facts, number: usize) -> Found<'a> {
        let name = format!("m{number}_w");
        let task = model
            .tasks
            .iter()
            .position(|task| *task.meta.name == *name)
            .expect("it is declared");
        let [atom] = facts.scopes[task][..] else {
            panic!("organisation {number} has one decision");
        };
        let domains = facts.group(atom).domains.iter().map(|domain| {
            let name = &model.domains[domain.index()].meta.name;
            let place = name.rsplit_once("_d").map(|(_, place)| place.parse());
            place.and_then(Result::ok).expect("a domain is called by its place")
        });
        Found {
            model,
            number,
            domains: domains.collect(),
            verdict: facts.verdict(atom),
        }
    }

    fn group<'b>(&self, people: impl IntoIterator<Item = &'b PersonId>) -> Group {
        let own = format!("m{}_p", self.number);
        let bits = people.into_iter().map(|person| {
            let name = &self.model.people[person.index()].meta.name;
            let place = name.strip_prefix(&*own).and_then(|place| place.parse::<u32>().ok());
            1 << place.expect("it is one of its people")
        });
        bits.fold(0, |all: Group, bit: Group| all | bit)
    }

    /// The tiers of a cell in the order in which the domains were drawn.
    fn tiers(&self, tiers: &[Option<usize>]) -> Vec<Option<usize>> {
        let place = |domain| self.domains.iter().position(|own| *own == domain).expect("it governs");
        (0..self.domains.len()).map(|domain| tiers[place(domain)]).collect()
    }

    fn met(&self, demand: &Quorum, functions: &BTreeMap<FunctionId, u32>) -> bool {
        let mut given = [0; 3];
        for (function, count) in functions {
            let name = &*self.model.functions[function.index()].meta.name;
            let place = crate::organisation::FUNCTIONS.iter().position(|own| *own == name);
            given[place.expect("it is one of the prelude")] = *count;
        }
        demand.met(&given)
    }
}

/// The values that no limit refuses.
fn values(own: &Organisation) -> impl Iterator<Item = Values> {
    let limits = own.domains.iter().filter_map(|domain| domain.limit);
    let most = limits.map(|(most, _)| most).min().unwrap_or(MOST);
    (0..=most).flat_map(|records| [false, true].map(|urgent| (records, urgent)))
}

fn held_against(own: &Organisation, able: &Able<'_>, found: &Found<'_>, demand: &Quorum, seen: &mut Seen) -> Result<(), String> {
    let same = |what: &str, found: &dyn std::fmt::Debug, meant: &dyn std::fmt::Debug| {
        let (found, meant) = (format!("{found:?}"), format!("{meant:?}"));
        if found == meant {
            Ok(())
        } else {
            Err(format!("{what}: {found}, where {meant} is meant"))
        }
    };
    if found.verdict.too_large {
        return Err("too large".to_owned());
    }
    let tiers = |values: Values| -> Vec<Option<usize>> { own.domains.iter().map(|domain| domain.tier(values)).collect() };
    let cells: BTreeMap<Vec<Option<usize>>, Values> = values(own).map(|values| (tiers(values), values)).collect();
    let of_cells: BTreeSet<_> = found.verdict.cells.iter().map(|cell| found.tiers(&cell.cell.tiers)).collect();
    same("the cells", &of_cells, &cells.keys().cloned().collect::<BTreeSet<_>>())?;
    let has_emergency = own.domains.iter().any(|domain| domain.emergency.is_some());
    let mut weakest = None;
    let mut all_bear: Vec<Option<usize>> = Vec::new();
    for cell in &found.verdict.cells {
        let values = cells[&found.tiers(&cell.cell.tiers)];
        same("whether there is an emergency", &cell.emergency.is_some(), &has_emergency)?;
        for (answer, emergency) in std::iter::once((&cell.normal, false)).chain(cell.emergency.iter().map(|answer| (answer, true))) {
            let asked = asked(own, values, emergency);
            let told = |fault: String| format!("with {values:?}, emergency {emergency}: {fault}");
            let Some(asked) = asked else {
                same("no tier", &answer.nominal, &None::<usize>).map_err(told)?;
                all_bear.extend((!emergency).then_some(None));
                *seen.entry("no tier").or_default() += 1;
                continue;
            };
            let numbers = one_answer(able, found, answer, &asked, demand, seen).map_err(told)?;
            if let Some((nominal, effective)) = numbers {
                let weak = weakest.get_or_insert((effective, nominal));
                *weak = (*weak).min((effective, nominal));
            }
            all_bear.extend((!emergency).then(|| able.resilience(&asked)));
        }
    }
    let headline = found.verdict.weakest();
    let headline = headline.map(|(_, answer, _)| (answer.effective.unwrap_or(0), answer.nominal.unwrap_or(0)));
    same("the headline", &headline, &weakest)?;
    same(
        "the smallest resilience",
        &found.verdict.resilience(),
        &all_bear.into_iter().min().flatten(),
    )?;
    *seen.entry("several cells").or_default() += usize::from(cells.len() > 1);
    *seen.entry("several domains").or_default() += usize::from(own.domains.len() > 1);
    *seen.entry("emergencies").or_default() += usize::from(has_emergency);
    Ok(())
}

/// Compares one answer; its numbers, where somebody can decide.
fn one_answer(
    able: &Able<'_>,
    found: &Found<'_>,
    answer: &Answer,
    asked: &Asked<'_>,
    demand: &Quorum,
    seen: &mut Seen,
) -> Result<Option<(usize, usize)>, String> {
    let same = |what: &str, found: &dyn std::fmt::Debug, meant: &dyn std::fmt::Debug| {
        let (found, meant) = (format!("{found:?}"), format!("{meant:?}"));
        if found == meant {
            Ok(())
        } else {
            Err(format!("{what}: {found}, where {meant} is meant"))
        }
    };
    let mut saw = |what: &'static str| *seen.entry(what).or_default() += 1;
    let nominal = able.fewest(Counting::Names, asked);
    same("the smallest approving set", &answer.nominal, &nominal)?;
    same("how many may be away", &answer.resilience, &able.resilience(asked))?;
    let unmet = answer.possible.iter().any(|way| !found.met(demand, &way.functions));
    same("whether a demand is left unmet", &unmet, &able.leaves_unmet(asked, demand))?;
    if unmet {
        saw("a demand is left unmet");
    }
    let Some(nominal) = nominal else {
        saw("nobody can decide");
        same("of what nobody decides", &answer.effective, &None::<usize>)?;
        return Ok(None);
    };
    let effective = able.fewest(Counting::All, asked).map(|people| people.max(1));
    same("the smallest coalition", &answer.effective, &effective)?;
    same("whether it can be forged", &!answer.forged.is_empty(), &able.forged(asked))?;
    // What is shown of it is so.
    let names = answer.least.iter().filter_map(|slot| match &slot.behind {
        Behind::Holder(holder) => Some(holder.person),
        Behind::ControlPath(_) => None,
    });
    let names: BTreeSet<PersonId> = names.collect();
    let shown = found.group(&names);
    same(
        "who approves",
        &(able.can(shown, Counting::Names, asked), names.len()),
        &(true, nominal),
    )?;
    let together = found.group(&answer.together);
    let behind = able.can(together, Counting::All, asked);
    same("who stands behind it", &behind, &true)?;
    let needed = found.group(&answer.needed);
    let without = able.can(able.everybody() & !needed, Counting::Names, asked);
    let bears = able.resilience(asked).map_or(0, |away| away + 1);
    same("who is needed", &(without, answer.needed.len()), &(false, bears))?;
    if effective == Some(1) {
        let alone = |counting| {
            let ones = able.groups.iter().filter(|group| group.count_ones() == 1);
            ones.filter(|one| able.can(**one, counting, asked)).fold(0, |all, one| all | one)
        };
        same("who can alone", &found.group(&answer.alone), &alone(Counting::Known))?;
        same("whether somebody unnamed can", &answer.unnamed, &able.can(0, Counting::All, asked))?;
    }
    saw(match (effective.unwrap_or(0), nominal) {
        (1, 1) => "one person",
        (1, _) => "one person behind several names",
        (fewer, more) if fewer < more => "some people behind more names",
        (2, _) => "two people",
        (_, _) => "three people and more",
    });
    saw(match bears {
        1 => "bears no absence",
        2 => "bears one absence",
        _ => "bears several absences",
    });
    if !answer.forged.is_empty() {
        saw("forged from outside");
    }
    Ok(Some((nominal, effective.unwrap_or(0))))
}

#[test]
fn few_people_are_as_few_as_the_definition_says() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {ORGANISATIONS} organisations");
    let mut random = Random::new(SEED);
    let workspaces: Vec<(i64, Vec<(Organisation, Quorum)>)> = (0..WORKSPACES)
        .map(|_| {
            let day = random.below(10) as i64;
            let own = (0..ORGANISATIONS).map(|number| {
                let own = Organisation::random(&mut random, number);
                (own, Quorum::random(&mut random, 1))
            });
            (day, own.collect())
        })
        .collect();
    let each = workspaces.par_iter().map(|(day, all)| {
        let text: String = all.iter().map(|(own, _)| own.written()).collect();
        let model = model_on(&text, date(*day));
        let facts = derive(&model);
        let mut seen = Seen::new();
        for (own, demand) in all {
            let found = Found::of(&model, &facts, own.number);
            let able = Able::on(own, *day);
            if let Err(fault) = held_against(own, &able, &found, demand, &mut seen) {
                panic!("on {} {fault}\n{}", date(*day), own.written());
            }
        }
        seen
    });
    let seen = each.reduce(Seen::new, and);
    println!("{seen:#?}");
    assert!(
        seen.len() == 15 && seen.values().all(|count| *count > 400),
        "the organisations are too much alike: {seen:?}"
    );
}
