//! Whether engines answer derived requests like the reference meaning.

use crate::emit::answer::{Answer, Denial};
use crate::emit::policy::Policy;
use crate::emit::reference::Reference;
use crate::emit::requests::Derived;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Something that decides requests: an engine with an emitted policy in it.
pub trait Decider: Sync {
    /// Its name in reports.
    fn name(&self) -> &'static str;
    /// The answer to a request with every denial, or why it could not decide.
    fn answer(&self, request: &Value) -> Result<Answer, String>;
}

/// A request that a decider answered differently from the reference meaning, or for other reasons, or not at
/// all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The index of the request among those asked.
    pub index: usize,
    /// Its kind.
    pub kind: &'static str,
    /// What it is about.
    pub about: String,
    /// Who disagrees.
    pub decider: &'static str,
    /// What the reference meaning answers.
    pub expected: Answer,
    /// What the decider answered.
    pub answered: Result<Answer, String>,
}

/// The result of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// How many requests of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// How many of them the reference meaning allows.
    pub allowed: usize,
    /// How many it denies.
    pub denied: usize,
    /// What the reference meaning answers to each, in the order asked.
    pub answers: Vec<Answer>,
    /// In the order asked, and then of the deciders.
    pub disagreements: Vec<Disagreement>,
}

/// Asks every decider every request.
pub fn hold(policy: &Policy, requests: &[Derived], deciders: &[&dyn Decider]) -> Agreement {
    let reference = Reference::of(policy);
    let answers: Vec<(Answer, Vec<Disagreement>)> = requests
        .par_iter()
        .enumerate()
        .map(|(index, derived)| ask(&reference, index, derived, deciders))
        .collect();
    let mut agreement = Agreement::default();
    for (derived, (expected, disagreements)) in requests.iter().zip(answers) {
        *agreement.kinds.entry(derived.kind).or_default() += 1;
        if expected.allow {
            agreement.allowed += 1;
        } else {
            agreement.denied += 1;
        }
        agreement.answers.push(expected);
        agreement.disagreements.extend(disagreements);
    }
    agreement
}

impl Disagreement {
    /// The result in words.
    pub fn words(&self) -> String {
        let meaning = if self.expected.allow { "allows" } else { "refuses" };
        let answered = match &self.answered {
            Ok(answer) if answer.allow && self.expected.allow => "allows it with other obligations".to_owned(),
            Ok(answer) if answer.allow => "allows it".to_owned(),
            Ok(_) if self.expected.allow => "refuses it".to_owned(),
            Ok(answer) => otherwise(&self.expected, answer),
            Err(error) => format!("cannot decide it ({error})"),
        };
        format!("{}: the model {meaning} {}, and {} {answered}", self.kind, self.about, self.decider)
    }
}

/// How one denial differs from another.
fn otherwise(expected: &Answer, answered: &Answer) -> String {
    let only = |one: &Answer, other: &Answer| one.denials.difference(&other.denials).map(Denial::code).collect::<Vec<_>>();
    let (less, more) = (only(expected, answered).join(", "), only(answered, expected).join(", "));
    match (less.is_empty(), more.is_empty()) {
        (false, true) => format!("does not give {less} as a reason for denial"),
        (true, _) => format!("also gives {more} as a reason for denial"),
        (false, false) => format!("gives {more} instead of {less} as a reason for denial"),
    }
}

fn ask(reference: &Reference<&Policy>, index: usize, derived: &Derived, deciders: &[&dyn Decider]) -> (Answer, Vec<Disagreement>) {
    let expected = reference.decide(&derived.request);
    let disagreements = deciders.iter().filter_map(|decider| {
        let answered = decider.answer(&derived.request);
        let disagrees = answered.as_ref() != Ok(&expected);
        disagrees.then(|| Disagreement {
            index,
            kind: derived.kind,
            about: derived.about.clone(),
            decider: decider.name(),
            expected: expected.clone(),
            answered,
        })
    });
    let disagreements = disagreements.collect();
    (expected, disagreements)
}
