//! Small random feeds: where a write arrives, and the way there, answered a second time by trying every walk.

use crate::in_process::model;
use crate::random::Random;
use quorate::facts::flow::graph::{Flows, Location};
use quorate::model::{DataId, Model, SystemId};
use quorate::source::Span;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many groups of systems stand in one workspace, and how many workspaces a run tries.
const GROUPS: usize = 100;
const WORKSPACES: usize = 100;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_124;

/// The leaves; `thing` is the class around them.
const CLASSES: [&str; 3] = ["a", "b", "c"];

/// One `feeds` clause: from which system to which, what flows, and as what it arrives.
struct Feed {
    from: usize,
    to: usize,
    what: Vec<usize>,
    arrives: Option<Vec<usize>>,
    line: usize,
}

/// A place as a number of a system and of a class.
type Place = (usize, usize);

fn random_class(random: &mut Random) -> (Vec<usize>, &'static str) {
    match random.below(4) {
        3 => (vec![0, 1, 2], "thing"),
        class => (vec![class], ["thing.a", "thing.b", "thing.c"][class]),
    }
}

/// Writes a group of systems that feed each other.
fn group(random: &mut Random, number: usize, systems: usize, text: &mut String) -> Vec<Feed> {
    let mut feeds = Vec::new();
    let mut line = text.lines().count();
    for from in 0..systems {
        text.push_str(&format!("system g{number}_s{from} {{\n  holds thing\n"));
        line += 2;
        let mut lines: Vec<String> = Vec::new();
        for _ in 0..random.below(4) {
            let to = random.below(systems);
            let (what, word) = random_class(random);
            let arrives = (random.below(3) == 0).then(|| random_class(random));
            let written = match &arrives {
                Some((_, other)) => format!("  feeds g{number}_s{to} with {word} as {other}\n"),
                None => format!("  feeds g{number}_s{to} with {word}\n"),
            };
            // No line occurs twice.
            if lines.contains(&written) {
                continue;
            }
            line += 1;
            text.push_str(&written);
            lines.push(written);
            // A class that arrives as itself goes leaf by leaf, said or not.
            let arrives = arrives.map(|(arrives, _)| arrives).filter(|arrives| *arrives != what);
            feeds.push(Feed {
                from,
                to,
                what,
                arrives,
                line,
            });
        }
        if lines.is_empty() {
            text.push_str("  feeds none\n");
            line += 1;
        }
        text.push_str("}\n");
        line += 1;
    }
    feeds
}

/// The places that one step leads to.
fn steps(feeds: &[Feed], (system, class): Place) -> Vec<(usize, Place)> {
    let own = feeds
        .iter()
        .enumerate()
        .filter(|(_, feed)| feed.from == system && feed.what.contains(&class));
    own.flat_map(|(index, feed)| {
        let arrives = feed.arrives.clone().unwrap_or_else(|| vec![class]);
        arrives.into_iter().map(move |class| (index, (feed.to, class)))
    })
    .collect()
}

/// Every place with every shortest walk of clauses to it, by trying all walks of growing length.
fn shortest(feeds: &[Feed], start: Place) -> BTreeMap<Place, BTreeSet<Vec<usize>>> {
    let mut found: BTreeMap<Place, BTreeSet<Vec<usize>>> = BTreeMap::new();
    let mut walks: BTreeSet<(Place, Vec<usize>)> = BTreeSet::from([(start, Vec::new())]);
    while !walks.is_empty() {
        let longer: BTreeSet<(Place, Vec<usize>)> = walks
            .iter()
            .flat_map(|(at, walk)| {
                let further = steps(feeds, *at).into_iter();
                further.map(move |(feed, to)| (to, [&walk[..], &[feed]].concat()))
            })
            .filter(|(to, _)| *to != start && !found.contains_key(to))
            .collect();
        for (to, walk) in &longer {
            found.entry(*to).or_default().insert(walk.clone());
        }
        walks = longer;
    }
    found
}

/// The ids of the systems and classes of a group, by their numbers.
struct Ids {
    systems: Vec<SystemId>,
    classes: Vec<DataId>,
}

