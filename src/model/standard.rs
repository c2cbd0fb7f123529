//! What is asked for.

use crate::model::{ActionId, DataId, Flags, Meta, Model, Quorum, StandardId, SystemId};
use crate::source::Span;
use crate::syntax::ast::{Condition, Flag};

/// One side of a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector<T> {
    /// Everything.
    Any,
    /// What carries the flag.
    Flag(Flag),
    /// This and what is below it.
    Name(T),
}

/// What a requirement is for.
#[derive(Clone, Debug)]
pub struct Select {
    /// Which actions.
    pub action: Selector<ActionId>,
    /// Which classes.
    pub data: Selector<DataId>,
    /// In which system only.
    pub system: Option<SystemId>,
    /// Under which inputs only.
    pub when: Option<Condition>,
    /// As it is written.
    pub text: Box<str>,
}

impl Select {
    /// Whether it speaks of a leaf action on a leaf class, in some system; `flags` are those of the class there.
    pub fn speaks_of(&self, model: &Model, (action, data): (ActionId, DataId), flags: Flags) -> bool {
        let of_action = match self.action {
            Selector::Any => true,
            Selector::Flag(flag) => model.actions[action.index()].flags.has(flag),
            Selector::Name(named) => model.actions[named.index()].leaves.binary_search(&action).is_ok(),
        };
        of_action
            && match self.data {
                Selector::Any => true,
                Selector::Flag(flag) => flags.has(flag),
                Selector::Name(named) => model.data[named.index()].leaves.binary_search(&data).is_ok(),
            }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// So many people.
    Approvers(u32),
    /// These functions.
    Approval(Quorum),
    /// Approvals for the very action, good for so many seconds at the most.
    Bound(i64),
    /// A way back: within seconds, tried within seconds.
    Rollback(Option<i64>, Option<i64>),
    /// Evidence: kept for seconds, tamper-evident.
    Evidence(Option<i64>, bool),
    /// A credential: at most so many seconds, just in time, revoked on the end of the task.
    Credential(Option<i64>, bool, bool),
    /// A lawful basis.
    Basis,
    /// A task whose scope was approved.
    Scope,
    /// A way to stop the agent within seconds.
    Stop(Option<i64>),
    /// A policy check in the path.
    Enforcement,
    /// Decidable with so many people away.
    Absence(u32),
    /// An emergency: at least so many people, at most so many seconds, reviewed within seconds.
    Emergency(u32, Option<i64>, Option<i64>),
    /// The longest a waiver may last, in seconds.
    Waiver(i64),
    /// Nothing left unsaid.
    Stated,
}

/// Which lines of another standard a line stands in for, where both speak of something.
#[derive(Clone, Debug)]
pub struct InPlaceOf {
    /// The other standard.
    pub standard: StandardId,
    /// Its lines that this one takes the place of, by their numbers; none before that is settled.
    pub lines: Vec<u32>,
    /// Those that ask for more than this one does, and so go on asking.
    pub kept: Vec<u32>,
    /// Where the other standard is named.
    pub span: Span,
}

/// One line of a standard.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is asked.
    pub requirement: Requirement,
    /// What it stands in for, where it says so.
    pub in_place_of: Option<InPlaceOf>,
    /// Of what; everything where there is none.
    pub select: Option<Select>,
    /// As it is written.
    pub text: Box<str>,
    /// Where it is written.
    pub span: Span,
}

impl Rule {
    /// The lines that this one stands in for, each with its number; none where it stands in for none.
    pub fn replaces<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = &'a Rule> {
        let others = self.in_place_of.iter();
        others.flat_map(|other| {
            let rules = &model.standards[other.standard.index()].rules;
            other.lines.iter().filter_map(|line| rules.get(*line as usize))
        })
    }
}

/// A set of rules under a name.
#[derive(Debug)]
pub struct Standard {
    /// Name and place.
    pub meta: Meta,
    /// Its rules.
    pub rules: Vec<Rule>,
}
