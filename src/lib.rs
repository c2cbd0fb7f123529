//! Quorate: governance as code.
pub mod checks;
pub mod cli;
pub mod compile;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod facts;
pub mod format;
pub mod model;
pub mod outputs;
pub mod prove;
pub mod report;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod upgrade;
pub mod workspace;
