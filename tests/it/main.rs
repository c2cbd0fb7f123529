//! The tests: each drives the real binary, or holds the source itself to the house rules.
#![allow(missing_docs, reason = "a test says what it holds in its name")]
#![allow(clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "a run says its seed")]
#![allow(clippy::disallowed_methods, reason = "tests write workspaces and run the command")]

// `sample` is a part of the emitters, for their own tests, and speaks of them so.
use quorate::emit;

mod agreement;
mod all_errors_in_one_run;
mod any_files;
mod arrivals;
mod bad_input;
mod baseline;
mod behind;
mod beyond;
mod brute_force;
mod calls;
mod cells;
mod check_index;
mod coalitions;
mod control_time;
mod corpus;
mod decide;
mod decision_oracle;
mod diff;
mod enforcement;
mod entailment;
mod escalation;
mod every_file;
mod examples;
mod fidelity;
mod fields;
mod first_steps;
mod fix;
mod flows;
mod frameworks;
mod golden;
mod help;
mod horizon;
mod hosted;
mod in_process;
mod injection;
mod interrupted;
mod language_reference;
mod left_out;
mod levels;
mod long_lines;
mod many;
mod mending;
mod messages;
mod metamorphic;
mod metamorphic_organisations;
mod modules;
mod mutants;
mod negations;
mod one_identity;
mod one_person;
mod organisation;
mod outputs;
mod overlay;
mod own_tests;
mod pages;
mod phrases;
mod pipelines;
mod places;
mod prints;
mod progress;
mod project;
mod proof;
mod pull_request;
mod random;
mod random_rules;
mod reaching;
mod readme;
mod real;
mod renaming;
mod report;
mod revision;
#[allow(dead_code, unused_imports, reason = "the tests beside the emitters draw requests from it as well")]
#[path = "../../src/emit/sample.rs"]
mod sample;
mod schemas;
mod scope_digest;
mod secrets;
mod shared;
mod silence;
mod small_models;
mod spelling;
mod stand_ins;
mod start;
mod strict_requests;
mod strictest;
mod tables;
mod tidy;
mod tool_calls;
mod tools;
mod tutorial;
mod unchanged;
mod unstated;
mod upgrade;
mod verify;
mod waivers;
mod wheel;
mod who_may_approve;
mod words;
