//! Standards and frameworks: what the standard library is made of, and what an organisation adds.

use crate::syntax::vocabulary::{Kind, Place, Row, clause};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Standard),
        &[
            clause("require", "approvers INTEGER:approvers for SELECT", "At least so many people."),
            clause(
                "require",
                "approval bound valid DURATION for SELECT",
                "Approvals are for the very action and good for so long at the most.",
            ),
            clause(
                "require",
                "approval QUORUM [in place of STANDARD] for SELECT",
                "At least these functions; they may stand in for those that another standard asks for.",
            ),
            clause(
                "require",
                "rollback [within DURATION] [tested DURATION:tested] for SELECT",
                "A way back, how fast, tried how recently.",
            ),
            clause(
                "require",
                "evidence [retention DURATION] [tamper_evident:tamper_evident] for SELECT",
                "Evidence, kept how long, and shown if changed.",
            ),
            clause(
                "require",
                "credential [ttl DURATION] [just_in_time:just_in_time] [revoked:revoked] for SELECT",
                "How short-lived a credential is.",
            ),
            clause("require", "basis for SELECT", "A lawful basis."),
            clause(
                "require",
                "scope approved for SELECT",
                "A task whose scope was approved by the owners, also where it only reads.",
            ),
            clause("require", "stop [within DURATION] for SELECT", "A way to stop the agent, how fast."),
            clause("require", "enforcement for SELECT", "A policy check in the path."),
            clause(
                "require",
                "absence INTEGER:absence for SELECT",
                "Still decidable with so many people away.",
            ),
            clause(
                "require",
                "emergency approvers INTEGER:approvers [lasts DURATION:lasts] [review within DURATION:review] for SELECT",
                "What an emergency may come down to.",
            ),
            clause("require", "waiver within DURATION", "The longest a waiver may last."),
            clause("require", "stated for SELECT", "Nothing is left unsaid."),
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
            clause("verified", "TEXT", "What was checked, against what.").once(),
            clause(
                "kind",
                "(threats|requirements):kind",
                "Whether it lists threats or asks for things.",
            )
            .once(),
            clause("note", "TEXT", "A caution."),
            clause("group", "TEXT:id TEXT:title", "A part of it.").opens(Place::Group),
            clause("alias", "TEXT", "A label under which others cite it.").opens(Place::Alias),
            clause("control", "TEXT:id TEXT:title", "A control or a threat.").opens(Place::Control),
        ],
    ),
    (Place::Group, &[clause("within", "TEXT", "The part it belongs to.").once()]),
    (
        Place::Alias,
        &[
            clause("cited_by", "TEXT", "Who cites it so.").once(),
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
            clause(
                "evidence",
                "CHECK,... (direct|partial):strength TEXT:why",
                "Checks that speak to it, and why.",
            ),
            clause("ask", "TEXT", "What to ask for that no model can show.").once(),
        ],
    ),
];
