//! Small random organisations, changed: what means nothing changes no finding, and what means something moves the numbers one way only.

use crate::decision_oracle::Found;
use crate::in_process::model_on;
use crate::metamorphic::{all_said, shuffle};
use crate::organisation::{Organisation, Quorum, date};
use crate::random::Random;
use crate::renaming::renamed;
use crate::silence::{Files, compiled};
use quorate::compile::Compilation;
use quorate::facts::derive;
use quorate::facts::verdict::{Answer, Verdict};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How many organisations stand in one workspace, and how many workspaces a run tries.
const ORGANISATIONS: usize = 30;
const WORKSPACES: usize = 10;

/// How many pairs of an organisation and the same with a change stand in one workspace, and how many workspaces a run tries.
const PAIRS: usize = 50;
const CHANGED: usize = 60;

/// Where the rows of random numbers begin.
const SEED: u64 = 20_261_133;

/// What stands before the declarations of every workspace.
const HEAD: &str = "workspace test \"Test\"\n";

/// Where several domains decide one thing, the finding is at the first by name; so there is one in each of these.
fn drawn(random: &mut Random) -> Vec<Organisation> {
    let mut one = |number| {
        let mut own = Organisation::random(random, number);
        own.domains.truncate(1);
        own.delegations.iter_mut().for_each(|one| one.domains.truncate(1));
        own
    };
    (0..ORGANISATIONS).map(&mut one).collect()
}

fn file(declarations: &[String]) -> String {
    format!("module test.main\n{}", declarations.concat())
}

/// The same in other shapes: in another order, in several files, beside something unrelated, under other names.
fn shapes(random: &mut Random, declarations: &[String]) -> [(&'static str, Files); 4] {
    let head = || ("head.gov".to_owned(), HEAD.to_owned());
    let mut other = declarations.to_vec();
    shuffle(random, &mut other);
    let mut parts = vec![Vec::new(); 3];
    for one in declarations {
        parts[random.below(3)].push(one.clone());
    }
    let parts = parts
        .iter()
        .enumerate()
        .map(|(place, part)| (format!("part{place}.gov"), file(part)));
    let beside = (
        "far.gov".to_owned(),
        format!("module test.far\n{}", Organisation::random(random, 999).written()),
    );
    let names = names(declarations);
    [
        ("in another order", vec![head(), ("main.gov".to_owned(), file(&other))]),
        ("in several files", std::iter::once(head()).chain(parts).collect()),
        (
            "beside another one",
            vec![head(), ("main.gov".to_owned(), file(declarations)), beside],
        ),
        (
            "under other names",
            vec![head(), ("main.gov".to_owned(), renamed(&file(declarations), &names))],
        ),
    ]
}

/// Every name that is declared, each with another one that sorts the other way round.
fn names(declarations: &[String]) -> Vec<(String, String)> {
    let declared = declarations.iter().filter(|one| !one.starts_with("adopt"));
    let names: Vec<&str> = declared.filter_map(|one| one.split_whitespace().nth(1)).collect();
    let places = (0..names.len()).rev();
    names
        .iter()
        .zip(places)
        .map(|(name, place)| ((*name).to_owned(), format!("n{place:04}")))
        .collect()
}

/// How many findings there are of each check at each declaration.
fn counted(compilation: &Compilation, back: &BTreeMap<String, String>) -> BTreeMap<(String, String), usize> {
    let mut all = BTreeMap::new();
    for finding in &compilation.findings {
        let own = finding.finding.subject.rsplit('.').next().unwrap_or("");
        let mut name = back.get(own).cloned().unwrap_or_else(|| own.to_owned());
        let code = finding.code.map_or("", |code| code.id).to_owned();
        // If two entries share an account, the finding is at one of the two, which depends on their order.
        if code == "GOV119" {
            name.truncate(name.find('_').unwrap_or(name.len()));
        }
        *all.entry((code, name)).or_default() += 1;
    }
    all
}

#[test]
fn in_another_shape_the_same_is_found() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {ORGANISATIONS} organisations");
    let mut random = Random::new(SEED);
    let workspaces: Vec<_> = (0..WORKSPACES)
        .map(|_| {
            let declarations: Vec<String> = drawn(&mut random).iter().flat_map(Organisation::declarations).collect();
            let shapes = shapes(&mut random, &declarations);
            (declarations, shapes)
        })
        .collect();
    let each = workspaces.par_iter().map(|(declarations, shapes)| {
        let head = ("head.gov".to_owned(), HEAD.to_owned());
        let whole = compiled(&vec![head, ("main.gov".to_owned(), file(declarations))]);
        assert!(whole.errors.is_empty(), "{:?}", whole.errors.first());
        let expected = all_said(&whole.findings);
        for (what, files) in shapes {
            let other = compiled(files);
            assert!(other.errors.is_empty(), "{what}: {:?}", other.errors.first());
            if *what != "beside another one" {
                // Which of several people is shown for a fault may hang on the order; what is at fault does not.
                let back = match *what {
                    "under other names" => names(declarations).into_iter().map(|(from, to)| (to, from)).collect(),
                    _ => BTreeMap::new(),
                };
                let (before, now) = (counted(&whole, &BTreeMap::new()), counted(&other, &back));
                let differ: Vec<_> = before.iter().filter(|(about, count)| now.get(about) != Some(count)).collect();
                let more: Vec<_> = now.keys().filter(|about| !before.contains_key(about)).collect();
                assert!(differ.is_empty() && more.is_empty(), "{what}: {differ:?} {more:?}");
                continue;
            }
            let own = other.findings.iter().filter(|one| !one.finding.subject.starts_with("test.far"));
            let now = all_said(own);
            let less: Vec<_> = expected.iter().filter(|one| !now.contains(one)).take(3).collect();
            let more: Vec<_> = now.iter().filter(|one| !expected.contains(one)).take(3).collect();
            assert!(now == expected, "{what}: less {less:#?} more {more:#?}");
        }
        expected.len()
    });
    let found: usize = each.sum();
    println!("{found} findings");
    assert!(found > WORKSPACES * ORGANISATIONS * 3, "there is little to be found");
}

