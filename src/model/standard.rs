//! What standards require.

use crate::model::{ActionId, DataId, Flags, Meta, Model, Quorum, StandardId, SystemId};
use crate::source::Span;
use crate::syntax::ast::{Condition, Flag};

/// One side of a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector<T> {
    /// Everything.
    Any,
    /// Everything with the flag.
    Flag(Flag),
    /// This and what is below it.
    Name(T),
}

/// What a requirement applies to.
#[derive(Clone, Debug)]
pub struct Select {
    /// Which actions.
    pub action: Selector<ActionId>,
    /// Which classes.
    pub data: Selector<DataId>,
    /// In which system only.
    pub system: Option<SystemId>,
    /// For which inputs only.
    pub when: Option<Condition>,
    /// As it is written.
    pub text: Box<str>,
}

impl Select {
    /// Whether it applies to a leaf action on a leaf class, in some system; `flags` are those of the class
    /// there.
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

/// What a rule requires.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// At least this many people.
    Approvers(u32),
    /// These functions.
    Approval(Quorum),
    /// Approvals for the exact action, valid for at most this many seconds.
    Bound(i64),
    /// A rollback: within these seconds, tested within these seconds.
    Rollback(Option<i64>, Option<i64>),
    /// Evidence: kept for this many seconds, tamper-evident.
    Evidence(Option<i64>, bool),
    /// A credential: at most this many seconds, just in time, revoked at the end of the task.
    Credential(Option<i64>, bool, bool),
    /// A lawful basis.
    Basis,
    /// A task whose scope was approved.
    Scope,
    /// A way to stop the agent within seconds.
    Stop(Option<i64>),
    /// A policy check in the path.
    Enforcement,
    /// Decidable with this many people away.
    Absence(u32),
    /// An emergency: at least this many people, at most this many seconds, reviewed within this many seconds.
    Emergency(u32, Option<i64>, Option<i64>),
    /// The longest a waiver may last, in seconds.
    Waiver(i64),
    /// Nothing left unstated.
    Stated,
}

/// Which lines of another standard a line replaces, where both apply.
#[derive(Clone, Debug)]
pub struct InPlaceOf {
    /// The other standard.
    pub standard: StandardId,
    /// The lines that this one replaces, by their numbers; empty until that is settled.
    pub lines: Vec<u32>,
    /// The lines that ask for more than this one does, and so still apply.
    pub kept: Vec<u32>,
    /// Where the other standard is named.
    pub span: Span,
}

/// One line of a standard.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it requires.
    pub requirement: Requirement,
    /// What it replaces, if it replaces anything.
    pub in_place_of: Option<InPlaceOf>,
    /// What it applies to; everything if `None`.
    pub select: Option<Select>,
    /// As it is written.
    pub text: Box<str>,
    /// Where it is written.
    pub span: Span,
}

impl Rule {
    /// The lines that this one replaces; empty if it replaces none.
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
