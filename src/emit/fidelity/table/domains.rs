//! Decision domains, rollbacks, ledgers.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const INPUT: &str = "The policies deny a request without this input, or with a value outside the declared range.";
const CEDAR_INPUT: &str = "the clause of the permits about the input";
const REGO_INPUT: &str = "`inputs` of the domain in `data.json`, the rule `inputs_given`";
const QUORUM: &str = "The policies deny a request without valid approvals of different people that satisfy the quorum.";
const APPROVALS: &str = "`context.approvals`, and `context.inputs` for a condition";
const CEDAR_QUORUM: &str = "the clauses of the permits about approvals";
const REGO_QUORUM: &str = "`tiers` of the domain in `data.json`, the rule `approved`";
const AFTERWARDS: &str = "It concerns records that are kept after the decision.";

const OWNER: Row = clause("owner", "FUNCTION PARTY:owner [deputy PARTY:deputy,...]").enforced(
    "An approval as this function counts only from one of these people, or from a person who holds it by delegation.",
    "`by` and `at` of each approval",
    "the windows that `Gov::Person` entities bear for the function",
    "`seats` of the domain in `data.json`, the rule `eligible`",
);
const VALID: Row = clause("valid", "DURATION").enforced(
    "An older approval does not count.",
    "`at` of each approval, `context.now`",
    CEDAR_QUORUM,
    "`valid` of the domain in `data.json`, the rule `fresh`",
);
const BINDS: Row = clause("binds", "(action|task):binds").impossible(
    "An approval counts only if its `for` is the `binding` of the request; a policy cannot see what that digest covers.",
    "The enforcement point must compute `binding` from agent, task, action, resource, inputs and revision. For `binds task` it leaves out action, resource and inputs. The obligation `consume` in an answer tells the enforcement point to record the approvals as used.",
);
const RETENTION: Row = clause("retention", "DURATION").impossible(
    "The system that keeps the data decides how long.",
    "The operator of the system must delete it then; the check `no-retention` requires the clause.",
);
const ROLLBACK: Row = clause("rollback", "ROLLBACK,...").enforced(
    "The policies deny a change unless each of these was checked as ready within the last five minutes.",
    "`context.rollback`, which the enforcement point sets",
    "the clause `can undo it` of the permits",
    "`rollbacks` of the domain in `data.json`, the rule `records_ready`",
);
const EVIDENCE: Row = clause("evidence", "LEDGER").enforced(
    "The policies deny a request unless the ledger was checked as ready within the last five minutes.",
    "`context.evidence`, which the enforcement point sets",
    "the clause `evidence can be kept` of the permits",
    "`ledgers` of the domain in `data.json`, the rule `records_ready`",
);

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Domain),
        &[
            clause("covers", "GRANT").enforced(
                "This domain governs each such action with all its requirements; the policies deny what no domain covers.",
                "`action.name` and `resource.id`",
                "the actions and resources of the permits",
                "`operations` in `data.json`, the rule `in_scope`",
            ),
            clause("input", "IDENTIFIER:input money CURRENCY from LITERAL:from to LITERAL:to").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input integer from LITERAL:from to LITERAL:to").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input one_of (IDENTIFIER:word,...)").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input (boolean|text):type").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            OWNER,
            clause("ownership", "OWNERSHIP,...").enforced(
                "The lines of the ownership apply to this domain as if it contained them. Each of them is listed separately.",
                "what its lines use",
                "where its lines are",
                "where its lines are",
            ),
            clause("approve", "QUORUM when CONDITION").enforced(QUORUM, APPROVALS, CEDAR_QUORUM, REGO_QUORUM),
            clause("approve", "QUORUM otherwise").enforced(QUORUM, APPROVALS, CEDAR_QUORUM, REGO_QUORUM),
            clause("approve", "QUORUM").enforced(QUORUM, "`context.approvals`", CEDAR_QUORUM, REGO_QUORUM),
            clause("same_person", "allowed").enforced(
                "One person may approve for several functions if every domain concerned allows it; otherwise the policies deny it.",
                "`by` of each approval",
                "the permits leave out the clause `different people`",
                "`same_person` of the domain in `data.json`, the rule `apart`",
            ),
            VALID,
            BINDS,
            clause("limit", "IDENTIFIER:input LITERAL [per DURATION]").enforced(
                "The policies deny a request over the limit, and a request without the amount already used.",
                "`context.inputs`, and `context.totals` for a limit over a period; the enforcement point keeps the totals",
                "the clause of the permits about the limit",
                "`limits` of the domain in `data.json`, the rule `limits_kept`",
            ),
            clause("purposes", "PURPOSE,...").enforced(
                "The policies deny a request for another purpose.",
                "`context.purpose`",
                "the clause of the permits about purposes",
                "`purposes` of the domain in `data.json`, the rule `purpose_agrees`",
            ),
            RETENTION,
            ROLLBACK,
            EVIDENCE,
            clause("safeguards", "SAFEGUARDS,...").enforced(
                "The lines of the safeguards apply to this domain as if it contained them. Each of them is listed separately.",
                "what its lines use",
                "where its lines are",
                "where its lines are",
            ),
            clause("emergency", "").enforced(
                "A declared emergency replaces the quorum of this domain; if the domain has no emergency, a declared emergency has no effect.",
                "`context.emergency`",
                "the clauses of the permits about an emergency",
                "`emergency` of the domain in `data.json`, the rules `emergency_sound` and `in_force`",
            ),
        ],
    ),
    (Place::In(Kind::Ownership), &[OWNER]),
    (
        Place::In(Kind::Safeguards),
        &[VALID, BINDS, RETENTION, ROLLBACK, EVIDENCE],
    ),
    (
        Place::Emergency,
        &[
            clause("approve", "QUORUM").enforced(
                "While the emergency lasts, these approvals are required.",
                "`context.emergency` and `context.approvals`",
                CEDAR_QUORUM,
                "`emergency` of the domain in `data.json`, the rule `approved`",
            ),
            clause("lasts", "DURATION").enforced(
                "After this time the policies deny a request under the emergency.",
                "`context.emergency.at`, `context.now`",
                "the clause `an emergency, if there is one` of the permits",
                "`lasts` of the emergency in `data.json`, the rule `emergency_sound`",
            ),
            clause("review", "QUORUM within DURATION").impossible(
                "The review comes after the decision.",
                "These people must review what was done, and the ledger must show that they did. The obligation `review_due` of an answer says so, and by when; the check `emergency-gap` requires the clause.",
            ),
        ],
    ),
    (
        Place::In(Kind::Rollback),
        &[
            clause("restores", "DATA,... in SYSTEM,...").documented("Read by the check `rollback-misses-system`. A request says only whether the rollback is ready."),
            clause("method", "(journal|snapshot|versioned|compensate):method").documented("Read by the reports."),
            clause("within", "DURATION").impossible(
                "The time an undo takes is only known afterwards.",
                "The operator must test it and measure the time; the check `slow-rollback` compares the clause with the standards.",
            ),
            clause("owner", "PEOPLE:owner").documented("Read by the check `dependent-rollback` and the reports."),
            clause("runs_as", "IDENTITY").documented("Read by the check `dependent-rollback`."),
            clause("tested", "DATE").documented("Read by the check `untested-rollback`."),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself`."),
        ],
    ),
    (
        Place::In(Kind::Ledger),
        &[
            clause("keeps", "DATA,... in SYSTEM,...").documented("Read by the check `evidence-in-reach`."),
            clause("approvals", "signed").impossible(
                "A policy engine cannot check a signature here; the policies trust what the request says about an approval.",
                "The enforcement point must check the signature of each approval before it puts the approval into a request.",
            ),
            clause("approvals", "in SYSTEM:place").documented("The checks count who could write approvals there. The enforcement point reads them from there."),
            clause("tamper_evident", "(hash_chain|merkle_log|worm|none):tamper_evident").impossible(
                AFTERWARDS,
                "The operator of the ledger must keep it so, and an auditor must check it; the check `mutable-evidence` requires the clause.",
            ),
            clause(
                "records",
                "(agent|identity|task|scope_approver|approvals|policy|revision|decision|inputs|limits|rollback|time):field,...",
            )
            .impossible(
                AFTERWARDS,
                "The enforcement point has to write these fields for each decision; the check `incomplete-evidence` finds one that is missing.",
            ),
            clause("retention", "DURATION").impossible(
                AFTERWARDS,
                "The operator of the ledger must keep the records for this long; the check `short-retention` compares the clause with the standards.",
            ),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented("The checks count who could change the evidence."),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself`."),
        ],
    ),
];
