//! Standards and frameworks.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const RULE: &str = "`quorate check` compares the model with it, and `quorate build` writes nothing while a gap is open. The policies contain the clauses that satisfy it.";
const FRAMEWORK: &str = "The evidence report is mapped to it.";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Standard),
        &[
            clause("require", "approvers INTEGER:approvers for SELECT").documented(RULE),
            clause("require", "approval bound valid DURATION for SELECT").documented(RULE),
            clause("require", "approval QUORUM [in place of STANDARD] for SELECT").documented(RULE),
            clause("require", "rollback [within DURATION] [tested DURATION:tested] for SELECT").documented(RULE),
            clause(
                "require",
                "evidence [retention DURATION] [tamper_evident:tamper_evident] for SELECT",
            )
            .documented(RULE),
            clause(
                "require",
                "credential [ttl DURATION] [just_in_time:just_in_time] [revoked:revoked] for SELECT",
            )
            .documented(RULE),
            clause("require", "basis for SELECT").documented(RULE),
            clause("require", "scope approved for SELECT").documented(RULE),
            clause("require", "stop [within DURATION] for SELECT").documented(RULE),
            clause("require", "enforcement for SELECT").documented(RULE),
            clause("require", "absence INTEGER:absence for SELECT").documented(RULE),
            clause(
                "require",
                "emergency approvers INTEGER:approvers [lasts DURATION:lasts] [review within DURATION:review] for SELECT",
            )
            .documented(RULE),
            clause("require", "waiver within DURATION").documented(RULE),
            clause("require", "stated for SELECT").documented(RULE),
        ],
    ),
    (
        Place::In(Kind::Framework),
        &[
            clause("slug", "TEXT").documented(FRAMEWORK),
            clause("edition", "TEXT").documented(FRAMEWORK),
            clause("publisher", "TEXT").documented(FRAMEWORK),
            clause("published", "TEXT").documented(FRAMEWORK),
            clause("source", "TEXT").documented(FRAMEWORK),
            clause("verified", "TEXT").documented(FRAMEWORK),
            clause("kind", "(threats|requirements|guidance):kind").documented(FRAMEWORK),
            clause("note", "TEXT").documented(FRAMEWORK),
            clause("date", "DATE TEXT:event").documented(FRAMEWORK),
            clause("group", "TEXT:id TEXT:title").documented(FRAMEWORK),
            clause("alias", "TEXT").documented(FRAMEWORK),
            clause("control", "TEXT:id TEXT:title").documented(
                "The evidence report is mapped to it. The permits name the controls that their domains serve; that decides nothing.",
            ),
        ],
    ),
    (Place::Group, &[clause("within", "TEXT").documented(FRAMEWORK)]),
    (
        Place::Milestone,
        &[
            clause("basis", "TEXT").documented(FRAMEWORK),
            clause("verified", "TEXT").documented(FRAMEWORK),
            clause("controls", "TEXT,...").documented(FRAMEWORK),
        ],
    ),
    (
        Place::Alias,
        &[
            clause("cited_by", "TEXT").documented(FRAMEWORK),
            clause("status", "TEXT").documented(FRAMEWORK),
            clause("resolves_to", "TEXT,...").documented(FRAMEWORK),
            clause("related", "TEXT,...").documented(FRAMEWORK),
            clause("note", "TEXT").documented(FRAMEWORK),
        ],
    ),
    (
        Place::Control,
        &[
            clause("group", "TEXT").documented(FRAMEWORK),
            clause("text", "TEXT").documented(FRAMEWORK),
            clause("about", "SELECT").documented(FRAMEWORK),
            clause("evidence", "CHECK,... (direct|partial):strength TEXT:why").documented(FRAMEWORK),
            clause("ask", "TEXT").documented(FRAMEWORK),
        ],
    ),
];
