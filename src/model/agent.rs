//! Agents, what they run as, and what people approved them for.

use crate::model::domain::Limit;
use crate::model::workspace::Approval;
use crate::model::{AgentId, At, Grant, IdentityId, Meta, Party, PersonId, ProviderId, PurposeId, Said, SystemId, TaskId};
use crate::source::Span;
use jiff::civil::Date;

/// What sort of identity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// A workload's own.
    Workload,
    /// The identity of a user, handed to an agent for one action.
    Delegated,
    /// An account that does not belong to a person.
    ServiceAccount,
    /// A person's.
    User,
    /// A key.
    ApiKey,
}

/// How long a credential lives and how it ends.
#[derive(Clone, Debug, Default)]
pub struct Credential {
    /// Seconds.
    pub ttl: Option<At<i64>>,
    /// Whether it is issued when needed.
    pub just_in_time: Option<At<bool>>,
    /// `on_task_end`, `on_expiry`, `manual`, `never`.
    pub revoked: Option<At<Box<str>>>,
}

/// What an agent runs as.
#[derive(Debug)]
pub struct Identity {
    /// Name and place.
    pub meta: Meta,
    /// What sort it is.
    pub kind: Option<At<IdentityKind>>,
    /// The name under which systems know it.
    pub principal: Option<At<Box<str>>>,
    /// What issues it.
    pub issued_by: Option<SystemId>,
    /// How long a credential lives.
    pub credential: Credential,
    /// Where its secret is kept.
    pub secret: Option<At<Box<str>>>,
    /// What it can become.
    pub can_assume: Said<Vec<At<IdentityId>>>,
    /// What the credential can in fact do.
    pub access: Vec<Grant>,
    /// Whether the files declare the access. An empty list may mean undeclared access, or no access.
    pub access_said: bool,
}

impl Identity {
    /// Whether its rights are those of the people for whom it is used.
    pub fn is_delegated(&self) -> bool {
        self.kind.is_some_and(|kind| kind.value == IdentityKind::Delegated)
    }
}

/// An agent that another agent calls.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Which agent.
    pub agent: AgentId,
    /// For which task; a call without a task may be for any.
    pub task: Option<TaskId>,
    /// Where it is written.
    pub span: Span,
}

/// How an agent is stopped.
#[derive(Clone, Debug)]
pub struct Stop {
    /// By what means.
    pub means: Box<str>,
    /// By whom.
    pub by: Party,
    /// How fast, in seconds.
    pub within: Option<i64>,
    /// Who runs the means; `None` if the files do not state it.
    pub operated_by: Option<ProviderId>,
    /// Where it is written.
    pub span: Span,
}

/// On whose behalf an agent acts, and within which bound.
#[derive(Clone, Debug)]
pub struct ActsFor {
    /// A person or a team.
    pub principal: Party,
    /// The bound.
    pub within: Vec<Grant>,
    /// Where it is written.
    pub span: Span,
}

/// An AI agent.
#[derive(Debug)]
pub struct Agent {
    /// Name and place.
    pub meta: Meta,
    /// What it runs as.
    pub runs_as: Vec<At<IdentityId>>,
    /// On whose behalf.
    pub acts_for: Vec<ActsFor>,
    /// The owner, who answers for the agent's existence.
    pub owner: Option<At<PersonId>>,
    /// Who runs its model.
    pub provider: Option<ProviderId>,
    /// The model it runs on, with its version.
    pub model: Option<At<Box<str>>>,
    /// `suggest`, `act_with_approval`, `act_within_scope`.
    pub autonomy: Option<At<Box<str>>>,
    /// The agents it calls.
    pub calls: Said<Vec<Call>>,
    /// How it is stopped.
    pub stop: Option<Stop>,
    /// Its tasks, current or not.
    pub tasks: Vec<TaskId>,
}

/// A scope approved before the agent acts.
#[derive(Debug)]
pub struct Task {
    /// Name and place.
    pub meta: Meta,
    /// Its agent.
    pub agent: AgentId,
    /// What it is for.
    pub purpose: Option<At<PurposeId>>,
    /// The lawful basis.
    pub basis: Option<At<Box<str>>>,
    /// What may be touched.
    pub scope: Vec<Grant>,
    /// The most of an input.
    pub limits: Vec<Limit>,
    /// First day.
    pub starts: Option<At<Date>>,
    /// Last day.
    pub until: Option<At<Date>>,
    /// Who approved it.
    pub approved: Vec<Approval>,
    /// Who may start it; persons, if the clause is missing.
    pub started_by: Vec<At<Starter>>,
}

/// Who may start a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Starter {
    /// A schedule.
    Schedule,
    /// Somebody who is not in the files, such as a customer.
    Outsider,
    /// A person or a team.
    People(Party),
}

impl Task {
    /// Whether its last day has passed.
    pub fn ended(&self, day: Date) -> bool {
        self.until.is_some_and(|until| until.value < day)
    }

    /// Whether it begins after a day.
    pub fn coming(&self, day: Date) -> bool {
        self.starts.is_some_and(|starts| starts.value > day && self.current(starts.value))
    }

    /// Whether an agent may carry it out on a day: it has begun, and it has an end that has not passed.
    pub fn current(&self, day: Date) -> bool {
        self.starts.is_none_or(|starts| starts.value <= day) && self.until.is_some_and(|until| day <= until.value)
    }
}
