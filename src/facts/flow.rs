//! Where data flows to from the place in which an agent changes it, and who decides there.

pub mod downstream_domains;
pub mod downstream_rules;
pub mod graph;
