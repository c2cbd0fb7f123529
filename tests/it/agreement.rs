//! Everybody who decides gives the same answer: the meaning of the model, both engines in this process, and the public tools.

mod near;

use crate::random::Random;
use crate::real;
use crate::sample;
use crate::tools::path_with;
use quorate::emit::agreement::hold;
use quorate::emit::engines::Engines;
use quorate::emit::policy::Policy;
use quorate::emit::reason::Reason;
use quorate::emit::requests::{Derived, derive};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Set by `.ci/nightly`: everything is asked of everybody.
const LONG: &str = "QUORATE_LONG";
/// Each is a random model, and the row of its requests.
const FIRST: u64 = 1_000;
/// The number of models that the engines in this process decide: in full, and in the gate.
const TO_ENGINES: [u64; 2] = [40, 16];
/// Random requests of each.
const REQUESTS: usize = 2_500;
/// The number of derived requests of each group from which the random requests start.
const DERIVED: usize = 60;
/// The number of models that the public tools decide: in full, and in the gate.
const TO_TOOLS: [u64; 2] = [40, 2];

fn seeds([all, in_the_gate]: [u64; 2]) -> std::ops::Range<u64> {
    let long = std::env::var_os(LONG).is_some();
    FIRST..FIRST + if long { all } else { in_the_gate }
}

/// A random model and requests near its boundaries.
fn drawn(seed: u64) -> (Policy, Vec<Derived>) {
    let policy = sample::policy(&mut sample::Random::new(seed));
    let bases = derive(&policy, DERIVED);
    let requests = near::requests(&mut Random::new(seed), &bases, REQUESTS);
    (policy, requests)
}

/// How often each thing stands in the way, and how often nothing does.
#[derive(Debug, Default)]
struct Seen {
    allowed: usize,
    denied: BTreeMap<Reason, usize>,
    only: BTreeMap<Reason, usize>,
}

#[test]
fn random_requests_are_answered_alike() {
    let seeds = seeds(TO_ENGINES);
    println!("seeds {seeds:?}, {REQUESTS} requests each");
    let started = std::time::Instant::now();
    let seen = seeds.clone().into_par_iter().map(|seed| {
        let (policy, requests) = drawn(seed);
        assert_eq!(requests.len(), REQUESTS, "seed {seed}");
        let engines = Engines::of(&policy).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let agreement = hold(&policy, &requests, &engines.deciders());
        if let Some(first) = agreement.disagreements.first() {
            let request = &requests[first.index].request;
            panic!(
                "seed {seed}: {}\n{:?}\n{:?}\n{request}",
                first.words(),
                first.expected,
                first.answered
            );
        }
        let mut seen = Seen {
            allowed: agreement.allowed,
            ..Seen::default()
        };
        for answer in &agreement.answers {
            let reasons = answer.reasons();
            for reason in &reasons {
                *seen.denied.entry(*reason).or_default() += 1;
            }
            if let (1, Some(reason)) = (reasons.len(), reasons.first()) {
                *seen.only.entry(*reason).or_default() += 1;
            }
        }
        seen
    });
    let seen = seen.reduce(Seen::default, |mut one, other| {
        one.allowed += other.allowed;
        for (reason, count) in other.denied {
            *one.denied.entry(reason).or_default() += count;
        }
        for (reason, count) in other.only {
            *one.only.entry(reason).or_default() += count;
        }
        one
    });
    let all = (seeds.end - seeds.start) as usize * REQUESTS;
    println!("{all} requests in {:?}: {seen:?}", started.elapsed());
    assert!(seen.allowed * 10 > all, "{seen:?}");
    // An enforcement point says `unknown_tool`. Every other reason has been given, and has been the only one: a fair share are near misses.
    for reason in Reason::ALL.into_iter().filter(|reason| *reason != Reason::UnknownTool) {
        assert!(
            seen.denied.get(&reason).is_some_and(|count| *count > all / 400),
            "{reason:?} in {seen:?}"
        );
        assert!(
            seen.only.get(&reason).is_some_and(|count| *count > all / 2_500),
            "{reason:?} alone in {seen:?}"
        );
    }
}

#[test]
fn the_public_tools_answer_random_requests_alike() {
    let Some(path) = path_with(&real::TOOLS, "agreement") else { return };
    let seeds = seeds(TO_TOOLS);
    let models = (seeds.end - seeds.start) as usize;
    println!("seeds {seeds:?}, {REQUESTS} requests each");
    let asked = seeds.into_par_iter().map(|seed| {
        let (policy, requests) = drawn(seed);
        real::ask(&path, &policy, &requests).unwrap_or_else(|error| panic!("seed {seed}: {error}"))
    });
    let asked: Vec<real::Asked> = asked.collect();
    let (cedar, opa): (usize, usize) = asked.iter().fold((0, 0), |(cedar, opa), one| (cedar + one.cedar, opa + one.opa));
    println!("cedar {cedar}, opa {opa}");
    assert!(opa == models * REQUESTS && cedar * 2 > opa, "{cedar} {opa}");
}
