//! Small random requirements: whether one entails another, answered a second time for every number of people and every input.

use crate::in_process::model;
use crate::random::Random;
use quorate::facts::entailment::{Side, gap};
use quorate::model::{DomainId, FunctionId, Model};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How many pairs stand in one workspace, and how many workspaces a run tries.
const PAIRS: usize = 100;
const WORKSPACES: usize = 100;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_125;

/// The functions of the prelude, which are declared first.
const FUNCTIONS: [&str; 3] = ["business", "security", "privacy"];

/// The most people of a function that any quorum here asks for.
const MOST: u32 = 2;

/// A quorum as it is meant and as it is written.
enum Quorum {
    Seat(u32, usize),
    AtLeast(u32, Vec<Quorum>),
}

impl Quorum {
    fn random(random: &mut Random, depth: u32) -> Quorum {
        match random.below(if depth == 0 { 3 } else { 6 }) {
            0 | 1 => Quorum::Seat(1, random.below(3)),
            2 => Quorum::Seat(1 + random.below(2) as u32, random.below(3)),
            _ => {
                let parts: Vec<Quorum> = (0..2 + random.below(2)).map(|_| Quorum::random(random, depth - 1)).collect();
                Quorum::AtLeast(1 + random.below(parts.len()) as u32, parts)
            }
        }
    }

    fn written(&self) -> String {
        match self {
            Quorum::Seat(1, function) => FUNCTIONS[*function].to_owned(),
            Quorum::Seat(count, function) => format!("{count} {}", FUNCTIONS[*function]),
            Quorum::AtLeast(need, parts) => {
                let parts: Vec<String> = parts.iter().map(Quorum::written).collect();
                format!("{need} of ({})", parts.join(", "))
            }
        }
    }

    fn met(&self, given: &[u32; 3]) -> bool {
        match self {
            Quorum::Seat(count, function) => given[*function] >= *count,
            Quorum::AtLeast(need, parts) => parts.iter().filter(|part| part.met(given)).count() >= *need as usize,
        }
    }
}

/// A domain: a quorum up to some number of records, one beyond it, and perhaps one for emergencies.
struct Domain {
    up_to: Option<u32>,
    tiers: Vec<Quorum>,
    emergency: Option<Quorum>,
}

impl Domain {
    fn random(random: &mut Random) -> Domain {
        let up_to = (random.below(2) == 0).then(|| random.below(9) as u32);
        let tiers = (0..if up_to.is_some() { 2 } else { 1 })
            .map(|_| Quorum::random(random, 2))
            .collect();
        Domain {
            up_to,
            tiers,
            emergency: (random.below(4) == 0).then(|| Quorum::random(random, 1)),
        }
    }

    fn written(&self, name: &str, class: &str) -> String {
        let mut text = format!("domain {name} {{\n  covers write {class}\n  input records integer from 0 to 9\n");
        match self.up_to {
            Some(up_to) => {
                text.push_str(&format!("  approve {} when records <= {up_to}\n", self.tiers[0].written()));
                text.push_str(&format!("  approve {} otherwise\n", self.tiers[1].written()));
            }
            None => text.push_str(&format!("  approve {}\n", self.tiers[0].written())),
        }
        if let Some(emergency) = &self.emergency {
            text.push_str(&format!("  emergency {{ approve {} }}\n", emergency.written()));
        }
        text + "}\n"
    }

    fn asks(&self, records: u32, emergency: bool) -> &Quorum {
        match (&self.emergency, self.up_to) {
            (Some(urgent), _) if emergency => urgent,
            (_, Some(up_to)) if records > up_to => &self.tiers[1],
            (_, _) => &self.tiers[0],
        }
    }
}

/// Every number of people of each function.
fn everybody() -> Vec<[u32; 3]> {
    let counts = || 0..=MOST;
    counts()
        .flat_map(|one| counts().flat_map(move |two| counts().map(move |three| [one, two, three])))
        .collect()
}

fn function(model: &Model, name: &str) -> FunctionId {
    let place = model.functions.iter().position(|function| *function.meta.name == *name);
    FunctionId(place.expect("it is in the prelude") as u32)
}

/// How many gaps there are, how many of these in an emergency, and how many pairs have none.
type Seen = [usize; 3];

