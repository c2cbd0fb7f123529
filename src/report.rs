//! What came of a compilation, for machines and auditors.

pub mod findings;
