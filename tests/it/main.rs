//! The tests: each drives the real binary, or holds the source itself to the house rules.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::panic,
    reason = "tests read and write files, start the binary, say their seed, and end when something is wrong"
)]

mod bad_input;
mod brute_force;
mod cells;
mod examples;
mod one_identity;
mod one_person;
mod overlay;
mod pages;
mod project;
mod random;
mod tidy;
