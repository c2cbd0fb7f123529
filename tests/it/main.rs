//! The tests: each drives the real binary, or holds the source itself to the house rules.

mod brute_force;
mod cells;
mod overlay;
mod pages;
mod project;
mod random;
mod tidy;
