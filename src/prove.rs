//! What a solver shows about the emitted Cedar policies: for every request that the schema admits, not only for
//! the derived ones.
//!
//! The claims are written here from the definitions (see [`claim`]) and share no text with the emitter.

pub mod against;
pub mod approvals;
pub mod claim;
pub mod counterexample;
pub mod differences;
pub mod equivalent;
pub mod errors;
pub mod general;
pub mod inputs;
pub mod limits;
pub mod narrow;
pub mod pieces;
pub mod proof;
pub mod questions;
pub mod queue;
pub mod rows;
pub mod sides;
pub mod slice;
pub mod solver;
pub mod subject;
