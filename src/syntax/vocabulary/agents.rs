//! The clauses of identities, agents and tasks.

use crate::syntax::vocabulary::{Kind, Place, Row, clause};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Identity),
        &[
            clause(
                "kind",
                "(workload|delegated|service_account|user|api_key):kind",
                "The kind of identity.",
            )
            .once()
            .required("no-workload-identity"),
            clause("principal", "TEXT", "The name under which systems know it.")
                .once()
                .required("no-workload-identity"),
            clause("issued_by", "SYSTEM", "What issues its credentials.").once().unknown(),
            clause("ttl", "DURATION", "How long a credential lives.")
                .once()
                .required("standing-credential"),
            clause("issued", "(just_in_time|standing):issued", "When a credential is issued.")
                .once()
                .required("standing-credential"),
            clause(
                "revoked",
                "(on_task_end|on_expiry|manual|never):revoked",
                "When a credential is revoked.",
            )
            .once()
            .required("no-revocation"),
            clause("secret", "TEXT", "A reference to where its secret is kept.").once(),
            clause("can_assume", "none", "It cannot become another identity."),
            clause("can_assume", "IDENTITY,...", "Identities it can become.").unknown(),
            clause("access", "", "What the credential can actually do.")
                .once()
                .unknown()
                .opens(Place::Access),
        ],
    ),
    (Place::Access, &[]),
    (Place::Within, &[]),
    (
        Place::In(Kind::Agent),
        &[
            clause("runs_as", "IDENTITY", "The identity it runs as.").required("no-workload-identity"),
            clause("acts_for", "PEOPLE", "On whose behalf it acts.").opens(Place::Within),
            clause("acts_for", "PEOPLE within", "On whose behalf it acts, and within which limits.").opens(Place::Within),
            clause("owner", "PERSON:owner", "The person accountable for having this agent.")
                .once()
                .required("ownerless-agent"),
            clause("provider", "PROVIDER", "Who runs its model.").once(),
            clause("model", "TEXT", "The model it runs on, with its version.").once(),
            clause(
                "autonomy",
                "(suggest|act_with_approval|act_within_scope):autonomy",
                "How freely it acts.",
            )
            .once()
            .unknown(),
            clause("calls", "none", "It does not call another agent."),
            clause("calls", "AGENT doing TASK,...", "An agent it calls, and for which task."),
            clause("calls", "AGENT", "An agent it calls.").unknown(),
            clause(
                "stop",
                "IDENTIFIER:means by PEOPLE [within DURATION] [operated_by PROVIDER]",
                "How it can be stopped, by whom, how fast, and who operates the means.",
            )
            .once()
            .required("no-stop"),
        ],
    ),
    (
        Place::In(Kind::Task),
        &[
            clause("purpose", "PURPOSE", "What it is for.").once().required("purpose-mismatch"),
            clause(
                "basis",
                "(consent|contract|legal_obligation|vital_interests|public_task|legitimate_interest):basis",
                "The lawful basis.",
            )
            .once()
            .required("no-lawful-basis"),
            clause(
                "limit",
                "IDENTIFIER:input LITERAL [per DURATION]",
                "The largest value of an input, once or over a period.",
            ),
            clause(
                "started_by",
                "(schedule|outsider):starter",
                "It runs on a schedule, or for somebody who is not in these files, such as a customer.",
            ),
            clause("started_by", "PEOPLE,...", "The only people who may start it.").default("every person"),
            clause("starts", "DATE", "The first day.").once(),
            clause("until", "DATE", "The last day.").once().required("expired-task"),
            clause(
                "approved",
                "(FUNCTION PERSON),... on DATE[,scope TEXT:scope]",
                "Who approved it, when, and the digest of what they approved.",
            )
            .required("unapproved-scope"),
        ],
    ),
];
