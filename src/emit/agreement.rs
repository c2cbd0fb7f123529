//! Whether engines answer derived requests as the reference meaning does.

use crate::emit::policy::Policy;
use crate::emit::reference::decide;
use crate::emit::requests::Derived;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Something that decides requests: an engine with an emitted policy in it.
pub trait Decider: Sync {
    /// What it is called in reports.
    fn name(&self) -> &'static str;
    /// Whether it allows a request, or why it could not decide.
    fn decide(&self, request: &Value) -> Result<bool, String>;
}

/// A request that a decider answered otherwise than the reference meaning, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The place of the request among those asked.
    pub index: usize,
    /// Its kind.
    pub kind: &'static str,
    /// What it is about.
    pub about: String,
    /// Who disagrees.
    pub decider: &'static str,
    /// What the reference meaning answers.
    pub expected: bool,
    /// What the decider answered.
    pub answered: Result<bool, String>,
}

/// What came of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// How many requests of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// How many of them the reference meaning allows.
    pub allowed: usize,
    /// How many it denies.
    pub denied: usize,
    /// What the reference meaning answers to each, in the order asked.
    pub decisions: Vec<bool>,
    /// In the order asked, and then of the deciders.
    pub disagreements: Vec<Disagreement>,
}

/// Asks everyone every request.
pub fn hold(policy: &Policy, requests: &[Derived], deciders: &[&dyn Decider]) -> Agreement {
    let answers: Vec<(bool, Vec<Disagreement>)> = requests
        .par_iter()
        .enumerate()
        .map(|(index, derived)| ask(policy, index, derived, deciders))
        .collect();
    let mut agreement = Agreement::default();
    for (derived, (expected, disagreements)) in requests.iter().zip(answers) {
        *agreement.kinds.entry(derived.kind).or_default() += 1;
        if expected {
            agreement.allowed += 1;
        } else {
            agreement.denied += 1;
        }
        agreement.decisions.push(expected);
        agreement.disagreements.extend(disagreements);
    }
    agreement
}

fn ask(policy: &Policy, index: usize, derived: &Derived, deciders: &[&dyn Decider]) -> (bool, Vec<Disagreement>) {
    let expected = decide(policy, &derived.request).allow;
    let disagreements = deciders.iter().filter_map(|decider| {
        let answered = decider.decide(&derived.request);
        let disagrees = answered != Ok(expected);
        disagrees.then(|| Disagreement {
            index,
            kind: derived.kind,
            about: derived.about.clone(),
            decider: decider.name(),
            expected,
            answered,
        })
    });
    (expected, disagreements.collect())
}
