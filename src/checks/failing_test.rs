//! A test of the workspace whose decision is not the expected one.

use crate::checks::Check;
use crate::diagnostic::catalogue;

/// Deciding takes the emitted policies, which are made after the checks: `emit::test_run` runs the tests, adds the
/// findings and counts the tests. Until then this check has looked at nothing.
pub static CHECK: Check = Check {
    code: catalogue::get("GOV705"),
    page: include_str!("../../docs/codes/failing-test.md"),
    looks_at: |_| 0,
    run: |_, _| {},
};
