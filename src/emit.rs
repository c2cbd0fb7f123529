//! Policies for the engines that people run, checked against the meaning of the model before they are written.

pub mod agreement;
pub mod answer;
pub mod built;
pub mod cedar;
pub mod decide;
pub mod engines;
pub mod fidelity;
pub mod loss;
pub mod lower;
pub mod malformed;
pub mod mention;
pub mod mutate;
pub mod obligation;
pub mod package;
pub mod policy;
pub mod reason;
pub mod reference;
pub mod rego;
pub mod requests;
#[cfg(test)]
pub mod sample;
pub mod sentence;
pub mod strict;
pub mod test_run;
pub mod tools;
pub mod waived;
