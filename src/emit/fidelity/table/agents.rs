//! Identities, agents, tasks.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const ACCESS: &str = "The check `access-beyond-scope` compares it with the tasks. It does not grant anything: only tasks do.";
const GRANTED: &str = "For a person or a team: the policies deny what an agent does for them unless such a line includes it. For an identity it does not grant anything: only tasks do.";
const WITHIN: &str = "The policies deny what an agent does for a person unless a line for that person includes it. It does not grant anything: only tasks do.";
const CREDENTIAL: &str = "`subject.properties.principal` and `context.credential`";
const CEDAR_CREDENTIAL: &str = "the tags of the `Gov::Agent` entity, and the clause `the agent appears as itself` of the permits";
const REGO_CREDENTIAL: &str = "`principals` of the agent in `data.json`, the rule `credential_live`";
const STARTED_BY: &str =
    "The policies deny a request of the task unless a person who may start it asked. The enforcement point must know who asked.";
const ACTS_FOR: &str = "An agent that acts for people acts for one of these, and that person cannot approve the request; an agent that does not act for people names nobody.";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Identity),
        &[
            clause("kind", "(workload|delegated|service_account|user|api_key):kind").documented("Read by the checks `no-workload-identity` and `human-identity`."),
            clause("principal", "TEXT").enforced(
                "The policies deny a request under a principal that is not one of the agent's.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("issued_by", "SYSTEM").documented("Read by the check `self-escalation`."),
            clause("ttl", "DURATION").enforced(
                "The policies deny a credential that was issued for longer than this, or that has expired.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("issued", "(just_in_time|standing):issued").impossible(
                "A policy sees when a credential was issued, but not for which task.",
                "The issuer must issue one credential for each task; the check `standing-credential` requires the clause.",
            ),
            clause("revoked", "(on_task_end|on_expiry|manual|never):revoked").impossible(
                "A policy cannot revoke a credential; it denies one that has expired.",
                "The issuer must revoke them then; the check `no-revocation` requires the clause.",
            ),
            clause("secret", "TEXT").documented("Read by the check `shared-credential`. Nothing here reads the secret itself."),
            clause("can_assume", "none").documented("It only states a fact: without it, the checks assume anything. The policies do not know another principal of the agent."),
            clause("can_assume", "IDENTITY,...").enforced(
                "The principals of these identities count as the agent's own.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("access", "").documented(ACCESS),
        ],
    ),
    (
        Place::Access,
        &[clause("grant", "GRANT").enforced(
            GRANTED,
            "`context.on_behalf_of`, `action.name` and `resource.id`",
            "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for an active person` of the permits",
            "`bounds` of the agent in `data.json`, the rule `delegation_legal`",
        )],
    ),
    (
        Place::Within,
        &[clause("grant", "GRANT").enforced(
            WITHIN,
            "`context.on_behalf_of`, `action.name` and `resource.id`",
            "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for an active person` of the permits",
            "`bounds` of the agent in `data.json`, the rule `delegation_legal`",
        )],
    ),
    (
        Place::In(Kind::Agent),
        &[
            clause("runs_as", "IDENTITY").enforced(
                "The policies deny a request under a principal that is not one of the agent's.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("acts_for", "PEOPLE").enforced(
                ACTS_FOR,
                "`context.on_behalf_of`",
                "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for an active person` of the permits",
                "`acts_for` and `bounds` of the agent in `data.json`, the rules `delegation_legal` and `eligible`",
            ),
            clause("acts_for", "PEOPLE within").enforced(
                ACTS_FOR,
                "`context.on_behalf_of`",
                "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for an active person` of the permits",
                "`acts_for` and `bounds` of the agent in `data.json`, the rules `delegation_legal` and `eligible`",
            ),
            clause("owner", "PERSON:owner").documented("Read by the check `ownerless-agent` and the reports."),
            clause("provider", "PROVIDER").documented("Read by the check `provider-governs-itself` and the reports."),
            clause("model", "TEXT").documented("Part of the digest of each scope of the agent: with another model, the check `unapproved-scope` asks for a new approval. No request says which model runs."),
            clause("autonomy", "(suggest|act_with_approval|act_within_scope):autonomy").documented("The check `autonomy-exceeds` compares it with tasks and domains; the policies require what the domains require."),
            clause("calls", "none").documented("It only states a fact. The policies only allow calls that the files name."),
            clause("calls", "AGENT doing TASK,...").enforced(
                "The policies allow a request that came through other agents only along calls that the files name.",
                "`context.via`",
                "`calls` of the `Gov::Workspace` entity, and the clause `every call on the way here` of the permits",
                "`calls` in `data.json`, the rule `chain_legal`",
            ),
            clause("calls", "AGENT").enforced(
                "The policies allow a request that came through other agents only along calls that the files name.",
                "`context.via`",
                "`calls` of the `Gov::Workspace` entity, and the clause `every call on the way here` of the permits",
                "`calls` in `data.json`, the rule `chain_legal`",
            ),
            clause("stop", "IDENTIFIER:means by PEOPLE [within DURATION] [operated_by PROVIDER]").impossible(
                "People stop an agent, not a request.",
                "The people named must have the means to stop the agent, and must test these means. The check `no-stop` requires the clause.",
            ),
        ],
    ),
    (
        Place::In(Kind::Task),
        &[
            clause("purpose", "PURPOSE").enforced(
                "The policies deny a request for another purpose.",
                "`context.purpose`",
                "`purpose` of the `Gov::Task` entity, and the clause `the purpose of the request is that of the task` of the permits",
                "`purpose` of the task in `data.json`, the rule `purpose_agrees`",
            ),
            clause(
                "basis",
                "(consent|contract|legal_obligation|vital_interests|public_task|legitimate_interest):basis",
            )
            .documented("Read by the check `no-lawful-basis`, the digest of the approved scope, and the reports. A request does not contain a basis."),
            clause("limit", "IDENTIFIER:input LITERAL [per DURATION]").enforced(
                "The policies deny a request over the limit, and a request without the amount already used.",
                "`context.inputs`, and `context.totals` for a limit over a period; the enforcement point keeps the totals",
                "`limits` and `windows` of the `Gov::Task` entity, and the clauses of the permits about limits",
                "`limits` of the task in `data.json`, the rule `limits_kept`",
            ),
            clause("started_by", "(schedule|outsider):starter").enforced(
                STARTED_BY,
                "`context.requested_by`",
                "`started_by` of the `Gov::Task` entity, and the clause `whoever asked is active and may start the task` of the permits",
                "`started_by` of the task in `data.json`, the rule `asked`",
            ),
            clause("started_by", "PEOPLE,...").enforced(
                STARTED_BY,
                "`context.requested_by`",
                "`started_by` and `anybody` of the `Gov::Task` entity, and the clause `whoever asked is active and may start the task` of the permits",
                "`started_by` of the task in `data.json`, the rule `asked`",
            ),
            clause("starts", "DATE").enforced(
                "Before this day the policies deny every request of the task.",
                "`context.now`",
                "`starts` of the `Gov::Task` entity, and the clause `the task has begun and is not over` of the permits",
                "`window` of the task in `data.json`, the rule `task_current`",
            ),
            clause("until", "DATE").enforced(
                "After this day the policies deny every request of the task.",
                "`context.now`",
                "`ends` of the `Gov::Task` entity, and the clause `the task has begun and is not over` of the permits",
                "`window` of the task in `data.json`, the rule `task_current`",
            ),
            clause("approved", "(FUNCTION PERSON),... on DATE[,scope TEXT:scope]").enforced(
                "If a task changes records and the required owners have not approved its scope, the policies leave it out and deny every request of it.",
                "`context.task`",
                "the `Gov::Task` entities: there is none for it",
                "`tasks` in `data.json` leaves the task out",
            ),
            clause("grant", "GRANT").enforced(
                "The policies deny an action on data in a system unless a line of the task includes it.",
                "`action.name` and `resource.id`",
                "the tags of the `Gov::Task` entity, and the clause `the task includes this action on this data` of the permits",
                "`scope` of the task in `data.json`, the rule `in_scope`",
            ),
        ],
    ),
];
