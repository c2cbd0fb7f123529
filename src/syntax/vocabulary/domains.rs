//! The clauses of decision domains, ownerships, safeguards, rollbacks and ledgers.

use crate::syntax::vocabulary::{Kind, Place, Row, clause};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Domain),
        &[
            clause("covers", "GRANT", "What it decides.").required("unused-declaration"),
            clause(
                "input",
                "IDENTIFIER:input money CURRENCY from LITERAL:from to LITERAL:to",
                "An amount of money that the decision depends on.",
            ),
            clause(
                "input",
                "IDENTIFIER:input integer from LITERAL:from to LITERAL:to",
                "A number that the decision depends on.",
            ),
            clause(
                "input",
                "IDENTIFIER:input one_of (IDENTIFIER:word,...)",
                "A word that the decision depends on.",
            ),
            clause(
                "input",
                "IDENTIFIER:input (boolean|text):type",
                "Yes or no; or a text that is part of the approval and that conditions cannot compare.",
            ),
            clause(
                "owner",
                "FUNCTION PARTY:owner [deputy PARTY:deputy,...]",
                "Who holds a function here, and who the deputies are.",
            )
            .required("unowned-function"),
            clause("ownership", "OWNERSHIP,...", "The shared ownership that names further owners."),
            clause(
                "approve",
                "QUORUM when CONDITION",
                "The approvals needed while the condition holds.",
            ),
            clause("approve", "QUORUM otherwise", "The approvals needed in every other case."),
            clause("approve", "QUORUM", "What it takes.").required("unreachable-quorum"),
            clause("same_person", "allowed", "One person may approve for several functions.").once(),
            clause("valid", "DURATION", "How long an approval is good for.")
                .once()
                .default("24h"),
            clause(
                "binds",
                "(action|task):binds",
                "Whether an approval is for one action or for the task.",
            )
            .once()
            .default("action"),
            clause(
                "limit",
                "IDENTIFIER:input LITERAL [per DURATION]",
                "The largest value of an input, once or over a period.",
            ),
            clause("purposes", "PURPOSE,...", "What the data may be used for.").required("purpose-mismatch"),
            clause("retention", "DURATION", "How long the data is kept.")
                .once()
                .required("no-retention"),
            clause("rollback", "ROLLBACK,...", "How a change is undone.").required("no-rollback"),
            clause("evidence", "LEDGER", "Where the evidence is kept.")
                .once()
                .required("no-evidence"),
            clause("safeguards", "SAFEGUARDS,...", "The shared safeguards that apply here."),
            clause("emergency", "", "The approvals needed in an emergency.")
                .once()
                .opens(Place::Emergency),
        ],
    ),
    (
        Place::In(Kind::Ownership),
        &[clause(
            "owner",
            "FUNCTION PARTY:owner [deputy PARTY:deputy,...]",
            "Who holds a function in each domain that names this ownership, and who the deputies are.",
        )],
    ),
    (
        Place::In(Kind::Safeguards),
        &[
            clause("valid", "DURATION", "How long an approval is good for.").once(),
            clause(
                "binds",
                "(action|task):binds",
                "Whether an approval is for one action or for the task.",
            )
            .once(),
            clause("retention", "DURATION", "How long the data is kept.").once(),
            clause("rollback", "ROLLBACK,...", "How a change is undone."),
            clause("evidence", "LEDGER", "Where the evidence is kept.").once(),
        ],
    ),
    (
        Place::Emergency,
        &[
            clause("approve", "QUORUM", "What it takes.").once().required("emergency-gap"),
            clause("lasts", "DURATION", "How long.").once().required("emergency-gap"),
            clause("review", "QUORUM within DURATION", "Who reviews it afterwards, and how soon.")
                .once()
                .required("emergency-gap"),
        ],
    ),
    (
        Place::In(Kind::Rollback),
        &[
            clause("restores", "DATA,... in SYSTEM,...", "Which classes it restores, where."),
            clause("method", "(journal|snapshot|versioned|compensate):method", "How.").once(),
            clause("within", "DURATION", "How fast.").once().required("slow-rollback"),
            clause("owner", "PEOPLE:owner", "Who runs it.")
                .once()
                .required("dependent-rollback"),
            clause("runs_as", "IDENTITY", "The identity it runs as.").once(),
            clause("tested", "DATE", "When it was last tested.")
                .once()
                .required("untested-rollback"),
            clause("operated_by", "PROVIDER", "Who operates the means.").once().unknown(),
        ],
    ),
    (
        Place::In(Kind::Ledger),
        &[
            clause("keeps", "DATA,... in SYSTEM,...", "Where the evidence is written."),
            clause("approvals", "signed", "Each approval bears the approver's own key.").once(),
            clause("approvals", "in SYSTEM:place", "Where approvals are kept.").once().unknown(),
            clause(
                "tamper_evident",
                "(hash_chain|merkle_log|worm|none):tamper_evident",
                "What shows that a record was changed.",
            )
            .once()
            .required("mutable-evidence"),
            clause(
                "records",
                "(agent|identity|task|scope_approver|approvals|policy|revision|decision|inputs|limits|rollback|time):field,...",
                "What each record holds.",
            )
            .default("agent, identity, task, scope_approver, approvals, policy, revision, decision, inputs, limits, rollback, time"),
            clause("retention", "DURATION", "How long records are kept.")
                .once()
                .required("short-retention"),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who can change it.")
                .once()
                .unknown(),
            clause("operated_by", "PROVIDER", "Who runs it.").once(),
        ],
    ),
];
