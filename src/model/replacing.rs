//! Quorums held against each other: whether one asks at least as much as another, by functions that decide the same questions.

use crate::model::ways::ways;
use crate::model::{FunctionId, Model, Quorum};
use std::collections::{BTreeMap, BTreeSet};

/// More steps than this are not taken to find out who stands for whom; a quorum that takes more counts as one that asks for less.
const MOST_STEPS: usize = 200_000;

type Way = BTreeMap<FunctionId, u32>;

/// Why a quorum asks for less than another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Less {
    /// These questions, which the other's functions decide, can be left out.
    Undecided(BTreeSet<Box<str>>),
    /// Nothing is said of what this function decides, so none can stand for it.
    Unsaid(FunctionId),
    /// One function would stand for several, or fewer people approve.
    Fewer,
    /// It takes more steps to find out than are taken.
    TooLarge,
}

/// Why one quorum asks for less than another; none where it asks at least as much: however it is met, each function of some way to meet
/// the other is there itself, or has functions in its place that stand for no other one, are asked for as many people, and together
/// decide every question that it decides.
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

/// Why the functions of one way do not stand for those of another.
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
            return Some(Less::Unsaid(*function));
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

/// Whether each function can be given to one of those that are gone, so that together they decide everything that is open.
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
