//! The tests that run the built command and read what is written for people.
#![allow(missing_docs, reason = "a test says what it holds in its name")]

mod blessed;
mod check_index;
mod language_reference;
mod tutorial;
