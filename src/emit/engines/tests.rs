//! Both engines against the reference meaning on random policies: the same decisions, for the same reasons, at the same slots.

use crate::emit::agreement::hold;
use crate::emit::engines::Engines;
use crate::emit::reason::Reason;
use crate::emit::requests::derive;
use crate::emit::sample::{Random, policy, requests};
use rayon::prelude::*;
use std::collections::BTreeMap;

const SEEDS: u64 = 24;
const DERIVED: usize = 120;
const RANDOM: usize = 400;

#[test]
fn engines_give_the_reasons_of_the_model() {
    let counts = (0..SEEDS).into_par_iter().map(|seed| {
        let mut random = Random::new(seed);
        let policy = policy(&mut random);
        let engines = match Engines::of(&policy) {
            Ok(engines) => engines,
            Err(error) => unreachable!("seed {seed}: {error}"),
        };
        let mut asked = derive(&policy, DERIVED);
        asked.extend(requests(&mut random, &policy, &asked.clone(), RANDOM));
        let agreement = hold(&policy, &asked, &engines.deciders());
        if let Some(first) = agreement.disagreements.first() {
            unreachable!(
                "seed {seed}: {}\n{:?}\n{:?}\n{}",
                first.words(),
                first.expected,
                first.answered,
                asked[first.index].request
            );
        }
        let mut seen: BTreeMap<Reason, usize> = BTreeMap::new();
        for denial in agreement.answers.iter().flat_map(|answer| &answer.denials) {
            *seen.entry(denial.reason).or_default() += 1;
        }
        seen
    });
    let mut seen: BTreeMap<Reason, usize> = BTreeMap::new();
    for (reason, count) in counts.collect::<Vec<_>>().into_iter().flatten() {
        *seen.entry(reason).or_default() += count;
    }
    // An enforcement point says `unknown_tool`; every other reason has to have been given many times.
    for reason in Reason::ALL.into_iter().filter(|reason| *reason != Reason::UnknownTool) {
        assert!(seen.get(&reason).is_some_and(|count| *count >= 50), "{reason:?} in {seen:?}");
    }
}
