//! What is asked for.

use crate::model::{ActionId, DataId, Meta, Quorum, SystemId};
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

/// One line of a standard.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is asked.
    pub requirement: Requirement,
    /// Of what; everything where there is none.
    pub select: Option<Select>,
    /// As it is written.
    pub text: Box<str>,
    /// Where it is written.
    pub span: Span,
}

/// A set of rules under a name.
#[derive(Debug)]
pub struct Standard {
    /// Name and place.
    pub meta: Meta,
    /// Its rules.
    pub rules: Vec<Rule>,
}
