//! Why requests are denied: the closed list of reasons, the same for tests, policies, answers and logs.

/// A reason. `docs/requests.md` defines exactly when each applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An approval is missing, or nothing that a domain asks for fits the request.
    Missing,
    /// An approver does not hold the seat, or not at that time, or is the one who asked or who is acted for.
    Ineligible,
    /// An approval is too old, or from the future.
    Stale,
    /// One person fills two places that need two people.
    SamePerson,
    /// An approval was given for another action.
    BoundElsewhere,
    /// The policy does not allow the task, its scope, the operation, the call chain or the person acted for.
    OutOfScope,
    /// The task has ended, or has not begun.
    Expired,
    /// The purpose is not the task's, or a governing domain does not allow it.
    Purpose,
    /// Agent, principal or credential.
    Credential,
    /// An input is absent, of the wrong type or out of bounds, or over a limit.
    Limit,
    /// The declared emergency does not hold.
    Emergency,
    /// No operation is known for the tool. Enforcement points return it; no request leads to it.
    UnknownTool,
    /// The request carries another revision.
    StalePolicy,
    /// Evidence or rollback is not ready.
    NotReady,
    /// The request does not have the shape of the contract. This reason stands alone: nothing else is checked.
    Malformed,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Reason; 15] = [
        Reason::Missing,
        Reason::Ineligible,
        Reason::Stale,
        Reason::SamePerson,
        Reason::BoundElsewhere,
        Reason::OutOfScope,
        Reason::Expired,
        Reason::Purpose,
        Reason::Credential,
        Reason::Limit,
        Reason::Emergency,
        Reason::UnknownTool,
        Reason::StalePolicy,
        Reason::NotReady,
        Reason::Malformed,
    ];

    /// The code in policies, tests and logs.
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
            Reason::UnknownTool => "unknown_tool",
            Reason::StalePolicy => "stale_policy",
            Reason::NotReady => "not_ready",
            Reason::Malformed => "malformed",
        }
    }

    /// The reason with a code.
    pub fn of(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
