//! Compares quorums: whether one asks for at least as much as another, by functions that decide the same
//! questions.

use crate::model::ways::ways;
use crate::model::{FunctionId, Model, Quorum};
use std::collections::{BTreeMap, BTreeSet};

/// The search for replacements takes at most this many steps. If a comparison needs more, the quorum counts as
/// asking for less.
const MOST_STEPS: usize = 200_000;

type Way = BTreeMap<FunctionId, u32>;

/// Why a quorum asks for less than another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Less {
    /// These questions, which the other quorum's functions decide, can be left out.
    Undecided(BTreeSet<Box<str>>),
    /// The files do not state what this function decides, so no other function can replace it.
    Unstated(FunctionId),
    /// One function would replace several, or fewer people would approve.
    Fewer,
    /// The search would take too many steps.
    TooLarge,
}

/// Why one quorum asks for less than another; `None` if it asks for at least as much. It does so if, for every
/// way to meet it, there is a way to meet the other quorum whose functions are all present or replaced.
/// Replacements replace no other function, need as many people, and together decide every question that the
/// function decides.
pub fn less(model: &Model, own: &Quorum, other: &Quorum) -> Option<Less> {
    let (Some(own), Some(other)) = (ways(own), ways(other)) else {
        return Some(Less::TooLarge);
    };
    let mut steps = 0;
    for way in &own {
        let mut first = None;
        let met = other.iter().any(|wanted| match stands_for(model, way, wanted, &mut steps) {
            None => true,
            Some(less) => {
                first.get_or_insert(less);
                false
            }
        });
        if !met {
            return Some(first.unwrap_or(Less::Fewer));
        }
    }
    None
}

/// Why the functions of one way do not replace those of another.
fn stands_for(model: &Model, way: &Way, wanted: &Way, steps: &mut usize) -> Option<Less> {
    let decides = |function: &FunctionId| &model.functions[function.index()].decides;
    let count = |function: &FunctionId| way.get(function).copied().unwrap_or(0);
    let (there, gone): (Vec<_>, Vec<_>) = wanted.iter().partition(|(function, need)| count(function) >= **need);
    let free: Vec<(&[Box<str>], u32)> = way
        .iter()
        .filter(|(function, _)| !there.iter().any(|(other, _)| other == function))
        .map(|(function, count)| (&**decides(function), *count))
        .collect();
    let mut open: Vec<(BTreeSet<&str>, u32)> = Vec::new();
    let mut undecided: BTreeSet<Box<str>> = BTreeSet::new();
    for (function, need) in gone {
        if decides(function).is_empty() {
            return Some(Less::Unstated(*function));
        }
        let questions = decides(function).iter();
        undecided.extend(
            questions
                .filter(|question| !free.iter().any(|(own, _)| own.contains(question)))
                .cloned(),
        );
        open.push((decides(function).iter().map(|question| &**question).collect(), *need));
    }
    if !undecided.is_empty() {
        return Some(Less::Undecided(undecided));
    }
    match placed(&free, &mut open, steps) {
        true => None,
        false if *steps > MOST_STEPS => Some(Less::TooLarge),
        false => Some(Less::Fewer),
    }
}

/// Whether each function can be assigned to one of the missing functions, so that together they decide every
/// open question.
fn placed(free: &[(&[Box<str>], u32)], open: &mut [(BTreeSet<&str>, u32)], steps: &mut usize) -> bool {
    *steps += 1;
    if open.iter().all(|(questions, _)| questions.is_empty()) {
        return true;
    }
    let Some(((decides, count), rest)) = free.split_first() else {
        return false;
    };
    for place in 0..open.len() {
        let (questions, need) = &open[place];
        let answered: Vec<&str> = decides.iter().filter_map(|question| questions.get(&**question).copied()).collect();
        if *count < *need || answered.is_empty() || *steps > MOST_STEPS {
            continue;
        }
        open[place].0.retain(|question| !answered.contains(question));
        if placed(rest, open, steps) {
            return true;
        }
        open[place].0.extend(answered);
    }
    *steps <= MOST_STEPS && placed(rest, open, steps)
}
