//! Identities, agents, tasks.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const ACCESS: &str = "The check `access-beyond-scope` holds it against the tasks. It grants nothing: only tasks do.";
const GRANTED: &str = "Of a person or a team: what an agent does for them is refused where no such line takes it in. Of an identity it grants nothing: only tasks do.";
const WITHIN: &str =
    "What an agent does for somebody is refused where no such line about that very person takes it in. It grants nothing: only tasks do.";
const CREDENTIAL: &str = "`subject.properties.principal` and `context.credential`";
const CEDAR_CREDENTIAL: &str = "the tags of the `Gov::Agent` entity, and the clause `the agent appears as itself` of the permits";
const REGO_CREDENTIAL: &str = "`principals` of the agent in `data.json`, the rule `credential_live`";
const STARTED_BY: &str = "A request of the task is refused if nobody asked who may start it. The enforcement point has to know who asked.";
const ACTS_FOR: &str = "An agent that acts for people acts for one of these, who can approve nothing in that request; an agent that acts for nobody names nobody.";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Identity),
        &[
            clause("kind", "(workload|delegated|service_account|user|api_key):kind").documented("Read by the checks `no-workload-identity` and `human-identity`."),
            clause("principal", "TEXT").enforced(
                "A request under another principal than one of the agent's is refused.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("issued_by", "SYSTEM").documented("Read by the check `self-escalation`."),
            clause("ttl", "DURATION").enforced(
                "A credential that was issued for longer than this, or has expired, is refused.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("issued", "(just_in_time|standing):issued").impossible(
                "A policy sees when a credential was issued, not what for.",
                "What issues credentials has to issue one for each task; the check `standing-credential` asks for it to be said.",
            ),
            clause("revoked", "(on_task_end|on_expiry|manual|never):revoked").impossible(
                "A policy cannot take a credential back; it refuses one that has expired.",
                "What issues credentials has to revoke them then; the check `no-revocation` asks for it to be said.",
            ),
            clause("secret", "TEXT").documented("Read by the check `shared-credential`. The secret itself is read by nothing here."),
            clause("can_assume", "none").documented("Said so that it is not unknown: the checks take what is unsaid for anything. The policies know no other principal of the agent."),
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
            "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for somebody who is there` of the permits",
            "`bounds` of the agent in `data.json`, the rule `delegation_legal`",
        )],
    ),
    (
        Place::Within,
        &[clause("grant", "GRANT").enforced(
            WITHIN,
            "`context.on_behalf_of`, `action.name` and `resource.id`",
            "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for somebody who is there` of the permits",
            "`bounds` of the agent in `data.json`, the rule `delegation_legal`",
        )],
    ),
    (
        Place::In(Kind::Agent),
        &[
            clause("runs_as", "IDENTITY").enforced(
                "A request under another principal than one of the agent's is refused.",
                CREDENTIAL,
                CEDAR_CREDENTIAL,
                REGO_CREDENTIAL,
            ),
            clause("acts_for", "PEOPLE").enforced(
                ACTS_FOR,
                "`context.on_behalf_of`",
                "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for somebody who is there` of the permits",
                "`acts_for` and `bounds` of the agent in `data.json`, the rules `delegation_legal` and `eligible`",
            ),
            clause("acts_for", "PEOPLE within").enforced(
                ACTS_FOR,
                "`context.on_behalf_of`",
                "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for somebody who is there` of the permits",
                "`acts_for` and `bounds` of the agent in `data.json`, the rules `delegation_legal` and `eligible`",
            ),
            clause("owner", "PERSON:owner").documented("Read by the check `ownerless-agent` and the reports."),
            clause("provider", "PROVIDER").documented("Read by the check `provider-governs-itself` and the reports."),
            clause("model", "TEXT").documented("Part of the digest of each scope of the agent: with another model, the check `unapproved-scope` asks for a new approval. No request says which model runs."),
            clause("autonomy", "(suggest|act_with_approval|act_within_scope):autonomy").documented("The check `autonomy-exceeds` holds it against tasks and domains; the policies ask what the domains ask."),
            clause("calls", "none").documented("Said so that it is not unknown. The policies allow no call that is not written."),
            clause("calls", "AGENT doing TASK,...").enforced(
                "A request that came through other agents is allowed only along calls that are written.",
                "`context.via`",
                "`calls` of the `Gov::Workspace` entity, and the clause `every call on the way here` of the permits",
                "`calls` in `data.json`, the rule `chain_legal`",
            ),
            clause("calls", "AGENT").enforced(
                "A request that came through other agents is allowed only along calls that are written.",
                "`context.via`",
                "`calls` of the `Gov::Workspace` entity, and the clause `every call on the way here` of the permits",
                "`calls` in `data.json`, the rule `chain_legal`",
            ),
            clause("stop", "IDENTIFIER:means by PEOPLE [within DURATION] [operated_by PROVIDER]").impossible(
                "Stopping is done to the agent, not to a request.",
                "Whoever is named has to have the means and to try them; the check `no-stop` asks for it to be said.",
            ),
        ],
    ),
    (
        Place::In(Kind::Task),
        &[
            clause("purpose", "PURPOSE").enforced(
                "A request for another purpose is refused.",
                "`context.purpose`",
                "`purpose` of the `Gov::Task` entity, and the clause `the purpose of the request is that of the task` of the permits",
                "`purpose` of the task in `data.json`, the rule `purpose_agrees`",
            ),
            clause(
                "basis",
                "(consent|contract|legal_obligation|vital_interests|public_task|legitimate_interest):basis",
            )
            .documented("Read by the check `no-lawful-basis`, the digest of the approved scope, and the reports. No request bears a basis."),
            clause("limit", "IDENTIFIER:input LITERAL [per DURATION]").enforced(
                "A request beyond the limit is refused, and so is one that does not say how much of it was used up.",
                "`context.inputs`, and `context.totals` where it is over a time; the enforcement point keeps the totals",
                "`limits` and `windows` of the `Gov::Task` entity, and the clauses about limits of the permits",
                "`limits` of the task in `data.json`, the rule `limits_kept`",
            ),
            clause("started_by", "(schedule|outsider):starter").enforced(
                STARTED_BY,
                "`context.requested_by`",
                "`started_by` of the `Gov::Task` entity, and the clause `whoever asked is there and may start the task` of the permits",
                "`started_by` of the task in `data.json`, the rule `asked`",
            ),
            clause("started_by", "PEOPLE,...").enforced(
                STARTED_BY,
                "`context.requested_by`",
                "`started_by` and `anybody` of the `Gov::Task` entity, and the clause `whoever asked is there and may start the task` of the permits",
                "`started_by` of the task in `data.json`, the rule `asked`",
            ),
            clause("starts", "DATE").enforced(
                "Before this day every request of the task is refused.",
                "`context.now`",
                "`starts` of the `Gov::Task` entity, and the clause `the task has begun and is not over` of the permits",
                "`window` of the task in `data.json`, the rule `task_current`",
            ),
            clause("until", "DATE").enforced(
                "After this day every request of the task is refused.",
                "`context.now`",
                "`ends` of the `Gov::Task` entity, and the clause `the task has begun and is not over` of the permits",
                "`window` of the task in `data.json`, the rule `task_current`",
            ),
            clause("approved", "(FUNCTION PERSON),... on DATE[,scope TEXT:scope]").enforced(
                "A task that changes records and whose scope is not approved by those it takes is left out, so that every request of it is refused.",
                "`context.task`",
                "the `Gov::Task` entities: there is none for it",
                "`tasks` in `data.json`: it is not there",
            ),
            clause("grant", "GRANT").enforced(
                "An action on data in a system that no line of the task takes in is refused.",
                "`action.name` and `resource.id`",
                "the tags of the `Gov::Task` entity, and the clause `the task takes in this action on this data` of the permits",
                "`scope` of the task in `data.json`, the rule `in_scope`",
            ),
        ],
    ),
];