impl Ids {
    fn of(model: &Model, number: usize, systems: usize) -> Ids {
        let system = |own: usize| {
            let name = format!("g{number}_s{own}");
            let place = model.systems.iter().position(|one| *one.meta.name == *name);
            SystemId(place.expect("it is declared") as u32)
        };
        let class = |name: &&str| {
            let name = format!("thing.{name}");
            let place = model.data.iter().position(|one| *one.meta.name == *name);
            DataId(place.expect("it is declared") as u32)
        };
        Ids {
            systems: (0..systems).map(system).collect(),
            classes: CLASSES.iter().map(class).collect(),
        }
    }

    fn held(&self, (system, class): Place) -> Location {
        (self.systems[system], self.classes[class])
    }
}

/// A workspace of groups: the text, and of each group how many systems it has and what feeds what.
struct Drawn {
    text: String,
    groups: Vec<(usize, Vec<Feed>)>,
}

impl Drawn {
    fn random(random: &mut Random) -> Drawn {
        let mut text = String::from("data thing {\n  data a\n  data b\n  data c\n}\n");
        let groups = (0..GROUPS).map(|number| {
            let systems = 2 + random.below(4);
            (systems, group(random, number, systems, &mut text))
        });
        let groups = groups.collect();
        Drawn { text, groups }
    }
}

/// How many arrivals there are, and of how many steps the longest way is.
fn held_against(drawn: &Drawn, workspace: usize) -> (usize, usize) {
    let Drawn { text, groups } = drawn;
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let begins: Vec<usize> = std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect();
    let model = &model(text);
    let flows = Flows::of(model);
    let (mut arrivals, mut longest) = (0, 0);
    for (number, (systems, feeds)) in groups.iter().enumerate() {
        let ids = Ids::of(model, number, *systems);
        for start in (0..*systems).flat_map(|system| (0..CLASSES.len()).map(move |class| (system, class))) {
            let told = |what: &str| format!("group {number} of workspace {workspace}, seed {SEED}, from {start:?}: {what}");
            let expected: BTreeMap<Location, BTreeSet<Vec<usize>>> = shortest(feeds, start)
                .into_iter()
                .map(|(place, walks)| (ids.held(place), walks))
                .collect();
            let found = flows.from(ids.held(start));
            let places: Vec<Location> = found.iter().map(|arrival| arrival.at).collect();
            assert_eq!(
                places.iter().copied().collect::<BTreeSet<Location>>(),
                expected.keys().copied().collect(),
                "{}",
                told("the places")
            );
            assert_eq!(places.len(), expected.len(), "{}", told("each place once"));
            assert_eq!(flows.places(ids.held(start)), places, "{}", told("the places without the ways"));
            assert!(found.is_sorted_by_key(|arrival| arrival.way.len()), "{}", told("nearest first"));
            for arrival in &found {
                let line = |span: &Span| begins.partition_point(|begin| *begin <= span.start as usize);
                let walk: Option<Vec<usize>> = arrival
                    .way
                    .iter()
                    .map(|span| feeds.iter().position(|feed| feed.line == line(span)))
                    .collect();
                let walk = walk.unwrap_or_else(|| panic!("{}", told("a step without a `feeds` clause")));
                assert!(
                    expected[&arrival.at].contains(&walk),
                    "{}",
                    told("a way that is not a shortest one")
                );
                let through: Vec<SystemId> = walk.iter().map(|feed| ids.systems[feeds[*feed].to]).collect();
                assert_eq!(arrival.systems, through, "{}", told("the systems on the way"));
                longest = longest.max(walk.len());
                arrivals += 1;
            }
        }
    }
    (arrivals, longest)
}

#[test]
fn the_ways_of_a_write_are_the_shortest_there_are() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {GROUPS} groups of systems");
    let mut random = Random::new(SEED);
    let workspaces: Vec<Drawn> = (0..WORKSPACES).map(|_| Drawn::random(&mut random)).collect();
    let each = workspaces.par_iter().enumerate().map(|(number, drawn)| held_against(drawn, number));
    let (arrivals, longest) = each.reduce(Default::default, |one, two| (one.0 + two.0, one.1.max(two.1)));
    println!("{arrivals} arrivals, the longest way has {longest} steps");
    assert!(arrivals > GROUPS * WORKSPACES * 5 && longest >= 4, "the groups are too much alike");
}
