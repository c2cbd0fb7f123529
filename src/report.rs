//! The result of a compilation, for people, machines and auditors.

pub mod evidence;
pub mod fidelity;
pub mod finding;
pub mod findings;
pub mod html;
pub mod json;
pub mod markdown;
pub mod proof;
pub mod tests;
pub mod who;
