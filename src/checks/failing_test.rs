//! A test of the workspace's own that is not decided as it expects.

use crate::checks::Check;
use crate::diagnostic::catalogue;

/// Deciding takes the emitted policies, which are made after the checks: `emit::trial` runs the tests, adds the findings and says how
/// many there were. Until it has, nothing was looked at.
pub static CHECK: Check = Check {
    code: catalogue::get("GOV705"),
    page: include_str!("../../docs/codes/failing-test.md"),
    looks_at: |_| 0,
    run: |_, _| {},
};
