//! Files, the workspace, what it adopts, what it expects.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const OF_CHECKS: &str = "`quorate check` compares the model with it, and `quorate build` writes nothing while a gap is open.";
const OF_WAIVERS: &str =
    "`quorate check` and the evidence report list it. The policies still enforce the accepted clause as it is written.";
const OF_TESTS: &str = "`quorate test` asks for this decision; the policies do not contain it.";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::File,
        &[
            clause("module", "PATH").enforced(
                "Every id of what the file declares begins with the module, and a request is read by these ids alone.",
                "every id, such as `subject.id` and `context.task`",
                "the ids of the entities, and the keys of approvals, totals, evidence and rollbacks",
                "the keys of `data.json`",
            ),
            clause("use", "USE").documented("The compiler resolves names with it; the policies contain whole ids."),
            clause("workspace", "NEW [TITLE]")
                .documented("The reports, the manifest and the first lines of the policies contain the name."),
            clause("adopt", "none TEXT:reason").documented("`quorate check` reports it, and so does the evidence report."),
            clause("adopt", "ADOPTED,...").documented(OF_CHECKS),
            clause("function", "NEW [TITLE]").enforced(
                "An approval is given as one function of one domain, and does not count as another.",
                "the keys of `context.approvals`",
                "the slots that the permits name, and the tags of persons",
                "`seats` and `ways` of the domain in `data.json`, the rules `eligible` and `met`",
            ),
            clause("person", "NEW [TITLE]").enforced(
                "The policies only know the people of the workspace: nobody else can approve, declare an emergency or be acted for.",
                "`by` of each approval, `context.emergency.declared_by`, `context.on_behalf_of`, `context.requested_by`",
                "an entity `Gov::Person`",
                "`people` in `data.json`",
            ),
            clause("team", "NEW [TITLE]")
                .documented("The policies hold its lead and its members as persons; checks and reports name the team."),
            clause("purpose", "NEW [TITLE]").enforced(
                "The purpose of a request must be that of its task, and every domain concerned must allow it.",
                "`context.purpose`",
                "`purpose` of the task entity, the purposes that the permits name",
                "`purpose` of the task and `purposes` of the domain in `data.json`, the rule `purpose_agrees`",
            ),
            clause("data", "NEW [TITLE]").enforced(
                "A request is about one system and one of the smallest classes; another class is another decision.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("action", "NEW [TITLE]").enforced(
                "A request names one of the smallest actions. Each of these actions is decided separately.",
                "`action.name`",
                "the actions of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("provider", "NEW [TITLE]").documented("Read by the check `provider-governs-itself` and the reports."),
            clause("enforcement", "NEW [TITLE]")
                .documented("The checks of enforcement and the reports read it. This enforcement point asks the policies."),
            clause("system", "NEW [TITLE]").enforced(
                "A request is about one system and one of the smallest classes; another system is another decision.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("identity", "NEW [TITLE]")
                .documented("Checks and reports name it; the policies contain its principal and the lifetime of its credentials."),
            clause("agent", "NEW [TITLE]").enforced(
                "The policies allow a request only for the agent whose task it names.",
                "`subject.id`",
                "an entity `Gov::Agent`, and the clause `the task is one of this agent` of the permits",
                "`agents` in `data.json`, the rule `task_own`",
            ),
            clause("task", "NEW [TITLE] for AGENT").enforced(
                "A request names its task, and the policies allow only what that task includes.",
                "`context.task`",
                "an entity `Gov::Task`, and the clauses of the permits about the task",
                "`tasks` in `data.json`, the rules `task_own`, `task_current` and `in_scope`",
            ),
            clause("domain", "NEW [TITLE]").enforced(
                "The policies allow an action on data only with the approvals of every domain that covers it.",
                "`action.name` and `resource.id`, the keys of `context.approvals` and `context.totals`",
                "a permit for each group of operations under the same domains",
                "`operations`, `groups` and `domains` in `data.json`",
            ),
            clause("ownership", "NEW [TITLE]")
                .documented("Checks and reports name it; the policies hold its lines in each domain that names it."),
            clause("safeguards", "NEW [TITLE]")
                .documented("Checks and reports name it; the policies hold its lines in each domain that names it."),
            clause("delegation", "NEW [TITLE]")
                .documented("Checks and reports name it; the policies contain the function that it passes on."),
            clause("rollback", "NEW [TITLE]").enforced(
                "The policies deny a change unless each rollback of its domains was checked as ready within the last five minutes.",
                "`context.rollback`",
                "the clause `can undo it` of the permits",
                "`rollbacks` in `data.json`, the rule `records_ready`",
            ),
            clause("ledger", "NEW [TITLE]").enforced(
                "The policies deny a request unless the ledger of its domain was checked as ready within the last five minutes.",
                "`context.evidence`",
                "the clause `evidence can be kept` of the permits",
                "`ledgers` in `data.json`, the rule `records_ready`",
            ),
            clause("standard", "NEW [TITLE]").documented(OF_CHECKS),
            clause("framework", "NEW [TITLE]").documented("The evidence report is mapped to it."),
            clause("waiver", "NEW [TITLE]").documented(OF_WAIVERS),
            clause("test", "TITLE").documented(OF_TESTS),
        ],
    ),
    (
        Place::In(Kind::Workspace),
        &[
            clause("changes", "approve QUORUM").impossible(
                "A change of these files is not a request of an agent.",
                "The repository of these files must require these approvals; the check `unguarded-governance` counts who can change them.",
            ),
            clause("owner", "FUNCTION PARTY:owner [deputy PARTY:deputy,...]").impossible(
                "A change of these files is not a request of an agent.",
                "The repository of these files must ask these people; the check `unguarded-governance` counts who can change them.",
            ),
        ],
    ),
    (
        Place::In(Kind::Waiver),
        &[
            clause("waives", "CHECK on SUBJECT").documented(OF_WAIVERS),
            clause("fingerprint", "TEXT:fingerprint,...").documented(OF_WAIVERS),
            clause("reason", "TEXT").documented(OF_WAIVERS),
            clause("approved", "(FUNCTION PERSON),...").documented(OF_WAIVERS),
            clause("granted", "DATE").documented(OF_WAIVERS),
            clause("until", "DATE").documented(OF_WAIVERS),
            clause("ticket", "TEXT").documented(OF_WAIVERS),
        ],
    ),
    (
        Place::In(Kind::Test),
        &[
            clause("on", "DATE").documented(OF_TESTS),
            clause("agent", "AGENT [doing TASK]").documented(OF_TESTS),
            clause("attempt", "GRANT").documented(OF_TESTS),
            clause("with", "(IDENTIFIER:input LITERAL),...").documented(OF_TESTS),
            clause("asked", "(schedule|outsider):starter").documented(OF_TESTS),
            clause("asked", "PERSON").documented(OF_TESTS),
            clause("approved", "none").documented(OF_TESTS),
            clause("approved", "(FUNCTION PERSON [DURATION:ago ago]),...").documented(OF_TESTS),
            clause("expect", "allow").documented(OF_TESTS),
            clause("expect", "deny [IDENTIFIER:reason [FUNCTION]]").documented(OF_TESTS),
            clause("skip", "TEXT:reason").documented(OF_TESTS),
        ],
    ),
];