fn held_against(triples: &[[Domain; 3]], workspace: usize) -> Seen {
    let mut text = String::from("data thing\n");
    for (number, domains) in triples.iter().enumerate() {
        for (place, domain) in domains.iter().enumerate() {
            text.push_str(&domain.written(&format!("d{number}_{place}"), "thing"));
        }
    }
    let model = &model(&text);
    let ids: BTreeMap<&str, DomainId> = (0..)
        .map(DomainId)
        .zip(&model.domains)
        .map(|(id, domain)| (&*domain.meta.name, id))
        .collect();
    let (mut gaps, mut none, mut urgent) = (0, 0, 0);
    for (number, domains) in triples.iter().enumerate() {
        let id = |place: usize| ids[&*format!("d{number}_{place}")];
        // Of every second one, two domains decide what is changed, and one of these also what it becomes.
        let (from, to) = ([id(0), id(1)], [id(1), id(2)]);
        let source = Side {
            domains: &from[..1 + number % 2],
            rules: &[],
        };
        let target = Side {
            domains: &to[1 - number % 2..],
            rules: &[],
        };
        let sources = &domains[..1 + number % 2];
        let targets = &domains[2 - number % 2..];
        let emergencies = if sources.iter().any(|domain| domain.emergency.is_some()) {
            2
        } else {
            1
        };
        let expected = (0..emergencies).any(|emergency| {
            (0..=9).any(|records| {
                everybody().iter().any(|given| {
                    let meets = |domain: &Domain| domain.asks(records, emergency == 1).met(given);
                    sources.iter().all(meets) && !targets.iter().all(meets)
                })
            })
        });
        let told = |what: &str| {
            let written: Vec<String> = domains.iter().map(|domain| domain.written("d", "thing")).collect();
            format!("pair {number} of workspace {workspace}, seed {SEED}: {what}\n{}", written.concat())
        };
        let found = gap(model, source, target).expect("small requirements can be looked at");
        assert_eq!(found.is_some(), expected, "{}", told("whether there is a gap"));
        let Some(found) = found else {
            none += 1;
            continue;
        };
        gaps += 1;
        urgent += usize::from(found.emergency);
        // The witness is one: it meets the source, not the target, and what is missing would mend it.
        let records = match found.cell.sample.get("records") {
            Some(quorate::syntax::ast::Literal::Integer(records)) => *records as u32,
            _ => 0,
        };
        let count = |also: bool| {
            FUNCTIONS.map(|name| {
                let id = function(model, name);
                let given = found.given.get(&id).copied().unwrap_or(0);
                let missing = found.missing.get(&id).copied().filter(|_| also).unwrap_or(0);
                given.max(missing)
            })
        };
        let meets = |domains: &[Domain], given: [u32; 3]| domains.iter().all(|domain| domain.asks(records, found.emergency).met(&given));
        assert!(meets(sources, count(false)), "{}", told("people who may not decide"));
        assert!(!meets(targets, count(false)), "{}", told("people who may decide both"));
        let unmet = |given: [u32; 3]| {
            targets
                .iter()
                .filter(|domain| !domain.asks(records, found.emergency).met(&given))
                .count()
        };
        assert!(
            unmet(count(true)) < unmet(count(false)),
            "{}",
            told("what it reports as missing does not close the gap")
        );
    }
    [gaps, urgent, none]
}

#[test]
fn a_gap_is_found_exactly_where_there_is_one() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {PAIRS} pairs");
    let mut random = Random::new(SEED);
    let workspaces: Vec<Vec<[Domain; 3]>> = (0..WORKSPACES)
        .map(|_| (0..PAIRS).map(|_| [(); 3].map(|()| Domain::random(&mut random))).collect())
        .collect();
    let each = workspaces
        .par_iter()
        .enumerate()
        .map(|(number, triples)| held_against(triples, number));
    let [gaps, urgent, none] = each.reduce(Seen::default, |one, two| [0, 1, 2].map(|place| one[place] + two[place]));
    println!("{gaps} gaps, {urgent} in an emergency, {none} none");
    assert!(gaps > 1_000 && none > 1_000 && urgent > 200, "the pairs are too much alike");
}
