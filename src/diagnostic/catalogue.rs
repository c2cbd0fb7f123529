//! All codes. A code is permanent: a retired one keeps its number and its page.

use crate::diagnostic::Level;

/// The identity of a check.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `GOV103`
    pub id: &'static str,
    /// `missing-function`
    pub name: &'static str,
    /// The level it has unless `quorate.toml` says otherwise.
    pub level: Level,
}

const fn code(id: &'static str, name: &'static str, level: Level) -> Code {
    Code { id, name, level }
}

/// The codes in order. A framework may name any of them; [`crate::checks::ALL`] says which are built.
pub static CODES: &[Code] = &[
    code("GOV101", "single-function-approval", Level::Error),
    code("GOV102", "single-person-quorum", Level::Error),
    code("GOV103", "missing-function", Level::Error),
    code("GOV104", "too-few-approvers", Level::Error),
    code("GOV105", "unreachable-quorum", Level::Error),
    code("GOV106", "undecided", Level::Error),
    code("GOV107", "self-approval", Level::Error),
    code("GOV108", "agent-approver", Level::Error),
    code("GOV109", "unowned-function", Level::Error),
    code("GOV110", "tool-owner-decides", Level::Warning),
    code("GOV111", "forgeable-approval", Level::Error),
    code("GOV112", "delegation-collapse", Level::Error),
    code("GOV113", "delegation-unbounded", Level::Warning),
    code("GOV114", "emergency-gap", Level::Error),
    code("GOV115", "inactive-approver", Level::Error),
    code("GOV116", "fragile-quorum", Level::Warning),
    code("GOV117", "conflict-of-interest", Level::Warning),
    code("GOV118", "ambiguous-tier", Level::Error),
    code("GOV119", "duplicate-person", Level::Error),
    code("GOV120", "stale-approval", Level::Error),
    code("GOV121", "unanswered-question", Level::Error),
    code("GOV122", "ownerless-agent", Level::Error),
    code("GOV123", "lapsing-approval", Level::Warning),
    code("GOV124", "single-function-control", Level::Error),
    code("GOV201", "shared-identity", Level::Error),
    code("GOV202", "shared-credential", Level::Error),
    code("GOV203", "fragmented-trail", Level::Error),
    code("GOV204", "human-identity", Level::Error),
    code("GOV205", "standing-credential", Level::Error),
    code("GOV206", "no-revocation", Level::Error),
    code("GOV207", "impersonation-chain", Level::Warning),
    code("GOV208", "literal-secret", Level::Error),
    code("GOV209", "self-escalation", Level::Error),
    code("GOV210", "no-workload-identity", Level::Error),
    code("GOV301", "access-beyond-scope", Level::Error),
    code("GOV302", "write-without-task", Level::Error),
    code("GOV303", "expired-task", Level::Error),
    code("GOV304", "no-lawful-basis", Level::Error),
    code("GOV305", "purpose-mismatch", Level::Error),
    code("GOV306", "over-broad-scope", Level::Warning),
    code("GOV307", "class-not-held", Level::Error),
    code("GOV308", "no-retention", Level::Warning),
    code("GOV309", "unlimited-write", Level::Note),
    code("GOV310", "unclassified-tool", Level::Warning),
    code("GOV311", "unapproved-scope", Level::Error),
    code("GOV312", "autonomy-exceeds", Level::Error),
    code("GOV313", "beyond-need", Level::Warning),
    code("GOV401", "no-rollback", Level::Error),
    code("GOV402", "slow-rollback", Level::Error),
    code("GOV403", "untested-rollback", Level::Warning),
    code("GOV404", "rollback-misses-system", Level::Error),
    code("GOV405", "no-stop", Level::Error),
    code("GOV406", "unenforced", Level::Error),
    code("GOV407", "fails-open", Level::Error),
    code("GOV408", "dependent-rollback", Level::Error),
    code("GOV501", "no-evidence", Level::Error),
    code("GOV502", "mutable-evidence", Level::Error),
    code("GOV503", "short-retention", Level::Error),
    code("GOV504", "incomplete-evidence", Level::Error),
    code("GOV505", "evidence-in-reach", Level::Error),
    code("GOV601", "call-escalation", Level::Error),
    code("GOV602", "approval-laundering", Level::Error),
    code("GOV603", "silent-propagation", Level::Warning),
    code("GOV604", "call-cycle", Level::Warning),
    code("GOV605", "delegated-access", Level::Error),
    code("GOV606", "provider-governs-itself", Level::Warning),
    code("GOV701", "expired-waiver", Level::Error),
    code("GOV702", "self-waived", Level::Error),
    code("GOV703", "idle-waiver", Level::Warning),
    code("GOV704", "unused-declaration", Level::Note),
    code("GOV705", "failing-test", Level::Error),
    code("GOV706", "untested-domain", Level::Note),
    code("GOV707", "unmapped-check", Level::Note),
    code("GOV708", "unguarded-governance", Level::Error),
    code("GOV709", "nothing-governed", Level::Error),
    code("GOV710", "unstated", Level::Note),
];

/// Codes that no waiver relieves and no setting lowers: they guard the rules themselves.
pub const NEVER_WAIVED: &[&str] = &["GOV701", "GOV702", "GOV705", "GOV708", "GOV709"];

/// The code with this name or number.
pub fn find(text: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == text || code.id.eq_ignore_ascii_case(text))
}

/// The code with this number, which the caller knows to exist.
pub const fn get(number: &str) -> &'static Code {
    let mut index = 0;
    while index < CODES.len() {
        if same(CODES[index].id, number) {
            return &CODES[index];
        }
        index += 1;
    }
    // Reached at compile time only, where a check names a code that is not in the table.
    #[allow(clippy::panic)]
    {
        panic!("no such code")
    }
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}
