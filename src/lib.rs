//! Quorate: governance as code.
pub mod source;
pub mod diagnostic;
pub mod syntax;
pub mod format;
pub mod resolve;
pub mod model;
pub mod facts;
pub mod checks;
pub mod compile;
pub mod emit;
pub mod report;
pub mod workspace;
pub mod cli;
