//! Both engines against the reference meaning on random policies: the same decisions, for the same reasons, at the same
//! slots.

use crate::emit::agreement::{Decider, Disagreement, hold};
use crate::emit::answer::{Answer, Denial};
use crate::emit::engines::Engines;
use crate::emit::policy::Policy;
use crate::emit::reason::Reason;
use crate::emit::reference::decide;
use crate::emit::requests::derive;
use crate::emit::sample::{Random, policy, requests};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const SEEDS: u64 = 12;
const DERIVED: usize = 60;
const RANDOM: usize = 150;

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
        assert!(seen.get(&reason).is_some_and(|count| *count >= 20), "{reason:?} in {seen:?}");
    }
}

/// Answers like the model, with two differences: it never reports a missing approval, and it adds the reason
/// `credential` to every other denial.
struct Forgetful<'p>(&'p Policy);

impl Decider for Forgetful<'_> {
    fn name(&self) -> &'static str {
        "Forgetful"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        let mut answer = decide(self.0, request);
        let before = answer.denials.len();
        answer.denials.retain(|denial| denial.reason != Reason::Missing);
        if !answer.allow && answer.denials.len() == before {
            answer.denials.insert(Denial::plain(Reason::Credential));
        }
        Ok(answer)
    }
}

#[test]
fn other_reasons_for_the_same_decision_are_a_disagreement() {
    let disagreements = (0..4).flat_map(|seed| {
        let policy = policy(&mut Random::new(seed));
        hold(&policy, &derive(&policy, DERIVED), &[&Forgetful(&policy)]).disagreements
    });
    let disagreements: Vec<Disagreement> = disagreements.collect();
    let words: Vec<String> = disagreements.iter().map(Disagreement::words).collect();
    assert!(
        disagreements
            .iter()
            .all(|one| one.answered.as_ref().is_ok_and(|answer| !answer.allow))
    );
    assert!(
        words
            .iter()
            .any(|words| words.contains("Forgetful does not give missing at acme.d")),
        "{words:#?}"
    );
    assert!(
        words
            .iter()
            .any(|words| words.contains("Forgetful also gives credential as a reason for denial")),
        "{words:#?}"
    );
}
