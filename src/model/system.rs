//! Systems, the enforcement points in front of them, and who runs them.

use crate::model::{At, DataId, EnforcementId, Grant, Meta, PeopleQuorum, ProviderId, Said, SystemId};
use crate::source::Span;

/// Who operates something.
#[derive(Debug)]
pub struct Provider {
    /// Name and place.
    pub meta: Meta,
    /// Its owner.
    pub part_of: Option<ProviderId>,
}

/// What an enforcement point does when it cannot decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// Refuses.
    Deny,
    /// Lets through.
    Allow,
}

/// Where policy is checked at request time.
#[derive(Debug)]
pub struct Enforcement {
    /// Name and place.
    pub meta: Meta,
    /// `cedar`, `opa`, `other`.
    pub engine: Option<Box<str>>,
    /// What happens when it cannot decide.
    pub on_failure: Option<At<OnFailure>>,
    /// Who can change what it lets through.
    pub managed_by: Said<At<PeopleQuorum>>,
    /// Who runs it.
    pub operated_by: Said<ProviderId>,
    /// The systems in which somebody can change what it lets through.
    pub configured_in: Said<Vec<At<SystemId>>>,
}

/// What a system holds.
#[derive(Clone, Debug)]
pub enum Holds {
    /// The files do not state it.
    Unstated,
    /// Anything.
    Any,
    /// These leaves; none if empty.
    Leaves(Vec<DataId>),
}

/// A class that flows on.
#[derive(Clone, Debug)]
pub struct Carried {
    /// What flows.
    pub data: DataId,
    /// The class as which it arrives.
    pub arrives: DataId,
    /// Why nobody can be identified from it any more, if the files state a reason.
    pub anonymised: Option<Box<str>>,
}

/// Where a write flows to.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The system it flows to.
    pub to: SystemId,
    /// What flows.
    pub carries: Vec<Carried>,
    /// How fast, in seconds.
    pub within: Option<i64>,
    /// Where it is written.
    pub span: Span,
}

/// A tool call and everything that it does; an empty list if it touches no data.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The name that callers use.
    pub name: Box<str>,
    /// What it does.
    pub does: Vec<Grant>,
    /// Whether the files state what it does. `nothing` is a statement.
    pub classified: bool,
    /// Where it is written.
    pub span: Span,
}

/// A system that holds data.
#[derive(Debug)]
pub struct System {
    /// Name and place.
    pub meta: Meta,
    /// Who made it.
    pub vendor: Option<Box<str>>,
    /// Who runs it.
    pub operated_by: Option<ProviderId>,
    /// What is in it.
    pub holds: Holds,
    /// Whether nobody has classified what agents can reach in it.
    pub open: bool,
    /// Who administers it.
    pub managed_by: Said<At<PeopleQuorum>>,
    /// Where policy is checked for it.
    pub enforced_by: Vec<At<EnforcementId>>,
    /// Where writes flow to.
    pub feeds: Said<Vec<Feed>>,
    /// Its tool calls.
    pub tools: Vec<Tool>,
}
