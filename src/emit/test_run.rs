//! The workspace's own tests: each runs in the reference meaning and in both engines.

mod combination;
mod day;
mod decided;
mod failure;
mod words;

use crate::checks::{Check, failing_test};
use crate::compile::{Compilation, Meaning};
use crate::diagnostic::Diagnostic;
use crate::emit::waived::Waived;
use crate::facts;
use crate::model::Test;
use crate::source::Sources;
use day::Day;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The result of one test.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// Its place in the list of tests.
    pub test: usize,
    /// How many combinations were tried.
    pub tried: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a test ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Every combination was decided as expected.
    Passed,
    /// One was not.
    Failed(Box<Diagnostic>),
    /// The test states that it is not to be run, and why.
    Skipped(Box<str>),
}

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deciders {
    /// The reference meaning alone.
    Reference,
    /// The reference meaning, and both engines, which must agree with it.
    All,
}

static CHECK: &Check = &failing_test::CHECK;

/// Runs the tests of a compilation and adds those that fail to its findings. If an engine cannot be asked at
/// all, that is an error: nothing is known then.
pub fn hold(compilation: &mut Compilation, deciders: Deciders) -> Vec<TestRun> {
    let waived = Waived::of(compilation);
    let Some(mut meaning) = compilation.meaning.take() else {
        return Vec::new();
    };
    match run(&compilation.sources, &mut meaning, &waived, deciders) {
        Ok(runs) => {
            compilation.meaning = Some(meaning);
            let ran = runs
                .iter()
                .filter(|test_run| !matches!(test_run.outcome, Outcome::Skipped(_)))
                .count();
            for (id, count) in &mut compilation.population {
                if *id == CHECK.code.id {
                    *count = ran;
                }
            }
            let failed = runs.iter().filter_map(|test_run| match &test_run.outcome {
                Outcome::Failed(finding) => Some((**finding).clone()),
                Outcome::Passed | Outcome::Skipped(_) => None,
            });
            let failed: Vec<Diagnostic> = failed.collect();
            if !failed.is_empty() {
                compilation.add(failed);
            }
            runs
        }
        Err(sentence) => {
            compilation.findings.clear();
            compilation
                .errors
                .push(Diagnostic::unplaced(format!("the tests cannot be run: {sentence}")));
            Vec::new()
        }
    }
}

/// Each test on its day.
fn run(sources: &Sources, meaning: &mut Meaning, waived: &Waived, deciders: Deciders) -> Result<Vec<TestRun>, String> {
    let today = meaning.model.as_of;
    let on = |test: &Test| test.on.unwrap_or(today);
    let runs = meaning.model.tests.iter().filter(|test| test.skip.is_none());
    let days: BTreeSet<Date> = runs.map(on).collect();
    let mut runs: BTreeMap<usize, TestRun> = BTreeMap::new();
    for date in days {
        // The same model as of another day: facts depend on the day, the text does not.
        meaning.model.as_of = date;
        let on_day = match date == today {
            true => None,
            false => Some(facts::derive(&meaning.model)),
        };
        let facts = on_day.as_ref().unwrap_or(&meaning.facts);
        let tried = Day::of(sources, &meaning.model, facts, waived, deciders).map(|day| {
            let tests = meaning.model.tests.par_iter().enumerate();
            let tests = tests.filter(|(_, test)| test.skip.is_none() && on(test) == date);
            tests
                .map(|(index, test)| {
                    let (tried, failed) = day.judge(test);
                    let outcome = failed.map_or(Outcome::Passed, |finding| Outcome::Failed(Box::new(finding)));
                    let test_run = TestRun {
                        test: index,
                        tried,
                        outcome,
                    };
                    (index, test_run)
                })
                .collect::<Vec<_>>()
        });
        meaning.model.as_of = today;
        runs.extend(tried?);
    }
    for (index, test) in meaning.model.tests.iter().enumerate() {
        if let Some(reason) = &test.skip {
            let test_run = TestRun {
                test: index,
                tried: 0,
                outcome: Outcome::Skipped(reason.clone()),
            };
            runs.insert(index, test_run);
        }
    }
    Ok(runs.into_values().collect())
}
