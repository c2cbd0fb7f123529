//! One thing a permit asks for, which is also one reason why a request may be refused.

use crate::emit::answer::Denial;
use crate::emit::cedar::tree::Expression;

/// One requirement.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// A name that no other requirement beside it has.
    pub id: String,
    /// What is said of a request that does not meet it.
    pub denial: Denial,
    /// In words, with the places where it is written.
    pub note: String,
    /// The places, joined by commas; empty where it comes with every policy.
    pub source: String,
    /// Where it is asked at all, as `explain.cedar` says it; a permit asks for this too, in another requirement.
    pub premise: Expression,
    /// In Cedar: self-contained, and never an error.
    pub condition: Expression,
}
