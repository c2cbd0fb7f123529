//! The result of a compilation, for people, machines and auditors.

pub mod csv;
pub mod evidence;
pub mod fidelity;
pub mod finding;
pub mod findings;
pub mod html;
pub mod json;
pub mod markdown;
pub mod proof;
pub mod tables;
pub mod tests;
pub mod who;
pub mod xlsx;