/// Every answer of a verdict, with the tiers it is for and whether it is for an emergency.
fn answers(verdict: &Verdict) -> impl Iterator<Item = ((Vec<Option<usize>>, bool), &Answer)> {
    verdict.cells.iter().flat_map(|cell| {
        let normal = std::iter::once(((cell.cell.tiers.clone(), false), &cell.normal));
        normal.chain(cell.emergency.iter().map(|answer| ((cell.cell.tiers.clone(), true), answer)))
    })
}

/// Tries a change on many organisations. `compared` says whether the change told something, or what is wrong.
fn changed(seed: u64, change: impl Fn(&mut Random, &mut Organisation), compared: impl Fn(&Answer, &Answer) -> Result<bool, String> + Sync) {
    println!("seed {seed}, {CHANGED} workspaces of {PAIRS} pairs");
    let mut random = Random::new(seed);
    let workspaces: Vec<Vec<[Organisation; 2]>> = (0..CHANGED)
        .map(|_| {
            let pairs = (0..PAIRS).map(|number| {
                let own = Organisation::random(&mut random, number);
                let mut other = own.clone();
                other.number += PAIRS;
                change(&mut random, &mut other);
                [own, other]
            });
            pairs.collect()
        })
        .collect();
    let each = workspaces.par_iter().map(|pairs| {
        let text: String = pairs.iter().flatten().map(Organisation::written).collect();
        let model = model_on(&text, date(0));
        let facts = derive(&model);
        let mut telling = 0;
        for [own, other] in pairs {
            let (before, after) = (Found::of(&model, &facts, own.number), Found::of(&model, &facts, other.number));
            let after: BTreeMap<_, _> = answers(after.verdict).collect();
            for (place, answer) in answers(before.verdict) {
                match compared(answer, after[&place]) {
                    Ok(tells) => telling += usize::from(tells),
                    Err(fault) => panic!("{place:?}: {fault}\n{}\n{}", own.written(), other.written()),
                }
            }
        }
        telling
    });
    let telling: usize = each.sum();
    println!("{telling} told something");
    assert!(telling > PAIRS * CHANGED / 20, "the changes tell little: {telling}");
}

#[test]
fn another_approver_never_makes_it_take_fewer() {
    let change = |random: &mut Random, own: &mut Organisation| {
        let place = random.below(own.domains.len());
        let domain = &mut own.domains[place];
        let more = Quorum::Seat(1 + random.below(2) as u32, random.below(3));
        let quorums = domain.tiers.iter_mut().map(|(quorum, _)| quorum).chain(&mut domain.emergency);
        for quorum in quorums {
            *quorum = Quorum::AtLeast(2, vec![quorum.clone(), more.clone()]);
        }
    };
    changed(SEED + 1, change, |before, after| {
        match (before.nominal.zip(before.effective), after.nominal.zip(after.effective)) {
            (None, Some(after)) => Err(format!("what nobody could decide takes {after:?}")),
            (Some(before), Some(after)) if after.0 < before.0 || after.1 < before.1 => Err(format!("{before:?}, and then {after:?}")),
            (before, after) => Ok(before != after),
        }
    });
}

#[test]
fn a_person_fewer_never_makes_more_resilient() {
    let change = |random: &mut Random, own: &mut Organisation| {
        let gone = own.people[random.below(own.people.len())].human;
        for person in own.people.iter_mut().filter(|person| person.human == gone) {
            person.until = Some(-10);
        }
    };
    // That nobody can decide is less than any number.
    changed(SEED + 2, change, |before, after| match (before.resilience, after.resilience) {
        (before, after) if after > before => Err(format!("{before:?} may be away, and with one fewer {after:?}")),
        (before, after) => Ok(before != after),
    });
}
