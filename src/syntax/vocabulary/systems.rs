//! The clauses of purposes, data, actions, providers, enforcements and systems.

use crate::syntax::vocabulary::{Kind, Place, Row, clause, declaration};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Purpose),
        &[
            clause("needs", "none", "It reads nothing.").default("none"),
            clause("needs", "DATA,...", "The classes that it needs to read."),
        ],
    ),
    (
        Place::In(Kind::Data),
        &[
            clause("personal", "", "It is about people.").once(),
            clause("restricted", "", "Not everybody may see it.").once(),
            declaration(Kind::Data, "data", "NEW [TITLE]", "A class that is part of this one."),
        ],
    ),
    (
        Place::In(Kind::Action),
        &[
            clause("mutates", "", "It changes records, like every action that is not part of `read`.")
                .once()
                .default(""),
            clause("discloses", "", "It sends data out.").once(),
            clause("irreversible", "", "Nobody can undo it.").once(),
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
            clause("on_failure", "(deny|allow):on_failure", "What happens if it fails.")
                .once()
                .required("fails-open"),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who can change what it lets through.")
                .once()
                .unknown(),
            clause("operated_by", "PROVIDER", "Who runs it.").once().unknown(),
            clause(
                "configured_in",
                "none",
                "Not a system: only a deployment changes what it lets through.",
            ),
            clause(
                "configured_in",
                "SYSTEM,...",
                "The systems in which a person with permission can change what it lets through.",
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
            clause("open", "", "The data in it is not classified.").once(),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who administers it.")
                .once()
                .unknown(),
            clause("enforced_by", "ENFORCEMENT", "The gateway that checks the policies for it.").required("unenforced"),
            clause("feeds", "none", "No data flows on from it."),
            clause(
                "feeds",
                "SYSTEM with (DATA [as DATA:as [anonymised TEXT:anonymised]]),... [within DURATION]",
                "Where its data flows to.",
            )
            .unknown(),
            clause(
                "tool",
                "TEXT:tool does nothing TEXT:reason",
                "A tool call that does not touch data, and why.",
            ),
            clause("tool", "TEXT:tool does GRANT&...", "A tool call, and all that it does."),
            clause("tool", "TEXT:tool", "A tool call whose effect is not known yet."),
        ],
    ),
];
