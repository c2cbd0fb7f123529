//! The clauses of files and of the workspace: what it adopts and what it expects.

use crate::syntax::vocabulary::{Kind, Place, Row, clause, declaration};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::File,
        &[
            clause("module", "PATH", "The module the file belongs to; without it, the folder decides.").once(),
            clause("use", "USE", "Brings names of another module into this file."),
            declaration(
                Kind::Workspace,
                "workspace",
                "NEW [TITLE]",
                "The organisation whose files these are, and what it takes to change them.",
            ),
            clause("adopt", "none TEXT:reason", "No standard applies, and why."),
            clause(
                "adopt",
                "ADOPTED,...",
                "The standards that apply here, and the frameworks that reports cover.",
            )
            .default("guidance"),
            declaration(
                Kind::Function,
                "function",
                "NEW [TITLE]",
                "A function that answers one of the questions.",
            ),
            declaration(Kind::Person, "person", "NEW [TITLE]", "A natural person."),
            declaration(Kind::Team, "team", "NEW [TITLE]", "Several people who hold something together."),
            declaration(Kind::Purpose, "purpose", "NEW [TITLE]", "What data is used for."),
            declaration(
                Kind::Data,
                "data",
                "NEW [TITLE]",
                "A class of data; classes inside it are part of it.",
            ),
            declaration(
                Kind::Action,
                "action",
                "NEW [TITLE]",
                "Something that can be done to data; actions inside it are part of it.",
            ),
            declaration(
                Kind::Provider,
                "provider",
                "NEW [TITLE]",
                "A company that operates a model, a system or a safeguard.",
            ),
            declaration(
                Kind::Enforcement,
                "enforcement",
                "NEW [TITLE]",
                "A gateway that checks the policies at request time.",
            ),
            declaration(Kind::System, "system", "NEW [TITLE]", "A system that holds data."),
            declaration(
                Kind::Identity,
                "identity",
                "NEW [TITLE]",
                "What an agent runs as, and what that lets it do.",
            ),
            declaration(Kind::Agent, "agent", "NEW [TITLE]", "An AI agent."),
            declaration(
                Kind::Task,
                "task",
                "NEW [TITLE] for AGENT",
                "A scope approved before the agent acts.",
            ),
            declaration(
                Kind::Domain,
                "domain",
                "NEW [TITLE]",
                "A decision domain: who answers for changes to some data.",
            ),
            declaration(
                Kind::Ownership,
                "ownership",
                "NEW [TITLE]",
                "Who holds which function, written once for several domains.",
            ),
            declaration(
                Kind::Safeguards,
                "safeguards",
                "NEW [TITLE]",
                "How long approvals are valid, how to undo a change and where the evidence is, written once for several domains.",
            ),
            declaration(
                Kind::Delegation,
                "delegation",
                "NEW [TITLE]",
                "A function that one person passes to another for a time.",
            ),
            declaration(Kind::Rollback, "rollback", "NEW [TITLE]", "How a change is undone."),
            declaration(Kind::Ledger, "ledger", "NEW [TITLE]", "Where the evidence of decisions is kept."),
            declaration(Kind::Standard, "standard", "NEW [TITLE]", "What every decision must satisfy."),
            declaration(
                Kind::Framework,
                "framework",
                "NEW [TITLE]",
                "A catalogue of controls that reports are mapped to.",
            ),
            declaration(
                Kind::Waiver,
                "waiver",
                "NEW [TITLE]",
                "A finding accepted for a time, by whom and why.",
            ),
            declaration(Kind::Test, "test", "TITLE", "A decision that is expected."),
        ],
    ),
    (
        Place::In(Kind::Workspace),
        &[
            clause("changes", "approve QUORUM", "The approvals needed to change these files.")
                .once()
                .required("unguarded-governance"),
            clause(
                "owner",
                "FUNCTION PARTY:owner [deputy PARTY:deputy,...]",
                "Who holds a function for these files.",
            )
            .required("unguarded-governance"),
        ],
    ),
    (
        Place::In(Kind::Waiver),
        &[
            clause("waives", "CHECK on SUBJECT", "Which finding, at which declaration."),
            clause(
                "fingerprint",
                "TEXT:fingerprint,...",
                "The findings that it waives; a later finding stays open.",
            ),
            clause("reason", "TEXT", "Why.").once().prose(),
            clause("approved", "(FUNCTION PERSON),...", "Who accepted it, in which function.").once(),
            clause("granted", "DATE", "The day it was accepted.").once(),
            clause("until", "DATE", "The last day it applies.")
                .once()
                .required("expired-waiver"),
            clause("ticket", "TEXT", "Where it is tracked.").once().prose(),
        ],
    ),
    (
        Place::In(Kind::Test),
        &[
            clause("on", "DATE", "The day for which the test is run.").once(),
            clause("agent", "AGENT [doing TASK]", "Who attempts it; several are alternatives.").required("failing-test"),
            clause("attempt", "GRANT", "What is attempted; several are alternatives.").required("failing-test"),
            clause(
                "with",
                "(IDENTIFIER:input LITERAL),...",
                "Values of inputs; several lines are alternatives.",
            ),
            clause("approved", "none", "Nobody approved it.").default("none"),
            clause(
                "approved",
                "(FUNCTION PERSON [DURATION:ago ago]),...",
                "Who approved it, as what, how long ago; several lines are alternatives.",
            ),
            clause(
                "asked",
                "(schedule|outsider):starter",
                "A schedule asked, or somebody who is not in these files; several lines are alternatives.",
            ),
            clause("asked", "PERSON", "Who asked; several lines are alternatives.").default("an active person who approves nothing"),
            clause("expect", "allow", "It is allowed.").once().required("failing-test"),
            clause("expect", "deny [IDENTIFIER:reason [FUNCTION]]", "The request is denied, and why.")
                .once()
                .required("failing-test"),
            clause("skip", "TEXT:reason", "The test is not run, and why.").once(),
        ],
    ),
];
