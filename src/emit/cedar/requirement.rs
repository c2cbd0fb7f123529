//! One thing a permit asks for, which is also one reason why a request may be refused.

use crate::emit::cedar::tree::Expression;

/// Why a request is refused: the closed list of the contract, as far as a Cedar policy can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An approval that it takes is not there.
    Missing,
    /// Given by somebody who cannot give it.
    Ineligible,
    /// Given too long ago, or later than now.
    Stale,
    /// Two approvals that must come from different people.
    SamePerson,
    /// Given for something else.
    BoundElsewhere,
    /// The task, the call or the person acted for does not reach this operation.
    OutOfScope,
    /// The task is over or has not begun.
    Expired,
    /// For another purpose.
    Purpose,
    /// The principal or its credential.
    Credential,
    /// An input, a limit or a total.
    Limit,
    /// The emergency is over, or nobody known declared it.
    Emergency,
    /// Another revision of the policy.
    StalePolicy,
    /// Evidence or rollback.
    NotReady,
}

impl Reason {
    /// As the contract spells it.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::Ineligible => "ineligible",
            Reason::Stale => "stale",
            Reason::SamePerson => "same_person",
            Reason::BoundElsewhere => "bound_elsewhere",
            Reason::OutOfScope => "out_of_scope",
            Reason::Expired => "expired",
            Reason::Purpose => "purpose",
            Reason::Credential => "credential",
            Reason::Limit => "limit",
            Reason::Emergency => "emergency",
            Reason::StalePolicy => "stale_policy",
            Reason::NotReady => "not_ready",
        }
    }
}

/// One requirement.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// A name that no other requirement beside it has.
    pub id: String,
    /// Why a request is refused that does not meet it.
    pub reason: Reason,
    /// In words, with the places where it is written.
    pub note: String,
    /// The places, joined by commas; empty where it comes with every policy.
    pub source: String,
    /// In Cedar: self-contained, and never an error.
    pub condition: Expression,
}
