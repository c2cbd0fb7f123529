//! The workspace itself: who may change it, what it adopts, what it waives and what it expects.

use crate::model::agent::Starter;
use crate::model::{AgentId, At, FrameworkId, FunctionId, Grant, Meta, PersonId, Quorum, Seat, StandardId, TaskId};
use crate::source::Span;
use crate::syntax::ast::Literal;
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;

/// The organisation whose files these are.
#[derive(Debug)]
pub struct Workspace {
    /// Name and place.
    pub meta: Meta,
    /// What it takes to change the files.
    pub changes: Option<At<Quorum>>,
    /// Who holds which function for changes of the files.
    pub seats: Vec<Seat>,
}

/// What is in force.
#[derive(Debug, Default)]
pub struct Adoption {
    /// Standards, the library's guidance first unless the workspace sets it aside.
    pub standards: Vec<StandardId>,
    /// Frameworks that reports cover.
    pub frameworks: Vec<FrameworkId>,
    /// The reason that `adopt none` gives, if the workspace has that line: then no standard is in force.
    pub none: Option<At<Box<str>>>,
}

/// Who approved something, as what, when.
#[derive(Clone, Debug)]
pub struct Approval {
    /// In which function, who, and where that is written.
    pub given: Vec<(FunctionId, PersonId, Span)>,
    /// On which day.
    pub on: Option<Date>,
    /// The digest of what was approved.
    pub scope: Option<At<Box<str>>>,
    /// Where it is written.
    pub span: Span,
}

/// A check that a waiver waives at a declaration.
#[derive(Clone, Debug)]
pub struct Waived {
    /// The name of the check.
    pub check: Box<str>,
    /// The kind of the declaration.
    pub kind: Kind,
    /// Its id.
    pub subject: Box<str>,
    /// Where it is written.
    pub span: Span,
}

/// A finding accepted for a time.
#[derive(Debug)]
pub struct Waiver {
    /// Name and place.
    pub meta: Meta,
    /// Checks, and at which declarations.
    pub waives: Vec<Waived>,
    /// The findings it relieves, by their fingerprints.
    pub fingerprints: Vec<At<Box<str>>>,
    /// Why.
    pub reason: Option<Box<str>>,
    /// Who accepted it.
    pub approved: Option<Approval>,
    /// When it was accepted.
    pub granted: Option<At<Date>>,
    /// The last day on which it is in force.
    pub until: Option<At<Date>>,
    /// Where it is tracked.
    pub ticket: Option<Box<str>>,
}

/// What a test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// That it is allowed.
    Allow,
    /// That it is denied, for this reason and because this function is missing.
    Deny(Option<Box<str>>, Option<FunctionId>),
}

/// An approval that a test assumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// As what.
    pub function: FunctionId,
    /// By whom.
    pub person: PersonId,
    /// How many seconds before.
    pub ago: i64,
}

/// Values of inputs, by their names.
pub type Inputs = Vec<(Box<str>, Literal)>;

/// An expected decision. Several agents, attempts, values of inputs or approvals are alternatives: each is
/// tried with each.
#[derive(Debug)]
pub struct Test {
    /// Its title is its name.
    pub meta: Meta,
    /// The day as of which the test runs.
    pub on: Option<Date>,
    /// Who attempts it, in which task.
    pub agents: Vec<At<(AgentId, Option<TaskId>)>>,
    /// What is attempted.
    pub attempts: Vec<Grant>,
    /// Values of inputs.
    pub inputs: Vec<At<Inputs>>,
    /// Who approved it; nobody if empty.
    pub approved: Vec<At<Vec<Given>>>,
    /// Who asked: a person and not a team. If empty, somebody who approves nothing.
    pub asked: Vec<At<Starter>>,
    /// What is expected.
    pub expect: Option<At<Expectation>>,
    /// Why it is not run.
    pub skip: Option<Box<str>>,
}
