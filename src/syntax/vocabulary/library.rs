//! The clauses of standards and frameworks. The standard library consists of them, and an organisation can add its
//! own.

use crate::syntax::vocabulary::{Kind, Place, Row, clause};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Standard),
        &[
            clause(
                "require",
                "approvers INTEGER:approvers for SELECT",
                "At least this number of people.",
            ),
            clause(
                "require",
                "approval bound valid DURATION for SELECT",
                "Approvals are for one action, and valid for at most this long.",
            ),
            clause(
                "require",
                "approval QUORUM [in place of STANDARD] for SELECT",
                "At least these functions; they can replace those that another standard requires.",
            ),
            clause(
                "require",
                "rollback [within DURATION] [tested DURATION:tested] for SELECT",
                "A rollback, how fast, and how recently tested.",
            ),
            clause(
                "require",
                "evidence [retention DURATION] [tamper_evident:tamper_evident] for SELECT",
                "Evidence, how long it is kept, and what shows a change.",
            ),
            clause(
                "require",
                "credential [ttl DURATION] [just_in_time:just_in_time] [revoked:revoked] for SELECT",
                "How short-lived a credential must be.",
            ),
            clause("require", "basis for SELECT", "A lawful basis."),
            clause(
                "require",
                "scope approved for SELECT",
                "A task whose scope the owners approved, even if it only reads.",
            ),
            clause("require", "stop [within DURATION] for SELECT", "A way to stop the agent, how fast."),
            clause("require", "enforcement for SELECT", "A gateway that checks the policies."),
            clause(
                "require",
                "absence INTEGER:absence for SELECT",
                "Enough people to decide with this number of people absent.",
            ),
            clause(
                "require",
                "emergency approvers INTEGER:approvers [lasts DURATION:lasts] [review within DURATION:review] for SELECT",
                "The least that an emergency must have.",
            ),
            clause("require", "waiver within DURATION", "The longest time a waiver may last."),
            clause("require", "stated for SELECT", "Every clause that the checks need is there."),
        ],
    ),
    (
        Place::In(Kind::Framework),
        &[
            clause("slug", "TEXT", "Its short name in other formats.").once(),
            clause("edition", "TEXT", "Which edition.").once(),
            clause("publisher", "TEXT", "Who published it.").once(),
            clause("published", "TEXT", "When.").once(),
            clause("source", "TEXT", "Where it was read."),
            clause("verified", "TEXT", "What was checked, and against which source.").once(),
            clause(
                "kind",
                "(threats|requirements|guidance):kind",
                "Whether it lists threats, requirements or recommendations.",
            )
            .once(),
            clause("note", "TEXT", "A caution."),
            clause("date", "DATE TEXT:event", "A day on which something in it begins or ends to apply.").opens(Place::Milestone),
            clause("group", "TEXT:id TEXT:title", "A part of it.").opens(Place::Group),
            clause("alias", "TEXT", "A label that others use for it.").opens(Place::Alias),
            clause("control", "TEXT:id TEXT:title", "A control or a threat.").opens(Place::Control),
        ],
    ),
    (Place::Group, &[clause("within", "TEXT", "The part it belongs to.").once()]),
    (
        Place::Milestone,
        &[
            clause("basis", "TEXT", "The text that sets the date.").once(),
            clause("verified", "TEXT", "What was checked, and against which source.").once(),
            clause("controls", "TEXT,...", "The controls that the date is about."),
        ],
    ),
    (
        Place::Alias,
        &[
            clause("cited_by", "TEXT", "Who uses this label.").once(),
            clause("status", "TEXT", "How sure it is.").once(),
            clause("resolves_to", "TEXT,...", "What is meant."),
            clause("related", "TEXT,...", "What is near."),
            clause("note", "TEXT", "Why.").once(),
        ],
    ),
    (
        Place::Control,
        &[
            clause("group", "TEXT", "The part it belongs to.").once(),
            clause("text", "TEXT", "What it says, in our words.").once(),
            clause("about", "SELECT", "It concerns only agents that do this.").once(),
            clause(
                "evidence",
                "CHECK,... (direct|partial):strength TEXT:why",
                "Checks that support it, and why.",
            ),
            clause("ask", "TEXT", "What an auditor must ask for, because a model cannot show it.").once(),
        ],
    ),
];
