//! Policies for the engines that people run, held against the meaning of the model before they are written.

pub mod lower;
pub mod policy;
pub mod rego;
pub mod tools;
