//! Quorate: governance as code.
pub mod source;
pub mod diagnostic;
pub mod syntax;
pub mod resolve;
pub mod model;
pub mod emit;
