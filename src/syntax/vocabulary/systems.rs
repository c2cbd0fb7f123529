//! Purposes, data, actions, providers, enforcements, systems.

use crate::syntax::vocabulary::{Kind, Place, Row, clause, declaration};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Purpose),
        &[
            clause("needs", "none", "It reads nothing.").default("none"),
            clause("needs", "DATA,...", "The classes it has to read."),
        ],
    ),
    (
        Place::In(Kind::Data),
        &[
            clause("personal", "", "It is about people.").once(),
            clause("restricted", "", "It is not for everybody.").once(),
            declaration(Kind::Data, "data", "NEW [TITLE]", "A class that is part of this one."),
        ],
    ),
    (
        Place::In(Kind::Action),
        &[
            clause(
                "mutates",
                "",
                "It changes records, as every action does that is not part of `read`.",
            )
            .once()
            .default(""),
            clause("discloses", "", "It takes data out.").once(),
            clause("irreversible", "", "It cannot be taken back.").once(),
            declaration(Kind::Action, "action", "NEW [TITLE]", "An action that is part of this one."),
        ],
    ),
    (
        Place::In(Kind::Provider),
        &[clause("part_of", "PROVIDER", "Whom it belongs to.").once()],
    ),
    (
        Place::In(Kind::Enforcement),
        &[
            clause("engine", "(cedar|opa|other):engine", "What decides there.").once(),
            clause("on_failure", "(deny|allow):on_failure", "What happens when it cannot decide.")
                .once()
                .required("fails-open"),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who can change what it lets through.")
                .once()
                .unknown(),
            clause("operated_by", "PROVIDER", "Who runs it.").once().unknown(),
            clause(
                "configured_in",
                "none",
                "No system: only what is deployed says what it lets through.",
            ),
            clause(
                "configured_in",
                "SYSTEM,...",
                "The systems in which somebody with permission there can change what it lets through.",
            )
            .unknown(),
        ],
    ),
    (
        Place::In(Kind::System),
        &[
            clause("vendor", "TEXT", "Who made it.").once().prose(),
            clause("operated_by", "PROVIDER", "Who runs it.").once(),
            clause("holds", "(any|none):all", "Anything at all, or nothing."),
            clause("holds", "DATA,...", "The classes in it.").unknown(),
            clause("open", "", "Nobody has classified what can be reached in it.").once(),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who administers it.")
                .once()
                .unknown(),
            clause("enforced_by", "ENFORCEMENT", "Where policy is checked for it.").required("unenforced"),
            clause("feeds", "none", "Nothing flows on from it."),
            clause(
                "feeds",
                "SYSTEM with (DATA [as DATA:as [anonymised TEXT:anonymised]]),... [within DURATION]",
                "Where a write flows on to.",
            )
            .unknown(),
            clause(
                "tool",
                "TEXT:tool does nothing TEXT:reason",
                "A tool call that touches no data, and why.",
            ),
            clause("tool", "TEXT:tool does GRANT&...", "A tool call, and all that it does."),
            clause("tool", "TEXT:tool", "A tool call of which nobody has said yet what it does."),
        ],
    ),
];
