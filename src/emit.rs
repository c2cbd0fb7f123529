//! Policies for the engines that people run, held against the meaning of the model before they are written.

pub mod agreement;
pub mod cedar;
pub mod engines;
pub mod fidelity;
pub mod loss;
pub mod lower;
pub mod mutate;
pub mod package;
pub mod policy;
pub mod reference;
pub mod rego;
pub mod requests;
#[cfg(test)]
pub mod sample;
pub mod tools;
pub mod trial;
