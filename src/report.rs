//! What came of a compilation, for people, machines and auditors.

pub mod findings;
pub mod who;
