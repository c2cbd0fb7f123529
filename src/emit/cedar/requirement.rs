//! One thing that a permit requires, which is also one reason for which a request may be refused.

use crate::emit::answer::Denial;
use crate::emit::cedar::tree::Expression;

/// One requirement.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// A name that no other requirement of the policy has.
    pub id: String,
    /// The denial of a request that does not meet it.
    pub denial: Denial,
    /// In words, with the places where it is written.
    pub note: String,
    /// The places, joined by commas; empty for a requirement of every policy.
    pub source: String,
    /// Where it applies at all, for `explain.cedar`. A permit requires this too, in another requirement.
    pub premise: Expression,
    /// In Cedar: self-contained, and never an error.
    pub condition: Expression,
}
