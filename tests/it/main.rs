//! The tests: each drives the real binary, or holds the source itself to the house rules.

mod bad_input;
mod brute_force;
mod cells;
mod one_identity;
mod one_person;
mod overlay;
mod pages;
mod project;
mod random;
mod tidy;
